// What a maintainer has to look at, most pressing first. Pure: records and the time in, a list out.
import type { Task, Worker } from '@owp-pool/client';
import { HELD } from '../words/states.js';
import { listed, told } from '../words/plural.js';

export type NeedKind = 'review' | 'unclear' | 'failed' | 'expiring' | 'tier';

export interface Need {
  kind: NeedKind;
  task?: Task;
  worker?: Worker;
  /** Since when, or by when. */
  at: string;
}

/** A lease with less than this left is worth a look; renewals usually come at a third of the lease time. */
const EXPIRING_MS = 30 * 60_000;

const ORDER: NeedKind[] = ['review', 'unclear', 'failed', 'expiring', 'tier'];

export function needsOf(tasks: readonly Task[], workers: readonly Worker[], now: number): Need[] {
  const needs: Need[] = [];
  for (const task of tasks) {
    if (task.state === 'pr_opened') needs.push({ kind: 'review', task, at: task.state_since });
    else if (task.state === 'needs_info') needs.push({ kind: 'unclear', task, at: task.state_since });
    else if (task.state === 'failed') needs.push({ kind: 'failed', task, at: task.state_since });
    else if (HELD.has(task.state) && isExpiring(task, now))
      needs.push({ kind: 'expiring', task, at: task.lease_expires_at as string });
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

/** The one sentence at the top: what waits for the maintainer, or that nothing does. */
export function headline(needs: readonly Need[]): string {
  const of = (kind: NeedKind) => needs.filter((need) => need.kind === kind).length;
  const parts: string[] = [];
  const [review, unclear, failed, expiring, tier] = ORDER.map(of) as [number, number, number, number, number];
  if (review) parts.push(`${told(review, 'pull request')} to review`);
  if (unclear) parts.push(`${told(unclear, 'task')} to make clearer`);
  if (failed) parts.push(`${told(failed, 'task')} that failed`);
  if (expiring) parts.push(`${told(expiring, 'lease')} about to end`);
  if (tier) parts.push(`${told(tier, 'trust tier')} to decide`);
  return parts.length > 0 ? listed(parts) : '';
}
