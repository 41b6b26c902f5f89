// Pictures of every view in both themes and three widths: `make screenshots` puts them into web/dashboard/screenshots, and
// three of them into docs/images for the README.
import { mkdir, copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, test } from 'vitest';
import { fillAfternoon } from './support/afternoon.js';
import { startGithub } from './support/github.js';
import { sees, type WindowOptions } from './support/window.js';
import { world } from './support/world.js';

const FOLDER = fileURLToPath(new URL('../screenshots', import.meta.url));
const README = fileURLToPath(new URL('../../../docs/images', import.meta.url));

const SIZES = [
  { width: 390, height: 844 },
  { width: 820, height: 1180 },
  { width: 1440, height: 900 },
];
const THEMES = ['light', 'dark'] as const;
const IN_README: [picture: string, name: string][] = [
  ['overview-1440-light', 'overview.png'],
  ['task-1440-dark', 'task.png'],
  ['overview-390-light', 'phone.png'],
  ['github-390-light', 'repository.png'],
];

// Limits are there and wide enough for the pictures; seals come with the sweep.
const github = await startGithub();
const here = world({ ...github.env, OWP_LEASE_TTL_S: '14400', OWP_RATE_LIMIT: '50', OWP_SWEEP_INTERVAL_S: '1' });
afterAll(() => github.close());

test('every view has its pictures', async () => {
  await mkdir(FOLDER, { recursive: true });
  await mkdir(README, { recursive: true });
  const { task, worker, token } = await fillAfternoon(here, github);
  const filled = Date.now();
  const views: [name: string, hash: string, shown: string, act?: (page: Page) => Promise<void>][] = [
    ['overview', '#/', 'section ol li'],
    ['tasks', '#/tasks', '[role=row] [role=gridcell]'],
    ['task', `#/tasks/${task}`, 'aside h3'],
    ['workers', '#/workers', '[role=row] [role=gridcell]'],
    ['worker', `#/workers/${worker}`, 'aside .score'],
    ['repos', '#/repos', 'main li'],
    [
      'repo',
      '#/repos/acme%2Fcompass',
      'aside form',
      (page) => page.getByLabel('Review budget', { exact: true }).fill('6'),
    ],
    ['github', '#/repos/acme%2Fcompass', 'aside form', (page) => toTop(page, 'GitHub')],
    ['cut', '#/repos/acme%2Fbeacon', 'aside .note'],
    [
      'import',
      '#/import',
      'textarea',
      (page) =>
        page
          .getByRole('textbox', { name: 'task file' })
          .fill(FILE)
          .then(() => page.locator('.outcome li').first().waitFor()),
    ],
    ['analytics', '#/analytics', 'canvas'],
    ['audit', '#/audit', 'tbody tr', (page) => page.locator('section details').waitFor()],
    ['system', '#/system', 'dt >> text=Streams of events'],
    ['join', '#/join', 'pre'],
    ['demo', '#/demo', 'h1'],
    ['mine', '#/mine', '.score'],
    ['sign-in', '#/sign-in', 'form'],
  ];
  for (const colorScheme of THEMES) {
    for (const viewport of SIZES) {
      const look = { colorScheme, viewport, hasTouch: viewport.width < 1000, reducedMotion: 'reduce' as const };
      const windows = {
        admin: await here.open(null, look),
        mine: await here.open(null, { ...look, as: { worker: token } }),
        guest: await here.open(null, { ...look, as: null }),
      };
      await Promise.all([windows.admin, windows.mine].map(({ page }) => age(page, filled)));
      for (const [name, hash, shown, act] of views) {
        const { page } = name === 'mine' ? windows.mine : name === 'sign-in' ? windows.guest : windows.admin;
        await page.goto(`${here.site.url}/${hash}`);
        await page.locator(shown).first().waitFor();
        if (page === windows.admin.page) await page.locator('.connection.live:visible').waitFor();
        await act?.(page);
        await page.evaluate(settled);
        await page.screenshot({ path: join(FOLDER, `${name}-${viewport.width}-${colorScheme}.png`) });
      }
      await Promise.all(Object.values(windows).map((window) => window.close()));
    }
  }
  for (const colorScheme of THEMES) {
    for (const viewport of SIZES) await demonstrate({ colorScheme, viewport, reducedMotion: 'reduce' });
  }
  await Promise.all(IN_README.map(([picture, name]) => copyFile(join(FOLDER, `${picture}.png`), join(README, name))));
});

/** A demo with a worker that was killed; it comes last, because what is left of it stays in the pool. */
async function demonstrate(look: WindowOptions & { viewport: { width: number } }): Promise<void> {
  const { page, close } = await here.open('#/demo', look);
  await page.getByRole('button', { name: 'Start the demo' }).click();
  await sees(page, '.workers > li', /Linus\s*works on/);
  await page.getByRole('button', { name: 'Kill Linus' }).click();
  await sees(page, '.workers > li', 'it stopped without a word');
  await page.evaluate(settled);
  await page.screenshot({ path: join(FOLDER, `demo-killed-${look.viewport.width}-${look.colorScheme}.png`) });
  await page.getByRole('button', { name: 'Remove the demo' }).click();
  await sees(page, '.message', 'The demo is gone');
  await close();
}

async function toTop(page: Page, heading: string): Promise<void> {
  await page.getByRole('heading', { name: heading, exact: true }).evaluate((element) => element.scrollIntoView());
  // The head of the panel lies over what is at its top.
  await page.locator('aside').evaluate((panel) => panel.scrollBy(0, -80));
}

/** What took the server seconds to live through looks as if it had taken it an afternoon. */
const STRETCH = 2_000;
const TIMES = /"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"/g;

async function age(page: Page, filled: number): Promise<void> {
  await page.route('**/v1/**', async (route) => {
    const asked = route.request();
    // A stream is not over before its page is, and nothing happens in it; and no seal fits what was changed.
    if (asked.headers()['accept']?.includes('event-stream') || page.url().endsWith('#/audit')) return route.continue();
    const response = await route.fetch();
    const body = (await response.text()).replace(TIMES, (text) => {
      const before = filled - Date.parse(text.slice(1, -1));
      return before > 0 ? `"${new Date(filled - before * STRETCH).toISOString()}"` : text;
    });
    return route.fulfill({ response, body });
  });
}

/** Fonts are there, and nothing moves any more. */
async function settled(): Promise<void> {
  await document.fonts.ready;
  await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined)));
}

const FILE = `- repo: acme/compass
  key: needle-1
  title: Say which way is north in the southern half
  estimate_points: 2
  priority: 80
  required_skills: [docs]
- repo: acme/compass
  key: compass-3
  title: Keep the needle still while the map turns
  priority: 60
`;
