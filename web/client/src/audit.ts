// The audit as a file. As pages it is an operation like any other; an export is streamed in another form.
import { places } from './contract.js';
import type { Pool, Query } from './pool.js';

export type AuditFilter = Pick<Query<'listAuditEvents'>, 'from' | 'to' | 'type' | 'actor' | 'target'>;

const ACCEPT = { ndjson: 'application/x-ndjson', csv: 'text/csv' } as const;

/** The whole of what a filter finds. */
export async function exportAudit(pool: Pool, filter: AuditFilter, format: keyof typeof ACCEPT): Promise<Blob> {
  const [, path] = places.listAuditEvents;
  const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value));
  const response = await pool.open(query.size > 0 ? `${path}?${query}` : path, ACCEPT[format]);
  return response.blob();
}
