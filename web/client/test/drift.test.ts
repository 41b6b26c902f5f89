import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
// @ts-expect-error The generator is a script without types.
import { generated, target } from '../generate.mjs';

test('the types are those of the contract; `npm run generate` in web/ makes them again', async () => {
  const kept = await readFile(target as URL, 'utf8');
  expect(kept === (await (generated as () => Promise<string>)())).toBe(true);
});
