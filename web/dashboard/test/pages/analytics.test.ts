import { expect, test } from 'vitest';
import { sees, unexpected } from '../support/window.js';
import { repository, task, volunteer, world } from '../support/world.js';

const here = world();

test('analytics tell what was merged, by period and by whose work it was', async () => {
  await repository(here.pool, 'acme/figures');
  const id = await task(here.pool, { repo: 'acme/figures', title: 'Count something' });
  const gale = await volunteer(here.pool, 'Gale');
  await gale.fetch();
  await gale.report(id, 'pr_opened', 'https://example.org/pull/1');
  await here.pool.call('updateTask', { path: { task_id: id }, body: { action: 'merge' } });
  // Figures by day are added up beside, a moment after the events.
  const { page, faults } = await here.open('#/analytics');
  await expect
    .poll(
      async () => {
        await page.reload();
        await page.locator('.figures strong').first().waitFor();
        return page.locator('.figures > div').filter({ hasText: 'Tasks merged' }).locator('strong').textContent();
      },
      { timeout: 30_000, interval: 500 },
    )
    .toBe('1');
  expect(await page.locator('canvas').count()).toBe(6);
  await page.getByRole('button', { name: '7 days' }).click();
  await sees(page, '.figures', 'Tasks merged');
  expect(page.url()).toContain('days=7');
  await page.getByLabel('of what').selectOption('repo:acme/figures');
  await sees(page, '.figures', 'Tasks merged');
  await page.getByLabel('of what').selectOption(`worker:${gale.id}`);
  await sees(page, '.figures', 'Tasks merged');
  await page.getByText('The figures').first().click();
  await page.locator('details[open] tbody tr').first().waitFor();
  expect(unexpected(faults)).toEqual([]);
});
