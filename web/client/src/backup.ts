// The whole pool as a file, for who keeps one by hand. `owp admin backup` is for machines.
import { places } from './contract.js';
import type { Pool } from './pool.js';

const [, PATH] = places.getBackup;

/** A copy of everything as of one moment; fails where what arrived is not what the server says that it sent. */
export async function downloadBackup(pool: Pool): Promise<Blob> {
  const response = await pool.open(PATH, 'application/vnd.sqlite3');
  const file = await response.blob();
  const said = /sha-256=:([^:]+):/.exec(response.headers.get('repr-digest') ?? '')?.[1];
  // Without TLS browsers keep their cryptography to themselves; the length was held by the connection.
  const { subtle } = globalThis.crypto;
  if (said && subtle) {
    const digest = new Uint8Array(await subtle.digest('SHA-256', await file.arrayBuffer()));
    if (btoa(String.fromCharCode(...digest)) !== said)
      throw new Error('what arrived is not what the server sent; take the backup again');
  }
  return file;
}
