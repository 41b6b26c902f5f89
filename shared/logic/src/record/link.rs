//! What connects a repository, a task and a pull request to GitHub.

use crate::github::policy::Policy;
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
    /// What its policy file says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<Box<AcceptedPolicy>>,
    /// GitHub has taken the access away, or moved the repository: nothing is asked or written until that is put right.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub suspended: bool,
    /// Why, and how to put it right, for whoever maintains it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended_because: Option<String>,
    /// Since when. What has changed here since then is not said there yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended_at: Option<Timestamp>,
}

/// The policy file that counts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AcceptedPolicy {
    /// The state of the file that was looked at last.
    pub blob_sha: Option<String>,
    pub policy: Policy,
    /// What is wrong with that state, so that the policy is of one before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<String>,
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
    /// The newest review of each reviewer since then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reviews: Vec<SeenReview>,
}

/// What a reviewer last said of the present head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenReview {
    /// By handle; nobody's where the account is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    pub at: Timestamp,
    /// It sent the task back, and stands: it was neither dismissed nor followed by an approval.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub asks: bool,
}

/// Reviewers of one head that are remembered. Only who belongs to the repository counts as one.
pub const REVIEWS_KEPT_MAX: usize = 20;

impl PullRequest {
    pub fn asks_for_changes(&self) -> bool {
        self.reviews.iter().any(|review| review.asks)
    }

    /// Whether a review is newer than what its reviewer is known to have said. A dismissal is of the same moment as what it
    /// dismisses, and follows it.
    pub fn is_news(&self, review: &SeenReview) -> bool {
        let known = self.reviews.iter().find(|known| known.is_by_the_same(review));
        known.is_none_or(|known| review.at > known.at || (review.at == known.at && known.asks && !review.asks))
    }

    pub fn note_review(&mut self, review: SeenReview) {
        self.reviews.retain(|known| !known.is_by_the_same(&review));
        if self.reviews.len() >= REVIEWS_KEPT_MAX {
            self.reviews.remove(0);
        }
        self.reviews.push(review);
    }
}

impl SeenReview {
    fn is_by_the_same(&self, other: &Self) -> bool {
        let name_of = |review: &Self| review.by.as_ref().map(|by| by.to_lowercase());
        name_of(self) == name_of(other)
    }
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
