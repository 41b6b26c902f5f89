// A page with the built plugin in it, against a real server: what tests of views and flows are made of.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, inject } from 'vitest';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Pool } from '@owp-pool/client';
import { launch } from '../../../testing/browser.js';
import { ADMIN, Server } from '../../../testing/server.js';
import type { Start, Vault } from '../double/start.js';

/** The origin that Obsidian has on Android; on other systems only the name differs. */
export const ORIGIN = 'http://localhost';
export const ADMIN_SECRET = 'pool-admin';
export const WORKER_SECRET = 'pool-worker';

const file = (path: string) => readFile(fileURLToPath(new URL(path, import.meta.url)), 'utf8');

export interface Opened {
  page: Page;
  vault: { [K in keyof Vault]: (...given: Parameters<Vault[K]>) => Promise<Awaited<ReturnType<Vault[K]>>> };
  /** Calls that went past the browser's rules, by `requestUrl`. */
  calls: string[];
  /** What the page itself asked for, by `fetch`. */
  fetched: string[];
  faults: string[];
}

export interface OpenOptions extends Omit<Start, 'code'> {
  /** Tokens that are in the secret storage and chosen in the settings. */
  as?: { admin?: string; worker?: string };
  settings?: Record<string, unknown>;
  dark?: boolean;
  /** Whether the test moves the page's clock. */
  clock?: boolean;
  context?: BrowserContextOptions;
}

export interface World {
  server: Server;
  pool: Pool;
  open: (options?: OpenOptions) => Promise<Opened>;
}

/** Set up once for a file; each test opens its own pages. */
export function world(env: Record<string, string> = {}): World {
  const made = {} as World;
  let browser: Browser | undefined;
  beforeAll(async () => {
    const [server, launched] = await Promise.all([Server.start(env), launch()]);
    browser = launched;
    const open = (options: OpenOptions = {}) => openVault(launched, server.address, options);
    Object.assign(made, { server, pool: server.pool, open });
  });
  afterAll(async () => {
    await browser?.close();
    await made.server?.end();
  });
  return made;
}

async function openVault(browser: Browser, address: string, options: OpenOptions): Promise<Opened> {
  const { as = { admin: ADMIN }, settings = {}, dark = false, clock = false, context: given, ...start } = options;
  // Obsidian's pages may reach this machine; a browser asks first.
  const permissions = ['local-network-access'];
  const context = await browser.newContext({ viewport: { width: 900, height: 800 }, permissions, ...given });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  if (clock) await page.clock.install();
  const [faults, calls, fetched]: [string[], string[], string[]] = [[], [], []];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('request', (request) => request.url().startsWith(address) && fetched.push(request.url()));
  await page.exposeFunction('sendPast', (asked: Parameters<Window['sendPast']>[0]) => sendPast(asked, calls));
  const [theme, styles, code] = await Promise.all([
    file('../double/theme.css'),
    file('../../dist/styles.css'),
    file('../../dist/main.js'),
  ]);
  const body = pageOf(theme + styles, inject('double'), dark);
  await page.route(`${ORIGIN}/`, (route) => route.fulfill({ contentType: 'text/html', body }));
  await page.goto(`${ORIGIN}/`);
  const secrets = {
    ...(as.admin ? { [ADMIN_SECRET]: as.admin } : {}),
    ...(as.worker ? { [WORKER_SECRET]: as.worker } : {}),
    ...start.secrets,
  };
  const data = {
    address,
    adminSecret: as.admin ? ADMIN_SECRET : '',
    workerSecret: as.worker ? WORKER_SECRET : '',
    pollS: 2,
    refreshS: 10,
    ...settings,
  };
  await page.evaluate(
    async (given) => {
      const page = window as unknown as { start: (given: Start) => Promise<Vault>; vault: Vault };
      page.vault = await page.start(given);
    },
    { ...start, data, secrets, code } as Start,
  );
  return { page, vault: vaultIn(page), calls, fetched, faults };
}

function vaultIn(page: Page): Opened['vault'] {
  const call =
    (name: string) =>
    (...given: unknown[]) =>
      page.evaluate(
        ([name, given]) =>
          (window as unknown as { vault: Record<string, (...given: unknown[]) => unknown> }).vault[name]?.(...given),
        [name, given] as [string, unknown[]],
      );
  return new Proxy({}, { get: (_, name) => (name === 'then' ? undefined : call(String(name))) }) as Opened['vault'];
}

async function sendPast({ url, method, headers, body }: Parameters<Window['sendPast']>[0], calls: string[]) {
  calls.push(`${method} ${new URL(url).pathname}`);
  const answer = await fetch(url, { method, headers, ...(body ? { body } : {}) });
  return {
    status: answer.status,
    headers: Object.fromEntries(answer.headers),
    body: Buffer.from(await answer.arrayBuffer()).toString('base64'),
  };
}

function pageOf(styles: string, double: string, dark: boolean): string {
  return `<!doctype html><html lang="en"><head><title>A vault</title><style>${styles}</style></head>
<body class="${dark ? 'theme-dark' : 'theme-light'}"><header><h1 class="vault-name">A vault</h1></header><aside class="ribbon-bar" aria-label="Ribbon"></aside>
<main><div class="workspace"></div></main><footer class="status-bar"></footer>
<div class="notice-container" role="status"></div>
<script>${double.replaceAll('</script', '<\\/script')}</script></body></html>`;
}

/** What is looked for, once it is there and says so. */
export async function sees(page: Page, selector: string, text: string | RegExp, timeout = 20_000): Promise<void> {
  await page.locator(selector).filter({ hasText: text }).first().waitFor({ state: 'visible', timeout });
}
