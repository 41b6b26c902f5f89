// What the states of a task, the tiers and the codes of the contract are called on the screen, and what they mean.
import type { FitCode, TaskAction, TaskState, TrustTier } from '@owp-pool/client';

export type Tone = 'plain' | 'work' | 'review' | 'good' | 'attention' | 'danger' | 'over';

interface StateWords {
  name: string;
  tone: Tone;
  meaning: string;
}

export const STATES: Record<TaskState, StateWords> = {
  waiting: { name: 'waiting', tone: 'plain', meaning: 'depends on tasks that are not merged yet' },
  ready: { name: 'ready', tone: 'plain', meaning: 'waits for a worker whom it fits' },
  offered: { name: 'offered', tone: 'work', meaning: 'one worker may take it, until the offer ends' },
  leased: { name: 'leased', tone: 'work', meaning: 'given to a worker, not begun' },
  in_progress: { name: 'in progress', tone: 'work', meaning: 'a worker is at it' },
  blocked: { name: 'blocked', tone: 'work', meaning: 'its holder waits for something' },
  pr_opened: { name: 'in review', tone: 'review', meaning: 'its pull request waits for a maintainer' },
  changes_requested: { name: 'sent back', tone: 'work', meaning: 'reviewers want more; its holder is asked' },
  merged: { name: 'merged', tone: 'good', meaning: 'done' },
  closed: { name: 'closed', tone: 'over', meaning: 'its pull request was closed without a merge' },
  failed: { name: 'failed', tone: 'danger', meaning: 'as many attempts as allowed came to nothing' },
  needs_info: { name: 'needs info', tone: 'attention', meaning: 'two workers said that its text is unclear' },
  cancelled: { name: 'cancelled', tone: 'over', meaning: 'withdrawn by a maintainer' },
};

export const STATE_ORDER = Object.keys(STATES) as TaskState[];

/** States in which a task takes a slot of its repository's review budget. */
export const IN_SLOT: ReadonlySet<TaskState> = new Set([
  'offered',
  'leased',
  'in_progress',
  'blocked',
  'changes_requested',
  'pr_opened',
]);

/** States in which a lease clock runs. */
export const HELD: ReadonlySet<TaskState> = new Set(['leased', 'in_progress', 'blocked', 'changes_requested']);

/** States in which nothing more comes of a task. */
export const OVER: ReadonlySet<TaskState> = new Set(['merged', 'closed', 'cancelled']);

/** The contract's table of moves by a maintainer: an action is shown where it is allowed. */
export const ACTIONS: Record<TaskAction, { name: string; from: ReadonlySet<TaskState>; effect: string }> = {
  merge: {
    name: 'Mark merged',
    from: new Set(['pr_opened', 'changes_requested']),
    effect: 'says that its pull request was merged',
  },
  request_changes: {
    name: 'Send back',
    from: new Set(['pr_opened']),
    effect: 'asks its author for changes, with your words',
  },
  close: {
    name: 'Mark closed',
    from: new Set(['pr_opened', 'changes_requested']),
    effect: 'says that its pull request was closed without a merge',
  },
  requeue: {
    name: 'Requeue',
    from: new Set([
      'offered',
      'leased',
      'in_progress',
      'blocked',
      'changes_requested',
      'pr_opened',
      'failed',
      'closed',
      'needs_info',
      'cancelled',
    ]),
    effect: 'makes it ready again, with a fresh count of attempts; a live lease ends',
  },
  revert: { name: 'Mark reverted', from: new Set(['merged']), effect: 'says that what was merged was taken out again' },
  cancel: {
    name: 'Cancel task',
    from: new Set([
      'waiting',
      'ready',
      'offered',
      'leased',
      'in_progress',
      'blocked',
      'pr_opened',
      'changes_requested',
      'failed',
      'needs_info',
    ]),
    effect: 'withdraws it; a live lease ends',
  },
};

export const TIERS: Record<TrustTier, { name: string; reach: number; meaning: string }> = {
  untrusted: { name: 'untrusted', reach: 0, meaning: 'takes tasks of tier 0' },
  basic: { name: 'basic', reach: 1, meaning: 'takes tasks up to tier 1' },
  trusted: { name: 'trusted', reach: 2, meaning: 'takes tasks up to tier 2' },
  maintainer: { name: 'maintainer', reach: 3, meaning: 'takes tasks of every tier' },
};

/** Why nothing new is given, in two or three words; the server's `detail` says the rest. */
export const CODES: Partial<Record<FitCode, string>> = {
  repo_paused: 'paused',
  quiet_hours: 'quiet hours',
  pr_rate_spent: 'hourly limit reached',
  review_budget_spent: 'budget spent',
  area_locked: 'area taken',
  not_admitted: 'not admitted',
  skills_missing: 'skills missing',
  tier_too_low: 'tier too low',
  points_exceeded: 'too many points',
  concurrency_exceeded: 'holds enough',
  declined_recently: 'declined lately',
  dependency_open: 'dependency open',
  reputation_window: 'others go first',
  window_too_short: 'too little time',
  quota_exhausted: 'quota spent',
  worker_offline: 'offline',
  worker_paused: 'paused',
  hold_time_spent: 'held too long',
  task_not_ready: 'not ready',
};

export function codeName(code: FitCode): string {
  return CODES[code] ?? code.replaceAll('_', ' ');
}
