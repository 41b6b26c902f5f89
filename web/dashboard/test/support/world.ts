// Everything a test of the pages needs: a server, the files, a browser; and ends of them all.
import { afterAll, beforeAll } from 'vitest';
import type { Browser } from 'playwright-core';
import { Pool, type Lease, type NewTask } from '@owp-pool/client';
import { Server } from '../../../testing/server.js';
import { launch } from '../../../testing/browser.js';
import { serve, type Site } from './site.js';
import { openWindow, type Window, type WindowOptions } from './window.js';

export interface World {
  server: Server;
  site: Site;
  browser: Browser;
  pool: Pool;
  open: (hash?: string | null, options?: WindowOptions) => Promise<Window>;
}

/** Set up once for a file; each test opens its own windows. */
export function world(env: Record<string, string> = {}): World {
  const made = {} as World;
  const windows: Window[] = [];
  beforeAll(async () => {
    const [server, browser] = await Promise.all([Server.start(env), launch()]);
    const site = await serve(() => server.address);
    const open = async (hash?: string | null, options?: WindowOptions) => {
      const window = await openWindow(browser, site.url, hash, options);
      windows.push(window);
      return window;
    };
    Object.assign(made, { server, browser, site, pool: server.pool, open });
  });
  afterAll(async () => {
    await Promise.all(windows.map((window) => window.close()));
    await made.browser?.close();
    await made.site?.close();
    await made.server?.end();
  });
  return made;
}

export async function repository(pool: Pool, repo: string, settings: { max_open_prs?: number } = {}): Promise<void> {
  await pool.call('putRepo', { body: { repo, ...settings } });
}

export async function task(pool: Pool, fields: NewTask): Promise<string> {
  return (await pool.call('createTask', { body: fields })).task_id;
}

export interface Volunteer {
  id: string;
  token: string;
  pool: Pool;
  fetch: () => Promise<Lease[]>;
  report: (taskId: string, status: 'in_progress' | 'blocked' | 'pr_opened', prUrl?: string) => Promise<unknown>;
}

/** More than a test has to give, so that only what it is about keeps work from somebody. */
const MUCH = { capacity_points: 20, max_concurrent_tasks: 10 };

export async function volunteer(
  pool: Pool,
  name: string,
  skills: string[] = [],
  takes: Partial<typeof MUCH> = {},
): Promise<Volunteer> {
  const body = { name, skills, ...MUCH, ...takes };
  const { worker_id, token } = await pool.call('registerWorker', { body });
  const own = pool.as({ worker: token });
  return {
    id: worker_id,
    token,
    pool: own,
    fetch: async () => (await own.call('fetchWork', {})).leases,
    report: (task_id, status, pr_url) =>
      own.call('reportTaskStatus', {
        path: { task_id },
        body: { status, ...(pr_url ? { artifact: { pr_url } } : {}) },
      }),
  };
}
