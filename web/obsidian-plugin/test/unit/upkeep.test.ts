import { expect, test } from 'vitest';
import { Refused, Unreachable } from '@owp-pool/client';
import { fateOf, toldOf, type Upkeep } from '../../src/notes/upkeep.js';
import { fewAtOnce } from '../../src/pool/few-at-once.js';

const NOTHING: Upkeep = { changed: 0, gone: [], hidden: [], unwritten: [] };

test('a refusal of one task is told from a failure that concerns all', () => {
  expect(fateOf(new Refused(404, {}))).toBe('gone');
  expect(fateOf(new Refused(403, {}))).toBe('hidden');
  for (const failure of [new Refused(401, {}), new Refused(503, {}), new Unreachable('x', null), new Error('x')])
    expect(fateOf(failure)).toBeUndefined();
});

test('what came of it is told with names, as many as fit', () => {
  expect(toldOf(NOTHING)).toBe('Every note is up to date.');
  expect(toldOf({ ...NOTHING, gone: ['Mark the reef'] })).toBe(
    'None changed.\n1 note whose task is gone: “Mark the reef”.',
  );
  const told = toldOf({ ...NOTHING, changed: 2, hidden: ['a', 'b', 'c', 'd', 'e', 'f'], ended: 'no answer' });
  expect(told).toBe(
    '2 changed.\n6 notes whose task your token may not read: “a”, “b”, “c”, “d” and 2 more.\nNot all were looked at: no answer',
  );
});

test('a few are under way at once and never more, and after a failure none is begun', async () => {
  let [busy, most, begun] = [0, 0, 0];
  const work = async (item: number) => {
    begun += 1;
    most = Math.max(most, ++busy);
    await Promise.resolve();
    busy -= 1;
    if (item === 9) throw new Error('the ninth');
  };
  await fewAtOnce([1, 2, 3, 4, 5, 6, 7], 3, work);
  expect([begun, most, busy]).toEqual([7, 3, 0]);
  begun = 0;
  await expect(fewAtOnce([9, 1, 1, 1, 1, 1, 1, 1], 2, work)).rejects.toThrow('the ninth');
  expect(busy).toBe(0);
  expect(begun).toBeLessThan(8);
});
