import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import {
  Pool,
  Refused,
  watchEvents,
  type PoolEvent,
  type PoolOptions,
  type WatchOptions,
  type WatchStatus,
} from '../src/index.js';
import { answering, json, problem } from './answering.js';

const TIMES = { silentMs: 300, pollMs: 10, retryBaseMs: 5, retryMaxMs: 20 };

/** Watches until `count` events have come. */
async function watched(
  url: string,
  count: number,
  more: Partial<WatchOptions> = {},
  transport: Partial<PoolOptions> = {},
) {
  const controller = new AbortController();
  const events: PoolEvent[] = [];
  const statuses: WatchStatus[] = [];
  let gaps = 0;
  const ended = await watchEvents(new Pool({ url, credentials: { admin: 'secret' }, ...transport }), {
    signal: controller.signal,
    times: TIMES,
    onEvents: (batch) => {
      events.push(...batch);
      if (events.length >= count) controller.abort();
    },
    onStatus: (status) => statuses.at(-1) !== status && statuses.push(status),
    onGap: () => gaps++,
    ...more,
  });
  return { ids: events.map(({ id }) => id), events, statuses, gaps, ended };
}

const event = (id: string) => ({
  id,
  type: 'task_created',
  at: '2026-01-01T00:00:00.000Z',
  actor: 'admin',
  subject: 'task:t_1',
  seq: 1,
  details: {},
});
const stream = (answer: ServerResponse) => answer.writeHead(200, { 'Content-Type': 'text/event-stream' });
const send = (answer: ServerResponse, id: string) =>
  answer.write(`id: ${id}\nevent: task_created\ndata: ${JSON.stringify(event(id))}\n\n`);

test('events of a stream come as they are sent, with the token in its header', async () => {
  const { url, asked } = await answering((_, answer) => {
    stream(answer).write(': here\nid: c0\n\n');
    send(answer, 'c1');
    send(answer, 'c2');
  });
  const { ids, statuses } = await watched(url, 2);
  expect(ids).toEqual(['c1', 'c2']);
  expect(statuses).toEqual(['live']);
  expect(asked[0]).toMatchObject({
    path: '/v1/events',
    headers: { accept: 'text/event-stream', 'x-admin-token': 'secret' },
  });
  expect(asked[0]?.query.get('after')).toBe('latest');
});

test('after a break and after an end it goes on where it was', async () => {
  const { url, asked } = await answering((_, answer, index) => {
    stream(answer);
    send(answer, `c${index}`);
    if (index === 0) setTimeout(() => answer.destroy(), 20);
    else if (index === 1) answer.end('event: end\ndata: {"reason":"lifetime"}\n\n');
  });
  const { ids } = await watched(url, 3);
  expect(ids).toEqual(['c0', 'c1', 'c2']);
  expect(asked.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, 'c0', 'c1']);
});

test('a stream is opened again after the time that the server has named', async () => {
  const at: number[] = [];
  const { url } = await answering((_, answer, index) => {
    at.push(performance.now());
    stream(answer).write('retry: 150\n: here\n\n');
    send(answer, `c${index}`);
    if (index === 0) answer.end('event: end\ndata: {"reason":"draining"}\n\n');
    else if (index === 1) setTimeout(() => answer.destroy(), 5);
  });
  const { ids } = await watched(url, 3, { times: { ...TIMES, retryMaxMs: 1 } });
  expect(ids).toEqual(['c0', 'c1', 'c2']);
  const waits = at.slice(1).map((later, index) => later - (at[index] ?? 0));
  // After an end as after a break. Timers may be early by a millisecond.
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(149);
});

test('a server that names a very long time is not obeyed to the end', async () => {
  const { url } = await answering((_, answer, index) => {
    stream(answer).write('retry: 86400000\n: here\n\n');
    send(answer, `c${index}`);
    answer.end();
  });
  expect((await watched(url, 2, { times: { ...TIMES, serverRetryMaxMs: 10 } })).ids).toEqual(['c0', 'c1']);
});

test('a watch that is stopped while it waits ends at once', async () => {
  const controller = new AbortController();
  const { url } = await answering((_, answer) => {
    stream(answer).end('retry: 86400000\n: here\n\n', () => setTimeout(() => controller.abort(), 20));
  });
  const times = { ...TIMES, serverRetryMaxMs: 86_400_000 };
  expect((await watched(url, 1, { signal: controller.signal, times })).ended).toBe(true);
});

test('a place that a heartbeat names is a place to go on from', async () => {
  const { url, asked } = await answering((_, answer, index) => {
    stream(answer);
    if (index === 0) answer.end(': still here\nid: quiet\n\n');
    else send(answer, 'c1');
  });
  await watched(url, 1);
  expect(asked[1]?.headers['last-event-id']).toBe('quiet');
});

test('a stream that falls silent is opened again', async () => {
  const { url, asked } = await answering((_, answer, index) => {
    stream(answer);
    send(answer, `c${index}`);
  });
  const { ids } = await watched(url, 2);
  expect(ids).toEqual(['c0', 'c1']);
  expect(asked).toHaveLength(2);
});

test('where streams are held back, pages are asked for by cursor', async () => {
  const { url, asked } = await answering((one, answer) => {
    if (one.headers.accept === 'text/event-stream') stream(answer).flushHeaders();
    else if (one.query.get('after') === 'latest')
      json(answer, 200, { events: [event('c1')], cursor: 'c1', more: true });
    else json(answer, 200, { events: [event('c2')], cursor: 'c2', more: false });
  });
  const { ids, statuses } = await watched(url, 2);
  expect(ids).toEqual(['c1', 'c2']);
  expect(statuses.at(-1)).toBe('polling');
  expect(
    asked.filter(({ headers }) => headers.accept === 'application/json').map(({ query }) => query.get('after')),
  ).toEqual(['latest', 'c1']);
});

test('a server that answers a stream with a page is asked for pages', async () => {
  const { url } = await answering((_, answer) =>
    json(answer, 200, { events: [event('c1')], cursor: 'c1', more: false }),
  );
  const { ids, statuses } = await watched(url, 1);
  expect(ids).toEqual(['c1']);
  expect(statuses).toEqual(['polling']);
});

/** Pages and nothing else, with one event in each. */
const pages = () =>
  answering((_, answer, index) =>
    json(answer, 200, { events: [event(`c${index}`)], cursor: `c${index}`, more: index < 1 }),
  );
const asPages = ['application/json', 'application/json'];

test('whoever can’t open streams asks for pages from the start', async () => {
  const { url, asked } = await pages();
  const { ids, statuses } = await watched(url, 2, {}, { stream: null });
  expect(ids).toEqual(['c0', 'c1']);
  expect(statuses).toEqual(['polling']);
  expect(asked.map(({ headers }) => headers.accept)).toEqual(asPages);
});

test('streams that fail on a way of their own are given up for pages without a word of being away', async () => {
  const { url, asked } = await pages();
  let tried = 0;
  const forbidden = () => {
    tried += 1;
    return Promise.reject(new TypeError('not this origin'));
  };
  const { ids, statuses } = await watched(url, 2, {}, { stream: forbidden });
  expect(ids).toEqual(['c0', 'c1']);
  expect(statuses).toEqual(['polling']);
  expect(tried).toBe(1);
  expect(asked.map(({ headers }) => headers.accept)).toEqual(asPages);
});

test('a stream on a way of its own is tried again once the server was away and is back', async () => {
  let away = true;
  const { url } = await answering((one, answer) => {
    if (one.headers.accept !== 'text/event-stream') return;
    stream(answer);
    send(answer, 'c1');
  });
  const through = (request: Request) => {
    if (!away) return fetch(request);
    away = new URL(request.url).searchParams.has('limit') ? false : away;
    return Promise.reject(new TypeError('no answer'));
  };
  const { ids, statuses } = await watched(url, 1, {}, { fetch: through, stream: through });
  expect(ids).toEqual(['c1']);
  expect(statuses).toEqual(['away', 'live']);
});

test('where the place is not kept any more, a gap is told and it goes on with what comes next', async () => {
  const { url, asked } = await answering((_, answer, index) => {
    if (index === 0) return problem(answer, 410, 'cursor_gone');
    stream(answer);
    send(answer, 'c9');
  });
  const { ids, gaps } = await watched(url, 1, { after: 'long-ago' });
  expect(ids).toEqual(['c9']);
  expect(gaps).toBe(1);
  expect(asked[1]?.query.get('after')).toBe('latest');
});

test('a server without events says so once', async () => {
  const { url, asked } = await answering((_, answer) => problem(answer, 404, 'not_found'));
  expect((await watched(url, 1)).ended).toBe(false);
  expect(asked).toHaveLength(1);
});

test('a token that is refused ends the watch', async () => {
  const { url } = await answering((_, answer) => problem(answer, 401, 'unauthenticated'));
  await expect(watched(url, 1)).rejects.toThrow(Refused);
});

test('a server that is away is tried again, and it is said', async () => {
  const { url } = await answering((_, answer, index) => {
    if (index < 2) return problem(answer, 503, 'unavailable');
    stream(answer);
    send(answer, 'c1');
  });
  const { statuses } = await watched(url, 1);
  expect(statuses).toEqual(['away', 'live']);
});
