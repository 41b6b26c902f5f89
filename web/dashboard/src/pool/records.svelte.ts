// Everything the dashboard knows of the pool it looks at. Views read from here and never from the server.
import type { PoolState, Repo, Task, Worker } from '@owp-pool/client';
import { news } from './news.svelte.js';
import { Shelf } from './shelf.svelte.js';

export const tasks = new Shelf<Task>(
  (task) => task.task_id,
  (task) => task.updated_at,
);
export const repos = new Shelf<Repo>(
  (repo) => repo.repo,
  // Counters change without a new `updated_at`, so the latest answer is always taken.
  () => '',
);
export const workers = new Shelf<Worker>(
  (worker) => worker.worker_id,
  () => '',
);

class Numbers {
  state = $state.raw<PoolState | undefined>(undefined);
  /** How far the list of all tasks is loaded: nothing, the active ones, or all. */
  tasksLoaded = $state<'none' | 'active' | 'all'>('none');
  /** More tasks than are kept here; the rest is found with the server's own filters. */
  tasksCut = $state(false);
}

export const numbers = new Numbers();

export function forgetRecords(): void {
  for (const shelf of [tasks, repos, workers]) shelf.clear();
  numbers.state = undefined;
  numbers.tasksLoaded = 'none';
  numbers.tasksCut = false;
  news.clear();
}

export function workerName(id: string | undefined): string {
  return workers.get(id)?.name ?? id ?? '';
}
