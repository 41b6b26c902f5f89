import { expect, test } from 'vitest';
import { queryFrom } from '../../src/notes/query.js';

test.each([
  ['', { show: 'status' }],
  ['show: budgets\nrepo: acme/reef', { show: 'budgets', repo: 'acme/reef' }],
  ['state: ready\nlimit: 5', { show: 'tasks', state: 'ready', limit: 5 }],
  ['# a remark\nshow: events', { show: 'events', limit: 10 }],
  ['task: t_1', { show: 'task', task: 't_1' }],
])('a block says what it shows: %j', (block, query) => expect(queryFrom(block)).toEqual(query));

test.each([
  ['show: everything', 'status, budgets, tasks, events, work or task'],
  ['show: tasks\nstate: done', 'waiting, ready'],
  ['show: tasks\nsort: age', 'It takes repo, state, area, skill and limit'],
  ['show: status\nrepo: a/b', 'take “repo” away'],
  ['limit: many', 'from 1 to 100'],
  ['what is this', 'Write lines such as'],
  ['show: task', 'Say which task'],
])('what is wrong with a block is said with what would be right: %j', (block, words) =>
  expect(queryFrom(block)).toEqual({ fault: expect.stringContaining(words) as string }),
);
