//! What the writer read or wrote lately. A worker, its tasks and their repositories are met again with every call, and
//! reading and parsing them each time was the larger part of a decision's cost.
//!
//! Never the authority: what is written says which version it replaces, and the database refuses another one. Forgotten
//! whenever somebody else has written, or a transaction was given up.

use super::connection::Sql;
use crate::{Head, Lane, Reader, Shelf, StoreError};
use lru::LruCache;
use owp_logic::{Changes, Key, Record, Version, Wanted, Write};
use owp_wire::{RepoName, TaskId, Timestamp, WorkerId};
use std::num::NonZeroUsize;
use std::sync::Arc;

/// Records kept: what a few thousand busy workers touch. At a kilobyte or two each that is some megabytes.
const RECORDS_MAX: NonZeroUsize = NonZeroUsize::new(4096).expect("more than none");

/// Tasks with longer descriptions are read anew each time, so that memory stays bounded.
const DESCRIPTION_MAX: usize = 4096;

pub struct Recent {
    records: LruCache<Key, (Version, Arc<Record>)>,
    data_version: i64,
}

impl Recent {
    pub fn new() -> Self {
        Self { records: LruCache::new(RECORDS_MAX), data_version: 0 }
    }

    /// At the begin of a transaction: forgets everything where another connection has written since the last one.
    pub async fn catch_up(&mut self, sql: &mut Sql) -> Result<(), StoreError> {
        let found = sql.rows("PRAGMA data_version", vec![], |row| row.get::<i64>(0)).await?;
        let data_version = found.first().copied().unwrap_or_default();
        if self.data_version != data_version {
            self.forget();
            self.data_version = data_version;
        }
        Ok(())
    }

    pub fn forget(&mut self) {
        self.records.clear();
    }

    /// Takes over what was just written.
    pub fn take_over(&mut self, changes: Changes) {
        for (key, (expected, write)) in changes.writes {
            match write {
                Write::Check => {}
                Write::Put(record) => self.keep(key, expected + 1, Arc::from(record)),
                Write::Delete => drop(self.records.pop(&key)),
            }
        }
    }

    fn keep(&mut self, key: Key, version: Version, record: Arc<Record>) {
        let worth_it = match record.as_ref() {
            Record::Worker(_) | Record::Repo(_) | Record::Area(_) | Record::Admission(_) => true,
            Record::Task(task) => task.spec.description.len() <= DESCRIPTION_MAX,
            Record::TaskKey(_) | Record::Idempotency(_) => false,
        };
        if worth_it {
            self.records.put(key, (version, record));
        } else {
            self.records.pop(&key);
        }
    }
}

/// Reads the database, and what is known of it already from memory.
pub struct Remembering<'a> {
    pub sql: &'a mut Sql,
    pub recent: &'a mut Recent,
}

impl Reader for Remembering<'_> {
    async fn get(&mut self, key: &Key) -> Result<Option<(Version, Arc<Record>)>, StoreError> {
        if let Some(known) = self.recent.records.get(key) {
            return Ok(Some(known.clone()));
        }
        let found = self.sql.get(key).await?;
        if let Some((version, record)) = &found {
            self.recent.keep(key.clone(), *version, record.clone());
        }
        Ok(found)
    }

    async fn any_due(&mut self, now: Timestamp, silent_since: Timestamp) -> Result<bool, StoreError> {
        self.sql.any_due(now, silent_since).await
    }

    async fn due_repos(&mut self, now: Timestamp, limit: usize) -> Result<Vec<RepoName>, StoreError> {
        self.sql.due_repos(now, limit).await
    }

    async fn due_tasks(
        &mut self,
        now: Timestamp,
        silent_since: Timestamp,
        limit: usize,
    ) -> Result<Vec<TaskId>, StoreError> {
        self.sql.due_tasks(now, silent_since, limit).await
    }

    async fn shelves(&mut self, skill: &str, wanted: &Wanted, limit: usize) -> Result<Vec<Shelf>, StoreError> {
        self.sql.shelves(skill, wanted, limit).await
    }

    async fn lanes(&mut self, shelf: &Shelf, limit: usize) -> Result<Vec<Lane>, StoreError> {
        self.sql.lanes(shelf, limit).await
    }

    async fn lane_head(
        &mut self,
        shelf: &Shelf,
        lane: &Lane,
        priority_max: u32,
        limit: usize,
    ) -> Result<Vec<Head>, StoreError> {
        self.sql.lane_head(shelf, lane, priority_max, limit).await
    }

    async fn ready(&mut self, limit: usize) -> Result<Vec<TaskId>, StoreError> {
        self.sql.ready(limit).await
    }

    async fn workers_seen_since(&mut self, since: Timestamp, limit: usize) -> Result<Vec<WorkerId>, StoreError> {
        self.sql.workers_seen_since(since, limit).await
    }
}
