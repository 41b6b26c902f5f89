import type { TaskState } from '@owp-pool/client';
import { expect, test } from 'vitest';
import { filtered, sorted, statesOf, valuesOf, type TaskFilter } from '../../src/views/tasks/filtering.js';
import { aTask } from '../../../testing/records.js';

const ANY: TaskFilter = { text: '', repo: '', states: new Set<TaskState>(), area: '', skill: '', tier: '', worker: '' };
const SOURCE = { issue: 17, url: 'https://github.com/acme/compass/issues/17', text_hash: '' };
const TASKS = [
  aTask({
    task_id: 't_1',
    title: 'Describe the needle',
    area: 'docs',
    required_skills: ['Docs'],
    priority: 50,
    state_since: '2026-01-03',
  }),
  aTask({
    task_id: 't_2',
    title: 'Oil the hinge',
    repo: 'acme/lamp',
    tier: 2,
    state: 'leased',
    holder: 'w_1',
    state_since: '2026-01-01',
  }),
  aTask({ task_id: 't_3', title: 'Item 10', key: 'needle-case', state_since: '2026-01-02', source: SOURCE }),
];
const ids = (filter: Partial<TaskFilter>) => filtered(TASKS, { ...ANY, ...filter }).map((task) => task.task_id);

test('a text is looked for in title, id, key, repository, area, skills and the issue’s number, each word for itself', () => {
  expect(ids({ text: 'needle' })).toEqual(['t_1', 't_3']);
  expect(ids({ text: '#17' })).toEqual(['t_3']);
  expect(ids({ text: 'LAMP oil' })).toEqual(['t_2']);
  expect(ids({ text: 't_3' })).toEqual(['t_3']);
  expect(ids({ text: 'needle hinge' })).toEqual([]);
});

test('filters hold all at once', () => {
  expect(ids({ states: statesOf('leased,nonsense') })).toEqual(['t_2']);
  expect(ids({ skill: 'docs' })).toEqual(['t_1']);
  expect(ids({ tier: '0', repo: 'acme/compass' })).toEqual(['t_1', 't_3']);
  expect(ids({ worker: 'w_1' })).toEqual(['t_2']);
  expect(ids({ area: 'docs', tier: '2' })).toEqual([]);
});

test('a sort can be turned round, and equals stay newest first', () => {
  const order = (key: Parameters<typeof sorted>[1], reversed = false) =>
    sorted(TASKS, key, reversed).map((task) => task.task_id);
  expect(order('since')).toEqual(['t_1', 't_3', 't_2']);
  expect(order('since', true)).toEqual(['t_2', 't_3', 't_1']);
  expect(order('priority')).toEqual(['t_1', 't_3', 't_2']);
  expect(order('title')).toEqual(['t_1', 't_3', 't_2']);
});

test('what there is to choose from has no repeats', () => {
  expect(valuesOf(TASKS, (task) => [task.area])).toEqual(['docs']);
  expect(valuesOf(TASKS, (task) => [task.repo])).toEqual(['acme/compass', 'acme/lamp']);
});
