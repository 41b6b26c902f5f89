//! Reads a pool's events in the order of their commits and says where they break an invariant.
//!
//! Knows the rules a second time, from the other side: it rebuilds who holds what from the events alone. Tests, the
//! conformance suite and load runs use it; nothing in production does. What an event costs depends on nothing but what
//! its worker holds, however much has happened before.

use crate::record::{Actor, Event, EventKind, Holding, RepoPolicy, Subject, holding_of, quiet_at};
use crate::rules::task_tier_max;
use owp_wire::{AttemptOutcome, LeaseId, RepoName, TaskId, TaskState, Timestamp, TrustTier, WorkerId};
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet, HashMap};

#[derive(Default)]
pub struct History {
    tasks: HashMap<TaskId, TaskFacts>,
    workers: HashMap<WorkerId, WorkerFacts>,
    repos: HashMap<RepoName, RepoFacts>,
    last_seq: HashMap<Subject, u64>,
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
    pub security: bool,
    pub depends_on: Vec<TaskId>,
    pub state: TaskState,
    pub offered_to: Option<WorkerId>,
    pub holder: Option<(WorkerId, LeaseId)>,
    /// When the holder's lease ends unless it is renewed, where the events say so.
    pub expires_at: Option<Timestamp>,
    /// In review without a sign of life for so long that it takes no slot.
    pub off_budget: bool,
    /// Everyone who was ever given it, in order, with how it ended.
    pub attempts: Vec<AttemptFacts>,
    pub merges: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub struct AttemptFacts {
    pub worker: WorkerId,
    pub lease: LeaseId,
    pub outcome: Option<AttemptOutcome>,
}

#[derive(Default)]
pub struct WorkerFacts {
    skills: Vec<String>,
    capacity_points: u32,
    max_concurrent_tasks: u32,
    tier_max: u32,
    revoked: bool,
    pub held: BTreeSet<TaskId>,
    pub offered: BTreeSet<TaskId>,
    pub in_review: BTreeSet<TaskId>,
}

#[derive(Default)]
pub struct RepoFacts {
    max_open_prs: u32,
    area_locks_enabled: bool,
    paused: bool,
    paused_until: Option<Timestamp>,
    policy: RepoPolicy,
    pub leases: usize,
    pub offers: usize,
    pub prs: usize,
    /// Pull requests that take no slot any more.
    pub idle: usize,
    /// Which tasks hold which area.
    pub areas: BTreeMap<String, BTreeSet<TaskId>>,
}

impl RepoFacts {
    fn closed(&self, now: Timestamp) -> [(bool, &'static str); 2] {
        let is_paused = self.paused || self.paused_until.is_some_and(|until| now < until);
        let is_quiet = quiet_at(&self.policy.quiet_hours, now).0;
        [(is_paused, "its repository was paused"), (is_quiet, "it was quiet in its repository")]
    }
}

impl History {
    pub fn of<'a>(events: impl IntoIterator<Item = &'a Event>) -> Self {
        let mut history = Self::default();
        events.into_iter().for_each(|event| history.add(event));
        history
    }

    pub fn tasks(&self) -> &HashMap<TaskId, TaskFacts> {
        &self.tasks
    }

    pub fn worker(&self, id: &WorkerId) -> Option<&WorkerFacts> {
        self.workers.get(id)
    }

    pub fn repo(&self, name: &RepoName) -> Option<&RepoFacts> {
        self.repos.get(name)
    }

    /// The number of the last event about this one.
    pub fn last_seq(&self, subject: &Subject) -> u64 {
        self.last_seq.get(subject).copied().unwrap_or_default()
    }

    pub fn add(&mut self, event: &Event) {
        self.events += 1;
        let last = match self.last_seq.get_mut(&event.subject) {
            Some(last) => last,
            None => self.last_seq.entry(event.subject.clone()).or_default(),
        };
        if event.subject_seq != *last + 1 {
            let text = format!("event {} of {} comes after {last}", event.subject_seq, event.subject);
            self.violations.push(text);
        }
        *last = event.subject_seq;
        let before = self.state_of(event);
        self.follow(event);
        let after = self.state_of(event);
        if event.state.is_some() && (event.state, event.was) != (after, before.filter(|_| before != after)) {
            let (was, state) = (event.was, event.state);
            let text = format!("{} took {before:?} to {after:?} and says {was:?} to {state:?}", event.subject);
            self.violations.push(text);
        }
    }

    fn state_of(&self, event: &Event) -> Option<TaskState> {
        event.task_id.as_ref().and_then(|id| self.tasks.get(id)).map(|task| task.state)
    }

    fn follow(&mut self, event: &Event) {
        match event.kind {
            EventKind::RepoCreated | EventKind::RepoUpdated => self.put_repo(event),
            EventKind::WorkerRegistered => self.registered(event),
            EventKind::WorkerRevoked => self.workers.get_mut(worker_of(event)).expect("registered").revoked = true,
            EventKind::WorkerUpdated => self.worker_updated(event),
            EventKind::WorkerTrustChanged => self.trust_changed(event),
            EventKind::WorkerStatusChanged
            | EventKind::WorkerOnline
            | EventKind::WorkerOffline
            | EventKind::RepoAdmissionChanged
            | EventKind::RepoOpened
            | EventKind::RepoClosed
            | EventKind::RepoLinked
            | EventKind::RepoLookDue
            | EventKind::SignInFailed
            | EventKind::RequestRefused
            | EventKind::AuditExported
            | EventKind::BackupTaken => {}
            EventKind::TaskCreated => self.created(event),
            EventKind::TaskUpdated => self.updated(event),
            EventKind::TaskOffered => self.offered(event),
            EventKind::TaskAssigned => self.assigned(event),
            _ => self.moved(event),
        }
    }

    fn put_repo(&mut self, event: &Event) {
        let repo = self.repos.entry(event.repo.clone().expect("a repo event names its repo")).or_default();
        repo.max_open_prs = detail(event, "max_open_prs");
        repo.area_locks_enabled = detail(event, "area_locks_enabled");
        repo.paused = detail(event, "paused");
        repo.paused_until = optional(event, "paused_until");
        repo.policy = detail(event, "policy");
    }

    fn registered(&mut self, event: &Event) {
        let facts = WorkerFacts {
            skills: detail(event, "skills"),
            capacity_points: detail(event, "capacity_points"),
            max_concurrent_tasks: detail(event, "max_concurrent_tasks"),
            tier_max: task_tier_max(detail::<TrustTier>(event, "trust_tier")),
            ..WorkerFacts::default()
        };
        self.workers.insert(worker_of(event).clone(), facts);
    }

    fn worker_updated(&mut self, event: &Event) {
        let worker = self.workers.get_mut(worker_of(event)).expect("registered");
        worker.skills = detail(event, "skills");
        worker.capacity_points = detail(event, "capacity_points");
        worker.max_concurrent_tasks = detail(event, "max_concurrent_tasks");
    }

    fn trust_changed(&mut self, event: &Event) {
        let worker = self.workers.get_mut(worker_of(event)).expect("registered");
        worker.tier_max = task_tier_max(detail::<TrustTier>(event, "trust_tier"));
    }

    fn created(&mut self, event: &Event) {
        let facts = TaskFacts {
            repo: event.repo.clone().expect("a task event names its repo"),
            title: detail(event, "title"),
            points: detail(event, "estimate_points"),
            skills: detail(event, "required_skills"),
            area: optional(event, "area"),
            tier: detail(event, "tier"),
            security: detail(event, "security"),
            depends_on: detail(event, "depends_on"),
            state: detail(event, "state"),
            offered_to: None,
            holder: None,
            expires_at: None,
            off_budget: false,
            attempts: Vec::new(),
            merges: 0,
        };
        self.tasks.insert(task_of(event).clone(), facts);
    }

    fn updated(&mut self, event: &Event) {
        self.take(task_of(event), false);
        let task = self.tasks.get_mut(task_of(event)).expect("created");
        task.points = detail(event, "estimate_points");
        task.skills = detail(event, "required_skills");
        task.area = optional(event, "area");
        task.tier = detail(event, "tier");
        task.security = detail(event, "security");
        task.depends_on = detail(event, "depends_on");
        self.take(task_of(event), true);
    }

    fn offered(&mut self, event: &Event) {
        let (id, worker_id) = (task_of(event), worker_of(event));
        self.check_fit(id, worker_id, event.at);
        let task = self.tasks.get_mut(id).expect("created");
        task.state = TaskState::Offered;
        task.offered_to = Some(worker_id.clone());
        task.expires_at = optional(event, "expires_at");
        self.take(id, true);
    }

    /// No work begins in a repository that is closed, not even what was offered before.
    fn check_open(&mut self, id: &TaskId, now: Timestamp) {
        let repo = &self.repos[&self.tasks[id].repo];
        for (_, what) in repo.closed(now).into_iter().filter(|(broken, _)| *broken) {
            self.violations.push(format!("{} was taken up, but {what}", id.0));
        }
    }

    /// What is given or offered to a worker must fit it, and its repository must have room.
    fn check_fit(&mut self, id: &TaskId, worker_id: &WorkerId, now: Timestamp) {
        let task = &self.tasks[id];
        let (worker, repo) = (&self.workers[worker_id], &self.repos[&task.repo]);
        let points: u32 = worker.held.iter().chain(&worker.offered).map(|held| self.tasks[held].points).sum();
        let used = repo.leases + repo.offers + repo.prs;
        let extra = if task.security && repo.max_open_prs > 0 { repo.policy.security_extra_slots } else { 0 };
        let tier = task.tier.max(task_tier_max(repo.policy.trust_tier_min));
        let is_merged = |id: &TaskId| self.tasks.get(id).is_some_and(|other| other.state == TaskState::Merged);
        let tasks = worker.held.len() + worker.offered.len();
        let area_taken = task.area.as_ref().is_some_and(|area| repo.areas.contains_key(area));
        let broken = [
            (task.state != TaskState::Ready, "it was not ready"),
            (used >= (repo.max_open_prs + extra) as usize, "the review budget was spent"),
            (repo.area_locks_enabled && area_taken, "its area was taken"),
            (points + task.points > worker.capacity_points, "the worker had too few points"),
            (tasks >= worker.max_concurrent_tasks as usize, "the worker held too many tasks"),
            (!task.skills.iter().all(|skill| worker.skills.contains(skill)), "the worker lacked a skill"),
            (tier > worker.tier_max, "the worker's tier was too low"),
            (!task.depends_on.iter().all(is_merged), "it depends on tasks that are not merged"),
            (worker.revoked, "the worker was revoked"),
        ];
        for (_, what) in broken.into_iter().chain(repo.closed(now)).filter(|(broken, _)| *broken) {
            self.violations.push(format!("{} was given to {}, but {what}", id.0, worker_id.0));
        }
    }

    fn assigned(&mut self, event: &Event) {
        let (id, worker_id) = (task_of(event), worker_of(event));
        self.take(id, false);
        match self.tasks.get_mut(id).and_then(|task| task.offered_to.take()) {
            None => self.check_fit(id, worker_id, event.at),
            Some(offered_to) if offered_to == *worker_id => self.check_open(id, event.at),
            Some(offered_to) => {
                let text = format!("{} was offered to {} and given to {}", id.0, offered_to.0, worker_id.0);
                self.violations.push(text);
            }
        }
        let lease_id = event.lease_id.clone().expect("an assignment names its lease");
        let task = self.tasks.get_mut(id).expect("created");
        task.state = TaskState::Leased;
        task.holder = Some((worker_id.clone(), lease_id.clone()));
        task.expires_at = optional(event, "expires_at");
        task.attempts.push(AttemptFacts { worker: worker_id.clone(), lease: lease_id, outcome: None });
        self.take(id, true);
    }

    fn moved(&mut self, event: &Event) {
        let id = task_of(event);
        let task = &self.tasks[id];
        self.violations.extend(stale_write(event, task));
        let state = match event.kind {
            EventKind::TaskStarted => TaskState::InProgress,
            EventKind::TaskBlocked | EventKind::TaskParked => TaskState::Blocked,
            EventKind::TaskPrOpened => TaskState::PrOpened,
            EventKind::TaskChangesRequested => TaskState::ChangesRequested,
            EventKind::TaskMerged => TaskState::Merged,
            EventKind::TaskClosed | EventKind::TaskReverted => TaskState::Closed,
            EventKind::TaskCancelled => TaskState::Cancelled,
            EventKind::TaskRequeued | EventKind::TaskDeclined => detail(event, "state"),
            EventKind::TaskReady => TaskState::Ready,
            EventKind::TaskWaiting => TaskState::Waiting,
            EventKind::TaskFailed => TaskState::Failed,
            EventKind::TaskNeedsInfo => TaskState::NeedsInfo,
            _ => task.state,
        };
        let idle = event.kind == EventKind::TaskReviewIdle;
        let takes_another = holding_of(state) != holding_of(task.state) || idle;
        if takes_another {
            self.take(id, false);
        }
        let task = self.tasks.get_mut(id).expect("created");
        task.state = state;
        task.off_budget = (task.off_budget || idle) && holding_of(state) != Holding::Nothing;
        task.expires_at = optional(event, "expires_at").or(task.expires_at);
        if event.kind == EventKind::TaskReverted {
            task.merges -= 1;
            let merged = |attempt: &&mut AttemptFacts| attempt.outcome == Some(AttemptOutcome::Merged);
            task.attempts.iter_mut().rev().filter(merged).take(1).for_each(|attempt| {
                attempt.outcome = Some(AttemptOutcome::Reverted);
            });
        }
        if holding_of(state) == Holding::Nothing {
            task.offered_to = None;
        }
        if event.kind == EventKind::TaskMerged {
            task.merges += 1;
            if task.merges > 1 {
                self.violations.push(format!("{} was merged more than once", id.0));
            }
        }
        // A pull request was merged after its lease had ended, or after it had been closed.
        if event.kind == EventKind::TaskMerged
            && task.holder.is_none()
            && let Some(lease) = optional::<LeaseId>(event, "merged_lease")
        {
            task.attempts.iter_mut().filter(|attempt| attempt.lease == lease).for_each(|attempt| {
                attempt.outcome = optional(event, "outcome");
            });
        }
        if holding_of(task.state) == Holding::Nothing && task.holder.take().is_some() {
            let outcome = match event.kind {
                EventKind::TaskMerged => Some(AttemptOutcome::Merged),
                _ => optional(event, "outcome"),
            };
            task.attempts.last_mut().expect("it was held").outcome = outcome;
        }
        if takes_another {
            self.take(id, true);
        }
    }

    /// Counts what a task takes from its repository, its area and its holder, or gives it back.
    fn take(&mut self, id: &TaskId, taken: bool) {
        let task = &self.tasks[id];
        let holder = task.holder.as_ref().map(|(worker, _)| worker);
        let Some(worker) = holder.or(task.offered_to.as_ref()) else { return };
        let repo = self.repos.get_mut(&task.repo).expect("registered");
        let worker = self.workers.get_mut(worker).expect("registered");
        let (count, listed) = match holding_of(task.state) {
            Holding::Offer => (&mut repo.offers, &mut worker.offered),
            Holding::Lease if task.off_budget => (&mut repo.idle, &mut worker.held),
            Holding::Lease => (&mut repo.leases, &mut worker.held),
            Holding::Review if task.off_budget => (&mut repo.idle, &mut worker.in_review),
            Holding::Review => (&mut repo.prs, &mut worker.in_review),
            Holding::Nothing => return,
        };
        if taken {
            *count += 1;
            listed.insert(id.clone());
        } else {
            *count -= 1;
            listed.remove(id);
        }
        let Some(area) = &task.area else { return };
        if taken {
            repo.areas.entry(area.clone()).or_default().insert(id.clone());
        } else if let Some(tasks) = repo.areas.get_mut(area) {
            tasks.remove(id);
            if tasks.is_empty() {
                repo.areas.remove(area);
            }
        }
    }
}

/// What is wrong with a write of a holder: its lease must be the live one, and by the clock it must be alive.
fn stale_write(event: &Event, task: &TaskFacts) -> Option<String> {
    let named = event.worker_id.as_ref().zip(event.lease_id.as_ref());
    let written = || format!("{:?} of {}", event.kind, task_of(event).0);
    if named.is_some() && named != task.holder.as_ref().map(|(worker, lease)| (worker, lease)) {
        return Some(format!("{} came from a lease that was not the live one", written()));
    }
    let by_holder = matches!(&event.actor, Actor::Worker(_)) && holding_of(task.state) == Holding::Lease;
    let ended = task.expires_at.filter(|end| by_holder && event.at >= *end)?;
    Some(format!("{} came from a lease that had ended at {ended}", written()))
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
    event.details.get(name).and_then(|value| T::deserialize(value).ok())
}
