// The Open Work Protocol for TypeScript. Nothing in `web/` talks to a server but through this.
export { Pool, pause, isAbort } from './pool.js';
export type {
  Answer,
  Body,
  CallOptions,
  Credentials,
  Fetch,
  Input,
  OpenOptions,
  Operation,
  PoolOptions,
  Query,
  YamlText,
} from './pool.js';
export { Refused, Unreachable } from './problem.js';
export type { InputError, Problem, ProblemCode } from './problem.js';
export { allOf, PAGE_MAX, pagesOf } from './pages.js';
export { watchEvents } from './events.js';
export type { WatchOptions, WatchStatus } from './events.js';
export { exportAudit } from './audit.js';
export type { AuditFilter } from './audit.js';
export { downloadBackup } from './backup.js';
export type * from './words.js';
