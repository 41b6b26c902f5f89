// What the plugin asks of the program that it lives in. `obsidian/` answers it; nothing else knows that there is an Obsidian.
import type { Lease, Task } from '@owp-pool/client';
import type { FormName, FormProps } from './forms/forms.js';

export type ViewName = 'status' | 'tasks' | 'events' | 'work' | 'workers' | 'analytics' | 'demo';

/** A note that belongs to a task. */
export interface TaskNote {
  path: string;
  name: string;
}

export interface Host {
  /** Says something in passing. */
  say(text: string): void;
  openView(name: ViewName, where?: 'here' | 'new'): void;
  openForm<N extends FormName>(name: N, props: FormProps[N]): void;
  openSettings(): void;
  notesOf(taskId: string): TaskNote[];
  openNote(path: string): void;
  /** Makes a note of a task, or opens the one that there is. */
  makeNote(task: Task | Lease): Promise<void>;
  copy(text: string): Promise<void>;
  /** Keeps a worker's token and remembers under which name. */
  keepWorkerToken(token: string): Promise<void>;
  /** Remembers on this device only. */
  keepHeartbeat(on: boolean): void;
  /** Tells of a change in the notes that belong to tasks. */
  onNotes(changed: () => void): () => void;
}
