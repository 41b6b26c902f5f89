// Every view: its name in the interface, its icon, and what draws it.
import type { Component } from 'svelte';
import type { ViewName } from '../host.js';
import Analytics from './Analytics.svelte';
import Demo from './Demo.svelte';
import Events from './Events.svelte';
import Status from './Status.svelte';
import Tasks from './Tasks.svelte';
import Work from './Work.svelte';
import Workers from './Workers.svelte';

interface View {
  title: string;
  icon: string;
  component: Component;
}

export const VIEWS: Record<ViewName, View> = {
  status: { title: 'Status', icon: 'gauge', component: Status },
  tasks: { title: 'Tasks', icon: 'list-checks', component: Tasks },
  events: { title: 'Events', icon: 'activity', component: Events },
  work: { title: 'My work', icon: 'hammer', component: Work },
  workers: { title: 'Workers', icon: 'users', component: Workers },
  analytics: { title: 'Analytics', icon: 'chart-column', component: Analytics },
  demo: { title: 'Demo', icon: 'play', component: Demo },
};

export const VIEW_NAMES = Object.keys(VIEWS) as ViewName[];
