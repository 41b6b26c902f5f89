// Lists of the contract come in pages. These walk them, so that no caller handles a cursor.
import type { Answer, Pool, Query } from './pool.js';
import type { CallOptions } from './pool.js';

type Listing = 'listTasks' | 'listRepos' | 'listWorkers';
type Item = {
  listTasks: Answer<'listTasks'>['tasks'][number];
  listRepos: Answer<'listRepos'>['repos'][number];
  listWorkers: Answer<'listWorkers'>['workers'][number];
};
const FIELDS = { listTasks: 'tasks', listRepos: 'repos', listWorkers: 'workers' } as const;

/** The contract's largest page: fewer round trips for the same rows. */
export const PAGE_MAX = 100;

/** Page after page of a list, each as soon as it is there. */
export async function* pagesOf<L extends Listing>(
  pool: Pool,
  listing: L,
  query?: Omit<Query<L>, 'cursor' | 'limit'>,
  options: CallOptions = {},
): AsyncGenerator<Item[L][]> {
  let cursor: string | undefined;
  do {
    const asked = { ...query, limit: PAGE_MAX, ...(cursor === undefined ? {} : { cursor }) };
    const page = (await pool.call(listing, { query: asked } as never, options)) as Record<string, unknown>;
    yield page[FIELDS[listing]] as Item[L][];
    cursor = page['next_cursor'] as string | undefined;
  } while (cursor !== undefined);
}

/** A whole list; for lists that are known to be short. */
export async function allOf<L extends Listing>(
  pool: Pool,
  listing: L,
  query?: Omit<Query<L>, 'cursor' | 'limit'>,
  options: CallOptions = {},
): Promise<Item[L][]> {
  const items: Item[L][] = [];
  for await (const page of pagesOf(pool, listing, query, options)) items.push(...page);
  return items;
}
