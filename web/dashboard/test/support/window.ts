// A browser window on the dashboard, signed in or not, that remembers every fault the page tells of.
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { ADMIN } from '../../../testing/server.js';

export interface Window {
  page: Page;
  faults: string[];
  requests: string[];
  close: () => Promise<void>;
}

export interface WindowOptions extends BrowserContextOptions {
  /** Who is signed in; `null` for nobody. */
  as?: { admin: string } | { worker: string } | null;
}

export async function openWindow(
  browser: Browser,
  site: string,
  hash: string | null = '#/',
  options: WindowOptions = {},
): Promise<Window> {
  const { as = { admin: ADMIN }, ...context } = options;
  const opened = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...context });
  if (as) {
    const kept = JSON.stringify({ url: '', credentials: as });
    // Once: what the page does with its session later is its own doing.
    await opened.addInitScript((text) => {
      if (sessionStorage.getItem('test.begun')) return;
      sessionStorage.setItem('test.begun', '1');
      sessionStorage.setItem('owp.session', text);
    }, kept);
  }
  const page = await opened.newPage();
  page.setDefaultTimeout(20_000);
  const faults: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('request', (request) => requests.push(request.url()));
  if (hash !== null) await page.goto(`${site}/${hash}`);
  return { page, faults, requests, close: () => opened.close() };
}

/** What is looked for, once it is there and says so. */
export async function sees(page: Page, selector: string, text: string | RegExp, timeout = 20_000): Promise<void> {
  await page.locator(selector).filter({ hasText: text }).first().waitFor({ state: 'visible', timeout });
}

/** Chrome itself writes a line for every answer that is no success; those that a test brought about are not faults. */
export function unexpected(faults: readonly string[], expected: RegExp[] = []): string[] {
  return faults.filter((fault) => !expected.some((pattern) => pattern.test(fault)));
}
