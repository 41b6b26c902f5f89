import { expect, test } from 'vitest';
import { count, duration, fully, happened, inUtc, listed, relative, told } from '@owp-pool/components/words';

test('durations have the two parts that matter', () => {
  expect([0, 42, 60, 90, 3_600, 9_000, 36_000, 86_400, 200_000].map(duration)).toEqual([
    '0 s',
    '42 s',
    '1 min',
    '1 min',
    '1 h',
    '2 h 30 min',
    '10 h',
    '1 d',
    '2 d 7 h',
  ]);
});

test('settings are told to the second', () => {
  expect([0, 90, 3_600, 86_400 + 43_200, 604_800].map(fully)).toEqual(['0 s', '1 min 30 s', '1 h', '1 d 12 h', '7 d']);
});

test('the audit tells moments in UTC, wherever it is read', () => {
  expect(inUtc('2026-01-18T01:02:03.456Z')).toBe('2026-01-18 01:02:03 UTC');
  expect(inUtc('2026-01-18T01:02:03.456+01:00')).toBe('2026-01-18 00:02:03 UTC');
});

test('a moment is as far away as it is', () => {
  const now = Date.parse('2026-01-18T12:00:00.000Z');
  expect(relative('2026-01-18T11:59:58.000Z', now)).toBe('just now');
  expect(relative('2026-01-18T11:00:00.000Z', now)).toBe('1 h ago');
  expect(relative('2026-01-18T12:05:00.000Z', now)).toBe('in 5 min');
});

test('counts agree with their nouns', () => {
  expect(count(1, 'repository', 'repositories')).toBe('1 repository');
  expect(count(5000, 'task')).toBe('5,000 tasks');
  expect(told(0, 'task')).toBe('no tasks');
  expect(told(12, 'task')).toBe('12 tasks');
  expect(listed(['a', 'b', 'c'])).toBe('a, b and c');
});

test('events are sentences, with the reason where there is one, and unknown ones are still told', () => {
  expect(happened({ type: 'task_merged', details: {} })).toBe('was merged');
  expect(happened({ type: 'task_requeued', details: { outcome: 'worker_offline' } })).toBe(
    'is ready again: its holder was not heard of',
  );
  expect(happened({ type: 'worker_status_changed', details: { status: 'paused' } })).toBe(
    'paused and gets nothing new',
  );
  expect(happened({ type: 'task_painted' as 'task_merged', details: {} })).toBe('task painted');
  expect(happened({ type: 'task_painted' as 'task_merged', state: 'ready', details: {} })).toBe('is ready');
});
