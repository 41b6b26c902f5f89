//! A repository with its review budget, and the areas of it that are taken.

use super::link::RepoLink;
use super::policy::{Gate, RepoPolicy, quiet_at};
use crate::limits::{CATCH_UP_POINTS, DURATIONS_KEPT, DURATIONS_NEEDED, REVIEW_LOOK_S};
use crate::rules::Rules;
use owp_wire::{FitCode, RepoName, TaskId, Timestamp};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Repo {
    pub name: RepoName,
    /// The review budget; 0 stops assignment.
    pub max_open_prs: u32,
    pub area_locks_enabled: bool,
    /// Until a maintainer ends it.
    pub paused: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused_until: Option<Timestamp>,
    pub clone_url: Option<String>,
    #[serde(default, skip_serializing_if = "RepoPolicy::is_default")]
    pub policy: RepoPolicy,
    /// Whether there are handles on its lists; the lists are a record of their own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_lists: bool,
    /// Set once it was linked to GitHub.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub github: Option<Box<RepoLink>>,
    /// Tasks leased, in progress, blocked or sent back by reviewers. A dead lease counts until it is settled.
    pub leases_live: u32,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub offers_open: u32,
    /// Those that take a slot.
    pub prs_open: u32,
    /// Open without a sign of life for so long that they take no slot any more.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub prs_idle: u32,
    /// What was given so far, in points over weight; the repository with the least goes first.
    #[serde(default)]
    pub service: u64,
    /// When the hourly limit would be reached by one task at a time, evenly spaced.
    #[serde(default, skip_serializing_if = "is_start")]
    pub rate_mark: Timestamp,
    /// Seconds per point that the latest pull requests took, the newest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub durations: Vec<u32>,
    #[serde(default, skip_serializing_if = "Gate::is_default")]
    pub gate: Gate,
    /// Since when every slot is taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full_since: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// The number of the last event about this repository.
    pub event_seq: u64,
}

/// What one point of a repository of weight 1 adds to its service. Divides by every weight up to 100 without much loss.
const SERVICE_PER_POINT: u64 = 1_000_000;

const HOUR_MS: i64 = 3_600_000;

/// Why a repository gives nothing now, and until when where the clock knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed {
    pub code: FitCode,
    pub until: Option<Timestamp>,
}

impl Repo {
    pub fn slots_used(&self) -> u32 {
        self.leases_live + self.offers_open + self.prs_open
    }

    /// Room in the budget, security slots aside.
    pub fn slots_free(&self) -> u32 {
        self.max_open_prs.saturating_sub(self.slots_used())
    }

    /// Whether every slot is taken: the review budget is what holds the repository up.
    pub fn is_full(&self) -> bool {
        self.max_open_prs > 0 && self.slots_free() == 0
    }

    /// Room for a task that is marked `security`, or one that is not. A budget of 0 stops both.
    pub fn slots_free_for(&self, security: bool) -> u32 {
        let extra = if security && self.max_open_prs > 0 { self.policy.security_extra_slots } else { 0 };
        (self.max_open_prs + extra).saturating_sub(self.slots_used())
    }

    /// Whether such a task can be given, as the last commit left it. Stores look for work by this.
    pub fn is_open_for(&self, security: bool) -> bool {
        self.gate.open && self.slots_free_for(security) > 0
    }

    pub fn is_paused(&self, now: Timestamp) -> bool {
        self.paused || self.paused_until.is_some_and(|until| now < until)
    }

    /// What the clock and the maintainer's pause say, budget aside.
    pub fn closed(&self, now: Timestamp) -> Vec<Closed> {
        let mut closed = Vec::new();
        if self.is_paused(now) {
            let until = self.paused_until.filter(|_| !self.paused);
            closed.push(Closed { code: FitCode::RepoPaused, until });
        }
        if !self.policy.quiet_hours.is_empty() {
            let (quiet, until) = quiet_at(&self.policy.quiet_hours, now);
            closed.extend(quiet.then_some(Closed { code: FitCode::QuietHours, until }));
        }
        let until = self.rate_opens_at(now);
        if now < until {
            closed.push(Closed { code: FitCode::PrRateSpent, until: Some(until) });
        }
        closed
    }

    /// The gate as it is now.
    pub fn gate_at(&self, now: Timestamp) -> Gate {
        let closed = self.closed(now);
        if closed.iter().any(|closed| closed.until.is_none()) {
            return Gate { open: false, changes_at: None };
        }
        let quiet_changes = match self.policy.quiet_hours.as_slice() {
            [] => None,
            hours => quiet_at(hours, now).1,
        };
        let ends = closed.iter().filter_map(|closed| closed.until);
        Gate { open: closed.is_empty(), changes_at: ends.chain(quiet_changes).min() }
    }

    /// Whether the clock has moved the gate since it was last written.
    pub fn is_gate_due(&self, now: Timestamp) -> bool {
        self.gate.changes_at.is_some_and(|at| at <= now)
    }

    /// Counts a task that is given towards the hourly limit.
    ///
    /// The limit is a virtual schedule (GCRA, ITU-T I.371): a task moves the mark on by one interval, and none is given
    /// while the mark is an hour's worth of tasks ahead. What was not used adds up to an hour's worth, so a repository
    /// with quiet hours or a spent budget is not starved.
    pub fn count_towards_rate(&mut self, now: Timestamp) {
        if let Some(interval) = self.rate_interval_ms() {
            let mark = self.rate_mark_at(now).max(now).as_millis();
            self.rate_mark = Timestamp::from_millis(mark.saturating_add(interval));
        }
    }

    /// A task given within the last hour came to nothing.
    pub fn uncount_from_rate(&mut self, given_at: Timestamp, now: Timestamp) {
        if let Some(interval) = self.rate_interval_ms()
            && now.as_millis() - given_at.as_millis() < HOUR_MS
        {
            self.rate_mark = Timestamp::from_millis(self.rate_mark.as_millis() - interval);
        }
    }

    fn rate_opens_at(&self, now: Timestamp) -> Timestamp {
        match self.rate_interval_ms() {
            Some(interval) => Timestamp::from_millis(self.rate_mark_at(now).as_millis() - HOUR_MS + interval),
            None => Timestamp::from_millis(i64::MIN),
        }
    }

    /// No hour's worth of tasks moves the mark more than an hour ahead: one that is farther was set by a clock that was wrong,
    /// and would close the repository for as long as that was.
    fn rate_mark_at(&self, now: Timestamp) -> Timestamp {
        if self.rate_mark.as_millis() - now.as_millis() > HOUR_MS { now } else { self.rate_mark }
    }

    fn rate_interval_ms(&self) -> Option<i64> {
        let limit = i64::from(self.policy.prs_per_hour_max);
        (limit > 0).then(|| HOUR_MS / limit)
    }

    /// What giving a task of so many points adds to the service.
    pub fn service_cost(&self, points: u32) -> u64 {
        u64::from(points) * SERVICE_PER_POINT / u64::from(self.policy.weight.max(1))
    }

    /// Adds a task to the service. One that was idle for long, or is new, catches up on a rival by a few points only and
    /// not by all that it missed (as in start-time fair queueing, Goyal, Vin and Cheng 1996).
    pub fn serve(&mut self, points: u32, rival: Option<u64>) {
        let floor = rival.map_or(0, |rival| rival.saturating_sub(self.service_cost(CATCH_UP_POINTS)));
        self.service = self.service.max(floor).saturating_add(self.service_cost(points));
    }

    /// Notes how long a pull request took.
    pub fn learn_duration(&mut self, seconds: u32, points: u32) {
        self.durations.push(seconds / points.max(1));
        let surplus = self.durations.len().saturating_sub(DURATIONS_KEPT);
        self.durations.drain(..surplus);
    }

    /// How long a task is likely to take: three in four of the latest were done in that time, scaled by their points;
    /// where there are too few, what a point is taken to stand for.
    pub fn expected_s(&self, points: u32, rules: &Rules) -> u32 {
        let per_point = if self.durations.len() < DURATIONS_NEEDED {
            rules.point_s
        } else {
            let mut sorted = self.durations.clone();
            sorted.sort_unstable();
            sorted[(sorted.len() * 3).div_ceil(4) - 1]
        };
        per_point.saturating_mul(points)
    }

    /// When a pull request with its last sign of life then counts as idle; never where no days are set.
    pub fn review_idle_at(&self, alive_at: Timestamp) -> Option<Timestamp> {
        let days = self.policy.review_idle_days;
        (days > 0).then(|| alive_at.plus_s(days.saturating_mul(24 * 3600)))
    }

    /// When to look whether it is idle, as the days may be set anew.
    pub fn review_look_at(&self, alive_at: Timestamp, now: Timestamp) -> Timestamp {
        let look_at = now.plus_s(REVIEW_LOOK_S);
        self.review_idle_at(alive_at).map_or(look_at, |idle_at| idle_at.min(look_at))
    }
}

/// The tasks that hold one area of one repository, from lease until merged or closed. More than one only where area locks
/// are or were off: claims are recorded even then, so that switching the locks on is safe.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AreaClaim {
    pub repo: RepoName,
    pub area: String,
    pub tasks: Vec<TaskId>,
}

impl AreaClaim {
    /// Whether another task of this area must wait.
    pub fn locks(&self, repo: &Repo) -> bool {
        repo.area_locks_enabled && !self.tasks.is_empty()
    }
}

/// Who may work on a repository, by GitHub handle in lower case, each list sorted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Admission {
    pub repo: RepoName,
    pub allowed: Vec<String>,
    pub denied: Vec<String>,
}

impl Admission {
    pub fn allows(&self, handle: &str) -> bool {
        self.allowed.binary_search(&handle.to_lowercase()).is_ok()
    }

    pub fn denies(&self, handle: &str) -> bool {
        self.denied.binary_search(&handle.to_lowercase()).is_ok()
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
fn is_start(at: &Timestamp) -> bool {
    *at == Timestamp::default()
}
