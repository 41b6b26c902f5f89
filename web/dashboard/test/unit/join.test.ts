import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { commands, quoted } from '../../src/views/join/commands.js';

const VOLUNTEER = {
  url: 'https://pool.example.org',
  name: "O'Hara; rm -rf $HOME",
  skills: ' python, docs ,',
  points: 3,
  invite: false,
};

test('whatever was typed stays one argument of the shell', () => {
  for (const text of ['plain', "it's", '$(id)', '`id`', 'a b', 'a"b', '\\', '-n', '']) {
    expect(execFileSync('sh', ['-c', `printf %s ${quoted(text)}`]).toString()).toBe(text);
  }
});

test('the commands name this server, the volunteer and an invitation where one is needed', () => {
  const [, register] = commands('owp', { ...VOLUNTEER, invite: true });
  expect(register?.command).toBe(
    "owp worker register --server https://pool.example.org \\\n  --name 'O'\\''Hara; rm -rf $HOME' \\\n  --skills python,docs \\\n  --points 3 \\\n  --invite-code CODE",
  );
  const [first] = commands('curl', VOLUNTEER);
  expect(first?.command).toContain('OWP=https://pool.example.org');
  const sent = /-d '(.*)'$/s.exec(first?.command ?? '')?.[1]?.replaceAll("'\\''", "'");
  expect(JSON.parse(sent ?? '')).toEqual({ name: VOLUNTEER.name, skills: ['python', 'docs'], capacity_points: 3 });
});
