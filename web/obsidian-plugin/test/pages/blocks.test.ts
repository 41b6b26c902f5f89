import { expect, test } from 'vitest';
import { sees, world } from '../support/vault.js';

const here = world();

const block = (text: string) => `\`\`\`owp-pool\n${text}\n\`\`\`\n`;

test('blocks in a note are live, and say what is wrong with them', async () => {
  await here.pool.call('putRepo', { body: { repo: 'acme/reef' } });
  const note = ['', 'show: budgets', 'state: ready\nrepo: acme/reef', 'show: events', 'show: nonsense']
    .map(block)
    .join('\nwords\n\n');
  const { page, vault, faults } = await here.open({ notes: { 'Board.md': note } });
  await vault.open('Board.md');
  await sees(page, '.block-language', 'Review slots');
  await sees(page, '.block-language', '0 of 3 used');
  await sees(page, '.block-language', 'No task fits');
  await sees(page, '.block-language', '“show: nonsense” is not known');
  await here.pool.call('createTask', { body: { repo: 'acme/reef', title: 'Count the herons' } });
  await sees(page, '.block-language li button', 'Count the herons');
  await sees(page, '.block-language li', /Count the herons\s*was put in/);
  // A note that is closed asks no more.
  await vault.unload();
  expect(await page.locator('.block-language .owp-pool *').count()).toBe(0);
  expect(faults).toEqual([]);
});

test('on a phone there is no status bar, and the ribbon leads to the pool', async () => {
  const { page, vault } = await here.open({
    mobile: true,
    context: { viewport: { width: 390, height: 844 }, hasTouch: true },
  });
  await page.getByRole('button', { name: 'Open pool status' }).click();
  await sees(page, 'h2', 'Status');
  await page.getByRole('button', { name: 'Tasks', exact: true }).click();
  await sees(page, 'h2', 'Tasks');
  expect((await vault.left()).statusBar).toBe(0);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide).toBeLessThanOrEqual(390);
});
