import { expect, test } from 'vitest';
import { sees, unexpected } from '../support/window.js';
import { world } from '../support/world.js';

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
