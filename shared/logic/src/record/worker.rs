//! A contributor's client.

use crate::limits::IN_REVIEW_MAX;
use crate::reputation::TrackRecord;
use crate::rules::{Rules, task_tier_max};
use owp_wire::{LeaseId, OfferId, TaskId, Timestamp, TrustTier, WorkMode, WorkerId, WorkerStatus};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Worker {
    pub id: WorkerId,
    pub name: String,
    pub github_handle: Option<String>,
    /// Somebody made sure that the handle is its own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub handle_verified: bool,
    /// Trimmed, lower-case, sorted, each once.
    pub skills: Vec<String>,
    pub capacity_points: u32,
    pub max_concurrent_tasks: u32,
    #[serde(default = "auto")]
    pub work_mode: WorkMode,
    #[serde(default, skip_serializing_if = "Availability::is_default")]
    pub availability: Availability,
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
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offered: Vec<Offered>,
    /// What was leased to it on the last day on which something was.
    #[serde(default, skip_serializing_if = "DayPoints::is_default")]
    pub day: DayPoints,
    #[serde(default, skip_serializing_if = "TrackRecord::is_default")]
    pub track: TrackRecord,
    pub in_review: Vec<TaskId>,
    /// Since when it counts as there. Ends with the first sweep or call that finds it was silent for too long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub online_since: Option<Timestamp>,
    /// Since when it holds at least one task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub busy_since: Option<Timestamp>,
    /// The number of the last event about this worker.
    pub event_seq: u64,
}

/// What a worker's own record says of a lease; the task's record is the authority.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Held {
    pub task_id: TaskId,
    pub lease_id: LeaseId,
    pub points: u32,
    /// Reviewers want more, or it is parked: the lease's own clock alone runs, and silence doesn't end it.
    #[serde(default, alias = "response_due", skip_serializing_if = "std::ops::Not::not")]
    pub may_be_silent: bool,
}

/// What a worker's own record says of an offer; the task's record is the authority.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Offered {
    pub task_id: TaskId,
    pub offer_id: OfferId,
    pub points: u32,
}

/// How much time and quota a worker says it has; `None` sets no limit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Availability {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quota_resets_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points_per_day: Option<u32>,
}

impl Availability {
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Points leased on one day in UTC, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayPoints {
    pub day: i64,
    pub points: u32,
}

const DAY_MS: i64 = 24 * 3_600_000;

impl DayPoints {
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// What was leased on the day of `now`.
    pub fn on(self, now: Timestamp) -> u32 {
        if self.day == day_of(now) { self.points } else { 0 }
    }

    pub fn add(&mut self, now: Timestamp, points: u32) {
        *self = Self { day: day_of(now), points: self.on(now).saturating_add(points) };
    }
}

fn day_of(now: Timestamp) -> i64 {
    now.as_millis().div_euclid(DAY_MS)
}

/// Workers from before there was a choice.
fn auto() -> WorkMode {
    WorkMode::Auto
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
    /// Points of live leases and open offers.
    pub fn points_held(&self) -> u32 {
        let held = self.held.iter().map(|held| held.points);
        held.chain(self.offered.iter().map(|offered| offered.points)).sum()
    }

    /// When another day begins, on which points count anew.
    pub fn next_day(now: Timestamp) -> Timestamp {
        Timestamp::from_millis((day_of(now) + 1) * DAY_MS)
    }

    /// Points that may still be leased to it today; open offers count as if they were accepted.
    pub fn points_left_today(&self, now: Timestamp) -> u32 {
        let offered: u32 = self.offered.iter().map(|offered| offered.points).sum();
        let used = self.day.on(now).saturating_add(offered);
        self.availability.points_per_day.map_or(u32::MAX, |limit| limit.saturating_sub(used))
    }

    /// Until when its quota is spent, as it said itself.
    pub fn quota_spent_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.availability.quota_resets_at.filter(|resets_at| now < *resets_at)
    }

    /// Tasks that go back when the worker falls silent.
    pub fn held_while_present(&self) -> impl Iterator<Item = &TaskId> {
        self.held.iter().filter(|held| !held.may_be_silent).map(|held| &held.task_id)
    }

    /// How many of its leases end when it falls silent.
    pub fn leases_bound_to_presence(&self) -> usize {
        self.held_while_present().count()
    }

    pub fn points_free(&self) -> u32 {
        self.capacity_points.saturating_sub(self.points_held())
    }

    pub fn has_room_for_another_task(&self) -> bool {
        self.held.len() + self.offered.len() < self.max_concurrent_tasks as usize
            && self.in_review.len() < IN_REVIEW_MAX
    }

    pub fn is_online(&self, rules: &Rules, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.last_seen_at.plus_s(rules.heartbeat_ttl_s)
    }

    /// Silent for so long that its leases go back.
    pub fn is_gone(&self, rules: &Rules, now: Timestamp) -> bool {
        self.last_seen_at <= rules.silent_since(now)
    }

    pub fn has_skills(&self, required: &[String]) -> bool {
        required.iter().all(|skill| self.skills.binary_search(skill).is_ok())
    }

    /// `None` where no task could be given to it whatever the pool holds.
    pub fn wanted(&self, now: Timestamp) -> Option<Wanted> {
        let points_max = self.points_free().min(self.points_left_today(now));
        let takes_work = self.revoked_at.is_none()
            && self.status != WorkerStatus::Paused
            && self.has_room_for_another_task()
            && points_max > 0
            && self.quota_spent_until(now).is_none()
            && self.availability.until.is_none_or(|until| now < until);
        takes_work.then(|| Wanted {
            skills: self.skills.clone(),
            tier_max: task_tier_max(self.trust_tier),
            points_max,
            tasks_max: self.max_concurrent_tasks as usize - self.held.len() - self.offered.len(),
        })
    }
}
