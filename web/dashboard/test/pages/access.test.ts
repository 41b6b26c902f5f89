import { expect, test } from 'vitest';
import { faultsOf } from '../../../testing/browser.js';
import { sees } from '../support/window.js';
import { repository, task, volunteer, world } from '../support/world.js';

// Seals come with the sweep, and limits are wide enough not to be met.
const here = world({ OWP_SWEEP_INTERVAL_S: '1', OWP_RATE_LIMIT: '50' });

async function fill(): Promise<{ id: string; worker: string; token: string }> {
  await repository(here.pool, 'acme/reef', { max_open_prs: 2 });
  await here.pool.call('putRepo', { body: { repo: 'acme/moor', paused: true } });
  const id = await task(here.pool, {
    repo: 'acme/reef',
    title: 'Mark the reef',
    required_skills: ['docs'],
    area: 'chart',
    description: 'With a buoy.',
  });
  await task(here.pool, { repo: 'acme/reef', title: 'Light the reef', tier: 2 });
  const dora = await volunteer(here.pool, 'Dora', ['docs']);
  await dora.fetch();
  await dora.report(id, 'pr_opened', 'https://example.org/pull/1');
  return { id, worker: dora.id, token: dora.token };
}

/** Three times sixteen views, each looked at whole. */
const LOOKS_MS = 240_000;

test('axe finds nothing on any view, in any theme', { timeout: LOOKS_MS }, async () => {
  const { id, worker, token } = await fill();
  const views: [hash: string, shown: string][] = [
    ['#/', 'section'],
    ['#/tasks', '[role=row] [role=gridcell]'],
    [`#/tasks/${id}`, 'aside h3'],
    ['#/workers', '[role=row] [role=gridcell]'],
    [`#/workers/${worker}`, 'aside h3'],
    ['#/repos', 'main li'],
    ['#/repos/acme%2Freef', 'aside form'],
    ['#/repos?new=1', 'aside form'],
    ['#/import', 'textarea'],
    ['#/analytics', 'h1'],
    ['#/audit', 'section details'],
    ['#/system', 'text=Nobody has used half'],
    ['#/join', 'pre'],
    ['#/demo', 'h1'],
    ['#/mine', 'h1'],
    ['#/sign-in', 'h1'],
  ];
  const faults: string[] = [];
  for (const look of ['light', 'dark', 'contrast'] as const) {
    const colorScheme = look === 'dark' ? 'dark' : 'light';
    const windows = {
      admin: await here.open('#/', { colorScheme }),
      mine: await here.open('#/mine', { colorScheme, as: { worker: token } }),
      guest: await here.open('#/sign-in', { colorScheme, as: null }),
    };
    for (const [hash, shown] of views) {
      const { page } = hash === '#/mine' ? windows.mine : hash === '#/sign-in' ? windows.guest : windows.admin;
      if (look === 'contrast')
        await page.evaluate(() => document.documentElement.setAttribute('data-contrast', 'more'));
      await page.goto(`${here.site.url}/${hash}`);
      await page.locator(shown).first().waitFor();
      faults.push(...(await faultsOf(page, `${hash} in ${look}`)));
    }
    await Promise.all(Object.values(windows).map((window) => window.close()));
  }
  console.log(`axe: ${views.length} views in 3 themes, ${faults.length} faults`);
  expect(faults).toEqual([]);
});

test('axe finds nothing in dialogs, on a phone, and in what an import says', async () => {
  const { page } = await here.open('#/import');
  const faults: string[] = [];
  const emil = await volunteer(here.pool, 'Emil');
  await task(here.pool, { repo: 'acme/reef', title: 'Count the reefs' });
  await emil.fetch();
  const mine = await here.open('#/mine', { as: { worker: emil.token } });
  await mine.page.getByRole('button', { name: 'Give back' }).first().click();
  faults.push(...(await faultsOf(mine.page, 'giving back')));
  await page.goto(`${here.site.url}/#/repos/acme%2Freef`);
  await page.getByRole('button', { name: 'Paused until' }).click();
  faults.push(...(await faultsOf(page, 'a pause')));
  await page.goto(`${here.site.url}/#/tasks?q=light`);
  await page.getByRole('row').filter({ hasText: 'Light the reef' }).click();
  await page.getByRole('button', { name: 'Edit' }).click();
  faults.push(...(await faultsOf(page, 'an edit')));
  await page.goto(`${here.site.url}/#/import`);
  await page.getByRole('textbox', { name: 'task file' }).fill('- repo: acme/reef\n  title: 7\n');
  await sees(page, '.fault', 'fault');
  faults.push(...(await faultsOf(page, 'a bad file')));
  await page.getByRole('textbox', { name: 'task file' }).fill('- repo: acme/reef\n  title: Another\n');
  await sees(page, '.outcome', 'Another');
  faults.push(...(await faultsOf(page, 'a diff')));
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'a view, task' }).fill('reef');
  faults.push(...(await faultsOf(page, 'the palette')));
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 390, height: 844 });
  for (const hash of ['#/', '#/tasks', '#/workers']) {
    await page.goto(`${here.site.url}/${hash}`);
    await page.locator('h1').first().waitFor();
    faults.push(...(await faultsOf(page, `${hash} on a phone`)));
  }
  await page.getByRole('button', { name: 'More' }).click();
  faults.push(...(await faultsOf(page, 'more views')));
  expect(faults).toEqual([]);
});
