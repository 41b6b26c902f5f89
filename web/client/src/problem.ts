// What can go wrong when one talks to a pool, as values that say how to go on. Views show `message`; code asks `code`.
import type { components } from './contract.js';

export type Problem = components['schemas']['Problem'];
export type ProblemCode = components['schemas']['ProblemCode'];
export type InputError = components['schemas']['InputError'];

/** The server understood the call and refused it, in its own words. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  readonly code: string;
  readonly requestId: string | undefined;
  readonly errors: readonly InputError[];
  readonly allowed: readonly string[];
  readonly retryAfterS: number | undefined;

  constructor(status: number, problem: Partial<Problem>, retryAfterS?: number) {
    super(problem.detail ?? problem.title ?? `the server answered ${status}`);
    this.status = status;
    this.code = problem.code ?? 'unknown';
    this.requestId = problem.request_id;
    this.errors = problem.errors ?? [];
    this.allowed = problem.allowed ?? [];
    this.retryAfterS = retryAfterS;
  }

  /** The token is missing, wrong, expired or revoked: only signing in again helps. */
  get signInNeeded(): boolean {
    return this.status === 401;
  }
}

/** No answer came at all: the server is away, or the way to it is. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';

  constructor(url: string, cause: unknown) {
    super(`no answer from ${url}`, { cause });
  }
}

/** A refusal from an answer, whatever stood between the server and us may have made of its body. */
export function refusalFrom(response: Response, body: unknown): Refused {
  const after = Number(response.headers.get('retry-after'));
  const retryAfterS = Number.isFinite(after) && after > 0 ? after : undefined;
  return new Refused(response.status, body !== null && typeof body === 'object' ? body : {}, retryAfterS);
}

/** The same, where nobody has read the body yet. */
export async function refusalOf(response: Response): Promise<Refused> {
  // A proxy may have answered with something else: the status then says what there is to say.
  return refusalFrom(response, await response.json().catch(() => null));
}
