import { expect, test } from 'vitest';
import { faultsOf } from '../../../testing/browser.js';
import { ADMIN } from '../../../testing/server.js';
import { sees, world } from '../support/vault.js';
import { fill } from '../support/filled.js';

const here = world();

/** Each view with what shows that it is there. */
const VIEWS: [command: string, selector: string, words: string | RegExp][] = [
  ['Open status', 'h3', 'Needs you'],
  ['Open tasks', '.view-content li', 'Light the reef'],
  ['Open events', '.view-content li', 'was put in'],
  ['Open my work', 'h3', 'You hold'],
  ['Open workers', '.view-content li', 'Dora'],
  ['Open analytics', 'figcaption', 'Tasks merged'],
  ['Open demo', '.view-content', 'One click registers'],
];

test('axe finds nothing in any view, light, dark and on a phone', async () => {
  const { token } = await fill(here.pool);
  const faults: string[] = [];
  for (const look of ['light', 'dark', 'phone'] as const) {
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };
    const { page, vault } = await here.open({
      as: { admin: ADMIN, worker: token },
      dark: look === 'dark',
      mobile: look === 'phone',
      ...(look === 'phone' ? { context: phone } : {}),
    });
    // On a phone only the widths differ: the views with the widest rows are enough.
    for (const [command, selector, words] of look === 'phone' ? VIEWS.slice(0, 4) : VIEWS) {
      await vault.run(command);
      await sees(page, selector, words);
      faults.push(...(await faultsOf(page, `${command} in ${look}`)));
    }
    await vault.run('Register a repository or set its budget');
    await sees(page, '.modal', 'Pull requests that you can look after');
    faults.push(...(await faultsOf(page, `a form in ${look}`)));
  }
  expect(faults).toEqual([]);
});
