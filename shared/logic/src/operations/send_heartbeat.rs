//! Say that this worker is there, and how it fares.

use super::{Caller, Operation};
use crate::plan::Plan;
use crate::record::EventKind;
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::{Key, Need, Scope};
use owp_wire::{Timestamp, WorkerStatus};
use serde_json::json;

pub struct SendHeartbeat {
    pub caller: Caller,
    pub status: WorkerStatus,
    pub note: Option<String>,
}

impl Operation for SendHeartbeat {
    type Outcome = Timestamp;

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        vec![Need::Record(Key::Worker(self.caller.worker_id.clone()))]
    }

    fn caller(&self) -> Option<&Caller> {
        Some(&self.caller)
    }

    /// Answers with the pool's time.
    fn decide(&self, plan: &mut Plan) -> Result<Timestamp, Refusal> {
        let id = &self.caller.worker_id;
        let worker = plan.worker(id).expect("it was authenticated");
        let (status_changed, note_changed) = (worker.status != self.status, worker.note != self.note);
        if status_changed || note_changed {
            let worker = plan.worker_mut(id);
            worker.status = self.status;
            worker.note.clone_from(&self.note);
        }
        if status_changed {
            plan.worker_event(id, EventKind::WorkerStatusChanged, json!({ "status": self.status }));
        }
        Ok(plan.now())
    }
}
