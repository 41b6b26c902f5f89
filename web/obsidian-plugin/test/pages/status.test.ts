import { expect, test } from 'vitest';
import { ADMIN } from '../../../testing/server.js';
import { sees, world } from '../support/vault.js';

const here = world({ OWP_CORS_ORIGINS: 'http://localhost' });

test('who has no token is told the first steps, and nothing is asked for', async () => {
  const { page, vault, calls, faults } = await here.open({ as: {} });
  await vault.run('Open status');
  await sees(page, '.note', 'no token is chosen');
  await page.getByRole('button', { name: 'Find the settings' }).click();
  await sees(page, '.notice', 'under community plugins');
  expect(calls).toEqual([]);
  expect(faults).toEqual([]);
});

test('the status shows a repository as soon as it is registered, and its budget as it is set', async () => {
  const { page, vault, fetched, faults } = await here.open();
  await vault.run('Open status');
  await page.getByRole('button', { name: 'Register a repository' }).click();
  await page.getByLabel('Repository', { exact: true }).fill('acme/reef');
  await page.getByRole('button', { name: 'Register', exact: true }).click();
  await sees(page, '.notice', 'acme/reef is registered');
  await sees(page, '.view-content li', '0 of 3 used');

  await page.getByRole('button', { name: 'Set budget of acme/reef' }).click();
  await page.getByLabel('Pull requests that you can look after at once').fill('5');
  await sees(page, '.modal', 'Room for 5 more');
  await page.getByRole('button', { name: 'Set budget', exact: true }).last().click();
  await sees(page, '.view-content li', '0 of 5 used');
  expect((await here.pool.call('listRepos', {})).repos[0]?.max_open_prs).toBe(5);

  await page.getByRole('button', { name: 'Pause acme/reef' }).click();
  await sees(page, '.view-content li', 'paused');
  // All of it without a word to the browser: calls go by Obsidian's own way.
  expect(fetched).toEqual([]);
  expect(faults).toEqual([]);
});

test('what somebody else does is seen by asking for events, and at once where they are streamed', async () => {
  await here.pool.call('putRepo', { body: { repo: 'acme/moor' } });
  const [polled, streamed] = await Promise.all([here.open(), here.open({ settings: { stream: true } })]);
  for (const { vault } of [polled, streamed]) await vault.run('Open tasks');
  await sees(polled.page, '.connection', 'every 2 s');
  await sees(streamed.page, '.connection', 'live');
  await here.pool.call('createTask', { body: { repo: 'acme/moor', title: 'Count the herons' } });
  await Promise.all([polled, streamed].map(({ page }) => sees(page, 'li', 'Count the herons')));
  expect(polled.fetched).toEqual([]);
  expect(streamed.fetched.every((url) => url.includes('/v1/events'))).toBe(true);
});

test('a token that is refused and a server that is away are said with how to go on', async () => {
  const wrong = await here.open({ as: { admin: 'not-the-token-of-this-pool' } });
  await wrong.vault.run('Open status');
  await sees(wrong.page, '[role=alert]', /token was not accepted.*Choose the right one in the settings/s);
  const asked = wrong.calls.length;
  await wrong.page.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(() => wrong.calls.length).toBeGreaterThan(asked);

  const away = await here.open({ settings: { address: 'http://127.0.0.1:9' } });
  await away.vault.run('Open status');
  await sees(away.page, '[role=alert]', /no answer from http:\/\/127.0.0.1:9.*Check that the server runs/s);
  await sees(away.page, '.status-bar', 'no answer');
});

test('settings name the server and the secrets, tell whether they are good, and hold no token', async () => {
  const { page, vault } = await here.open({
    as: {},
    secrets: { 'my-pool': ADMIN },
    settings: { address: 'http://127.0.0.1:9' },
  });
  // Earlier versions of Obsidian draw the same rows in another way.
  await vault.showSettings('by hand');
  const rows = await page.locator('.setting-item-name').allTextContents();
  await vault.showSettings('by list');
  expect(await page.locator('.setting-item-name').allTextContents()).toEqual(rows);
  expect(rows).toContain('Worker token');
  await page.getByLabel('Server address').fill('not an address');
  await page.getByLabel('Server address').blur();
  await sees(page, '.setting-item', 'This is no address');
  await page.getByLabel('Server address').fill(`${here.server.address}/`);
  await page.getByLabel('Server address').blur();
  await page.getByLabel('Admin token').selectOption('my-pool');
  await page.getByRole('button', { name: 'Test' }).click();
  await sees(page, '.setting-item', 'the admin token is good');
  const data = await vault.data();
  expect(data).toMatchObject({ address: here.server.address, adminSecret: 'my-pool' });
  expect(JSON.stringify(data)).not.toContain(ADMIN);
});

test('nothing is left when the plugin is switched off, and no command has a hotkey', async () => {
  const { page, vault, calls } = await here.open({ clock: true });
  await vault.run('Open status');
  await sees(page, '.status-bar', 'slots');
  // One line, at the height of a bar.
  expect((await page.locator('.status-bar').boundingBox())?.height).toBeLessThan(40);
  const commands = await vault.commands();
  expect(commands.length).toBeGreaterThan(15);
  expect(commands.filter(({ hotkeys }) => hotkeys > 0)).toEqual([]);
  expect(commands.filter(({ name }) => /pool|owp/i.test(name))).toEqual([]);
  await vault.unload();
  expect(await vault.left()).toEqual({ listening: 0, statusBar: 0, views: 0 });
  const asked = calls.length;
  // Longer than any interval that was set; every timer that is left runs.
  await page.clock.runFor(60_000);
  expect(calls.length).toBe(asked);
});
