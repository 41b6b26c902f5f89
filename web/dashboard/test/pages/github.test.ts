import type { Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import type { GithubLink, Task } from '@owp-pool/client';
import { sees, unexpected } from '../support/window.js';
import { repository, task, world } from '../support/world.js';

const here = world();
const LINK: GithubLink = {
  sync_type: 'bidirectional',
  write_permissions: ['comments'],
  admission: 'report',
  linked_at: '2026-01-18T01:00:00.000Z',
};

const pages: Page[] = [];
// What is under way when a window closes is nobody's fault.
afterEach(() => Promise.all(pages.splice(0).map((page) => page.unrouteAll({ behavior: 'ignoreErrors' }))));

/** GitHub is asked by the server and not by the page: what the server would say of it is put into its answers. */
async function opened(hash: string, link: Partial<GithubLink>, source?: Task['source']) {
  const window = await here.open(null);
  pages.push(window.page);
  await rewritten(window.page, '**/v1/admin/repos*', (answer) =>
    answer.repos.forEach((repo: { github?: GithubLink }) => (repo.github = { ...LINK, ...link })),
  );
  if (source) {
    await rewritten(window.page, '**/v1/admin/tasks*', (answer) =>
      answer.tasks.forEach((each: Task) => (each.source = source)),
    );
    await rewritten(window.page, '**/v1/tasks/*', (answer) => (answer.source = source));
  }
  await window.page.goto(`${here.site.url}/${hash}`);
  return window;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- an answer of any operation
async function rewritten(page: Page, url: string, change: (answer: any) => void) {
  await page.route(url, async (route) => {
    if (route.request().method() !== 'GET') return route.fallback();
    const response = await route.fetch();
    const json: unknown = await response.json();
    change(json);
    return route.fulfill({ response, json });
  });
}

test('a repository that GitHub moved needs the maintainer, and says why and what to do', async () => {
  await repository(here.pool, 'acme/lighthouse');
  const suspended_because = 'it is acme/beacon at GitHub now; register and sync that';
  const { page, faults } = await opened('#/', { suspended: true, suspended_because });
  await sees(page, 'h1', 'One link to GitHub that was cut');
  await page.getByRole('link', { name: 'acme/lighthouse' }).first().click();
  await sees(page, 'aside .note', suspended_because);
  expect(unexpected(faults)).toEqual([]);
});

test('mistakes in a policy file are told with their places, and syncing keeps what is set', async () => {
  const { page, faults } = await opened('#/repos/acme%2Flighthouse', {
    policy_faults: ['line 4, column 3, /size/lines: is unknown; did you mean lines_max?'],
    policy: { paths_allowed: ['docs/**'], files_max: 20, lines_max: 400 },
  });
  await sees(page, 'aside .note', /1 mistake.*line 4, column 3/s);
  await sees(page, 'aside', /docs\/\*\*.*20 files, 400 lines/s);

  const asked = page.waitForRequest('**/v1/github/repos/acme/lighthouse/sync*');
  await page.getByRole('button', { name: 'Sync now' }).click();
  expect((await asked).postDataJSON()).toEqual({ sync_type: 'bidirectional', accept_edits: false });
  // This server asks no GitHub, and its words say how it would.
  await sees(page, '.message', 'GITHUB_TOKEN');
  expect(unexpected(faults, [/the server responded with a status of 4/])).toEqual([]);
});

test('an issue that was edited since its task was accepted is flagged, with the way to take it over', async () => {
  const id = await task(here.pool, { repo: 'acme/lighthouse', title: 'Trim the wick' });
  const source = {
    issue: 7,
    url: 'https://github.com/acme/lighthouse/issues/7',
    text_hash: 'a'.repeat(64),
    edited_at: new Date().toISOString(),
  };
  const { page, faults } = await opened(`#/tasks/${id}`, {}, source);
  await sees(page, 'aside .note', /Its issue was edited.*#7.*pool:ready/s);
  await page.goto(`${here.site.url}/#/`);
  await sees(page, 'h1', 'One issue that changed since');
  expect(unexpected(faults)).toEqual([]);
});
