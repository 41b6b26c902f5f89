import { DEMO_REPO } from '@owp-pool/client/simulation';
import { expect, test } from 'vitest';
import { sees, world } from '../support/vault.js';

// The clocks of the pool run faster, so that what follows a death is seen in seconds.
const here = world({ OWP_HEARTBEAT_TTL_S: '3', OWP_OFFLINE_GRACE_S: '1', OWP_SWEEP_INTERVAL_S: '1' });

test('one click starts a demo, a killed worker’s task goes back, and one click puts it all away', async () => {
  const { page, vault, faults } = await here.open();
  await vault.run('Start the demo');
  await sees(page, '.view-content li', /Ada\s*works on/);
  await page.getByRole('button', { name: 'Kill Ada' }).click();
  await sees(page, 'ol li', 'It stopped without a word');
  await sees(page, 'ol li', 'The pool counts it as offline.', 30_000);
  await sees(page, 'ol li', 'is back for the others', 30_000);

  await page.getByRole('button', { name: 'Put the demo away' }).click();
  await sees(page, '.notice', 'The demo is gone');
  const { tasks } = await here.pool.call('listTasks', { query: { repo: DEMO_REPO, limit: 100 } });
  expect(tasks.filter(({ state }) => !['merged', 'closed', 'cancelled'].includes(state))).toEqual([]);
  expect((await here.pool.call('listWorkers', {})).workers.filter(({ revoked }) => !revoked)).toEqual([]);
  expect(faults).toEqual([]);
});
