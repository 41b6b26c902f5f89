//! Ask for more time.

use super::{Caller, Operation};
use crate::plan::Plan;
use crate::record::EventKind;
use crate::refusal::{Refusal, StaleBecause};
use crate::rules::Rules;
use crate::snapshot::{Need, Scope};
use owp_wire::{LeaseId, TaskId, TaskState, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;

pub struct RenewLease {
    pub caller: Caller,
    pub lease_id: LeaseId,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renewed {
    pub task_id: TaskId,
    pub expires_at: Timestamp,
    /// False where the lease has reached the longest time it may be held.
    pub renewable: bool,
}

impl Operation for RenewLease {
    type Outcome = Renewed;

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        vec![Need::Worker(self.caller.worker_id.clone())]
    }

    fn caller(&self) -> Option<&Caller> {
        Some(&self.caller)
    }

    fn decide(&self, plan: &mut Plan) -> Result<Renewed, Refusal> {
        let task_id = held_under(plan, &self.caller, &self.lease_id)?;
        let (now, rules) = (plan.now(), plan.rules());
        let task = plan.task(&task_id).expect("a held task is in scope");
        let lease = task.live_lease(now).ok_or(Refusal::LeaseStale(StaleBecause::Expired))?;
        // A reviewer's response clock starts anew each time, so its end bounds the hold and not the day of the grant.
        let hold_until = lease.hold_until.unwrap_or(lease.granted_at.plus_s(rules.lease_hold_max_s()));
        let last =
            if task.state == TaskState::ChangesRequested { lease.expires_at } else { hold_until.max(lease.expires_at) };
        let expires_at = now.plus_s(rules.lease_ttl_s).clamp(lease.expires_at, last);
        let renewed = Renewed { task_id: task_id.clone(), expires_at, renewable: expires_at < last };
        if expires_at > lease.expires_at {
            plan.task_mut(&task_id).lease.as_mut().expect("it is live").expires_at = expires_at;
            let holder = Some((&self.caller.worker_id, &self.lease_id));
            plan.task_event(&task_id, EventKind::LeaseRenewed, holder, json!({ "expires_at": expires_at }));
        }
        Ok(renewed)
    }
}

/// The task that the caller holds under this lease.
pub fn held_under(plan: &mut Plan, caller: &Caller, lease_id: &LeaseId) -> Result<TaskId, Refusal> {
    let worker = plan.worker(&caller.worker_id).expect("it was authenticated");
    let held = worker.held.iter().find(|held| held.lease_id == *lease_id);
    held.map(|held| held.task_id.clone()).ok_or(Refusal::LeaseStale(StaleBecause::Superseded))
}
