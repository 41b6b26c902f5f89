import { expect, test } from 'vitest';
import { sees, unexpected } from '../support/window.js';
import { repository, task, world } from '../support/world.js';

const here = world();

const BAD = `- repo: acme/atlas
  title: Draw the coast
  estimate_points: 900
- repo: acme/atlas
  title: 7
`;

test('a bad file is refused with the lines of its faults, mended, shown as a diff and imported', async () => {
  await repository(here.pool, 'acme/atlas');
  await task(here.pool, { repo: 'acme/atlas', key: 'coast', title: 'Draw the coast', priority: 10 });
  const { page, faults } = await here.open('#/import');
  const source = page.getByRole('textbox', { name: 'task file' });

  await source.fill(BAD);
  await sees(page, '.fault', '2 faults in this file');
  await sees(page, '.fault li', /line 3.*maximum of 100/s);
  await sees(page, '.fault li', /line 5.*not of type/s);
  await page.getByRole('button', { name: 'line 3' }).click();
  const chosen = await source.evaluate((area: HTMLTextAreaElement) =>
    area.value.slice(area.selectionStart, area.selectionEnd),
  );
  expect(chosen).toBe('  estimate_points: 900');

  await source.fill('- repo: acme/atlas\n  title: "never closed\n - [');
  await sees(page, '.fault li', /line 3.*not YAML/s);

  await source.fill(
    '- repo: acme/atlas\n  key: coast\n  title: Draw the coast\n  priority: 80\n- repo: acme/atlas\n  title: Name the bays\n  required_skills: [docs]\n',
  );
  await sees(page, '.outcome', '1 new, 1 changed');
  await sees(page, 'li.updated', /priority\s*10\s*becomes\s*80/);
  await sees(page, 'li.created', 'Name the bays');
  expect((await here.pool.call('getState', {})).tasks_total).toBe(1);

  await page.getByRole('button', { name: 'Import 2 tasks' }).click();
  await sees(page, '.message', '1 new task, 1 updated');
  await page.goto(`${here.site.url}/#/tasks`);
  await sees(page, '[role=row]', 'Name the bays');
  expect(unexpected(faults, [/400/])).toEqual([]);
});

test('JSON is read as well, and a repository that is not registered is offered to be', async () => {
  const { page, faults } = await here.open('#/import');
  const source = page.getByRole('textbox', { name: 'task file' });
  await source.fill(JSON.stringify([{ repo: 'acme/new', title: 'Begin' }], null, 2));
  await sees(page, '.fault', 'acme/new is not registered');
  await page.getByRole('button', { name: 'Register it' }).click();
  await sees(page, '.outcome', '1 new, 0 changed');
  expect(unexpected(faults, [/404/, /400/])).toEqual([]);
});

test('a file is taken by drop', async () => {
  const { page } = await here.open('#/import');
  const transfer = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(['- repo: acme/atlas\n  title: From a drop\n'], 'tasks.yaml'));
    return data;
  });
  await page.dispatchEvent('.source', 'drop', { dataTransfer: transfer });
  await sees(page, '.outcome', 'From a drop');
});
