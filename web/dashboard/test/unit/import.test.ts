import type { ImportResult } from '@owp-pool/client';
import { expect, test } from 'vitest';
import { entriesOf, rowsOf, strangers } from '../../src/views/import/reading.js';
import { aTask } from './records.js';

test('YAML and JSON are read alike, and what can’t be read is left to the server', async () => {
  expect(await entriesOf('- repo: demo\n  title: A\n')).toEqual([{ repo: 'demo', title: 'A' }]);
  expect(await entriesOf('[{"repo": "demo", "title": "A"}]')).toEqual([{ repo: 'demo', title: 'A' }]);
  expect(await entriesOf('- "never closed')).toEqual([]);
  expect(await entriesOf('just text')).toEqual([]);
});

test('a change shows both sides, a creation what it brings', () => {
  const result: ImportResult = {
    ok: true,
    dry_run: true,
    created: 1,
    updated: 1,
    unchanged: 0,
    kept: 0,
    tasks: [
      { task_id: 't_1', title: 'Describe the needle', action: 'updated', changed: ['priority', 'required_skills'] },
      { task_id: 't_new', title: 'New', action: 'created' },
    ],
  };
  const entries = [
    { repo: 'acme/compass', priority: 80, required_skills: ['docs', 'rust'] },
    { repo: 'acme/lamp', title: 'New', estimate_points: 2 },
  ];
  const rows = rowsOf(result, entries, new Map([['t_1', aTask()]]));
  expect(rows[0]?.changes).toEqual([
    { field: 'priority', before: '10', after: '80' },
    { field: 'required_skills', before: '', after: 'docs, rust' },
  ]);
  expect(rows[1]).toMatchObject({ repo: 'acme/lamp', changes: [{ field: 'estimate_points', before: '', after: '2' }] });
});

test('repositories that nobody registered are named once', () => {
  expect(strangers([{ repo: 'a/b' }, { repo: 'c/d' }, { repo: 'c/d' }, {}], new Set(['a/b']))).toEqual(['c/d']);
});
