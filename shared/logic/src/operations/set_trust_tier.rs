//! Say how far a worker is trusted.

use super::Operation;
use crate::assignment::{Declined, decline};
use crate::fit::tier_asked;
use crate::lifecycle::free_state;
use crate::limits::TAKEN_BACK_MAX;
use crate::outcome::close_attempt;
use crate::plan::Plan;
use crate::record::EventKind;
use crate::refusal::Refusal;
use crate::rules::{Rules, task_tier_max};
use crate::snapshot::{Need, Scope};
use owp_wire::{AttemptOutcome, RunningLeases, TaskId, Timestamp, TrustTier, WorkerId};
use serde::{Deserialize, Serialize};
use serde_json::json;

#[derive(Clone, Debug)]
pub struct SetTrustTier {
    pub worker_id: WorkerId,
    pub tier: TrustTier,
    pub reason: String,
    pub leases: RunningLeases,
    /// `None` leaves it as it is.
    pub handle_verified: Option<bool>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustSet {
    pub tier: TrustTier,
    /// All that are, as are the tasks, whether by this commit or left to the next.
    pub offers_withdrawn: Vec<TaskId>,
    pub tasks_requeued: Vec<TaskId>,
    /// Whether there are more than one commit can take back; repeating the operation goes on with them.
    #[serde(default)]
    pub more: bool,
}

impl Operation for SetTrustTier {
    type Outcome = TrustSet;

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        vec![Need::WorkerWithHeld(self.worker_id.clone())]
    }

    fn decide(&self, plan: &mut Plan) -> Result<TrustSet, Refusal> {
        let worker = plan.worker(&self.worker_id).ok_or_else(|| Refusal::WorkerNotFound(self.worker_id.clone()))?;
        let before = (worker.trust_tier, worker.handle_verified);
        let after = (self.tier, self.handle_verified.unwrap_or(worker.handle_verified));
        let offered: Vec<TaskId> = worker.offered.iter().map(|offered| offered.task_id.clone()).collect();
        let held: Vec<TaskId> = worker.held.iter().map(|held| held.task_id.clone()).collect();
        if before != after {
            let worker = plan.worker_mut(&self.worker_id);
            (worker.trust_tier, worker.handle_verified) = after;
            let details = json!({
                "from": before.0, "trust_tier": after.0, "handle_verified": after.1, "reason": self.reason,
            });
            plan.worker_event(&self.worker_id, EventKind::WorkerTrustChanged, details);
        }
        let withdrawn: Vec<TaskId> = offered.into_iter().filter(|id| self.is_out_of_reach(plan, id)).collect();
        let taken_back = held.into_iter().filter(|id| self.is_out_of_reach(plan, id));
        let taken_back: Vec<TaskId> = taken_back.filter(|_| self.leases == RunningLeases::TakeBack).collect();
        for task_id in withdrawn.iter().take(TAKEN_BACK_MAX) {
            decline(plan, task_id, Declined::Withdrawn, None);
        }
        for task_id in taken_back.iter().take(TAKEN_BACK_MAX.saturating_sub(withdrawn.len())) {
            let to = free_state(plan.task(task_id).expect("what a worker has is in scope"));
            let (kind, outcome) = (EventKind::TaskRequeued, AttemptOutcome::TakenBack);
            close_attempt(plan, task_id, to, kind, outcome, Some(&self.reason));
        }
        let more = withdrawn.len() + taken_back.len() > TAKEN_BACK_MAX;
        Ok(TrustSet { tier: self.tier, offers_withdrawn: withdrawn, tasks_requeued: taken_back, more })
    }
}

impl SetTrustTier {
    fn is_out_of_reach(&self, plan: &Plan, task_id: &TaskId) -> bool {
        let task = plan.peek_task(task_id).expect("what a worker has is in scope");
        let repo = plan.peek_repo(&task.repo).expect("a task's repo is in scope");
        task.spec.tier.max(tier_asked(repo)) > task_tier_max(self.tier)
    }
}
