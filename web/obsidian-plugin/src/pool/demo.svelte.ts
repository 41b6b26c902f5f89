// The demo that runs here, if one does: a demo repository with simulated workers, who work as long as this program is open.
import { Demo, DEMO_REPO, removeDemo } from '@owp-pool/client/simulation';
import { reason } from './failures.js';
import type { Session } from './session.svelte.js';

export interface Shown {
  id: string;
  name: string;
  doing: string;
  alive: boolean;
  diedAt?: string;
}

const bare = (name: string) => name.replace(' (simulated)', '');

export class DemoRun {
  readonly repo = DEMO_REPO;
  running = $state(false);
  busy = $state<'' | 'starting' | 'filling' | 'removing'>('');
  workers = $state.raw<readonly Shown[]>([]);
  readonly #session: Session;
  readonly #died = new Map<string, string>();
  #demo: Demo | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  async start(): Promise<void> {
    const pool = this.#session.admin;
    if (!pool || this.running) return;
    await this.#busily('starting', async () => {
      // After how long silence has its consequences is told by the server.
      await this.#session.meet();
      this.#demo = await Demo.start({ pool, onStep: () => this.#show() });
      this.running = true;
      this.#show();
    });
  }

  /** More tasks for the same workers. */
  async refill(): Promise<void> {
    await this.#busily('filling', async () => this.#demo?.refill());
  }

  /** Switches one off without a word, as a power cut does. */
  kill(id: string): void {
    const worker = this.#demo?.workers.find((other) => other.id === id);
    if (!worker?.alive) return;
    this.#died.set(id, new Date().toISOString());
    worker.kill();
    this.#show();
  }

  /** Puts away whatever demo there is, also one that another program has left. */
  async remove(): Promise<void> {
    const pool = this.#session.admin;
    if (!pool) return;
    this.stop();
    await this.#busily('removing', async () => {
      const { tasks, workers } = await removeDemo(pool);
      this.#session.host.say(`The demo is gone: ${tasks} tasks withdrawn, ${workers} workers shut out.`);
    });
  }

  stop(): void {
    this.#demo?.stop();
    this.#demo = undefined;
    this.running = false;
    this.workers = [];
  }

  async #busily(what: 'starting' | 'filling' | 'removing', work: () => Promise<unknown>): Promise<void> {
    this.busy = what;
    try {
      await work();
      this.#session.live.touch();
    } catch (failure) {
      this.#session.host.say(reason(failure));
    } finally {
      this.busy = '';
    }
  }

  #show(): void {
    this.workers = (this.#demo?.workers ?? []).map(({ id, persona, doing, alive }) => {
      const diedAt = this.#died.get(id);
      return { id, name: bare(persona.name), doing, alive, ...(diedAt ? { diedAt } : {}) };
    });
  }
}
