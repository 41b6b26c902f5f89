// Which tasks a filter lets through, and in which order. Pure and quick: it runs at every key over thousands of tasks.
import type { Task, TaskState } from '@owp-pool/client';
import { STATE_ORDER } from '@owp-pool/components/words';

export interface TaskFilter {
  text: string;
  repo: string;
  states: ReadonlySet<TaskState>;
  area: string;
  skill: string;
  tier: string;
  worker: string;
}

export type SortKey = 'since' | 'state' | 'title' | 'repo' | 'points' | 'priority' | 'tier' | 'holder';

/** What a text is looked for in is put together once for each record. */
const haystacks = new WeakMap<Task, string>();

function haystack(task: Task): string {
  let text = haystacks.get(task);
  if (text === undefined) {
    const issue = task.source ? `#${task.source.issue}` : '';
    const parts = [task.title, task.task_id, task.key, task.repo, task.area, issue, ...task.required_skills];
    text = parts.join('\n').toLowerCase();
    haystacks.set(task, text);
  }
  return text;
}

export function filtered(tasks: readonly Task[], filter: TaskFilter): Task[] {
  const parts = filter.text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const skill = filter.skill.trim().toLowerCase();
  return tasks.filter(
    (task) =>
      (filter.repo === '' || task.repo === filter.repo) &&
      (filter.states.size === 0 || filter.states.has(task.state)) &&
      (filter.area === '' || task.area === filter.area) &&
      (skill === '' || task.required_skills.some((name) => name.toLowerCase() === skill)) &&
      (filter.tier === '' || task.tier === Number(filter.tier)) &&
      (filter.worker === '' || task.holder === filter.worker || task.offered_to === filter.worker) &&
      parts.every((part) => haystack(task).includes(part)),
  );
}

type Compare = (a: Task, b: Task) => number;

// Times and ids are ASCII of one length: comparing them plainly is right, and much quicker than by language.
const plainly = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const byState = new Map(STATE_ORDER.map((state, index) => [state, index]));
const alphabet = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

const COMPARE: Record<SortKey, Compare> = {
  since: (a, b) => plainly(b.state_since, a.state_since),
  state: (a, b) => (byState.get(a.state) ?? 0) - (byState.get(b.state) ?? 0),
  title: (a, b) => alphabet.compare(a.title, b.title),
  repo: (a, b) => plainly(a.repo, b.repo),
  points: (a, b) => b.estimate_points - a.estimate_points,
  priority: (a, b) => b.priority - a.priority,
  tier: (a, b) => b.tier - a.tier,
  holder: (a, b) => plainly(a.holder ?? '~', b.holder ?? '~'),
};

export const SORT_KEYS = Object.keys(COMPARE) as SortKey[];

/** The order of a key, with the newest first among equals; `reversed` turns the key around and nothing else. */
export function sorted(tasks: readonly Task[], key: SortKey, reversed: boolean): Task[] {
  const sign = reversed ? -1 : 1;
  const compare = COMPARE[key];
  return tasks.toSorted((a, b) => sign * compare(a, b) || plainly(b.task_id, a.task_id));
}

/** `ready,failed` as a set; what is no state is left out. */
export function statesOf(text: string): ReadonlySet<TaskState> {
  const named = new Set(text.split(','));
  return new Set(STATE_ORDER.filter((state) => named.has(state)));
}

/** What there is to choose from in a filter, sorted and without repeats. */
export function valuesOf(tasks: readonly Task[], pick: (task: Task) => readonly (string | null)[]): string[] {
  const found = new Set<string>();
  for (const task of tasks) for (const value of pick(task)) if (value) found.add(value);
  return [...found].sort(alphabet.compare);
}
