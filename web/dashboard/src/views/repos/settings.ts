// What a change of a repository's settings would do, said before it is saved. Pure: the repository as it stands and the
// wish in, sentences out.
import type { Repo, Task } from '@owp-pool/client';
import { clock, count, duration, TIERS } from '@owp-pool/components/words';

type Setting =
  | 'max_open_prs'
  | 'paused'
  | 'paused_until'
  | 'area_locks_enabled'
  | 'trust_tier_min'
  | 'allow_listed_only'
  | 'weight'
  | 'security_extra_slots'
  | 'prs_per_hour_max'
  | 'review_idle_days'
  | 'reputation_bar'
  | 'reputation_window_s'
  | 'reputation_priority_min'
  | 'clone_url'
  | 'quiet_hours';
export type Wish = Partial<Pick<Repo, Setting>>;

export interface Effect {
  text: string;
  /** It holds work back or takes something away. */
  careful: boolean;
}

export type Pause = { kind: 'none' } | { kind: 'open' } | { kind: 'until'; at: string };

export function pauseOf(repo: Repo | undefined): Pause {
  if (!repo?.paused) return { kind: 'none' };
  return repo.paused_until ? { kind: 'until', at: repo.paused_until } : { kind: 'open' };
}

/** The contract has a pause in two fields: one that is open, and one with an end. Naming the first forgets the second. */
function pausing(pause: Pause): Wish {
  return pause.kind === 'until' ? { paused: false, paused_until: pause.at } : { paused: pause.kind === 'open' };
}

/** Only what differs is sent: a field that somebody else changed meanwhile stays as they set it. */
export function changesOf(repo: Repo | undefined, wish: Wish, pause: Pause = pauseOf(repo)): Wish {
  if (!repo) return { ...wish, ...(pause.kind === 'none' ? {} : pausing(pause)) };
  const entries = Object.entries(wish).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(repo[name as keyof Repo]),
  );
  const paused = JSON.stringify(pause) === JSON.stringify(pauseOf(repo)) ? {} : pausing(pause);
  return { ...Object.fromEntries(entries), ...paused };
}

export function effectsOf(repo: Repo, changes: Wish, ready: readonly Task[], now: number): Effect[] {
  const effects: Effect[] = [];
  const say = (text: string, careful = false) => effects.push({ text, careful });
  const used = repo.offers_open + repo.leases_live + repo.prs_open;
  if (changes.max_open_prs !== undefined) budget(repo, changes.max_open_prs, used, ready.length, say);
  if (changes.paused === true) say('No new work is given from now on. What is held and in review goes on.', true);
  if (changes.paused_until)
    say(
      `No new work is given until ${clock(changes.paused_until, now)}. What is held and in review goes on, and the pause ends by itself.`,
      true,
    );
  else if (changes.paused === false && repo.paused)
    say(
      `The pause ends at once: ${count(ready.length, 'ready task')} and ${count(repo.slots_free, 'free slot')} wait for it.`,
    );
  if (changes.area_locks_enabled === false)
    say('Several tasks of one area may be worked on at once; their pull requests may conflict.', true);
  if (changes.area_locks_enabled === true)
    say('Of each area one task at a time is given. What is held now stays held.');
  if (changes.trust_tier_min !== undefined)
    say(tier(changes.trust_tier_min), TIERS[changes.trust_tier_min].reach > TIERS[repo.trust_tier_min].reach);
  if (changes.allow_listed_only === true)
    say('Only workers whose verified GitHub handle is on the allow-list get something.', true);
  if (changes.allow_listed_only === false) say('Every worker may get something, but for those that are denied.');
  if (changes.weight !== undefined)
    say(
      `It gets ${changes.weight > repo.weight ? 'more' : 'less'} of the workers' time where repositories compete: ${changes.weight} where it was ${repo.weight}.`,
    );
  if (changes.security_extra_slots !== undefined)
    say(
      changes.security_extra_slots === 0
        ? 'Security tasks wait for the budget like all others.'
        : `Security tasks may use ${count(changes.security_extra_slots, 'slot')} beyond the budget.`,
    );
  if (changes.prs_per_hour_max !== undefined)
    say(
      changes.prs_per_hour_max === 0
        ? 'No limit by the hour.'
        : `At most ${count(changes.prs_per_hour_max, 'task')} an hour are given, and then one each ${Math.round(60 / changes.prs_per_hour_max)} min.`,
      changes.prs_per_hour_max > 0,
    );
  if (changes.review_idle_days !== undefined)
    say(
      changes.review_idle_days === 0
        ? 'A pull request keeps its slot however long it is idle.'
        : `A pull request without a sign of life for ${count(changes.review_idle_days, 'day')} takes no slot any more.`,
    );
  if (changes.quiet_hours)
    say(
      changes.quiet_hours.length === 0
        ? 'Work starts at any hour.'
        : `No new work starts ${changes.quiet_hours.map((hours) => `from ${hours.from} to ${hours.to}`).join(', ')} (UTC).`,
      changes.quiet_hours.length > 0,
    );
  if (changes.reputation_bar !== undefined)
    say(
      changes.reputation_bar === 0
        ? 'All workers see new tasks at once.'
        : `New tasks are shown first to workers with a reputation of ${changes.reputation_bar} or more.`,
    );
  const bar = changes.reputation_bar ?? repo.reputation_bar;
  if (changes.reputation_window_s !== undefined && bar > 0)
    say(`The reputation that is asked for falls to nothing within ${duration(changes.reputation_window_s)}.`);
  if (changes.reputation_priority_min !== undefined && bar > 0)
    say(`Only tasks of priority ${changes.reputation_priority_min} and above are shown to some first.`);
  if (changes.clone_url) say(`Workers are told to clone it from ${changes.clone_url}.`);
  return effects;
}

function budget(
  repo: Repo,
  wanted: number,
  used: number,
  ready: number,
  say: (text: string, careful?: boolean) => void,
): void {
  if (wanted === 0)
    say(
      `Nothing is given any more. ${used > 0 ? `The ${used} in use now stay and run out by themselves.` : ''}`.trim(),
      true,
    );
  else if (wanted < used)
    say(
      `${used} slots are in use now. Nothing is taken back, and nothing new is given until fewer than ${wanted} are.`,
      true,
    );
  else if (wanted > repo.max_open_prs) {
    const more = Math.min(wanted - Math.max(used, 0), ready);
    say(
      `Up to ${count(wanted, 'pull request')} may come to you at once. ${more > 0 ? `${count(more, 'ready task')} could be given right away.` : 'Nothing is ready to be given.'}`,
    );
  } else say(`Up to ${count(wanted, 'pull request')} may come to you at once; ${used} are in use.`, true);
}

function tier(wanted: keyof typeof TIERS): string {
  return TIERS[wanted].reach === 0
    ? 'Workers of every tier may get something, as far as the tier of the task allows.'
    : `Workers below the tier ${TIERS[wanted].name} get nothing here any more. What they hold stays held.`;
}
