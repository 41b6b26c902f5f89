// Every view, and who sees it. A view is loaded when it is first opened, so that the first one is there soon.
import type { Component } from 'svelte';
import type { IconName } from '../components/Icon.svelte';
import Overview from './overview/Overview.svelte';
import SignIn from './sign-in/SignIn.svelte';
import type { Role } from '../session/session.svelte.js';

export type ViewName =
  | 'overview'
  | 'tasks'
  | 'workers'
  | 'repos'
  | 'import'
  | 'analytics'
  | 'audit'
  | 'system'
  | 'join'
  | 'demo'
  | 'mine'
  | 'sign-in'
  | 'styleguide';

type Loader = () => Promise<{ default: Component }>;

const LOADERS: Record<Exclude<ViewName, 'styleguide'>, Loader> & { styleguide?: Loader } = {
  // The first views come with the page: another round trip for them would be seen.
  overview: () => Promise.resolve({ default: Overview }),
  tasks: () => import('./tasks/Tasks.svelte'),
  workers: () => import('./workers/Workers.svelte'),
  repos: () => import('./repos/Repos.svelte'),
  import: () => import('./import/Import.svelte'),
  analytics: () => import('./analytics/Analytics.svelte'),
  audit: () => import('./audit/Audit.svelte'),
  system: () => import('./system/System.svelte'),
  join: () => import('./join/Join.svelte'),
  demo: () => import('./demo/Demo.svelte'),
  mine: () => import('./mine/Mine.svelte'),
  'sign-in': () => Promise.resolve({ default: SignIn }),
  ...(import.meta.env.DEV ? { styleguide: () => import('./styleguide/Styleguide.svelte') } : {}),
};

export interface Entry {
  view: ViewName;
  name: string;
  icon: IconName;
  /** The second key after `g`. */
  key: string;
}

const ADMIN: Entry[] = [
  { view: 'overview', name: 'Overview', icon: 'overview', key: 'o' },
  { view: 'tasks', name: 'Tasks', icon: 'tasks', key: 't' },
  { view: 'workers', name: 'Workers', icon: 'workers', key: 'w' },
  { view: 'repos', name: 'Repositories', icon: 'repos', key: 'r' },
  { view: 'import', name: 'Import', icon: 'import', key: 'i' },
  { view: 'analytics', name: 'Analytics', icon: 'analytics', key: 'a' },
  { view: 'audit', name: 'Audit', icon: 'audit', key: 'u' },
  { view: 'system', name: 'System', icon: 'system', key: 's' },
  { view: 'join', name: 'Join', icon: 'join', key: 'j' },
  { view: 'demo', name: 'Demo', icon: 'demo', key: 'd' },
];
const WORKER: Entry[] = [
  { view: 'mine', name: 'My work', icon: 'mine', key: 'm' },
  { view: 'join', name: 'Join', icon: 'join', key: 'j' },
];
const GUEST: Entry[] = [
  { view: 'sign-in', name: 'Sign in', icon: 'mine', key: 's' },
  { view: 'join', name: 'Join', icon: 'join', key: 'j' },
];

export function entriesOf(role: Role): Entry[] {
  return { admin: ADMIN, worker: WORKER, guest: GUEST }[role];
}

export function viewsOf(role: Role): Partial<Record<ViewName, Loader>> {
  const views: Partial<Record<ViewName, Loader>> = {};
  for (const { view } of entriesOf(role)) {
    const loader = LOADERS[view];
    if (loader) views[view] = loader;
  }
  if (LOADERS.styleguide) views.styleguide = LOADERS.styleguide;
  return views;
}
