//! A primary elsewhere: commits go there, each as one script, and what it holds is read from it or from a replica of it.

use super::connection::{Sql, unavailable};
use super::script::{ANOTHER_VERSION, Script};
use crate::StoreError;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::time::Instant;

/// How long the primary may take to answer. It does so within milliseconds, or is away.
const ANSWER_MAX: Duration = Duration::from_secs(10);

/// A new replica is filled from the first frame of the primary's log on.
const FILLED_MAX: Duration = Duration::from_mins(10);

/// What others wrote is seen on a replica at the latest after this long, plus the time a sync takes.
pub const SYNC_INTERVAL: Duration = Duration::from_secs(1);

pub struct Primary {
    database: Arc<libsql::Database>,
    replica: Option<Replica>,
    connection: Option<libsql::Connection>,
    synced: Synced,
}

struct Replica {
    /// Brings what is new into the file.
    replicating: libsql::Database,
    /// The same file, to be read. The replicating one would read it too, but its statements can't be used again.
    file: Arc<libsql::Database>,
}

/// When a replica last had everything that its primary had.
#[derive(Clone)]
pub struct Synced {
    started: Instant,
    /// Milliseconds after the start.
    at: Arc<AtomicU64>,
}

impl Synced {
    fn never() -> Self {
        Self { started: Instant::now(), at: Arc::default() }
    }

    fn now(&self) {
        self.at.store(u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// How long ago; since the start where it never was.
    pub fn ago(&self) -> Duration {
        self.started.elapsed().saturating_sub(Duration::from_millis(self.at.load(Ordering::Relaxed)))
    }
}

impl Primary {
    pub async fn new(url: &str, token: &str) -> Result<Self, StoreError> {
        let database = libsql::Builder::new_remote(url.to_owned(), token.to_owned()).build().await;
        let database = Arc::new(database.map_err(unavailable)?);
        Ok(Self { database, replica: None, connection: None, synced: Synced::never() })
    }

    /// With a replica of it in a file, which is brought up to date now if the primary is there.
    pub async fn with_replica(url: &str, token: &str, path: &Path) -> Result<Self, StoreError> {
        let mut primary = Self::new(url, token).await?;
        let replicating = libsql::Builder::new_remote_replica(path, url.to_owned(), token.to_owned())
            .read_your_writes(false)
            .build()
            .await
            .map_err(unavailable)?;
        let file = Arc::new(libsql::Builder::new_local(path).build().await.map_err(unavailable)?);
        primary.replica = Some(Replica { replicating, file });
        Ok(primary)
    }

    /// Where what it holds is read.
    pub fn read_from(&self) -> Arc<libsql::Database> {
        self.replica.as_ref().map_or(&self.database, |replica| &replica.file).clone()
    }

    pub fn synced(&self) -> Synced {
        self.synced.clone()
    }

    /// A connection for reading what the primary holds, or its replica.
    pub fn reading(&self) -> Result<Sql, StoreError> {
        self.read_from().connect().map(Sql::new).map_err(unavailable)
    }

    /// A connection to the primary itself, for what is not a commit.
    pub fn writing(&self) -> Result<Sql, StoreError> {
        self.database.connect().map(Sql::new).map_err(unavailable)
    }

    /// The first time, which may take long.
    pub async fn fill(&self) -> Result<(), StoreError> {
        self.sync_within(FILLED_MAX).await
    }

    /// Brings the replica, if there is one, to where the primary is now. What one that is far behind has got when the time is
    /// over, it keeps for the next time.
    pub async fn sync(&self) -> Result<(), StoreError> {
        self.sync_within(ANSWER_MAX).await
    }

    async fn sync_within(&self, time: Duration) -> Result<(), StoreError> {
        if let Some(replica) = &self.replica {
            in_time(time, async { replica.replicating.sync().await.map_err(unavailable) }).await?;
        }
        self.synced.now();
        Ok(())
    }

    /// All of it, or nothing. Whether it happened is not known where the primary went away before it answered.
    pub async fn commit(&mut self, script: &Script) -> Result<(), StoreError> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.database.connect().map_err(unavailable)?,
        };
        let sent = async { connection.execute_transactional_batch(script.text()).await.map_err(unavailable) };
        match in_time(ANSWER_MAX, sent).await {
            Ok(_) => self.connection = Some(connection),
            Err(StoreError::Unavailable(error)) if is_conflict(&error.to_string()) => {
                return Err(StoreError::Contended);
            }
            // The connection is dropped: what it is in the middle of is not known.
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

/// Another commit came first, or is being made.
fn is_conflict(text: &str) -> bool {
    [ANOTHER_VERSION, "SQLITE_BUSY", "database is locked", "UNIQUE constraint failed: events"]
        .iter()
        .any(|sign| text.contains(sign))
}

async fn in_time<T>(time: Duration, work: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    let late = |_| StoreError::Unavailable("the primary did not answer in time".into());
    tokio::time::timeout(time, work).await.map_err(late)?
}
