import { expect, test } from 'vitest';
import { HOSTILE } from '../support/hostile.js';
import { sees, world } from '../support/vault.js';

const here = world();

const IDEAS = `# Ideas for the reef

\`\`\`yaml
- repo: acme/reef
  key: herons
  title: Count the herons
  estimate_points: 2
\`\`\`

\`\`\`yaml
- repo: acme/reef
  title: 7
\`\`\`
`;

test('tasks are imported from the open note, and a fault names the line of the note', async () => {
  await here.pool.call('putRepo', { body: { repo: 'acme/reef' } });
  const good = IDEAS.replace('title: 7', 'title: Light the reef');
  const { page, vault, faults } = await here.open({ notes: { 'Ideas.md': IDEAS, 'Better.md': good } });
  expect(await vault.run('Import tasks from this note')).toBe(false);
  await vault.open('Ideas.md');
  await vault.run('Import tasks from this note');
  await sees(page, '[role=alert]', 'line 12');
  expect(await page.getByRole('button', { name: 'Import', exact: true }).isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Cancel' }).click();

  await vault.open('Better.md');
  await vault.run('Import tasks from this note');
  await page.getByRole('button', { name: 'Import 2 tasks' }).click();
  await sees(page, '.notice', '2 tasks put in');
  const { tasks } = await here.pool.call('listTasks', { query: { repo: 'acme/reef' } });
  expect(tasks.map(({ title }) => title).sort()).toEqual(['Count the herons', 'Light the reef']);
  expect(faults).toEqual([]);
});

test('a note that is a task becomes one, and is tied to it', async () => {
  await here.pool.call('putRepo', { body: { repo: 'acme/moor' } });
  const note = '---\nowp-repo: acme/moor\nowp-points: 3\nowp-skills: [docs]\n---\nDone when every path has a sign.\n';
  const { page, vault } = await here.open({ notes: { 'Sign the paths.md': note } });
  await vault.open('Sign the paths.md');
  await vault.run('Import tasks from this note');
  await page.getByRole('button', { name: 'Import 1 task' }).click();
  await sees(page, '.notice', '1 task put in');
  const [task] = (await here.pool.call('listTasks', { query: { repo: 'acme/moor' } })).tasks;
  expect(task).toMatchObject({
    title: 'Sign the paths',
    estimate_points: 3,
    description: 'Done when every path has a sign.',
  });
  await expect.poll(async () => (await vault.texts())['Sign the paths.md']).toContain(`owp-task: ${task?.task_id}`);
  await vault.run('Open tasks');
  await page.getByRole('button', { name: 'Note: Sign the paths' }).click();
  await sees(page, '.markdown-preview-view', 'Done when every path has a sign.');
});

test('a task is read, explained and moved by its maintainer', async () => {
  await here.pool.call('putRepo', { body: { repo: 'acme/fen' } });
  await here.pool.call('createTask', { body: { repo: 'acme/fen', title: 'Drain the fen', tier: 2 } });
  const { page, vault } = await here.open();
  await vault.run('Open tasks');
  await page.getByLabel('Words of the title').fill('drain');
  await page.getByRole('button', { name: 'Drain the fen' }).click();
  await sees(page, '.modal', 'Why nobody has it');
  await page.getByLabel('Your words').fill('not this year');
  await page.getByRole('button', { name: 'Cancel task' }).click();
  await sees(page, '.modal', 'cancelled');
  const [task] = (await here.pool.call('listTasks', { query: { repo: 'acme/fen' } })).tasks;
  expect(task?.state).toBe('cancelled');
});

test('text of others is shown and never drawn or run', async () => {
  await here.pool.call('putRepo', { body: { repo: 'acme/mire' } });
  for (const text of HOSTILE) {
    const title = text.replaceAll('\n', ' ').slice(0, 100);
    await here.pool.call('createTask', { body: { repo: 'acme/mire', title, description: text } });
  }
  const { page, vault, faults } = await here.open();
  await vault.run('Open tasks');
  await page.getByLabel('Repository').selectOption('acme/mire');
  await page.getByRole('button', { name: '<img src=x' }).click();
  await sees(page, '.modal .foreign', '<script>window.owned=1</script>');
  expect(await page.locator('.modal img, .modal script, .view-content img, .view-content script').count()).toBe(0);
  expect(await page.evaluate(() => 'owned' in window)).toBe(false);
  await vault.run('Open events');
  await sees(page, 'li', 'was put in');
  expect(await page.locator('[style]').count()).toBe(0);
  expect(faults).toEqual([]);
});

test('a worker’s record is read, trust is set with a reason, and figures are shown', async () => {
  const { worker_id } = await here.pool.call('registerWorker', { body: { name: 'Dora', skills: ['docs'] } });
  const { page, vault } = await here.open();
  await vault.run('Open workers');
  await page.getByRole('button', { name: 'Dora' }).click();
  await sees(page, '.view-content', 'No attempt has ended yet');
  await page.getByLabel('Tier').selectOption('trusted');
  await page.getByLabel('Reason').fill('known from other work');
  await page.getByRole('button', { name: 'Set tier' }).click();
  await sees(page, '.notice', 'Dora is trusted now');
  const { workers } = await here.pool.call('listWorkers', {});
  expect(workers.find((worker) => worker.worker_id === worker_id)?.trust_tier).toBe('trusted');

  await vault.run('Open analytics');
  await sees(page, 'dt', 'Tasks merged');
  await page.getByLabel('Repository').selectOption('acme/reef');
  await sees(page, 'figcaption', /Tasks put in\s*most: 2/);
});

test('where the server allows no streams from here, events are asked for all the same', async () => {
  await here.pool.call('putRepo', { body: { repo: 'acme/quay' } });
  const { page, vault, fetched } = await here.open({ settings: { stream: true } });
  await vault.run('Open tasks');
  await sees(page, '.connection', 'every 2 s');
  await here.pool.call('createTask', { body: { repo: 'acme/quay', title: 'Paint the quay' } });
  await sees(page, '.view-content li', 'Paint the quay');
  // It was tried once and then left alone.
  expect(fetched.length).toBeLessThanOrEqual(2);
});
