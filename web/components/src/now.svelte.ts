// The time, as the server has it: what a lease has left is told by the server's clock and not by ours.
import { createSubscriber } from 'svelte/reactivity';

const TICK_MS = 1_000;

class Now {
  #offsetMs = 0;
  // It ticks for as long as somebody looks, so that nothing is left running when the last view is closed.
  readonly #ticking = createSubscriber((tick) => {
    const timer = setInterval(tick, TICK_MS);
    return () => clearInterval(timer);
  });

  /** What reads it in a view is brought up to date once a second. */
  get ms(): number {
    this.#ticking();
    return Date.now() + this.#offsetMs;
  }

  /** Half a second of difference is the way of the message. */
  learn(serverTime: string): void {
    const offset = Date.parse(serverTime) - Date.now();
    this.#offsetMs = Math.abs(offset) < 500 ? 0 : offset;
  }
}

export const now = new Now();
