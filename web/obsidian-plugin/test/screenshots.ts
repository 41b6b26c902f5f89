// Pictures of every view, form and block, light, dark and on a phone: `make screenshots` puts them into screenshots/.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'vitest';
import type { Page } from 'playwright-core';
import { ADMIN } from '../../testing/server.js';
import { fill } from './support/filled.js';
import { sees, world, type Opened } from './support/vault.js';

const FOLDER = fileURLToPath(new URL('../screenshots', import.meta.url));
const here = world();

const BOARD = ['', 'show: budgets', 'repo: acme/reef\nlimit: 4', 'show: work', 'show: nonsense']
  .map((text) => `\`\`\`owp-pool\n${text}\n\`\`\``)
  .join('\n\n');

type Shot = [name: string, act: (opened: Opened) => Promise<unknown>, selector: string, words: string | RegExp];
const command = (name: string) => (opened: Opened) => opened.vault.run(name);

const SHOTS: Shot[] = [
  ['status', command('Open status'), 'h3', 'Needs you'],
  ['tasks', command('Open tasks'), '.view-content li', 'Light the reef'],
  ['events', command('Open events'), '.view-content li', 'was put in'],
  ['work', command('Open my work'), 'h3', 'You hold'],
  ['workers', command('Open workers'), '.view-content li', 'Dora'],
  ['analytics', command('Open analytics'), 'figcaption', 'Tasks merged'],
  ['block', ({ vault }) => vault.open('Board.md'), '.block-language li', 'Light the reef'],
  ['settings', ({ vault }) => vault.showSettings(), '.setting-item', 'Server address'],
  ['form', command('Register a repository or set its budget'), '.modal', 'Pull requests that you can look after'],
];

test('every view has its pictures', async () => {
  await mkdir(FOLDER, { recursive: true });
  const { token } = await fill(here.pool);
  for (const look of ['light', 'dark', 'phone'] as const) {
    const opened = await here.open({
      as: { admin: ADMIN, worker: token },
      notes: { 'Board.md': BOARD },
      dark: look === 'dark',
      mobile: look === 'phone',
      ...(look === 'phone' ? { context: { viewport: { width: 390, height: 844 }, hasTouch: true } } : {}),
    });
    const { page, vault } = opened;
    for (const [name, act, selector, words] of SHOTS) {
      await act(opened);
      await sees(page, selector, words);
      await shoot(page, `${name}-${look}`);
    }
    await page.getByRole('button', { name: 'Cancel' }).click();
    await vault.run('Open tasks');
    await page.getByRole('button', { name: 'Light the reef' }).click();
    await sees(page, '.modal', 'Why nobody has it');
    await shoot(page, `task-${look}`);
    await page.locator('.modal-container').evaluate((element) => element.remove());
    await demonstrate(opened, look);
  }
});

async function demonstrate({ page, vault }: Opened, look: string): Promise<void> {
  await vault.run('Start the demo');
  await sees(page, '.view-content li', /Linus\s*works on/);
  await page.getByRole('button', { name: 'Kill Linus' }).click();
  await sees(page, 'ol li', 'It stopped without a word');
  await shoot(page, `demo-${look}`);
  await page.getByRole('button', { name: 'Put the demo away' }).click();
  await sees(page, '.notice', 'The demo is gone');
}

async function shoot(page: Page, name: string): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined)));
  });
  await page.screenshot({ path: join(FOLDER, `${name}.png`) });
}
