import { expect, test } from 'vitest';
import { aRepo, aTask, aWorker } from '../../testing/records.js';
import {
  fieldOf,
  fullHourIn,
  momentOf,
  pauseEdit,
  pauseOf,
  pauseWished,
  taskDraft,
  taskEdit,
  workerDraft,
  workerEdit,
} from '../src/words/index.js';

const UNTIL = '2026-01-18T23:15:42.123Z';

test('a form that nobody touched changes nothing', () => {
  const task = aTask({ area: 'docs', required_skills: ['docs', 'css'], depends_on: ['t_2'] });
  expect(taskEdit(task, taskDraft(task))).toEqual({});
  const worker = aWorker({ availability: { until: UNTIL, quota_resets_at: UNTIL, points_per_day: 8 } });
  expect(workerEdit(worker, workerDraft(worker))).toEqual({});
  const repo = aRepo({ paused: true, paused_until: UNTIL });
  expect(pauseEdit(repo, pauseWished(repo, 'until', fieldOf(UNTIL)))).toEqual({});
});

test('of a task only what differs is sent, and an emptied area is one', () => {
  const task = aTask({ area: 'docs', required_skills: ['docs'] });
  const draft = { ...taskDraft(task), title: ' Another ', skills: 'docs, , css ', area: ' ', points: 5 };
  expect(taskEdit(task, draft)).toEqual({
    title: 'Another',
    required_skills: ['docs', 'css'],
    area: '',
    estimate_points: 5,
  });
});

test('a part of the availability that differs takes the others along, and an empty field takes a limit away', () => {
  const worker = aWorker({ availability: { until: UNTIL, points_per_day: 8 } });
  expect(workerEdit(worker, { ...workerDraft(worker), perDay: 3 })).toEqual({
    availability: { until: UNTIL, points_per_day: 3 },
  });
  expect(workerEdit(worker, { ...workerDraft(worker), until: '', perDay: null })).toEqual({ availability: {} });
  expect(workerEdit(worker, { ...workerDraft(worker), skills: 'docs', tasks: 7 })).toEqual({
    skills: ['docs'],
    max_concurrent_tasks: 7,
  });
});

test('a pause is open, or has an end; one that is ended or left without an end is told apart', () => {
  const open = aRepo({ paused: true });
  expect(pauseOf(undefined)).toEqual({ kind: 'none' });
  expect(pauseEdit(open, pauseWished(open, 'none', ''))).toEqual({ paused: false });
  expect(pauseEdit(open, pauseWished(open, 'until', ''))).toEqual({});
  expect(pauseEdit(open, pauseWished(open, 'until', fieldOf('2026-01-19T01:00:00Z')))).toEqual({
    paused: false,
    paused_until: '2026-01-19T01:00:00.000Z',
  });
  const ending = aRepo({ paused: true, paused_until: UNTIL });
  expect(pauseEdit(ending, pauseWished(ending, 'open', ''))).toEqual({ paused: true });
});

test('a moment is kept to the millisecond where its field was not touched', () => {
  expect(momentOf(fieldOf(UNTIL), UNTIL)).toBe(UNTIL);
  expect(momentOf(fieldOf(UNTIL))).toBe('2026-01-18T23:15:00.000Z');
  expect(momentOf('', UNTIL)).toBeUndefined();
  expect(fieldOf(undefined)).toBe('');
  expect(momentOf(fullHourIn(2, Date.parse('2026-01-18T12:10:00Z')))).toBe('2026-01-18T15:00:00.000Z');
});
