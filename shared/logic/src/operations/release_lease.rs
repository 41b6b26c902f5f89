//! Hand a task back.

use super::renew_lease::held_under;
use super::{Caller, Operation, TaskStands};
use crate::assignment::{REASON_ENDS, is_unclear_to_enough};
use crate::outcome::{close_attempt, end_lease};
use crate::plan::Plan;
use crate::record::EventKind;
use crate::refusal::{Refusal, StaleBecause};
use crate::rules::Rules;
use crate::snapshot::{Need, Scope};
use owp_wire::{AttemptOutcome, LeaseId, ReleaseReason, TaskState, Timestamp};

pub struct ReleaseLease {
    pub caller: Caller,
    pub lease_id: LeaseId,
    pub reason: ReleaseReason,
    pub message: Option<String>,
    pub branch: Option<String>,
    pub notes: Option<String>,
}

impl Operation for ReleaseLease {
    type Outcome = TaskStands;

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        vec![Need::WorkerWithHeld(self.caller.worker_id.clone())]
    }

    fn caller(&self) -> Option<&Caller> {
        Some(&self.caller)
    }

    fn decide(&self, plan: &mut Plan) -> Result<TaskStands, Refusal> {
        let task_id = held_under(plan, &self.caller, &self.lease_id)?;
        let now = plan.now();
        let task = plan.task(&task_id).expect("a held task is in scope");
        task.live_lease(now).ok_or(Refusal::LeaseStale(StaleBecause::Expired))?;
        let task = plan.task_mut(&task_id);
        task.branch = self.branch.clone().or(task.branch.take());
        task.notes = self.notes.clone().or(task.notes.take());
        task.message = self.message.clone().or(task.message.take());
        let reason = match &self.message {
            Some(message) => format!("{}{REASON_ENDS}{message}", self.reason),
            None => self.reason.to_string(),
        };
        let task = plan.task(&task_id).expect("a held task is in scope");
        if self.reason == ReleaseReason::UnclearRequirements && is_unclear_to_enough(task, &self.caller.worker_id) {
            let (to, kind) = (TaskState::NeedsInfo, EventKind::TaskNeedsInfo);
            close_attempt(plan, &task_id, to, kind, AttemptOutcome::Released, Some(&reason));
            return Ok(TaskStands { task_id, state: to });
        }
        let state = end_lease(plan, &task_id, AttemptOutcome::Released, Some(&reason));
        Ok(TaskStands { task_id, state })
    }
}
