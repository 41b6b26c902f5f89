// Events as sentences. The subject is said by the view beside it, so these begin with what was done.
import type { EventType, PoolEvent } from '@owp-pool/client';
import { STATES } from './states.js';

const SENTENCES: Record<EventType, string> = {
  repo_created: 'was registered',
  repo_updated: 'has new settings',
  repo_admission_changed: 'has new lists of who may work on it',
  repo_opened: 'gives work again',
  repo_closed: 'gives no new work for now',
  repo_linked: 'was linked to GitHub, or its link was changed',
  repo_look_due: 'has news at GitHub',
  worker_registered: 'registered',
  worker_status_changed: 'says that it is there',
  worker_updated: 'changed what it can do',
  worker_trust_changed: 'has another trust tier',
  worker_revoked: 'was shut out',
  worker_online: 'is here',
  worker_offline: 'was not heard of for too long',
  task_created: 'was put in',
  task_updated: 'was edited',
  task_source_edited: 'has an issue that was edited since it was accepted, or is as accepted again',
  task_offered: 'was offered',
  task_declined: 'was declined',
  task_ready: 'is ready: what it waited for is merged',
  task_waiting: 'waits again',
  task_assigned: 'was leased',
  task_started: 'was begun',
  task_blocked: 'is blocked',
  task_parked: 'is parked until the quota is back',
  task_noted: 'has news',
  lease_renewed: 'was given more time',
  task_pr_opened: 'has a pull request',
  task_changes_requested: 'was sent back',
  task_review_idle: 'has been idle in review and takes no slot any more',
  task_rated: 'was rated',
  task_merged: 'was merged',
  task_reverted: 'was taken out again',
  task_closed: 'was closed',
  task_cancelled: 'was cancelled',
  task_needs_info: 'needs a clearer text',
  task_requeued: 'is ready again',
  task_failed: 'has failed',
  sign_in_failed: 'somebody was turned away at sign-in',
  request_refused: 'a request was refused',
  audit_exported: 'the audit was exported',
  backup_taken: 'a backup was taken',
};

/** Every type that the contract has. */
export const EVENT_TYPES = Object.keys(SENTENCES) as EventType[];

const OUTCOMES: Record<string, string> = {
  expired: 'the lease ran out',
  released: 'its holder gave it back',
  worker_offline: 'its holder was not heard of',
  revoked: 'its holder was shut out',
  taken_back: 'it was taken back',
  requeued: 'a maintainer requeued it',
};

const STATUSES: Record<string, string> = {
  idle: 'is free for work',
  working: 'is at work',
  paused: 'paused and gets nothing new',
};

/** What happened, to be read after the name of whom it happened to. */
export function happened(event: Pick<PoolEvent, 'type' | 'state' | 'details'>): string {
  const outcome = event.details?.['outcome'];
  const why = typeof outcome === 'string' ? OUTCOMES[outcome] : undefined;
  const status = event.type === 'worker_status_changed' ? event.details?.['status'] : undefined;
  const sentence =
    (typeof status === 'string' ? STATUSES[status] : undefined) ??
    SENTENCES[event.type] ??
    (event.state ? `is ${STATES[event.state].name}` : event.type.replaceAll('_', ' '));
  return why ? `${sentence}: ${why}` : sentence;
}

export type Weight = 'news' | 'quiet';

const QUIET = new Set([
  'lease_renewed',
  'worker_status_changed',
  'task_noted',
  'task_rated',
  'worker_online',
  'task_started',
]);

/** What a maintainer would skip over is set quieter. */
export function weightOf(type: string): Weight {
  return QUIET.has(type) ? 'quiet' : 'news';
}
