//! What a worker's record amounts to.

use super::{Caller, Operation};
use crate::plan::Plan;
use crate::record::Worker;
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::{Key, Need, Scope};
use owp_wire::{Timestamp, WorkerId};

pub struct GetReputation {
    /// `None` for an administrator.
    pub caller: Option<Caller>,
    pub worker_id: WorkerId,
}

impl Operation for GetReputation {
    type Outcome = Worker;

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        let caller = self.caller.iter().map(|caller| Need::Record(Key::Worker(caller.worker_id.clone())));
        caller.chain([Need::Record(Key::Worker(self.worker_id.clone()))]).collect()
    }

    fn caller(&self) -> Option<&Caller> {
        self.caller.as_ref()
    }

    fn decide(&self, plan: &mut Plan) -> Result<Worker, Refusal> {
        let worker = plan.peek_worker(&self.worker_id);
        worker.cloned().ok_or_else(|| Refusal::WorkerNotFound(self.worker_id.clone()))
    }
}
