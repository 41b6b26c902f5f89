//! The statements that write changes.

use super::connection::{Sql, number, text};
use crate::StoreError;
use libsql::Value;
use owp_logic::{Changes, Event, Expected, Key, Record, Snapshot, Task, Worker, Write};
use serde::Serialize;

pub struct Step {
    pub sql: &'static str,
    pub params: Vec<Value>,
    pub must: Must,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Must {
    /// Writes a record, unless it is at another version than expected; then it changes no row.
    ChangeOne,
    /// Asks whether a record that was only relied on is still at its version.
    Hold,
    Succeed,
}

/// `Ok(false)` where a record was not at the version expected; the transaction must then be rolled back.
///
/// The writer loads and applies inside one transaction, so checks of what was only read can't fail there and are not made;
/// those of what is written cost nothing.
pub async fn apply(sql: &mut Sql, snapshot: &Snapshot, changes: &Changes) -> Result<bool, StoreError> {
    for Step { sql: statement, params, must } in steps(snapshot, changes)? {
        if must == Must::Hold {
            continue;
        }
        let changed = sql.execute(statement, params).await?;
        if must == Must::ChangeOne && changed != 1 {
            return Ok(false);
        }
    }
    Ok(true)
}

pub fn steps(snapshot: &Snapshot, changes: &Changes) -> Result<Vec<Step>, StoreError> {
    let mut steps = Vec::with_capacity(changes.writes.len() + changes.events.len());
    for (key, (expected, write)) in &changes.writes {
        let old = snapshot.get(key).and_then(|(_, record)| record);
        steps.push(match write {
            Write::Check => check(key, *expected),
            Write::Put(record) => put(old, record, *expected)?,
            Write::Delete => delete(key, *expected),
        });
    }
    for event in &changes.events {
        steps.push(append(event)?);
    }
    Ok(steps)
}

fn check(key: &Key, expected: Expected) -> Step {
    let (sql, mut params) = match key {
        Key::Worker(id) => ("SELECT coalesce((SELECT version FROM workers WHERE id = ?1), 0) = ?2", vec![text(id)]),
        Key::Repo(name) => ("SELECT coalesce((SELECT version FROM repos WHERE name = ?1), 0) = ?2", vec![text(name)]),
        Key::Task(id) => ("SELECT coalesce((SELECT version FROM tasks WHERE id = ?1), 0) = ?2", vec![text(id)]),
        Key::Area(repo, area) => (
            "SELECT coalesce((SELECT version FROM areas WHERE repo = ?1 AND area = ?2), 0) = ?3",
            vec![text(repo), text(area)],
        ),
        Key::Admission(repo) => {
            ("SELECT coalesce((SELECT version FROM admissions WHERE repo = ?1), 0) = ?2", vec![text(repo)])
        }
        Key::TaskKey(repo, key) => (
            "SELECT coalesce((SELECT version FROM task_keys WHERE repo = ?1 AND key = ?2), 0) = ?3",
            vec![text(repo), text(key)],
        ),
        Key::Idempotency(key) => {
            ("SELECT coalesce((SELECT version FROM idempotency WHERE key = ?1), 0) = ?2", vec![text(key)])
        }
        Key::Book(name) => {
            ("SELECT coalesce((SELECT version FROM books WHERE name = ?1), 0) = ?2", vec![text(name.to_string())])
        }
    };
    params.push(number(expected));
    Step { sql, params, must: Must::Hold }
}

/// Where only the body differs from what is there, only the body is written: SQLite renews the entries of an index whenever
/// one of its columns is set, were it to the same value.
fn put(old: Option<&Record>, record: &Record, expected: Expected) -> Result<Step, StoreError> {
    let new = expected == 0;
    let (sql, mut params) = match record {
        Record::Worker(worker) => {
            let unmoved =
                old.and_then(Record::as_worker).is_some_and(|old| place_of_worker(old) == place_of_worker(worker));
            let mut columns = vec![text(&worker.id), body(worker)?];
            if !unmoved {
                columns.extend(place_of_worker(worker));
            }
            (
                if new {
                    INSERT_WORKER
                } else if unmoved {
                    UPDATE_WORKER_BODY
                } else {
                    UPDATE_WORKER
                },
                columns,
            )
        }
        Record::Task(task) => {
            let unmoved = old.and_then(Record::as_task).is_some_and(|old| place_of_task(old) == place_of_task(task));
            let mut columns = vec![text(&task.id), body(task)?];
            columns.extend(standing_of_task(task));
            if !unmoved {
                columns.extend(place_of_task(task));
            }
            (
                if new {
                    INSERT_TASK
                } else if unmoved {
                    UPDATE_TASK_STANDING
                } else {
                    UPDATE_TASK
                },
                columns,
            )
        }
        Record::Repo(repo) => {
            let slots = (number(repo.slots_used()), number(repo.max_open_prs));
            let columns = vec![text(&repo.name), body(repo)?, slots.0, slots.1];
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
        Record::Book(book) => {
            let mut columns = vec![text(book.name().to_string()), body(book)?];
            if new {
                columns.push(book.day().map_or(Value::Null, number));
            }
            (if new { INSERT_BOOK } else { UPDATE_BOOK }, columns)
        }
    };
    if !new {
        params.push(number(expected));
    }
    Ok(Step { sql, params, must: Must::ChangeOne })
}

// An insert of what is there already changes nothing, which is how a conflict shows; so does an update of another version,
// which is each update's last parameter.
const INSERT_WORKER: &str = "INSERT INTO workers (id, body, last_seen_at, is_revoked, holds, is_online, version)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1) ON CONFLICT DO NOTHING";
const UPDATE_WORKER: &str =
    "UPDATE workers SET body = ?2, last_seen_at = ?3, is_revoked = ?4, holds = ?5, is_online = ?6, version = version + 1
    WHERE id = ?1 AND version = ?7";
const UPDATE_WORKER_BODY: &str = "UPDATE workers SET body = ?2, version = version + 1 WHERE id = ?1 AND version = ?3";
const INSERT_TASK: &str = "INSERT INTO tasks
    (id, body, state, due_at, repo, class, area, priority, ready_at, holder, version)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 1) ON CONFLICT DO NOTHING";
const UPDATE_TASK: &str = "UPDATE tasks SET body = ?2, state = ?3, due_at = ?4, repo = ?5, class = ?6, area = ?7,
    priority = ?8, ready_at = ?9, holder = ?10, version = version + 1 WHERE id = ?1 AND version = ?11";
const UPDATE_TASK_STANDING: &str =
    "UPDATE tasks SET body = ?2, state = ?3, due_at = ?4, version = version + 1 WHERE id = ?1 AND version = ?5";
const INSERT_REPO: &str = "INSERT INTO repos (name, body, slots_used, slots, version)
    VALUES (?1, ?2, ?3, ?4, 1) ON CONFLICT DO NOTHING";
const UPDATE_REPO: &str = "UPDATE repos SET body = ?2, slots_used = ?3, slots = ?4, version = version + 1
    WHERE name = ?1 AND version = ?5";
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

const INSERT_BOOK: &str = "INSERT INTO books (name, body, day, version) VALUES (?1, ?2, ?3, 1) ON CONFLICT DO NOTHING";
const UPDATE_BOOK: &str = "UPDATE books SET body = ?2, version = version + 1 WHERE name = ?1 AND version = ?3";

/// What a worker is looked for by.
fn place_of_worker(worker: &Worker) -> [Value; 4] {
    [
        number(worker.last_seen_at.as_millis()),
        number(worker.revoked_at.is_some()),
        number(worker.leases_bound_to_presence() as u64),
        number(worker.online_since.is_some()),
    ]
}

/// What changes about a task with nearly every step.
fn standing_of_task(task: &Task) -> [Value; 2] {
    [text(task.state.to_string()), task.due_at().map_or(Value::Null, |at| number(at.as_millis()))]
}

/// What else a task is looked for by.
fn place_of_task(task: &Task) -> [Value; 6] {
    let holder = task.lease.as_ref().map_or(Value::Null, |lease| text(&lease.worker_id));
    [
        text(&task.repo),
        text(task.fit_class().to_string()),
        text(task.spec.area.as_deref().unwrap_or_default()),
        number(task.spec.priority),
        number(task.ready_at.as_millis()),
        holder,
    ]
}

fn delete(key: &Key, expected: Expected) -> Step {
    let (sql, params) = match key {
        Key::Area(repo, area) => (
            "DELETE FROM areas WHERE repo = ?1 AND area = ?2 AND version = ?3",
            vec![text(repo), text(area), number(expected)],
        ),
        _ => unreachable!("only area claims are ever deleted by a decision"),
    };
    Step { sql, params, must: Must::ChangeOne }
}

fn append(event: &Event) -> Result<Step, StoreError> {
    const APPEND: &str = "INSERT INTO events (subject, subject_seq, body) VALUES (?1, ?2, ?3)";
    let params = vec![text(event.subject.to_string()), number(event.subject_seq), body(event)?];
    Ok(Step { sql: APPEND, params, must: Must::Succeed })
}

fn body(record: &impl Serialize) -> Result<Value, StoreError> {
    serde_json::to_string(record).map(Value::Text).map_err(StoreError::Corrupt)
}
