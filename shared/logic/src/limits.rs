//! Every bound that the rules keep, with its reason.

/// Ready tasks looked at first. Most fetches give one or two tasks, and reading more would be for nothing.
pub const CANDIDATES_FIRST: usize = 4;

/// Ready tasks looked at in one fetch. A worker holds at most 20; the rest is room for those it has just declined.
pub const CANDIDATES_MAX: usize = 32;

/// Shelves read in one fetch for each of a worker's skills, in order of priority. More than the candidates, because a
/// shelf knows when its repository was last served only as of its own last change.
pub const SHELVES_MAX: usize = 256;

/// Dead leases settled in one commit. Each touches a task, a worker, a repo and an area and writes an event, and the
/// smallest store takes 100 items in a transaction.
pub const SETTLE_MAX: usize = 16;

/// Ready tasks looked at to explain why a worker gets nothing.
pub const EXPLAIN_TASKS_MAX: usize = 200;

/// Workers looked at to explain why nobody gets a task.
pub const EXPLAIN_WORKERS_MAX: usize = 200;

/// Attempts kept on a task's record, the latest ones; older ones are in the events.
pub const ATTEMPTS_KEPT_MAX: usize = 20;

/// Pull requests a worker may have in review before it gets no more: who opens this many without one being merged floods.
pub const IN_REVIEW_MAX: usize = 50;

/// Holders who call a task's text unclear before it is set aside. One may be mistaken.
pub const UNCLEAR_MAX: usize = 2;

/// How long a task is not given again to a worker that released it, in seconds.
pub const DECLINED_FOR_S: u32 = 3600;

/// How long an idempotency record is honoured, in seconds.
pub const IDEMPOTENCY_TTL_S: u32 = 24 * 3600;

/// Tasks in one import.
pub const IMPORT_TASKS_MAX: usize = 1000;
