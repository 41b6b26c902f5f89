// What tasks are called that events only name by their id. Read once each, a few at a time.
import type { Pool, Task } from '@owp-pool/client';
import { untrack } from 'svelte';

/** So many are asked for at once; an id is shown for the rest until its turn. */
const AT_ONCE_MAX = 8;

export class Titles {
  byId = $state.raw<ReadonlyMap<string, string>>(new Map());
  readonly #pool: Pool | null;
  readonly #asked = new Set<string>();
  #waiting: string[] = [];
  #busy = 0;

  constructor(pool: Pool | null) {
    this.#pool = pool;
  }

  of(taskId: string): string {
    return this.byId.get(taskId) ?? taskId;
  }

  /** Learns from records that were read anyway. */
  learn(tasks: readonly Pick<Task, 'task_id' | 'title'>[]): void {
    const fresh = tasks.filter(({ task_id, title }) => this.byId.get(task_id) !== title);
    if (fresh.length > 0)
      this.byId = new Map([...this.byId, ...fresh.map((task) => [task.task_id, task.title] as const)]);
  }

  want(ids: readonly string[]): void {
    untrack(() => this.#want(ids));
  }

  #want(ids: readonly string[]): void {
    for (const id of ids) {
      if (this.#asked.has(id) || this.byId.has(id)) continue;
      this.#asked.add(id);
      this.#waiting.push(id);
    }
    this.#next();
  }

  #next(): void {
    while (this.#pool && this.#busy < AT_ONCE_MAX) {
      const id = this.#waiting.shift();
      if (id === undefined) return;
      this.#busy += 1;
      this.#pool
        .call('getTask', { path: { task_id: id } })
        .then((task) => this.learn([task]))
        // It may be asked for again with the next event; until then its id is its name.
        .catch(() => this.#asked.delete(id))
        .finally(() => {
          this.#busy -= 1;
          this.#next();
        });
    }
  }
}
