import type { Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { sees, unexpected } from '../support/window.js';
import { repository, task, volunteer, world } from '../support/world.js';

const WITHIN = { timeout: 10_000 };

const here = world();

const pages: Page[] = [];
afterEach(() => Promise.all(pages.splice(0).map((page) => page.unrouteAll({ behavior: 'ignoreErrors' }))));

async function opened(hash: string | null): Promise<Awaited<ReturnType<typeof here.open>>> {
  const window = await here.open(hash);
  pages.push(window.page);
  return window;
}

test('a repository is not registered twice, which would set back what is set', async () => {
  await repository(here.pool, 'acme/buoy', { max_open_prs: 7 });
  const { page, faults } = await opened('#/repos?new=1');
  await page.getByLabel('Name', { exact: true }).fill('Acme/Buoy');
  await sees(page, 'aside .fault', 'acme/buoy is registered already');
  expect(await page.getByRole('button', { name: 'Register', exact: true }).isDisabled()).toBe(true);
  await page.getByRole('link', { name: 'Open its settings' }).click();
  await sees(page, 'aside', 'of 7 used');
  expect((await here.pool.call('listRepos', {})).repos[0]?.max_open_prs).toBe(7);
  expect(unexpected(faults)).toEqual([]);
});

test('an address that names an unknown repository leads to registering it', async () => {
  const { page, faults } = await opened('#/repos/acme%2Freef');
  await sees(page, 'aside', 'acme/reef is not registered');
  await page.getByRole('link', { name: 'Register it' }).click();
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('acme/reef');
  await page.getByRole('button', { name: 'Register', exact: true }).click();
  await sees(page, '.message', 'acme/reef is registered');
  expect(unexpected(faults)).toEqual([]);
});

test('a slow server is waited for, and nothing is said that is not known yet', async () => {
  const id = await task(here.pool, { repo: 'acme/buoy', title: 'Ring the bell' });
  const gus = await volunteer(here.pool, 'Gus');
  await gus.fetch();
  await gus.report(id, 'pr_opened');
  const { page, faults } = await opened(null);
  let answer = () => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route(/\/v1\/admin\/(tasks|workers)/, (route) => held.then(() => route.continue()));
  await page.goto(`${here.site.url}/#/`);
  // Repositories have come, and what needs somebody is not known from them alone.
  await sees(page, 'section li', 'acme/buoy');
  expect(await page.locator('h1').textContent()).toBe('Overview');
  await sees(page, 'section', /Needs you\s*Loading…/);
  answer();
  await sees(page, 'h1', 'One pull request to review');
  expect(unexpected(faults)).toEqual([]);
});

test('an answer that is not of the pool says so and how to go on', async () => {
  const { page, faults } = await opened('#/repos/acme%2Fbuoy');
  await page.route('**/v1/admin/repos', (route) =>
    route.request().method() === 'POST'
      ? route.fulfill({ status: 500, contentType: 'text/html', body: '<h1>Bad day</h1>' })
      : route.fallback(),
  );
  await page.getByLabel('Review budget', { exact: true }).fill('6');
  await page.getByRole('button', { name: 'Save' }).click();
  await sees(page, '.message', /the server answered 500 and not in words of the pool.*try again/);
  // What was typed is still there to be sent again.
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.getByRole('button', { name: 'Save' }).click();
  await sees(page, '.message', 'Saved.');
  expect(unexpected(faults, [/status of 500/])).toEqual([]);
});

test('a page that was opened while the server was away fills by itself once it is back', async () => {
  await here.server.stop();
  const { page } = await opened('#/');
  await sees(page, '.problem', 'you need not reload');
  await here.server.restart();
  await sees(page, 'h1', 'One pull request to review');
  await expect.poll(() => page.locator('.problem').count(), WITHIN).toBe(0);
});
