// Keeps what is looked at as the pool is: numbers, budgets, workers, and what happened. Events say that something changed;
// what changed is then read, at most every two seconds. It watches only while somebody looks.
import {
  allOf,
  isAbort,
  pause,
  Refused,
  watchEvents,
  type AuditEvent,
  type Pool,
  type PoolEvent,
  type PoolState,
  type Repo,
  type Task,
  type TaskState,
  type WatchStatus,
  type Worker,
} from '@owp-pool/client';
import { now } from '@owp-pool/components/now';
import { untrack } from 'svelte';
import { reason } from './failures.js';

export type Connection = 'off' | 'connecting' | WatchStatus | 'refused';
/** What somebody may want kept: numbers come with budgets. */
export type Part = 'numbers' | 'workers' | 'needs' | 'events';

export interface LiveOptions {
  admin: Pool | null;
  worker: Pool | null;
  pollMs: number;
  refreshMs: number;
  /** Events as they come, for whoever is told of them. */
  onEvents?: (events: PoolEvent[]) => void;
}

/** More than anybody scrolls through; the audit has the rest. */
const EVENTS_KEPT_MAX = 200;
const PAST = 50;
/** Events come in bursts: what they touch is read once for all of them. */
const SETTLE_MS = 150;
const READ_EVERY_MS = 2_000;
const RETRY_MS = 3_000;
/** States that a maintainer may have to do something about. */
const NEEDING: TaskState[] = [
  'pr_opened',
  'needs_info',
  'failed',
  'changes_requested',
  'in_progress',
  'leased',
  'blocked',
];

export class Live {
  connection = $state<Connection>('off');
  /** Why nothing comes, and how to go on; empty while it does. */
  fault = $state('');
  state = $state.raw<PoolState>();
  repos = $state.raw<readonly Repo[]>([]);
  workers = $state.raw<readonly Worker[]>([]);
  needing = $state.raw<readonly Task[]>([]);
  events = $state.raw<readonly PoolEvent[]>([]);
  /** Grows when tasks may have changed: whoever shows some reads them again. */
  generation = $state(0);
  readonly #options: LiveOptions;
  readonly #wanted = new Map<Part, number>();
  readonly #read = new Set<Part>();
  #stop: AbortController | undefined;
  #settling: number | undefined;
  #readAt = 0;
  #heardLast: WatchStatus | undefined;

  constructor(options: LiveOptions) {
    this.#options = options;
  }

  /** Keeps a part until the answer is called. Effects call it, and are not to run again for what it sets. */
  want(part: Part): () => void {
    return untrack(() => {
      this.#wanted.set(part, (this.#wanted.get(part) ?? 0) + 1);
      if (!this.#stop) this.#start();
      else if (!this.#read.has(part)) this.touch();
      return () => {
        this.#wanted.set(part, (this.#wanted.get(part) ?? 1) - 1);
        if (!this.#isWanted) this.stop();
      };
    });
  }

  get #isWanted(): boolean {
    return [...this.#wanted.values()].some((amount) => amount > 0);
  }

  stop(): void {
    this.#stop?.abort(new DOMException('nobody looks', 'AbortError'));
    this.#stop = undefined;
    window.clearTimeout(this.#settling);
    this.#settling = undefined;
    this.#read.clear();
    this.#heardLast = undefined;
    this.connection = 'off';
  }

  /** Something was done here: it is read again without waiting for an event. */
  touch(): void {
    const { signal } = this.#stop ?? {};
    if (!signal) return;
    this.#settling ??= window.setTimeout(
      () => {
        this.#settling = undefined;
        void this.#readAgain(signal);
      },
      Math.max(SETTLE_MS, this.#readAt + READ_EVERY_MS - Date.now()),
    );
  }

  /** Tries at once, after the settings or the network may have changed. */
  retry(): void {
    this.stop();
    if (this.#isWanted) this.#start();
  }

  nameOf(worker: string): string {
    return this.workers.find(({ worker_id }) => worker_id === worker)?.name ?? worker;
  }

  #start(): void {
    const pool = this.#options.admin ?? this.#options.worker;
    if (!pool) return;
    this.#stop = new AbortController();
    this.connection = 'connecting';
    void this.#run(pool, this.#stop.signal);
  }

  async #run(pool: Pool, signal: AbortSignal): Promise<void> {
    for (let read = await this.#readAgain(signal); read !== 'done'; read = await this.#readAgain(signal)) {
      if (signal.aborted || read === 'never') return;
      await pause(RETRY_MS, signal).catch(() => undefined);
    }
    void this.#keepFresh(signal);
    try {
      const watched = await watchEvents(pool, {
        signal,
        times: { pollMs: this.#options.pollMs },
        onEvents: (events) => this.#take(events),
        onStatus: (status) => this.#heard(status),
        onGap: () => this.touch(),
      });
      // A server without events is looked at again and again.
      if (!watched && !signal.aborted) this.#heard('polling');
    } catch (failure) {
      this.#fell(failure, signal);
    }
  }

  #heard(status: WatchStatus): void {
    // What happened between the first look and the first event is in neither.
    if (this.#heardLast !== status && status !== 'away') this.touch();
    this.#heardLast = status;
    this.connection = status;
    this.fault = status === 'away' ? 'The pool does not answer; it is tried again until it does.' : '';
  }

  #take(events: PoolEvent[]): void {
    this.#add(events.toReversed(), 'in front');
    this.#options.onEvents?.(events);
    this.touch();
  }

  #add(events: readonly PoolEvent[], where: 'in front' | 'behind'): void {
    const known = new Set(this.events.map(keyOf));
    const fresh = events.filter((event) => !known.has(keyOf(event)));
    const all = where === 'in front' ? [...fresh, ...this.events] : [...this.events, ...fresh];
    this.events = all.slice(0, EVENTS_KEPT_MAX);
  }

  /** What no event tells of is read now and then. */
  async #keepFresh(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await pause(this.#options.refreshMs, signal).catch(() => undefined);
      if (!signal.aborted) await this.#readAgain(signal);
    }
  }

  /** Reads every part that is wanted; says whether it worked, and whether it may later. */
  async #readAgain(signal: AbortSignal): Promise<'done' | 'later' | 'never'> {
    const { admin } = this.#options;
    this.#readAt = Date.now();
    this.generation += 1;
    const parts = [...this.#wanted].filter(([, amount]) => amount > 0).map(([part]) => part);
    try {
      if (admin) await Promise.all(parts.map((part) => this.#readPart(admin, part, signal)));
      for (const part of parts) this.#read.add(part);
      this.fault = '';
      if (!signal.aborted) this.connection = this.#heardLast ?? 'connecting';
      return 'done';
    } catch (failure) {
      return this.#fell(failure, signal);
    }
  }

  async #readPart(pool: Pool, part: Part, signal: AbortSignal): Promise<void> {
    switch (part) {
      case 'numbers': {
        const [state, repos] = await Promise.all([
          pool.call('getState', {}, { signal }),
          allOf(pool, 'listRepos', {}, { signal }),
        ]);
        now.learn(state.server_time);
        [this.state, this.repos] = [state, repos];
        return;
      }
      case 'workers':
        this.workers = await allOf(pool, 'listWorkers', {}, { signal });
        return;
      case 'needs': {
        const lists = NEEDING.map((state) => allOf(pool, 'listTasks', { state }, { signal }));
        this.needing = (await Promise.all(lists)).flat();
        return;
      }
      case 'events':
        if (!this.#read.has('events')) await this.#remember(pool, signal);
    }
  }

  /** The feed begins with what happened last, where the server keeps an audit. */
  async #remember(pool: Pool, signal: AbortSignal): Promise<void> {
    const query = { order: 'desc' as const, limit: PAST };
    const { events } = await pool.call('listAuditEvents', { query }, { signal });
    this.#add(events.map(asEvent), 'behind');
  }

  #fell(failure: unknown, signal: AbortSignal): 'later' | 'never' {
    if (signal.aborted || isAbort(failure)) return 'never';
    this.fault = reason(failure);
    const forGood = failure instanceof Refused && failure.signInNeeded;
    this.connection = forGood ? 'refused' : 'away';
    return forGood ? 'never' : 'later';
  }
}

/** An event is the same whether the stream or the audit tells of it. */
function keyOf(event: PoolEvent): string {
  return `${event.subject}#${event.seq}`;
}

function asEvent({ timestamp, event_type, target, target_kind, ...rest }: AuditEvent): PoolEvent {
  const about = target_kind === 'task' ? { task_id: target } : target_kind === 'worker' ? { worker_id: target } : {};
  return { ...rest, ...about, at: timestamp, type: event_type, subject: `${target_kind}:${target}` };
}
