import { expect, test } from 'vitest';
import { Pool } from '../src/index.js';
import { demoTasks, DEMO_REPO, DEMO_SKILL, SimulatedWorker } from '../src/simulation/index.js';
import { answering, json } from './answering.js';

const PACE = { pointMs: 1, idleMs: 1 };
const PERSONA = { name: 'Ada', skills: ['rust'], capacityPoints: 5, tasksMax: 1 };

test('a simulated worker accepts what is its own, does it, and declines everything else', async () => {
  const offers = [
    [{ offer_id: 'o_1', repo: 'acme/real', title: 'Real' }],
    [{ offer_id: 'o_2', repo: DEMO_REPO, title: 'Mine' }],
  ];
  let finished: () => void = () => undefined;
  const done = new Promise<void>((resolve) => (finished = resolve));
  const { url, asked } = await answering((one, answer) => {
    if (one.path.endsWith('/register'))
      return json(answer, 201, { worker_id: 'w_1', token: 'own', trust_tier: 'untrusted', heartbeat_interval_s: 1 });
    if (one.path === '/v1/work') return json(answer, 200, { leases: [] });
    if (one.path === '/v1/work/offers') return json(answer, 200, { offers: offers.shift() ?? [] });
    if (one.path.endsWith('/accept'))
      return json(answer, 201, {
        lease: { lease_id: 'l_1', task_id: 't_1', repo: DEMO_REPO, title: 'Mine', estimate_points: 1, state: 'leased' },
      });
    json(answer, 200, { ok: true });
    if (one.body.includes('pr_opened')) finished();
  });
  const worker = new SimulatedWorker({
    pool: new Pool({ url }),
    persona: PERSONA,
    repo: DEMO_REPO,
    pace: PACE,
    random: () => 0.5,
  });
  await worker.register();
  const running = worker.run();
  await done;
  worker.kill();
  await running;

  const calls = asked.map(({ method, path }) => `${method} ${path}`);
  expect(calls).toContain('POST /v1/work/offers/o_1/reject');
  expect(calls).not.toContain('POST /v1/work/offers/o_1/accept');
  expect(calls).toContain('POST /v1/work/offers/o_2/accept');
  const reports = asked
    .filter(({ path }) => path === '/v1/tasks/t_1/status')
    .map(({ body }) => JSON.parse(body) as { status: string; lease_id: string });
  expect(reports.map(({ status }) => status)).toEqual(['in_progress', 'pr_opened']);
  expect(reports.every(({ lease_id }) => lease_id === 'l_1')).toBe(true);
  expect(
    asked
      .filter(({ path }) => !path.endsWith('/register'))
      .every(({ headers }) => headers.authorization === 'Bearer own'),
  ).toBe(true);
});

test('a killed worker says nothing more', async () => {
  const { url, asked } = await answering((one, answer) =>
    json(answer, one.path.endsWith('/register') ? 201 : 200, {
      worker_id: 'w_1',
      token: 'own',
      heartbeat_interval_s: 1,
      leases: [],
      offers: [],
    }),
  );
  const worker = new SimulatedWorker({ pool: new Pool({ url }), persona: PERSONA, repo: DEMO_REPO, pace: PACE });
  await worker.register();
  const running = worker.run();
  worker.kill();
  await running;
  const said = asked.length;
  await new Promise((resolve) => setImmediate(resolve));
  expect(asked.slice(said)).toEqual([]);
  expect(worker.alive).toBe(false);
});

test('demo tasks ask for a skill that no real worker has, and differ from start to start', () => {
  const tasks = demoTasks('a');
  expect(tasks.every((task) => task.required_skills?.includes(DEMO_SKILL))).toBe(true);
  expect(new Set([...tasks, ...demoTasks('b')].map((task) => task.key)).size).toBe(2 * tasks.length);
});
