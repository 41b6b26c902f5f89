import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { asBlock, asYaml, fileName, inLine, visible, webAddress } from '../../src/notes/foreign.js';
import { noteOf } from '../../src/notes/task-note.js';
import { HOSTILE } from '../support/hostile.js';
import { aTask } from '../support/records.js';

test('what can’t be seen is taken out, and lines stay', () => {
  expect(visible('a\u200bb\u202ec\u{e0041}d\u0007e\r\nf\tg')).toBe('abcde\nf\tg');
});

test('a line of somebody else’s does nothing in a note, and reads as it was written', () => {
  const line = inLine(
    '![[secret]] <img src=x onerror=alert(1)> #tag [a](b) `=this.x` <% tp.x() %> $x$ https://evil.example\n# two',
  );
  expect(line).not.toContain('\n');
  // Every sign of punctuation has a backslash in front of it.
  expect(line.replaceAll(/\\[!-/:-@[-`{-~]/g, '')).not.toMatch(/[!-/:-@[-`{-~]/);
  expect(line.replaceAll('\\', '')).toContain('<img src=x onerror=alert(1)>');
});

test('a block can’t be left from inside, and no template stays whole', () => {
  const block = asBlock('````\nout?\n````\n<% tp.user.run() %> {{date}}\n~~~');
  const [fence = ''] = block.split('\n');
  expect(fence).toBe('`````text');
  expect(block.split('\n').filter((line) => line.startsWith('`````'))).toHaveLength(2);
  expect(block).not.toMatch(/<%|%>|\{\{|\}\}/);
});

test('a name of a file fits every system and can’t lead out of its folder', () => {
  expect(fileName('../../etc: what? [[x]] #1 | "y"')).toBe('etc what x 1 y');
  expect(fileName('....')).toBe('Task');
  expect(fileName('a'.repeat(300))).toHaveLength(80);
});

test('only addresses of the web become links, and none can end its link', () => {
  expect(webAddress('https://github.com/acme/reef/pull/1')).toBe('https://github.com/acme/reef/pull/1');
  expect(webAddress('javascript:alert(1)')).toBeUndefined();
  expect(webAddress('obsidian://open?vault=x')).toBeUndefined();
  expect(webAddress('https://user:secret@example.org/')).toBeUndefined();
  expect(webAddress('https://example.org/a>b)c](d')).not.toMatch(/[>)\]]/);
});

test.each(HOSTILE)('the note of a task with hostile text has no life in it: %s', (text) => {
  const task = aTask({ title: text, description: text, area: text, message: text, notes: text, branch: text });
  const note = noteOf(task, 'https://pool.example.org');
  const [, properties = '', body = ''] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(note) ?? [];
  expect(parse(properties)).toMatchObject({ 'owp-task': task.task_id, 'owp-repo': task.repo, 'owp-state': 'leased' });
  expect(note).not.toMatch(/<%|%>|\{\{/);
  expect(outside(body)).not.toMatch(/(^|[^\\])(!\[\[|\[\[|<[a-z/!]|`|\$\$|%%)/i);
});

/** What of a note is not in a block of plain text. */
function outside(body: string): string {
  const kept: string[] = [];
  let fence = '';
  for (const line of body.split('\n')) {
    const mark = /^(`{3,})/.exec(line)?.[1];
    if (!fence && mark) fence = mark;
    else if (fence && line === fence) fence = '';
    else if (!fence) kept.push(line);
  }
  // The one link that is ours.
  return kept.join('\n').replace(/\(<https:[^<>]*>\)/g, '');
}

test('a value for a property reads back as one line', () => {
  expect(parse(asYaml('a: "b"\n- c'))).toBe('a: "b" - c');
});
