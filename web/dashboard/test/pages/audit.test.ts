import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { sees, unexpected } from '../support/window.js';
import { repository, task, world } from '../support/world.js';

const here = world();

test('the audit is filtered by its address, comes live, and is exported', async () => {
  await repository(here.pool, 'acme/ledger');
  const id = await task(here.pool, { repo: 'acme/ledger', title: 'Count the pages' });
  const { page, faults } = await here.open('#/audit');
  await sees(page, 'tbody tr', /task created.*Count the pages/s);
  await sees(page, 'tbody tr', /repo created.*acme\/ledger/s);
  await page.getByLabel('What', { exact: false }).first().selectOption('task_created');
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
  await sees(page, 'section[aria-label="chain of seals"]', /The chain holds|Nothing is sealed yet/);
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
