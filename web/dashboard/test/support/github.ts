// A GitHub that the server under test asks instead of the real one. It knows what reading repositories takes, and nothing
// that is written there; which requests the server may send is held to GitHub's own description by the Rust tests.
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Issue {
  title: string;
  body: string;
  labels: string[];
  author?: string;
}

export interface GitHub {
  /** What a server is started with to ask this one. */
  env: Record<string, string>;
  put: (repo: string, issues: Issue[]) => void;
  /** Another name for a repository, told to the server as GitHub tells it. */
  rename: (server: string, repo: string, name: string) => Promise<void>;
  /** Another text for an issue, as its author would write it. */
  edit: (repo: string, number: number, body: string) => void;
  /** The policy file on the default branch. */
  setPolicy: (repo: string, text: string) => void;
  close: () => Promise<void>;
}

interface Kept {
  issues: (Issue & { number: number; updated_at: string })[];
  policy?: string;
}

const SECRET = 'the-webhook-secret-of-the-tests';
const MAY = { pull: true, triage: true, push: true };

export async function startGithub(): Promise<GitHub> {
  const repos = new Map<string, Kept>();
  /** GitHub's times have no part of a second, and an edit is told by a later one: what is put in is a little older than now. */
  const second = (agoS: number) => new Date(Date.now() - agoS * 1000).toISOString().replace(/\.\d+/, '');
  const numbered = (repo: string, number: number) => {
    const found = repos.get(repo)?.issues.find((issue) => issue.number === number);
    if (!found) throw new Error(`there is no ${repo}#${number}`);
    return found;
  };

  const server = createServer((incoming, outgoing) => {
    const answer = answerTo(new URL(incoming.url ?? '/', 'http://github').pathname);
    outgoing.writeHead(answer ? 200 : 404, { 'Content-Type': 'application/json' });
    outgoing.end(JSON.stringify(answer ?? { message: 'Not Found' }));
  });

  function answerTo(path: string): unknown {
    if (path === '/user') return { login: 'pool-keeper', id: 1 };
    const [, name = '', rest = ''] = /^\/repos\/([^/]+\/[^/]+)\/?(.*)$/.exec(path) ?? [];
    const repo = repos.get(name);
    if (!repo) return undefined;
    if (rest === '') return { full_name: name, default_branch: 'main', permissions: MAY };
    if (rest === 'issues') return repo.issues.map((issue) => told(name, issue));
    const [, number] = /^issues\/(\d+)$/.exec(rest) ?? [];
    if (number) return told(name, numbered(name, Number(number)));
    if (rest === 'contents/.github/owp.yml' && repo.policy !== undefined) {
      const content = Buffer.from(repo.policy);
      const sha = createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
      return { sha, encoding: 'base64', content: content.toString('base64') };
    }
    return undefined;
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    env: {
      GITHUB_TOKEN: 'github_pat_of_the_tests',
      GITHUB_API_URL: `http://127.0.0.1:${port}`,
      GITHUB_WEBHOOK_SECRET: SECRET,
    },
    put: (repo, issues) =>
      repos.set(repo, { issues: issues.map((issue, at) => ({ ...issue, number: 7 + at * 4, updated_at: second(2) })) }),
    rename: async (address, repo, name) => {
      const [owner = '', before = ''] = repo.split('/');
      const full_name = `${owner}/${name}`;
      repos.set(full_name, repos.get(repo) ?? { issues: [] });
      repos.delete(repo);
      const repository = { full_name, default_branch: 'main' };
      await deliver(address, 'repository', {
        action: 'renamed',
        changes: { repository: { name: { from: before } } },
        repository,
      });
    },
    edit: (repo, number, body) => Object.assign(numbered(repo, number), { body, updated_at: second(0) }),
    setPolicy: (repo, policy) => Object.assign(repos.get(repo) ?? {}, { policy }),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function deliver(server: string, event: string, body: object): Promise<void> {
  const text = JSON.stringify(body);
  const answer = await fetch(`${server}/webhooks/github`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'X-GitHub-Event': event,
      'X-GitHub-Delivery': randomUUID(),
      'X-Hub-Signature-256': `sha256=${createHmac('sha256', SECRET).update(text).digest('hex')}`,
    },
    body: text,
  });
  if (!answer.ok) throw new Error(`the server refused ${event}: ${await answer.text()}`);
}

function told(repo: string, { number, title, body, labels, author = 'mira', updated_at }: Kept['issues'][number]) {
  return {
    number,
    html_url: `https://github.com/${repo}/issues/${number}`,
    title,
    body,
    state: 'open',
    user: { login: author },
    labels: labels.map((name) => ({ name })),
    assignees: [],
    updated_at,
  };
}
