// The commands of the join page, quoted so that whatever was typed into its form stays one argument.
export interface Volunteer {
  url: string;
  name: string;
  skills: string;
  points: number;
  invite: boolean;
}

export interface Step {
  title: string;
  words?: string;
  command: string;
}

export function commands(way: 'owp' | 'curl', volunteer: Volunteer): Step[] {
  return way === 'owp' ? withOwp(volunteer) : withCurl(volunteer);
}

function withOwp({ url, name, skills, points, invite }: Volunteer): Step[] {
  const names = skillsOf(skills);
  const parts = [
    `owp worker register --server ${quoted(url)}`,
    `--name ${quoted(name.trim() || 'Your name')}`,
    ...(names.length > 0 ? [`--skills ${quoted(names.join(','))}`] : []),
    `--points ${points || 1}`,
    ...(invite ? ['--invite-code CODE'] : []),
  ];
  return [
    {
      title: 'Get owp',
      words: 'In a copy of the source of OWP Pool, with Rust. With curl nothing has to be installed.',
      command: 'cargo install --path cli',
    },
    { title: 'Register once', words: 'owp keeps the token in its config file.', command: parts.join(' \\\n  ') },
    { title: 'See what fits you', words: 'This leases tasks up to your points.', command: 'owp worker fetch' },
    {
      title: 'Or let your tool do them',
      words: 'It is told of each task in a directory of its own.',
      command: 'owp worker run --exec ./my-tool.sh',
    },
    {
      title: 'Report by hand',
      command: 'owp worker report TASK in_progress\nowp worker report TASK pr_opened --pr-url URL',
    },
    { title: 'If there is no work', words: 'There is always a reason.', command: 'owp worker why' },
  ];
}

function withCurl({ url, name, skills, points, invite }: Volunteer): Step[] {
  const body = {
    name: name.trim() || 'Your name',
    skills: skillsOf(skills),
    capacity_points: points || 1,
    ...(invite ? { invite_code: 'CODE' } : {}),
  };
  const json = "-H 'Content-Type: application/json'";
  return [
    {
      title: 'Register once',
      words: 'The answer has your token. It is shown this once.',
      command: `OWP=${quoted(url)}\ncurl -X POST "$OWP/v1/workers/register" ${json} \\\n  -d ${quoted(JSON.stringify(body))}`,
    },
    { title: 'Get work', command: `TOKEN=…\ncurl "$OWP/v1/work" -H "Authorization: Bearer $TOKEN"` },
    {
      title: 'Say that you began',
      words: 'Name the lease that you were given with the task.',
      command: `curl -X POST "$OWP/v1/tasks/TASK/status" -H "Authorization: Bearer $TOKEN" ${json} \\\n  -d '{"status":"in_progress","lease_id":"LEASE"}'`,
    },
    {
      title: 'Report the pull request',
      command: `curl -X POST "$OWP/v1/tasks/TASK/status" -H "Authorization: Bearer $TOKEN" ${json} \\\n  -d '{"status":"pr_opened","lease_id":"LEASE","artifact":{"pr_url":"URL"}}'`,
    },
    { title: 'If there is no work', command: `curl "$OWP/v1/work/explain" -H "Authorization: Bearer $TOKEN"` },
  ];
}

function skillsOf(text: string): string[] {
  return text
    .split(',')
    .map((skill) => skill.trim())
    .filter(Boolean);
}

/** For a POSIX shell: plain where it is safe, else in single quotes. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
