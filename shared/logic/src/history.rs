//! Reads a pool's events in the order of their commits and says where they break an invariant.
//!
//! Knows the rules a second time, from the other side: it rebuilds who holds what from the events alone. Tests, the
//! conformance suite and load runs use it; nothing in production does.

use crate::record::{Event, EventKind, Holding, Subject, holding_of};
use crate::rules::task_tier_max;
use owp_wire::{AttemptOutcome, LeaseId, RepoName, TaskId, TaskState, TrustTier, WorkerId};
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
pub struct History {
    tasks: BTreeMap<TaskId, TaskFacts>,
    /// Those that take budget.
    out: BTreeSet<TaskId>,
    workers: BTreeMap<WorkerId, WorkerFacts>,
    repos: BTreeMap<RepoName, RepoFacts>,
    last_seq: BTreeMap<Subject, u64>,
    pub events: usize,
    pub violations: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct TaskFacts {
    pub repo: RepoName,
    pub title: String,
    pub points: u32,
    pub skills: Vec<String>,
    pub area: Option<String>,
    pub tier: u32,
    pub state: TaskState,
    pub holder: Option<(WorkerId, LeaseId)>,
    /// Everyone who was ever given it, in order, with how it ended.
    pub attempts: Vec<(WorkerId, Option<AttemptOutcome>)>,
    pub merges: usize,
}

struct WorkerFacts {
    skills: Vec<String>,
    capacity_points: u32,
    max_concurrent_tasks: u32,
    tier_max: u32,
    revoked: bool,
}

struct RepoFacts {
    max_open_prs: u32,
    area_locks_enabled: bool,
    paused: bool,
}

impl History {
    pub fn of<'a>(events: impl IntoIterator<Item = &'a Event>) -> Self {
        let mut history = Self::default();
        events.into_iter().for_each(|event| history.add(event));
        history
    }

    pub fn tasks(&self) -> &BTreeMap<TaskId, TaskFacts> {
        &self.tasks
    }

    pub fn add(&mut self, event: &Event) {
        self.events += 1;
        let last = self.last_seq.entry(event.subject.clone()).or_default();
        if event.subject_seq != *last + 1 {
            let text = format!("event {} of {} comes after {last}", event.subject_seq, event.subject);
            self.violations.push(text);
        }
        *last = event.subject_seq;
        match event.kind {
            EventKind::RepoCreated | EventKind::RepoUpdated => self.repo(event),
            EventKind::WorkerRegistered => self.worker(event),
            EventKind::WorkerRevoked => self.workers.get_mut(worker_of(event)).expect("registered").revoked = true,
            EventKind::WorkerStatusChanged => {}
            EventKind::TaskCreated => self.created(event),
            EventKind::TaskUpdated => self.updated(event),
            EventKind::TaskAssigned => self.assigned(event),
            _ => self.moved(event),
        }
    }

    fn repo(&mut self, event: &Event) {
        let facts = RepoFacts {
            max_open_prs: detail(event, "max_open_prs"),
            area_locks_enabled: detail(event, "area_locks_enabled"),
            paused: detail(event, "paused"),
        };
        self.repos.insert(event.repo.clone().expect("a repo event names its repo"), facts);
    }

    fn worker(&mut self, event: &Event) {
        let facts = WorkerFacts {
            skills: detail(event, "skills"),
            capacity_points: detail(event, "capacity_points"),
            max_concurrent_tasks: detail(event, "max_concurrent_tasks"),
            tier_max: task_tier_max(detail::<TrustTier>(event, "trust_tier")),
            revoked: false,
        };
        self.workers.insert(worker_of(event).clone(), facts);
    }

    fn created(&mut self, event: &Event) {
        let facts = TaskFacts {
            repo: event.repo.clone().expect("a task event names its repo"),
            title: detail(event, "title"),
            points: detail(event, "estimate_points"),
            skills: detail(event, "required_skills"),
            area: optional(event, "area"),
            tier: detail(event, "tier"),
            state: TaskState::Ready,
            holder: None,
            attempts: Vec::new(),
            merges: 0,
        };
        self.tasks.insert(task_of(event).clone(), facts);
    }

    fn updated(&mut self, event: &Event) {
        let task = self.tasks.get_mut(task_of(event)).expect("created");
        task.points = detail(event, "estimate_points");
        task.skills = detail(event, "required_skills");
        task.area = optional(event, "area");
        task.tier = detail(event, "tier");
    }

    fn assigned(&mut self, event: &Event) {
        let (id, worker_id) = (task_of(event), worker_of(event));
        let task = &self.tasks[id];
        let (worker, repo) = (&self.workers[worker_id], &self.repos[&task.repo]);
        let out = || self.out.iter().map(|id| &self.tasks[id]);
        let used = out().filter(|other| other.repo == task.repo).count();
        let in_area = |other: &&TaskFacts| other.repo == task.repo && other.area == task.area;
        let held: Vec<&TaskFacts> = out().filter(|other| other.is_held_by(worker_id)).collect();
        let points: u32 = held.iter().map(|task| task.points).sum();
        let area_taken = task.area.is_some() && out().any(|other| in_area(&other));
        let broken = [
            (task.state != TaskState::Ready, "it was not ready"),
            (repo.paused, "its repository was paused"),
            (used >= repo.max_open_prs as usize, "the review budget was spent"),
            (repo.area_locks_enabled && area_taken, "its area was taken"),
            (points + task.points > worker.capacity_points, "the worker had too few points"),
            (held.len() >= worker.max_concurrent_tasks as usize, "the worker held too many tasks"),
            (!task.skills.iter().all(|skill| worker.skills.contains(skill)), "the worker lacked a skill"),
            (task.tier > worker.tier_max, "the worker's tier was too low"),
            (worker.revoked, "the worker was revoked"),
        ];
        for (_, what) in broken.into_iter().filter(|(broken, _)| *broken) {
            self.violations.push(format!("{} was given to {}, but {what}", id.0, worker_id.0));
        }
        let lease_id = event.lease_id.clone().expect("an assignment names its lease");
        let task = self.tasks.get_mut(id).expect("created");
        task.state = TaskState::Leased;
        task.holder = Some((worker_id.clone(), lease_id));
        task.attempts.push((worker_id.clone(), None));
        self.out.insert(id.clone());
    }

    fn moved(&mut self, event: &Event) {
        let id = task_of(event);
        let task = self.tasks.get_mut(id).expect("created");
        let named = event.worker_id.clone().zip(event.lease_id.clone());
        if named.is_some() && named != task.holder {
            self.violations.push(format!("{:?} of {} came from a lease that was not the live one", event.kind, id.0));
        }
        task.state = match event.kind {
            EventKind::TaskStarted => TaskState::InProgress,
            EventKind::TaskBlocked => TaskState::Blocked,
            EventKind::TaskPrOpened => TaskState::PrOpened,
            EventKind::TaskChangesRequested => TaskState::ChangesRequested,
            EventKind::TaskMerged => TaskState::Merged,
            EventKind::TaskClosed => TaskState::Closed,
            EventKind::TaskCancelled => TaskState::Cancelled,
            EventKind::TaskRequeued => TaskState::Ready,
            EventKind::TaskFailed => TaskState::Failed,
            EventKind::TaskNeedsInfo => TaskState::NeedsInfo,
            _ => task.state,
        };
        if event.kind == EventKind::TaskMerged {
            task.merges += 1;
            if task.merges > 1 {
                self.violations.push(format!("{} was merged more than once", id.0));
            }
        }
        if holding_of(task.state) == Holding::Nothing && task.holder.take().is_some() {
            self.out.remove(id);
            let outcome = match event.kind {
                EventKind::TaskMerged => Some(AttemptOutcome::Merged),
                _ => optional(event, "outcome"),
            };
            task.attempts.last_mut().expect("it was held").1 = outcome;
        }
    }
}

impl TaskFacts {
    fn is_held_by(&self, worker: &WorkerId) -> bool {
        holding_of(self.state) == Holding::Lease && self.holder.as_ref().is_some_and(|(holder, _)| holder == worker)
    }
}

fn task_of(event: &Event) -> &TaskId {
    event.task_id.as_ref().expect("a task event names its task")
}

fn worker_of(event: &Event) -> &WorkerId {
    event.worker_id.as_ref().expect("a worker event names its worker")
}

fn detail<T: DeserializeOwned>(event: &Event, name: &str) -> T {
    optional(event, name).unwrap_or_else(|| panic!("{:?} has no {name}", event.kind))
}

fn optional<T: DeserializeOwned>(event: &Event, name: &str) -> Option<T> {
    event.details.get(name).and_then(|value| serde_json::from_value(value.clone()).ok())
}
