// The tasks of one view or block: what the server finds for its filters, read again when something happened.
import { isAbort, type Query, type Task } from '@owp-pool/client';
import { reason } from './failures.js';
import type { Session } from './session.svelte.js';

export type TaskFilter = Omit<Query<'listTasks'>, 'cursor' | 'limit'>;

const PAGE = 50;
/** The contract's largest page. */
const PAGE_MAX = 100;

export class TaskList {
  tasks = $state.raw<readonly Task[]>([]);
  more = $state(false);
  fault = $state('');
  loaded = $state(false);
  readonly #session: Session;
  #filter: TaskFilter = {};
  #shown = PAGE;
  #reading: AbortController | undefined;

  constructor(session: Session, shown = PAGE) {
    this.#session = session;
    this.#shown = shown;
  }

  async read(filter: TaskFilter): Promise<void> {
    this.#filter = filter;
    const { admin, work, titles } = this.#session;
    this.#reading?.abort(new DOMException('asked anew', 'AbortError'));
    this.#reading = new AbortController();
    const { signal } = this.#reading;
    try {
      if (admin) await this.#readPages(signal);
      else {
        // A worker is told of its own tasks only.
        await work.look();
        this.tasks = [...work.held, ...work.inReview].filter((task) => !filter.state || task.state === filter.state);
      }
      titles.learn(this.tasks);
      this.fault = '';
      this.loaded = true;
    } catch (failure) {
      if (!isAbort(failure)) this.fault = reason(failure);
    }
  }

  async readMore(): Promise<void> {
    this.#shown += PAGE;
    await this.read(this.#filter);
  }

  async #readPages(signal: AbortSignal): Promise<void> {
    const found: Task[] = [];
    let cursor: string | undefined;
    do {
      const limit = Math.min(PAGE_MAX, this.#shown - found.length);
      const query = { ...this.#filter, limit, ...(cursor === undefined ? {} : { cursor }) };
      const page = await this.#session.admin?.call('listTasks', { query }, { signal });
      found.push(...(page?.tasks ?? []));
      cursor = page?.next_cursor;
    } while (cursor !== undefined && found.length < this.#shown);
    this.tasks = found;
    this.more = cursor !== undefined;
  }
}
