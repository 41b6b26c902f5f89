import { expect, test } from 'vitest';
import { detailsOf } from '../../src/views/audit/details.js';

const named = (id: string) => (id === 'w_1' ? 'Alice' : id);
const told = (details: Record<string, unknown>) =>
  detailsOf(details, named).map(({ name, value }) => `${name}: ${value}`);

test('details of an entry are flat, with times as times, moments in UTC and workers by name', () => {
  expect(
    told({
      worker_id: 'w_1',
      expires_at: '2026-01-18T05:00:00.000Z',
      spent: { lease_ms: 18, wait_ms: 90_000 },
      lease_ttl_s: 14_400,
      artifact: { pr_url: 'https://example.org/pull/7' },
    }),
  ).toEqual([
    'worker: Alice',
    'expires at: 2026-01-18 05:00:00 UTC',
    'spent lease: 18 ms',
    'spent wait: 1 min 30 s',
    'lease ttl: 4 h',
    'artifact pr url: https://example.org/pull/7',
  ]);
});

test('nothing of an entry is left out', () => {
  expect(told({ tier: null, paused: false, changed: ['title', 'tier'], empty: [], points: 5_000 })).toEqual([
    'tier: none',
    'paused: no',
    'changed: title, tier',
    'empty: none',
    'points: 5,000',
  ]);
  expect(detailsOf(undefined, named)).toEqual([]);
});
