// Pictures of every view in both themes and three widths: `make screenshots` puts them into web/dashboard/screenshots, and
// three of them into docs/images for the README.
import { mkdir, copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { load } from 'js-yaml';
import type { NewTask, Pool } from '@owp-pool/client';
import { test } from 'vitest';
import { repository, volunteer, world } from './support/world.js';

const FOLDER = fileURLToPath(new URL('../screenshots', import.meta.url));
const README = fileURLToPath(new URL('../../../docs/images', import.meta.url));
const EXAMPLES = new URL('../../../examples/tasks.yaml', import.meta.url);

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
];

// Limits are there and wide enough for the pictures; seals come with the sweep.
const here = world({ OWP_LEASE_TTL_S: '14400', OWP_RATE_LIMIT: '50', OWP_SWEEP_INTERVAL_S: '1' });

test('every view has its pictures', async () => {
  await mkdir(FOLDER, { recursive: true });
  await mkdir(README, { recursive: true });
  const { task, worker, token } = await fill(here.pool);
  const views: [name: string, hash: string, shown: string, act?: (page: Page) => Promise<void>][] = [
    ['overview', '#/', 'section li'],
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
        admin: await here.open('#/', look),
        mine: await here.open('#/mine', { ...look, as: { worker: token } }),
        guest: await here.open('#/sign-in', { ...look, as: null }),
      };
      for (const [name, hash, shown, act] of views) {
        const { page } = name === 'mine' ? windows.mine : name === 'sign-in' ? windows.guest : windows.admin;
        await page.goto(`${here.site.url}/${hash}`);
        await page.locator(shown).first().waitFor();
        await act?.(page);
        await page.evaluate(settled);
        await page.screenshot({ path: join(FOLDER, `${name}-${viewport.width}-${colorScheme}.png`) });
      }
      await Promise.all(Object.values(windows).map((window) => window.close()));
    }
  }
  await Promise.all(IN_README.map(([picture, name]) => copyFile(join(FOLDER, `${picture}.png`), join(README, name))));
});

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

const TITLES = [
  'Reject a bearing above 360',
  'Explain declination on one page',
  'Keep the needle still while the map turns',
  'Read old almanacs',
  'Show distances in nautical miles',
  'Test the rose at every degree',
  'Name the wind by its quarter',
  'Print the rose without ink blots',
];

/** A pool in the middle of a day: examples, some merged, some in review, one throttled, one paused. */
async function fill(pool: Pool): Promise<{ task: string; worker: string; token: string }> {
  await repository(pool, 'demo/owp-pool', { max_open_prs: 3 });
  await repository(pool, 'acme/compass', { max_open_prs: 5 });
  await repository(pool, 'acme/atlas', { max_open_prs: 4 });
  await pool.call('putRepo', {
    body: { repo: 'acme/harbour', max_open_prs: 2, paused_until: new Date(Date.now() + 3 * 3_600_000).toISOString() },
  });
  await pool.call('importTasks', { body: load(await readFile(EXAMPLES, 'utf8')) as NewTask[] });
  const more = ['acme/compass', 'acme/atlas', 'acme/harbour'].flatMap((repo) =>
    TITLES.map((title, index) => ({
      repo,
      key: `${repo.slice(5)}-${index + 1}`,
      title,
      estimate_points: 1 + (index % 3),
      priority: 20 + 10 * (index % 4),
      required_skills: index % 2 ? ['docs'] : ['rust'],
      area: ['needle', 'docs', 'map', 'rose'][index % 4] ?? null,
    })),
  );
  await pool.call('importTasks', { body: more });
  const people = [
    await volunteer(pool, 'Alice', ['docs', 'python']),
    await volunteer(pool, 'Bjørn', ['rust', 'docs']),
    await volunteer(pool, 'Chidi', ['rust', 'shell', 'typescript']),
  ];
  let opened = '';
  for (const [turn, person] of [...people, ...people].entries()) {
    for (const [index, lease] of (await person.fetch()).slice(0, 3).entries()) {
      await person.report(lease.task_id, 'in_progress');
      if ((turn + index) % 3 === 2) continue;
      await person.report(
        lease.task_id,
        'pr_opened',
        `https://example.org/${lease.repo}/pull/${40 + turn * 3 + index}`,
      );
      if (index % 2 === 0 || turn < 2)
        await pool.call('updateTask', {
          path: { task_id: lease.task_id },
          body: { action: 'merge', rating: 4 + (turn % 2) },
        });
      else opened = lease.task_id;
    }
  }
  for (const person of people)
    await person.pool.call('sendHeartbeat', { body: { status: 'working', note: 'half-way through' } });
  const [alice] = people;
  return { task: opened, worker: alice?.id ?? '', token: alice?.token ?? '' };
}
