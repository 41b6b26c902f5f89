// What happened lately, newest first. Comes from the server's events where it has them, and is told from the difference
// between two looks where it has not.
import type { AuditEvent, EventType, PoolEvent, Repo, Task, TaskState, Worker } from '@owp-pool/client';

/** More than anybody scrolls through; the audit has the rest. */
const KEPT_MAX = 200;

class News {
  items = $state.raw<readonly PoolEvent[]>([]);

  add(events: readonly PoolEvent[]): void {
    if (events.length === 0) return;
    const known = new Set(this.items.map(keyOf));
    const fresh = events.filter((event) => !known.has(keyOf(event)));
    this.items = [...fresh].reverse().concat(this.items).slice(0, KEPT_MAX);
  }

  /** What happened before the page was opened goes behind what it saw itself; newest first, as the audit has it. */
  addPast(past: readonly AuditEvent[]): void {
    const known = new Set(this.items.map(keyOf));
    const events = past.map(asEvent).filter((event) => !known.has(keyOf(event)));
    this.items = this.items.concat(events).slice(0, KEPT_MAX);
  }

  clear(): void {
    this.items = [];
  }
}

export const news = new News();

/** An event is the same whether the stream or the audit tells of it. */
function keyOf(event: PoolEvent): string {
  return `${event.subject}#${event.seq}`;
}

function asEvent({ timestamp, event_type, target, target_kind, ...rest }: AuditEvent): PoolEvent {
  const about = target_kind === 'task' ? { task_id: target } : target_kind === 'worker' ? { worker_id: target } : {};
  return { ...rest, ...about, at: timestamp, type: event_type, subject: `${target_kind}:${target}` };
}

let seen = 0;

/** Nobody said who did what was only seen to have happened, nor how it is numbered. */
function seenNow() {
  seen += 1;
  return { id: `seen-${seen}`, actor: 'system', seq: seen, details: {} };
}

/** The event that explains the difference between two looks at a task. */
export function taskNews(before: Task | undefined, after: Task): PoolEvent | undefined {
  if (before?.state === after.state) return undefined;
  const worker = after.holder ?? after.offered_to;
  return {
    type: before ? (TYPES[after.state] ?? 'task_updated') : 'task_created',
    at: after.updated_at,
    ...seenNow(),
    subject: `task:${after.task_id}`,
    task_id: after.task_id,
    repo: after.repo,
    state: after.state,
    ...(worker ? { worker_id: worker } : {}),
    details: lastOutcome(before, after),
  };
}

export function workerNews(before: Worker | undefined, after: Worker): PoolEvent | undefined {
  const type: EventType | undefined = !before
    ? 'worker_registered'
    : before.revoked !== after.revoked
      ? 'worker_revoked'
      : before.trust_tier !== after.trust_tier
        ? 'worker_trust_changed'
        : before.online !== after.online
          ? after.online
            ? 'worker_online'
            : 'worker_offline'
          : undefined;
  if (!type) return undefined;
  const at = type === 'worker_registered' ? after.registered_at : new Date().toISOString();
  return { type, at, ...seenNow(), subject: `worker:${after.worker_id}`, worker_id: after.worker_id };
}

export function repoNews(before: Repo | undefined, after: Repo): PoolEvent | undefined {
  if (before && before.updated_at === after.updated_at && before.closed?.code === after.closed?.code) return undefined;
  const type: EventType | undefined = !before
    ? 'repo_created'
    : settings(before) !== settings(after)
      ? 'repo_updated'
      : undefined;
  return (
    type && {
      type,
      at: after.updated_at,
      ...seenNow(),
      subject: `repo:${after.repo}`,
      repo: after.repo,
    }
  );
}

const TYPES: Partial<Record<TaskState, EventType>> = {
  ready: 'task_requeued',
  waiting: 'task_waiting',
  offered: 'task_offered',
  leased: 'task_assigned',
  in_progress: 'task_started',
  blocked: 'task_blocked',
  pr_opened: 'task_pr_opened',
  changes_requested: 'task_changes_requested',
  merged: 'task_merged',
  closed: 'task_closed',
  cancelled: 'task_cancelled',
  needs_info: 'task_needs_info',
  failed: 'task_failed',
};

function lastOutcome(before: Task | undefined, after: Task): Record<string, unknown> {
  const last = after.attempts.at(-1);
  return before && last?.outcome && after.state === 'ready' ? { outcome: last.outcome } : {};
}

function settings(repo: Repo): string {
  const { offers_open, leases_live, prs_open, prs_idle, slots_free, closed, updated_at, ...rest } = repo;
  void [offers_open, leases_live, prs_open, prs_idle, slots_free, closed, updated_at];
  return JSON.stringify(rest);
}
