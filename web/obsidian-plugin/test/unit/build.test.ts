import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const read = (path: string) => readFile(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');

/** Loaded at every start of Obsidian, also on phones. */
const SCRIPT_MAX_KIB = 180;

test('the built plugin asks for Obsidian only, makes no HTML of text, and stays small', async () => {
  const code = await read('dist/main.js');
  const asked = [...code.matchAll(/\brequire\(\s*[`"']([^`"']+)[`"']\s*\)/g)].map(([, name]) => name);
  expect(new Set(asked)).toEqual(new Set(['obsidian']));
  // Svelte knows the name of what it must not set; nobody sets it.
  expect(code).not.toMatch(
    /\.(inner|outer)HTML\s*=|insertAdjacentHTML|document\.write|\beval\(|new Function\(|\(\?<[!=]/,
  );
  expect(code.length / 1024).toBeLessThan(SCRIPT_MAX_KIB);
});

test('the manifest, the versions and the package tell the same', async () => {
  const manifest = JSON.parse(await read('manifest.json')) as Record<string, string>;
  const versions = JSON.parse(await read('versions.json')) as Record<string, string>;
  const { version } = JSON.parse(await read('package.json')) as { version: string };
  expect(manifest['version']).toBe(version);
  expect(versions[version]).toBe(manifest['minAppVersion']);
  expect(JSON.parse(await read('dist/manifest.json'))).toEqual(manifest);
});

test('styles come by tokens: no colour is written out, and none but ours is touched', async () => {
  const styles = await read('src/styles.css');
  expect(styles).not.toMatch(/#[0-9a-f]{3,8}\b|rgba?\(|oklch\(\d|!important/i);
  const selectors = [...styles.replaceAll(/\/\*[\s\S]*?\*\//g, '').matchAll(/^\s*([.:a-z][^{};]*)\{/gim)].map(
    ([, name]) => name?.trim() ?? '',
  );
  expect(selectors.filter((name) => !name.startsWith('.owp-pool'))).toEqual([]);
});
