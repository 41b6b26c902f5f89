import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));
const SCRIPT_MAX_KIB = 150;

const assets = await readdir(join(DIST, 'assets'));
const page = (await readFile(join(DIST, 'index.html'), 'utf8')).replaceAll('&#39;', "'");

test('all of the script is at most 150 KiB, gzipped', async () => {
  const sizes = await Promise.all(
    assets
      .filter((name) => name.endsWith('.js'))
      .map(async (name) => gzipSync(await readFile(join(DIST, 'assets', name))).length),
  );
  const first = await Promise.all(
    [...page.matchAll(/assets\/[^"]+\.js/g)].map(async ([name]) => gzipSync(await readFile(join(DIST, name))).length),
  );
  const kib = (all: number[]) => (all.reduce((sum, size) => sum + size, 0) / 1024).toFixed(1);
  console.log(`script, gzipped: ${kib(sizes)} KiB in all, ${kib(first)} KiB for the first view`);
  expect(Number(kib(sizes))).toBeGreaterThan(10);
  expect(Number(kib(sizes))).toBeLessThanOrEqual(SCRIPT_MAX_KIB);
});

test('the page holds a strict policy and nothing inline', () => {
  expect(page).toContain("default-src 'none'");
  expect(page).not.toMatch(/unsafe/);
  expect(page).not.toMatch(/<style|style="|<script(?![^>]*src=)/);
});

test('files are named by their content and by relative paths, so that they may lie anywhere', () => {
  const named = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '');
  expect(named.length).toBeGreaterThan(2);
  expect(named.filter((path) => !path.startsWith('./assets/'))).toEqual([]);
  expect(assets.filter((name) => !/-[\w-]{8}\.(js|css|svg)$/.test(name))).toEqual([]);
});
