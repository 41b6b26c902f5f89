import { expect, test } from 'vitest';
import { found } from '../../src/shell/finding.js';

test('the palette finds by every word, names that begin with it first', () => {
  const choices = [
    { id: '1', name: 'Review the tasks', kind: 'task' },
    { id: '2', name: 'Tasks', kind: 'view' },
    { id: '3', name: 'Alice', kind: 'worker', note: 'w_1' },
  ];
  expect(found('tasks', choices).map(({ id }) => id)).toEqual(['2', '1']);
  expect(found('w_1 alice', choices).map(({ id }) => id)).toEqual(['3']);
  expect(found('', choices).map(({ id }) => id)).toEqual(['2', '3']);
});
