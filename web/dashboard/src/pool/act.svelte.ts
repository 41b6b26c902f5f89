// Doing something to the pool from a view: shown at once where that is safe, undone with the server's words where it is
// refused. Messages go where every view shows them.
import { Refused, Unreachable, type Input, type Operation, type Answer, type Task } from '@owp-pool/client';
import { session } from '../session/session.svelte.js';
import { live } from './live.svelte.js';
import { tasks } from './records.svelte.js';

export interface Word {
  id: number;
  text: string;
  tone: 'done' | 'refused';
}

/** Long enough to read twice. */
const SHOWN_MS = { done: 4_000, refused: 12_000 };

class Words {
  shown = $state.raw<readonly Word[]>([]);
  #next = 0;

  say(text: string, tone: Word['tone'] = 'done'): void {
    const id = ++this.#next;
    this.shown = [...this.shown.slice(-2), { id, text, tone }];
    setTimeout(() => this.dismiss(id), SHOWN_MS[tone]);
  }

  dismiss(id: number): void {
    this.shown = this.shown.filter((word) => word.id !== id);
  }
}

export const words = new Words();

/** What went wrong, in words that say how to go on. */
export function reason(failure: unknown): string {
  if (failure instanceof Unreachable) return `${failure.message}; try again when it is back`;
  if (failure instanceof Refused && failure.code === 'unknown')
    return `${failure.message} and not in words of the pool: something on the way to it did; try again in a moment`;
  if (failure instanceof Refused) return failure.message;
  return failure instanceof Error ? failure.message : String(failure);
}

/** Calls an operation; a refusal is said and answered with undefined. */
export async function attempt<O extends Operation>(
  operation: O,
  input: Input<O>,
  done?: string,
): Promise<Answer<O> | undefined> {
  try {
    const answer = await session.pool.call(operation, input);
    if (done) words.say(done);
    live.touch();
    return answer;
  } catch (failure) {
    session.notice(failure);
    words.say(reason(failure), 'refused');
    return undefined;
  }
}

/** Changes a task, showing `foreseen` until the server has answered. */
export async function changeTask(
  task: Task,
  body: Input<'updateTask'>['body'],
  foreseen: Partial<Task>,
  done: string,
): Promise<boolean> {
  const undo = tasks.foresee(task.task_id, foreseen);
  const answer = await attempt('updateTask', { path: { task_id: task.task_id }, body }, done);
  if (!answer) {
    undo();
    return false;
  }
  tasks.put([answer]);
  return true;
}
