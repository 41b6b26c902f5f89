// Notes in the vault that belong to tasks: found by their property, made once, brought up to date on request.
import { normalizePath, type App, type TFile } from 'obsidian';
import type { Lease, Pool, Task } from '@owp-pool/client';
import type { TaskNote } from '../host.js';
import { TASK_PROPERTY, noteName, noteOf, staleProperties } from '../notes/task-note.js';
import type { Settings } from '../settings.js';

/** Beyond so many notes of one title a new one has another problem. */
const SAME_NAME_MAX = 100;

export function taskIdOf(app: App, file: TFile): string | undefined {
  const id: unknown = app.metadataCache.getFileCache(file)?.frontmatter?.[TASK_PROPERTY];
  return typeof id === 'string' ? id : undefined;
}

export function notesOf(app: App, taskId: string): TaskNote[] {
  return app.vault
    .getMarkdownFiles()
    .filter((file) => taskIdOf(app, file) === taskId)
    .map(({ path, basename }) => ({ path, name: basename }));
}

export async function openPath(app: App, path: string): Promise<void> {
  const file = app.vault.getFileByPath(path);
  if (!file) throw new Error(`there is no note ${path} any more`);
  await app.workspace.getLeaf('tab').openFile(file);
}

export async function openOrMakeNote(app: App, task: Task | Lease, settings: Settings): Promise<void> {
  const [there] = notesOf(app, task.task_id);
  await openPath(app, there?.path ?? (await makeNote(app, task, settings)).path);
}

async function makeNote(app: App, task: Task | Lease, { folder, address }: Settings): Promise<TFile> {
  const place = normalizePath(folder.trim() || '/');
  if (place !== '/' && !app.vault.getFolderByPath(place)) await app.vault.createFolder(place);
  const base = place === '/' ? '' : `${place}/`;
  return app.vault.create(freePath(app, base + noteName(task)), noteOf(task, address));
}

function freePath(app: App, path: string): string {
  for (let number = 1; number <= SAME_NAME_MAX; number++) {
    const tried = normalizePath(`${path}${number === 1 ? '' : ` ${number}`}.md`);
    if (!app.vault.getFileByPath(tried)) return tried;
  }
  throw new Error(`there are ${SAME_NAME_MAX} notes of that name; rename or delete some`);
}

/** Reads each task that has notes and writes what differs into their properties. Says how many notes changed. */
export async function bringUpToDate(app: App, pool: Pool, address: string): Promise<number> {
  let changed = 0;
  for (const file of app.vault.getMarkdownFiles()) {
    const kept = app.metadataCache.getFileCache(file)?.frontmatter;
    const task_id = taskIdOf(app, file);
    // A note may belong to another pool.
    if (!task_id || !kept || (kept['owp-pool'] ?? address) !== address) continue;
    const task = await pool.call('getTask', { path: { task_id } });
    const fresh = staleProperties(kept, task);
    if (Object.keys(fresh).length === 0) continue;
    await app.fileManager.processFrontMatter(file, (properties: Record<string, unknown>) => {
      for (const [key, value] of Object.entries(fresh)) properties[key] = value;
    });
    changed += 1;
  }
  return changed;
}

/** Ties a note to the task that it became. */
export async function tie(app: App, file: TFile, taskId: string): Promise<void> {
  await app.fileManager.processFrontMatter(file, (properties: Record<string, unknown>) => {
    properties[TASK_PROPERTY] = taskId;
  });
}
