//! A task, its lease and its attempts.

use super::link::{PullRequest, TaskSource};
use crate::periods::Spent;
use crate::reputation::Delivery;
use owp_wire::{
    Artifact, AttemptOutcome, LeaseId, OfferId, RejectReason, RepoName, TaskId, TaskState, Timestamp, WorkerId,
};
use serde::{Deserialize, Serialize};
use std::fmt;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    pub id: TaskId,
    pub repo: RepoName,
    pub spec: TaskSpec,
    pub state: TaskState,
    pub state_since: Timestamp,
    /// Set from the moment it is given until it is merged, closed or ready again.
    pub lease: Option<Lease>,
    /// Set while it is offered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<Offer>,
    pub message: Option<String>,
    pub artifact: Option<Artifact>,
    /// What the present or an earlier holder left for the next.
    pub branch: Option<String>,
    pub notes: Option<String>,
    pub attempts_used: u32,
    pub attempts: Vec<Attempt>,
    /// Offers that came to nothing since a maintainer last looked at it, the latest ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub declines: Vec<Decline>,
    /// Those it depends on that are not merged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waits_for: Vec<TaskId>,
    /// Tasks that depend on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dependents: Vec<TaskId>,
    /// The last sign of life of its pull request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_alive_at: Option<Timestamp>,
    /// When to look whether its pull request is idle.
    #[serde(default, alias = "review_idle_at", skip_serializing_if = "Option::is_none")]
    pub review_look_at: Option<Timestamp>,
    /// Its pull request was idle for so long that it takes no slot any more, until it is merged or closed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub off_budget: bool,
    /// The issue it was made of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Box<TaskSource>>,
    /// Of the latest attempt that came so far, where its repository is linked to GitHub.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pull_request: Option<Box<PullRequest>>,
    #[serde(default, skip_serializing_if = "Spent::is_none")]
    pub spent: Spent,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// When its title or description was changed last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text_changed_at: Option<Timestamp>,
    /// Since when it waits; a task that comes back keeps its place.
    pub ready_at: Timestamp,
    /// The number of the last event about this task.
    pub event_seq: u64,
}

/// What a maintainer says about a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskSpec {
    pub key: Option<String>,
    pub title: String,
    pub description: String,
    pub estimate_points: u32,
    pub priority: u32,
    /// Trimmed, lower-case, each once, in the order given: the first one leads.
    pub required_skills: Vec<String>,
    pub area: Option<String>,
    pub tier: u32,
    pub attempts_max: u32,
    /// Tasks that have to be merged first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<TaskId>,
    /// May use the slots that its repository keeps for security.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub security: bool,
    /// GitHub handle of who asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filed_by: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lease {
    pub id: LeaseId,
    pub worker_id: WorkerId,
    pub granted_at: Timestamp,
    /// Runs while the task is held; stands still while it is in review.
    pub expires_at: Timestamp,
    /// The last end that renewing can reach; `None` in records from before there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold_until: Option<Timestamp>,
    /// A pull request opened until then is on time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_time_until: Option<Timestamp>,
    /// The offer that was accepted for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer_id: Option<OfferId>,
    /// Set while it is parked, until the holder goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parked_until: Option<Timestamp>,
    /// It can't be parked again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub was_parked: bool,
}

/// A task that one worker may take until the offer ends. It holds budget, area and capacity as a lease does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Offer {
    pub id: OfferId,
    pub worker_id: WorkerId,
    pub offered_at: Timestamp,
    pub expires_at: Timestamp,
}

/// An offer that came to nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decline {
    pub worker_id: WorkerId,
    pub at: Timestamp,
    /// `None`: not answered in time, or taken back.
    pub reason: Option<RejectReason>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attempt {
    pub worker_id: WorkerId,
    pub lease_id: LeaseId,
    pub started_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pr_opened_at: Option<Timestamp>,
    /// Whether that was in time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_time: Option<bool>,
    /// How often reviewers asked for changes.
    #[serde(default, skip_serializing_if = "is_none_yet")]
    pub change_rounds: u32,
    /// How long its clocks stood still.
    #[serde(default, skip_serializing_if = "is_none_yet")]
    pub parked_s: u32,
    /// A maintainer's judgement of the pull request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<u8>,
    pub ended_at: Option<Timestamp>,
    pub outcome: Option<AttemptOutcome>,
    pub reason: Option<String>,
    pub branch: Option<String>,
    pub notes: Option<String>,
    /// What it counts for in the holder's reputation, once it has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
}

impl Attempt {
    /// How long the worker held the task before its pull request was open, without the time for which it was parked.
    pub fn held_ms(&self, now: Timestamp) -> i64 {
        let until = self.pr_opened_at.or(self.ended_at).unwrap_or(now);
        (until.as_millis() - self.started_at.as_millis() - i64::from(self.parked_s) * 1000).max(0)
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
fn is_none_yet(count: &u32) -> bool {
    *count == 0
}

/// What a task in some state takes from its repository, its area and its holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holding {
    /// Budget and area, and capacity of whom it is offered to; the offer's clock runs.
    Offer,
    /// Budget and area, and capacity of the holder; the lease clock runs.
    Lease,
    /// Budget and area.
    Review,
    Nothing,
}

pub const fn holding_of(state: TaskState) -> Holding {
    match state {
        TaskState::Offered => Holding::Offer,
        TaskState::Leased | TaskState::InProgress | TaskState::Blocked | TaskState::ChangesRequested => Holding::Lease,
        TaskState::PrOpened => Holding::Review,
        TaskState::Waiting
        | TaskState::Ready
        | TaskState::Merged
        | TaskState::Closed
        | TaskState::Failed
        | TaskState::NeedsInfo
        | TaskState::Cancelled => Holding::Nothing,
    }
}

impl Task {
    pub fn holding(&self) -> Holding {
        holding_of(self.state)
    }

    /// The lease that may still write: the clock decides when the record is read, however late the sweep is.
    pub fn live_lease(&self, now: Timestamp) -> Option<&Lease> {
        self.lease.as_ref().filter(|lease| match self.holding() {
            Holding::Lease => now < lease.expires_at,
            Holding::Review => true,
            Holding::Offer | Holding::Nothing => false,
        })
    }

    /// The offer that may still be accepted.
    pub fn live_offer(&self, now: Timestamp) -> Option<&Offer> {
        self.offer.as_ref().filter(|offer| now < offer.expires_at)
    }

    /// When the clock alone changes something: the end of the lease or offer, or of a review that nobody moves.
    pub fn due_at(&self) -> Option<Timestamp> {
        match self.holding() {
            Holding::Offer => self.offer.as_ref().map(|offer| offer.expires_at),
            Holding::Lease => self.lease.as_ref().map(|lease| lease.expires_at),
            Holding::Review => self.review_look_at.filter(|_| !self.off_budget),
            Holding::Nothing => None,
        }
    }

    /// Whether the clock has changed something that nobody has settled yet.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.due_at().is_some_and(|due| due <= now)
    }

    /// Its state by the clock: a lease or an offer that is over is over, however late it is settled.
    pub fn state_at(&self, now: Timestamp) -> TaskState {
        let free = if self.waits_for.is_empty() { TaskState::Ready } else { TaskState::Waiting };
        match self.holding() {
            Holding::Offer if self.is_due(now) => free,
            Holding::Lease if self.is_due(now) => {
                let spent = self.attempts_used + 1 >= self.spec.attempts_max;
                if spent { TaskState::Failed } else { free }
            }
            _ => self.state,
        }
    }

    /// What a worker has used of the time that it may hold this task.
    pub fn held_ms_by(&self, worker_id: &WorkerId, now: Timestamp) -> i64 {
        self.attempts.iter().filter(|attempt| attempt.worker_id == *worker_id).map(|attempt| attempt.held_ms(now)).sum()
    }

    /// The attempt that was made under this lease, as long as it is kept.
    pub fn attempt_mut(&mut self, lease_id: &LeaseId) -> Option<&mut Attempt> {
        self.attempts.iter_mut().find(|attempt| attempt.lease_id == *lease_id)
    }

    /// The attempt whose pull request was merged. It may not be the latest: a merge counts however late it comes.
    pub fn merged_attempt_mut(&mut self) -> Option<&mut Attempt> {
        self.attempts.iter_mut().rev().find(|attempt| attempt.outcome == Some(AttemptOutcome::Merged))
    }

    pub fn fit_class(&self) -> FitClass {
        FitClass {
            tier: self.spec.tier,
            points: self.spec.estimate_points,
            security: self.spec.security,
            skills: self.spec.required_skills.clone(),
        }
    }
}

/// What a task asks of a worker. Tasks of one class are alike to whoever looks for work.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FitClass {
    pub tier: u32,
    pub points: u32,
    /// May use slots that others may not.
    pub security: bool,
    pub skills: Vec<String>,
}

impl FitClass {
    /// The skill under which workers find the class; empty where it asks for none.
    pub fn leading_skill(&self) -> &str {
        self.skills.first().map_or("", String::as_str)
    }
}

/// Behind the tier of a class whose tasks may use the security slots.
const SECURITY_MARK: &str = "s";

impl fmt::Display for FitClass {
    /// Unambiguous, because no skill holds a line break.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}\n{}", self.tier, if self.security { SECURITY_MARK } else { "" }, self.points)?;
        self.skills.iter().try_for_each(|skill| write!(f, "\n{skill}"))
    }
}

impl std::str::FromStr for FitClass {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut lines = text.split('\n');
        let tier = lines.next().unwrap_or_default();
        Ok(Self {
            security: tier.ends_with(SECURITY_MARK),
            tier: tier.trim_end_matches(SECURITY_MARK).parse()?,
            points: lines.next().unwrap_or_default().parse()?,
            skills: lines.map(str::to_owned).collect(),
        })
    }
}

/// Skills compare trimmed and lower-case. Keeps the order, drops repeats and what is empty.
pub fn normalize_skills(skills: &[String]) -> Vec<String> {
    let mut normal = Vec::with_capacity(skills.len());
    for skill in skills {
        let skill = skill.trim_ascii().to_lowercase();
        if !skill.is_empty() && !normal.contains(&skill) {
            normal.push(skill);
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fit_class_survives_being_written_and_read() {
        for skills in [vec![], vec!["rust".to_owned()], vec!["c++, old".to_owned(), "sql|x".to_owned()]] {
            for security in [false, true] {
                let class = FitClass { tier: 2, points: 13, security, skills: skills.clone() };
                assert_eq!(class.to_string().parse::<FitClass>().unwrap(), class);
            }
        }
    }

    #[test]
    fn skills_compare_trimmed_and_lower_case() {
        let skills = ["  Python ", "python", "DOCS", " "].map(str::to_owned);
        assert_eq!(normalize_skills(&skills), ["python", "docs"]);
    }
}
