//! Backups of a database file: a copy made beside it by `VACUUM INTO`, on a connection of its own, while others read and
//! write. It is as of one moment, and complete without a write-ahead log.

use super::connection::{Sql, text, unavailable};
use super::{READER_CACHE_KIB, connect};
use crate::StoreError;
use crate::backup::Backup;
use rustix::fs::statvfs;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

/// Each takes up as much disk as the pool, and reads all of it.
const BACKUPS_AT_ONCE: usize = 1;

/// Left free for what is committed meanwhile: a full disk would stop the pool itself.
const SPARE_BYTES: u64 = 64 * 1024 * 1024;

/// What a copy is called until it is whole.
const COPYING: &str = "-copying";

pub struct Copier {
    database: Arc<libsql::Database>,
    path: PathBuf,
    turns: Arc<Semaphore>,
}

impl Copier {
    /// What is left of a copy that the end of a process cut off is removed.
    pub fn new(database: Arc<libsql::Database>, path: &Path) -> Result<Self, StoreError> {
        remove(&beside(path, COPYING)).map_err(disk)?;
        Ok(Self { database, path: path.to_owned(), turns: Arc::new(Semaphore::new(BACKUPS_AT_ONCE)) })
    }

    /// Once begun it goes on to its end, whether or not somebody still waits for it.
    pub async fn copy(&self) -> Result<Backup, StoreError> {
        let Ok(turn) = self.turns.clone().try_acquire_owned() else {
            return Err(StoreError::NoBackupNow("a backup is being taken already; try again when that one is done"));
        };
        let (database, path, runtime) = (self.database.clone(), self.path.clone(), Handle::current());
        let copied = tokio::task::spawn_blocking(move || {
            if free_bytes(&path).map_err(disk)? < fs::metadata(&path).map_err(disk)?.len() + SPARE_BYTES {
                return Err(StoreError::NoBackupNow(
                    "there is too little room for a copy beside the database; make room on its disk",
                ));
            }
            let (copy, file) = Named::make(beside(&path, COPYING)).map_err(disk)?;
            runtime.block_on(async {
                let mut sql = connect(&database, READER_CACHE_KIB).await?;
                sql.execute("VACUUM INTO ?1", vec![text(copy.0.to_string_lossy())]).await?;
                check(&copy.0).await
            })?;
            drop(copy);
            Backup::of(file, turn).map_err(disk)
        });
        copied.await.map_err(|error| StoreError::Unavailable(error.into()))?
    }
}

/// A file that loses its name when this is dropped.
struct Named(PathBuf);

impl Named {
    /// For its owner only, as the database may be; the records in it are the same.
    fn make(path: PathBuf) -> io::Result<(Self, File)> {
        let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path)?;
        Ok((Self(path), file))
    }
}

impl Drop for Named {
    fn drop(&mut self) {
        if let Err(error) = remove(&self.0) {
            tracing::error!(%error, file = %self.0.display(), "a copy could not be removed; the next start tries again");
        }
    }
}

/// Finds what is wrong with a database, also in its indexes, which a copy takes over as they are.
pub async fn check(path: &Path) -> Result<(), StoreError> {
    let database = libsql::Builder::new_local(path).build().await.map_err(unavailable)?;
    let mut sql = Sql::new(database.connect().map_err(unavailable)?);
    let found = sql.rows_once("PRAGMA integrity_check(1)", vec![], |row| row.get::<String>(0)).await?;
    match found.first().map(String::as_str) {
        Some("ok") => Ok(()),
        fault => {
            Err(StoreError::Unavailable(format!("the database is damaged: {}", fault.unwrap_or("no answer")).into()))
        }
    }
}

/// The path with something added to its name.
pub fn beside(path: &Path, added: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(added);
    name.into()
}

fn free_bytes(path: &Path) -> io::Result<u64> {
    let found = statvfs(path)?;
    Ok(found.f_bavail.saturating_mul(found.f_frsize))
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn disk(error: io::Error) -> StoreError {
    StoreError::Unavailable(error.into())
}
