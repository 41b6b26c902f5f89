// The time, once a second, as the server has it: what a lease has left is told by the server's clock and not by ours.
class Now {
  #offsetMs = 0;
  ms = $state(Date.now());

  constructor() {
    setInterval(() => (this.ms = Date.now() + this.#offsetMs), 1000);
  }

  /** Half a second of difference is the way of the message. */
  learn(serverTime: string): void {
    const offset = Date.parse(serverTime) - Date.now();
    this.#offsetMs = Math.abs(offset) < 500 ? 0 : offset;
  }
}

export const now = new Now();
