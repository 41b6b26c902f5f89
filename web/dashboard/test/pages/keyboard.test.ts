import { expect, test } from 'vitest';
import { ADMIN } from '../../../testing/server.js';
import { sees, unexpected } from '../support/window.js';
import { repository, task, volunteer, world } from '../support/world.js';

const here = world();

/** What was saved is on the server a moment after it was shown. */
const WITHIN = { timeout: 10_000 };

test('the main flows need no mouse', async () => {
  await repository(here.pool, 'acme/pier');
  const id = await task(here.pool, { repo: 'acme/pier', title: 'Nail the planks' });
  await task(here.pool, { repo: 'acme/pier', title: 'Tar the posts' });
  const { page, faults } = await here.open('#/', { as: null });
  const { keyboard } = page;

  // Signing in.
  await page.getByLabel('Admin token').focus();
  await keyboard.type(ADMIN);
  await keyboard.press('Enter');
  await sees(page, 'h1', 'Nothing needs you right now');

  // To the tasks, to one of them, and an edit.
  await keyboard.press('g');
  await keyboard.press('t');
  await sees(page, '[role=row]', 'Nail the planks');
  await keyboard.press('/');
  await keyboard.type('planks');
  await sees(page, 'header p', '1 task of 2');
  await page.getByRole('grid').focus();
  await keyboard.press('Enter');
  await sees(page, 'aside h2', 'Nail the planks');
  await tabTo('Edit');
  await keyboard.press('Enter');
  await page.locator('#edit-title').waitFor();
  await tabTo('Title');
  await keyboard.press('End');
  await keyboard.type(' again');
  await keyboard.press('Enter');
  await sees(page, 'aside h2', 'Nail the planks again');
  await expect
    .poll(async () => (await here.pool.call('getTask', { path: { task_id: id } })).title, WITHIN)
    .toBe('Nail the planks again');

  // A question is answered and left with Escape.
  await tabTo('Cancel task');
  await keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await keyboard.press('Escape');
  await page.locator('aside').waitFor({ state: 'detached' });

  // The palette leads to a repository, whose budget is raised.
  await keyboard.press('Control+k');
  await keyboard.type('pier repository');
  await sees(page, '[role=option]', 'acme/pier');
  await keyboard.press('Enter');
  await sees(page, 'aside', 'of 3 used');
  await tabTo('Review budget');
  await keyboard.press('ControlOrMeta+a');
  await keyboard.type('5');
  await sees(page, '.save', 'Up to 5 pull requests');
  await keyboard.press('Enter');
  await expect.poll(async () => (await here.pool.call('listRepos', {})).repos[0]?.max_open_prs, WITHIN).toBe(5);

  // A pull request is merged from the overview.
  const finn = await volunteer(here.pool, 'Finn');
  await finn.fetch();
  await finn.report(id, 'pr_opened');
  await keyboard.press('Escape');
  await keyboard.press('g');
  await keyboard.press('o');
  await sees(page, 'h1', 'One pull request to review');
  await tabTo('Nail the planks again');
  await keyboard.press('Enter');
  await tabTo('Mark merged');
  await keyboard.press('Enter');
  await sees(page, 'aside .mark', 'merged');
  expect(unexpected(faults)).toEqual([]);

  /** Goes on with Tab until something of this name has the focus, and holds that the focus can be seen. */
  async function tabTo(name: string): Promise<void> {
    for (let step = 0; step < 60; step++) {
      await keyboard.press('Tab');
      const [label, outline] = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement;
        const field = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : undefined;
        return [
          (field ?? element.getAttribute('aria-label') ?? element.textContent ?? '').trim(),
          getComputedStyle(element).outlineStyle,
        ];
      });
      if (label === name) {
        expect(outline).not.toBe('none');
        return;
      }
    }
    throw new Error(`Tab does not lead to ${name}`);
  }
});
