// What somebody has set, as it lies in the plugin's data file. Tokens are not in it: it names the secrets that hold them.

export interface Settings {
  /** Where the pool's server is, without a slash at the end. */
  address: string;
  /** The name of the secret with the admin token; empty for none. */
  adminSecret: string;
  /** The name of the secret with the worker token; empty for none. */
  workerSecret: string;
  /** How often events are asked for where they are not streamed. */
  pollS: number;
  /** How often numbers are read that no event tells of: who is there, and what a clock changed. */
  refreshS: number;
  /** Whether events are streamed where the server allows it. */
  stream: boolean;
  statusBar: boolean;
  /** Whether somebody is told when a task of theirs is sent back or lost. */
  notices: boolean;
  /** The folder in which notes of tasks are made. */
  folder: string;
}

export const DEFAULTS: Settings = {
  address: 'http://127.0.0.1:8787',
  adminSecret: '',
  workerSecret: '',
  pollS: 5,
  refreshS: 30,
  stream: false,
  statusBar: true,
  notices: true,
  folder: 'Pool tasks',
};

/** What the connection does not depend on: a change of these is taken over as it is, and whatever goes on goes on. */
const BESIDE_THE_CONNECTION: ReadonlySet<string> = new Set<keyof Settings>(['statusBar', 'notices', 'folder']);

/** Whether what is read and kept of the pool begins anew with changed settings. */
export function needsNewSession(before: Settings, after: Settings): boolean {
  const keys = Object.keys(after) as (keyof Settings)[];
  return keys.some((key) => before[key] !== after[key] && !BESIDE_THE_CONNECTION.has(key));
}

/** Shorter would load the server for nothing, longer would show a pool that is not any more. */
export const POLL_S = { min: 2, max: 120 };
export const REFRESH_S = { min: 10, max: 600 };

/** Reads what was saved, by whatever version; what is missing or does not fit gets its default. */
export function settingsFrom(saved: unknown): Settings {
  const given = typeof saved === 'object' && saved !== null ? (saved as Record<string, unknown>) : {};
  const text = (key: keyof Settings) => (typeof given[key] === 'string' ? given[key] : String(DEFAULTS[key]));
  const flag = (key: keyof Settings) => (typeof given[key] === 'boolean' ? given[key] : DEFAULTS[key] === true);
  const seconds = (key: 'pollS' | 'refreshS', { min, max }: { min: number; max: number }) =>
    Math.min(max, Math.max(min, Math.round(Number(given[key])) || DEFAULTS[key]));
  return {
    address: addressFrom(text('address')) ?? DEFAULTS.address,
    adminSecret: text('adminSecret'),
    workerSecret: text('workerSecret'),
    pollS: seconds('pollS', POLL_S),
    refreshS: seconds('refreshS', REFRESH_S),
    stream: flag('stream'),
    statusBar: flag('statusBar'),
    notices: flag('notices'),
    folder: text('folder'),
  };
}

/** An address as it is used, or nothing where it is none. */
export function addressFrom(text: string): string | undefined {
  const url = urlOf(text.trim());
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username || url.search || url.hash) return undefined;
  return url.href.replace(/\/+$/, '');
}

/** Whether tokens would cross a network that others can read. */
export function isInTheClear(address: string): boolean {
  const url = urlOf(address);
  return url?.protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
}

/** Not every phone has `URL.parse` yet. */
function urlOf(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
