//! What a decision is shown: the records of one scope, each with its version.

use crate::idempotency::IdempotencyRecord;
use crate::record::{AreaClaim, Repo, Task, Worker};
use owp_wire::{RepoName, TaskId, Timestamp, WorkerId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Names a record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    Worker(WorkerId),
    Repo(RepoName),
    Task(TaskId),
    Area(RepoName, String),
    /// Which task has this key in this repository.
    TaskKey(RepoName, String),
    /// An idempotency key, with whom it belongs to and what it was used for.
    Idempotency(String),
}

#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "most records are tasks and workers, the large ones")]
pub enum Record {
    Worker(Worker),
    Repo(Repo),
    Task(Task),
    Area(AreaClaim),
    TaskKey(TaskKeyRecord),
    Idempotency(IdempotencyRecord),
}

/// Names the task that a maintainer's own key stands for.
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
            Self::TaskKey(record) => Key::TaskKey(record.repo.clone(), record.key.clone()),
            Self::Idempotency(record) => Key::Idempotency(record.key.clone()),
        }
    }
}

/// Counts the writes of a record; 0 where there is none.
pub type Version = u64;

/// What an operation needs to see before it decides.
#[derive(Clone, Debug, PartialEq)]
pub enum Need {
    Record(Key),
    /// The task with its repo, its area's claim and its holder.
    Task(TaskId),
    /// The task behind a maintainer's own key, if there is one, with its repo.
    TaskByKey(RepoName, String),
    /// The worker and the tasks that it holds or has in review.
    Worker(WorkerId),
    /// The worker and everything it holds with repo and area, to end it all.
    WorkerWithHeld(WorkerId),
    /// Up to so many ready tasks most worth giving to this worker, with their repos and area claims.
    WorkFor {
        worker_id: WorkerId,
        limit: usize,
    },
    /// Whether a lease is dead at `now`, or held by a worker silent since `silent_since`.
    AnyDeadLease {
        now: Timestamp,
        silent_since: Timestamp,
    },
    /// Some of those leases' tasks with their surroundings.
    DeadLeases {
        now: Timestamp,
        silent_since: Timestamp,
    },
    /// Ready tasks of highest priority, with their repos and area claims.
    ReadySample,
    /// Workers heard of since then.
    WorkersSeenSince(Timestamp),
}

pub type Scope = Vec<Need>;

/// Records with their versions, and what the scope's queries found.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    records: BTreeMap<Key, (Version, Option<Record>)>,
    /// [`Need::WorkFor`]: best first.
    pub candidates: Vec<TaskId>,
    /// [`Need::AnyDeadLease`]
    pub any_dead_lease: bool,
    /// [`Need::DeadLeases`]
    pub dead: Vec<TaskId>,
    /// [`Need::ReadySample`]: highest priority first.
    pub ready_sample: Vec<TaskId>,
    /// [`Need::WorkersSeenSince`]
    pub workers_seen: Vec<WorkerId>,
    /// Whether a sample left something out.
    pub sample_truncated: bool,
}

impl Snapshot {
    /// Adds what was found under a key: a record, or that there is none.
    pub fn insert(&mut self, key: Key, found: Option<(Version, Record)>) {
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
        self.records.get(key).map(|(version, record)| (*version, record.as_ref()))
    }
}
