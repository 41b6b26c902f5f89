// The built files as a bucket or the server would give them, with calls passed on to a server of the pool.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AddressInfo } from 'node:net';

export const DIST = fileURLToPath(new URL('../../dist', import.meta.url));

/** What CloudFront and the bundled server send; the page's own policy is held as well. */
const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

export interface Site {
  url: string;
  close: () => Promise<void>;
}

export async function serve(backend: () => string): Promise<Site> {
  const server = createServer((incoming, outgoing) => {
    const path = new URL(incoming.url ?? '/', 'http://site').pathname;
    if (/^\/(v1\/|healthz|readyz)/.test(path)) passOn(backend(), incoming, outgoing);
    else void file(path, outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

async function file(path: string, outgoing: ServerResponse): Promise<void> {
  const name = join(DIST, normalize(path === '/' ? '/index.html' : path));
  const found = await stat(name).catch(() => undefined);
  if (!found?.isFile()) {
    outgoing.writeHead(404, HEADERS).end();
    return;
  }
  outgoing.writeHead(200, { ...HEADERS, 'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream' });
  createReadStream(name).pipe(outgoing);
}

function passOn(backend: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const onward = request(
    backend + (incoming.url ?? '/'),
    { method: incoming.method ?? 'GET', headers: incoming.headers },
    (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
      answer.on('error', () => outgoing.destroy());
    },
  );
  // A server that is away looks to the page as if there were none.
  onward.on('error', () => outgoing.destroy());
  outgoing.on('close', () => onward.destroy());
  incoming.pipe(onward);
}
