import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { sees, unexpected } from '../support/window.js';
import { repository, world } from '../support/world.js';

const here = world({ OWP_RATE_LIMIT: '0.5', OWP_HEARTBEAT_TTL_S: '75' });

test('the system tells its clocks to the second, its limits, and who has used most of them', async () => {
  const { page, faults } = await here.open('#/system');
  await sees(page, 'section dl > div', /a worker not heard of is offline after\s*1 min 15 s/);
  await sees(page, 'section dl > div', /each worker\s*150 in 1 min/);
  await sees(page, 'section dl > div', /Streams of events\s*1 of/);
  await sees(page, 'section', 'Nobody has used half of what they may');

  // The page and this are one address.
  const { rates } = await here.pool.call('getLimits', {});
  const quota = rates.find((rate) => rate.policy === 'admin')?.quota ?? 0;
  await Promise.all(Array.from({ length: Math.ceil(quota * 0.6) }, () => here.pool.call('getState', {})));
  await sees(page, 'section li', /127\.0\.0\.1.*left of 600/s);
  expect(unexpected(faults)).toEqual([]);
});

test('a backup is downloaded whole, and one that was changed on its way is not kept', async () => {
  await repository(here.pool, 'acme/attic');
  const { page, faults } = await here.open('#/system');
  const button = page.getByRole('button', { name: 'Download a backup' });
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  expect(download.suggestedFilename()).toMatch(/^pool-\d{4}-\d\d-\d\d\.db$/);
  const file = await readFile(await download.path());
  expect(file.subarray(0, 15).toString()).toBe('SQLite format 3');
  expect(file.includes('acme/attic')).toBe(true);
  await sees(page, '.message', 'checked against its digest');

  await page.route('**/v1/admin/backup', async (route) => {
    const answer = await route.fetch();
    const body = await answer.body();
    body[body.length - 1] = (body[body.length - 1] ?? 0) ^ 1;
    await route.fulfill({ response: answer, body });
  });
  await button.click();
  await sees(page, '.message.refused', 'not what the server sent');
  expect(unexpected(faults)).toEqual([]);
});
