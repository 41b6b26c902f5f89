// A worker that does no work: it registers, asks for offers, takes its time and reports pull requests that nobody opened.
// It speaks the public protocol and nothing else, so it runs against any server. It must never lease what is not its
// repository's: it takes offers, and declines every other one at once, which costs nobody anything.
import { pause, type Pool } from '../pool.js';
import { Refused } from '../problem.js';
import type { Lease, Offer } from '../words.js';

export interface Persona {
  name: string;
  skills: string[];
  capacityPoints: number;
  tasksMax: number;
}

export interface Pace {
  /** How long one point of an estimate takes. */
  pointMs: number;
  /** How long it looks around before it asks again. */
  idleMs: number;
}

export interface SimulatedWorkerOptions {
  /** A pool without credentials; the worker registers itself. */
  pool: Pool;
  persona: Persona;
  repo: string;
  pace: Pace;
  /** Lets the worker in where registration is closed; it is used for nothing else. */
  registrar?: Pool;
  /** Whether there is anything of its own to ask for; without it, it asks whenever it has room. */
  mayAsk?: () => Promise<boolean>;
  random?: () => number;
  /** Tells what it does, in words. */
  onStep?: (words: string) => void;
}

/** Some leave it half done, as people do. */
const RELEASE_CHANCE = 0.06;

export class SimulatedWorker {
  readonly persona: Persona;
  id = '';
  /** What it is at, for whoever watches. */
  doing = 'registering';
  alive = false;
  readonly #options: SimulatedWorkerOptions;
  readonly #death = new AbortController();
  #pool: Pool;
  #heartbeatMs = 15_000;

  constructor(options: SimulatedWorkerOptions) {
    this.persona = options.persona;
    this.#options = options;
    this.#pool = options.pool;
  }

  /** Registers. Afterwards `run` makes it work. */
  async register(): Promise<void> {
    const { name, skills, capacityPoints, tasksMax } = this.persona;
    const body = {
      name,
      skills,
      capacity_points: capacityPoints,
      max_concurrent_tasks: tasksMax,
      work_mode: 'offer' as const,
    };
    const registered = await (this.#options.registrar ?? this.#options.pool).call('registerWorker', { body });
    this.id = registered.worker_id;
    this.#heartbeatMs = registered.heartbeat_interval_s * 1000;
    this.#pool = this.#options.pool.as({ worker: registered.token });
    this.alive = true;
    this.#say('looks for work');
  }

  /** Works until it is killed. */
  async run(): Promise<void> {
    const signal = this.#death.signal;
    try {
      await Promise.all([this.#beat(signal), this.#work(signal)]);
    } catch (failure) {
      if (!signal.aborted) {
        this.alive = false;
        this.#say(failure instanceof Refused ? `was refused: ${failure.message}` : 'stopped');
      }
    }
  }

  /** Ends as a machine does that is switched off: without a word to anybody. */
  kill(): void {
    this.alive = false;
    this.#say('went silent');
    this.#death.abort(new DOMException('killed', 'AbortError'));
  }

  async #beat(signal: AbortSignal): Promise<void> {
    for (;;) {
      const status = this.doing.startsWith('works') ? 'working' : 'idle';
      await this.#pool.call('sendHeartbeat', { body: { status, note: this.doing.slice(0, 200) } }, { signal });
      await pause(this.#heartbeatMs, signal);
    }
  }

  async #work(signal: AbortSignal): Promise<void> {
    const busy = new Set<string>();
    for (;;) {
      await this.#takeBackSentOnes(busy, signal);
      if (busy.size < this.persona.tasksMax) {
        const lease = await this.#lease(signal);
        if (lease) this.#begin(lease, busy, signal);
      }
      await pause(this.#options.pace.idleMs * (0.5 + this.#random()), signal);
    }
  }

  #begin(lease: Lease, busy: Set<string>, signal: AbortSignal): void {
    busy.add(lease.task_id);
    void this.#doTask(lease, signal)
      .catch((failure: unknown) => {
        // A lease that was taken from us is an ordinary end; anything else shows in the next call.
        if (!signal.aborted && !(failure instanceof Refused)) this.#say('lost its connection');
      })
      .finally(() => busy.delete(lease.task_id));
  }

  /** What reviewers sent back is its own to finish before anything new. */
  async #takeBackSentOnes(busy: Set<string>, signal: AbortSignal): Promise<void> {
    const held = await this.#pool.call('fetchWork', {}, { signal });
    for (const lease of held.leases) {
      if (lease.state === 'changes_requested' && !busy.has(lease.task_id)) this.#begin(lease, busy, signal);
    }
  }

  async #lease(signal: AbortSignal): Promise<Lease | undefined> {
    if (this.#options.mayAsk && !(await this.#options.mayAsk())) return undefined;
    const { offers } = await this.#pool.call('requestOffers', { query: { limit: 1 } }, { signal });
    let lease: Lease | undefined;
    for (const offer of offers) {
      if (offer.repo !== this.#options.repo) await this.#decline(offer, signal);
      else lease ??= (await this.#pool.call('acceptOffer', { path: { offer_id: offer.offer_id } }, { signal })).lease;
    }
    return lease;
  }

  async #decline(offer: Offer, signal: AbortSignal): Promise<void> {
    const body = {
      reason: 'skill_mismatch' as const,
      message: 'a simulated worker takes tasks of its own repository only',
    };
    await this.#pool.call('rejectOffer', { path: { offer_id: offer.offer_id }, body }, { signal });
  }

  async #doTask(lease: Lease, signal: AbortSignal): Promise<void> {
    const path = { task_id: lease.task_id };
    const branch = `simulated/${lease.task_id}`;
    this.#say(`works on ${lease.title}`);
    await pause(this.#options.pace.pointMs * 0.2, signal);
    const begun = {
      status: 'in_progress' as const,
      lease_id: lease.lease_id,
      branch,
      notes: 'the first half is on the branch',
    };
    await this.#pool.call('reportTaskStatus', { path, body: begun }, { signal });
    await pause(this.#options.pace.pointMs * lease.estimate_points * (0.7 + 0.6 * this.#random()), signal);
    if (this.#random() < RELEASE_CHANCE && lease.state !== 'changes_requested') {
      const body = { reason: 'insufficient_time' as const, branch, notes: 'half of it is on the branch' };
      await this.#pool.call('releaseLease', { path: { lease_id: lease.lease_id }, body }, { signal });
      this.#say(`gave back ${lease.title}`);
      return;
    }
    const pr_url = `https://example.org/${lease.repo}/pull/${100 + Math.floor(this.#random() * 900)}`;
    const done = {
      status: 'pr_opened' as const,
      lease_id: lease.lease_id,
      message: 'simulated: there is no such pull request',
      artifact: { pr_url },
    };
    await this.#pool.call('reportTaskStatus', { path, body: done }, { signal });
    this.#say(`opened a pull request for ${lease.title}`);
  }

  #random(): number {
    return (this.#options.random ?? Math.random)();
  }

  #say(words: string): void {
    this.doing = words;
    this.#options.onStep?.(words);
  }
}
