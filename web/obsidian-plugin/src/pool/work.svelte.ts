// Taking part as a worker: what this one holds, what it is offered, and the heartbeat that says that it is there.
import {
  isAbort,
  pause,
  type Offer,
  type Pool,
  type PoolEvent,
  type Reputation,
  type Task,
  type Worker,
  type WorkExplained,
} from '@owp-pool/client';
import { untrack } from 'svelte';
import type { Host } from '../host.js';
import { reason } from './failures.js';

export interface WorkOptions {
  pool: Pool | null;
  host: Host;
  /** Whether somebody wants to be told, as it is set when there is something to tell. */
  notices: () => boolean;
}

/** Until the server has said how often it wants to hear from a worker. */
const HEARTBEAT_MS = 15_000;
const NOTE = 'in Obsidian';

export class Work {
  me = $state.raw<Worker>();
  held = $state.raw<readonly Task[]>([]);
  inReview = $state.raw<readonly Task[]>([]);
  offers = $state.raw<readonly Offer[]>([]);
  why = $state.raw<WorkExplained>();
  reputation = $state.raw<Reputation>();
  fault = $state('');
  beating = $state(false);
  /** When the last heartbeat was answered, in the server's time. */
  heardAt = $state('');
  readonly #options: WorkOptions;
  #beat: AbortController | undefined;
  #look: Promise<void> | undefined;
  #lookAgain = false;

  constructor(options: WorkOptions) {
    this.#options = options;
  }

  /** Reads everything anew. Whoever asks during a look gets another one after it: what it does not see yet matters to them. */
  look(): Promise<void> {
    this.#lookAgain = true;
    // Effects call it, and are not to run again for what it reads.
    this.#look ??= untrack(() => this.#lookUntilFresh()).finally(() => (this.#look = undefined));
    return this.#look;
  }

  async #lookUntilFresh(): Promise<void> {
    while (this.#lookAgain) {
      this.#lookAgain = false;
      await this.#lookOnce();
    }
  }

  async #lookOnce(): Promise<void> {
    const { pool } = this.#options;
    if (!pool) return;
    const known = this.offers;
    try {
      const me = await pool.call('getOwnWorker', {});
      const read = (ids: string[]) => Promise.all(ids.map((task_id) => pool.call('getTask', { path: { task_id } })));
      const [held, inReview, why, reputation] = await Promise.all([
        read(me.tasks_held),
        read(me.tasks_in_review),
        pool.call('explainWork', {}),
        pool.call('getReputation', { path: { worker_id: me.worker_id } }),
      ]);
      [this.me, this.held, this.inReview, this.why, this.reputation] = [me, held, inReview, why, reputation];
      // Of offers that came meanwhile this look knows nothing.
      if (this.offers === known) this.offers = known.filter(({ task_id }) => me.tasks_offered.includes(task_id));
      this.fault = '';
    } catch (failure) {
      this.fault = reason(failure);
    }
  }

  /** Asks for what fits: offers where this worker wants to be asked, else tasks at once. Says how many came. */
  async ask(): Promise<number | undefined> {
    const { pool } = this.#options;
    if (!pool) return undefined;
    try {
      const me = this.me ?? (await pool.call('getOwnWorker', {}));
      let came: number;
      if (me.work_mode === 'offer') {
        this.offers = (await pool.call('requestOffers', {})).offers;
        came = this.offers.length;
      } else {
        const { leases } = await pool.call('fetchWork', {});
        came = leases.filter(({ task_id }) => !me.tasks_held.includes(task_id)).length;
      }
      await this.look();
      return came;
    } catch (failure) {
      this.#options.host.say(reason(failure));
      return undefined;
    }
  }

  /** Says again and again that this worker is there, as often as the server wants to hear it. */
  beat(): void {
    const { pool } = this.#options;
    if (!pool || this.#beat) return;
    this.#beat = new AbortController();
    this.beating = true;
    void this.#keepBeating(pool, this.#beat.signal);
  }

  /** Says once that this worker pauses, so that nothing new is given to somebody who is not there. */
  async rest(): Promise<void> {
    const { pool, host } = this.#options;
    this.end();
    if (!pool) return;
    try {
      await pool.call('sendHeartbeat', { body: { status: 'paused', note: NOTE } });
    } catch (failure) {
      host.say(reason(failure));
    }
    await this.look();
  }

  end(): void {
    this.#beat?.abort(new DOMException('stopped', 'AbortError'));
    this.#beat = undefined;
    this.beating = false;
  }

  async #keepBeating(pool: Pool, signal: AbortSignal): Promise<void> {
    let everyMs = HEARTBEAT_MS;
    while (!signal.aborted) {
      try {
        const status = this.held.length > 0 ? ('working' as const) : ('idle' as const);
        const answer = await pool.call('sendHeartbeat', { body: { status, note: NOTE } }, { signal });
        everyMs = answer.heartbeat_interval_s * 1000;
        this.heardAt = answer.server_time;
        this.fault = '';
        if (this.me?.status !== status) void this.look();
      } catch (failure) {
        if (isAbort(failure)) return;
        this.fault = reason(failure);
      }
      // Not all at once with the others, and never later than the server wants.
      await pause(everyMs * (0.8 + 0.2 * Math.random()), signal).catch(() => undefined);
    }
  }

  /** Tells of what concerns this worker, and looks at it. */
  heard(events: readonly PoolEvent[]): void {
    const { me } = this;
    if (!me) return;
    const mine = events.filter(
      ({ worker_id, task_id }) => worker_id === me.worker_id || (task_id && this.#knows(task_id)),
    );
    if (mine.length === 0) return;
    if (this.#options.notices()) {
      for (const { type, task_id } of mine) {
        const words = WORTH_SAYING[type];
        if (words) this.#options.host.say(`${this.#titleOf(task_id)} ${words}`);
      }
    }
    if (mine.some(({ type }) => type !== 'worker_status_changed')) void this.look();
  }

  #knows(taskId: string): boolean {
    return [...this.held, ...this.inReview].some(({ task_id }) => task_id === taskId);
  }

  #titleOf(taskId: string | undefined): string {
    const task = [...this.held, ...this.inReview].find(({ task_id }) => task_id === taskId);
    return task ? `“${task.title}”` : 'A task of yours';
  }
}

/** What somebody who writes in another note wants to know at once. */
const WORTH_SAYING: Partial<Record<PoolEvent['type'], string>> = {
  task_changes_requested: 'was sent back: its reviewer wants something changed.',
  task_requeued: 'is not yours any more: its lease ended.',
  task_failed: 'is not yours any more: it has had as many attempts as it may.',
  task_cancelled: 'was withdrawn by its maintainer.',
  task_merged: 'was merged.',
  task_closed: 'was closed without a merge.',
};
