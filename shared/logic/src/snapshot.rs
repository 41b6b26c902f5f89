//! What a decision is shown: the records of one scope, each with its version.

use crate::idempotency::IdempotencyRecord;
use crate::record::{Admission, AreaClaim, Book, BookName, Repo, Task, Worker};
use crate::rules::Rules;
use owp_wire::{RepoName, TaskId, Timestamp, WorkMode, WorkerId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// Names a record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    Worker(WorkerId),
    Repo(RepoName),
    Task(TaskId),
    Area(RepoName, String),
    /// Who may work on this repository.
    Admission(RepoName),
    /// Which task has this key in this repository.
    TaskKey(RepoName, String),
    /// An idempotency key, with whom it belongs to and what it was used for.
    Idempotency(String),
    /// What is kept about what happened.
    Book(BookName),
}

#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "most records are tasks and workers, the large ones")]
pub enum Record {
    Worker(Worker),
    Repo(Repo),
    Task(Task),
    Area(AreaClaim),
    Admission(Admission),
    TaskKey(TaskKeyRecord),
    Idempotency(IdempotencyRecord),
    Book(Book),
}

/// Names the task that is known by something in its repository: see [`crate::naming`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskKeyRecord {
    pub repo: RepoName,
    pub key: String,
    pub task_id: TaskId,
}

impl Record {
    pub fn key(&self) -> Key {
        match self {
            Self::Worker(worker) => Key::Worker(worker.id.clone()),
            Self::Repo(repo) => Key::Repo(repo.name.clone()),
            Self::Task(task) => Key::Task(task.id.clone()),
            Self::Area(claim) => Key::Area(claim.repo.clone(), claim.area.clone()),
            Self::Admission(admission) => Key::Admission(admission.repo.clone()),
            Self::TaskKey(record) => Key::TaskKey(record.repo.clone(), record.key.clone()),
            Self::Idempotency(record) => Key::Idempotency(record.key.clone()),
            Self::Book(book) => Key::Book(book.name()),
        }
    }

    pub fn as_worker(&self) -> Option<&Worker> {
        if let Self::Worker(worker) = self { Some(worker) } else { None }
    }

    pub fn as_repo(&self) -> Option<&Repo> {
        if let Self::Repo(repo) = self { Some(repo) } else { None }
    }

    pub fn as_task(&self) -> Option<&Task> {
        if let Self::Task(task) = self { Some(task) } else { None }
    }

    pub fn as_admission(&self) -> Option<&Admission> {
        if let Self::Admission(lists) = self { Some(lists) } else { None }
    }

    pub fn as_book(&self) -> Option<&Book> {
        if let Self::Book(book) = self { Some(book) } else { None }
    }

    pub fn as_idempotency(&self) -> Option<&IdempotencyRecord> {
        if let Self::Idempotency(record) = self { Some(record) } else { None }
    }
}

impl fmt::Display for TaskRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => f.write_str(&id.0),
            Self::Key(repo, key) => write!(f, "{key}@{}", repo.0),
        }
    }
}

/// Counts the writes of a record; 0 where there is none.
pub type Version = u64;

/// What an operation needs to see before it decides.
#[derive(Clone, Debug, PartialEq)]
pub enum Need {
    Record(Key),
    /// The task with its repo, its area's claim, and who holds it or is offered it.
    Task(TaskId),
    /// The same, with the tasks it depends on, those that depend on it, and whoever may be judged by what
    /// becomes of it.
    TaskFamily(TaskId),
    /// The task that is known by this name in its repository, if there is one, with those it depends on.
    TaskByKey(RepoName, String),
    /// The task and, through any number of steps, those that it depends on, as far as the limit goes. A key is here what the
    /// task is known by.
    Dependencies(TaskRef),
    /// The worker and the tasks that it holds, is offered or has in review.
    Worker(WorkerId),
    /// The worker and everything it holds or is offered with repo and area, to end it all.
    WorkerWithHeld(WorkerId),
    /// Up to so many ready tasks most worth giving to this worker, with their repos, admission lists and area claims.
    WorkFor {
        worker_id: WorkerId,
        limit: usize,
        /// Only where the worker is of this mode.
        mode: Option<WorkMode>,
        now: Timestamp,
        rules: Rules,
    },
    /// Whether the clock has changed something that is not settled: a lease, an offer, a review or a repository's gate;
    /// or a worker with leases is silent since `silent_since`.
    AnyDue {
        now: Timestamp,
        silent_since: Timestamp,
    },
    /// Some of what is due, with its surroundings, and workers that count as there and were not heard of after
    /// `absent_since`.
    Due {
        now: Timestamp,
        silent_since: Timestamp,
        absent_since: Timestamp,
    },
    /// Ready tasks of highest priority, with their repos, admission lists and area claims.
    ReadySample,
    /// Workers heard of since then.
    WorkersSeenSince(Timestamp),
}

pub type Scope = Vec<Need>;

/// How a maintainer names a task.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TaskRef {
    Id(TaskId),
    /// By the maintainer's own key in this repository.
    Key(RepoName, String),
}

/// Records with their versions, and what the scope's queries found. Records are shared, because most are only looked at.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    records: BTreeMap<Key, (Version, Option<Arc<Record>>)>,
    /// [`Need::WorkFor`]: best first.
    pub candidates: Vec<TaskId>,
    /// [`Need::WorkFor`]: there are shelves that were not read.
    pub search_cut_short: bool,
    /// [`Need::WorkFor`]: a repository that would be next if it were not for those of the candidates, and its service.
    pub rival: Option<(RepoName, u64)>,
    /// [`Need::AnyDue`]
    pub any_due: bool,
    /// [`Need::Due`]
    pub due: Vec<TaskId>,
    /// [`Need::Due`]: repositories whose gate the clock has moved.
    pub due_repos: Vec<RepoName>,
    /// [`Need::Due`]: workers that count as there and are not.
    pub absent: Vec<WorkerId>,
    /// [`Need::ReadySample`]: highest priority first.
    pub ready_sample: Vec<TaskId>,
    /// [`Need::WorkersSeenSince`]
    pub workers_seen: Vec<WorkerId>,
    /// Whether a sample left something out.
    pub sample_truncated: bool,
}

impl Snapshot {
    /// Adds what was found under a key: a record, or that there is none.
    pub fn insert(&mut self, key: Key, found: Option<(Version, Arc<Record>)>) {
        let entry = match found {
            Some((version, record)) => (version, Some(record)),
            None => (0, None),
        };
        self.records.insert(key, entry);
    }

    pub fn contains(&self, key: &Key) -> bool {
        self.records.contains_key(key)
    }

    /// `None` where the scope did not ask for the key; version 0 where it did and there is no such record.
    pub fn get(&self, key: &Key) -> Option<(Version, Option<&Record>)> {
        self.records.get(key).map(|(version, record)| (*version, record.as_deref()))
    }

    /// The record, to be held on to.
    pub fn shared(&self, key: &Key) -> Option<Arc<Record>> {
        self.records.get(key).and_then(|(_, record)| record.clone())
    }

    /// The records that there are.
    pub fn records(&self) -> impl Iterator<Item = (&Key, Version, &Record)> {
        self.records.iter().filter_map(|(key, (version, record))| Some((key, *version, record.as_deref()?)))
    }
}
