//! Shut a worker out. Nothing new is given to it from the first commit on; where it has more tasks than one commit can take
//! back, repeating the operation takes back the rest.

use super::Operation;
use crate::assignment::{Declined, decline};
use crate::limits::TAKEN_BACK_MAX;
use crate::outcome::end_lease;
use crate::plan::Plan;
use crate::record::EventKind;
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::{Need, Scope};
use owp_wire::{AttemptOutcome, TaskId, Timestamp, WorkerId};
use serde::{Deserialize, Serialize};
use serde_json::json;

#[derive(Clone, Debug)]
pub struct RevokeWorker {
    pub worker_id: WorkerId,
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revoked {
    /// All that it held, whether taken back by this commit or left to the next.
    pub tasks_requeued: Vec<TaskId>,
    #[serde(default)]
    pub more: bool,
}

impl Operation for RevokeWorker {
    type Outcome = Revoked;

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        vec![Need::WorkerWithHeld(self.worker_id.clone())]
    }

    fn decide(&self, plan: &mut Plan) -> Result<Revoked, Refusal> {
        let now = plan.now();
        let worker = plan.worker(&self.worker_id).ok_or_else(|| Refusal::WorkerNotFound(self.worker_id.clone()))?;
        let is_new = worker.revoked_at.is_none();
        let held: Vec<TaskId> = worker.held.iter().map(|held| held.task_id.clone()).collect();
        let offered: Vec<TaskId> = worker.offered.iter().map(|offered| offered.task_id.clone()).collect();
        for task_id in offered.iter().take(TAKEN_BACK_MAX) {
            decline(plan, task_id, Declined::Withdrawn, Some(&self.reason));
        }
        for task_id in held.iter().take(TAKEN_BACK_MAX.saturating_sub(offered.len())) {
            end_lease(plan, task_id, AttemptOutcome::Revoked, Some(&self.reason));
        }
        if is_new {
            let online_until = plan.worker_mut(&self.worker_id).last_seen_at.plus_s(plan.rules().heartbeat_ttl_s);
            if plan.worker_mut(&self.worker_id).online_since.is_some() {
                plan.leave(&self.worker_id, online_until.min(now));
            }
            let worker = plan.worker_mut(&self.worker_id);
            worker.revoked_at = Some(now);
            worker.token_version += 1;
            plan.worker_event(&self.worker_id, EventKind::WorkerRevoked, json!({ "reason": self.reason }));
        }
        Ok(Revoked { more: offered.len() + held.len() > TAKEN_BACK_MAX, tasks_requeued: held })
    }
}
