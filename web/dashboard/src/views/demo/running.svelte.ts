// The demo that runs in this page, if one does. It lives outside of its view, so that one can look at the others while
// the workers go on; with the page they all fall silent, as workers do.
import { Demo, removeDemo, type SimulatedWorker } from '@owp-pool/client/simulation';
import { reason, words } from '../../pool/act.svelte.js';
import { live } from '../../pool/live.svelte.js';
import { session } from '../../session/session.svelte.js';

export interface Step {
  id: number;
  at: string;
  who: string;
  what: string;
}

const STEPS_MAX = 60;

class RunningDemo {
  workers = $state.raw<{ id: string; name: string; doing: string; alive: boolean; diedAt?: string }[]>([]);
  steps = $state.raw<readonly Step[]>([]);
  busy = $state<'' | 'starting' | 'filling' | 'removing'>('');
  running = $state(false);
  #demo: Demo | undefined;
  #next = 0;
  #died = new Map<string, string>();

  async start(): Promise<void> {
    this.busy = 'starting';
    try {
      this.#demo = await Demo.start({
        pool: session.pool,
        onStep: (worker, what) => this.#step(worker.persona.name, what),
        onReview: (what) => this.#step('the maintainer', what),
      });
      this.running = true;
      live.touch();
    } catch (failure) {
      words.say(reason(failure), 'refused');
    } finally {
      this.busy = '';
    }
  }

  /** More tasks for the same workers. */
  async refill(): Promise<void> {
    this.busy = 'filling';
    try {
      await this.#demo?.refill();
      live.touch();
    } catch (failure) {
      words.say(reason(failure), 'refused');
    } finally {
      this.busy = '';
    }
  }

  nameOf(id: string | undefined): string {
    return this.workers.find((worker) => worker.id === id)?.name ?? 'another worker';
  }

  /** Switches one off without a word, as a power cut does. */
  kill(id: string): void {
    const worker = this.#demo?.workers.find((other) => other.id === id);
    if (!worker?.alive) return;
    this.#died.set(id, new Date().toISOString());
    worker.kill();
    this.#show();
  }

  async remove(): Promise<void> {
    this.busy = 'removing';
    this.#demo?.stop();
    try {
      const gone = await removeDemo(session.pool);
      words.say(`The demo is gone: ${gone.tasks} tasks withdrawn, ${gone.workers} workers shut out.`);
      this.#demo = undefined;
      this.running = false;
      this.workers = [];
      this.steps = [];
      live.touch();
    } catch (failure) {
      words.say(reason(failure), 'refused');
    } finally {
      this.busy = '';
    }
  }

  #step(who: string, what: string): void {
    const step = { id: ++this.#next, at: new Date().toISOString(), who: who.replace(' (simulated)', ''), what };
    this.steps = [step, ...this.steps].slice(0, STEPS_MAX);
    this.#show();
  }

  #show(): void {
    const workers = this.#demo?.workers ?? [];
    this.workers = workers.map((worker: SimulatedWorker) => {
      const diedAt = this.#died.get(worker.id);
      const shown = {
        id: worker.id,
        name: worker.persona.name.replace(' (simulated)', ''),
        doing: worker.doing,
        alive: worker.alive,
      };
      return diedAt ? { ...shown, diedAt } : shown;
    });
  }
}

export const demo = new RunningDemo();
