//! Turns a scope into a snapshot, over the few reads that every store offers.
//!
//! Ready tasks wait on *shelves*: a shelf holds the tasks of one repository that ask the same of a worker (tier, points,
//! skills, security). It is open while the repository has budget for such tasks and its gate is open. Its *lanes* split it
//! by area; a lane is locked while its area is taken. A search looks only at open shelves and unlocked lanes, so tasks that
//! can't be given cost nothing.

use crate::StoreError;
use owp_logic::fit::Seeker;
use owp_logic::limits::{DEPENDENCIES_FOLLOWED_MAX, EXPLAIN_TASKS_MAX, EXPLAIN_WORKERS_MAX, SETTLE_MAX};
use owp_logic::snapshot::TaskKeyRecord;
use owp_logic::{FitClass, Key, Need, Record, Scope, Snapshot, TaskRef, Version, Wanted, Worker};
use owp_wire::{AttemptOutcome, RepoName, TaskId, Timestamp, WorkerId};
use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

/// An open shelf with at least one task in an unlocked lane.
#[derive(Clone, Debug, PartialEq)]
pub struct Shelf {
    pub repo: RepoName,
    pub class: FitClass,
    /// Of the best task in an unlocked lane.
    pub priority: u32,
    pub ready_at: Timestamp,
    /// What its repository was given so far, as known when the shelf was last touched.
    pub service: u64,
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
    async fn get(&mut self, key: &Key) -> Result<Option<(Version, Arc<Record>)>, StoreError>;
    /// These will be asked for next. A store for which each read is a journey reads them in one.
    async fn expect(&mut self, _keys: Vec<Key>) -> Result<(), StoreError> {
        Ok(())
    }
    /// Whether a task or a repository's gate is due, or a worker with leases bound to its presence is silent.
    async fn any_due(&mut self, now: Timestamp, silent_since: Timestamp) -> Result<bool, StoreError>;
    /// Repositories whose gate the clock has moved, the longest ago first.
    async fn due_repos(&mut self, now: Timestamp, limit: usize) -> Result<Vec<RepoName>, StoreError>;
    /// Tasks whose own time has come, the longest ago first.
    async fn due_tasks(&mut self, now: Timestamp, limit: usize) -> Result<Vec<TaskId>, StoreError>;
    /// Workers with leases bound to their presence that were not heard of since then, silent longest first.
    async fn silent(&mut self, since: Timestamp, limit: usize) -> Result<Vec<WorkerId>, StoreError>;
    /// Workers that count as there and were not heard of since then, silent longest first.
    async fn absent(&mut self, since: Timestamp, limit: usize) -> Result<Vec<WorkerId>, StoreError>;
    /// Open shelves with this leading skill (empty for none) that ask for nothing beyond what is wanted: best priority
    /// first, then served least for its weight, then oldest. The trust that a repository asks of everybody counts.
    async fn shelves(&mut self, skill: &str, wanted: &Wanted, limit: usize) -> Result<Vec<Shelf>, StoreError>;
    /// Unlocked lanes, best first.
    async fn lanes(&mut self, shelf: &Shelf, limit: usize) -> Result<Vec<Lane>, StoreError>;
    /// The first tasks of a lane of at most this priority.
    async fn lane_head(
        &mut self,
        shelf: &Shelf,
        lane: &Lane,
        priority_max: u32,
        limit: usize,
    ) -> Result<Vec<Head>, StoreError>;
    /// Ready tasks, highest priority first.
    async fn ready(&mut self, limit: usize) -> Result<Vec<TaskId>, StoreError>;
    /// Workers that are not revoked, heard of last first.
    async fn workers_seen_since(&mut self, since: Timestamp, limit: usize) -> Result<Vec<WorkerId>, StoreError>;
}

pub async fn load<R: Reader>(reader: &mut R, scope: &Scope) -> Result<Snapshot, StoreError> {
    let mut loading = Loading { reader, snapshot: Snapshot::default() };
    loading.expect(scope).await?;
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
    /// Long scopes are those of imports: many tasks by their keys, and what they depend on.
    async fn expect(&mut self, scope: &Scope) -> Result<(), StoreError> {
        let named = scope.iter().filter_map(|need| match need {
            Need::Record(key) => Some(key.clone()),
            Need::Task(id) | Need::TaskFamily(id) | Need::Dependencies(TaskRef::Id(id)) => Some(Key::Task(id.clone())),
            Need::TaskByKey(repo, key) | Need::Dependencies(TaskRef::Key(repo, key)) => {
                Some(Key::TaskKey(repo.clone(), key.clone()))
            }
            Need::Worker(id) | Need::WorkerWithHeld(id) => Some(Key::Worker(id.clone())),
            _ => None,
        });
        self.reader.expect(named.collect()).await?;
        let mut tasks = Vec::new();
        for need in scope {
            if let Need::TaskByKey(repo, key) = need {
                tasks.extend(self.task_of_key(repo, key).await?.map(Key::Task));
            }
        }
        let mut dependencies = Vec::new();
        self.reader.expect(tasks.clone()).await?;
        for key in tasks {
            let found = self.record(key).await?;
            let task = found.as_deref().and_then(Record::as_task);
            dependencies.extend(task.into_iter().flat_map(|task| task.spec.depends_on.iter().cloned().map(Key::Task)));
        }
        self.reader.expect(dependencies).await
    }

    async fn need(&mut self, need: &Need) -> Result<(), StoreError> {
        match need {
            Need::Record(key) => self.record(key.clone()).await.map(drop),
            Need::Task(id) => self.task_with_holder(id).await.map(drop),
            Need::TaskFamily(id) => self.family(id).await,
            Need::Dependencies(reference) => self.dependencies(reference).await,
            Need::TaskByKey(repo, key) => self.task_by_key(repo, key).await,
            Need::Worker(id) => {
                let found = self.record(Key::Worker(id.clone())).await?;
                let Some(worker) = found.as_deref().and_then(Record::as_worker) else { return Ok(()) };
                let tasks = held_or_offered(worker).chain(&worker.in_review).cloned();
                self.reader.expect(tasks.map(Key::Task).collect()).await?;
                for task_id in held_or_offered(worker).chain(&worker.in_review) {
                    let found = self.record(Key::Task(task_id.clone())).await?;
                    if let Some(task) = found.as_deref().and_then(Record::as_task) {
                        self.record(Key::Repo(task.repo.clone())).await?;
                    }
                }
                Ok(())
            }
            Need::WorkerWithHeld(id) => {
                let found = self.record(Key::Worker(id.clone())).await?;
                let Some(worker) = found.as_deref().and_then(Record::as_worker) else { return Ok(()) };
                self.reader.expect(held_or_offered(worker).cloned().map(Key::Task).collect()).await?;
                for task_id in held_or_offered(worker) {
                    self.surroundings(task_id).await?;
                }
                Ok(())
            }
            Need::WorkFor { worker_id, limit, mode, now, rules } => {
                let found = self.record(Key::Worker(worker_id.clone())).await?;
                let worker = found.as_deref().and_then(Record::as_worker);
                let worker = worker.filter(|worker| mode.is_none_or(|mode| mode == worker.work_mode));
                if let Some(seeker) = worker.and_then(|worker| Seeker::new(worker, rules, *now)) {
                    self.snapshot.candidates = self.search(&seeker, *limit).await?;
                }
                Ok(())
            }
            Need::AnyDue { now, silent_since } => {
                self.snapshot.any_due = self.reader.any_due(*now, *silent_since).await?;
                Ok(())
            }
            Need::Due { now, silent_since, absent_since } => {
                for name in self.reader.due_repos(*now, SETTLE_MAX).await? {
                    self.record(Key::Repo(name.clone())).await?;
                    self.snapshot.due_repos.push(name);
                }
                let room = SETTLE_MAX - self.snapshot.due_repos.len();
                for id in self.due_tasks(*now, *silent_since, room).await? {
                    if self.task_with_holder(&id).await?.is_some() {
                        self.snapshot.due.push(id);
                    }
                }
                let room = SETTLE_MAX - self.snapshot.due_repos.len() - self.snapshot.due.len();
                let absent = if room > 0 { self.reader.absent(*absent_since, room).await? } else { Vec::new() };
                for id in absent {
                    self.record(Key::Worker(id.clone())).await?;
                    self.snapshot.absent.push(id);
                }
                Ok(())
            }
            Need::ReadySample => {
                let mut ids = self.reader.ready(EXPLAIN_TASKS_MAX + 1).await?;
                self.snapshot.sample_truncated = ids.len() > EXPLAIN_TASKS_MAX;
                ids.truncate(EXPLAIN_TASKS_MAX);
                self.reader.expect(ids.iter().cloned().map(Key::Task).collect()).await?;
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

    /// The record under this key, if there is one; read only once.
    pub async fn record(&mut self, key: Key) -> Result<Option<Arc<Record>>, StoreError> {
        if self.snapshot.contains(&key) {
            return Ok(self.snapshot.shared(&key));
        }
        let found = self.reader.get(&key).await?;
        let record = found.as_ref().map(|(_, record)| record.clone());
        self.snapshot.insert(key, found);
        Ok(record)
    }

    /// Tasks that are due, then those bound to the presence of workers gone silent; each the longest due first.
    async fn due_tasks(
        &mut self,
        now: Timestamp,
        silent_since: Timestamp,
        limit: usize,
    ) -> Result<Vec<TaskId>, StoreError> {
        let mut due = if limit > 0 { self.reader.due_tasks(now, limit).await? } else { Vec::new() };
        if due.len() < limit {
            for id in self.reader.silent(silent_since, limit).await? {
                let found = self.record(Key::Worker(id)).await?;
                let held =
                    found.as_deref().and_then(Record::as_worker).into_iter().flat_map(Worker::held_while_present);
                let abandoned: BTreeSet<&TaskId> = held.filter(|id| !due.contains(id)).collect();
                due.extend(abandoned.into_iter().cloned().collect::<Vec<_>>());
            }
        }
        due.truncate(limit);
        Ok(due)
    }

    /// The task with its surroundings and who holds it or is offered it.
    async fn task_with_holder(&mut self, id: &TaskId) -> Result<Option<Arc<Record>>, StoreError> {
        let found = self.surroundings(id).await?;
        if let Some(task) = found.as_deref().and_then(Record::as_task) {
            let offered_to = task.offer.as_ref().map(|offer| &offer.worker_id);
            if let Some(worker_id) = task.lease.as_ref().map(|lease| &lease.worker_id).or(offered_to) {
                self.record(Key::Worker(worker_id.clone())).await?;
            }
        }
        Ok(found)
    }

    async fn family(&mut self, id: &TaskId) -> Result<(), StoreError> {
        let found = self.task_with_holder(id).await?;
        let Some(task) = found.as_deref().and_then(Record::as_task) else { return Ok(()) };
        let relatives = task.spec.depends_on.iter().chain(&task.dependents);
        self.reader.expect(relatives.clone().cloned().map(Key::Task).collect()).await?;
        for relative in relatives {
            self.record(Key::Task(relative.clone())).await?;
        }
        // Whoever may be judged by what becomes of the task.
        let of_pull = task.pull_request.as_ref().map(|pull| &pull.worker_id);
        let merged = task.attempts.iter().filter(|attempt| attempt.outcome == Some(AttemptOutcome::Merged));
        let judged = merged.chain(task.attempts.last()).map(|attempt| &attempt.worker_id).chain(of_pull);
        for worker_id in judged {
            self.record(Key::Worker(worker_id.clone())).await?;
        }
        Ok(())
    }

    /// Breadth first, as far as anybody follows them.
    async fn dependencies(&mut self, reference: &TaskRef) -> Result<(), StoreError> {
        let start = match reference {
            TaskRef::Id(id) => Some(id.clone()),
            TaskRef::Key(repo, key) => self.task_of_key(repo, key).await?,
        };
        let mut open: VecDeque<TaskId> = start.into_iter().collect();
        let mut seen: BTreeSet<TaskId> = open.iter().cloned().collect();
        while let Some(id) = open.pop_front() {
            let found = self.record(Key::Task(id)).await?;
            let Some(task) = found.as_deref().and_then(Record::as_task) else { continue };
            for dependency in &task.spec.depends_on {
                if seen.len() <= DEPENDENCIES_FOLLOWED_MAX && seen.insert(dependency.clone()) {
                    open.push_back(dependency.clone());
                }
            }
        }
        Ok(())
    }

    /// The task with its repo, the repo's lists and its area's claim.
    pub async fn surroundings(&mut self, id: &TaskId) -> Result<Option<Arc<Record>>, StoreError> {
        let found = self.record(Key::Task(id.clone())).await?;
        if let Some(task) = found.as_deref().and_then(Record::as_task) {
            self.repo_with_lists(&task.repo).await?;
            if let Some(area) = &task.spec.area {
                self.record(Key::Area(task.repo.clone(), area.clone())).await?;
            }
        }
        Ok(found)
    }

    pub async fn repo_with_lists(&mut self, name: &RepoName) -> Result<Option<Arc<Record>>, StoreError> {
        let found = self.record(Key::Repo(name.clone())).await?;
        if found.as_deref().and_then(Record::as_repo).is_some_and(|repo| repo.has_lists) {
            self.record(Key::Admission(name.clone())).await?;
        }
        Ok(found)
    }

    async fn task_by_key(&mut self, repo: &RepoName, key: &str) -> Result<(), StoreError> {
        let Some(task_id) = self.task_of_key(repo, key).await? else { return Ok(()) };
        let found = self.record(Key::Task(task_id)).await?;
        for dependency in found.as_deref().and_then(Record::as_task).iter().flat_map(|task| &task.spec.depends_on) {
            self.record(Key::Task(dependency.clone())).await?;
        }
        Ok(())
    }

    async fn task_of_key(&mut self, repo: &RepoName, key: &str) -> Result<Option<TaskId>, StoreError> {
        let found = self.record(Key::TaskKey(repo.clone(), key.to_owned())).await?;
        Ok(match found.as_deref() {
            Some(Record::TaskKey(TaskKeyRecord { task_id, .. })) => Some(task_id.clone()),
            _ => None,
        })
    }
}

fn held_or_offered(worker: &Worker) -> impl Iterator<Item = &TaskId> {
    let held = worker.held.iter().map(|held| &held.task_id);
    held.chain(worker.offered.iter().map(|offered| &offered.task_id))
}

/// Whether what a class asks for is within what is wanted.
pub fn class_fits(class: &FitClass, wanted: &Wanted) -> bool {
    class.tier <= wanted.tier_max
        && class.points <= wanted.points_max
        && class.skills.iter().all(|skill| wanted.skills.contains(skill))
}
