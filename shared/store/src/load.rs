//! Turns a scope into a snapshot, over the few reads that every store offers.
//!
//! Ready tasks wait on *shelves*: a shelf holds the tasks of one repository that ask the same of a worker (tier, points,
//! skills). It is open while the repository has budget. Its *lanes* split it by area; a lane is locked while its area is
//! taken. A search looks only at open shelves and unlocked lanes, so tasks that can't be given cost nothing.

use crate::StoreError;
use owp_logic::limits::{EXPLAIN_TASKS_MAX, EXPLAIN_WORKERS_MAX, LANE_HEAD_MAX, LANES_MAX, SETTLE_MAX, SHELVES_MAX};
use owp_logic::snapshot::TaskKeyRecord;
use owp_logic::{FitClass, Key, Need, Record, Scope, Snapshot, Task, Version, Wanted, Worker};
use owp_wire::{RepoName, TaskId, Timestamp, WorkerId};
use std::cmp::Reverse;

/// An open shelf with at least one task in an unlocked lane.
#[derive(Clone, Debug, PartialEq)]
pub struct Shelf {
    pub repo: RepoName,
    pub class: FitClass,
    /// Of the best task in an unlocked lane.
    pub priority: u32,
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

/// What a store can be asked while it holds still.
#[allow(async_fn_in_trait, reason = "only used inside this crate, with types known")]
pub trait Reader {
    async fn get(&mut self, key: &Key) -> Result<Option<(Version, Record)>, StoreError>;
    async fn any_dead_lease(&mut self, now: Timestamp, silent_since: Timestamp) -> Result<bool, StoreError>;
    async fn dead_leases(
        &mut self,
        now: Timestamp,
        silent_since: Timestamp,
        limit: usize,
    ) -> Result<Vec<TaskId>, StoreError>;
    /// Open shelves with this leading skill (empty for none), best priority first, then served longest ago.
    async fn shelves(&mut self, skill: &str, wanted: &Wanted, limit: usize) -> Result<Vec<Shelf>, StoreError>;
    /// Unlocked lanes, best first.
    async fn lanes(&mut self, shelf: &Shelf, limit: usize) -> Result<Vec<Lane>, StoreError>;
    /// The first tasks of a lane.
    async fn lane_head(&mut self, shelf: &Shelf, lane: &Lane, limit: usize) -> Result<Vec<TaskId>, StoreError>;
    /// Ready tasks, highest priority first.
    async fn ready(&mut self, limit: usize) -> Result<Vec<TaskId>, StoreError>;
    async fn workers_seen_since(&mut self, since: Timestamp, limit: usize) -> Result<Vec<WorkerId>, StoreError>;
}

pub async fn load<R: Reader>(reader: &mut R, scope: &Scope) -> Result<Snapshot, StoreError> {
    let mut loading = Loading { reader, snapshot: Snapshot::default() };
    for need in scope {
        loading.need(need).await?;
    }
    Ok(loading.snapshot)
}

struct Loading<'a, R> {
    reader: &'a mut R,
    snapshot: Snapshot,
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
            Need::WorkFor { worker_id, limit } => self.work_for(worker_id, *limit).await,
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

    async fn record(&mut self, key: Key) -> Result<(), StoreError> {
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
    async fn surroundings(&mut self, id: &TaskId) -> Result<Option<Task>, StoreError> {
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

    /// At most `limit` candidates, from the best shelves. The order in which they are given is decided later; this only
    /// has to bring the ones that can come first.
    async fn work_for(&mut self, worker_id: &WorkerId, limit: usize) -> Result<(), StoreError> {
        let Some(wanted) = self.worker(worker_id).await?.and_then(|worker| worker.wanted()) else { return Ok(()) };
        let mut shelves = self.shelves(&wanted).await?;
        shelves.sort_by_key(|shelf| (Reverse(shelf.priority), shelf.served_at));
        self.sort_first_by_repo(&mut shelves, limit).await?;
        let mut found = Vec::new();
        for shelf in &shelves {
            if found.len() >= limit {
                break;
            }
            self.from_shelf(shelf, wanted.tasks_max, limit, &mut found).await?;
        }
        self.snapshot.candidates = found;
        Ok(())
    }

    async fn shelves(&mut self, wanted: &Wanted) -> Result<Vec<Shelf>, StoreError> {
        let mut shelves = self.reader.shelves("", wanted, SHELVES_MAX).await?;
        for skill in &wanted.skills {
            shelves.extend(self.reader.shelves(skill, wanted, SHELVES_MAX).await?);
        }
        Ok(shelves)
    }

    /// A shelf knows when its repository was served only as of its own last change, so the first ones are put in order by
    /// the repositories' own records.
    async fn sort_first_by_repo(&mut self, shelves: &mut [Shelf], count: usize) -> Result<(), StoreError> {
        let count = count.min(shelves.len());
        for shelf in &mut shelves[..count] {
            let key = Key::Repo(shelf.repo.clone());
            self.record(key.clone()).await?;
            if let Some((_, Some(Record::Repo(repo)))) = self.snapshot.get(&key) {
                shelf.served_at = repo.last_granted_at;
            }
        }
        shelves[..count].sort_by_key(|shelf| (Reverse(shelf.priority), shelf.served_at));
        Ok(())
    }

    async fn from_shelf(
        &mut self,
        shelf: &Shelf,
        tasks_max: usize,
        limit: usize,
        found: &mut Vec<TaskId>,
    ) -> Result<(), StoreError> {
        // One more than can be given, for a task that the worker has just handed back; a wider search takes more.
        let per_lane = (tasks_max + 1).max(limit / 4).min(LANE_HEAD_MAX);
        for lane in self.reader.lanes(shelf, LANES_MAX).await? {
            for id in self.reader.lane_head(shelf, &lane, per_lane).await? {
                if found.len() < limit {
                    self.surroundings(&id).await?;
                    found.push(id);
                }
            }
        }
        Ok(())
    }
}
