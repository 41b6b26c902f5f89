import { copyFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defaultClientConditions, defineConfig, type Plugin } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Beside main.js and styles.css a vault wants the manifest. */
const manifest: Plugin = {
  name: 'manifest',
  apply: 'build',
  closeBundle: () => copyFile(here('manifest.json'), here('dist/manifest.json')),
};

export default defineConfig({
  plugins: [svelte(), manifest],
  resolve: { conditions: ['owp-source', ...defaultClientConditions] },
  build: {
    target: 'es2022',
    reportCompressedSize: false,
    lib: { entry: here('src/obsidian/main.ts'), formats: ['cjs'], fileName: () => 'main.js', cssFileName: 'styles' },
    rolldownOptions: { external: ['obsidian'], output: { exports: 'named' } },
  },
});
