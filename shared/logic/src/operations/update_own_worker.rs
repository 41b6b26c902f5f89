//! Change what a worker said about itself.

use super::{Caller, Operation};
use crate::plan::Plan;
use crate::record::{Availability, EventKind, Worker, normalize_skills};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::{Key, Need, Scope};
use owp_wire::{Timestamp, WorkMode};
use serde_json::json;

/// Fields that are `None` stay as they are; the availability is replaced as a whole.
pub struct UpdateOwnWorker {
    pub caller: Caller,
    pub skills: Option<Vec<String>>,
    pub capacity_points: Option<u32>,
    pub max_concurrent_tasks: Option<u32>,
    pub work_mode: Option<WorkMode>,
    pub availability: Option<Availability>,
}

impl Operation for UpdateOwnWorker {
    type Outcome = Worker;

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        vec![Need::Record(Key::Worker(self.caller.worker_id.clone()))]
    }

    fn caller(&self) -> Option<&Caller> {
        Some(&self.caller)
    }

    fn decide(&self, plan: &mut Plan) -> Result<Worker, Refusal> {
        let id = &self.caller.worker_id;
        let before = plan.worker(id).expect("it was authenticated").clone();
        let mut after = before.clone();
        if let Some(skills) = &self.skills {
            after.skills = normalize_skills(skills);
            after.skills.sort();
        }
        after.capacity_points = self.capacity_points.unwrap_or(before.capacity_points);
        after.max_concurrent_tasks = self.max_concurrent_tasks.unwrap_or(before.max_concurrent_tasks);
        after.work_mode = self.work_mode.unwrap_or(before.work_mode);
        after.availability = self.availability.clone().unwrap_or_else(|| before.availability.clone());
        if after != before {
            let details = json!({
                "skills": after.skills, "capacity_points": after.capacity_points,
                "max_concurrent_tasks": after.max_concurrent_tasks, "work_mode": after.work_mode,
                "availability": after.availability,
            });
            *plan.worker_mut(id) = after;
            plan.worker_event(id, EventKind::WorkerUpdated, details);
        }
        Ok(plan.worker(id).expect("it is there").clone())
    }
}
