// Keeps the records as the pool is. Events say what changed; where the server has none, lists are looked at again every
// few seconds. Either way views only ever see records change.
import {
  isAbort,
  PAGE_MAX,
  pause,
  Refused,
  watchEvents,
  type Pool,
  type PoolEvent,
  type TaskState,
  type WatchStatus,
} from '@owp-pool/client';
import { session } from '../session/session.svelte.js';
import { STATE_ORDER } from '@owp-pool/components/words';
import { loadActive, loadAllTasks, loadNewestTasks, loadNumbers, loadRepos, loadTasks, loadWorkers } from './load.js';
import { news } from './news.svelte.js';
import { forgetRecords, numbers, tasks, workers } from './records.svelte.js';

export type Connection = 'connecting' | WatchStatus;

/** Events come in bursts: what they touch is asked for once, this long after the first. */
const SETTLE_MS = 120;
/** Numbers and budgets are the same for every event of a burst: after the first they are asked for at most this often. Three
 * lists in two seconds leave room for many windows within what an address may ask. */
const SUMMARY_MS = 2_000;
const LOOK_MS = 2_500;
/** Where something has just changed, more is to come. */
const LOOK_BUSY_MS = 800;
const LOOK_HIDDEN_MS = 30_000;
/** What no event tells of: when somebody was last heard of, and what a clock closed or opened. */
const PRESENCE_MS = 10_000;
/** A list of many pages is not read anew with every event: each page makes the next look this much later. A dashboard then
 * asks for a page in two seconds at most, whatever the size of the pool, of the twenty calls a second that it may make. */
const PAGE_MS = 2_000;
/** As many as a feed shows, and a few to scroll to. */
const PAST = 20;
/** Thousands of rows are not loaded again more often than this. */
const MEND_MS = 10_000;

class Live {
  connection = $state<Connection>('connecting');
  /** How often the server came back after it was away: what failed meanwhile is asked for again. */
  returns = $state(0);
  /** The first numbers are there. */
  ready = $state(false);
  #stop = new AbortController();
  #pool: Pool | undefined;
  #touched = new Set<string>();
  #settling: ReturnType<typeof setTimeout> | undefined;
  #summing: ReturnType<typeof setTimeout> | undefined;
  #summaryAt = 0;
  #workersAt = 0;
  #wantsAll = false;
  #mendAt = 0;

  /** Begins to look at a pool; forgets another one. `learned` ends when the server has said what it can do. */
  start(pool: Pool, learned: Promise<void>): void {
    this.stop();
    forgetRecords();
    this.#pool = pool;
    this.#stop = new AbortController();
    this.connection = 'connecting';
    this.ready = false;
    void this.#run(pool, learned, this.#stop.signal);
  }

  stop(): void {
    this.#stop.abort(new DOMException('stopped', 'AbortError'));
    clearTimeout(this.#settling);
    clearTimeout(this.#summing);
    [this.#settling, this.#summing] = [undefined, undefined];
    this.#touched.clear();
  }

  /** The list of all tasks is looked at: from now on it is loaded, with the first numbers or at once. */
  wantAllTasks(): void {
    if (this.#wantsAll) return;
    this.#wantsAll = true;
    if (this.ready) void this.#loadAll();
  }

  async #loadAll(): Promise<void> {
    const pool = this.#pool;
    const { signal } = this.#stop;
    if (pool) await this.#patiently(() => loadAllTasks(pool, signal), signal);
  }

  /** Something was done here: what it touched is looked at without waiting for an event. */
  touch(...taskIds: string[]): void {
    for (const id of taskIds) this.#touched.add(id);
    this.#settling ??= setTimeout(() => void this.#settle(), SETTLE_MS);
  }

  async #run(pool: Pool, learned: Promise<void>, signal: AbortSignal): Promise<void> {
    await this.#patiently(() => this.#reload(pool, signal), signal);
    if (signal.aborted) return;
    this.ready = true;
    if (this.#wantsAll) void this.#loadAll();
    await learned;
    if (signal.aborted) return;
    if (session.has('audit')) void this.#remember(pool, signal);
    if (session.has('events')) {
      const watched = await this.#watch(pool, signal);
      if (watched || signal.aborted) return;
    }
    this.#heard('polling');
    await this.#look(pool, signal);
  }

  #heard(status: WatchStatus): void {
    if (this.connection === 'away' && status !== 'away') this.returns += 1;
    this.connection = status;
  }

  /** The feed begins with what happened last, where the server can tell. */
  async #remember(pool: Pool, signal: AbortSignal): Promise<void> {
    const query = { order: 'desc' as const, limit: PAST };
    const past = await pool.call('listAuditEvents', { query }, { signal }).catch(() => undefined);
    if (!past) return;
    news.addPast(past.events);
    // What is over is in no list, and would have no name there.
    const nameless = news.items.flatMap((event) => (event.task_id && !tasks.get(event.task_id) ? [event.task_id] : []));
    if (nameless.length > 0) this.touch(...nameless);
  }

  async #watch(pool: Pool, signal: AbortSignal): Promise<boolean> {
    void this.#keepPresence(pool, signal);
    try {
      return await watchEvents(pool, {
        signal,
        onEvents: (events) => this.#take(events),
        onStatus: (status) => {
          // What happened after the lists were read and before the stream began is in no event: they are read once more.
          if (status !== 'away' && this.connection !== status) void this.#catchUp(pool, signal);
          this.#heard(status);
        },
        onGap: () => void this.#patiently(() => this.#reload(pool, signal), signal),
      });
    } catch (failure) {
      session.notice(failure);
      return true;
    }
  }

  async #catchUp(pool: Pool, signal: AbortSignal): Promise<void> {
    await this.#reload(pool, signal).catch((failure: unknown) => session.notice(failure));
  }

  #take(events: PoolEvent[]): void {
    news.add(events);
    for (const event of events) {
      if (event.worker_id) foreseeWorker(event.worker_id, event.type);
      if (!event.task_id) continue;
      if (event.state) tasks.foresee(event.task_id, { state: event.state, state_since: event.at });
      if (event.type !== 'lease_renewed' || tasks.get(event.task_id)) this.#touched.add(event.task_id);
    }
    this.touch();
  }

  async #settle(): Promise<void> {
    this.#settling = undefined;
    const pool = this.#pool;
    const signal = this.#stop.signal;
    if (!pool || signal.aborted) return;
    const ids = [...this.#touched];
    this.#touched.clear();
    try {
      await loadTasks(pool, ids, signal);
      this.#sumUp(pool, signal, Math.max(0, this.#summaryAt + SUMMARY_MS - Date.now()));
    } catch (failure) {
      session.notice(failure);
      // Away for a moment: what was touched is asked for again, until it is there.
      for (const id of ids) this.#touched.add(id);
      if (!signal.aborted && this.#pool === pool) this.#settling ??= setTimeout(() => void this.#settle(), LOOK_MS);
    }
  }

  /** Numbers, budgets and workers, once for all that was touched until then. */
  #sumUp(pool: Pool, signal: AbortSignal, afterMs: number): void {
    if (signal.aborted) return;
    this.#summing ??= setTimeout(() => {
      this.#summing = undefined;
      this.#summaryAt = Date.now();
      const lists = [loadNumbers(pool, signal), loadRepos(pool, signal), this.#lookAtWorkers(pool, signal)];
      Promise.all(lists).catch((failure: unknown) => {
        session.notice(failure);
        this.#sumUp(pool, signal, LOOK_MS);
      });
    }, afterMs);
  }

  /** Looks at lists again and again, for servers without events. */
  async #look(pool: Pool, signal: AbortSignal): Promise<void> {
    for (let busy = false; !signal.aborted;) {
      await pause(document.hidden ? LOOK_HIDDEN_MS : busy ? LOOK_BUSY_MS : LOOK_MS, signal).catch(() => undefined);
      if (signal.aborted) return;
      try {
        const found = await Promise.all([
          loadRepos(pool, signal),
          this.#lookAtWorkers(pool, signal),
          loadActive(pool, signal),
          loadNewestTasks(pool, signal),
          loadNumbers(pool, signal),
        ]);
        const happened = found.flatMap((events) => events ?? []);
        busy = happened.length > 0;
        news.add(happened.sort((a, b) => a.at.localeCompare(b.at)));
        this.#heard('polling');
        await this.#mend(pool, signal);
      } catch (failure) {
        this.#fell(failure);
      }
    }
  }

  /** A task that was never active may have moved unseen; where the numbers say so, the whole list is looked at again. */
  async #mend(pool: Pool, signal: AbortSignal): Promise<void> {
    if (numbers.tasksLoaded !== 'all' || numbers.tasksCut || !numbers.state || Date.now() < this.#mendAt) return;
    const counted = new Map<TaskState, number>();
    for (const task of tasks.all) counted.set(task.state, (counted.get(task.state) ?? 0) + 1);
    const { state } = numbers;
    if (STATE_ORDER.every((name) => state[`tasks_${name}`] === (counted.get(name) ?? 0))) return;
    this.#mendAt = Date.now() + MEND_MS;
    await loadAllTasks(pool, signal);
  }

  async #keepPresence(pool: Pool, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await pause(PRESENCE_MS, signal).catch(() => undefined);
      if (signal.aborted) return;
      await Promise.all([this.#lookAtWorkers(pool, signal), loadNumbers(pool, signal), loadRepos(pool, signal)]).catch(
        (failure: unknown) => session.notice(failure),
      );
    }
  }

  /** Reads the list of workers anew, unless it is so long that this was done too lately; the next look then comes to it. */
  async #lookAtWorkers(pool: Pool, signal: AbortSignal): Promise<PoolEvent[]> {
    if (Date.now() < this.#workersAt) return [];
    const pages = Math.ceil(workers.byId.size / PAGE_MAX);
    this.#workersAt = Date.now() + (pages > 1 ? pages * PAGE_MS : 0);
    return loadWorkers(pool, signal);
  }

  async #reload(pool: Pool, signal: AbortSignal): Promise<void> {
    await Promise.all([
      loadNumbers(pool, signal),
      loadRepos(pool, signal),
      loadWorkers(pool, signal),
      loadActive(pool, signal),
    ]);
    if (numbers.tasksLoaded === 'all') await loadAllTasks(pool, signal);
  }

  /** Tries until it works: a server that is away comes back, and the view with it. */
  async #patiently(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        return await work();
      } catch (failure) {
        if (this.#fell(failure) === 'for good') return;
        await pause(LOOK_MS, signal).catch(() => undefined);
      }
    }
  }

  #fell(failure: unknown): 'for good' | 'for now' {
    if (isAbort(failure)) return 'for good';
    session.notice(failure);
    if (failure instanceof Refused && failure.signInNeeded) return 'for good';
    this.connection = 'away';
    return 'for now';
  }
}

/** Who came or went is shown with the event, however long ago the list was read. */
function foreseeWorker(id: string, type: PoolEvent['type']): void {
  if (type === 'worker_online' || type === 'worker_offline') workers.foresee(id, { online: type === 'worker_online' });
  if (type === 'worker_revoked') workers.foresee(id, { revoked: true, online: false });
}

export const live = new Live();
