//! See yourself as the pool sees you.

use super::{Caller, Operation};
use crate::plan::Plan;
use crate::record::Worker;
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::{Key, Need, Scope};
use owp_wire::Timestamp;

pub struct GetOwnWorker {
    pub caller: Caller,
}

impl Operation for GetOwnWorker {
    type Outcome = Worker;

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        vec![Need::Record(Key::Worker(self.caller.worker_id.clone()))]
    }

    fn caller(&self) -> Option<&Caller> {
        Some(&self.caller)
    }

    fn decide(&self, plan: &mut Plan) -> Result<Worker, Refusal> {
        Ok(plan.worker(&self.caller.worker_id).expect("it was authenticated").clone())
    }
}
