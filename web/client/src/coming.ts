// Limits and backup, in shapes that the contract does not have yet. They are asked for only where the server
// names the feature. When the contract has them they are called by their names there, and this file goes.
import type { Pool } from './pool.js';

type Values = Record<string, string | number | undefined>;

export function rateLimits(pool: Pool, signal?: AbortSignal): Promise<Record<string, unknown>> {
  return read(pool, '/v1/admin/limits', {}, signal);
}

export async function backup(pool: Pool): Promise<Blob> {
  return (await pool.open('/v1/admin/backup', 'application/octet-stream')).blob();
}

async function read<T>(pool: Pool, path: string, query: Values, signal?: AbortSignal): Promise<T> {
  const response = await pool.open(path + search(query), 'application/json', { signal });
  return (await response.json()) as T;
}

function search(query: Values): string {
  const entries = Object.entries(query).filter(
    (entry): entry is [string, string | number] => entry[1] !== undefined && entry[1] !== '',
  );
  const text = new URLSearchParams(entries.map(([name, value]) => [name, String(value)])).toString();
  return text ? `?${text}` : '';
}
