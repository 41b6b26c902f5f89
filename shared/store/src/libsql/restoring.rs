//! Puts a backup in the place of a database that no server has open.
//!
//! A write-ahead log that is left beside a database is applied to whatever has the database's name. So the old one is told to
//! take its log in first, which only who has it alone can do, and is kept under another name.

use super::connection::{Sql, unavailable};
use super::copying::{beside, check};
use super::schema::{STEPS, version};
use crate::StoreError;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// What SQLite keeps beside a database while it is open.
const SIDES: [&str; 2] = ["-wal", "-shm"];

/// What a backup is called here until it is the database.
const RESTORING: &str = "-restoring";

#[derive(Debug, Error)]
pub enum RestoreError {
    #[error("can't read the backup {0}")]
    Unreadable(PathBuf, #[source] io::Error),
    #[error("{0} has a write-ahead log beside it, so it is a part of a database and no backup")]
    Part(PathBuf),
    #[error("{0} is the database itself; name a backup of it")]
    Itself(PathBuf),
    #[error("{0} is no backup that can be restored")]
    Damaged(PathBuf, #[source] StoreError),
    #[error("{0} is a database, but not one of a pool")]
    Foreign(PathBuf),
    #[error("{path} is of a later version ({found}) than this program knows ({known})")]
    Later { path: PathBuf, found: usize, known: usize },
    #[error("{0} is in use; stop its server first")]
    InUse(PathBuf),
    #[error("can't write beside the database")]
    Disk(#[from] io::Error),
}

/// Says under which name the database is kept that was there before.
pub async fn restore(backup: &Path, path: &Path, kept_as: &str) -> Result<Option<PathBuf>, RestoreError> {
    let unreadable = |error| RestoreError::Unreadable(backup.to_owned(), error);
    let (source, there) = (fs::canonicalize(backup).map_err(unreadable)?, fs::canonicalize(path).ok());
    if there.as_ref() == Some(&source) {
        return Err(RestoreError::Itself(backup.to_owned()));
    }
    if fs::metadata(beside(&source, SIDES[0])).is_ok_and(|log| log.len() > 0) {
        return Err(RestoreError::Part(backup.to_owned()));
    }
    let copy = beside(path, RESTORING);
    let done = async {
        copy_to(&source, &copy).map_err(unreadable)?;
        inspect(backup, &copy).await?;
        let kept = if there.is_some() { Some(keep(path, kept_as).await?) } else { None };
        fs::rename(&copy, path)?;
        File::open(path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")))?
            .sync_all()?;
        Ok(kept)
    };
    let done = done.await;
    // It has another name, or is of no use.
    ["", SIDES[0], SIDES[1]].iter().for_each(|side| drop(fs::remove_file(beside(&copy, side))));
    done
}

/// For its owner only, whatever the backup's own rights are, and on the disk.
fn copy_to(source: &Path, copy: &Path) -> io::Result<()> {
    let mut from = File::open(source)?;
    let mut to = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(copy)?;
    io::copy(&mut from, &mut to)?;
    to.sync_all()
}

/// Whether this program can work with it.
async fn inspect(backup: &Path, copy: &Path) -> Result<(), RestoreError> {
    let damaged = |error| RestoreError::Damaged(backup.to_owned(), error);
    check(copy).await.map_err(damaged)?;
    let mut sql = open(copy).await.map_err(damaged)?;
    const POOL: &str =
        "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('workers', 'tasks', 'events')";
    let tables = sql.rows(POOL, vec![], |row| row.get::<u32>(0)).await.map_err(damaged)?;
    match version(&mut sql).await.map_err(damaged)? {
        found if found > STEPS.len() => Err(RestoreError::Later { path: backup.to_owned(), found, known: STEPS.len() }),
        0 => Err(RestoreError::Foreign(backup.to_owned())),
        _ if tables != [3] => Err(RestoreError::Foreign(backup.to_owned())),
        _ => Ok(()),
    }
}

/// Gives the old database another name as well. One that is damaged keeps its log beside it, as it was.
async fn keep(path: &Path, kept_as: &str) -> Result<PathBuf, RestoreError> {
    let kept = beside(path, kept_as);
    if !take_log_in(path).await? {
        for side in SIDES {
            match fs::rename(beside(path, side), beside(&kept, side)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
    }
    // Until the backup takes its name, the old database has both.
    fs::hard_link(path, &kept)?;
    Ok(kept)
}

/// Leaving the write-ahead mode takes the log in and needs the database for oneself. Says whether it could be done.
async fn take_log_in(path: &Path) -> Result<bool, RestoreError> {
    const BUSY: i32 = 5;
    let Ok(mut sql) = open(path).await else { return Ok(false) };
    let left = sql.rows_once("PRAGMA journal_mode = DELETE", vec![], |row| row.get::<String>(0)).await;
    match left {
        Ok(mode) => Ok(mode == ["delete"]),
        Err(StoreError::Unavailable(cause)) => match cause.downcast_ref() {
            Some(libsql::Error::SqliteFailure(BUSY, _)) => Err(RestoreError::InUse(path.to_owned())),
            _ => Ok(false),
        },
        Err(_) => Ok(false),
    }
}

async fn open(path: &Path) -> Result<Sql, StoreError> {
    let database = libsql::Builder::new_local(path).build().await.map_err(unavailable)?;
    Ok(Sql::new(database.connect().map_err(unavailable)?))
}
