//! A repository with its review budget, and the areas of it that are taken.

use owp_wire::{RepoName, TaskId, Timestamp};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Repo {
    pub name: RepoName,
    /// The review budget; 0 stops assignment.
    pub max_open_prs: u32,
    pub area_locks_enabled: bool,
    pub paused: bool,
    pub clone_url: Option<String>,
    /// Tasks leased, in progress, blocked or sent back by reviewers. A dead lease counts until it is settled.
    pub leases_live: u32,
    pub prs_open: u32,
    /// When a task of it was last given; the repository that has waited longest goes first.
    pub last_granted_at: Timestamp,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// The number of the last event about this repository.
    pub event_seq: u64,
}

impl Repo {
    pub fn slots_used(&self) -> u32 {
        self.leases_live + self.prs_open
    }

    pub fn slots_free(&self) -> u32 {
        self.max_open_prs.saturating_sub(self.slots_used())
    }

    /// Whether a task of it can be given now, as far as the repository itself goes.
    pub fn is_open(&self) -> bool {
        !self.paused && self.slots_free() > 0
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
