// What a page of this dashboard may load and reach. It stands in the page itself, so that it holds wherever the files lie;
// the bundled server and CloudFront send a stricter one as a header, which narrows `connect-src` to their own origin.

/** Loopback may be plain HTTP: nothing leaves the machine. */
const LOOPBACK = 'http://localhost:* http://127.0.0.1:*';

export const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  `connect-src 'self' https: ${LOOPBACK}`,
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types svelte-trusted-html',
].join('; ');
