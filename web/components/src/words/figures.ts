// The metrics of the contract as people read them: which are shown, what they are called, how they are written.
import type { AnalyticsDay, AnalyticsMetrics, Bottleneck } from '@owp-pool/client';

type Kind = 'amount' | 'share' | 'time';

interface Shown<Key> {
  key: Key;
  name: string;
  kind: Kind;
}

type NumberKey = {
  [Key in keyof AnalyticsMetrics]: AnalyticsMetrics[Key] extends number | null ? Key : never;
}[keyof AnalyticsMetrics];
type DayKey = Exclude<keyof AnalyticsDay, 'date'>;

const METRICS: Shown<NumberKey>[] = [
  { key: 'tasks_completed', name: 'Tasks merged', kind: 'amount' },
  { key: 'avg_completion_time_s', name: 'From ready to merged', kind: 'time' },
  { key: 'pr_merge_rate', name: 'Merged among reviewed', kind: 'share' },
  { key: 'worker_utilization', name: 'Workers busy', kind: 'share' },
  { key: 'reviews_per_day', name: 'Reviews a day', kind: 'amount' },
  { key: 'throttled_share', name: 'Time with the budget spent', kind: 'share' },
  { key: 'lease_expiry_rate', name: 'Leases that ran out', kind: 'share' },
  { key: 'tasks_failed', name: 'Tasks failed', kind: 'amount' },
];

export const CHARTS: Shown<DayKey>[] = [
  { key: 'tasks_completed', name: 'Tasks merged', kind: 'amount' },
  { key: 'prs_opened', name: 'Pull requests opened', kind: 'amount' },
  { key: 'tasks_created', name: 'Tasks put in', kind: 'amount' },
  { key: 'lead_p50_s', name: 'From ready to merged, for the middle task', kind: 'time' },
  { key: 'throttled_s', name: 'Time with the budget spent', kind: 'time' },
  { key: 'leases_expired', name: 'Leases that ran out', kind: 'amount' },
];

/** What holds things up, and what would help. */
export const BOTTLENECKS: Record<Bottleneck, string> = {
  review_budget:
    'the review budget is spent most of the time: a larger one would let more through, if you can review more',
  code_review: 'pull requests wait long for review: faster reviews free slots sooner',
  worker_supply: 'ready tasks find no worker whom they fit: invite more, or ask for fewer skills and lower tiers',
  work: 'the work itself takes longest: smaller tasks would come back sooner',
  rework: 'many pull requests are sent back: clearer task texts would spare rounds',
  lease_expiry: 'many leases run out: tasks may be too large for their estimate',
};

/** The parts of the way of a merged task, in their order. */
export const PARTS = [
  ['wait_time', 'waiting for a worker'],
  ['work_time', 'worked on'],
  ['review_time', 'in review'],
  ['lead_time', 'all in all'],
] as const;

const FORMATS: Record<Kind, (value: number) => string> = {
  amount: (value) => value.toLocaleString('en', { maximumFractionDigits: 1 }),
  share: (value) => `${Math.round(value * 100)} %`,
  time: (value) =>
    value >= 86_400
      ? `${(value / 86_400).toFixed(1)} d`
      : value >= 3_600
        ? `${(value / 3_600).toFixed(1)} h`
        : value >= 60
          ? `${Math.round(value / 60)} min`
          : `${Math.round(value)} s`,
};

export function formatOf(kind: Kind): (value: number) => string {
  return FORMATS[kind];
}

export interface Figure {
  key: string;
  name: string;
  value: string;
  /** Against the period before, in words; empty where there is nothing to compare. */
  change: string;
}

export function figures(metrics: AnalyticsMetrics, before: AnalyticsMetrics | undefined): Figure[] {
  return METRICS.map(({ key, name, kind }) => {
    const value = metrics[key];
    return {
      key,
      name,
      value: value === null ? '–' : FORMATS[kind](value),
      change: changeOf(value, before?.[key] ?? null),
    };
  });
}

function changeOf(value: number | null, before: number | null): string {
  if (value === null || before === null || before === 0) return '';
  const percent = Math.round(((value - before) / before) * 100);
  return percent === 0 ? 'as before' : `${Math.abs(percent)} % ${percent > 0 ? 'more' : 'less'} than before`;
}
