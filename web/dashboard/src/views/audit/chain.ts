// Whether the seals of the audit hold together: each names the digest of the one before it, and is signed. What the
// batches hold is proved with an export; this looks at the chain alone.
import type { AuditSeal } from '@owp-pool/client';

export type Verdict =
  | {
      kind: 'holds';
      /** The first one that was looked at; what is before it was taken as it is. */
      from: number;
      /** Whether this browser could check the signatures. */
      signed: boolean;
      /** How many keys signed them: a change of keys is a reason to ask why. */
      keys: number;
    }
  | { kind: 'broken'; batch: number; why: 'gap' | 'digest' | 'signature' }
  /** The page has no cryptography: it was not loaded over TLS or from this machine. */
  | { kind: 'unknown' };

const FIRST = '0'.repeat(64);

/** Looks at seals that should follow each other, in whatever order they come. `whole` says that there are none before them. */
export async function verdictOn(seals: readonly AuditSeal[], whole: boolean): Promise<Verdict> {
  if (!globalThis.crypto?.subtle) return { kind: 'unknown' };
  const sorted = seals.toSorted((a, b) => a.batch - b.batch);
  const from = whole ? 1 : (sorted[0]?.batch ?? 1);
  let previous = from === 1 ? FIRST : sorted[0]?.previous;
  let signed = true;
  for (const [index, seal] of sorted.entries()) {
    if (seal.batch !== from + index) return { kind: 'broken', batch: seal.batch, why: 'gap' };
    if (seal.previous !== previous) return { kind: 'broken', batch: seal.batch, why: 'digest' };
    const { signature, ...rest } = seal;
    const bytes = new TextEncoder().encode(canonical(rest));
    const good = await isSigned(bytes, signature, seal.key);
    if (good === false) return { kind: 'broken', batch: seal.batch, why: 'signature' };
    signed &&= good === true;
    previous = hex(await crypto.subtle.digest('SHA-256', bytes));
  }
  return { kind: 'holds', from, signed, keys: new Set(sorted.map((seal) => seal.key)).size };
}

/** RFC 8785, as far as seals need it: names sorted, no spaces, whole numbers and plain texts. */
export function canonical(record: Record<string, string | number>): string {
  const names = Object.keys(record).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${JSON.stringify(record[name])}`).join(',')}}`;
}

/** Nothing where this browser does not know Ed25519. */
async function isSigned(bytes: Uint8Array<ArrayBuffer>, signature: string, key: string): Promise<boolean | undefined> {
  try {
    const known = await crypto.subtle.importKey('raw', fromBase64Url(key), 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', known, fromBase64Url(signature), bytes);
  } catch {
    return undefined;
  }
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
}

function hex(digest: ArrayBuffer): string {
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
