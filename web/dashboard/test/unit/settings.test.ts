import { expect, test } from 'vitest';
import { pauseOf } from '@owp-pool/components/words';
import { changesOf, effectsOf } from '../../src/views/repos/settings.js';
import { aRepo, aTask } from '../../../testing/records.js';

const NOW = Date.parse('2026-01-18T12:00:00.000Z');
const READY = [aTask(), aTask({ task_id: 't_2' })];
const told = (repo: Parameters<typeof effectsOf>[0], changes: Parameters<typeof effectsOf>[1]) =>
  effectsOf(repo, changes, READY, NOW).map((effect) => effect.text);

test('only what differs is sent', () => {
  const repo = aRepo({ quiet_hours: [{ from: '22:00', to: '07:00', days: [] }] });
  expect(
    changesOf(repo, { max_open_prs: 3, weight: 20, quiet_hours: [{ from: '22:00', to: '07:00', days: [] }] }),
  ).toEqual({ weight: 20 });
  expect(changesOf(undefined, { max_open_prs: 3 })).toEqual({ max_open_prs: 3 });
});

test('a larger budget says what could be given at once', () => {
  expect(told(aRepo({ prs_open: 2 }), { max_open_prs: 4 })).toEqual([
    'Up to 4 pull requests may come to you at once. 2 ready tasks could be given right away.',
  ]);
});

test('a budget below its use takes nothing back and says so', () => {
  const effects = effectsOf(aRepo({ prs_open: 2, leases_live: 1 }), { max_open_prs: 1 }, READY, NOW);
  expect(effects).toEqual([
    {
      text: '3 slots are in use now. Nothing is taken back, and nothing new is given until fewer than 1 are.',
      careful: true,
    },
  ]);
});

test('a budget of zero stops assignment', () => {
  expect(told(aRepo({ prs_open: 1 }), { max_open_prs: 0 })[0]).toMatch(/^Nothing is given any more\. The 1 in use now/);
});

test('every setting that is changed has its sentence', () => {
  const changes = {
    paused: true,
    area_locks_enabled: false,
    trust_tier_min: 'basic',
    allow_listed_only: true,
    weight: 5,
    security_extra_slots: 1,
    prs_per_hour_max: 2,
    review_idle_days: 7,
    quiet_hours: [{ from: '22:00', to: '07:00' }],
    reputation_bar: 60,
  } as const;
  expect(effectsOf(aRepo(), { ...changes, quiet_hours: [...changes.quiet_hours] }, READY, NOW)).toHaveLength(
    Object.keys(changes).length,
  );
});

test('a pause has an end or is open, and says which of the two the contract’s fields mean', () => {
  const at = '2026-01-18T14:00:00.000Z';
  const paused = aRepo({ paused: true, paused_until: at });
  expect(pauseOf(aRepo())).toEqual({ kind: 'none' });
  expect(pauseOf(aRepo({ paused: true }))).toEqual({ kind: 'open' });
  expect(pauseOf(paused)).toEqual({ kind: 'until', at });
  expect(changesOf(aRepo(), {}, { kind: 'until', at })).toEqual({ paused: false, paused_until: at });
  expect(changesOf(paused, {}, { kind: 'open' })).toEqual({ paused: true });
  expect(changesOf(paused, {}, { kind: 'none' })).toEqual({ paused: false });
  expect(changesOf(paused, {}, { kind: 'until', at })).toEqual({});
  expect(told(aRepo(), { paused: false, paused_until: at })[0]).toMatch(
    /^No new work is given until .*ends by itself\.$/,
  );
  expect(told(paused, { paused: false })[0]).toMatch(/^The pause ends at once: 2 ready tasks/);
});
