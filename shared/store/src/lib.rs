//! Where the pool's records are: loading them for a decision and committing what it decided, all or nothing.
//!
//! A store knows keys, versions and the order in which ready tasks wait. It knows no scheduling rule and nothing of HTTP.

mod backup;
#[cfg(feature = "dynamodb")]
pub mod dynamodb;
#[cfg(feature = "libsql")]
pub mod libsql;
mod listing;
mod load;
pub mod memory;
mod orders;
mod search;
mod transact;

pub use backup::Backup;
pub use listing::{Counts, Cursor, Listed, Page, TaskFilter, WorkerFilter};
pub use load::{Head, Lane, Reader, Shelf, load};
pub use transact::{TRACES, Unit, transact};

use async_trait::async_trait;
use owp_logic::{Event, Repo, Scope, Snapshot, Task, Worker};
use owp_wire::Timestamp;
use std::time::Duration;
use thiserror::Error;
use tokio::sync::watch;

/// What every store can do. A behaviour that the conformance suite does not check does not exist.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Its kind in a word, for people.
    fn kind(&self) -> &'static str;

    /// Loads a unit's scope, lets it decide and commits the changes with their events, all or nothing. When it returns
    /// `Ok`, the changes are durable. A unit may be asked more than once, where what it saw has changed meanwhile.
    async fn run(&self, unit: Box<dyn Unit>) -> Result<(), StoreError>;

    /// Loads a scope to look at, not to decide on.
    async fn look(&self, scope: Scope) -> Result<Snapshot, StoreError>;

    /// Tasks, newest first.
    async fn list_tasks(&self, filter: TaskFilter, page: Page) -> Result<Listed<Task>, StoreError>;

    /// Workers, newest first.
    async fn list_workers(&self, filter: WorkerFilter, page: Page) -> Result<Listed<Worker>, StoreError>;

    /// Repositories, by name.
    async fn list_repos(&self, page: Page) -> Result<Listed<Repo>, StoreError>;

    /// The pool in numbers; online are the workers heard of since then.
    async fn counts(&self, online_since: Timestamp) -> Result<Counts, StoreError>;

    /// Events with their places: those after a place, from the earliest that is kept where none is given, and up to another
    /// where one is given. Whoever reads on from the last place that it was given meets every event once, and those about
    /// one subject in their order. What lies between two places is read in the same order each time.
    async fn events(
        &self,
        after: Option<&Cursor>,
        until: Option<&Cursor>,
        limit: usize,
    ) -> Result<Vec<(Cursor, Event)>, StoreError>;

    /// Events from a place back, newest first, each with the place in front of it; the latest where none is given.
    async fn events_back(&self, until: Option<&Cursor>, limit: usize) -> Result<Vec<(Cursor, Event)>, StoreError>;

    /// The place behind every event that there is.
    async fn latest(&self) -> Result<Cursor, StoreError>;

    /// Drops events up to a place, the earliest first and a bounded number at a time; says how many. Whoever then asks for
    /// what is behind an earlier place is refused with [`StoreError::CursorGone`].
    async fn prune_events(&self, until: &Cursor) -> Result<usize, StoreError>;

    /// Drops idempotency records that are honoured no more and figures of days long past, a bounded number at a time; says how
    /// many. A database that drops by itself what is past has nothing to do.
    async fn prune(&self, now: Timestamp) -> Result<usize, StoreError>;

    /// Everything as of one moment, to be kept elsewhere, while others go on. One is taken at a time, until it is dropped.
    /// Refused with [`StoreError::NoBackup`] where the records are not in a file of this process.
    async fn back_up(&self) -> Result<Backup, StoreError>;

    /// Whether it can be asked for that.
    fn backs_up(&self) -> bool {
        false
    }

    /// Whether it can be worked with.
    async fn ping(&self) -> Result<(), StoreError>;

    /// How long ago it had everything that its primary has; `None` for one that reads nothing but the primary.
    fn lag(&self) -> Option<Duration> {
        None
    }

    /// How much one commit may write, where that is bounded: what is longer is cut into several.
    fn writes_max(&self) -> Option<usize> {
        None
    }

    /// Changes whenever something was committed, and with it work may have appeared for somebody; `None` where the store
    /// can't tell. Others who share the store may go unnoticed.
    fn work_signal(&self) -> Option<watch::Receiver<u64>> {
        None
    }
}

#[derive(Debug, Error)]
pub enum StoreError {
    #[error("the store is not available")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("too many others changed the same records")]
    Contended,
    #[error("a commit of {writes} writes is more than the {max} that this store takes")]
    TooManyWrites { writes: usize, max: usize },
    #[error("a stored record can't be read")]
    Corrupt(#[source] serde_json::Error),
    #[error("this cursor is not one of this list")]
    BadCursor,
    #[error("what was behind this place is not kept any more")]
    CursorGone,
    /// Never; with what to do instead.
    #[error("{0}")]
    NoBackup(&'static str),
    /// Not as things stand.
    #[error("{0}")]
    NoBackupNow(&'static str),
    #[error("the store has shut down")]
    Closed,
}

/// Records listed or pruned in one go, where a caller can't choose: enough to make progress, few enough to be quick.
pub const BATCH_MAX: usize = 1000;
