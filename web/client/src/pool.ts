// One pool, reached over HTTP. Operations are called by the contract's own names; every failure is thrown as a value of
// problem.ts. What may be repeated is repeated here, so that no caller has to think of it.
import createFetchClient from 'openapi-fetch';
import { places, type operations, type paths } from './contract.js';
import { refusalFrom, refusalOf, Refused, Unreachable } from './problem.js';

export type Operation = keyof operations;
type Parameters<O extends Operation> = operations[O]['parameters'];
type Content<T> = T extends { content: { 'application/json': infer Body } } ? Body : never;
type Responses<O extends Operation> = operations[O]['responses'];
type Good<R> = { [Status in keyof R]: Status extends 200 | 201 ? Content<R[Status]> : never }[keyof R];

export type Answer<O extends Operation> = Good<Responses<O>>;
export type Query<O extends Operation> = NonNullable<Parameters<O>['query']>;
export type Body<O extends Operation> = operations[O] extends { requestBody: infer B } ? Content<B> : never;

/** What an operation is called with; parts that it does not have can't be given. */
export type Input<O extends Operation> = (Parameters<O> extends { path: infer Path } ? { path: Path } : object) &
  (Parameters<O> extends { query: infer Q } ? { query: Q } : { query?: Query<O> }) &
  (Body<O> extends never ? object : { body: Body<O> | YamlText });

export interface YamlText {
  yaml: string;
}

export type Credentials = { admin: string } | { worker: string } | null;

export interface PoolOptions {
  /** Where the server is, without a slash at the end; '' means the origin of the page. */
  url: string;
  credentials?: Credentials;
  /** What calls are sent with, where that is not the platform's own. It is always given a whole `Request`. */
  fetch?: Fetch;
  /** What streams are opened with, where that is another way than calls take; `null` where none can be opened. */
  stream?: Fetch | null;
}

export type Fetch = (request: Request) => Promise<Response>;

export interface CallOptions {
  signal?: AbortSignal | undefined;
  /** Names this wish, so that a repeat is carried out once; made fresh for each POST where none is given. */
  key?: string;
}

export interface OpenOptions {
  signal?: AbortSignal | undefined;
  headers?: Record<string, string>;
}

type Send = (
  method: string,
  path: string,
  init: object,
) => Promise<{ data?: unknown; error?: unknown; response: Response }>;

/** How often a call that got no answer, or `unavailable`, is sent again. */
const REPEATS_MAX = 2;
const REPEAT_BASE_MS = 400;
/** Whoever looks at a screen should not wait longer than this for the next try. */
const RETRY_AFTER_MAX_S = 5;

export class Pool {
  readonly url: string;
  readonly credentials: Credentials;
  readonly #fetch: Fetch;
  readonly #stream: Fetch | null;
  readonly #streamsApart: boolean;
  readonly #http: ReturnType<typeof createFetchClient<paths>>;

  constructor(options: PoolOptions) {
    this.url = options.url;
    this.credentials = options.credentials ?? null;
    this.#fetch = options.fetch ?? ((request) => fetch(request));
    this.#stream = options.stream === undefined ? this.#fetch : options.stream;
    this.#streamsApart = options.stream !== undefined;
    this.#http = createFetchClient<paths>({ baseUrl: options.url, fetch: (request: Request) => this.#fetch(request) });
  }

  /** Whether streams can be opened at all; whether they go another way than calls, so that one may work without the other. */
  get streams(): 'as calls' | 'apart' | 'never' {
    return this.#stream === null ? 'never' : this.#streamsApart ? 'apart' : 'as calls';
  }

  /** The same pool under another identity. */
  as(credentials: Credentials): Pool {
    const streams = this.#streamsApart ? { stream: this.#stream } : {};
    return new Pool({ url: this.url, credentials, fetch: this.#fetch, ...streams });
  }

  /** Calls an operation by its name in the contract. */
  async call<O extends Operation>(operation: O, input: Input<O>, options: CallOptions = {}): Promise<Answer<O>> {
    const [method, path] = places[operation] as readonly [string, string];
    const { path: named, query, body } = input as { path?: object; query?: object; body?: unknown };
    const headers = this.#headers();
    if (method === 'POST') headers['Idempotency-Key'] = options.key ?? freshKey();
    const yaml = isYaml(body);
    if (yaml) headers['Content-Type'] = 'application/yaml';
    const init = {
      params: { path: named, query },
      headers,
      signal: options.signal ?? null,
      ...(body === undefined ? {} : { body }),
      ...(yaml ? { bodySerializer: () => body.yaml } : {}),
    };
    const request = this.#http.request as unknown as Send;
    return this.#repeating(method !== 'PATCH', options.signal, async () => {
      const { data, error, response } = await this.#reach(() => request(method.toLowerCase(), path, init));
      if (!response.ok) throw refusalFrom(response, error);
      return data as Answer<O>;
    });
  }

  /** Sends a GET whose answer is not one JSON document of an operation: a file, or a page that is read by hand. */
  open(path: string, accept: string, options: OpenOptions = {}): Promise<Response> {
    return this.#open(this.#fetch, path, accept, options);
  }

  /** Opens a stream of server-sent events. */
  openStream(path: string, options: OpenOptions = {}): Promise<Response> {
    return this.#open(this.#stream ?? this.#fetch, path, 'text/event-stream', options);
  }

  async #open(send: Fetch, path: string, accept: string, options: OpenOptions): Promise<Response> {
    const headers = { ...this.#headers(), ...options.headers, Accept: accept };
    const init: RequestInit = { headers, signal: options.signal ?? null, cache: 'no-store' };
    const response = await this.#reach(() => send(new Request(absolute(this.url + path), init)));
    if (!response.ok) throw await refusalOf(response);
    return response;
  }

  #headers(): Record<string, string> {
    if (!this.credentials) return {};
    return 'admin' in this.credentials
      ? { 'X-Admin-Token': this.credentials.admin }
      : { Authorization: `Bearer ${this.credentials.worker}` };
  }

  async #reach<T>(send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (cause) {
      if (isAbort(cause)) throw cause;
      throw new Unreachable(this.url || 'the server', cause);
    }
  }

  async #repeating<T>(repeatable: boolean, signal: AbortSignal | undefined, send: () => Promise<T>): Promise<T> {
    for (let repeat = 0; ; repeat++) {
      try {
        return await send();
      } catch (failure) {
        if (!repeatable || repeat >= REPEATS_MAX || !mayPass(failure)) throw failure;
        const after = failure instanceof Refused ? Math.min(failure.retryAfterS ?? 0, RETRY_AFTER_MAX_S) * 1000 : 0;
        await pause(after + Math.random() * REPEAT_BASE_MS * 2 ** repeat, signal);
      }
    }
  }
}

/** `crypto.randomUUID` is there in secure contexts only, and a pool on a local network often has no TLS. */
function freshKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Waits, and ends with the signal's reason when it is told to stop. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

export function isAbort(failure: unknown): boolean {
  return failure instanceof DOMException && failure.name === 'AbortError';
}

function mayPass(failure: unknown): boolean {
  return (
    failure instanceof Unreachable || (failure instanceof Refused && [429, 502, 503, 504].includes(failure.status))
  );
}

function isYaml(body: unknown): body is YamlText {
  return typeof body === 'object' && body !== null && 'yaml' in body;
}

/** Outside a page there is no origin that a path could belong to. */
function absolute(url: string): string {
  return typeof location === 'undefined' ? url : new URL(url, location.origin).href;
}
