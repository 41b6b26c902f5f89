import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { sees, unexpected } from '../support/window.js';
import { repository, task, world } from '../support/world.js';

// Seals are made with the sweep.
const here = world({ OWP_SWEEP_INTERVAL_S: '1' });

test('the audit is filtered by its address, comes live, and is exported', async () => {
  await repository(here.pool, 'acme/ledger');
  const id = await task(here.pool, { repo: 'acme/ledger', title: 'Count the pages' });
  const { page, faults } = await here.open('#/audit');
  await sees(page, 'tbody tr', /task created.*Count the pages/s);
  await sees(page, 'tbody tr', /repo created.*acme\/ledger/s);
  await page.getByRole('combobox').selectOption('task_created');
  await page.locator('tbody tr').filter({ hasText: 'repo created' }).waitFor({ state: 'detached' });
  expect(page.url()).toContain('type=task_created');

  await page.getByRole('button', { name: 'Clear' }).click();
  await here.pool.call('updateTask', { path: { task_id: id }, body: { action: 'cancel', reason: 'done elsewhere' } });
  await sees(page, 'tbody tr', /task cancelled.*done elsewhere/s);

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export as NDJSON' }).click(),
  ]);
  const lines = (await readFile(await download.path(), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { event_type?: string });
  expect(lines.map((line) => line.event_type)).toContain('task_created');
  expect(unexpected(faults)).toEqual([]);
});

test('a sealed chain is checked in the page, and a seal that was tampered with on its way is named', async () => {
  await repository(here.pool, 'acme/wax');
  await expect
    .poll(async () => (await here.pool.call('listAuditSeals', {})).batches, { timeout: 20_000 })
    .toBeGreaterThan(0);
  await repository(here.pool, 'acme/ribbon');
  await expect
    .poll(async () => (await here.pool.call('listAuditSeals', {})).batches, { timeout: 20_000 })
    .toBeGreaterThan(1);
  const CHAIN = 'section[aria-label="chain of seals"]';
  const { page, faults } = await here.open('#/audit');
  await sees(page, CHAIN, /The chain holds\.\s+\d+ seals/);
  await sees(page, CHAIN, 'each naming the one before it and signed');
  await page.getByText('Digest and key').click();
  const { seals } = await here.pool.call('listAuditSeals', {});
  await sees(page, `${CHAIN} code`, seals[0]?.key ?? 'no key');

  // Somebody between the server and the page takes an event out of the first batch.
  await page.route('**/v1/audit/seals*', async (route) => {
    const answer = await route.fetch();
    const body = (await answer.json()) as { seals: { batch: number; events: number }[] };
    for (const seal of body.seals) if (seal.batch === 1) seal.events -= 1;
    await route.fulfill({ response: answer, json: body });
  });
  await page.reload();
  await sees(page, CHAIN, /The chain is broken at seal 1\. Its signature is not that of its key/);
  expect(unexpected(faults)).toEqual([]);
});

test('the feed begins with what happened before the page was opened', async () => {
  await repository(here.pool, 'acme/diary');
  const id = await task(here.pool, { repo: 'acme/diary', title: 'Write about yesterday' });
  await here.pool.call('updateTask', { path: { task_id: id }, body: { action: 'cancel' } });
  const { page, faults } = await here.open('#/');
  await sees(page, 'section li', 'Write about yesterday was cancelled');
  expect(unexpected(faults)).toEqual([]);
});
