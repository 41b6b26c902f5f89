// Notes in the vault that belong to tasks: found by their property, made once, brought up to date on request.
import { normalizePath, type App, type TFile } from 'obsidian';
import type { Lease, Pool, Task } from '@owp-pool/client';
import type { TaskNote } from '../host.js';
import { TASK_PROPERTY, noteName, noteOf, staleProperties } from '../notes/task-note.js';
import { fateOf, type Upkeep } from '../notes/upkeep.js';
import { reason } from '../pool/failures.js';
import { fewAtOnce } from '../pool/few-at-once.js';
import type { Settings } from '../settings.js';

/** Beyond so many notes of one title a new one has another problem. */
const SAME_NAME_MAX = 100;
/** So many tasks are read at a time: a vault may have notes of hundreds. */
const TASKS_AT_ONCE = 4;

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

/** Reads each task that has notes and writes what differs into their properties. A task that is gone keeps no other from it. */
export async function bringUpToDate(app: App, pool: Pool, address: string): Promise<Upkeep> {
  const came: Upkeep = { changed: 0, gone: [], hidden: [], unwritten: [] };
  try {
    await fewAtOnce([...filesByTask(app, address)], TASKS_AT_ONCE, async ([task_id, files]) => {
      const task = await readOr(pool, task_id, (fate) => came[fate].push(...files.map(({ basename }) => basename)));
      if (!task) return;
      for (const file of files) {
        try {
          if (await refresh(app, file, task)) came.changed += 1;
        } catch {
          // Its properties are not what they should be, which Obsidian shows at the note itself.
          came.unwritten.push(file.basename);
        }
      }
    });
  } catch (failure) {
    came.ended = reason(failure);
  }
  return came;
}

/** The notes of this pool by their task: one task is read once, however many notes it has. */
function filesByTask(app: App, address: string): Map<string, TFile[]> {
  const found = new Map<string, TFile[]>();
  for (const file of app.vault.getMarkdownFiles()) {
    const pool: unknown = app.metadataCache.getFileCache(file)?.frontmatter?.['owp-pool'];
    const id = taskIdOf(app, file);
    // A note may belong to another pool.
    if (id && (pool ?? address) === address) found.set(id, [...(found.get(id) ?? []), file]);
  }
  return found;
}

/** A task, or what became of it; other failures concern all tasks and are thrown. */
async function readOr(pool: Pool, task_id: string, refused: (fate: 'gone' | 'hidden') => void): Promise<Task | void> {
  try {
    return await pool.call('getTask', { path: { task_id } });
  } catch (failure) {
    const fate = fateOf(failure);
    if (!fate) throw failure;
    refused(fate);
  }
}

async function refresh(app: App, file: TFile, task: Task): Promise<boolean> {
  const fresh = staleProperties(app.metadataCache.getFileCache(file)?.frontmatter ?? {}, task);
  if (Object.keys(fresh).length === 0) return false;
  await app.fileManager.processFrontMatter(file, (properties: Record<string, unknown>) => {
    Object.assign(properties, fresh);
  });
  return true;
}

/** Ties a note to the task that it became. */
export async function tie(app: App, file: TFile, taskId: string): Promise<void> {
  await app.fileManager.processFrontMatter(file, (properties: Record<string, unknown>) => {
    properties[TASK_PROPERTY] = taskId;
  });
}
