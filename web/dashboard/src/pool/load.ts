// Brings lists from the server into the records, in the order in which somebody needs them: numbers and budgets first,
// then what is active, and all tasks only for the view that lists them.
import { allOf, pagesOf, Refused, type Pool, type PoolEvent, type Task, type TaskState } from '@owp-pool/client';
import { now } from '@owp-pool/components/now';
import { repoNews, taskNews, workerNews } from './news.svelte.js';
import { numbers, repos, tasks, workers } from './records.svelte.js';

/** States that the overview shows one by one. All others are numbers there. */
const ACTIVE: TaskState[] = [
  'pr_opened',
  'changes_requested',
  'in_progress',
  'leased',
  'blocked',
  'offered',
  'needs_info',
  'failed',
];

/** More tasks than this are not kept in a page: filters go to the server then. */
export const TASKS_MAX = 20_000;

/** So many single records are asked for one by one; beyond it a list is cheaper. */
const SINGLES_MAX = 12;

export async function loadNumbers(pool: Pool, signal: AbortSignal): Promise<void> {
  numbers.state = await pool.call('getState', {}, { signal });
  now.learn(numbers.state.server_time);
}

/** Each answers what differs from the last look, as events. */
export async function loadRepos(pool: Pool, signal: AbortSignal): Promise<PoolEvent[]> {
  const changes = repos.replace(await allOf(pool, 'listRepos', {}, { signal }));
  return some(changes.map(({ before, after }) => repoNews(before, after)));
}

export async function loadWorkers(pool: Pool, signal: AbortSignal): Promise<PoolEvent[]> {
  const changes = workers.replace(await allOf(pool, 'listWorkers', {}, { signal }));
  return some(changes.map(({ before, after }) => workerNews(before, after)));
}

/** What is active now, and what was active a moment ago and is not any more. */
export async function loadActive(pool: Pool, signal: AbortSignal): Promise<PoolEvent[]> {
  const lists = await Promise.all(ACTIVE.map((state) => allOf(pool, 'listTasks', { state }, { signal })));
  const found = lists.flat();
  const ids = new Set(found.map((task) => task.task_id));
  const left = tasks.all.filter((task) => ACTIVE.includes(task.state) && !ids.has(task.task_id));
  const changes = tasks.put(found);
  if (numbers.tasksLoaded === 'none') numbers.tasksLoaded = 'active';
  const more = await loadTasks(
    pool,
    left.map((task) => task.task_id),
    signal,
  );
  return [...some(changes.map(({ before, after }) => taskNews(before, after))), ...more];
}

/** Every task, page by page; views fill while they come. */
export async function loadAllTasks(pool: Pool, signal: AbortSignal): Promise<void> {
  let seen = 0;
  for await (const page of pagesOf(pool, 'listTasks', {}, { signal })) {
    tasks.put(page);
    seen += page.length;
    numbers.tasksCut = seen >= TASKS_MAX;
    if (numbers.tasksCut) break;
  }
  numbers.tasksLoaded = 'all';
}

/** The newest page: what was put in since the last look. */
export async function loadNewestTasks(pool: Pool, signal: AbortSignal): Promise<PoolEvent[]> {
  const { tasks: page } = await pool.call('listTasks', { query: { limit: 100 } }, { signal });
  return some(tasks.put(page).map(({ before, after }) => taskNews(before, after)));
}

/** Single records, or the active lists where there are many. */
export async function loadTasks(pool: Pool, ids: readonly string[], signal: AbortSignal): Promise<PoolEvent[]> {
  if (ids.length > SINGLES_MAX) {
    const fresh = await loadNewestTasks(pool, signal);
    const rest = ids.slice(0, SINGLES_MAX);
    return [...fresh, ...(await loadTasks(pool, rest, signal))];
  }
  const found = await Promise.all(
    ids.map((task_id) => pool.call('getTask', { path: { task_id } }, { signal }).catch(gone)),
  );
  const changes = tasks.put(found.filter((task): task is Task => task !== undefined));
  return some(changes.map(({ before, after }) => taskNews(before, after)));
}

function gone(failure: unknown): undefined {
  if (failure instanceof Refused && failure.status === 404) return undefined;
  throw failure;
}

function some<T>(items: (T | undefined)[]): T[] {
  return items.filter((item): item is T => item !== undefined);
}
