import type { Route } from 'playwright-core';
import { expect, test } from 'vitest';
import { sees, unexpected } from '../support/window.js';
import { repository, task, volunteer, world } from '../support/world.js';

const here = world();

test('the whole life of a task is watched live in two windows', async () => {
  await repository(here.pool, 'acme/compass', { max_open_prs: 1 });
  const id = await task(here.pool, { repo: 'acme/compass', title: 'Describe the needle', area: 'docs' });
  const overview = await here.open('#/');
  const panel = await here.open(`#/tasks/${id}`);
  // Gone with any reload.
  for (const { page } of [overview, panel]) await page.evaluate(() => document.body.setAttribute('data-same', 'yes'));

  await sees(overview.page, 'h1', 'Nothing needs you right now');
  await sees(panel.page, 'aside .mark', 'ready');
  await sees(panel.page, 'aside', 'No worker is online');

  const alice = await volunteer(here.pool, 'Alice');
  await alice.fetch();
  await sees(panel.page, 'aside .mark', 'leased');
  await sees(overview.page, 'section', 'budget spent');
  await alice.report(id, 'in_progress');
  await sees(panel.page, 'aside .mark', 'in progress');
  await sees(panel.page, 'aside', 'Alice');
  await alice.report(id, 'pr_opened', 'https://example.org/acme/compass/pull/7');
  await sees(panel.page, 'aside .mark', 'in review');
  await sees(overview.page, 'h1', 'One pull request to review');
  await sees(overview.page, 'section', 'Describe the needle');

  await panel.page.getByRole('button', { name: 'Send back' }).click();
  await panel.page.getByLabel('What should change').fill('say where north is');
  await panel.page.getByRole('dialog').getByRole('button', { name: 'Send back' }).click();
  await sees(panel.page, 'aside .mark', 'sent back');
  await sees(overview.page, 'h1', 'Nothing needs you right now');
  const [lease] = await alice.fetch();
  expect(lease?.message).toBe('say where north is');
  await alice.report(id, 'pr_opened', 'https://example.org/acme/compass/pull/7');
  await sees(overview.page, 'h1', 'One pull request to review');

  await panel.page.getByRole('button', { name: 'Mark merged' }).click();
  await sees(panel.page, 'aside .mark', 'merged');
  await sees(overview.page, 'h1', 'Nothing needs you right now');
  await sees(overview.page, 'section', 'room for one more');
  await sees(overview.page, 'section', 'was merged');
  await panel.page.getByRole('button', { name: '5 of 5' }).click();
  await sees(panel.page, 'aside', 'Rated 5 of 5');
  const merged = await here.pool.call('getTask', { path: { task_id: id } });
  expect(merged.state).toBe('merged');
  expect(merged.attempts.at(-1)?.rating).toBe(5);

  for (const { page, faults } of [overview, panel]) {
    expect(await page.evaluate(() => document.body.getAttribute('data-same'))).toBe('yes');
    expect(unexpected(faults)).toEqual([]);
  }
});

test('an edit sets what a task waits for, and a circle is refused in the server’s words', async () => {
  const first = await task(here.pool, { repo: 'acme/compass', title: 'Dig the well' });
  const second = await task(here.pool, { repo: 'acme/compass', title: 'Line the well' });
  const { page, faults } = await here.open(`#/tasks/${second}`);
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Waits for').fill(first);
  await page.getByLabel('Security').check();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await sees(page, 'aside .mark', 'waiting');
  await sees(page, 'aside', /waits for\s+Dig the well/);
  expect(await here.pool.call('getTask', { path: { task_id: second } })).toMatchObject({
    depends_on: [first],
    security: true,
  });

  await page.goto(`${here.site.url}/#/tasks/${first}`);
  await sees(page, 'aside h2', 'Dig the well');
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Waits for').fill(second);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.locator('.message.refused').waitFor();
  expect((await here.pool.call('getTask', { path: { task_id: first } })).depends_on).toEqual([]);
  expect(unexpected(faults, [/40[09]/, /422/])).toEqual([]);
});

test('what the server refuses is undone and said in its words', async () => {
  const id = await task(here.pool, { repo: 'acme/compass', title: 'Oil the hinge' });
  const { page, faults } = await here.open(`#/tasks/${id}`);
  await sees(page, 'aside .mark', 'ready');
  // Somebody else cancels it while this page still offers to.
  const meanwhile = async (route: Route) => {
    await here.pool.call('updateTask', { path: { task_id: id }, body: { action: 'cancel' } });
    await route.continue();
  };
  await page.route('**/v1/admin/tasks/*', meanwhile, { times: 1 });
  await page.getByRole('button', { name: 'Cancel task' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel task' }).click();
  await sees(page, '.message.refused', /cancel/);
  await sees(page, 'aside .mark', 'cancelled');
  expect(unexpected(faults, [/409/])).toEqual([]);
});
