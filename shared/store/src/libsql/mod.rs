//! A libSQL database: in a file that this process owns, or with a primary elsewhere, read over the network or from an
//! embedded replica.
//!
//! One thread owns the writing connection (`writer`); lists and looks use connections of their own. Durable: a commit
//! is in the write-ahead log and synced before anybody is told.

mod apply;
mod connection;
mod copying;
mod delegate;
mod known;
mod lists;
mod primary;
mod reader;
mod restoring;
pub mod schema;
mod script;
mod writer;

use crate::{Backup, Counts, Cursor, Listed, Page, Store, StoreError, TaskFilter, Unit, WorkerFilter, load};
use async_trait::async_trait;
use connection::{Sql, unavailable};
use copying::Copier;
use delegate::Delegate;
use known::{Known, SharedOrders};
use owp_logic::{Event, Repo, Scope, Snapshot, Task, Worker};
use owp_wire::Timestamp;
use primary::{Primary, Synced};
use reader::View;
pub use restoring::{RestoreError, restore};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::runtime::{Builder, Handle};
use tokio::sync::{Semaphore, mpsc, oneshot, watch};
use tracing::warn;
use writer::{Command, Queued, Stale, Writer};

/// Commands that may wait for the writer. More than a server has requests at once.
const QUEUE_MAX: usize = 4096;

/// Connections for reading; each is a file handle and a page cache.
const READERS_MAX: usize = 4;

/// What a connection may keep of the database, in KiB. Of a reader's it is for one read only: the next one finds that
/// somebody has written, and begins with nothing.
const WRITER_CACHE_KIB: i32 = 12 * 1024;
const READER_CACHE_KIB: i32 = 1024;

pub struct LibsqlStore {
    kind: Kind,
    /// Where it is read.
    database: Arc<libsql::Database>,
    /// Of a replica.
    synced: Option<Synced>,
    queue: Mutex<Option<mpsc::Sender<Queued>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
    work: watch::Sender<u64>,
    orders: SharedOrders,
    readers: Mutex<Vec<Sql>>,
    readers_free: Semaphore,
    /// Of a file.
    copier: Option<Copier>,
}

/// Where a database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    File(PathBuf),
    /// On a server, which others may share.
    Server(Address),
    /// The same, with a replica of it in a file.
    Replica(Address, PathBuf),
}

/// Of a libSQL server, with a token where it asks for one.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    pub url: String,
    pub token: String,
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    File,
    Remote,
    Replica,
}

impl LibsqlStore {
    pub async fn open_at(place: &Place) -> Result<Self, StoreError> {
        match place {
            Place::File(path) => Self::open(path).await,
            Place::Server(address) => Self::open_remote(&address.url, &address.token).await,
            Place::Replica(address, path) => Self::open_replica(path, &address.url, &address.token).await,
        }
    }

    /// Opens the database, makes it if it is not there, and brings it to this version.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let database = libsql::Builder::new_local(path).build().await.map_err(unavailable)?;
        let mut sql = connect(&database, WRITER_CACHE_KIB).await?;
        sql.batch("PRAGMA synchronous = FULL").await?;
        schema::migrate(&mut sql).await?;
        let database = Arc::new(database);
        let copier = Copier::new(database.clone(), path)?;
        let store =
            Self::start(Kind::File, database, None, |known, queue, work| Writer::new(sql, known, work).write(queue))?;
        Ok(Self { copier: Some(copier), ..store })
    }

    /// Works on a primary elsewhere, which others may share. Everything is read there.
    pub async fn open_remote(url: &str, token: &str) -> Result<Self, StoreError> {
        let primary = Primary::new(url, token).await?;
        schema::migrate_on_server(&mut primary.writing()?).await?;
        Self::delegate(Kind::Remote, primary)
    }

    /// Works on a primary elsewhere, which others may share, with a replica of it in this file. While the primary is away,
    /// what the replica has can be read, and nothing can be written.
    pub async fn open_replica(path: &Path, url: &str, token: &str) -> Result<Self, StoreError> {
        let primary = Primary::with_replica(url, token, path).await?;
        match schema::migrate_on_server(&mut primary.writing()?).await {
            Ok(()) => primary.fill().await?,
            Err(failure) => {
                if schema::version(&mut primary.reading()?).await? != schema::STEPS.len() {
                    return Err(failure);
                }
                warn!(
                    error = &failure as &dyn std::error::Error,
                    "the primary is away; starting with what the replica has"
                );
            }
        }
        Self::delegate(Kind::Replica, primary)
    }

    fn delegate(kind: Kind, primary: Primary) -> Result<Self, StoreError> {
        let synced = (kind == Kind::Replica).then(|| primary.synced());
        let (database, reading) = (primary.read_from(), primary.reading()?);
        Self::start(kind, database, synced, |mut known, commands, work| {
            known.recent.keep_what_is_written();
            Delegate::new(primary, reading, known, work).write(commands)
        })
    }

    fn start<F: Future<Output = ()>>(
        kind: Kind,
        database: Arc<libsql::Database>,
        synced: Option<Synced>,
        write: impl FnOnce(Known, mpsc::Receiver<Queued>, watch::Sender<u64>) -> F + Send + 'static,
    ) -> Result<Self, StoreError> {
        let (queue, commands) = mpsc::channel(QUEUE_MAX);
        let work = watch::Sender::new(0);
        let signal = work.clone();
        let orders = SharedOrders::default();
        let known = Known::new(orders.clone());
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| StoreError::Unavailable(error.into()))?;
        let writer = std::thread::Builder::new()
            .name("owp-writer".into())
            .spawn(move || runtime.block_on(write(known, commands, signal)))
            .map_err(|error| StoreError::Unavailable(error.into()))?;
        Ok(Self {
            kind,
            database,
            synced,
            queue: Mutex::new(Some(queue)),
            writer: Mutex::new(Some(writer)),
            work,
            orders,
            readers: Mutex::default(),
            readers_free: Semaphore::new(READERS_MAX),
            copier: None,
        })
    }

    /// Lets the writer finish what is queued and waits for it. Afterwards every call is refused with `Closed`.
    pub async fn close(&self) {
        drop(self.queue.lock().expect("nothing panics while it holds this").take());
        let writer = self.writer.lock().expect("nothing panics while it holds this").take();
        if let Some(writer) = writer {
            let joined = tokio::task::spawn_blocking(move || writer.join()).await;
            if !matches!(joined, Ok(Ok(()))) {
                tracing::error!("the writer did not end well");
            }
        }
        self.readers_free.close();
        self.readers.lock().expect("nothing panics while it holds this").clear();
    }

    fn is_writing(&self) -> bool {
        let writer = self.writer.lock().expect("nothing panics while it holds this");
        writer.as_ref().is_some_and(|writer| !writer.is_finished())
    }

    async fn command(&self, command: Command) -> Result<usize, StoreError> {
        let queue = self.queue.lock().expect("nothing panics while it holds this").clone().ok_or(StoreError::Closed)?;
        let (reply, answer) = oneshot::channel();
        queue.send(Queued { command, reply }).await.map_err(|_| StoreError::Closed)?;
        drop(queue);
        answer.await.map_err(|_| StoreError::Closed)?
    }

    /// Runs a read on a connection of its own, away from the threads that serve requests.
    async fn read<T: Send + 'static>(
        &self,
        work: impl AsyncFnOnce(&mut Sql) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let _free = self.readers_free.acquire().await.map_err(|_| StoreError::Closed)?;
        let idle = self.readers.lock().expect("nothing panics while it holds this").pop();
        let mut sql = match idle {
            Some(sql) => sql,
            None if self.kind == Kind::File => connect(&self.database, READER_CACHE_KIB).await?,
            None => Sql::new(self.database.connect().map_err(unavailable)?),
        };
        let (kind, runtime) = (self.kind, Handle::current());
        let read = tokio::task::spawn_blocking(move || {
            let (result, idle) = runtime.block_on(at_one_moment(kind, &mut sql, work));
            (sql, result, idle)
        });
        let (sql, result, idle) = read.await.map_err(|error| StoreError::Unavailable(error.into()))?;
        if idle && !self.readers_free.is_closed() {
            self.readers.lock().expect("nothing panics while it holds this").push(sql);
        }
        result
    }
}

/// All that one read asks is answered as of the same moment, but not over the network: a transaction held open there would
/// keep others waiting. Says also whether the connection can be used again.
async fn at_one_moment<T>(
    kind: Kind,
    sql: &mut Sql,
    work: impl AsyncFnOnce(&mut Sql) -> Result<T, StoreError>,
) -> (Result<T, StoreError>, bool) {
    let begin = match kind {
        Kind::File | Kind::Replica => "BEGIN",
        Kind::Remote => {
            let result = work(sql).await;
            let is_well = result.is_ok();
            return (result, is_well);
        }
    };
    if let Err(error) = sql.execute(begin, vec![]).await {
        return (Err(error), false);
    }
    let result = work(sql).await;
    let ended = sql.execute("ROLLBACK", vec![]).await;
    (result, ended.is_ok())
}

async fn connect(database: &libsql::Database, cache_kib: i32) -> Result<Sql, StoreError> {
    let connection = database.connect().map_err(unavailable)?;
    connection.busy_timeout(Duration::from_secs(5)).map_err(unavailable)?;
    let mut sql = Sql::new(connection);
    // These pragmas answer with a row, which a batch ignores.
    sql.batch(&format!("PRAGMA journal_mode = WAL; PRAGMA cache_size = -{cache_kib}; PRAGMA temp_store = MEMORY"))
        .await?;
    Ok(sql)
}

#[async_trait]
impl Store for LibsqlStore {
    fn kind(&self) -> &'static str {
        match self.kind {
            Kind::File => "libsql",
            Kind::Remote => "libsql-remote",
            Kind::Replica => "libsql-replica",
        }
    }

    fn lag(&self) -> Option<Duration> {
        self.synced.as_ref().map(Synced::ago)
    }

    async fn run(&self, unit: Box<dyn Unit>) -> Result<(), StoreError> {
        self.command(Command::Run(unit)).await.map(drop)
    }

    async fn look(&self, scope: Scope) -> Result<Snapshot, StoreError> {
        let orders = self.orders.clone();
        self.read(async move |sql| load(&mut View { sql, orders: &orders, recent: None }, &scope).await).await
    }

    async fn list_tasks(&self, filter: TaskFilter, page: Page) -> Result<Listed<Task>, StoreError> {
        self.read(async move |sql| sql.list_tasks(&filter, &page).await).await
    }

    async fn list_workers(&self, filter: WorkerFilter, page: Page) -> Result<Listed<Worker>, StoreError> {
        self.read(async move |sql| sql.list_workers(&filter, &page).await).await
    }

    async fn list_repos(&self, page: Page) -> Result<Listed<Repo>, StoreError> {
        self.read(async move |sql| sql.list_repos(&page).await).await
    }

    async fn counts(&self, online_since: Timestamp) -> Result<Counts, StoreError> {
        self.read(async move |sql| sql.counts(online_since).await).await
    }

    async fn events(
        &self,
        after: Option<&Cursor>,
        until: Option<&Cursor>,
        limit: usize,
    ) -> Result<Vec<(Cursor, Event)>, StoreError> {
        let (after, until) = (Cursor::counted(after)?, Cursor::counted(until)?.unwrap_or(u64::MAX));
        self.read(async move |sql| sql.events(after, until, limit).await).await
    }

    async fn events_back(&self, until: Option<&Cursor>, limit: usize) -> Result<Vec<(Cursor, Event)>, StoreError> {
        let until = Cursor::counted(until)?.unwrap_or(u64::MAX);
        self.read(async move |sql| sql.events_back(until, limit).await).await
    }

    async fn latest(&self) -> Result<Cursor, StoreError> {
        self.read(async |sql| sql.latest().await).await
    }

    async fn prune_events(&self, until: &Cursor) -> Result<usize, StoreError> {
        let until = Cursor::counted(Some(until))?.unwrap_or(0);
        self.command(Command::Prune(Stale::Events(until))).await
    }

    async fn prune(&self, now: Timestamp) -> Result<usize, StoreError> {
        self.command(Command::Prune(Stale::Past(now))).await
    }

    async fn back_up(&self) -> Result<Backup, StoreError> {
        if self.readers_free.is_closed() {
            return Err(StoreError::Closed);
        }
        match &self.copier {
            Some(copier) => copier.copy().await,
            None => Err(StoreError::NoBackup(
                "the records are on a libSQL server, which others may share: back them up there, by its own means",
            )),
        }
    }

    fn backs_up(&self) -> bool {
        self.copier.is_some()
    }

    async fn ping(&self) -> Result<(), StoreError> {
        if !self.is_writing() {
            return Err(StoreError::Closed);
        }
        self.read(async |sql| sql.rows("SELECT 1", vec![], |_| Ok(())).await.map(drop)).await
    }

    fn work_signal(&self) -> Option<watch::Receiver<u64>> {
        Some(self.work.subscribe())
    }
}
