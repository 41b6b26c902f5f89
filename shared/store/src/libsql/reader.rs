//! The reads that loading a scope takes: records from the database, where they wait and when they are due from memory.

use super::connection::{Sql, number, text};
use super::known::{Recent, locked};
use crate::orders::Orders;
use crate::{Head, Lane, Reader, Shelf, StoreError};
use libsql::Row;
use owp_logic::{Key, Record, Version, Wanted};
use owp_wire::{RepoName, TaskId, Timestamp, WorkerId};
use serde::de::DeserializeOwned;
use std::sync::{Arc, Mutex};

pub struct View<'a> {
    pub sql: &'a mut Sql,
    pub orders: &'a Mutex<Orders>,
    /// What the writer need not read; nothing for those who only look.
    pub recent: Option<&'a mut Recent>,
}

impl Reader for View<'_> {
    async fn get(&mut self, key: &Key) -> Result<Option<(Version, Arc<Record>)>, StoreError> {
        let Some(recent) = self.recent.as_mut() else { return read(self.sql, key).await };
        if let Some(known) = recent.get(key) {
            return Ok(known);
        }
        let found = read(self.sql, key).await?;
        if let Some((version, record)) = &found {
            recent.keep(key.clone(), *version, record.clone());
        }
        Ok(found)
    }

    async fn any_due(&mut self, now: Timestamp, silent_since: Timestamp) -> Result<bool, StoreError> {
        Ok(locked(self.orders).clocks.any_due(now, silent_since))
    }

    async fn due_repos(&mut self, now: Timestamp, limit: usize) -> Result<Vec<RepoName>, StoreError> {
        Ok(locked(self.orders).clocks.due_repos(now).take(limit).cloned().collect())
    }

    async fn due_tasks(&mut self, now: Timestamp, limit: usize) -> Result<Vec<TaskId>, StoreError> {
        Ok(locked(self.orders).clocks.due_tasks(now).take(limit).cloned().collect())
    }

    async fn silent(&mut self, since: Timestamp, limit: usize) -> Result<Vec<WorkerId>, StoreError> {
        Ok(locked(self.orders).clocks.silent(since).take(limit).cloned().collect())
    }

    async fn absent(&mut self, since: Timestamp, limit: usize) -> Result<Vec<WorkerId>, StoreError> {
        Ok(locked(self.orders).clocks.absent(since).take(limit).cloned().collect())
    }

    async fn shelves(&mut self, skill: &str, wanted: &Wanted, limit: usize) -> Result<Vec<Shelf>, StoreError> {
        Ok(locked(self.orders).waiting.shelves(skill, wanted, limit))
    }

    async fn lanes(&mut self, shelf: &Shelf, limit: usize) -> Result<Vec<Lane>, StoreError> {
        Ok(locked(self.orders).waiting.lanes(shelf, limit))
    }

    async fn lane_head(
        &mut self,
        shelf: &Shelf,
        lane: &Lane,
        priority_max: u32,
        limit: usize,
    ) -> Result<Vec<Head>, StoreError> {
        Ok(locked(self.orders).waiting.lane_head(shelf, lane, priority_max, limit))
    }

    async fn ready(&mut self, limit: usize) -> Result<Vec<TaskId>, StoreError> {
        const READY: &str = "SELECT id FROM tasks INDEXED BY tasks_by_priority
            WHERE state = 'ready' ORDER BY priority DESC, ready_at LIMIT ?1";
        self.sql.rows(READY, vec![number(limit as u64)], task_id).await
    }

    async fn workers_seen_since(&mut self, since: Timestamp, limit: usize) -> Result<Vec<WorkerId>, StoreError> {
        const SEEN: &str = "SELECT id FROM workers WHERE is_revoked = 0 AND last_seen_at > ?1
            ORDER BY last_seen_at DESC LIMIT ?2";
        let params = vec![number(since.as_millis()), number(limit as u64)];
        self.sql.rows(SEEN, params, |row| Ok(WorkerId(row.get(0)?))).await
    }
}

async fn read(sql: &mut Sql, key: &Key) -> Result<Option<(Version, Arc<Record>)>, StoreError> {
    let (statement, params) = match key {
        Key::Worker(id) => ("SELECT version, body FROM workers WHERE id = ?1", vec![text(id)]),
        Key::Repo(name) => ("SELECT version, body FROM repos WHERE name = ?1", vec![text(name)]),
        Key::Task(id) => ("SELECT version, body FROM tasks WHERE id = ?1", vec![text(id)]),
        Key::Area(repo, area) => {
            ("SELECT version, body FROM areas WHERE repo = ?1 AND area = ?2", vec![text(repo), text(area)])
        }
        Key::Admission(repo) => ("SELECT version, body FROM admissions WHERE repo = ?1", vec![text(repo)]),
        Key::TaskKey(repo, key) => {
            ("SELECT version, body FROM task_keys WHERE repo = ?1 AND key = ?2", vec![text(repo), text(key)])
        }
        Key::Idempotency(key) => ("SELECT version, body FROM idempotency WHERE key = ?1", vec![text(key)]),
        Key::Book(name) => ("SELECT version, body FROM books WHERE name = ?1", vec![text(name.to_string())]),
    };
    let mut found = sql.rows(statement, params, |row| Ok((row.get::<Version>(0)?, row.get::<String>(1)?))).await?;
    let Some((version, body)) = found.pop() else { return Ok(None) };
    let record = match key {
        Key::Worker(_) => Record::Worker(parse(&body)?),
        Key::Repo(_) => Record::Repo(parse(&body)?),
        Key::Task(_) => Record::Task(parse(&body)?),
        Key::Area(..) => Record::Area(parse(&body)?),
        Key::Admission(_) => Record::Admission(parse(&body)?),
        Key::TaskKey(..) => Record::TaskKey(parse(&body)?),
        Key::Idempotency(_) => Record::Idempotency(parse(&body)?),
        Key::Book(_) => Record::Book(parse(&body)?),
    };
    Ok(Some((version, record.into())))
}

fn task_id(row: &Row) -> Result<TaskId, libsql::Error> {
    Ok(TaskId(row.get(0)?))
}

pub fn parse<T: DeserializeOwned>(body: &str) -> Result<T, StoreError> {
    serde_json::from_str(body).map_err(StoreError::Corrupt)
}
