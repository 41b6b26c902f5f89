import { describe, expect, test } from 'vitest';
import { headline, needsOf } from '@owp-pool/components/words';
import { aRepo, aTask, aWorker } from './records.js';

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
    expect(needsOf(tasks, [], [], NOW).map((need) => need.task?.task_id)).toEqual([
      't_old',
      't_new',
      't_unclear',
      't_failed',
      't_ends',
    ]);
  });

  test('a lease that has ended by the clock is the pool’s to settle', () => {
    const ended = aTask({ state: 'leased', lease_expires_at: '2026-01-18T11:59:00.000Z' });
    expect(needsOf([ended], [], [], NOW)).toEqual([]);
  });

  test('a tier that a record speaks for is a decision, unless the worker is shut out', () => {
    const workers = [
      aWorker({ trust_tier_suggested: 'basic' }),
      aWorker({ worker_id: 'w_2', trust_tier_suggested: 'basic', revoked: true }),
    ];
    expect(needsOf([], workers, [], NOW).map((need) => need.worker?.worker_id)).toEqual(['w_1']);
  });

  test('an issue that says something else than what was accepted is to be read, until its task is over', () => {
    const same = { issue: 7, url: 'https://github.com/acme/compass/issues/7', text_hash: '' };
    const source = { ...same, edited_at: '2026-01-18T10:00:00.000Z' };
    const tasks = [
      aTask({ task_id: 't_open', source }),
      aTask({ task_id: 't_both', state: 'pr_opened', source }),
      aTask({ task_id: 't_over', state: 'merged', source }),
      aTask({ task_id: 't_same', source: same }),
    ];
    const needs = needsOf(tasks, [], [], NOW);
    expect(needs.map((need) => [need.kind, need.task?.task_id])).toEqual([
      ['review', 't_both'],
      ['edited', 't_open'],
      ['edited', 't_both'],
    ]);
    expect(headline(needs)).toBe('one pull request to review and two issues that changed since');
  });

  test('of many kinds the most pressing are named, and the others counted', () => {
    const link = { sync_type: 'import', admission: 'off', linked_at: '' } as const;
    const tasks = [
      aTask({ task_id: 't_1', state: 'pr_opened' }),
      aTask({ task_id: 't_2', state: 'needs_info' }),
      aTask({ task_id: 't_3', state: 'failed' }),
    ];
    const repos = [aRepo({ github: { ...link, write_permissions: [], policy_faults: ['line 1'] } })];
    expect(headline(needsOf(tasks, [], [], NOW))).toBe(
      'one pull request to review, one task to make clearer and one task that failed',
    );
    expect(headline(needsOf(tasks, [], repos, NOW))).toBe(
      'one pull request to review, one task to make clearer and two more things to look at',
    );
  });

  test('a link to GitHub that was cut hides the mistakes of a policy that nobody can read', () => {
    const link = {
      sync_type: 'import',
      write_permissions: [],
      admission: 'report',
      linked_at: '2026-01-18T10:00:00.000Z',
    } as const;
    const policy_faults = ['line 4, column 3, /size: is unknown'];
    const repos = [
      aRepo({ repo: 'a/unlinked' }),
      aRepo({ repo: 'a/well', github: { ...link, write_permissions: [] } }),
      aRepo({ repo: 'a/faulty', github: { ...link, write_permissions: [], policy_faults } }),
      aRepo({ repo: 'a/cut', github: { ...link, write_permissions: [], policy_faults, suspended: true } }),
    ];
    const needs = needsOf([], [], repos, NOW);
    expect(needs.map((need) => [need.kind, need.repo?.repo])).toEqual([
      ['cut', 'a/cut'],
      ['policy', 'a/faulty'],
    ]);
    expect(headline(needs)).toBe('one link to GitHub that was cut and one policy file with mistakes');
  });

  test('is told in one sentence', () => {
    const review = aTask({ state: 'pr_opened' });
    expect(headline([])).toBe('');
    expect(headline(needsOf([review], [], [], NOW))).toBe('one pull request to review');
    expect(
      headline(
        needsOf([review, { ...review, task_id: 't_2' }, aTask({ task_id: 't_3', state: 'failed' })], [], [], NOW),
      ),
    ).toBe('two pull requests to review and one task that failed');
  });
});
