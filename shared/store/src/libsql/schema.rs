//! The tables, and how a database from an earlier version becomes one of this version.
//!
//! A record's body is JSON; the columns beside it are what it is looked for by. `PRAGMA user_version` counts the steps that
//! a database has taken. Steps are only ever added.

use super::connection::Sql;
use crate::StoreError;

/// Each step is applied once, in order, in a transaction of its own.
pub const STEPS: &[&str] = &[RECORDS, LANES, DOMAIN, ORDERS, BOOKS, DAYS, FEWER_INDEXES];

const RECORDS: &str = "
CREATE TABLE workers (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  is_revoked INTEGER NOT NULL,
  holds INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX workers_by_last_seen ON workers (last_seen_at) WHERE is_revoked = 0;
CREATE INDEX workers_holding ON workers (last_seen_at) WHERE holds > 0;

CREATE TABLE repos (
  name TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  slots_used INTEGER NOT NULL,
  slots INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tasks (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  repo TEXT NOT NULL,
  state TEXT NOT NULL,
  class TEXT NOT NULL,
  area TEXT NOT NULL,
  priority INTEGER NOT NULL,
  ready_at INTEGER NOT NULL,
  holder TEXT,
  expires_at INTEGER,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX tasks_by_state ON tasks (state);
CREATE INDEX tasks_by_repo ON tasks (repo, state);
CREATE INDEX tasks_by_holder ON tasks (holder) WHERE holder IS NOT NULL;
CREATE INDEX tasks_by_end ON tasks (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX tasks_in_lane ON tasks (repo, class, area, priority DESC, ready_at) WHERE state = 'ready';
CREATE INDEX tasks_by_priority ON tasks (priority DESC, ready_at) WHERE state = 'ready';

CREATE TABLE areas (
  repo TEXT NOT NULL,
  area TEXT NOT NULL,
  version INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (repo, area)
) STRICT, WITHOUT ROWID;

CREATE TABLE task_keys (
  repo TEXT NOT NULL,
  key TEXT NOT NULL,
  version INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (repo, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency (
  key TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  at INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_age ON idempotency (at);

CREATE TABLE events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  subject TEXT NOT NULL,
  subject_seq INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX events_by_subject ON events (subject, subject_seq);
";

/// Where ready tasks waited, until they did so in memory.
const LANES: &str = "
CREATE TABLE lanes (
  repo TEXT NOT NULL,
  class TEXT NOT NULL,
  area TEXT NOT NULL,
  is_locked INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  ready_at INTEGER NOT NULL,
  PRIMARY KEY (repo, class, area)
) STRICT, WITHOUT ROWID;
CREATE INDEX lanes_in_order ON lanes (repo, class, is_locked, priority DESC, ready_at);
CREATE INDEX lanes_by_area ON lanes (repo, area);

CREATE TABLE shelves (
  repo TEXT NOT NULL,
  class TEXT NOT NULL,
  leading_skill TEXT NOT NULL,
  tier INTEGER NOT NULL,
  points INTEGER NOT NULL,
  is_open INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  ready_at INTEGER NOT NULL,
  served_at INTEGER NOT NULL,
  PRIMARY KEY (repo, class)
) STRICT, WITHOUT ROWID;
CREATE INDEX shelves_in_order
  ON shelves (leading_skill, is_open, priority DESC, served_at, ready_at, tier, points, class, repo);
";

/// What the clock decides is one column now, of tasks and of repositories; shelves are ordered by service and made anew.
const DOMAIN: &str = "
ALTER TABLE tasks RENAME COLUMN expires_at TO due_at;
ALTER TABLE repos ADD COLUMN due_at INTEGER;
CREATE INDEX repos_by_due ON repos (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE admissions (
  repo TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

DELETE FROM lanes;
DROP TABLE shelves;
CREATE TABLE shelves (
  repo TEXT NOT NULL,
  class TEXT NOT NULL,
  leading_skill TEXT NOT NULL,
  tier INTEGER NOT NULL,
  points INTEGER NOT NULL,
  is_security INTEGER NOT NULL,
  is_open INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  ready_at INTEGER NOT NULL,
  service INTEGER NOT NULL,
  PRIMARY KEY (repo, class)
) STRICT, WITHOUT ROWID;
CREATE INDEX shelves_in_order
  ON shelves (leading_skill, is_open, priority DESC, service, ready_at, tier, points, class, repo);
";

/// What waits and what is due is kept in memory now, and made at start from one index and a few columns. A commit from
/// elsewhere says through a view what it expects.
const ORDERS: &str = "
DROP TABLE lanes;
DROP TABLE shelves;
DROP INDEX tasks_in_lane;
CREATE INDEX tasks_in_lane ON tasks (repo, class, area, priority DESC, ready_at, id) WHERE state = 'ready';
DROP INDEX repos_by_due;

CREATE VIEW expectation AS SELECT 1 AS holds;
CREATE TRIGGER expectation_failed INSTEAD OF INSERT ON expectation WHEN NEW.holds <> 1
BEGIN SELECT RAISE(ABORT, 'a record is at another version'); END;

ALTER TABLE repos DROP COLUMN due_at;
";

/// Who counts as there, and what is kept about what happened.
const BOOKS: &str = "
ALTER TABLE workers ADD COLUMN is_online INTEGER NOT NULL DEFAULT 0;
CREATE INDEX workers_online ON workers (last_seen_at, id) WHERE is_online = 1;

CREATE TABLE books (
  name TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
";

/// Figures are kept for a time, and looked for by their day when it is over.
const DAYS: &str = "
ALTER TABLE books ADD COLUMN day INTEGER;
UPDATE books SET day = json_extract(body, '$.day.day') WHERE name LIKE 'day/%';
CREATE INDEX books_by_day ON books (day) WHERE day IS NOT NULL;
";

/// What every commit had to renew and nothing needs: the place of an event follows from its subject's version, and one index of
/// ready tasks serves those who look at the first of them and the start, which reads all.
const FEWER_INDEXES: &str = "
DROP INDEX events_by_subject;
DROP INDEX tasks_in_lane;
DROP INDEX tasks_by_priority;
CREATE INDEX tasks_by_priority ON tasks (priority DESC, ready_at, id, repo, class, area) WHERE state = 'ready';
";

/// Brings the database to this version. One from a later version is left alone.
pub async fn migrate(sql: &mut Sql) -> Result<(), StoreError> {
    take_steps(sql, str::to_owned).await
}

/// The same for a database on a server, whose parser does not know strict tables.
pub async fn migrate_on_server(sql: &mut Sql) -> Result<(), StoreError> {
    take_steps(sql, |step| step.replace(") STRICT, WITHOUT ROWID;", ") WITHOUT ROWID;").replace(") STRICT;", ");"))
        .await
}

async fn take_steps(sql: &mut Sql, phrase: impl Fn(&str) -> String) -> Result<(), StoreError> {
    let taken = version(sql).await?;
    if taken > STEPS.len() {
        let text = format!("the database is of a later version ({taken}) than this program knows ({})", STEPS.len());
        return Err(StoreError::Unavailable(text.into()));
    }
    for (index, step) in STEPS.iter().enumerate().skip(taken) {
        sql.transaction(&format!("{} PRAGMA user_version = {};", phrase(step), index + 1)).await?;
    }
    Ok(())
}

/// How many steps the database has taken.
pub async fn version(sql: &mut Sql) -> Result<usize, StoreError> {
    let taken = sql.rows_once("PRAGMA user_version", vec![], |row| row.get::<u32>(0)).await?;
    Ok(taken.first().copied().unwrap_or(0) as usize)
}
