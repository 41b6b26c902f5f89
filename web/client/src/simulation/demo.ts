// A demo pool in one call, and nothing of it left in the way after another: a repository, tasks, simulated workers, and a
// maintainer who reviews now and then. Every task asks for the skill `simulated`, so that no real worker is given one.
import { allOf } from '../pages.js';
import { pause, type Pool } from '../pool.js';
import { Refused } from '../problem.js';
import type { NewTask, Task } from '../words.js';
import { SimulatedWorker, type Pace, type Persona } from './worker.js';

export const DEMO_REPO = 'demo/lighthouse';
export const DEMO_SKILL = 'simulated';
const WORKER_SUFFIX = ' (simulated)';

export const DEMO_PACE: Pace & { reviewMs: number } = { pointMs: 4_000, idleMs: 1_500, reviewMs: 6_000 };

/** Before all other tasks, so that simulated workers are hardly ever offered one that is not theirs. */
const PRIORITY = 1000;

/** Whatever one of them leaves, another one can take up. */
const PEOPLE: [string, string[]][] = [
  ['Ada', ['rust', 'docs', 'shell']],
  ['Grace', ['typescript', 'css', 'docs']],
  ['Linus', ['rust', 'shell', 'typescript', 'css']],
];

const WISHES: [title: string, area: string, skills: string[], points: number][] = [
  ['Show the tide table in local time', 'tides', ['typescript'], 2],
  ['Explain how lamps are tested', 'docs', ['docs'], 1],
  ['Reject a beam angle below zero', 'lamp', ['rust'], 2],
  ['Dim the page at night', 'page', ['css'], 1],
  ['Read fog reports that have no wind', 'weather', ['rust'], 3],
  ['Name the log after the day', 'log', ['shell'], 1],
  ['Describe the signals on one page', 'signals', ['docs'], 2],
  ['Keep the map where it was after a resize', 'map', ['typescript'], 2],
  ['Count ships once when they turn', 'radar', ['rust'], 3],
  ['Make the print view fit one sheet', 'print', ['css'], 1],
  ['Check the backup at start', 'backup', ['shell'], 2],
  ['Say which harbour a ship left', 'harbour', ['typescript'], 2],
];

export interface DemoOptions {
  /** With the admin token. */
  pool: Pool;
  pace?: Pace & { reviewMs: number };
  random?: () => number;
  onStep?: (worker: SimulatedWorker, words: string) => void;
  onReview?: (words: string) => void;
}

export class Demo {
  readonly workers: SimulatedWorker[] = [];
  readonly #options: DemoOptions;
  readonly #end = new AbortController();

  private constructor(options: DemoOptions) {
    this.#options = options;
  }

  /** Fills the demo repository and sets the workers to work. */
  static async start(options: DemoOptions): Promise<Demo> {
    const demo = new Demo(options);
    const { pool } = options;
    const settings = { repo: DEMO_REPO, max_open_prs: 3, paused: false, trust_tier_min: 'untrusted' as const };
    await pool.call('putRepo', { body: settings });
    await demo.refill();
    await Promise.all(
      PEOPLE.map(([name, skills]) =>
        demo.addWorker({ name: name + WORKER_SUFFIX, skills, capacityPoints: 5, tasksMax: 1 }),
      ),
    );
    void demo.#review();
    return demo;
  }

  /** Puts the demo's tasks in, anew if they are there. */
  async refill(): Promise<void> {
    await this.#options.pool.call('importTasks', { body: demoTasks(Date.now().toString(36)) });
  }

  async addWorker(persona: Persona): Promise<SimulatedWorker> {
    const { pool, random, onStep, pace = DEMO_PACE } = this.#options;
    const worker: SimulatedWorker = new SimulatedWorker({
      pool: pool.as(null),
      registrar: pool,
      persona: { ...persona, skills: [...persona.skills, DEMO_SKILL] },
      repo: DEMO_REPO,
      pace,
      mayAsk: () => hasWork(pool),
      ...(random ? { random } : {}),
      onStep: (words) => onStep?.(worker, words),
    });
    await worker.register();
    this.workers.push(worker);
    void worker.run();
    return worker;
  }

  /** Stops everybody and the reviews; what is in the pool stays as it is. */
  stop(): void {
    this.#end.abort(new DOMException('the demo ended', 'AbortError'));
    for (const worker of this.workers) if (worker.alive) worker.kill();
  }

  /** Looks at pull requests one by one: most are merged, some are sent back. */
  async #review(): Promise<void> {
    const { pool, pace = DEMO_PACE, random = Math.random, onReview } = this.#options;
    const signal = this.#end.signal;
    for (;;) {
      try {
        await pause(pace.reviewMs * (0.6 + random()), signal);
        const waiting = await allOf(pool, 'listTasks', { repo: DEMO_REPO, state: 'pr_opened' }, { signal });
        const [oldest] = waiting.sort((a, b) => a.state_since.localeCompare(b.state_since));
        if (!oldest) continue;
        const sendBack = random() < 0.2 && !oldest.attempts.some((attempt) => attempt.change_rounds);
        const body = sendBack
          ? { action: 'request_changes' as const, reason: 'please add a test' }
          : { action: 'merge' as const, rating: 4 + Math.round(random()) };
        await pool.call('updateTask', { path: { task_id: oldest.task_id }, body }, { signal });
        onReview?.(sendBack ? `sent back ${oldest.title}` : `merged ${oldest.title}`);
      } catch (failure) {
        if (signal.aborted) return;
        // Somebody else may have decided first, or the server was away; the next look will tell.
        if (!(failure instanceof Refused)) await pause(pace.reviewMs, signal).catch(() => undefined);
      }
    }
  }
}

/** Whoever asks when the demo has nothing to give would be offered the work of others, and hold it up by declining. */
async function hasWork(pool: Pool): Promise<boolean> {
  const repo = (await allOf(pool, 'listRepos')).find((other) => other.repo === DEMO_REPO);
  if (!repo || repo.slots_free === 0) return false;
  const ready = await pool.call('listTasks', { query: { repo: DEMO_REPO, state: 'ready', limit: 1 } });
  return ready.tasks.length > 0;
}

/** The demo's tasks; `run` tells those of one start from those of another. */
export function demoTasks(run: string): NewTask[] {
  return WISHES.map(([title, area, skills, points], index) => ({
    repo: DEMO_REPO,
    key: `${run}-${index + 1}`,
    title,
    description: 'Part of the demo. No such work exists; a simulated worker will pretend to do it.',
    estimate_points: points,
    priority: PRIORITY - index,
    required_skills: [...skills, DEMO_SKILL],
    area,
  }));
}

const OVER: ReadonlySet<Task['state']> = new Set(['merged', 'closed', 'cancelled']);

/**
 * Takes away whatever demo there is, of this page or of another: tasks are withdrawn, workers shut out, and the
 * repository gives no more work. The protocol deletes nothing, so the record of what happened stays.
 */
export async function removeDemo(pool: Pool): Promise<{ tasks: number; workers: number }> {
  const repos = await allOf(pool, 'listRepos');
  if (repos.some((repo) => repo.repo === DEMO_REPO)) {
    await pool.call('putRepo', { body: { repo: DEMO_REPO, max_open_prs: 0, paused: true } });
  }
  const workers = (await allOf(pool, 'listWorkers')).filter(
    (worker) => !worker.revoked && worker.name.endsWith(WORKER_SUFFIX) && worker.skills.includes(DEMO_SKILL),
  );
  for (const worker of workers) {
    const body = { reason: 'the demo ended' };
    await pool.call('revokeWorker', { path: { worker_id: worker.worker_id }, body });
  }
  const tasks = (await allOf(pool, 'listTasks', { repo: DEMO_REPO })).filter((task) => !OVER.has(task.state));
  for (const task of tasks) {
    const action = task.state === 'pr_opened' ? ('close' as const) : ('cancel' as const);
    await pool.call('updateTask', { path: { task_id: task.task_id }, body: { action, reason: 'the demo ended' } });
  }
  return { tasks: tasks.length, workers: workers.length };
}
