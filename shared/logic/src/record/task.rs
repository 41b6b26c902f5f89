//! A task, its lease and its attempts.

use owp_wire::{Artifact, AttemptOutcome, LeaseId, RepoName, TaskId, TaskState, Timestamp, WorkerId};
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
    pub message: Option<String>,
    pub artifact: Option<Artifact>,
    /// What the present or an earlier holder left for the next.
    pub branch: Option<String>,
    pub notes: Option<String>,
    pub attempts_used: u32,
    pub attempts: Vec<Attempt>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
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
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lease {
    pub id: LeaseId,
    pub worker_id: WorkerId,
    pub granted_at: Timestamp,
    /// Runs while the task is held; stands still while it is in review.
    pub expires_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attempt {
    pub worker_id: WorkerId,
    pub lease_id: LeaseId,
    pub started_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    pub outcome: Option<AttemptOutcome>,
    pub reason: Option<String>,
    pub branch: Option<String>,
    pub notes: Option<String>,
}

/// What a task in some state takes from its repository, its area and its holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holding {
    /// Budget and area, and capacity of the holder; the lease clock runs.
    Lease,
    /// Budget and area.
    Review,
    Nothing,
}

pub const fn holding_of(state: TaskState) -> Holding {
    match state {
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
            Holding::Nothing => false,
        })
    }

    /// A lease whose time is up but which nobody has settled yet.
    pub fn has_dead_lease(&self, now: Timestamp) -> bool {
        self.holding() == Holding::Lease && self.live_lease(now).is_none()
    }

    /// Its state by the clock: a lease that is over is over, however late it is settled.
    pub fn state_at(&self, now: Timestamp) -> TaskState {
        if !self.has_dead_lease(now) {
            return self.state;
        }
        let spent = self.attempts_used + 1 >= self.spec.attempts_max;
        if spent { TaskState::Failed } else { TaskState::Ready }
    }

    pub fn fit_class(&self) -> FitClass {
        FitClass { tier: self.spec.tier, points: self.spec.estimate_points, skills: self.spec.required_skills.clone() }
    }
}

/// What a task asks of a worker. Tasks of one class are alike to whoever looks for work.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FitClass {
    pub tier: u32,
    pub points: u32,
    pub skills: Vec<String>,
}

impl FitClass {
    /// The skill under which workers find the class; empty where it asks for none.
    pub fn leading_skill(&self) -> &str {
        self.skills.first().map_or("", String::as_str)
    }
}

impl fmt::Display for FitClass {
    /// Unambiguous, because no skill holds a line break.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}", self.tier, self.points)?;
        self.skills.iter().try_for_each(|skill| write!(f, "\n{skill}"))
    }
}

impl std::str::FromStr for FitClass {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut lines = text.split('\n');
        Ok(Self {
            tier: lines.next().unwrap_or_default().parse()?,
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
            let class = FitClass { tier: 2, points: 13, skills };
            assert_eq!(class.to_string().parse::<FitClass>().unwrap(), class);
        }
    }

    #[test]
    fn skills_compare_trimmed_and_lower_case() {
        let skills = ["  Python ", "python", "DOCS", " "].map(str::to_owned);
        assert_eq!(normalize_skills(&skills), ["python", "docs"]);
    }
}
