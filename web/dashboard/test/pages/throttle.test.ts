import { expect, test } from 'vitest';
import { sees, unexpected } from '../support/window.js';
import { repository, task, volunteer, world } from '../support/world.js';

const here = world();
const harbour = async () => (await here.pool.call('listRepos', {})).repos.find((repo) => repo.repo === 'acme/harbour');

test('a repository that is throttled says so with its reason, and when it is released', async () => {
  await repository(here.pool, 'acme/harbour', { max_open_prs: 2 });
  for (const title of ['Paint the buoy', 'Mend the rope', 'Count the boats'])
    await task(here.pool, { repo: 'acme/harbour', title });
  const { page, faults } = await here.open('#/');
  await sees(page, 'section', 'room for 2 more');

  const bob = await volunteer(here.pool, 'Bob');
  const leases = await bob.fetch();
  expect(leases).toHaveLength(2);
  await sees(page, 'section li', /acme\/harbour\s*2 of 2.*budget spent.*a merged or closed pull request makes room/s);
  await sees(page, '.figures', '1 repository throttled');

  await bob.pool.call('releaseLease', {
    path: { lease_id: leases[0]?.lease_id ?? '' },
    body: { reason: 'insufficient_time' },
  });
  await sees(page, 'section li', /acme\/harbour\s*1 of 2.*room for one more/s);
  expect(unexpected(faults)).toEqual([]);
});

test('a name that the contract does not take is not sent', async () => {
  const { page, requests, faults } = await here.open('#/repos?new=1');
  await page.getByLabel('Name').fill('not a name');
  await page.getByRole('button', { name: 'Register', exact: true }).click();
  expect(await page.getByLabel('Name').evaluate((field: HTMLInputElement) => field.validity.patternMismatch)).toBe(
    true,
  );
  await page.getByLabel('Name').fill('acme/.github');
  await page.getByRole('button', { name: 'Register', exact: true }).click();
  await sees(page, '.message', 'acme/.github is registered');
  const puts = requests.filter((url) => url.endsWith('/v1/admin/repos')).length;
  expect(puts).toBe(1);
  expect(unexpected(faults)).toEqual([]);
});

test('what a change of settings would do is said before it is saved', async () => {
  const { page, faults } = await here.open('#/repos/acme%2Fharbour');
  const budget = page.getByLabel('Review budget', { exact: true });
  await sees(page, 'aside', '1 of 2 used');
  await budget.fill('0');
  await sees(page, '.save', 'Nothing is given any more');
  await budget.fill('4');
  await sees(page, '.save', /Up to 4 pull requests may come to you at once\. 2 ready tasks could be given right away/);
  await page.getByRole('button', { name: 'Paused', exact: true }).click();
  await sees(page, '.save', 'No new work is given from now on');
  expect(await harbour()).toMatchObject({ max_open_prs: 2, paused: false });

  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await sees(page, '.message', 'Saved');
  await sees(page, 'aside .note', 'Paused');
  expect(await harbour()).toMatchObject({ max_open_prs: 4, paused: true });
  expect(unexpected(faults)).toEqual([]);
});

test('a pause may have an end, and is ended before it', async () => {
  const { page, faults } = await here.open('#/repos/acme%2Fharbour');
  await sees(page, 'aside .note', 'Paused');
  await page.getByRole('button', { name: 'Paused until' }).click();
  await sees(page, '.save', /No new work is given until .* the pause ends by itself/);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await sees(page, 'aside .note', /Paused:.*, until/);
  expect(Date.parse((await harbour())?.paused_until ?? '')).toBeGreaterThan(Date.now());

  await page.reload();
  expect(await page.getByRole('button', { name: 'Paused until' }).getAttribute('aria-pressed')).toBe('true');
  await page.getByRole('button', { name: 'Gives work' }).click();
  await sees(page, '.save', 'The pause ends at once');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.locator('aside .note').waitFor({ state: 'detached' });
  expect((await harbour())?.paused).toBe(false);
  expect(unexpected(faults)).toEqual([]);
});
