//! The rules of the pool as pure decisions: what may happen, given what is there and what time it is.
//!
//! An operation says what it needs to see (its [`Scope`]), is shown that as a [`Snapshot`] and answers with an outcome and
//! the [`Changes`] that make it true, or with a [`Refusal`]. Nothing here does I/O, reads a clock, draws a random number or
//! knows of HTTP; `now` and fresh ids are arguments.

pub mod analytics;
pub mod assignment;
pub mod dependencies;
pub mod fit;
pub mod github;
pub mod history;
pub mod idempotency;
pub mod lifecycle;
pub mod limits;
pub mod naming;
pub mod operations;
pub mod outcome;
pub mod periods;
pub mod plan;
pub mod record;
pub mod refusal;
pub mod reputation;
pub mod rules;
pub mod snapshot;

pub use operations::{Caller, Decided, Operation, TaskStands, decide, scope_of};
pub use plan::{Changes, Context, Expected, Ids, Plan, Write};
pub use record::*;
pub use refusal::Refusal;
pub use rules::Rules;
pub use snapshot::{Key, Need, Record, Scope, Snapshot, TaskRef, Version};
