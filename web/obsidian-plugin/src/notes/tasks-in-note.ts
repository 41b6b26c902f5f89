// Tasks that somebody wrote down in a note: a list in YAML blocks, or the note itself, described by its properties.
import type { NewTask } from '@owp-pool/client';

export type Found =
  /** A task file whose lines are those of the note, so that a fault is found where it is. */
  | { kind: 'list'; yaml: string; blocks: number }
  /** The note is the task. */
  | { kind: 'note'; task: NewTask }
  /** Nothing, and how it would be something. */
  | { kind: 'nothing'; words: string };

const FENCE = /^(\s*)(`{3,}|~{3,})\s*(\S*)/;
const LANGUAGES = new Set(['yaml', 'yml', 'owp-tasks']);

/** `properties` are those of the note, `name` is its file's without the ending. */
export function tasksIn(text: string, properties: Record<string, unknown> | undefined, name: string): Found {
  const list = blocksOf(text);
  if (list.blocks > 0) return { kind: 'list', ...list };
  if (properties && typeof properties['owp-repo'] === 'string' && properties['owp-task'] === undefined)
    return { kind: 'note', task: taskOf(text, properties, name) };
  return {
    kind: 'nothing',
    words:
      properties?.['owp-task'] === undefined
        ? 'No tasks found in this note. Put a list of tasks into a YAML code block, or give the note the property “owp-repo” to make the note itself a task.'
        : 'This note belongs to a task already. Put new tasks into a YAML code block.',
  };
}

/** All blocks as one file: every other line is left empty, so line numbers stay. */
function blocksOf(text: string): { yaml: string; blocks: number } {
  let blocks = 0;
  let fence = '';
  let indent = '';
  let taken = false;
  const lines = text.split(/\r?\n/).map((line) => {
    const mark = FENCE.exec(line);
    if (!fence && mark) {
      [fence, indent] = [mark[2] ?? '', mark[1] ?? ''];
      taken = LANGUAGES.has((mark[3] ?? '').toLowerCase());
      if (taken) blocks += 1;
      return '';
    }
    if (fence && mark?.[2]?.startsWith(fence) && mark[3] === '') {
      fence = '';
      return '';
    }
    if (!fence || !taken) return '';
    return line.startsWith(indent) ? line.slice(indent.length) : line;
  });
  return { yaml: lines.join('\n'), blocks };
}

function taskOf(text: string, properties: Record<string, unknown>, name: string): NewTask {
  const number = (key: string) => (typeof properties[key] === 'number' ? properties[key] : undefined);
  const words = (key: string) => (typeof properties[key] === 'string' ? properties[key] : undefined);
  const skills = properties['owp-skills'];
  const listed = Array.isArray(skills) ? skills : typeof skills === 'string' ? skills.split(',') : [];
  const optional = {
    estimate_points: number('owp-points'),
    priority: number('owp-priority'),
    tier: number('owp-tier'),
    area: words('owp-area'),
    key: words('owp-key'),
  };
  return {
    repo: String(properties['owp-repo']),
    title: words('owp-title') ?? name,
    description: withoutProperties(text).trim(),
    required_skills: listed.map((skill) => String(skill).trim()).filter(Boolean),
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  };
}

function withoutProperties(text: string): string {
  return text.replace(/^---\r?\n[\s\S]*?\r?\n---[ \t]*(\r?\n|$)/, '');
}
