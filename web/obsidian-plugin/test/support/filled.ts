// A pool with something of everything in it, for looks at every view.
import type { Pool } from '@owp-pool/client';

export async function fill(pool: Pool): Promise<{ worker: string; token: string; held: string }> {
  await pool.call('putRepo', { body: { repo: 'acme/reef', max_open_prs: 3 } });
  await pool.call('putRepo', { body: { repo: 'acme/moor', max_open_prs: 2, paused: true } });
  const put = async (title: string, more: object = {}) =>
    (await pool.call('createTask', { body: { repo: 'acme/reef', title, ...more } })).task_id;
  const marked = await put('Mark the reef', { area: 'chart', required_skills: ['docs'], priority: 50 });
  const held = await put('Explain how lamps are tested', { area: 'docs', required_skills: ['docs'], priority: 40 });
  await put('Light the reef', { tier: 2, estimate_points: 3 });
  await put('Name the log after the day', { area: 'log', required_skills: ['shell'] });
  const body = { name: 'Dora', skills: ['docs'], capacity_points: 5, max_concurrent_tasks: 2 };
  const { worker_id, token } = await pool.call('registerWorker', { body });
  const dora = pool.as({ worker: token });
  await dora.call('fetchWork', {});
  const artifact = { pr_url: 'https://github.com/acme/reef/pull/12' };
  await dora.call('reportTaskStatus', { path: { task_id: marked }, body: { status: 'pr_opened', artifact } });
  await dora.call('reportTaskStatus', { path: { task_id: held }, body: { status: 'in_progress' } });
  return { worker: worker_id, token, held };
}
