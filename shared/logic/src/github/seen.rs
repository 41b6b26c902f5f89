//! What GitHub tells, in the few words that the rules use. Whatever else it says is left out before it comes here.
//!
//! Each carries its whole state and when GitHub last changed it, so that who hears of things in another order than they
//! happened can tell what is older.

use owp_wire::{RepoName, Timestamp};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    pub number: u64,
    pub url: String,
    /// As its author wrote it, as is the body: hostile until cleaned and accepted.
    pub title: String,
    pub body: String,
    pub is_open: bool,
    /// Handle of who wrote it; `None` where the account is gone.
    pub author: Option<String>,
    pub labels: Vec<String>,
    pub assignees: Vec<String>,
    pub updated_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullRequest {
    pub number: u64,
    pub url: String,
    pub title: String,
    pub body: String,
    pub state: PullState,
    pub is_draft: bool,
    /// Handle of who opened it; `None` where the account is gone.
    pub author: Option<String>,
    /// Whether GitHub counts the author among the owners, members and collaborators of the repository.
    pub author_belongs: bool,
    pub head_sha: String,
    pub head_branch: String,
    pub base_repo: RepoName,
    pub base_branch: String,
    pub default_branch: String,
    /// The commit that it became, once it is merged.
    pub merge_sha: Option<String>,
    /// Not told with every event.
    pub changes: Option<Changes>,
    pub updated_at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PullState {
    Open,
    Merged,
    /// Closed without a merge.
    Closed,
}

/// The size of a pull request in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    pub files: u32,
    /// Lines added and lines removed.
    pub lines: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedFile {
    pub path: String,
    /// Where it was before it was moved.
    pub previous_path: Option<String>,
    /// Lines added and lines removed.
    pub lines: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    pub verdict: ReviewVerdict,
    pub author: Option<String>,
    /// Whether the reviewer belongs to the repository. Anybody may review what is public, and ask for changes.
    pub author_belongs: bool,
    pub submitted_at: Timestamp,
    /// The commit that was looked at.
    pub head_sha: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewVerdict {
    Approved,
    ChangesRequested,
    /// Taken back, by its reviewer or by who may.
    Dismissed,
    /// A comment.
    Other,
}

/// What a check run, or a commit status, says of the newest commit of a pull request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    pub name: String,
    pub head_sha: String,
    pub conclusion: Conclusion,
    pub title: String,
    /// Markdown, as is the text.
    pub summary: String,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conclusion {
    Success,
    Failure,
    /// Something is to be said, and nothing held up by it.
    Neutral,
    /// The question does not arise.
    Skipped,
}

/// One webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The installation of a GitHub App that it came through.
    pub installation_id: Option<u64>,
    pub event: Event,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    Ping,
    Issue(IssueEvent),
    /// A label of the repository was renamed or removed, and with it those of its issues.
    Labels {
        repo: RepoName,
    },
    PullRequest(PullRequestEvent),
    Review(ReviewEvent),
    /// Somebody asks for checks of a commit to be made again.
    CheckAgain {
        repo: RepoName,
        /// `None` for all of them.
        name: Option<String>,
        head_sha: String,
        /// Those from a fork are not named.
        pull_requests: Vec<u64>,
    },
    /// The app was installed, or its permissions changed.
    Installed {
        installation_id: u64,
        repos: Vec<RepoName>,
    },
    /// The app was taken away or suspended; for all repositories of the installation where none is named.
    Uninstalled {
        installation_id: u64,
        repos: Vec<RepoName>,
    },
    /// The repository is not there any more.
    Moved {
        repo: RepoName,
        /// Its name from now on; `None` where it was deleted.
        to: Option<RepoName>,
    },
    Push(Push),
    /// Nothing that the pool has to do with.
    Unknown,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssueEvent {
    pub repo: RepoName,
    pub action: String,
    pub issue: Issue,
    /// It was deleted, or moved to another repository.
    pub is_gone: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullRequestEvent {
    pub repo: RepoName,
    pub action: String,
    pub pull_request: PullRequest,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewEvent {
    pub repo: RepoName,
    pub action: String,
    pub pull_request: PullRequest,
    pub review: Review,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Push {
    pub repo: RepoName,
    /// Whether it went to the default branch.
    pub is_default_branch: bool,
    /// Paths that its commits name.
    pub paths: Vec<String>,
    /// Full names of commits that its commits say to revert.
    pub reverts: Vec<String>,
}
