import { DEMO_REPO } from '@owp-pool/client/simulation';
import { expect, test } from 'vitest';
import { sees, unexpected } from '../support/window.js';
import { repository, task, world } from '../support/world.js';

// The clocks of the pool run faster, so that what follows a death is seen in seconds.
const here = world({ OWP_HEARTBEAT_TTL_S: '5', OWP_OFFLINE_GRACE_S: '2', OWP_SWEEP_INTERVAL_S: '1' });

const WITHIN = { timeout: 20_000 };

test('one click fills a demo, a killed worker’s task goes back to the others, and one click removes it all', async () => {
  await repository(here.pool, 'acme/real');
  const real = await task(here.pool, { repo: 'acme/real', title: 'Not for simulated workers' });
  const { page, faults } = await here.open('#/demo');
  await page.getByRole('button', { name: 'Start the demo' }).click();
  await sees(page, '.workers > li', /Ada\s*works on/);

  await page.getByRole('button', { name: 'Kill Ada' }).click();
  const ada = page.locator('.workers > li').filter({ hasText: 'Ada' });
  await sees(page, '.workers > li', /it stopped without a word/);
  await ada.locator('li.done').filter({ hasText: 'the pool counts it as offline' }).waitFor();
  await ada
    .locator('li.done')
    .filter({ hasText: 'is back for the others, with its branch and notes' })
    .waitFor({ timeout: 30_000 });
  await ada.locator('li.done').filter({ hasText: 'has taken it up' }).waitFor({ timeout: 30_000 });

  const tasks = (await here.pool.call('listTasks', { query: { repo: DEMO_REPO, limit: 100 } })).tasks;
  expect(tasks.some((found) => found.attempts.some((attempt) => attempt.outcome === 'worker_offline'))).toBe(true);

  await page.getByRole('button', { name: 'Remove the demo' }).click();
  await sees(page, '.message', 'The demo is gone');
  await sees(page, 'main', 'No demo is running');
  const after = (await here.pool.call('listTasks', { query: { repo: DEMO_REPO, limit: 100 } })).tasks;
  expect(after.filter((found) => !['merged', 'closed', 'cancelled'].includes(found.state))).toEqual([]);
  const workers = (await here.pool.call('listWorkers', {})).workers;
  expect(workers.filter((worker) => !worker.revoked)).toEqual([]);
  expect(await here.pool.call('getTask', { path: { task_id: real } })).toMatchObject({ state: 'ready', attempts: [] });
  // A worker that is shut out in the middle of a call is refused, and Chrome writes that down.
  expect(unexpected(faults, [/401/, /409/])).toEqual([]);
});

test('a killed worker that is shut out is not waited for, and a demo that is through can go on', async () => {
  const { page } = await here.open('#/demo');
  await page.getByRole('button', { name: 'Start the demo' }).click();
  await sees(page, '.workers > li', /Linus\s*works on/);
  await page.getByRole('button', { name: 'Kill Linus' }).click();
  await page.getByRole('button', { name: 'Shut Linus out now' }).click();
  const linus = page.locator('.workers > li').filter({ hasText: 'Linus' });
  await linus.locator('li.done').filter({ hasText: 'a maintainer has shut it out' }).waitFor();
  await linus.locator('li').filter({ hasText: 'offline' }).waitFor({ state: 'detached' });

  const left = async () =>
    (await here.pool.call('listTasks', { query: { repo: DEMO_REPO, state: 'ready', limit: 100 } })).tasks;
  const more = page.getByRole('button', { name: 'Put more tasks in' });
  // What somebody gives back meanwhile is ready again, and goes with the next look.
  await expect
    .poll(async () => {
      for (const { task_id } of await left())
        await here.pool.call('updateTask', { path: { task_id }, body: { action: 'cancel' } }).catch(() => undefined);
      return more.isVisible();
    }, WITHIN)
    .toBe(true);
  await more.click();
  await expect.poll(async () => (await left()).length, WITHIN).toBeGreaterThan(5);
  await page.getByRole('button', { name: 'Remove the demo' }).click();
  await sees(page, '.message', 'The demo is gone');
});
