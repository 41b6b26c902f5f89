import { expect, test } from 'vitest';
import { addressFrom, DEFAULTS, isInTheClear, needsNewSession, settingsFrom } from '../../src/settings.js';

test('what was saved is read whatever became of it, and what does not fit gets its default', () => {
  expect(settingsFrom(null)).toEqual(DEFAULTS);
  expect(settingsFrom({ pollS: 0.1, refreshS: 'often', stream: 'yes', address: 'nonsense', unknown: 1 })).toEqual({
    ...DEFAULTS,
    pollS: DEFAULTS.pollS,
  });
  expect(settingsFrom({ pollS: 9999, folder: '', statusBar: false })).toMatchObject({
    pollS: 120,
    folder: '',
    statusBar: false,
  });
});

test('an address is one of the web, without a slash at the end and without a password', () => {
  expect(addressFrom(' https://pool.example.org/sub/ ')).toBe('https://pool.example.org/sub');
  for (const wrong of ['pool.example.org', 'ftp://x', 'https://a:b@c', 'https://x/?y', '']) {
    expect(addressFrom(wrong)).toBeUndefined();
  }
});

test('tokens in the clear are warned of, but not on this machine', () => {
  expect(isInTheClear('http://192.168.0.7:8787')).toBe(true);
  expect(isInTheClear('http://127.0.0.1:8787')).toBe(false);
  expect(isInTheClear('https://pool.example.org')).toBe(false);
});

test('what only changes how things are shown leaves the connection alone', () => {
  expect(needsNewSession(DEFAULTS, { ...DEFAULTS, folder: 'Work', notices: false, statusBar: false })).toBe(false);
  for (const changed of [{ address: 'https://x' }, { workerSecret: 'x' }, { pollS: 9 }, { stream: true }])
    expect(needsNewSession(DEFAULTS, { ...DEFAULTS, ...changed })).toBe(true);
});
