// The real server as a process of its own, with a database that goes with it.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Pool } from '@owp-pool/client';

const BUILT = fileURLToPath(new URL('../../target/debug/owp-server', import.meta.url));
const BINARY = process.env['OWP_SERVER_BIN'] ?? BUILT;

export const ADMIN = 'the-admin-token-of-the-tests';

/** A server that takes longer to start than this never will. */
const START_MAX_MS = 20_000;

export class Server {
  address = '';
  readonly #folder: string;
  readonly #env: Record<string, string>;
  #process: ChildProcess | undefined;

  private constructor(folder: string, env: Record<string, string>) {
    this.#folder = folder;
    this.#env = env;
  }

  static async start(env: Record<string, string> = {}): Promise<Server> {
    const server = new Server(await mkdtemp(join(tmpdir(), 'owp-web-')), env);
    await server.run('0');
    return server;
  }

  get pool(): Pool {
    return new Pool({ url: this.address, credentials: { admin: ADMIN } });
  }

  /** Starts again where it was, as after an update. */
  async restart(env: Record<string, string> = {}): Promise<void> {
    Object.assign(this.#env, env);
    await this.run(new URL(this.address).port);
  }

  async run(port: string): Promise<void> {
    const env = { ...process.env, OWP_ADMIN_TOKEN: ADMIN, OWP_LOG: 'warn', OWP_RATE_LIMIT: 'off', ...this.#env };
    const child = spawn(BINARY, ['--db', join(this.#folder, 'pool.db'), '--port', port, '--host', '127.0.0.1'], {
      env,
      cwd: this.#folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#process = child;
    this.address = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${BINARY} did not say that it is ready`)), START_MAX_MS);
      let said = '';
      child.on('error', reject);
      child.on('exit', (code) => reject(new Error(`${BINARY} ended with ${code}: ${said}`)));
      child.stdout?.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        const found = /ready at (http:\S+)/.exec(said);
        if (!found?.[1]) return;
        clearTimeout(timer);
        resolve(found[1]);
      });
    });
  }

  async stop(): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }

  async end(): Promise<void> {
    await this.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
