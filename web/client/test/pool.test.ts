import { expect, test } from 'vitest';
import { allOf, Pool, Refused, Unreachable } from '../src/index.js';
import { answering, json, problem } from './answering.js';

test('an operation is called by its name, with path, query, body and token in their places', async () => {
  const { url, asked } = await answering((_, answer) => json(answer, 200, { ok: true }));
  const admin = new Pool({ url, credentials: { admin: 'secret' } });
  await admin.call('updateTask', { path: { task_id: 't_1' }, body: { action: 'merge', rating: 5 } });
  await admin.call('listTasks', { query: { state: 'ready', limit: 10 } });
  await admin.as({ worker: 'token' }).call('getOwnWorker', {});
  await admin.as(null).call('getServerInfo', {});
  expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'PATCH /v1/admin/tasks/t_1',
    'GET /v1/admin/tasks',
    'GET /v1/workers/me',
    'GET /v1/server',
  ]);
  expect(JSON.parse(asked[0]?.body ?? '')).toEqual({ action: 'merge', rating: 5 });
  expect(asked[1]?.query.toString()).toBe('state=ready&limit=10');
  expect(asked.map(({ headers }) => headers['x-admin-token'])).toEqual(['secret', 'secret', undefined, undefined]);
  expect(asked.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined, 'Bearer token', undefined]);
});

test('a refusal is thrown with its code, its words and its faults', async () => {
  const errors = [{ pointer: '/0/title', line: 2, detail: 'too long' }];
  const { url } = await answering((_, answer) => problem(answer, 400, 'invalid_request', { errors }));
  const failure = await new Pool({ url })
    .call('importTasks', { body: { yaml: '- 1' } })
    .catch((reason: unknown) => reason);
  expect(failure).toBeInstanceOf(Refused);
  expect(failure).toMatchObject({
    status: 400,
    code: 'invalid_request',
    message: 'why it is invalid_request',
    errors,
    requestId: 'r_1',
  });
});

test('what is no problem document is still a refusal', async () => {
  const { url } = await answering((_, answer) =>
    answer.writeHead(500, { 'Content-Type': 'text/html' }).end('<h1>a proxy</h1>'),
  );
  const failure = await new Pool({ url }).call('getState', {}).catch((reason: unknown) => reason);
  expect(failure).toMatchObject({ status: 500, code: 'unknown', message: 'the server answered 500' });
});

test('YAML goes as it is', async () => {
  const { url, asked } = await answering((_, answer) => json(answer, 200, {}));
  await new Pool({ url }).call('importTasks', { query: { dry_run: true }, body: { yaml: '- repo: demo\n' } });
  expect(asked[0]).toMatchObject({ body: '- repo: demo\n', headers: { 'content-type': 'application/yaml' } });
  expect(asked[0]?.query.get('dry_run')).toBe('true');
});

test('a POST that found the server busy is repeated under the same key', async () => {
  const { url, asked } = await answering((_, answer, index) =>
    index === 0 ? problem(answer, 503, 'unavailable') : json(answer, 201, { worker_id: 'w_1' }),
  );
  const { worker_id } = await new Pool({ url }).call('registerWorker', { body: { name: 'Alice' } });
  expect(worker_id).toBe('w_1');
  const keys = asked.map(({ headers }) => headers['idempotency-key']);
  expect(keys).toHaveLength(2);
  expect(keys[0]).toBe(keys[1]);
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
});

test('a PATCH is not repeated, and a refusal that stays is not either', async () => {
  const busy = await answering((_, answer) => problem(answer, 503, 'unavailable'));
  await expect(
    new Pool({ url: busy.url }).call('updateTask', { path: { task_id: 't_1' }, body: { priority: 1 } }),
  ).rejects.toThrow(Refused);
  expect(busy.asked).toHaveLength(1);
  const wrong = await answering((_, answer) => problem(answer, 409, 'task_held'));
  await expect(new Pool({ url: wrong.url }).call('putRepo', { body: { repo: 'demo' } })).rejects.toThrow(
    'why it is task_held',
  );
  expect(wrong.asked).toHaveLength(1);
});

test('a server that is not there is told apart from one that refuses', async () => {
  const pool = new Pool({ url: 'http://127.0.0.1:1' });
  await expect(pool.call('getState', {})).rejects.toThrow(Unreachable);
});

test('a list is walked page by page', async () => {
  const { url, asked } = await answering((one, answer) => {
    const second = one.query.get('cursor') === 'c2';
    json(answer, 200, second ? { repos: [{ repo: 'b' }] } : { repos: [{ repo: 'a' }], next_cursor: 'c2' });
  });
  const repos = await allOf(new Pool({ url }), 'listRepos');
  expect(repos.map(({ repo }) => repo)).toEqual(['a', 'b']);
  expect(asked).toHaveLength(2);
});
