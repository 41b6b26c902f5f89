//! Decline what was offered.

use super::accept_offer::offered_under;
use super::{Caller, Operation, TaskStands};
use crate::assignment::{Declined, decline};
use crate::plan::Plan;
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::{Need, Scope};
use owp_wire::{OfferId, RejectReason, Timestamp};

pub struct RejectOffer {
    pub caller: Caller,
    pub offer_id: OfferId,
    pub reason: RejectReason,
    pub message: Option<String>,
}

impl Operation for RejectOffer {
    type Outcome = TaskStands;

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        vec![Need::WorkerWithHeld(self.caller.worker_id.clone())]
    }

    fn caller(&self) -> Option<&Caller> {
        Some(&self.caller)
    }

    fn decide(&self, plan: &mut Plan) -> Result<TaskStands, Refusal> {
        let task_id = offered_under(plan, &self.caller, &self.offer_id)?;
        let state = decline(plan, &task_id, Declined::Rejected(self.reason), self.message.as_deref());
        Ok(TaskStands { task_id, state })
    }
}
