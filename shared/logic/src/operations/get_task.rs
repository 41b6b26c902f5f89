//! Read one task.

use super::{Caller, Operation};
use crate::plan::Plan;
use crate::record::Task;
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::{Key, Need, Scope};
use owp_wire::{TaskId, Timestamp};

pub struct GetTask {
    /// `None` for an administrator.
    pub caller: Option<Caller>,
    pub task_id: TaskId,
}

impl Operation for GetTask {
    type Outcome = Task;

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        let caller = self.caller.iter().map(|caller| Need::Record(Key::Worker(caller.worker_id.clone())));
        caller.chain([Need::Record(Key::Task(self.task_id.clone()))]).collect()
    }

    fn caller(&self) -> Option<&Caller> {
        self.caller.as_ref()
    }

    fn decide(&self, plan: &mut Plan) -> Result<Task, Refusal> {
        plan.task(&self.task_id).cloned().ok_or_else(|| Refusal::TaskNotFound(self.task_id.clone()))
    }
}
