import { expect, test } from 'vitest';
import { library } from '../support/library.js';
import { sees, unexpected } from '../support/window.js';
import { volunteer, world } from '../support/world.js';

const here = world();

const TASKS = 5_000;
/** What a window of this height shows, and the margin above and below. */
const ROWS_MAX = 60;

test('of five thousand tasks a key brings in no more rows than are seen, and asks the server nothing', async () => {
  await library(here.pool, TASKS);
  const { page, requests, faults } = await here.open('#/tasks');
  await sees(page, 'header p', '5,000 tasks');
  expect(await page.locator('[role=row]').count()).toBeLessThan(ROWS_MAX);

  const search = page.getByRole('searchbox');
  await search.focus();
  const rows = await page.evaluateHandle(() => {
    const added = { most: 0 };
    new MutationObserver((changes) => {
      const rows = changes
        .flatMap((change) => [...change.addedNodes])
        .filter((node) => node instanceof HTMLElement && node.role === 'row');
      added.most = Math.max(added.most, rows.length);
    }).observe(document.querySelector('main') as HTMLElement, { childList: true, subtree: true });
    return added;
  });
  const before = requests.filter((url) => url.includes('/admin/tasks')).length;
  await page.keyboard.type('shelve almanac 48');
  await sees(page, 'header p', /^\s*\d+ tasks? of 5,000/);
  for (let key = 0; key < 9; key++) await page.keyboard.press('Backspace');
  const { most } = await rows.jsonValue();
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThan(ROWS_MAX);
  expect(requests.filter((url) => url.includes('/admin/tasks')).length).toBe(before);

  await search.fill('');
  await page.getByRole('grid').focus();
  await page.keyboard.press('End');
  const last = page.locator(`[role=row][aria-rowindex="${TASKS + 1}"]`);
  await last.waitFor();
  expect(await page.getByRole('grid').getAttribute('aria-activedescendant')).toBe(await last.getAttribute('id'));
  expect(unexpected(faults)).toEqual([]);
});

test('a long list of workers is not read anew with every event, and who comes is seen at once all the same', async () => {
  for (let worker = 0; worker < 230; worker += 10)
    await Promise.all(Array.from({ length: 10 }, (_, index) => volunteer(here.pool, `Worker ${worker + index}`)));
  const { page, requests, faults } = await here.open('#/workers');
  await sees(page, 'header p', '230 workers online of 230');
  await sees(page, 'nav .connection', 'live');
  const pages = () => requests.filter((url) => url.includes('/admin/workers')).length;
  const before = pages();
  await library(here.pool, 1_000);
  const late = await volunteer(here.pool, 'Latecomer');
  await here.pool.call('revokeWorker', { path: { worker_id: late.id }, body: { reason: 'a test' } });
  await sees(page, 'header p', 'of 230');
  await here.pool.call('putRepo', { body: { repo: 'acme/library', max_open_prs: 4 } });
  await page.goto(`${here.site.url}/#/repos`);
  await sees(page, 'main li', 'of 4 used');
  // Three pages at a time, and not for each of the thousand events.
  expect(pages() - before).toBeLessThanOrEqual(6);
  expect(unexpected(faults)).toEqual([]);
});
