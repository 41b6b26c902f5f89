//! A DynamoDB table, shared by any number of processes.
//!
//! `docs/dynamodb.md` says what each operation reads and writes. A scope is loaded with consistent reads, and a commit is one
//! transaction with a condition per item. Nobody is told of work: other processes commit too.

mod commit;
mod create;
pub mod definition;
mod directory;
mod item;
mod keys;
mod lists;
mod log;
mod reader;
mod send;
mod shelves;
mod table;

pub use aws_sdk_dynamodb::config;
pub use commit::ITEMS_MAX;
pub use table::LOG_SHARDS;

use crate::transact::guarded;
use crate::{Backup, Counts, Cursor, Listed, Page, Store, StoreError, TaskFilter, Unit, WorkerFilter, load};
use async_trait::async_trait;
use commit::Committing;
use config::{BehaviorVersion, Builder};
use futures::future::try_join_all;
use keys::Address;
use owp_logic::{Changes, Event, Repo, Scope, Snapshot, Task, Worker};
use owp_wire::Timestamp;
use reader::{DynamoReader, seen_since};
use send::{Sent, send};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use table::{Table, configured, jittered};

/// Decisions of one unit. Somebody succeeds each time that somebody fails, and after so many waits it is better to answer.
const TRIES_MAX: u32 = 12;

/// Transactions of one decision, where only what is kept beside the records was in the way.
const OVERTAKEN_MAX: u32 = 3;

const FIRST_BACKOFF: Duration = Duration::from_millis(10);
const LAST_BACKOFF: Duration = Duration::from_millis(640);

pub struct DynamoStore {
    table: Table,
    /// Drawn once, so that no two processes name a commit alike.
    process: u64,
    commits: AtomicU64,
    last_stamp: AtomicU64,
}

impl DynamoStore {
    /// A table as the usual AWS environment finds it: region, credentials, `AWS_ENDPOINT_URL_DYNAMODB`. Nothing is sent before
    /// the first call.
    pub async fn from_env(table: &str) -> Self {
        let environment = Box::pin(aws_config::load_defaults(BehaviorVersion::latest())).await;
        Self::over(Builder::from(&environment), table)
    }

    /// A table reached in this way.
    #[allow(clippy::disallowed_methods, reason = "names a process; no decision depends on it")]
    pub fn over(config: Builder, table: &str) -> Self {
        let table = Table::new(configured(config), table.to_owned());
        Self { table, process: rand::random(), commits: AtomicU64::new(0), last_stamp: AtomicU64::new(0) }
    }

    fn fresh_commit(&self) -> String {
        format!("{:016x}{:x}", self.process, self.commits.fetch_add(1, Ordering::SeqCst))
    }

    async fn commit(
        &self,
        reader: &DynamoReader<'_>,
        snapshot: &Snapshot,
        changes: &Changes,
    ) -> Result<bool, StoreError> {
        let last_stamp = &self.last_stamp;
        let committing = Committing { table: &self.table, reader, snapshot, changes, last_stamp };
        for overtaken in 0..OVERTAKEN_MAX {
            let Some(transaction) = committing.prepare(self.fresh_commit()).await? else { return Ok(false) };
            match send(&self.table, transaction).await? {
                Sent::Committed => return Ok(true),
                Sent::Overtaken => wait_to_try_again(overtaken).await,
                Sent::Conflict => return Ok(false),
            }
        }
        Ok(false)
    }
}

async fn wait_to_try_again(tries: u32) {
    tokio::time::sleep(jittered((FIRST_BACKOFF * 2_u32.pow(tries)).min(LAST_BACKOFF))).await;
}

#[async_trait]
impl Store for DynamoStore {
    fn kind(&self) -> &'static str {
        "dynamodb"
    }

    async fn run(&self, mut unit: Box<dyn Unit>) -> Result<(), StoreError> {
        let mut panicked_over: Option<Snapshot> = None;
        for tries in 0..TRIES_MAX {
            let scope = guarded(|| unit.scope())?;
            let mut reader = DynamoReader::new(&self.table);
            let snapshot = load(&mut reader, &scope).await?;
            match guarded(|| unit.decide(&snapshot)) {
                Ok(changes) if changes.is_empty() => return Ok(()),
                Ok(changes) => {
                    if self.commit(&reader, &snapshot, &changes).await? {
                        return Ok(());
                    }
                }
                // Records that were read one after the other may not fit together. Those that are still the same do.
                Err(panicked) => {
                    if panicked_over.is_some_and(|before| same_versions(&before, &snapshot)) {
                        return Err(panicked);
                    }
                    panicked_over = Some(snapshot);
                    continue;
                }
            }
            wait_to_try_again(tries).await;
        }
        Err(StoreError::Contended)
    }

    async fn look(&self, scope: Scope) -> Result<Snapshot, StoreError> {
        load(&mut DynamoReader::new(&self.table), &scope).await
    }

    async fn list_tasks(&self, filter: TaskFilter, page: Page) -> Result<Listed<Task>, StoreError> {
        self.table.list_tasks(&filter, &page).await
    }

    async fn list_workers(&self, filter: WorkerFilter, page: Page) -> Result<Listed<Worker>, StoreError> {
        self.table.list_workers(&filter, &page).await
    }

    async fn list_repos(&self, page: Page) -> Result<Listed<Repo>, StoreError> {
        self.table.list_repos(&page).await
    }

    async fn counts(&self, online_since: Timestamp) -> Result<Counts, StoreError> {
        let ranges = seen_since(self.table.shards().await?.index, online_since);
        let online = try_join_all(ranges.into_iter().map(|range| self.table.count(range))).await?;
        log::counts(&self.table, online.into_iter().sum()).await
    }

    async fn events(
        &self,
        after: Option<&Cursor>,
        until: Option<&Cursor>,
        limit: usize,
    ) -> Result<Vec<(Cursor, Event)>, StoreError> {
        log::events(&self.table, after, until, limit).await
    }

    async fn events_back(&self, until: Option<&Cursor>, limit: usize) -> Result<Vec<(Cursor, Event)>, StoreError> {
        log::events_back(&self.table, until, limit).await
    }

    async fn prune_events(&self, until: &Cursor) -> Result<usize, StoreError> {
        log::prune(&self.table, until).await
    }

    async fn latest(&self) -> Result<Cursor, StoreError> {
        log::latest(&self.table).await
    }

    /// DynamoDB deletes idempotency records by itself, some days after they are honoured no more.
    async fn prune(&self, _now: Timestamp) -> Result<usize, StoreError> {
        Ok(0)
    }

    async fn back_up(&self) -> Result<Backup, StoreError> {
        Err(StoreError::NoBackup(
            "the records are in a DynamoDB table: restore it by its point-in-time recovery, or back it up with `aws dynamodb create-backup`",
        ))
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.table.get(&Address::table()).await.map(drop)
    }

    fn writes_max(&self) -> Option<usize> {
        Some(ITEMS_MAX)
    }
}

/// Whether two snapshots are of the same records as of the same writes.
fn same_versions(one: &Snapshot, other: &Snapshot) -> bool {
    let versions = |snapshot: &Snapshot| -> Vec<_> {
        snapshot.records().map(|(key, version, _)| (key.clone(), version)).collect()
    };
    versions(one) == versions(other)
}
