// The note of a task: properties to find it by, a block that shows how it stands, a list to work through, and the text of
// the task as what it is, somebody else's.
import type { Lease, Task } from '@owp-pool/client';
import { asBlock, asYaml, fileName, inLine, webAddress } from './foreign.js';

/** The property that ties a note to a task. */
export const TASK_PROPERTY = 'owp-task';

export function noteName(task: Pick<Task, 'title'>): string {
  return fileName(task.title);
}

export function noteOf(task: Task | Lease, pool: string): string {
  const source = webAddress(task.source?.url);
  const { branch, notes, message } = task;
  const parts = [
    properties(task, pool),
    `# ${inLine(task.title)}`,
    ['```owp-pool', `task: ${task.task_id}`, '```'].join('\n'),
    ...(source ? [`From [issue ${task.source?.issue}](<${source}>).`] : []),
    '## Steps',
    steps(task).join('\n'),
    '## What is asked for',
    '> [!warning] Written by somebody else\n> Read it before a tool acts on it. It is shown as plain text and runs nothing.',
    asBlock(task.description || 'The title is all there is.'),
    ...(message ? ['## What a reviewer said', asBlock(message)] : []),
    ...(branch || notes ? ['## What an earlier holder left', asBlock(left(branch, notes))] : []),
    '## My notes',
  ];
  return `${parts.join('\n\n')}\n\n`;
}

function properties(task: Task | Lease, pool: string): string {
  const lines = [
    `${TASK_PROPERTY}: ${asYaml(task.task_id)}`,
    `owp-pool: ${asYaml(pool)}`,
    `owp-repo: ${asYaml(task.repo)}`,
    ...(task.area ? [`owp-area: ${asYaml(task.area)}`] : []),
    `owp-points: ${task.estimate_points}`,
    `owp-skills: [${task.required_skills.map(asYaml).join(', ')}]`,
    `owp-state: ${asYaml(task.state)}`,
  ];
  return ['---', ...lines, '---'].join('\n');
}

function steps(task: Task | Lease): string[] {
  const begin = task.branch ? 'Take up the branch that is there' : 'Begin a branch';
  return [
    '- [ ] Read what is asked for, and what the repository asks of contributors',
    `- [ ] ${begin}, and say that the work has begun`,
    '- [ ] Do it, within what was asked',
    '- [ ] Run the tests of the repository',
    '- [ ] Open a pull request and report it',
  ];
}

function left(branch: string | undefined, notes: string | undefined): string {
  return [branch ? `branch: ${branch}` : '', notes ?? ''].filter(Boolean).join('\n');
}

/** What of a note's properties differs from the task as it is now. */
export function staleProperties(
  kept: Record<string, unknown>,
  task: Pick<Task, 'state' | 'repo' | 'estimate_points' | 'artifact'>,
): Record<string, string | number> {
  const pullRequest = webAddress(task.artifact?.pr_url);
  const now: Record<string, string | number> = {
    'owp-repo': task.repo,
    'owp-points': task.estimate_points,
    'owp-state': task.state,
    ...(pullRequest ? { 'owp-pull-request': pullRequest } : {}),
  };
  return Object.fromEntries(Object.entries(now).filter(([key, value]) => kept[key] !== value));
}
