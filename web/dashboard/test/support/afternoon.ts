// A pool in the middle of a busy day, for pictures: issues from GitHub and tasks from a file, some merged, some in review,
// one given back and taken up again, one that two holders found unclear, and what keeps a repository and GitHub apart.
import { readFile } from 'node:fs/promises';
import { load } from 'js-yaml';
import type { Lease, NewTask, Pool, Task } from '@owp-pool/client';
import type { GitHub, Issue } from './github.js';
import { repository, volunteer, type Volunteer, type World } from './world.js';

const EXAMPLES = new URL('../../../../examples/tasks.yaml', import.meta.url);

const COMPASS: Issue[] = [
  {
    title: 'Keep the needle still while the map turns',
    body: 'With two fingers the map turns and the needle turns along, so north is wherever the map says.\n\nThe needle should keep to the bearing of the device. `rose/turn.rs` has both angles; the test for it is in `rose/tests`.',
    labels: ['pool:ready', 'estimate:3', 'priority:critical', 'skills:rust', 'area:needle'],
  },
  {
    title: 'Explain declination on one page',
    body: 'What it is, why it differs from place to place, and where the figure in the corner of the map comes from.',
    labels: ['pool:ready', 'estimate:1', 'priority:high', 'skills:docs', 'area:manual'],
    author: 'oskar',
  },
  {
    title: 'Reject a bearing above 360',
    body: 'It is taken modulo 360 today, which hides mistakes in the input.',
    labels: ['pool:ready', 'estimate:2', 'priority:medium', 'skills:rust', 'area:rose'],
  },
  {
    title: 'Test the rose at every degree',
    body: 'The drawing is off by one pixel at 45 degrees.',
    labels: ['pool:ready', 'estimate:2', 'priority:medium', 'skills:rust', 'area:drawing'],
  },
  {
    title: 'Name the wind by its quarter',
    body: 'North-north-east instead of 22.5.',
    labels: ['pool:ready', 'estimate:1', 'skills:docs', 'area:words'],
  },
];

const ATLAS: Issue[] = [
  {
    title: 'Show distances in nautical miles',
    body: 'Beside kilometres, where a chart is shown.',
    labels: ['pool:ready', 'estimate:2', 'priority:high', 'skills:typescript', 'area:units'],
    author: 'oskar',
  },
  {
    title: 'Read the old almanacs',
    body: 'Those before 1930 have their columns the other way round.',
    labels: ['pool:ready', 'estimate:2', 'priority:high', 'skills:docs', 'area:almanacs'],
  },
  {
    title: 'Print the rose without ink blots',
    body: 'The fill overlaps the outline by half a point.',
    labels: ['pool:ready', 'estimate:1', 'priority:medium', 'skills:typescript', 'area:print'],
  },
];

const POLICY = `version: 1
paths:
  allow: [src/, docs/, rose/]
  deny: [.github/]
size:
  files_max: 20
  lines_per_point_max: 150
disclosure:
  line: 'Assisted-by:'
admission:
  mode: report
`;

export interface Afternoon {
  /** Given back by its first holder, in review by its second. */
  task: string;
  worker: string;
  token: string;
}

export async function fillAfternoon({ pool, server }: World, github: GitHub): Promise<Afternoon> {
  github.put('acme/compass', COMPASS);
  github.put('acme/atlas', ATLAS);
  github.put('acme/beacon', []);
  github.setPolicy('acme/compass', POLICY);
  await repository(pool, 'acme/compass', { max_open_prs: 5 });
  await repository(pool, 'acme/atlas', { max_open_prs: 4 });
  await repository(pool, 'acme/beacon', { max_open_prs: 2 });
  await repository(pool, 'demo/owp-pool', { max_open_prs: 2 });
  await pool.call('putRepo', {
    body: { repo: 'acme/harbour', max_open_prs: 2, paused_until: new Date(Date.now() + 3 * 3_600_000).toISOString() },
  });
  for (const repo of ['acme/compass', 'acme/atlas', 'acme/beacon']) await sync(pool, repo);
  await pool.call('importTasks', { body: load(await readFile(EXAMPLES, 'utf8')) as NewTask[] });
  await pool.call('importTasks', {
    body: [
      { repo: 'acme/harbour', key: 'quay-1', title: 'Count ships once when they turn', required_skills: ['rust'] },
      { repo: 'acme/harbour', key: 'quay-2', title: 'Say which harbour a ship left', required_skills: ['docs'] },
    ],
  });

  const few = { capacity_points: 8, max_concurrent_tasks: 2 };
  const alice = await volunteer(pool, 'Alice', ['docs', 'python'], few);
  const bjoern = await volunteer(pool, 'Bjørn', ['rust', 'docs'], few);
  const chidi = await volunteer(pool, 'Chidi', ['rust', 'shell', 'typescript'], few);
  const needle = await first(bjoern, 'Keep the needle still while the map turns');
  await work(bjoern, needle);
  await bjoern.pool.call('releaseLease', {
    path: { lease_id: needle.lease_id },
    body: {
      reason: 'insufficient_time',
      branch: `owp/${needle.task_id}`,
      notes: 'The angle is right on the branch. What is left is the test for a map that turns past north.',
    },
  });

  const again = await first(chidi, needle.title);
  await work(chidi, again);
  await chidi.pool.call('reportTaskStatus', {
    path: { task_id: again.task_id },
    body: {
      status: 'pr_opened',
      message: 'With the test for a map that turns past north; the rest is as it was on the branch.',
      artifact: { pr_url: 'https://github.com/acme/compass/pull/41' },
    },
  });

  // An ordinary day: what is begun is opened, most of it is merged.
  let number = 42;
  for (const [round, person] of [alice, chidi, bjoern, alice, chidi].entries()) {
    for (const [at, lease] of (await person.fetch()).entries()) {
      await work(person, lease);
      await person.report(lease.task_id, 'pr_opened', `https://github.com/${lease.repo}/pull/${number++}`);
      const body = { action: 'merge' as const, rating: 4 + (at % 2) };
      if (round + at < 4) await pool.call('updateTask', { path: { task_id: lease.task_id }, body });
    }
  }

  await unclear(pool, [
    await volunteer(pool, 'Dana', [], { max_concurrent_tasks: 1 }),
    await volunteer(pool, 'Emil', [], { max_concurrent_tasks: 1 }),
  ]);
  github.edit('acme/compass', 7, `${COMPASS[0]?.body ?? ''}\n\nAlso while it is zoomed.`);
  await github.rename(server.address, 'acme/beacon', 'lantern');
  github.setPolicy('acme/atlas', 'version: 1\nsize:\n  lines: 400\n');
  await sync(pool, 'acme/compass');
  await sync(pool, 'acme/atlas');
  for (const person of [alice, bjoern, chidi]) {
    const [lease] = await person.fetch();
    if (lease) await work(person, lease);
    await person.pool.call('sendHeartbeat', { body: { status: 'working', note: 'half-way through' } });
  }
  return { task: needle.task_id, worker: alice.id, token: alice.token };
}

async function sync(pool: Pool, repo: string): Promise<void> {
  const [owner = '', name = ''] = repo.split('/');
  await pool.call('syncGithubRepo', {
    path: { owner, repo: name },
    query: { dry_run: false },
    body: { sync_type: 'bidirectional', accept_edits: false },
  });
}

async function first(person: Volunteer, title: string): Promise<Lease> {
  const lease = (await person.fetch()).find((other) => other.title === title);
  if (!lease) throw new Error(`${title} was not given`);
  return lease;
}

async function work(person: Volunteer, { task_id }: Lease): Promise<void> {
  await person.report(task_id, 'in_progress');
}

/** A task that says too little: two of those who had it gave it back for that. */
async function unclear(pool: Pool, people: Volunteer[]): Promise<Task> {
  const fields = { repo: 'acme/beacon', title: 'Make the lamp nicer', estimate_points: 1, priority: 1000 };
  const { task_id } = await pool.call('createTask', { body: fields });
  for (const person of people) {
    const lease = await first(person, fields.title);
    const body = { reason: 'unclear_requirements' as const, message: 'nicer than what?' };
    await person.pool.call('releaseLease', { path: { lease_id: lease.lease_id }, body });
  }
  return pool.call('getTask', { path: { task_id } });
}
