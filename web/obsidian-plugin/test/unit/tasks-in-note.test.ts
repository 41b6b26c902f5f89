import { expect, test } from 'vitest';
import { tasksIn } from '../../src/notes/tasks-in-note.js';
import { staleProperties } from '../../src/notes/task-note.js';
import { aTask } from '../support/records.js';

const NOTE = `# Ideas

\`\`\`yaml
- repo: acme/reef
  title: One
\`\`\`

some words

  ~~~yml
  - repo: acme/reef
    title: Two
  ~~~

\`\`\`js
- repo: not/this
\`\`\`
`;

test('all YAML blocks of a note are one list, whose lines are those of the note', () => {
  const found = tasksIn(NOTE, undefined, 'Ideas');
  expect(found).toMatchObject({ kind: 'list', blocks: 2 });
  const lines = found.kind === 'list' ? found.yaml.split('\n') : [];
  expect(lines[3]).toBe('- repo: acme/reef');
  expect(lines[4]).toBe('  title: One');
  expect(lines[10]).toBe('- repo: acme/reef');
  expect(lines.filter(Boolean)).toHaveLength(4);
});

test('a note with a repository in its properties is a task itself', () => {
  const text = '---\nowp-repo: acme/reef\n---\nDone when the herons are counted.\n';
  const properties = { 'owp-repo': 'acme/reef', 'owp-points': 3, 'owp-skills': 'docs, birds', 'owp-priority': 'high' };
  expect(tasksIn(text, properties, 'Count the herons')).toEqual({
    kind: 'note',
    task: {
      repo: 'acme/reef',
      title: 'Count the herons',
      description: 'Done when the herons are counted.',
      required_skills: ['docs', 'birds'],
      estimate_points: 3,
    },
  });
});

test('where nothing is found it is said how there would be', () => {
  expect(tasksIn('words', {}, 'x')).toMatchObject({
    kind: 'nothing',
    words: expect.stringContaining('owp-repo') as string,
  });
  const tied = tasksIn('words', { 'owp-repo': 'acme/reef', 'owp-task': 't_1' }, 'x');
  expect(tied).toMatchObject({
    kind: 'nothing',
    words: expect.stringContaining('belongs to a task already') as string,
  });
});

test('only properties that differ are written, and a pull request only if it is one', () => {
  const kept = { 'owp-repo': 'acme/reef', 'owp-points': 2, 'owp-state': 'leased', mine: 'stays' };
  expect(staleProperties(kept, aTask())).toEqual({});
  const reviewed = aTask({ state: 'pr_opened', artifact: { pr_url: 'https://github.com/acme/reef/pull/1' } });
  expect(staleProperties(kept, reviewed)).toEqual({
    'owp-state': 'pr_opened',
    'owp-pull-request': 'https://github.com/acme/reef/pull/1',
  });
  expect(staleProperties(kept, aTask({ artifact: { pr_url: 'javascript:alert(1)' } }))).toEqual({});
});
