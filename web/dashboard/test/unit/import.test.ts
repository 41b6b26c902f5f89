import type { ImportResult } from '@owp-pool/client';
import { expect, test } from 'vitest';
import { entriesOf, rowsOf, strangers } from '../../src/views/import/reading.js';
import { aTask } from '../../../testing/records.js';

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

test('a field that the file leaves out is told as what it is taken for', () => {
  const result: ImportResult = {
    ok: true,
    dry_run: true,
    created: 0,
    updated: 1,
    unchanged: 0,
    kept: 0,
    tasks: [
      {
        task_id: 't_1',
        title: 'Describe the needle',
        action: 'updated',
        changed: ['estimate_points', 'priority', 'area'],
      },
    ],
  };
  const known = new Map([['t_1', aTask({ estimate_points: 3, priority: 40, area: 'docs' })]]);
  expect(rowsOf(result, [{ repo: 'acme/compass', title: 'Describe the needle' }], known)[0]?.changes).toEqual([
    { field: 'estimate_points', before: '3', after: '1' },
    { field: 'priority', before: '40', after: '10' },
    { field: 'area', before: 'docs', after: '' },
  ]);
});

test('repositories that nobody registered are named once', () => {
  expect(strangers([{ repo: 'a/b' }, { repo: 'c/d' }, { repo: 'c/d' }, {}], new Set(['a/b']))).toEqual(['c/d']);
});
