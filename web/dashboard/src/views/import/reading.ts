// What a task file says, read here only to show it beside what is there: whether it is good is the server's to say.
import type { ImportAction, ImportResult, NewTask, Task } from '@owp-pool/client';

export interface Change {
  field: string;
  before: string;
  after: string;
}

export interface Row {
  index: number;
  taskId: string;
  title: string;
  repo: string;
  action: ImportAction;
  changes: Change[];
}

/** What the contract takes a field for that a file leaves out. */
const DEFAULTS: Partial<Record<string, unknown>> = {
  estimate_points: 1,
  priority: 10,
  tier: 0,
  attempts_max: 3,
  security: false,
};

const SHOWN = [
  'estimate_points',
  'priority',
  'required_skills',
  'area',
  'tier',
  'depends_on',
  'security',
  'key',
  'description',
] as const;

/** The entries of a file, or nothing where it can't be read: the server then says why and where. */
export async function entriesOf(text: string): Promise<Partial<NewTask>[]> {
  const { load } = await import('js-yaml');
  try {
    const read: unknown = load(text);
    return Array.isArray(read) ? (read as Partial<NewTask>[]) : [];
  } catch {
    return [];
  }
}

/** The server's answer, with the values on both sides of each change. */
export function rowsOf(
  result: ImportResult,
  entries: readonly Partial<NewTask>[],
  known: ReadonlyMap<string, Task>,
): Row[] {
  return result.tasks.map((task, index) => {
    const entry = entries[index] ?? {};
    const before = known.get(task.task_id);
    return {
      index,
      taskId: task.task_id,
      title: task.title,
      repo: entry.repo ?? before?.repo ?? '',
      action: task.action,
      changes:
        task.action === 'created' ? creation(entry) : (task.changed ?? []).map((field) => change(field, before, entry)),
    };
  });
}

function creation(entry: Partial<NewTask>): Change[] {
  return SHOWN.filter((field) => field !== 'description' && said(entry[field]) !== '').map((field) => ({
    field,
    before: '',
    after: said(entry[field]),
  }));
}

function change(field: string, before: Task | undefined, entry: Partial<NewTask>): Change {
  return {
    field,
    before: said((before as Record<string, unknown> | undefined)?.[field]),
    after: said((entry as Record<string, unknown>)[field] ?? DEFAULTS[field]),
  };
}

function said(value: unknown): string {
  if (value === undefined || value === null || value === '') return '';
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Repositories that the file names and the pool does not know. */
export function strangers(entries: readonly Partial<NewTask>[], known: ReadonlySet<string>): string[] {
  const named = new Set(entries.map((entry) => entry.repo).filter((repo): repo is string => typeof repo === 'string'));
  return [...named].filter((repo) => !known.has(repo));
}
