// Who looks at which pool. The token is kept for the tab, or in this browser where that was asked for; it is sent to its
// server and nowhere else.
import { Pool, Refused, type Credentials, type ServerInfo } from '@owp-pool/client';

const KEY = 'owp.session';

interface Kept {
  url: string;
  credentials: Exclude<Credentials, null>;
}

export type Role = 'admin' | 'worker' | 'guest';

class Session {
  /** The server's address; '' is where this page came from. */
  url = $state('');
  credentials = $state.raw<Credentials>(null);
  server = $state.raw<ServerInfo | undefined>(undefined);
  /** Why one has to sign in again, in words. */
  ended = $state('');
  readonly pool = $derived(new Pool({ url: this.url, credentials: this.credentials }));
  readonly role: Role = $derived(!this.credentials ? 'guest' : 'admin' in this.credentials ? 'admin' : 'worker');

  constructor() {
    const kept = read(sessionStorage) ?? read(localStorage);
    if (kept) {
      this.url = kept.url;
      this.credentials = kept.credentials;
    }
  }

  /** What the address of the server is to people, and to commands that they copy. */
  get address(): string {
    return this.url || location.origin;
  }

  has(feature: string): boolean {
    return this.server?.features.includes(feature) ?? false;
  }

  /** Tries the token before it is taken: a wrong one throws the server's words. */
  async signIn(url: string, credentials: Exclude<Credentials, null>, stay: boolean): Promise<void> {
    const pool = new Pool({ url: bare(url), credentials });
    if ('admin' in credentials) await pool.call('getState', {});
    else await pool.call('getOwnWorker', {});
    const kept: Kept = { url: pool.url, credentials };
    forget();
    (stay ? localStorage : sessionStorage).setItem(KEY, JSON.stringify(kept));
    this.ended = '';
    this.server = undefined;
    this.url = kept.url;
    this.credentials = credentials;
  }

  signOut(why = ''): void {
    forget();
    this.ended = why;
    this.credentials = null;
  }

  /** A refusal anywhere may mean that the token is no longer good. */
  notice(failure: unknown): void {
    if (failure instanceof Refused && failure.signInNeeded && this.credentials) this.signOut(failure.message);
  }
}

export const session = new Session();

function bare(url: string): string {
  const trimmed = url.trim().replace(/\/+$/, '');
  return trimmed === location.origin ? '' : trimmed;
}

function read(storage: Storage): Kept | undefined {
  try {
    const kept: unknown = JSON.parse(storage.getItem(KEY) ?? 'null');
    return kept === null ? undefined : (kept as Kept);
  } catch {
    return undefined;
  }
}

function forget(): void {
  sessionStorage.removeItem(KEY);
  localStorage.removeItem(KEY);
}
