// What an `owp-pool` block in a note asks to be shown. A block is lines of `name: value`; an empty one shows the status.
import type { TaskState } from '@owp-pool/client';
import { listed, STATE_ORDER } from '@owp-pool/components/words';

export type Query =
  | { show: 'status' | 'budgets' | 'work'; repo?: string }
  | { show: 'events'; repo?: string; limit: number }
  | { show: 'tasks'; repo?: string; state?: TaskState; area?: string; skill?: string; limit: number }
  | { show: 'task'; task: string };

const SHOWS = ['status', 'budgets', 'tasks', 'events', 'work', 'task'] as const;
type Show = (typeof SHOWS)[number];
/** What each of them understands besides `show`. */
const OPTIONS: Record<Show, readonly string[]> = {
  status: [],
  budgets: ['repo'],
  work: [],
  events: ['repo', 'limit'],
  tasks: ['repo', 'state', 'area', 'skill', 'limit'],
  task: ['task'],
};
const LIMIT = { usual: 10, max: 100 };

/** The query, or what is wrong with it and what would be right. */
export function queryFrom(block: string): Query | { fault: string } {
  const given = new Map<string, string>();
  for (const line of block.split('\n')) {
    if (line.trim() === '' || line.trim().startsWith('#')) continue;
    const found = /^\s*([a-z]+)\s*:\s*(.*?)\s*$/.exec(line);
    if (!found?.[1]) return { fault: `“${line.trim()}” is no option. Write lines such as “show: tasks”.` };
    given.set(found[1], found[2] ?? '');
  }
  const asked = given.get('show') ?? (given.has('task') ? 'task' : given.size > 0 ? 'tasks' : 'status');
  const show = SHOWS.find((one) => one === asked);
  if (!show) return { fault: `“show: ${asked}” is not known. Write ${either(SHOWS)}.` };
  const stranger = [...given.keys()].find((name) => name !== 'show' && !OPTIONS[show].includes(name));
  if (stranger) return { fault: unknownOption(stranger, show) };
  return build(show, given);
}

function build(show: Show, given: ReadonlyMap<string, string>): Query | { fault: string } {
  const limit = Number(given.get('limit') ?? LIMIT.usual);
  if (!Number.isInteger(limit) || limit < 1 || limit > LIMIT.max)
    return { fault: `“limit” is a number from 1 to ${LIMIT.max}.` };
  const some = (...names: string[]) =>
    Object.fromEntries(names.flatMap((name) => (given.get(name) ? [[name, given.get(name)]] : [])));
  switch (show) {
    case 'task': {
      const task = given.get('task');
      return task ? { show, task } : { fault: 'Say which task: “task: t_…”.' };
    }
    case 'tasks': {
      const asked = given.get('state');
      const state = STATE_ORDER.find((one) => one === asked);
      if (asked && !state) return { fault: `“state: ${asked}” is not known. Write ${either(STATE_ORDER)}.` };
      return { show, limit, ...some('repo', 'area', 'skill'), ...(state ? { state } : {}) };
    }
    case 'events':
      return { show, limit, ...some('repo') };
    default:
      return { show, ...some('repo') };
  }
}

function unknownOption(name: string, show: Show): string {
  const known = OPTIONS[show];
  return known.length === 0
    ? `“show: ${show}” takes no other options; take “${name}” away.`
    : `“show: ${show}” does not know “${name}”. It takes ${listed([...known])}.`;
}

function either(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
