//! What the pool remembers. Every record is stored with a version; how and where is the store's affair.

mod event;
mod repo;
mod task;
mod worker;

pub use event::{Actor, Event, EventKind, Subject};
pub use repo::{AreaClaim, Repo};
pub use task::{Attempt, FitClass, Holding, Lease, Task, TaskSpec, holding_of, normalize_skills};
pub use worker::{Held, Wanted, Worker};
