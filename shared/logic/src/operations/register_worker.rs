//! Take part as a worker.

use super::Operation;
use crate::plan::Plan;
use crate::record::{Availability, DayPoints, EventKind, Worker, normalize_skills};
use crate::refusal::Refusal;
use crate::reputation::TrackRecord;
use crate::rules::Rules;
use crate::snapshot::{Record, Scope};
use owp_wire::{Timestamp, TrustTier, WorkMode, WorkerId, WorkerStatus};
use serde::{Deserialize, Serialize};
use serde_json::json;

pub struct RegisterWorker {
    pub name: String,
    pub github_handle: Option<String>,
    pub skills: Vec<String>,
    pub capacity_points: u32,
    pub max_concurrent_tasks: u32,
    pub work_mode: WorkMode,
    pub availability: Availability,
    /// A maintainer registers it, who knows whose handle it is.
    pub handle_verified: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    pub worker_id: WorkerId,
    pub token_version: u32,
    pub trust_tier: TrustTier,
    pub registered_at: Timestamp,
}

impl Operation for RegisterWorker {
    type Outcome = Registered;

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        Vec::new()
    }

    fn decide(&self, plan: &mut Plan) -> Result<Registered, Refusal> {
        let worker_id = WorkerId(plan.context.ids.fresh('w'));
        let (now, trust_tier) = (plan.now(), plan.rules().new_worker_tier);
        let mut skills = normalize_skills(&self.skills);
        skills.sort();
        let details = json!({
            "name": self.name, "skills": skills, "capacity_points": self.capacity_points,
            "max_concurrent_tasks": self.max_concurrent_tasks, "trust_tier": trust_tier, "work_mode": self.work_mode,
            "availability": self.availability,
        });
        let github_handle = self.github_handle.clone().filter(|handle| !handle.is_empty());
        plan.put(Record::Worker(Worker {
            id: worker_id.clone(),
            name: self.name.trim_ascii().to_owned(),
            handle_verified: self.handle_verified && github_handle.is_some(),
            github_handle,
            skills,
            capacity_points: self.capacity_points,
            max_concurrent_tasks: self.max_concurrent_tasks,
            work_mode: self.work_mode,
            availability: self.availability.clone(),
            trust_tier,
            status: WorkerStatus::Idle,
            note: None,
            registered_at: now,
            last_seen_at: now,
            token_version: 1,
            revoked_at: None,
            held: Vec::new(),
            offered: Vec::new(),
            day: DayPoints::default(),
            track: TrackRecord::default(),
            in_review: Vec::new(),
            online_since: Some(now),
            busy_since: None,
            event_seq: 0,
        }));
        plan.worker_event(&worker_id, EventKind::WorkerRegistered, details);
        Ok(Registered { worker_id, token_version: 1, trust_tier, registered_at: now })
    }
}
