// What a maintainer has to look at, most pressing first. Pure: records and the time in, a list out.
import type { Repo, Task, Worker } from '@owp-pool/client';
import { HELD, OVER } from './states.js';
import { listed, told } from './plural.js';

export type NeedKind = 'review' | 'unclear' | 'failed' | 'expiring' | 'cut' | 'policy' | 'edited' | 'tier';

export interface Need {
  kind: NeedKind;
  task?: Task;
  worker?: Worker;
  repo?: Repo;
  /** Since when, or by when. */
  at: string;
}

/** A lease with less than this left is worth a look; renewals usually come at a third of the lease time. */
const EXPIRING_MS = 30 * 60_000;

const ORDER: NeedKind[] = ['review', 'unclear', 'failed', 'expiring', 'cut', 'policy', 'edited', 'tier'];

export function needsOf(
  tasks: readonly Task[],
  workers: readonly Worker[],
  repos: readonly Repo[],
  now: number,
): Need[] {
  const needs: Need[] = [];
  for (const task of tasks) {
    if (task.state === 'pr_opened') needs.push({ kind: 'review', task, at: task.state_since });
    else if (task.state === 'needs_info') needs.push({ kind: 'unclear', task, at: task.state_since });
    else if (task.state === 'failed') needs.push({ kind: 'failed', task, at: task.state_since });
    else if (HELD.has(task.state) && isExpiring(task, now))
      needs.push({ kind: 'expiring', task, at: task.lease_expires_at as string });
    // Beside what else a task may need: its text is not what its author says any more.
    if (task.source?.edited_at && !OVER.has(task.state))
      needs.push({ kind: 'edited', task, at: task.source.edited_at });
  }
  for (const repo of repos) {
    if (!repo.github) continue;
    if (repo.github.suspended) needs.push({ kind: 'cut', repo, at: repo.github.linked_at });
    else if (repo.github.policy_faults?.length) needs.push({ kind: 'policy', repo, at: repo.github.linked_at });
  }
  for (const worker of workers) {
    if (worker.trust_tier_suggested && !worker.revoked) needs.push({ kind: 'tier', worker, at: worker.last_seen_at });
  }
  return needs.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || a.at.localeCompare(b.at));
}

function isExpiring(task: Task, now: number): boolean {
  if (!task.lease_expires_at) return false;
  const left = Date.parse(task.lease_expires_at) - now;
  return left > 0 && left < EXPIRING_MS;
}

const WORDS: Record<NeedKind, [one: string, rest: string]> = {
  review: ['pull request', ' to review'],
  unclear: ['task', ' to make clearer'],
  failed: ['task', ' that failed'],
  expiring: ['lease', ' about to end'],
  cut: ['link', ' to GitHub that was cut'],
  policy: ['policy file', ' with mistakes'],
  edited: ['issue', ' that changed since'],
  tier: ['trust tier', ' to decide'],
};

/** So many kinds are named; of more the list below tells. */
const NAMED_MAX = 3;

/** The one sentence at the top: what waits for the maintainer, or that nothing does. */
export function headline(needs: readonly Need[]): string {
  const counts = ORDER.map((kind) => [kind, needs.filter((need) => need.kind === kind).length] as const);
  const found = counts.filter(([, amount]) => amount > 0);
  const named = found.length > NAMED_MAX ? found.slice(0, NAMED_MAX - 1) : found;
  const parts = named.map(([kind, amount]) => `${told(amount, WORDS[kind][0])}${WORDS[kind][1]}`);
  const rest = needs.length - named.reduce((sum, [, amount]) => sum + amount, 0);
  return listed(rest > 0 ? [...parts, `${told(rest, 'more thing')} to look at`] : parts);
}
