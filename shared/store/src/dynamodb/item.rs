//! Records as items: the body is JSON, the attributes beside it are what it is looked for by.

use super::definition::{CLOCK, LISTS, OPEN, READY, READY_SUMMARY, REPO_TASKS, TABLE};
use super::directory::{LaneName, Ready};
use super::keys::{Address, PK, SK, number_key, priority_key, shard_of, time_key};
use crate::StoreError;
use aws_sdk_dynamodb::types::AttributeValue;
use owp_logic::idempotency::IdempotencyRecord;
use owp_logic::limits::FIGURES_KEPT_DAYS;
use owp_logic::{Book, Key, Record, Repo, Task, Version, Worker};
use owp_wire::{TaskState, Timestamp};
use serde::{Serialize, de::DeserializeOwned};
use std::collections::HashMap;

pub type Item = HashMap<String, AttributeValue>;

/// Counts the writes of a record.
pub const VERSION: &str = "v";
/// Which commit wrote the item. Never comes again, unlike a version after its record was deleted.
pub const COMMIT: &str = "k";
/// When in the order of cause and effect it was written; the module `log` says how.
pub const STAMP: &str = "c";
pub const BODY: &str = "body";

/// How long after its day an idempotency record is deleted, in seconds. Nothing depends on it: whether a record is honoured
/// is decided when it is read.
const IDEMPOTENCY_KEPT_S: u32 = 7 * 24 * 3600;

/// A record as it was read.
pub struct Loaded {
    pub version: Version,
    pub record: Record,
    pub stamp: u64,
}

/// What tells one write of an item from another.
#[derive(Clone, Copy)]
pub struct Written<'a> {
    pub version: Version,
    pub commit: &'a str,
    pub stamp: u64,
}

/// An item under construction.
pub struct Builder(Item);

impl Builder {
    pub fn at(address: &Address) -> Self {
        Self(HashMap::new()).text(PK, &address.pk).text(SK, &address.sk)
    }

    pub fn text(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.insert(name.to_owned(), AttributeValue::S(value.into()));
        self
    }

    pub fn number(mut self, name: &str, value: impl Into<i128>) -> Self {
        self.0.insert(name.to_owned(), AttributeValue::N(value.into().to_string()));
        self
    }

    pub fn json(self, name: &str, value: &impl Serialize) -> Result<Self, StoreError> {
        Ok(self.text(name, serde_json::to_string(value).map_err(StoreError::Corrupt)?))
    }

    /// Makes it appear in an index.
    fn indexed(self, index: &str, pk: impl Into<String>, sk: impl Into<String>) -> Self {
        let index = TABLE.index(index);
        self.text(index.pk, pk).text(index.sk, sk)
    }

    fn record(self, body: &impl Serialize, written: Written) -> Result<Self, StoreError> {
        self.number(VERSION, written.version).text(COMMIT, written.commit).number(STAMP, written.stamp).json(BODY, body)
    }

    pub fn build(self) -> Item {
        self.0
    }
}

/// Any record but a repository, which has a summary with it.
pub fn of_record(record: &Record, written: Written, shards: u32) -> Result<Item, StoreError> {
    let item = Builder::at(&Address::of(&record.key()));
    let item = match record {
        Record::Worker(worker) => of_worker(item.record(worker, written)?, worker, shards),
        Record::Task(task) => of_task(item.record(task, written)?, task, shards),
        Record::Repo(_) => unreachable!("a repository is written with its summary"),
        Record::Area(claim) => item.record(claim, written)?,
        Record::Admission(lists) => item.record(lists, written)?,
        Record::TaskKey(key) => item.record(key, written)?,
        Record::Book(book) => of_book(item.record(book, written)?, book),
        Record::Idempotency(call) => item.record(call, written)?.number(TABLE.ttl, deleted_at_s(call)),
    };
    Ok(item.build())
}

fn deleted_at_s(call: &IdempotencyRecord) -> i64 {
    call.at.plus_s(IDEMPOTENCY_KEPT_S).as_millis().div_euclid(1000)
}

/// Figures of a day go some time after they are of use, as everything that is given a time to live.
fn of_book(item: Builder, book: &Book) -> Builder {
    const DAY_S: i64 = 24 * 3600;
    match book.day() {
        Some(day) => item.number(TABLE.ttl, (day + i64::from(FIGURES_KEPT_DAYS) + 1) * DAY_S),
        None => item,
    }
}

fn of_worker(item: Builder, worker: &Worker, shards: u32) -> Builder {
    let id = &worker.id.0;
    let shard = shard_of(id, shards);
    let item = item.indexed(LISTS, list_partition(Listing::Workers, shard), id);
    let presence = if worker.leases_bound_to_presence() > 0 {
        Presence::Holding
    } else if worker.revoked_at.is_some() {
        return item;
    } else if worker.online_since.is_some() {
        Presence::Idle
    } else {
        Presence::Away
    };
    item.indexed(CLOCK, presence.partition(shard), format!("{}{id}", time_key(worker.last_seen_at)))
}

fn of_task(item: Builder, task: &Task, shards: u32) -> Builder {
    let id = &task.id.0;
    let shard = shard_of(id, shards);
    let mut item = item.indexed(LISTS, list_partition(Listing::Tasks, shard), id).indexed(
        REPO_TASKS,
        repo_tasks_partition(&task.repo.0),
        id,
    );
    if task.state == TaskState::Ready {
        let place = ready_key(task.spec.priority, task.ready_at, id);
        item = item.indexed(READY, LaneName::of(task).partition(), place);
    }
    if let Some(due_at) = task.due_at() {
        item = item.indexed(CLOCK, due_tasks_partition(shard), format!("{}{id}", time_key(due_at)));
    }
    item
}

/// A repository with what it has ready.
pub fn of_repo(repo: &Repo, ready: &Ready, written: Written, shards: u32) -> Result<Item, StoreError> {
    let name = &repo.name.0;
    let shard = shard_of(name, shards);
    let mut item = Builder::at(&Address::repo(&repo.name)).record(repo, written)?.indexed(LISTS, REPOS, name);
    if let Some(best) = ready.best() {
        item = item.json(READY_SUMMARY, ready)?.indexed(
            READY,
            ready_repos_partition(shard),
            format!("{}{name}", priority_key(best)),
        );
        if repo.is_open_for(false) || repo.is_open_for(true) {
            item = item.indexed(OPEN, open_partition(shard), format!("{}{name}", number_key(repo.service)));
        }
    }
    if let Some(at) = repo.gate.changes_at {
        item = item.indexed(CLOCK, DUE_REPOS, format!("{}{name}", time_key(at)));
    }
    Ok(item.build())
}

/// In a lane: priority, then age.
pub fn ready_key(priority: u32, ready_at: Timestamp, id: &str) -> String {
    format!("{}{}{id}", priority_key(priority), time_key(ready_at))
}

/// Repositories are few and change their place in these partitions seldom.
pub const REPOS: &str = "repos";
pub const DUE_REPOS: &str = "due_repos";

#[derive(Clone, Copy)]
pub enum Listing {
    Tasks,
    Workers,
}

pub fn list_partition(listing: Listing, shard: u32) -> String {
    match listing {
        Listing::Tasks => format!("tasks#{shard}"),
        Listing::Workers => format!("workers#{shard}"),
    }
}

pub fn repo_tasks_partition(repo: &str) -> String {
    format!("tasks#{repo}")
}

pub fn due_tasks_partition(shard: u32) -> String {
    format!("due_tasks#{shard}")
}

pub fn ready_repos_partition(shard: u32) -> String {
    format!("ready_repos#{shard}")
}

pub fn open_partition(shard: u32) -> String {
    format!("open#{shard}")
}

/// Whether silence would end something, and whether it was noticed.
#[derive(Clone, Copy)]
pub enum Presence {
    Holding,
    Idle,
    /// Does not count as there.
    Away,
}

impl Presence {
    pub fn partition(self, shard: u32) -> String {
        match self {
            Self::Holding => format!("holding#{shard}"),
            Self::Idle => format!("idle#{shard}"),
            Self::Away => format!("away#{shard}"),
        }
    }
}

pub fn read_record(key: &Key, item: &Item) -> Result<Loaded, StoreError> {
    let body = text(item, BODY)?;
    let record = match key {
        Key::Worker(_) => Record::Worker(parse(body)?),
        Key::Repo(_) => Record::Repo(parse(body)?),
        Key::Task(_) => Record::Task(parse(body)?),
        Key::Area(..) => Record::Area(parse(body)?),
        Key::Admission(_) => Record::Admission(parse(body)?),
        Key::TaskKey(..) => Record::TaskKey(parse(body)?),
        Key::Idempotency(_) => Record::Idempotency(parse(body)?),
        Key::Book(_) => Record::Book(parse(body)?),
    };
    Ok(Loaded { version: number(item, VERSION)?, record, stamp: number(item, STAMP)? })
}

pub fn parse<T: DeserializeOwned>(body: &str) -> Result<T, StoreError> {
    serde_json::from_str(body).map_err(StoreError::Corrupt)
}

pub fn text<'a>(item: &'a Item, name: &str) -> Result<&'a str, StoreError> {
    let found = item.get(name).and_then(|value| value.as_s().ok());
    found.map(String::as_str).ok_or_else(|| lacking(name))
}

pub fn number(item: &Item, name: &str) -> Result<u64, StoreError> {
    let found = item.get(name).and_then(|value| value.as_n().ok());
    found.and_then(|number| number.parse().ok()).ok_or_else(|| lacking(name))
}

pub fn lacking(name: &str) -> StoreError {
    StoreError::Corrupt(serde::de::Error::custom(format!("an item has no fitting attribute `{name}`")))
}
