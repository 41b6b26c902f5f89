//! Shut a worker out.

use super::Operation;
use crate::assignment::{Declined, decline};
use crate::outcome::end_lease;
use crate::plan::Plan;
use crate::record::EventKind;
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::{Need, Scope};
use owp_wire::{AttemptOutcome, TaskId, Timestamp, WorkerId};
use serde::{Deserialize, Serialize};
use serde_json::json;

pub struct RevokeWorker {
    pub worker_id: WorkerId,
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revoked {
    pub tasks_requeued: Vec<TaskId>,
}

impl Operation for RevokeWorker {
    type Outcome = Revoked;

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        vec![Need::WorkerWithHeld(self.worker_id.clone())]
    }

    fn decide(&self, plan: &mut Plan) -> Result<Revoked, Refusal> {
        let now = plan.now();
        let worker = plan.worker(&self.worker_id).ok_or_else(|| Refusal::WorkerNotFound(self.worker_id.clone()))?;
        if worker.revoked_at.is_some() {
            return Ok(Revoked { tasks_requeued: Vec::new() });
        }
        let held: Vec<TaskId> = worker.held.iter().map(|held| held.task_id.clone()).collect();
        let offered: Vec<TaskId> = worker.offered.iter().map(|offered| offered.task_id.clone()).collect();
        for task_id in &offered {
            decline(plan, task_id, Declined::Withdrawn, Some(&self.reason));
        }
        for task_id in &held {
            end_lease(plan, task_id, AttemptOutcome::Revoked, Some(&self.reason));
        }
        let worker = plan.worker_mut(&self.worker_id);
        worker.revoked_at = Some(now);
        worker.token_version += 1;
        plan.worker_event(&self.worker_id, EventKind::WorkerRevoked, json!({ "reason": self.reason }));
        Ok(Revoked { tasks_requeued: held })
    }
}
