// Everything that is asked or shown in a window of its own: what each is given, what it is called, and what draws it.
import type { Task, Repo } from '@owp-pool/client';
import type { Component } from 'svelte';
import ImportForm from './ImportForm.svelte';
import RegisterForm from './RegisterForm.svelte';
import ReleaseForm from './ReleaseForm.svelte';
import RepoForm from './RepoForm.svelte';
import ReportForm from './ReportForm.svelte';
import TaskCard from './TaskCard.svelte';
import type { Found } from '../notes/tasks-in-note.js';

export interface FormProps {
  repo: { repo?: Repo };
  import: { found?: Found; from?: string; imported?: (taskIds: string[]) => Promise<void> };
  register: object;
  report: { task: Pick<Task, 'task_id' | 'title'> };
  release: { task: Pick<Task, 'title'>; lease: string };
  task: { task: Task };
}

export type FormName = keyof FormProps;
/** Whoever draws a form is also told how to close it. */
export type Closing<T> = T & { close: () => void };

export const FORMS: {
  [N in FormName]: { title: (props: FormProps[N]) => string; component: Component<Closing<FormProps[N]>> };
} = {
  repo: { title: ({ repo }) => (repo ? `Budget of ${repo.repo}` : 'Register a repository'), component: RepoForm },
  import: { title: ({ from }) => (from ? `Import tasks from ${from}` : 'Import tasks'), component: ImportForm },
  register: { title: () => 'Register as a worker', component: RegisterForm },
  report: { title: () => 'Report a pull request', component: ReportForm },
  release: { title: () => 'Give back', component: ReleaseForm },
  task: { title: ({ task }) => task.title, component: TaskCard },
};
