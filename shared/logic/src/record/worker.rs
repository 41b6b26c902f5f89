//! A contributor's client.

use crate::limits::IN_REVIEW_MAX;
use crate::rules::{Rules, task_tier_max};
use owp_wire::{LeaseId, TaskId, Timestamp, TrustTier, WorkerId, WorkerStatus};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Worker {
    pub id: WorkerId,
    pub name: String,
    pub github_handle: Option<String>,
    /// Trimmed, lower-case, sorted, each once.
    pub skills: Vec<String>,
    pub capacity_points: u32,
    pub max_concurrent_tasks: u32,
    pub trust_tier: TrustTier,
    pub status: WorkerStatus,
    pub note: Option<String>,
    pub registered_at: Timestamp,
    /// The last sign of life, at most [`Rules::presence_granularity_s`] too old.
    pub last_seen_at: Timestamp,
    /// Tokens that name another version are void.
    pub token_version: u32,
    pub revoked_at: Option<Timestamp>,
    /// One entry per task in a state that takes capacity.
    pub held: Vec<Held>,
    pub in_review: Vec<TaskId>,
    /// The number of the last event about this worker.
    pub event_seq: u64,
}

/// What a worker's own record says of a lease; the task's record is the authority.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Held {
    pub task_id: TaskId,
    pub lease_id: LeaseId,
    pub points: u32,
    /// Reviewers want more: the response clock runs, and the worker's silence doesn't end it.
    #[serde(default)]
    pub response_due: bool,
}

/// What a worker could be given, as far as its own record tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub skills: Vec<String>,
    pub tier_max: u32,
    pub points_max: u32,
    pub tasks_max: usize,
}

impl Worker {
    pub fn points_held(&self) -> u32 {
        self.held.iter().map(|held| held.points).sum()
    }

    /// How many of its leases end when it falls silent.
    pub fn leases_bound_to_presence(&self) -> usize {
        self.held.iter().filter(|held| !held.response_due).count()
    }

    pub fn points_free(&self) -> u32 {
        self.capacity_points.saturating_sub(self.points_held())
    }

    pub fn has_room_for_another_task(&self) -> bool {
        self.held.len() < self.max_concurrent_tasks as usize && self.in_review.len() < IN_REVIEW_MAX
    }

    pub fn is_online(&self, rules: &Rules, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.last_seen_at.plus_s(rules.heartbeat_ttl_s)
    }

    /// Silent for so long that its leases go back.
    pub fn is_gone(&self, rules: &Rules, now: Timestamp) -> bool {
        now >= self.last_seen_at.plus_s(rules.silence_max_s())
    }

    pub fn has_skills(&self, required: &[String]) -> bool {
        required.iter().all(|skill| self.skills.binary_search(skill).is_ok())
    }

    /// `None` where no task could be given to it whatever the pool holds.
    pub fn wanted(&self) -> Option<Wanted> {
        let takes_work = self.revoked_at.is_none()
            && self.status != WorkerStatus::Paused
            && self.has_room_for_another_task()
            && self.points_free() > 0;
        takes_work.then(|| Wanted {
            skills: self.skills.clone(),
            tier_max: task_tier_max(self.trust_tier),
            points_max: self.points_free(),
            tasks_max: self.max_concurrent_tasks as usize - self.held.len(),
        })
    }
}
