//! What the pool remembers. Every record is stored with a version; how and where is the store's affair.

mod book;
mod desk;
mod event;
mod link;
mod policy;
mod repo;
mod task;
mod worker;

pub use book::{Book, BookName, Progress, Seal, first_day_kept};
pub use desk::{Desk, Errand, ErrandKind, Told};
pub use event::{Actor, Event, EventKind, Subject};
pub use link::{
    AcceptedPolicy, PullRequest, PullStage, REVIEWS_KEPT_MAX, RepoLink, SeenReview, TaskSource, Withdrawn, commit_key,
    number_key,
};
pub use policy::{Gate, QuietHours, RepoPolicy, ReputationWindow, quiet_at};
pub use repo::{Admission, AreaClaim, Closed, Repo};
pub use task::{Attempt, Decline, FitClass, Holding, Lease, Offer, Task, TaskSpec, holding_of, normalize_skills};
pub use worker::{Availability, DayPoints, Held, Offered, Wanted, Worker};
