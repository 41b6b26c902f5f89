import { expect, test } from 'vitest';
import { sees, unexpected } from '../support/window.js';
import { repository, task, volunteer, world } from '../support/world.js';

const here = world();

const FIRST_VIEW_MAX_MS = 1_000;

test('the first view is there within a second', async () => {
  await repository(here.pool, 'acme/first');
  for (let index = 0; index < 20; index++) await task(here.pool, { repo: 'acme/first', title: `Task ${index}` });
  await (await volunteer(here.pool, 'Eve')).fetch();
  const times: number[] = [];
  for (let turn = 0; turn < 3; turn++) {
    // A new context has nothing in its cache.
    const { page, close } = await here.open(null);
    const begun = Date.now();
    await page.goto(`${here.site.url}/?turn=${turn}#/`);
    await sees(page, 'section li', /acme\/first\s*3 of 3/);
    times.push(Date.now() - begun);
    await close();
  }
  times.sort((a, b) => a - b);
  console.log(`first view: ${times.join(', ')} ms`);
  expect(times[1]).toBeLessThan(FIRST_VIEW_MAX_MS);
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
