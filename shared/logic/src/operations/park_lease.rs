//! Keep a task until your quota is back.

use super::renew_lease::held_under;
use super::{Caller, Operation};
use crate::lifecycle::{move_clocks, move_task};
use crate::limits::PARK_MAX_S;
use crate::plan::Plan;
use crate::record::{EventKind, Lease};
use crate::refusal::{NotParkableBecause, Refusal, StaleBecause};
use crate::rules::Rules;
use crate::snapshot::{Need, Scope};
use owp_wire::{LeaseId, TaskId, TaskState, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;

pub struct ParkLease {
    pub caller: Caller,
    pub lease_id: LeaseId,
    pub quota_resets_at: Timestamp,
    pub branch: Option<String>,
    pub notes: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parked {
    pub task_id: TaskId,
    pub parked_until: Timestamp,
    pub expires_at: Timestamp,
}

impl Operation for ParkLease {
    type Outcome = Parked;

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        vec![Need::Worker(self.caller.worker_id.clone())]
    }

    fn caller(&self) -> Option<&Caller> {
        Some(&self.caller)
    }

    fn decide(&self, plan: &mut Plan) -> Result<Parked, Refusal> {
        let task_id = held_under(plan, &self.caller, &self.lease_id)?;
        let (now, worker_id) = (plan.now(), &self.caller.worker_id);
        let task = plan.task(&task_id).expect("a held task is in scope");
        let lease = task.live_lease(now).ok_or(Refusal::LeaseStale(StaleBecause::Expired))?;
        if let Some(because) = self.what_forbids(task.state, lease, now) {
            return Err(Refusal::NotParkable(because));
        }
        let parked_until = self.quota_resets_at.min(now.plus_s(PARK_MAX_S));
        let lease = self.stop_the_clock(plan, &task_id, parked_until);
        move_task(plan, &task_id, TaskState::Blocked);
        let worker = plan.worker_mut(worker_id);
        worker.availability.quota_resets_at = Some(self.quota_resets_at);
        worker.held.iter_mut().filter(|held| held.task_id == task_id).for_each(|held| held.may_be_silent = true);
        let details = json!({
            "parked_until": parked_until, "expires_at": lease.expires_at, "branch": self.branch,
        });
        plan.task_event(&task_id, EventKind::TaskParked, Some((worker_id, &lease.id)), details);
        Ok(Parked { task_id, parked_until, expires_at: lease.expires_at })
    }
}

impl ParkLease {
    fn what_forbids(&self, state: TaskState, lease: &Lease, now: Timestamp) -> Option<NotParkableBecause> {
        if lease.was_parked {
            Some(NotParkableBecause::ParkedBefore)
        } else if state == TaskState::ChangesRequested {
            Some(NotParkableBecause::ResponseDue)
        } else {
            (self.quota_resets_at <= now).then_some(NotParkableBecause::NothingToWaitFor)
        }
    }

    /// Every clock of the lease moves on by the time it is parked.
    fn stop_the_clock(&self, plan: &mut Plan, task_id: &TaskId, until: Timestamp) -> Lease {
        let parked_s = until.seconds_after(plan.now());
        let task = plan.task_mut(task_id);
        task.branch = self.branch.clone().or(task.branch.take());
        task.notes = self.notes.clone().or(task.notes.take());
        let lease = task.lease.as_mut().expect("it is live");
        move_clocks(lease, |end| end.plus_s(parked_s));
        (lease.parked_until, lease.was_parked) = (Some(until), true);
        let lease = lease.clone();
        task.attempts.iter_mut().filter(|attempt| attempt.lease_id == lease.id).for_each(|attempt| {
            attempt.parked_s = parked_s;
        });
        lease
    }
}
