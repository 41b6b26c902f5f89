//! Writes changes inside the transaction that is open.

use super::connection::{Sql, number, text};
use super::lanes::{Touched, area_column, refresh};
use crate::StoreError;
use libsql::Value;
use owp_logic::{Changes, Event, Expected, Key, Record, Snapshot, Task, Worker, Write};
use serde::Serialize;

/// `Ok(false)` where a record was not at the version expected; the transaction must then be rolled back.
///
/// The writer loads and applies inside one transaction, so checks of what was only read can't fail there and are not made;
/// those of what is written cost nothing.
pub async fn apply(sql: &mut Sql, snapshot: &Snapshot, changes: &Changes) -> Result<bool, StoreError> {
    let mut touched = Touched::default();
    for (key, (expected, write)) in &changes.writes {
        let old = snapshot.get(key).and_then(|(_, record)| record);
        let applied = match write {
            Write::Check => true,
            Write::Put(record) => {
                note(&mut touched, old, record);
                put(sql, record, *expected).await?
            }
            Write::Delete => {
                if let Key::Area(repo, area) = key {
                    touched.area(repo, area, None);
                }
                delete(sql, key, *expected).await?
            }
        };
        if !applied {
            return Ok(false);
        }
    }
    for event in &changes.events {
        append(sql, event).await?;
    }
    refresh(sql, touched).await?;
    Ok(true)
}

fn note(touched: &mut Touched, old: Option<&Record>, new: &Record) {
    match (old, new) {
        (Some(Record::Task(old)), Record::Task(new)) => touched.task(Some(old), new),
        (_, Record::Task(new)) => touched.task(None, new),
        (Some(Record::Repo(old)), Record::Repo(new)) => touched.repo(Some(old), new),
        (_, Record::Repo(new)) => touched.repo(None, new),
        (_, Record::Area(claim)) => touched.area(&claim.repo, &claim.area, Some(claim)),
        _ => {}
    }
}

async fn put(sql: &mut Sql, record: &Record, expected: Expected) -> Result<bool, StoreError> {
    let new = expected == 0;
    let (statement, mut params) = match record {
        Record::Worker(worker) => (if new { INSERT_WORKER } else { UPDATE_WORKER }, worker_columns(worker)?),
        Record::Task(task) => (if new { INSERT_TASK } else { UPDATE_TASK }, task_columns(task)?),
        Record::Repo(repo) => {
            let due_at = repo.gate.changes_at.map_or(Value::Null, |at| number(at.as_millis()));
            let slots = (number(repo.slots_used()), number(repo.max_open_prs));
            let columns = vec![text(&repo.name), body(repo)?, slots.0, slots.1, due_at];
            (if new { INSERT_REPO } else { UPDATE_REPO }, columns)
        }
        Record::Area(claim) => {
            let columns = vec![text(&claim.repo), body(claim)?, text(&claim.area)];
            (if new { INSERT_AREA } else { UPDATE_AREA }, columns)
        }
        Record::Admission(lists) => {
            let columns = vec![text(&lists.repo), body(lists)?];
            (if new { INSERT_ADMISSION } else { UPDATE_ADMISSION }, columns)
        }
        Record::TaskKey(key) => {
            let columns = vec![text(&key.repo), body(key)?, text(&key.key)];
            (if new { INSERT_KEY } else { UPDATE_KEY }, columns)
        }
        Record::Idempotency(call) => {
            let columns = vec![text(&call.key), body(call)?, number(call.at.as_millis())];
            (if new { INSERT_CALL } else { UPDATE_CALL }, columns)
        }
    };
    if !new {
        params.push(number(expected));
    }
    Ok(sql.execute(statement, params).await? == 1)
}

// An insert of what is there already changes nothing, which is how a conflict shows; so does an update of another version,
// which is each update's last parameter.
const INSERT_WORKER: &str = "INSERT INTO workers (id, body, last_seen_at, is_revoked, holds, version)
    VALUES (?1, ?2, ?3, ?4, ?5, 1) ON CONFLICT DO NOTHING";
const UPDATE_WORKER: &str =
    "UPDATE workers SET body = ?2, last_seen_at = ?3, is_revoked = ?4, holds = ?5, version = version + 1
    WHERE id = ?1 AND version = ?6";
const INSERT_TASK: &str = "INSERT INTO tasks
    (id, body, repo, state, class, area, priority, ready_at, holder, due_at, version)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 1) ON CONFLICT DO NOTHING";
const UPDATE_TASK: &str = "UPDATE tasks SET body = ?2, repo = ?3, state = ?4, class = ?5, area = ?6, priority = ?7,
    ready_at = ?8, holder = ?9, due_at = ?10, version = version + 1 WHERE id = ?1 AND version = ?11";
const INSERT_REPO: &str = "INSERT INTO repos (name, body, slots_used, slots, due_at, version)
    VALUES (?1, ?2, ?3, ?4, ?5, 1) ON CONFLICT DO NOTHING";
const UPDATE_REPO: &str = "UPDATE repos SET body = ?2, slots_used = ?3, slots = ?4, due_at = ?5, version = version + 1
    WHERE name = ?1 AND version = ?6";
const INSERT_AREA: &str = "INSERT INTO areas (repo, body, area, version) VALUES (?1, ?2, ?3, 1) ON CONFLICT DO NOTHING";
const UPDATE_AREA: &str =
    "UPDATE areas SET body = ?2, version = version + 1 WHERE repo = ?1 AND area = ?3 AND version = ?4";
const INSERT_ADMISSION: &str = "INSERT INTO admissions (repo, body, version) VALUES (?1, ?2, 1) ON CONFLICT DO NOTHING";
const UPDATE_ADMISSION: &str =
    "UPDATE admissions SET body = ?2, version = version + 1 WHERE repo = ?1 AND version = ?3";
const INSERT_KEY: &str =
    "INSERT INTO task_keys (repo, body, key, version) VALUES (?1, ?2, ?3, 1) ON CONFLICT DO NOTHING";
const UPDATE_KEY: &str =
    "UPDATE task_keys SET body = ?2, version = version + 1 WHERE repo = ?1 AND key = ?3 AND version = ?4";
const INSERT_CALL: &str =
    "INSERT INTO idempotency (key, body, at, version) VALUES (?1, ?2, ?3, 1) ON CONFLICT DO NOTHING";
const UPDATE_CALL: &str =
    "UPDATE idempotency SET body = ?2, at = ?3, version = version + 1 WHERE key = ?1 AND version = ?4";

fn worker_columns(worker: &Worker) -> Result<Vec<Value>, StoreError> {
    Ok(vec![
        text(&worker.id),
        body(worker)?,
        number(worker.last_seen_at.as_millis()),
        number(worker.revoked_at.is_some()),
        number(worker.leases_bound_to_presence() as u64),
    ])
}

fn task_columns(task: &Task) -> Result<Vec<Value>, StoreError> {
    let lease = task.lease.as_ref();
    Ok(vec![
        text(&task.id),
        body(task)?,
        text(&task.repo),
        text(task.state.to_string()),
        text(task.fit_class().to_string()),
        text(area_column(task)),
        number(task.spec.priority),
        number(task.ready_at.as_millis()),
        lease.map_or(Value::Null, |lease| text(&lease.worker_id)),
        task.due_at().map_or(Value::Null, |at| number(at.as_millis())),
    ])
}

async fn delete(sql: &mut Sql, key: &Key, expected: Expected) -> Result<bool, StoreError> {
    let (statement, params) = match key {
        Key::Area(repo, area) => (
            "DELETE FROM areas WHERE repo = ?1 AND area = ?2 AND version = ?3",
            vec![text(repo), text(area), number(expected)],
        ),
        _ => unreachable!("only area claims are ever deleted by a decision"),
    };
    Ok(sql.execute(statement, params).await? == 1)
}

async fn append(sql: &mut Sql, event: &Event) -> Result<(), StoreError> {
    const APPEND: &str = "INSERT INTO events (subject, subject_seq, body) VALUES (?1, ?2, ?3)";
    let params = vec![text(event.subject.to_string()), number(event.subject_seq), body(event)?];
    sql.execute(APPEND, params).await.map(drop)
}

fn body(record: &impl Serialize) -> Result<Value, StoreError> {
    serde_json::to_string(record).map(Value::Text).map_err(StoreError::Corrupt)
}
