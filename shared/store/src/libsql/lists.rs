//! Lists, counts and events.

use super::connection::{Sql, number, text};
use super::reader::parse;
use super::writer::Stale;
use crate::{BATCH_MAX, Counts, Cursor, Listed, Page, StoreError, TaskFilter, WorkerFilter};
use libsql::{Row, Value};
use owp_logic::limits::IDEMPOTENCY_TTL_S;
use owp_logic::{Event, Repo, Task, Worker, first_day_kept};
use owp_wire::Timestamp;
use serde::de::DeserializeOwned;

impl Sql {
    /// What has a column is filtered by the database, the rest here, over a bounded number of rows.
    pub async fn list_tasks(&mut self, filter: &TaskFilter, page: &Page) -> Result<Listed<Task>, StoreError> {
        let mut query = Query::new("SELECT seq, body FROM tasks", page)?;
        query.and("repo", filter.repo.as_ref().map(text));
        query.and("state", filter.state.map(|state| text(state.to_string())));
        query.and("holder", filter.worker_id.as_ref().map(text));
        query.and("area", filter.area.as_ref().map(text));
        query.page(self, page, |task| filter.admits(task)).await
    }

    pub async fn list_workers(&mut self, filter: &WorkerFilter, page: &Page) -> Result<Listed<Worker>, StoreError> {
        let query = Query::new("SELECT seq, body FROM workers", page)?;
        let admits = |worker: &Worker| {
            filter
                .online
                .is_none_or(|(online, since)| (worker.revoked_at.is_none() && worker.last_seen_at > since) == online)
        };
        query.page(self, page, admits).await
    }

    pub async fn list_repos(&mut self, page: &Page) -> Result<Listed<Repo>, StoreError> {
        const REPOS: &str = "SELECT body FROM repos WHERE name > ?1 ORDER BY name LIMIT ?2";
        let params = vec![text(page.after.as_deref().unwrap_or_default()), number(page.limit as u64 + 1)];
        let mut repos = self
            .rows(REPOS, params, body)
            .await?
            .iter()
            .map(|body| parse::<Repo>(body))
            .collect::<Result<Vec<_>, _>>()?;
        let more = repos.len() > page.limit;
        repos.truncate(page.limit);
        let next = repos.last().filter(|_| more).map(|repo| repo.name.0.clone());
        Ok(Listed { items: repos, next })
    }

    pub async fn counts(&mut self, online_since: Timestamp) -> Result<Counts, StoreError> {
        const POOL: &str = "SELECT
            (SELECT count(*) FROM workers WHERE is_revoked = 0 AND last_seen_at > ?1),
            (SELECT count(*) FROM workers), (SELECT count(*) FROM repos),
            (SELECT coalesce(sum(slots_used), 0) FROM repos), (SELECT coalesce(sum(slots), 0) FROM repos)";
        let pool = |row: &Row| {
            Ok(Counts {
                workers_online: count(row, 0)?,
                workers_total: count(row, 1)?,
                repos_total: count(row, 2)?,
                slots_used: row.get(3)?,
                slots_total: row.get(4)?,
                ..Counts::default()
            })
        };
        let mut counts = self.rows(POOL, vec![number(online_since.as_millis())], pool).await?.remove(0);
        const STATES: &str = "SELECT state, count(*) FROM tasks INDEXED BY tasks_by_state GROUP BY state";
        let states = self.rows(STATES, vec![], |row| Ok((row.get::<String>(0)?, count(row, 1)?))).await?;
        counts.tasks = states
            .into_iter()
            .map(|(state, count)| (state.parse().expect("a state that this store wrote"), count))
            .collect();
        Ok(counts)
    }

    pub async fn events(
        &mut self,
        after: Option<u64>,
        until: u64,
        limit: usize,
    ) -> Result<Vec<(Cursor, Event)>, StoreError> {
        if let Some(after) = after {
            const FIRST: &str = "SELECT coalesce((SELECT min(seq) FROM events),
                (SELECT seq + 1 FROM sqlite_sequence WHERE name = 'events'), 1)";
            let first = self.rows(FIRST, vec![], |row| row.get::<i64>(0)).await?;
            if first.first().is_some_and(|first| after.saturating_add(1) < first.cast_unsigned()) {
                return Err(StoreError::CursorGone);
            }
        }
        const EVENTS: &str = "SELECT seq, body FROM events WHERE seq > ?1 AND seq <= ?2 ORDER BY seq LIMIT ?3";
        let params = vec![number(after.unwrap_or(0)), number(until), number(limit as u64)];
        let rows = self.rows(EVENTS, params, seq_and_body).await?;
        rows.into_iter().map(|(seq, body)| Ok((Cursor::from(seq.cast_unsigned()), parse(&body)?))).collect()
    }

    pub async fn events_back(&mut self, until: u64, limit: usize) -> Result<Vec<(Cursor, Event)>, StoreError> {
        const BACK: &str = "SELECT seq, body FROM events WHERE seq <= ?1 ORDER BY seq DESC LIMIT ?2";
        let rows = self.rows(BACK, vec![number(until), number(limit as u64)], seq_and_body).await?;
        rows.into_iter().map(|(seq, body)| Ok((Cursor::from((seq - 1).cast_unsigned()), parse(&body)?))).collect()
    }

    pub async fn latest(&mut self) -> Result<Cursor, StoreError> {
        const LATEST: &str = "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'events'), 0)";
        let found = self.rows(LATEST, vec![], |row| row.get::<i64>(0)).await?;
        Ok(Cursor::from(found.first().copied().unwrap_or_default().cast_unsigned()))
    }

    pub async fn prune(&mut self, stale: Stale) -> Result<usize, StoreError> {
        const CALLS: &str = "DELETE FROM idempotency WHERE key IN
            (SELECT key FROM idempotency WHERE at <= ?1 ORDER BY at LIMIT ?2)";
        const EVENTS: &str =
            "DELETE FROM events WHERE seq IN (SELECT seq FROM events WHERE seq <= ?1 ORDER BY seq LIMIT ?2)";
        const DAYS: &str =
            "DELETE FROM books WHERE name IN (SELECT name FROM books WHERE day < ?1 ORDER BY day LIMIT ?2)";
        let most = || number(BATCH_MAX as u64);
        match stale {
            Stale::Past(now) => {
                let calls = number(now.minus_s(IDEMPOTENCY_TTL_S).as_millis());
                let calls = self.execute(CALLS, vec![calls, most()]).await?;
                Ok(calls + self.execute(DAYS, vec![number(first_day_kept(now)), most()]).await?)
            }
            Stale::Events(until) => self.execute(EVENTS, vec![number(until), most()]).await,
        }
    }
}

/// A list by `seq`, newest first; the cursor is the `seq` of the last row looked at.
struct Query {
    sql: String,
    params: Vec<Value>,
}

impl Query {
    fn new(select: &str, page: &Page) -> Result<Self, StoreError> {
        let before: i64 = match &page.after {
            Some(after) => after.parse().map_err(|_| StoreError::BadCursor)?,
            None => i64::MAX,
        };
        Ok(Self { sql: format!("{select} WHERE seq < ?1"), params: vec![Value::Integer(before)] })
    }

    fn and(&mut self, column: &str, value: Option<Value>) {
        if let Some(value) = value {
            self.params.push(value);
            self.sql.push_str(&format!(" AND {column} = ?{}", self.params.len()));
        }
    }

    async fn page<T: DeserializeOwned>(
        mut self,
        sql: &mut Sql,
        page: &Page,
        admits: impl Fn(&T) -> bool,
    ) -> Result<Listed<T>, StoreError> {
        let scanned_max = BATCH_MAX.max(page.limit + 1);
        self.sql.push_str(&format!(" ORDER BY seq DESC LIMIT {scanned_max}"));
        let rows = sql.rows_once(&self.sql, self.params, seq_and_body).await?;
        let mut items = Vec::new();
        let mut last = None;
        for (seq, body) in &rows {
            if items.len() == page.limit {
                return Ok(Listed { items, next: last });
            }
            let item: T = parse(body)?;
            if admits(&item) {
                items.push(item);
            }
            last = Some(seq.to_string());
        }
        Ok(Listed { items, next: last.filter(|_| rows.len() == scanned_max) })
    }
}

fn body(row: &Row) -> Result<String, libsql::Error> {
    row.get(0)
}

fn seq_and_body(row: &Row) -> Result<(i64, String), libsql::Error> {
    Ok((row.get(0)?, row.get(1)?))
}

fn count(row: &Row, column: i32) -> Result<usize, libsql::Error> {
    row.get::<u64>(column).map(|count| usize::try_from(count).unwrap_or(usize::MAX))
}
