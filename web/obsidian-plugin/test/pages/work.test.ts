import { expect, test } from 'vitest';
import { ADMIN } from '../../../testing/server.js';
import { sees, WORKER_SECRET, world } from '../support/vault.js';

const here = world();

async function task(repo: string, title: string): Promise<string> {
  await here.pool.call('putRepo', { body: { repo, max_open_prs: 5 } });
  return (await here.pool.call('createTask', { body: { repo, title, description: 'With a buoy.', area: 'chart' } }))
    .task_id;
}

test('from registering to a reported pull request, with a note of the task on the way', async () => {
  const id = await task('acme/reef', 'Mark the reef');
  const { page, vault, faults } = await here.open({ as: {} });
  await vault.run('Open my work');
  await page.getByRole('button', { name: 'Register as a worker' }).click();
  await page.getByLabel('Name that others see').fill('Emil');
  await page.getByLabel('Skills').fill('docs, charts');
  await page.getByRole('button', { name: 'Register', exact: true }).click();
  await sees(page, '.notice', 'Welcome, Emil');
  const token = (await vault.secrets())['owp-pool-worker-token'] ?? '';
  expect(token.length).toBeGreaterThan(20);
  expect(JSON.stringify(await vault.data())).not.toContain(token);

  await page.getByRole('button', { name: 'Ask for offers' }).click();
  await page.getByRole('button', { name: 'Accept' }).click();
  await sees(page, '.notice', '“Mark the reef” is yours.');
  await page.getByRole('button', { name: 'Note', exact: true }).click();
  await sees(page, '.block-language', 'Mark the reef');
  const [[path, note = ''] = []] = Object.entries(await vault.texts());
  expect(path).toBe('Pool tasks/Mark the reef.md');
  expect(note).toContain(`owp-task: "${id}"`);
  expect(note).toContain('```text\nWith a buoy.\n```');

  await vault.run('Open my work');
  await page.getByRole('button', { name: 'Begin' }).click();
  await sees(page, '.notice', 'is in progress');
  await page.getByRole('button', { name: 'Report a pull request' }).click();
  await page.getByLabel('Address of the pull request').fill('https://github.com/acme/reef/pull/7');
  await page.getByRole('button', { name: 'Report', exact: true }).click();
  await sees(page, '.notice', 'is in review');
  await sees(page, 'h3', 'In review');
  expect(await here.pool.call('getTask', { path: { task_id: id } })).toMatchObject({ state: 'pr_opened' });

  // What changed since is brought into the note when it is asked for, and what a maintainer does is told.
  await vault.run('Bring the properties of task notes up to date');
  await sees(page, '.notice', '1 changed');
  expect((await vault.texts())[path ?? '']).toContain('owp-pull-request: https://github.com/acme/reef/pull/7');
  await here.pool.call('updateTask', {
    path: { task_id: id },
    body: { action: 'request_changes', reason: 'a test is missing' },
  });
  await sees(page, '.notice', '“Mark the reef” was sent back');
  await sees(page, '.foreign', 'a test is missing');
  expect(faults).toEqual([]);
});

test('the heartbeat says that somebody is there, is remembered on the device, and ends in a pause', async () => {
  const { worker_id, token } = await here.pool.call('registerWorker', { body: { name: 'Fritz' } });
  const state = async () =>
    (await here.pool.call('listWorkers', {})).workers.find((one) => one.worker_id === worker_id);
  const { page, vault } = await here.open({ as: { worker: token } });
  await vault.run('Open my work');
  await page.getByRole('switch', { name: 'Heartbeat: off' }).click();
  await expect.poll(async () => (await state())?.note).toBe('in Obsidian');
  await page.getByRole('switch', { name: 'Heartbeat: on' }).click();
  await expect.poll(async () => (await state())?.status).toBe('paused');

  const again = await here.open({ as: { worker: token }, beating: true });
  await expect.poll(async () => (await state())?.status).toBe('idle');
  await again.vault.run('Switch the heartbeat on or off');
  await sees(again.page, '.notice', 'You pause');
});

test('a task is given back with what the next one should know, and offers are declined', async () => {
  const id = await task('acme/moor', 'Drain the moor');
  const { token } = await here.pool.call('registerWorker', { body: { name: 'Gerda', work_mode: 'auto' } });
  const { page, vault } = await here.open({ as: { worker: token } });
  await vault.run('Get work');
  await page.getByRole('button', { name: 'Give back' }).click();
  await page.getByLabel('Why').selectOption('skill_mismatch');
  await page.getByLabel('For the next one').fill('the map is wrong');
  await page.getByRole('button', { name: 'Give back' }).last().click();
  await sees(page, '.notice', 'Given back');
  expect(await here.pool.call('getTask', { path: { task_id: id } })).toMatchObject({
    state: 'ready',
    notes: 'the map is wrong',
  });

  const hans = await here.pool.call('registerWorker', { body: { name: 'Hans', work_mode: 'offer' } });
  const other = await here.open({ as: { worker: hans.token } });
  await other.vault.run('Get work');
  await other.page.getByRole('button', { name: 'No time' }).first().click();
  await sees(other.page, '.notice', 'Declined');
});

test('a view that nobody touches asks no more often than was set', async () => {
  const { token } = await here.pool.call('registerWorker', { body: { name: 'Karl', work_mode: 'offer' } });
  const { page, vault, calls } = await here.open({ as: { admin: ADMIN, worker: token } });
  await vault.run('Get work');
  await sees(page, '.view-content', 'Karl');
  await sees(page, '.connection', 'every 2 s');
  const looks = () => calls.filter((call) => call === 'GET /v1/events').length;
  const afterLooks = async (more: number) => {
    const from = looks();
    await expect.poll(looks, { timeout: 20_000 }).toBeGreaterThanOrEqual(from + more);
  };
  // What the first moments bring is over.
  await afterLooks(2);
  const before = calls.length;
  await afterLooks(2);
  // At most one reading of everything comes in between.
  expect(calls.slice(before).filter((call) => call !== 'GET /v1/events').length).toBeLessThan(10);
});

test('a token that was replaced in the secret storage is followed', async () => {
  const first = await here.pool.call('registerWorker', { body: { name: 'Ida' } });
  const second = await here.pool.call('registerWorker', { body: { name: 'Jonas' } });
  const { page, vault } = await here.open({ as: { worker: first.token } });
  await vault.run('Open my work');
  await sees(page, '.view-content', 'Ida');
  await vault.setSecret(WORKER_SECRET, second.token);
  await vault.run('Open my work');
  await sees(page, '.view-content', 'Jonas');
});

test('what only changes how things are shown ends no heartbeat, and the folder is kept when it is whole', async () => {
  const { token } = await here.pool.call('registerWorker', { body: { name: 'Lotte' } });
  const { page, vault, calls, faults } = await here.open({ as: { worker: token }, beating: true });
  const beats = () => calls.filter((call) => call === 'POST /v1/workers/heartbeat').length;
  await expect.poll(beats).toBe(1);
  await vault.showSettings();
  await page.getByLabel('Folder for notes of tasks').press('End');
  await page.getByLabel('Folder for notes of tasks').pressSequentially('/of mine');
  expect(await vault.data()).not.toHaveProperty('folder');
  await page.getByLabel('Folder for notes of tasks').blur();
  await expect.poll(() => vault.data()).toMatchObject({ folder: 'Pool tasks/of mine' });
  await page.getByLabel('Notices').uncheck();
  await page.getByLabel('Status bar').uncheck();
  await expect.poll(async () => (await vault.left()).statusBar).toBe(0);
  // Another interval is another session, whose first heartbeat is the second of all.
  await page.getByLabel('Ask for events').fill('3');
  await page.getByLabel('Ask for events').blur();
  await expect.poll(beats).toBeGreaterThan(1);
  expect(beats()).toBe(2);
  expect(faults).toEqual([]);
});

test('a task that is gone, or not for this token, keeps no other note from being brought up to date', async () => {
  const [mine, others] = [await task('acme/dune', 'Fence the dune'), await task('acme/dune', 'Count the dunes')];
  const note = (id: string) => `---\nowp-task: ${id}\n---\n`;
  const { page, vault } = await here.open({
    notes: {
      'A gone one.md': note('t_0000000000'),
      'Fence.md': note(mine),
      'Fence again.md': note(mine),
      'Count.md': note(others),
    },
  });
  await vault.run('Bring the properties of task notes up to date');
  await sees(page, '.notice', /3 changed\..*1 note whose task is gone: “A gone one”\./s);
  expect((await vault.texts())['Count.md']).toContain('owp-state: ready');
});
