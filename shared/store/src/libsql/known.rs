//! What the writer knows without asking the database: the orders of tasks, and the records it met lately. A worker, its
//! tasks and their repositories are met again with every call; reading and parsing them, and keeping the orders in tables,
//! was the larger part of a decision's cost.
//!
//! Never the authority: what is written says which version it replaces, and the database refuses another one. Made anew
//! whenever somebody else has written, or a transaction was given up.

use super::connection::Sql;
use super::reader::parse;
use crate::StoreError;
use crate::orders::{Orders, Place};
use libsql::Row;
use lru::LruCache;
use owp_logic::{AreaClaim, Changes, FitClass, Key, Record, Repo, Snapshot, Version, Write};
use owp_wire::{RepoName, TaskId, Timestamp, WorkerId};
use std::cmp::Reverse;
use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard};

/// Records kept: what a few thousand busy workers touch. At a kilobyte or two each that is some megabytes.
const RECORDS_MAX: NonZeroUsize = NonZeroUsize::new(4096).expect("more than none");

/// Tasks with longer descriptions are read anew each time, so that memory stays bounded.
const DESCRIPTION_MAX: usize = 4096;

/// The orders, which those who only look share. They may be a transaction ahead of the database.
pub type SharedOrders = Arc<Mutex<Orders>>;

pub fn locked(orders: &Mutex<Orders>) -> MutexGuard<'_, Orders> {
    orders.lock().expect("nothing panics while it holds this")
}

pub struct Known {
    pub orders: SharedOrders,
    pub recent: Recent,
    /// Of the database, when this was made; none where it has to be made anew.
    data_version: Option<i64>,
}

impl Known {
    pub fn new(orders: SharedOrders) -> Self {
        Self { orders, recent: Recent::new(), data_version: None }
    }

    /// At the begin of a transaction: makes it all anew where another connection has written since the last one.
    pub async fn catch_up(&mut self, sql: &mut Sql) -> Result<(), StoreError> {
        let found = sql.rows("PRAGMA data_version", vec![], |row| row.get::<i64>(0)).await?.first().copied();
        if self.data_version.is_none() || self.data_version != found {
            self.recent.clear();
            let orders = read_orders(sql).await?;
            *locked(&self.orders) = orders;
            self.data_version = found;
        }
        Ok(())
    }

    pub fn forget(&mut self) {
        self.data_version = None;
    }

    /// Takes over what was just written.
    pub fn take_over(&mut self, snapshot: &Snapshot, changes: Changes) {
        locked(&self.orders).follow(snapshot, &changes);
        for (key, (expected, write)) in changes.writes {
            match write {
                Write::Check => {}
                Write::Put(record) => self.recent.write(key, Some((expected + 1, Arc::from(record)))),
                Write::Delete => self.recent.write(key, None),
            }
        }
    }
}

/// A record with its version, or that there is none.
type Found = Option<(Version, Arc<Record>)>;

/// The records met last.
pub struct Recent {
    met: LruCache<Key, (Version, Arc<Record>)>,
    /// What was written and can't be read yet, where it is committed elsewhere.
    written: Option<HashMap<Key, Found>>,
}

impl Recent {
    fn new() -> Self {
        Self { met: LruCache::new(RECORDS_MAX), written: None }
    }

    /// From now on, everything written is kept until it is settled.
    pub fn keep_what_is_written(&mut self) {
        self.written = Some(HashMap::new());
    }

    /// What was written can be read now.
    pub fn settle(&mut self) {
        self.written.iter_mut().for_each(HashMap::clear);
    }

    pub fn clear(&mut self) {
        self.met.clear();
        self.settle();
    }

    /// `None` where nothing is known.
    pub fn get(&mut self, key: &Key) -> Option<Found> {
        if let Some(written) = self.written.as_ref().and_then(|written| written.get(key)) {
            return Some(written.clone());
        }
        self.met.get(key).cloned().map(Some)
    }

    fn write(&mut self, key: Key, found: Found) {
        if let Some(written) = &mut self.written {
            written.insert(key.clone(), found.clone());
        }
        match found {
            Some((version, record)) => self.keep(key, version, record),
            None => drop(self.met.pop(&key)),
        }
    }

    pub fn keep(&mut self, key: Key, version: Version, record: Arc<Record>) {
        let worth_it = match record.as_ref() {
            Record::Worker(_) | Record::Repo(_) | Record::Area(_) | Record::Admission(_) => true,
            Record::Task(task) => task.spec.description.len() <= DESCRIPTION_MAX,
            Record::TaskKey(_) | Record::Idempotency(_) | Record::Book(_) => false,
        };
        if worth_it {
            self.met.put(key, (version, record));
        } else {
            self.met.pop(&key);
        }
    }
}

/// The orders of everything that is stored. Ready tasks come from an index that has all that is needed of them.
pub async fn read_orders(sql: &mut Sql) -> Result<Orders, StoreError> {
    let mut orders = Orders::default();
    for body in sql.rows("SELECT body FROM repos", vec![], |row| row.get::<String>(0)).await? {
        let repo: Repo = parse(&body)?;
        orders.waiting.repo(Some(&repo));
        orders.clocks.repo(None, Some(&repo));
    }
    for body in sql.rows("SELECT body FROM areas", vec![], |row| row.get::<String>(0)).await? {
        let claim: AreaClaim = parse(&body)?;
        orders.waiting.area(&claim.repo, &claim.area, true);
    }
    fill_lanes(sql, &mut orders).await?;
    const DUE: &str = "SELECT due_at, id FROM tasks WHERE due_at IS NOT NULL";
    let clocks = &mut orders.clocks;
    let due_task = |row: &Row| {
        clocks.due_task(time(row, 0)?, TaskId(row.get(1)?));
        Ok(())
    };
    sql.rows(DUE, vec![], due_task).await?;
    const HOLDERS: &str = "SELECT last_seen_at, id FROM workers WHERE holds > 0";
    let holder = |row: &Row| {
        clocks.holder(time(row, 0)?, WorkerId(row.get(1)?));
        Ok(())
    };
    sql.rows(HOLDERS, vec![], holder).await?;
    const ONLINE: &str = "SELECT last_seen_at, id FROM workers WHERE is_online = 1";
    let online = |row: &Row| {
        clocks.online(time(row, 0)?, WorkerId(row.get(1)?));
        Ok(())
    };
    sql.rows(ONLINE, vec![], online).await?;
    Ok(orders)
}

async fn fill_lanes(sql: &mut Sql, orders: &mut Orders) -> Result<(), StoreError> {
    const READY: &str = "SELECT repo, class, area, priority, ready_at, id FROM tasks INDEXED BY tasks_by_priority
        WHERE state = 'ready'";
    let mut lanes: HashMap<(String, String, String), Vec<Place>> = HashMap::new();
    let read = |row: &Row| {
        let lane = lanes.entry((row.get(0)?, row.get(1)?, row.get(2)?)).or_default();
        lane.push(((Reverse(row.get(3)?), time(row, 4)?), TaskId(row.get(5)?)));
        Ok(())
    };
    sql.rows(READY, vec![], read).await?;
    for ((repo, class, area), places) in lanes {
        let class: FitClass = class.parse().expect("a class that this store wrote");
        let area = Some(area).filter(|area| !area.is_empty());
        orders.waiting.lane(&RepoName(repo), &class, area, places.into_iter().collect());
    }
    Ok(())
}

fn time(row: &Row, column: i32) -> Result<Timestamp, libsql::Error> {
    row.get(column).map(Timestamp::from_millis)
}
