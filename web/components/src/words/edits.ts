// What somebody changes of a record in a form: the form's fields out of the record, and out of the fields what differs. Only
// that is sent, so a field that somebody else changed meanwhile stays as they set it.
import type { Body, Repo, Task, Worker } from '@owp-pool/client';
import { fieldOf, momentOf } from './time.js';

/** `python, docs` as the names that it lists. */
export function listOf(text: string): string[] {
  return text.split(',').flatMap((part) => part.trim() || []);
}

export type TaskDraft = ReturnType<typeof taskDraft>;

export function taskDraft(task: Task) {
  return {
    title: task.title,
    description: task.description,
    priority: task.priority,
    points: task.estimate_points,
    tier: task.tier,
    area: task.area ?? '',
    skills: task.required_skills.join(', '),
    attempts: task.attempts_max,
    after: task.depends_on.join(', '),
    security: task.security,
  };
}

export function taskEdit(before: Task, draft: TaskDraft): Body<'updateTask'> {
  const [names, refs] = [listOf(draft.skills), listOf(draft.after)];
  return {
    ...(draft.title.trim() === before.title ? {} : { title: draft.title.trim() }),
    ...(draft.description === before.description ? {} : { description: draft.description }),
    ...(draft.priority === before.priority ? {} : { priority: draft.priority }),
    ...(draft.attempts === before.attempts_max ? {} : { attempts_max: draft.attempts }),
    ...(draft.points === before.estimate_points ? {} : { estimate_points: draft.points }),
    ...(draft.tier === before.tier ? {} : { tier: draft.tier }),
    ...(draft.area.trim() === (before.area ?? '') ? {} : { area: draft.area.trim() }),
    ...(names.join() === before.required_skills.join() ? {} : { required_skills: names }),
    ...(refs.join() === before.depends_on.join() ? {} : { depends_on: refs }),
    ...(draft.security === before.security ? {} : { security: draft.security }),
  };
}

export type WorkerDraft = ReturnType<typeof workerDraft>;

export function workerDraft(me: Worker) {
  const { until, quota_resets_at, points_per_day } = me.availability;
  return {
    skills: me.skills.join(', '),
    points: me.capacity_points,
    tasks: me.max_concurrent_tasks,
    mode: me.work_mode,
    until: fieldOf(until),
    quota: fieldOf(quota_resets_at),
    /** None where the field is empty. */
    perDay: points_per_day as number | null | undefined,
  };
}

/** Availability is replaced as a whole, so all of it goes where a part of it differs. */
export function workerEdit(before: Worker, draft: WorkerDraft): Body<'updateOwnWorker'> {
  const names = listOf(draft.skills);
  const until = momentOf(draft.until, before.availability.until);
  const quota = momentOf(draft.quota, before.availability.quota_resets_at);
  const perDay = draft.perDay ?? undefined;
  const { availability } = before;
  const same =
    until === availability.until &&
    quota === availability.quota_resets_at &&
    perDay === (availability.points_per_day ?? undefined);
  const whole = {
    ...(until === undefined ? {} : { until }),
    ...(quota === undefined ? {} : { quota_resets_at: quota }),
    ...(perDay === undefined ? {} : { points_per_day: perDay }),
  };
  return {
    ...(names.join() === before.skills.join() ? {} : { skills: names }),
    ...(draft.points === before.capacity_points ? {} : { capacity_points: draft.points }),
    ...(draft.tasks === before.max_concurrent_tasks ? {} : { max_concurrent_tasks: draft.tasks }),
    ...(draft.mode === before.work_mode ? {} : { work_mode: draft.mode }),
    ...(same ? {} : { availability: whole }),
  };
}

export type Pause = { kind: 'none' } | { kind: 'open' } | { kind: 'until'; at: string };

export function pauseOf(repo: Repo | undefined): Pause {
  if (!repo?.paused) return { kind: 'none' };
  return repo.paused_until ? { kind: 'until', at: repo.paused_until } : { kind: 'open' };
}

/** What is wished for in a form. An end that was left empty changes nothing. */
export function pauseWished(repo: Repo | undefined, kind: Pause['kind'], end: string): Pause {
  if (kind !== 'until') return { kind };
  const at = momentOf(end, repo?.paused_until);
  return at === undefined ? pauseOf(repo) : { kind, at };
}

/** The contract has a pause in two fields: one that is open, and one with an end. Naming the first forgets the second. */
export function pausing(pause: Pause): Pick<Body<'putRepo'>, 'paused' | 'paused_until'> {
  return pause.kind === 'until' ? { paused: false, paused_until: pause.at } : { paused: pause.kind === 'open' };
}

/** The same, and nothing where it is as it was. */
export function pauseEdit(repo: Repo | undefined, pause: Pause): Pick<Body<'putRepo'>, 'paused' | 'paused_until'> {
  return JSON.stringify(pause) === JSON.stringify(pauseOf(repo)) ? {} : pausing(pause);
}
