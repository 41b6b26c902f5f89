// One pool as the settings name it, with everything that is kept of it. Another connection makes a new session; views are given it
// and never look further.
import { Pool, type Answer, type Fetch, type Input, type Operation, type ServerInfo } from '@owp-pool/client';
import type { Host } from '../host.js';
import type { Settings } from '../settings.js';
import { DemoRun } from './demo.svelte.js';
import { reason } from './failures.js';
import { Live } from './live.svelte.js';
import { Titles } from './titles.svelte.js';
import { Work } from './work.svelte.js';

export interface SessionOptions {
  settings: Settings;
  adminToken: string | null;
  workerToken: string | null;
  host: Host;
  /** What calls are sent with. */
  fetch: Fetch;
  /** What streams are opened with; `null` where events are asked for as pages. */
  stream: Fetch | null;
  /** Whether heartbeats were on when this device was last used. */
  beating: boolean;
}

export class Session {
  /** What only changes how things are shown is written here while the session goes on. */
  settings: Settings;
  readonly host: Host;
  /** Without a token: for what anybody may ask. */
  readonly anybody: Pool;
  readonly admin: Pool | null;
  readonly worker: Pool | null;
  readonly live: Live;
  readonly work: Work;
  readonly demo: DemoRun;
  readonly titles: Titles;
  server = $state.raw<ServerInfo>();

  constructor(options: SessionOptions) {
    const { settings, host, fetch, stream, adminToken, workerToken } = options;
    this.settings = settings;
    this.host = host;
    this.anybody = new Pool({ url: settings.address, fetch, stream });
    this.admin = adminToken ? this.anybody.as({ admin: adminToken }) : null;
    this.worker = workerToken ? this.anybody.as({ worker: workerToken }) : null;
    this.live = new Live({
      admin: this.admin,
      worker: this.worker,
      pollMs: settings.pollS * 1000,
      refreshMs: settings.refreshS * 1000,
      onEvents: (events) => this.work.heard(events),
    });
    this.work = new Work({ pool: this.worker, host, notices: () => this.settings.notices });
    this.demo = new DemoRun(this);
    this.titles = new Titles(this.admin ?? this.worker);
    if (options.beating) this.work.beat();
  }

  /** Ends whatever goes on by itself. */
  end(): void {
    this.demo.stop();
    this.work.end();
    this.live.stop();
  }

  /** Asks the server who it is; throws where it does not answer. */
  async meet(): Promise<ServerInfo> {
    this.server = await this.anybody.call('getServerInfo', {});
    return this.server;
  }

  /** Does something as the maintainer; a refusal is said and answered with undefined. */
  async attempt<O extends Operation>(operation: O, input: Input<O>, done?: string): Promise<Answer<O> | undefined> {
    return this.#attempt(this.admin, operation, input, done);
  }

  /** The same as the worker. */
  async attemptAsWorker<O extends Operation>(
    operation: O,
    input: Input<O>,
    done?: string,
  ): Promise<Answer<O> | undefined> {
    const answer = await this.#attempt(this.worker, operation, input, done);
    void this.work.look();
    return answer;
  }

  async #attempt<O extends Operation>(
    pool: Pool | null,
    operation: O,
    input: Input<O>,
    done: string | undefined,
  ): Promise<Answer<O> | undefined> {
    if (!pool) {
      this.host.say('This needs a token. Choose one in the settings of this plugin.');
      return undefined;
    }
    try {
      const answer = await pool.call(operation, input);
      if (done) this.host.say(done);
      this.live.touch();
      return answer;
    } catch (failure) {
      this.host.say(reason(failure));
      return undefined;
    }
  }
}
