import { describe, expect, test } from 'vitest';
import { headline, needsOf } from '../../src/pool/needs.js';
import { aTask, aWorker } from './records.js';

const NOW = Date.parse('2026-01-18T12:00:00.000Z');

describe('what needs a maintainer', () => {
  test('is what waits for review, is unclear or failed, and leases about to end, in this order and oldest first', () => {
    const tasks = [
      aTask({ task_id: 't_ready' }),
      aTask({ task_id: 't_ends', state: 'in_progress', lease_expires_at: '2026-01-18T12:20:00.000Z' }),
      aTask({ task_id: 't_lasts', state: 'in_progress', lease_expires_at: '2026-01-18T13:20:00.000Z' }),
      aTask({ task_id: 't_failed', state: 'failed' }),
      aTask({ task_id: 't_unclear', state: 'needs_info' }),
      aTask({ task_id: 't_new', state: 'pr_opened', state_since: '2026-01-18T11:00:00.000Z' }),
      aTask({ task_id: 't_old', state: 'pr_opened', state_since: '2026-01-18T09:00:00.000Z' }),
    ];
    expect(needsOf(tasks, [], NOW).map((need) => need.task?.task_id)).toEqual([
      't_old',
      't_new',
      't_unclear',
      't_failed',
      't_ends',
    ]);
  });

  test('a lease that has ended by the clock is the pool’s to settle', () => {
    const ended = aTask({ state: 'leased', lease_expires_at: '2026-01-18T11:59:00.000Z' });
    expect(needsOf([ended], [], NOW)).toEqual([]);
  });

  test('a tier that a record speaks for is a decision, unless the worker is shut out', () => {
    const workers = [
      aWorker({ trust_tier_suggested: 'basic' }),
      aWorker({ worker_id: 'w_2', trust_tier_suggested: 'basic', revoked: true }),
    ];
    expect(needsOf([], workers, NOW).map((need) => need.worker?.worker_id)).toEqual(['w_1']);
  });

  test('is told in one sentence', () => {
    const review = aTask({ state: 'pr_opened' });
    expect(headline([])).toBe('');
    expect(headline(needsOf([review], [], NOW))).toBe('one pull request to review');
    expect(
      headline(needsOf([review, { ...review, task_id: 't_2' }, aTask({ task_id: 't_3', state: 'failed' })], [], NOW)),
    ).toBe('two pull requests to review and one task that failed');
  });
});
