import { expect, test } from 'vitest';
import { sees, unexpected } from '../support/window.js';
import { repository, world } from '../support/world.js';

const here = world();

const TASKS = 5_000;
/** The contract's bound for one import. */
const AT_ONCE = 1_000;
const KEY_MAX_MS = 100;

test('five thousand tasks are filtered in less than 100 ms a key', async () => {
  await repository(here.pool, 'acme/library');
  for (let from = 0; from < TASKS; from += AT_ONCE) {
    const body = Array.from({ length: AT_ONCE }, (_, index) => ({
      repo: 'acme/library',
      key: `b-${from + index}`,
      title: `${['Sort', 'Bind', 'Shelve', 'Lend'][index % 4]} volume ${from + index} of the ${['atlas', 'almanac', 'catalogue'][index % 3]}`,
      area: `room-${index % 40}`,
      required_skills: index % 2 ? ['docs'] : ['rust', 'shell'],
    }));
    await here.pool.call('importTasks', { body });
  }
  const { page, faults } = await here.open('#/tasks');
  await sees(page, 'header p', '5,000 tasks');
  expect(await page.locator('[role=row]').count()).toBeLessThan(60);

  const search = page.getByRole('searchbox');
  await search.focus();
  // From the key until what it brought is painted.
  await page.evaluate(() => {
    const times: number[] = [];
    Object.assign(window, { times });
    addEventListener(
      'keydown',
      () => {
        const begun = performance.now();
        requestAnimationFrame(() => setTimeout(() => times.push(performance.now() - begun)));
      },
      true,
    );
  });
  await page.keyboard.type('shelve almanac 48', { delay: 60 });
  await sees(page, 'header p', /^\s*\d+ tasks? of 5,000/);
  await page.keyboard.press('Backspace');
  for (let key = 0; key < 8; key++) await page.keyboard.press('Backspace', { delay: 40 });
  const times = await page.evaluate(() => (window as unknown as { times: number[] }).times);
  times.sort((a, b) => a - b);
  console.log(
    `filtering ${TASKS} tasks: ${times.at(Math.floor(times.length / 2))?.toFixed(1)} ms a key in the middle, ${times.at(-1)?.toFixed(1)} ms at most`,
  );
  expect(times.length).toBeGreaterThan(20);
  expect(times.at(-1)).toBeLessThan(KEY_MAX_MS);

  await search.fill('');
  await page.getByRole('grid').focus();
  await page.keyboard.press('End');
  const last = page.locator(`[role=row][aria-rowindex="${TASKS + 1}"]`);
  await last.waitFor();
  expect(await page.getByRole('grid').getAttribute('aria-activedescendant')).toBe(await last.getAttribute('id'));
  expect(unexpected(faults)).toEqual([]);
});
