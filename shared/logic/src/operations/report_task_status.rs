//! Report how a held task stands.

use super::{Caller, Operation, TaskStands};
use crate::lifecycle::{check_report, move_task, reported_state, resume};
use crate::outcome::{close_attempt, note_progress};
use crate::plan::Plan;
use crate::record::{EventKind, Task};
use crate::refusal::{Refusal, StaleBecause};
use crate::rules::Rules;
use crate::snapshot::{Need, Scope};
use owp_wire::{Artifact, AttemptOutcome, LeaseId, ReportedStatus, TaskId, TaskState, Timestamp};
use serde_json::json;

pub struct ReportTaskStatus {
    pub caller: Caller,
    pub task_id: TaskId,
    /// `None` counts as the caller's lease on that task.
    pub lease_id: Option<LeaseId>,
    pub status: ReportedStatus,
    pub message: Option<String>,
    pub artifact: Option<Artifact>,
    pub branch: Option<String>,
    pub notes: Option<String>,
}

impl Operation for ReportTaskStatus {
    type Outcome = TaskStands;

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        let task = match self.status {
            ReportedStatus::Merged => Need::TaskFamily(self.task_id.clone()),
            _ => Need::Task(self.task_id.clone()),
        };
        vec![Need::Worker(self.caller.worker_id.clone()), task]
    }

    fn caller(&self) -> Option<&Caller> {
        Some(&self.caller)
    }

    fn decide(&self, plan: &mut Plan) -> Result<TaskStands, Refusal> {
        let now = plan.now();
        let task = plan.task(&self.task_id).ok_or_else(|| Refusal::TaskNotFound(self.task_id.clone()))?;
        let (from, to, repo) = (task.state, reported_state(self.status), task.repo.clone());
        let stands = TaskStands { task_id: self.task_id.clone(), state: to };
        if self.repeats_the_end(task) {
            return Ok(stands);
        }
        let lease_id = self.lease_of_caller(task, now)?;
        check_report(from, to)?;
        if to == TaskState::Merged && plan.repo(&repo).is_some_and(|repo| repo.github.is_some()) {
            return Err(Refusal::MergesAreTold);
        }
        let task = plan.task(&self.task_id).expect("it was just read");
        if from == to && !self.says_something_new(task) {
            return Ok(stands);
        }
        self.take_over_what_was_said(plan.task_mut(&self.task_id));
        if to == TaskState::Merged {
            close_attempt(plan, &self.task_id, to, EventKind::TaskMerged, AttemptOutcome::Merged, None);
            return Ok(stands);
        }
        let resumed = if to == TaskState::Blocked { None } else { resume(plan, &self.task_id) };
        note_progress(plan, &self.task_id, to);
        move_task(plan, &self.task_id, to);
        let details = json!({
            "message": self.message, "artifact": self.artifact, "branch": self.branch, "expires_at": resumed,
        });
        plan.task_event(&self.task_id, event_kind(from, to), Some((&self.caller.worker_id, &lease_id)), details);
        Ok(stands)
    }
}

impl ReportTaskStatus {
    /// `merged` again, after an answer that was lost.
    fn repeats_the_end(&self, task: &Task) -> bool {
        let last = task.attempts.last();
        task.state == TaskState::Merged
            && self.status == ReportedStatus::Merged
            && last.is_some_and(|last| last.worker_id == self.caller.worker_id && self.names(&last.lease_id))
    }

    fn names(&self, lease_id: &LeaseId) -> bool {
        self.lease_id.as_ref().is_none_or(|named| named == lease_id)
    }

    fn lease_of_caller(&self, task: &Task, now: Timestamp) -> Result<LeaseId, Refusal> {
        let stale = |because| Err(Refusal::LeaseStale(because));
        let Some(lease) = &task.lease else { return stale(StaleBecause::NotHeld) };
        if lease.worker_id != self.caller.worker_id {
            return stale(StaleBecause::NotHeld);
        }
        if !self.names(&lease.id) {
            return stale(StaleBecause::Superseded);
        }
        if task.live_lease(now).is_none() {
            return stale(StaleBecause::Expired);
        }
        Ok(lease.id.clone())
    }

    fn says_something_new(&self, task: &Task) -> bool {
        fn differs<T: PartialEq>(said: Option<&T>, known: Option<&T>) -> bool {
            said.is_some() && said != known
        }
        differs(self.message.as_ref(), task.message.as_ref())
            || differs(self.artifact.as_ref(), task.artifact.as_ref())
            || differs(self.branch.as_ref(), task.branch.as_ref())
            || differs(self.notes.as_ref(), task.notes.as_ref())
    }

    fn take_over_what_was_said(&self, task: &mut Task) {
        fn take_over<T: Clone>(known: &mut Option<T>, said: Option<&T>) {
            if let Some(said) = said {
                *known = Some(said.clone());
            }
        }
        take_over(&mut task.message, self.message.as_ref());
        take_over(&mut task.artifact, self.artifact.as_ref());
        take_over(&mut task.branch, self.branch.as_ref());
        take_over(&mut task.notes, self.notes.as_ref());
    }
}

fn event_kind(from: TaskState, to: TaskState) -> EventKind {
    match to {
        _ if from == to => EventKind::TaskNoted,
        TaskState::Blocked => EventKind::TaskBlocked,
        TaskState::PrOpened => EventKind::TaskPrOpened,
        _ => EventKind::TaskStarted,
    }
}
