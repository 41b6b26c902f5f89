import { expect, test } from 'vitest';
import { ADMIN } from '../../../testing/server.js';
import { sees, unexpected } from '../support/window.js';
import { repository, task, world } from '../support/world.js';

const here = world();

/** What Chrome writes when a server is not there. */
const AWAY = [/ERR_EMPTY_RESPONSE/, /ERR_CONNECTION/, /ERR_INCOMPLETE/, /Failed to load resource/];

test('a server that is restarted during use is said to be away, and the lists go on when it is back', async () => {
  await repository(here.pool, 'acme/tide');
  await task(here.pool, { repo: 'acme/tide', title: 'Before the restart' });
  const { page, faults } = await here.open('#/tasks');
  await sees(page, '[role=row]', 'Before the restart');
  await page.evaluate(() => document.body.setAttribute('data-same', 'yes'));

  await here.server.stop();
  await sees(page, 'nav .connection', 'no answer');
  await sees(page, '[role=row]', 'Before the restart');
  await here.server.restart();
  await sees(page, 'nav .connection', /live|up to date/);
  await task(here.pool, { repo: 'acme/tide', title: 'After the restart' });
  await sees(page, '[role=row]', 'After the restart');
  expect(await page.evaluate(() => document.body.getAttribute('data-same'))).toBe('yes');
  expect(unexpected(faults, AWAY)).toEqual([]);
});

test('what could not be read while the server was away is there when it is back', async () => {
  const { page, faults } = await here.open('#/tasks');
  await sees(page, 'nav .connection', 'live');
  await here.server.stop();
  await sees(page, 'nav .connection', 'no answer');
  await page.goto(`${here.site.url}/#/audit`);
  await sees(page, 'main', 'The audit can’t be read');
  await here.server.restart();
  await sees(page, 'tbody tr', /task created/);
  await sees(page, 'section[aria-label="chain of seals"]', /chain holds|sealed yet/);
  expect(unexpected(faults, AWAY)).toEqual([]);
});

test('where the token is no longer the server’s, one is signed out and told why', async () => {
  const { page, faults } = await here.open('#/');
  await sees(page, 'nav .connection', /live|up to date/);
  await here.server.stop();
  await here.server.restart({ OWP_ADMIN_TOKEN: `${ADMIN}-changed` });
  await sees(page, '.note', 'You were signed out');
  expect(unexpected(faults, [...AWAY, /401/])).toEqual([]);
});
