// A pool of thousands of tasks, for what has to stay quick and small in it.
import type { Pool } from '@owp-pool/client';
import { repository } from './world.js';

/** The contract's bound for one import. */
const AT_ONCE = 1_000;

export async function library(pool: Pool, tasks: number): Promise<void> {
  await repository(pool, 'acme/library');
  for (let from = 0; from < tasks; from += AT_ONCE) {
    const body = Array.from({ length: Math.min(AT_ONCE, tasks - from) }, (_, index) => ({
      repo: 'acme/library',
      key: `b-${from + index}`,
      title: `${['Sort', 'Bind', 'Shelve', 'Lend'][index % 4]} volume ${from + index} of the ${['atlas', 'almanac', 'catalogue'][index % 3]}`,
      area: `room-${index % 40}`,
      required_skills: index % 2 ? ['docs'] : ['rust', 'shell'],
    }));
    await pool.call('importTasks', { body });
  }
}
