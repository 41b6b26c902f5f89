import { expect, test } from 'vitest';
import { sees, unexpected } from '../support/window.js';
import { repository, task, volunteer, world } from '../support/world.js';

const here = world();

/** The page, two scripts with their styles and the mark; and the view's lists: eight states, repositories, workers, numbers, the server. */
const FILES_MAX = 6;
const CALLS_MAX = 12;

test('the first view needs few files and few calls, and no list of all tasks', async () => {
  await repository(here.pool, 'acme/first');
  for (let index = 0; index < 20; index++) await task(here.pool, { repo: 'acme/first', title: `Task ${index}` });
  await (await volunteer(here.pool, 'Eve')).fetch();
  const { page, requests } = await here.open(null);
  // What is not on the way to the first view is held back until it is there.
  await page.route(/\/v1\/(events|audit)/, (route) =>
    sees(page, 'section li', 'acme/first').then(() => route.continue()),
  );
  await page.goto(`${here.site.url}/#/`);
  await sees(page, 'section li', /acme\/first\s*3 of 3/);
  const paths = requests.map((url) => new URL(url).pathname);
  const calls = requests.filter((url) => url.includes('/v1/') && !/\/v1\/(events|audit)/.test(url));
  expect(paths.filter((path) => !path.startsWith('/v1/')).length).toBeLessThanOrEqual(FILES_MAX);
  expect(calls.length).toBeLessThanOrEqual(CALLS_MAX);
  expect(calls.filter((url) => url.includes('/admin/tasks') && !url.includes('state='))).toEqual([]);
});

test('nobody else is asked for anything, and no script runs that is not ours', async () => {
  const { page, requests, faults } = await here.open('#/');
  await sees(page, 'h1', /./);
  expect(requests.filter((url) => !url.startsWith(here.site.url))).toEqual([]);
  const ran = await page
    .evaluate(async () => {
      const refused = new Promise((resolve) =>
        document.addEventListener('securitypolicyviolation', (event) => resolve(event.violatedDirective), {
          once: true,
        }),
      );
      const script = document.createElement('script');
      script.textContent = 'window.intruder = true';
      document.head.append(script);
      return [await refused, 'intruder' in window];
    })
    .catch((failure: unknown) => [String(failure), false]);
  expect(String(ran[0])).toMatch(/script|TrustedScript/);
  expect(ran[1]).toBe(false);
  expect(unexpected(faults, [/Content Security Policy/, /TrustedScript/])).toEqual([]);
});

test('views and filters are in the address, and the back button leads back', async () => {
  const { page, faults } = await here.open('#/tasks?state=ready&repo=acme%2Ffirst&q=task+1');
  await sees(page, 'header p', /tasks? of/);
  expect(await page.getByRole('searchbox').inputValue()).toBe('task 1');
  await page.getByRole('row').filter({ hasText: 'Task 13' }).click();
  await sees(page, 'aside h2', 'Task 13');
  expect(page.url()).toMatch(/#\/tasks\/t_\w+\?.*q=task/);
  await page.goBack();
  await page.locator('aside').waitFor({ state: 'detached' });
  expect(page.url()).toContain('state=ready');
  expect(unexpected(faults)).toEqual([]);
});

test('no view is wider than its window', async () => {
  const { page } = await here.open('#/');
  const views = [
    '',
    'tasks',
    'workers',
    'repos',
    'import',
    'analytics',
    'audit',
    'system',
    'join',
    'demo',
    'repos/acme%2Ffirst',
  ];
  const wide: string[] = [];
  for (const width of [390, 820, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    for (const view of views) {
      await page.goto(`${here.site.url}/#/${view}`);
      await page.locator('h1').first().waitFor();
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (beyond > 0) wide.push(`${view || 'overview'} at ${width}: ${beyond} px`);
    }
  }
  expect(wide).toEqual([]);
});

test('what a thumb has to hit on a phone is 44 px high', async () => {
  const { page } = await here.open('#/', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const small: string[] = [];
  for (const view of ['', 'tasks', 'workers', 'repos', 'demo', 'join']) {
    await page.goto(`${here.site.url}/#/${view}`);
    await page.locator('h1').first().waitFor();
    const found = await page
      .locator(
        'button:visible, .button:visible, select:visible, input:visible:not([type=checkbox]):not([type=radio]):not([type=file]), .bar a:visible',
      )
      .evaluateAll((elements) =>
        elements
          .map(
            (element) =>
              [
                element.textContent?.trim() || element.getAttribute('aria-label'),
                element.getBoundingClientRect().height,
              ] as const,
          )
          .filter(([, height]) => height > 0 && height < 43.5),
      );
    small.push(...found.map(([name, height]) => `${view || 'overview'}: ${name} is ${height} px`));
  }
  expect(small).toEqual([]);
});

test('a tablet names its views, and a phone on its side does not zoom into fields', async () => {
  const { page } = await here.open('#/', { viewport: { width: 820, height: 1180 }, hasTouch: true });
  await page.locator('.rail').getByText('Repositories').waitFor();
  await page.setViewportSize({ width: 844, height: 390 });
  await page.locator('.rail').getByText('Repositories').waitFor({ state: 'hidden' });
  for (const view of ['tasks', 'repos?new=1', 'import', 'join']) {
    await page.goto(`${here.site.url}/#/${view}`);
    const field = page.locator('input:visible, textarea:visible').last();
    await field.waitFor();
    const size = await field.evaluate((element) => parseFloat(getComputedStyle(element).fontSize));
    expect([view, size >= 16]).toEqual([view, true]);
  }
});
