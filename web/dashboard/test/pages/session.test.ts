import { expect, test } from 'vitest';
import { ADMIN } from '../../../testing/server.js';
import { sees, unexpected } from '../support/window.js';
import { repository, task, volunteer, world } from '../support/world.js';

const here = world();

test('a wrong token is refused with words, a right one is kept for the tab only', async () => {
  const { page, faults } = await here.open('#/', { as: null });
  await page.getByLabel('Admin token').fill('not-the-token-of-anybody');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await sees(page, '.fault', 'The server does not know this token');

  await page.getByLabel('Admin token').fill(ADMIN);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await sees(page, 'h1', 'Nothing needs you right now');
  await page.reload();
  await sees(page, 'h1', 'Nothing needs you right now');
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain(ADMIN);

  const other = await page.context().newPage();
  await other.goto(here.site.url);
  await sees(other, 'h1', 'See what your pool needs from you');
  await other.getByLabel('Admin token').fill(ADMIN);
  await other.getByLabel(/Keep me signed in/).check();
  await other.getByRole('button', { name: 'Sign in' }).click();
  await sees(other, 'h1', 'Nothing needs you right now');
  const third = await page.context().newPage();
  await third.goto(here.site.url);
  await sees(third, 'h1', 'Nothing needs you right now');
  await third.getByRole('button', { name: 'account and appearance' }).first().click();
  await third.getByRole('button', { name: 'Sign out' }).click();
  await sees(third, 'h1', 'See what your pool needs from you');
  expect(await third.evaluate(() => localStorage.getItem('owp.session'))).toBeNull();
  expect(unexpected(faults, [/401/])).toEqual([]);
});

test('another server is not reached where the policy forbids it, and the page says why', async () => {
  const { page } = await here.open('#/', { as: null });
  await page.getByText('Another server').click();
  await page.getByLabel('Its address').fill('https://pool.example.org');
  await page.getByLabel('Admin token').fill(ADMIN);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await sees(page, '.fault', 'may only talk to the server it came from');
});

test('a worker sees its own work and may decide about offers', async () => {
  await repository(here.pool, 'acme/lamp');
  const id = await task(here.pool, { repo: 'acme/lamp', title: 'Trim the wick' });
  const carol = await volunteer(here.pool, 'Carol');
  const { page, faults } = await here.open('#/', { as: { worker: carol.token } });
  await sees(page, 'h1', 'Carol');
  await page.getByRole('button', { name: 'Ask for offers' }).click();
  await sees(page, 'section', 'Trim the wick');
  await page.getByRole('button', { name: 'Accept' }).click();
  await sees(page, 'section', /You hold.*Trim the wick/s);
  expect((await here.pool.call('getTask', { path: { task_id: id } })).holder).toBe(carol.id);
  expect(await page.locator('nav').getByText('Tasks').count()).toBe(0);

  const before = await here.pool.call('getTask', { path: { task_id: id } });
  await page.getByRole('button', { name: 'More time' }).click();
  await sees(page, '.message', 'The lease begins anew');
  const renewed = await here.pool.call('getTask', { path: { task_id: id } });
  expect(Date.parse(renewed.lease_expires_at ?? '')).toBeGreaterThan(Date.parse(before.lease_expires_at ?? ''));
  await page.getByRole('button', { name: 'Give back' }).click();
  await page.getByLabel('Why').selectOption('skill_mismatch');
  await page.getByLabel('For the next one').fill('the wick is half trimmed');
  await page.getByRole('dialog').getByRole('button', { name: 'Give back' }).click();
  await sees(page, 'section', /You hold.*Nothing/s);
  expect(await here.pool.call('getTask', { path: { task_id: id } })).toMatchObject({
    state: 'ready',
    notes: 'the wick is half trimmed',
  });

  await here.pool.call('revokeWorker', { path: { worker_id: carol.id }, body: { reason: 'a test' } });
  await sees(page, '.note', 'You were signed out');
  expect(unexpected(faults, [/401/])).toEqual([]);
});
