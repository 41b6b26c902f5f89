import type { AnalyticsMetrics } from '@owp-pool/client';
import { expect, test } from 'vitest';
import { found } from '../../src/shell/finding.js';
import { figures } from '@owp-pool/components/words';

const SPREAD = { count: 0, mean_s: null, p50_s: null, p90_s: null };
const METRICS: AnalyticsMetrics = {
  tasks_created: 0,
  tasks_completed: 30,
  tasks_closed: 0,
  tasks_cancelled: 0,
  tasks_failed: 0,
  tasks_reverted: 0,
  avg_completion_time: null,
  avg_completion_time_s: 9_000,
  worker_utilization: null,
  pr_merge_rate: 0.91,
  bottlenecks: ['code_review'],
  leases_granted: 0,
  leases_expired: 0,
  leases_released: 0,
  lease_expiry_rate: null,
  requeue_rate: null,
  offers_made: 0,
  offers_declined: 0,
  prs_opened: 0,
  changes_requested: 0,
  reviews_per_day: 1.25,
  throttled_s: 0,
  throttled_share: 0.5,
  lead_time: SPREAD,
  wait_time: SPREAD,
  lease_time: SPREAD,
  work_time: SPREAD,
  review_time: SPREAD,
};

test('figures are written as what they are, against the period before', () => {
  const told = new Map(
    figures(METRICS, { ...METRICS, tasks_completed: 20, throttled_share: 1 }).map((figure) => [figure.key, figure]),
  );
  expect(told.get('tasks_completed')).toMatchObject({ value: '30', change: '50 % more than before' });
  expect(told.get('pr_merge_rate')).toMatchObject({ value: '91 %', change: 'as before' });
  expect(told.get('avg_completion_time_s')?.value).toBe('2.5 h');
  expect(told.get('worker_utilization')).toMatchObject({ value: '–', change: '' });
  expect(told.get('throttled_share')?.change).toBe('50 % less than before');
  expect(figures(METRICS, undefined).every((figure) => figure.change === '')).toBe(true);
});

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
