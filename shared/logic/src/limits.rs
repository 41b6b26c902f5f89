//! Every bound that the rules keep, with its reason.

/// Ready tasks looked at first. Most fetches give one or two tasks, and reading more would be for nothing.
pub const CANDIDATES_FIRST: usize = 4;

/// Ready tasks looked at where those did not do. A worker holds at most 20; the rest is room for those it has just declined.
pub const CANDIDATES_MORE: usize = 32;

/// Ready tasks looked at in one fetch, where a worker has declined all that a narrower look found. As many as it can decline in
/// an hour by hand, and few enough for a store that reads each by itself.
pub const CANDIDATES_MAX: usize = 256;

/// The next wider look, after one that was not enough.
pub const fn wider(candidates: usize) -> usize {
    if candidates < CANDIDATES_MORE { CANDIDATES_MORE } else { CANDIDATES_MAX }
}

/// Shelves read in one look for each of a worker's skills, in order of priority. More than the candidates, because a
/// shelf knows when its repository was last served only as of its own last change.
pub const SHELVES_MAX: usize = 256;

/// The same in the widest look, where all the others are of repositories that have nothing for the worker.
pub const SHELVES_WIDEST: usize = 2048;

/// Shelves read in a look for so many tasks.
pub const fn shelves_max(candidates: usize) -> usize {
    if candidates < CANDIDATES_MAX { SHELVES_MAX } else { SHELVES_WIDEST }
}

/// Tasks of a lane passed over in one fetch because they are shown to workers of higher reputation first.
pub const HIDDEN_MAX: usize = 64;

/// Dead leases settled in one commit. Each touches a task, a worker, a repo and an area and writes an event, and the
/// smallest store takes 100 items in a transaction.
pub const SETTLE_MAX: usize = 16;

/// Tasks of one worker taken back in one commit. Each touches a task, a repo, an area, a lane and an event, and the smallest
/// store takes 100 items in a transaction.
pub const TAKEN_BACK_MAX: usize = 16;

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

/// How often an open pull request is looked at whether it is idle, in seconds: days that are set anew count for those that
/// are open already, and one write a day for each is nothing.
pub const REVIEW_LOOK_S: u32 = 24 * 3600;

/// Tasks that one task may depend on, and that may depend on one: merging it makes all of them ready in one commit.
pub const DEPENDENTS_MAX: usize = 20;

/// Tasks followed in search of a cycle of dependencies. All are relied on when the edit is committed.
pub const DEPENDENCIES_FOLLOWED_MAX: usize = 50;

/// Offers that came to nothing kept on a task's record, the latest ones.
pub const DECLINES_KEPT_MAX: usize = 20;

/// Handles on one list of a repository. The lists are read whenever one of its tasks might be given.
pub const HANDLES_MAX: usize = 1000;

/// Points by which a repository that was idle may be served before its rivals: enough to be noticed, too few to starve
/// the others.
pub const CATCH_UP_POINTS: u32 = 8;

/// Durations of pull requests kept for each repository: enough for a quartile, few enough to follow a change.
pub const DURATIONS_KEPT: usize = 32;

/// Durations needed before they count for more than the estimate.
pub const DURATIONS_NEEDED: usize = 5;

/// How long a lease may be parked, in seconds: until the next morning.
pub const PARK_MAX_S: u32 = 16 * 3600;

/// A worker that may hold a task for less than so many seconds more is not given it again.
pub const HOLD_LEFT_MIN_S: u32 = 600;

/// How long a task is not given again to a worker that released it, in seconds.
pub const DECLINED_FOR_S: u32 = 3600;

/// How long an idempotency record is honoured, in seconds.
pub const IDEMPOTENCY_TTL_S: u32 = 24 * 3600;

/// How many days the figures of a day are kept: two years of the longest period and a month, so that a year can be held
/// against the one before. A busy pool has one record a day for each worker.
pub const FIGURES_KEPT_DAYS: u32 = 2 * 366 + 31;

/// Tasks in one import.
pub const IMPORT_TASKS_MAX: usize = 1000;
