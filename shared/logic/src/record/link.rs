//! What connects a repository, a task and a pull request to GitHub.

use owp_wire::{AdmissionMode, LeaseId, SyncType, Timestamp, WorkerId, WritePermission};
use serde::{Deserialize, Serialize};

/// What the pool reads and writes at GitHub for one repository. Part of the repository's record, so it stays small.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RepoLink {
    pub sync: SyncType,
    /// Sorted, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub write: Vec<WritePermission>,
    pub admission: AdmissionMode,
    pub linked_at: Timestamp,
    /// When reading all issues began that was carried to its end; what changed before is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub synced_at: Option<Timestamp>,
    /// GitHub has taken the access away: nothing is asked or written until it gives it back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub suspended: bool,
}

impl RepoLink {
    pub fn imports(&self) -> bool {
        !self.suspended && matches!(self.sync, SyncType::Import | SyncType::Bidirectional)
    }

    pub fn exports(&self) -> bool {
        !self.suspended && matches!(self.sync, SyncType::Export | SyncType::Bidirectional)
    }

    pub fn may_write(&self, what: WritePermission) -> bool {
        self.exports() && self.write.contains(&what)
    }

    /// Whether pull requests are to be looked at.
    pub fn checks(&self) -> bool {
        self.admission != AdmissionMode::Off && self.may_write(WritePermission::Status)
    }
}

/// The issue that a task was made of. Its text is a snapshot: a maintainer put the label on, so that text was accepted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskSource {
    pub issue: u64,
    pub url: String,
    pub author: Option<String>,
    /// Of the title and text that were taken over.
    pub text_hash: String,
    /// When GitHub said something else than what was taken over; set while it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Timestamp>,
    /// Of the newest state of the issue that was seen. What is older changes nothing.
    pub seen_at: Timestamp,
    /// Its task was cancelled because of the issue, and comes back with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Withdrawn>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Withdrawn {
    Closed,
    /// The label was taken off, which only somebody may who may put it on.
    Unlabelled,
}

/// The pull request for a task, as GitHub has told of it so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PullRequest {
    pub number: u64,
    pub url: String,
    pub author: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head_sha: Option<String>,
    /// The commit that it became.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merge_sha: Option<String>,
    /// Whose work it is, and under which lease.
    pub worker_id: WorkerId,
    pub lease_id: LeaseId,
    #[serde(default, skip_serializing_if = "is_open")]
    pub stage: PullStage,
    /// Of the newest state that was seen; none where only the holder told of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen_at: Option<Timestamp>,
    /// When its present head was first seen. A review from before is of something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pushed_at: Option<Timestamp>,
    /// Of the newest review that sent it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewed_at: Option<Timestamp>,
}

/// What may come of a pull request, in an order in which none goes back within one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PullStage {
    /// Work under way, which reviewers are not asked to look at.
    Draft,
    #[default]
    Open,
    Closed,
    Merged,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
fn is_open(stage: &PullStage) -> bool {
    *stage == PullStage::Open
}

/// How an issue or a pull request of a repository is known among its keys. No key of a maintainer begins like this.
pub fn number_key(number: u64) -> String {
    format!("#{number}")
}

/// The same for the commit that a pull request became.
pub fn commit_key(sha: &str) -> String {
    format!("@{sha}")
}
