import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

const ssr = { resolve: { conditions: ['owp-source', ...defaultServerConditions] } };
const resolve = { conditions: ['owp-source', ...defaultServerConditions] };

export default defineConfig({
  plugins: [svelte()],
  resolve,
  ssr,
  test: {
    include: ['test/unit/**/*.test.ts', 'test/pages/**/*.test.ts'],
    // Browsers and servers start and stop in there; two files at a time keep two cores busy.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default'],
  },
});
