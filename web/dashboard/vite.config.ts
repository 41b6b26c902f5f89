import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defaultClientConditions, defineConfig, type Plugin } from 'vite';
import { POLICY } from './policy.js';

/** The server that `npm run dev` passes calls on to. */
const server = process.env['OWP_SERVER'] ?? 'http://127.0.0.1:8787';
const proxied = Object.fromEntries(['/v1', '/healthz', '/readyz'].map((path) => [path, { target: server }]));

/** The policy stands in the built page only: Vite's own development page needs inline styles. */
const policy: Plugin = {
  name: 'content-security-policy',
  apply: 'build',
  transformIndexHtml: () => [
    { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY }, injectTo: 'head-prepend' },
  ],
};

export default defineConfig({
  // The files work under any path: at a bucket's root, below a folder, or in the server.
  base: './',
  plugins: [svelte(), policy],
  resolve: { conditions: ['owp-source', ...defaultClientConditions] },
  build: {
    target: ['chrome123', 'firefox128', 'safari17.5'],
    cssTarget: ['chrome123', 'firefox128', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { proxy: proxied },
  preview: { proxy: proxied },
});
