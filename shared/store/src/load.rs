//! Turns a scope into a snapshot, over the few reads that every store offers.
//!
//! Ready tasks wait on *shelves*: a shelf holds the tasks of one repository that ask the same of a worker (tier, points,
//! skills). It is open while the repository has budget. Its *lanes* split it by area; a lane is locked while its area is
//! taken. A search looks only at open shelves and unlocked lanes, so tasks that can't be given cost nothing.

use crate::StoreError;
use owp_logic::limits::{EXPLAIN_TASKS_MAX, EXPLAIN_WORKERS_MAX, SETTLE_MAX};
use owp_logic::snapshot::TaskKeyRecord;
use owp_logic::{FitClass, Key, Need, Record, Scope, Snapshot, Task, Version, Wanted, Worker};
use owp_wire::{RepoName, TaskId, Timestamp, WorkerId};

/// An open shelf with at least one task in an unlocked lane.
#[derive(Clone, Debug, PartialEq)]
pub struct Shelf {
    pub repo: RepoName,
    pub class: FitClass,
    /// Of the best task in an unlocked lane.
    pub priority: u32,
    pub ready_at: Timestamp,
    /// When the repository was last served, as known when the shelf was last touched.
    pub served_at: Timestamp,
}

/// An unlocked lane of a shelf; no area where its tasks name none.
#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    pub area: Option<String>,
    pub priority: u32,
    pub ready_at: Timestamp,
}

/// A ready task at the head of a lane.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    pub id: TaskId,
    pub priority: u32,
    pub ready_at: Timestamp,
}

/// What a store can be asked while it holds still.
#[allow(async_fn_in_trait, reason = "only used inside this crate, with types known")]
pub trait Reader {
    async fn get(&mut self, key: &Key) -> Result<Option<(Version, Record)>, StoreError>;
    async fn any_dead_lease(&mut self, now: Timestamp, silent_since: Timestamp) -> Result<bool, StoreError>;
    /// Those whose time is up, then those of workers gone silent; each the longest dead first.
    async fn dead_leases(
        &mut self,
        now: Timestamp,
        silent_since: Timestamp,
        limit: usize,
    ) -> Result<Vec<TaskId>, StoreError>;
    /// Open shelves with this leading skill (empty for none) that ask for nothing beyond what is wanted: best priority
    /// first, then served longest ago, then oldest.
    async fn shelves(&mut self, skill: &str, wanted: &Wanted, limit: usize) -> Result<Vec<Shelf>, StoreError>;
    /// Unlocked lanes, best first.
    async fn lanes(&mut self, shelf: &Shelf, limit: usize) -> Result<Vec<Lane>, StoreError>;
    /// The first tasks of a lane.
    async fn lane_head(&mut self, shelf: &Shelf, lane: &Lane, limit: usize) -> Result<Vec<Head>, StoreError>;
    /// Ready tasks, highest priority first.
    async fn ready(&mut self, limit: usize) -> Result<Vec<TaskId>, StoreError>;
    /// Workers that are not revoked, heard of last first.
    async fn workers_seen_since(&mut self, since: Timestamp, limit: usize) -> Result<Vec<WorkerId>, StoreError>;
}

pub async fn load<R: Reader>(reader: &mut R, scope: &Scope) -> Result<Snapshot, StoreError> {
    let mut loading = Loading { reader, snapshot: Snapshot::default() };
    for need in scope {
        loading.need(need).await?;
    }
    Ok(loading.snapshot)
}

pub struct Loading<'a, R> {
    pub reader: &'a mut R,
    pub snapshot: Snapshot,
}

impl<R: Reader> Loading<'_, R> {
    async fn need(&mut self, need: &Need) -> Result<(), StoreError> {
        match need {
            Need::Record(key) => self.record(key.clone()).await,
            Need::Task(id) => {
                if let Some(task) = self.surroundings(id).await?
                    && let Some(lease) = task.lease
                {
                    self.record(Key::Worker(lease.worker_id)).await?;
                }
                Ok(())
            }
            Need::TaskByKey(repo, key) => self.task_by_key(repo, key).await,
            Need::Worker(id) => {
                let Some(worker) = self.worker(id).await? else { return Ok(()) };
                for task_id in worker.held.iter().map(|held| &held.task_id).chain(&worker.in_review) {
                    if let Some(task) = self.task(task_id).await? {
                        self.record(Key::Repo(task.repo)).await?;
                    }
                }
                Ok(())
            }
            Need::WorkerWithHeld(id) => {
                let Some(worker) = self.worker(id).await? else { return Ok(()) };
                for held in &worker.held {
                    self.surroundings(&held.task_id).await?;
                }
                Ok(())
            }
            Need::WorkFor { worker_id, limit } => {
                if let Some(wanted) = self.worker(worker_id).await?.and_then(|worker| worker.wanted()) {
                    self.snapshot.candidates = self.search(&wanted, *limit).await?;
                }
                Ok(())
            }
            Need::AnyDeadLease { now, silent_since } => {
                self.snapshot.any_dead_lease = self.reader.any_dead_lease(*now, *silent_since).await?;
                Ok(())
            }
            Need::DeadLeases { now, silent_since } => {
                for id in self.reader.dead_leases(*now, *silent_since, SETTLE_MAX).await? {
                    if let Some(task) = self.surroundings(&id).await?
                        && let Some(lease) = task.lease
                    {
                        self.record(Key::Worker(lease.worker_id)).await?;
                        self.snapshot.dead.push(id);
                    }
                }
                Ok(())
            }
            Need::ReadySample => {
                let mut ids = self.reader.ready(EXPLAIN_TASKS_MAX + 1).await?;
                self.snapshot.sample_truncated = ids.len() > EXPLAIN_TASKS_MAX;
                ids.truncate(EXPLAIN_TASKS_MAX);
                for id in &ids {
                    self.surroundings(id).await?;
                }
                self.snapshot.ready_sample = ids;
                Ok(())
            }
            Need::WorkersSeenSince(since) => {
                let mut ids = self.reader.workers_seen_since(*since, EXPLAIN_WORKERS_MAX + 1).await?;
                self.snapshot.sample_truncated = ids.len() > EXPLAIN_WORKERS_MAX;
                ids.truncate(EXPLAIN_WORKERS_MAX);
                for id in &ids {
                    self.record(Key::Worker(id.clone())).await?;
                }
                self.snapshot.workers_seen = ids;
                Ok(())
            }
        }
    }

    pub async fn record(&mut self, key: Key) -> Result<(), StoreError> {
        if !self.snapshot.contains(&key) {
            let found = self.reader.get(&key).await?;
            self.snapshot.insert(key, found);
        }
        Ok(())
    }

    async fn task(&mut self, id: &TaskId) -> Result<Option<Task>, StoreError> {
        let key = Key::Task(id.clone());
        self.record(key.clone()).await?;
        Ok(match self.snapshot.get(&key) {
            Some((_, Some(Record::Task(task)))) => Some(task.clone()),
            _ => None,
        })
    }

    async fn worker(&mut self, id: &WorkerId) -> Result<Option<Worker>, StoreError> {
        let key = Key::Worker(id.clone());
        self.record(key.clone()).await?;
        Ok(match self.snapshot.get(&key) {
            Some((_, Some(Record::Worker(worker)))) => Some(worker.clone()),
            _ => None,
        })
    }

    /// The task with its repo and its area's claim.
    pub async fn surroundings(&mut self, id: &TaskId) -> Result<Option<Task>, StoreError> {
        let Some(task) = self.task(id).await? else { return Ok(None) };
        self.record(Key::Repo(task.repo.clone())).await?;
        if let Some(area) = &task.spec.area {
            self.record(Key::Area(task.repo.clone(), area.clone())).await?;
        }
        Ok(Some(task))
    }

    async fn task_by_key(&mut self, repo: &RepoName, key: &str) -> Result<(), StoreError> {
        let record_key = Key::TaskKey(repo.clone(), key.to_owned());
        self.record(record_key.clone()).await?;
        if let Some((_, Some(Record::TaskKey(TaskKeyRecord { task_id, .. })))) = self.snapshot.get(&record_key) {
            let task_id = task_id.clone();
            self.record(Key::Task(task_id)).await?;
        }
        Ok(())
    }
}
