//! Pages of records for people to read.

use crate::StoreError;
use owp_logic::Task;
use owp_wire::{RepoName, TaskState, Timestamp, WorkerId};
use std::collections::BTreeMap;
use std::fmt;

/// Which part of a list.
#[derive(Clone, Debug)]
pub struct Page {
    /// The `next` of the page before. Its meaning is the store's own.
    pub after: Option<String>,
    pub limit: usize,
}

#[derive(Clone, Debug)]
pub struct Listed<T> {
    pub items: Vec<T>,
    /// Where the next page starts, if there may be one.
    pub next: Option<String>,
}

/// A place among the events. Its meaning is the store's own, and one store's places say nothing to another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cursor(pub String);

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The place of a store that counts its events from 1.
impl From<u64> for Cursor {
    fn from(place: u64) -> Self {
        Self(place.to_string())
    }
}

impl Cursor {
    /// The place in a store that counts its events.
    pub(crate) fn counted(cursor: Option<&Self>) -> Result<Option<u64>, StoreError> {
        let Some(Self(place)) = cursor else { return Ok(None) };
        let is_plain = place.bytes().all(|byte| byte.is_ascii_digit());
        place.parse().ok().filter(|_| is_plain).map(Some).ok_or(StoreError::BadCursor)
    }
}

/// Fields that are `None` exclude nothing.
#[derive(Clone, Debug, Default)]
pub struct TaskFilter {
    pub repo: Option<RepoName>,
    pub state: Option<TaskState>,
    pub area: Option<String>,
    /// Trimmed and lower-case.
    pub skill: Option<String>,
    /// Who holds it or has it in review.
    pub worker_id: Option<WorkerId>,
}

impl TaskFilter {
    pub fn admits(&self, task: &Task) -> bool {
        let holder = task.lease.as_ref().map(|lease| &lease.worker_id);
        self.repo.as_ref().is_none_or(|repo| *repo == task.repo)
            && self.state.is_none_or(|state| state == task.state)
            && self.area.as_ref().is_none_or(|area| Some(area) == task.spec.area.as_ref())
            && self.skill.as_ref().is_none_or(|skill| task.spec.required_skills.contains(skill))
            && self.worker_id.as_ref().is_none_or(|worker| Some(worker) == holder)
    }
}

#[derive(Clone, Debug, Default)]
pub struct WorkerFilter {
    /// Only workers heard of after then, or only the others.
    pub online: Option<(bool, Timestamp)>,
}

/// The pool in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub workers_online: usize,
    pub workers_total: usize,
    pub repos_total: usize,
    /// Live leases and open pull requests over all repositories.
    pub slots_used: u64,
    pub slots_total: u64,
    pub tasks: BTreeMap<TaskState, usize>,
}
