import { afterAll, expect, test } from 'vitest';
import { startGithub } from '../support/github.js';
import { sees, unexpected } from '../support/window.js';
import { repository, world } from '../support/world.js';

const github = await startGithub();
const here = world(github.env);
afterAll(() => github.close());

const ISSUE = { title: 'Oil the hinges', body: 'They squeak.', labels: ['pool:ready', 'estimate:2'] };
const LINK = {
  path: { owner: 'acme', repo: 'gate' },
  query: { dry_run: false },
  body: { sync_type: 'import' as const, accept_edits: false },
};

test('an issue becomes a task that is found by its number, and what its author changes is flagged', async () => {
  github.put('acme/gate', [ISSUE]);
  await repository(here.pool, 'acme/gate');
  await here.pool.call('syncGithubRepo', LINK);
  github.put('acme/gate', [ISSUE, { ...ISSUE, title: 'Paint the gate' }]);
  const { page, faults } = await here.open('#/repos/acme%2Fgate');
  await page.getByRole('button', { name: 'Sync now' }).click();
  // The pool reads a repository that was linked by itself, too, and may have been first.
  await sees(page, 'aside', /1 task made|Nothing new there/);

  await page.goto(`${here.site.url}/#/tasks?q=%2311`);
  await page.getByRole('row').filter({ hasText: 'Paint the gate' }).click();
  await sees(page, 'aside', /#11 by mira/);

  github.edit('acme/gate', 11, 'In green.');
  await here.pool.call('syncGithubRepo', LINK);
  await sees(page, 'aside .note', 'Its issue was edited');
  await page.goto(`${here.site.url}/#/`);
  const issue = page.getByRole('link', { name: 'open the issue of Paint the gate' });
  expect(await issue.getAttribute('href')).toBe('https://github.com/acme/gate/issues/11');
  expect(unexpected(faults)).toEqual([]);
});

test('a repository that was renamed at GitHub is marked in the list, and its panel says what to do', async () => {
  await github.rename(here.server.address, 'acme/gate', 'portal');
  const { page, faults } = await here.open('#/repos');
  await sees(page, 'main li', /acme\/gate.*GitHub cut off/s);
  await page.getByRole('link', { name: 'settings of acme/gate' }).click();
  await sees(page, 'aside .note', 'it is acme/portal at GitHub now');
  expect(unexpected(faults)).toEqual([]);
});
