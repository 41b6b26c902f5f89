// Builds the page that the tests open: the double of Obsidian, once for all files. The plugin itself is tested as it was built.
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    double: string;
  }
}

export default async function setup(project: TestProject): Promise<void> {
  const entry = fileURLToPath(new URL('../double/start.ts', import.meta.url));
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, minify: false, lib: { entry, formats: ['iife'], name: 'double' } },
  });
  const [bundle] = Array.isArray(built) ? built : [];
  const code = bundle?.output.find((file) => file.type === 'chunk')?.code;
  if (!code) throw new Error('the double was not built');
  project.provide('double', code);
}
