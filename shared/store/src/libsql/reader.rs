//! The reads that loading a scope takes.

use super::connection::{Sql, number, text};
use crate::{Head, Lane, Reader, Shelf, StoreError};
use libsql::Row;
use owp_logic::{FitClass, Key, Record, Version, Wanted, Worker};
use owp_wire::{RepoName, TaskId, Timestamp, WorkerId};
use serde::de::DeserializeOwned;
use std::sync::Arc;

impl Reader for Sql {
    async fn get(&mut self, key: &Key) -> Result<Option<(Version, Arc<Record>)>, StoreError> {
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
        };
        let mut found = self.rows(statement, params, |row| Ok((row.get::<Version>(0)?, row.get::<String>(1)?))).await?;
        let Some((version, body)) = found.pop() else { return Ok(None) };
        let record = match key {
            Key::Worker(_) => Record::Worker(parse(&body)?),
            Key::Repo(_) => Record::Repo(parse(&body)?),
            Key::Task(_) => Record::Task(parse(&body)?),
            Key::Area(..) => Record::Area(parse(&body)?),
            Key::Admission(_) => Record::Admission(parse(&body)?),
            Key::TaskKey(..) => Record::TaskKey(parse(&body)?),
            Key::Idempotency(_) => Record::Idempotency(parse(&body)?),
        };
        Ok(Some((version, record.into())))
    }

    async fn any_due(&mut self, now: Timestamp, silent_since: Timestamp) -> Result<bool, StoreError> {
        const ANY: &str = "SELECT EXISTS (SELECT 1 FROM tasks WHERE due_at <= ?1)
            OR EXISTS (SELECT 1 FROM repos WHERE due_at <= ?1)
            OR EXISTS (SELECT 1 FROM workers WHERE holds > 0 AND last_seen_at <= ?2)";
        let params = vec![number(now.as_millis()), number(silent_since.as_millis())];
        let found = self.rows(ANY, params, |row| row.get::<bool>(0)).await?;
        Ok(found == [true])
    }

    async fn due_repos(&mut self, now: Timestamp, limit: usize) -> Result<Vec<RepoName>, StoreError> {
        const DUE: &str = "SELECT name FROM repos WHERE due_at <= ?1 ORDER BY due_at, name";
        self.first_rows(DUE, vec![number(now.as_millis())], limit, |row| Ok(Some(RepoName(row.get(0)?)))).await
    }

    async fn due_tasks(
        &mut self,
        now: Timestamp,
        silent_since: Timestamp,
        limit: usize,
    ) -> Result<Vec<TaskId>, StoreError> {
        const DUE: &str = "SELECT id FROM tasks WHERE due_at <= ?1 ORDER BY due_at, id";
        let params = vec![number(now.as_millis())];
        let mut found = self.first_rows(DUE, params, limit, |row| task_id(row).map(Some)).await?;
        const SILENT: &str = "SELECT body FROM workers WHERE holds > 0 AND last_seen_at <= ?1
            ORDER BY last_seen_at, id";
        let params = vec![number(silent_since.as_millis())];
        let silent = self.first_rows(SILENT, params, limit, |row| row.get::<String>(0).map(Some)).await?;
        for body in silent {
            let worker: Worker = parse(&body)?;
            let mut abandoned: Vec<TaskId> =
                worker.held.into_iter().filter(|held| !held.may_be_silent).map(|held| held.task_id).collect();
            abandoned.sort();
            abandoned.retain(|id| !found.contains(id));
            found.extend(abandoned);
        }
        found.truncate(limit);
        Ok(found)
    }

    async fn shelves(&mut self, skill: &str, wanted: &Wanted, limit: usize) -> Result<Vec<Shelf>, StoreError> {
        // Without a limit of its own: shelves that ask for further skills must not use it up.
        const SHELVES: &str = "SELECT repo, class, priority, service, ready_at FROM shelves INDEXED BY shelves_in_order
            WHERE leading_skill = ?1 AND is_open = 1 AND tier <= ?2 AND points <= ?3
            ORDER BY priority DESC, service, ready_at";
        let params = vec![text(skill), number(wanted.tier_max), number(wanted.points_max)];
        let has_all = |shelf: &Shelf| shelf.class.skills.iter().all(|skill| wanted.skills.contains(skill));
        self.first_rows(SHELVES, params, limit, |row| shelf(row).map(|shelf| Some(shelf).filter(has_all))).await
    }

    async fn lanes(&mut self, shelf: &Shelf, limit: usize) -> Result<Vec<Lane>, StoreError> {
        const LANES: &str = "SELECT area, priority, ready_at FROM lanes INDEXED BY lanes_in_order
            WHERE repo = ?1 AND class = ?2 AND is_locked = 0 ORDER BY priority DESC, ready_at";
        let params = vec![text(&shelf.repo), text(shelf.class.to_string())];
        let lane = |row: &Row| {
            let area = Some(row.get::<String>(0)?).filter(|area| !area.is_empty());
            Ok(Some(Lane { area, priority: row.get(1)?, ready_at: Timestamp::from_millis(row.get(2)?) }))
        };
        self.first_rows(LANES, params, limit, lane).await
    }

    async fn lane_head(
        &mut self,
        shelf: &Shelf,
        lane: &Lane,
        priority_max: u32,
        limit: usize,
    ) -> Result<Vec<Head>, StoreError> {
        const HEAD: &str = "SELECT id, priority, ready_at FROM tasks INDEXED BY tasks_in_lane
            WHERE state = 'ready' AND repo = ?1 AND class = ?2 AND area = ?3 AND priority <= ?4
            ORDER BY priority DESC, ready_at";
        let area = lane.area.as_deref().unwrap_or_default();
        let params = vec![text(&shelf.repo), text(shelf.class.to_string()), text(area), number(priority_max)];
        let head = |row: &Row| {
            let (priority, ready_at) = (row.get(1)?, Timestamp::from_millis(row.get(2)?));
            Ok(Some(Head { id: task_id(row)?, priority, ready_at }))
        };
        self.first_rows(HEAD, params, limit, head).await
    }

    async fn ready(&mut self, limit: usize) -> Result<Vec<TaskId>, StoreError> {
        const READY: &str = "SELECT id FROM tasks INDEXED BY tasks_by_priority
            WHERE state = 'ready' ORDER BY priority DESC, ready_at LIMIT ?1";
        self.rows(READY, vec![number(limit as u64)], task_id).await
    }

    async fn workers_seen_since(&mut self, since: Timestamp, limit: usize) -> Result<Vec<WorkerId>, StoreError> {
        const SEEN: &str = "SELECT id FROM workers WHERE is_revoked = 0 AND last_seen_at > ?1
            ORDER BY last_seen_at DESC LIMIT ?2";
        let params = vec![number(since.as_millis()), number(limit as u64)];
        self.rows(SEEN, params, |row| Ok(WorkerId(row.get(0)?))).await
    }
}

fn task_id(row: &Row) -> Result<TaskId, libsql::Error> {
    Ok(TaskId(row.get(0)?))
}

fn shelf(row: &Row) -> Result<Shelf, libsql::Error> {
    let class: String = row.get(1)?;
    Ok(Shelf {
        repo: RepoName(row.get(0)?),
        class: class.parse::<FitClass>().expect("a class that this store wrote"),
        priority: row.get(2)?,
        service: row.get(3)?,
        ready_at: Timestamp::from_millis(row.get(4)?),
    })
}

pub fn parse<T: DeserializeOwned>(body: &str) -> Result<T, StoreError> {
    serde_json::from_str(body).map_err(StoreError::Corrupt)
}
