import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { AuditSeal } from '@owp-pool/client';
import { expect, test } from 'vitest';
import { canonical, verdictOn } from '../../src/views/audit/chain.js';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const KEY = publicKey.export({ format: 'jwk' }).x ?? '';
const AT = '2026-01-18T01:00:00.000Z';

function chain(length: number): AuditSeal[] {
  const seals: AuditSeal[] = [];
  let previous = '0'.repeat(64);
  for (let batch = 1; batch <= length; batch++) {
    const rest = {
      batch,
      previous,
      events: 2,
      digest: `d${batch}`,
      first_at: AT,
      last_at: AT,
      until: `c${batch}`,
      sealed_at: AT,
      key: KEY,
    };
    const text = canonical(rest);
    seals.push({ ...rest, signature: sign(null, Buffer.from(text), privateKey).toString('base64url') });
    previous = createHash('sha256').update(text).digest('hex');
  }
  return seals;
}

test('a chain holds where each seal names the one before it and is signed, in whatever order they come', async () => {
  expect(await verdictOn(chain(3).reverse(), true)).toEqual({ kind: 'holds', from: 1, signed: true, keys: 1 });
  expect(await verdictOn([], true)).toEqual({ kind: 'holds', from: 1, signed: true, keys: 0 });
});

test('of a long chain the newest seals hold by themselves, but not as the whole', async () => {
  const newest = chain(5).slice(2);
  expect(await verdictOn(newest, false)).toEqual({ kind: 'holds', from: 3, signed: true, keys: 1 });
  expect(await verdictOn(newest, true)).toEqual({ kind: 'broken', batch: 3, why: 'gap' });
});

test('a seal that was changed, taken out or signed by somebody else breaks it', async () => {
  const [first, second, third] = chain(3) as [AuditSeal, AuditSeal, AuditSeal];
  expect(await verdictOn([first, { ...second, events: 3 }, third], true)).toEqual({
    kind: 'broken',
    batch: 2,
    why: 'signature',
  });
  expect(await verdictOn([first, third], true)).toEqual({ kind: 'broken', batch: 3, why: 'gap' });
  expect(await verdictOn([{ ...first, previous: 'f'.repeat(64) }], true)).toEqual({
    kind: 'broken',
    batch: 1,
    why: 'digest',
  });
  const other = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x ?? '';
  expect(await verdictOn([{ ...first, key: other }], true)).toEqual({ kind: 'broken', batch: 1, why: 'signature' });
});

test('canonical JSON sorts names and has no spaces', () => {
  expect(canonical({ b: 1, a: 'x"y' })).toBe('{"a":"x\\"y","b":1}');
});
