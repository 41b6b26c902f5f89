import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DIST } from '../support/site.js';
import { sees, unexpected } from '../support/window.js';
import { repository, world } from '../support/world.js';

const here = world();

test('the server itself serves this same build, with a strict policy and for as long as it stays the same', async () => {
  await repository(here.pool, 'acme/bundle');
  const { address } = here.server;
  const page = await fetch(address);
  const text = await page.text();
  expect(text, 'the server was built with another dashboard, or with none: build it again after `make web`').toBe(
    await readFile(join(DIST, 'index.html'), 'utf8'),
  );
  expect(page.headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; script-src 'self';.*connect-src 'self'/,
  );
  expect(page.headers.get('cache-control')).toBe('no-cache');
  const again = await fetch(address, { headers: { 'If-None-Match': page.headers.get('etag') ?? '' } });
  expect(again.status).toBe(304);

  const [, script] = /src="\.\/(assets\/[^"]+\.js)"/.exec(text) ?? [];
  const asset = await fetch(`${address}/${script}`, { headers: { 'Accept-Encoding': 'gzip' } });
  expect(asset.headers.get('content-type')).toMatch(/^text\/javascript/);
  expect(asset.headers.get('cache-control')).toMatch(/immutable/);
  expect(asset.headers.get('content-encoding')).toBe('gzip');
  expect((await fetch(`${address}/assets/none.js`)).status).toBe(404);

  const window = await here.open(null);
  await window.page.goto(`${address}/#/`);
  await sees(window.page, 'section', 'acme/bundle');
  await sees(window.page, 'nav .connection', 'live');
  expect(unexpected(window.faults)).toEqual([]);
});
