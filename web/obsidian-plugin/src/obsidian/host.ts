// Answers what the rest of the plugin asks of Obsidian.
import { Notice } from 'obsidian';
import type { Lease, Task } from '@owp-pool/client';
import type { FormName, FormProps } from '../forms/forms.js';
import type { Host, TaskNote, ViewName } from '../host.js';
import { reason } from '../pool/failures.js';
import { FormModal } from './form-modal.js';
import type PoolPlugin from './main.js';
import { notesOf, openOrMakeNote, openPath } from './notes.js';

/** Long enough to read how to go on. */
const SHOWN_MS = 8_000;
/** Under which name a token that was given to us is kept. */
const WORKER_SECRET = 'owp-pool-worker-token';

export class ObsidianHost implements Host {
  readonly #plugin: PoolPlugin;

  constructor(plugin: PoolPlugin) {
    this.#plugin = plugin;
  }

  say(text: string): void {
    new Notice(text, SHOWN_MS);
  }

  openView(name: ViewName, where: 'here' | 'new' = 'new'): void {
    this.#trying(this.#plugin.openView(name, where));
  }

  openForm<N extends FormName>(name: N, props: FormProps[N]): void {
    new FormModal(this.#plugin, name, props).open();
  }

  openSettings(): void {
    this.say('Open the settings of Obsidian, and there, under community plugins, those of the pool.');
  }

  notesOf(taskId: string): TaskNote[] {
    return notesOf(this.#plugin.app, taskId);
  }

  openNote(path: string): void {
    this.#trying(openPath(this.#plugin.app, path));
  }

  async makeNote(task: Task | Lease): Promise<void> {
    const { app, settings } = this.#plugin;
    try {
      await openOrMakeNote(app, task, settings);
    } catch (failure) {
      this.say(`The note was not made: ${reason(failure)}`);
    }
  }

  async copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.say('Copied.');
    } catch {
      this.say(`This could not be copied; here it is: ${text}`);
    }
  }

  async keepWorkerToken(token: string): Promise<void> {
    this.#plugin.app.secretStorage.setSecret(WORKER_SECRET, token);
    await this.#plugin.keep({ workerSecret: WORKER_SECRET });
  }

  keepHeartbeat(on: boolean): void {
    this.#plugin.keepBeating(on);
  }

  onNotes(changed: () => void): () => void {
    const { metadataCache } = this.#plugin.app;
    const ref = metadataCache.on('changed', changed);
    return () => metadataCache.offref(ref);
  }

  #trying(work: Promise<void>): void {
    work.catch((failure: unknown) => this.say(reason(failure)));
  }
}
