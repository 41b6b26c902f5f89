//! The calls that the pool makes, in its own words.

use async_trait::async_trait;
use owp_logic::github::{ChangedFile, Check, Issue, PullRequest, Review};
use owp_wire::{RepoName, Timestamp};
use std::collections::BTreeMap;

pub type Result<T> = std::result::Result<T, Error>;

/// Why GitHub did not do what was asked. Says when and whether to ask again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Too many requests. Asking before then makes it worse.
    #[error("GitHub takes no more requests before {until}")]
    Limited { until: Timestamp },
    /// The token or the app's key is not taken, also after it was renewed.
    #[error("GitHub does not take the credentials; renew GITHUB_TOKEN, or the app's key")]
    Unauthorized,
    /// The credentials are good, and not enough.
    #[error("GitHub asks for more permission{}", .permission.as_ref().map(|named| format!(": {named}")).unwrap_or_default())]
    Forbidden {
        /// In GitHub's words, where it says so: `issues=write`.
        permission: Option<String>,
    },
    #[error("the GitHub App is not installed on {}", .repo.0)]
    NotInstalled { repo: RepoName },
    /// Gone, never there, or not to be seen with these credentials.
    #[error(
        "GitHub knows no such thing, or does not show it to these credentials; check the name, and that the token or the app \
         may see the repository"
    )]
    NotFound,
    /// It is somewhere else now, and is not followed there: no maintainer has registered it under that name.
    #[error("GitHub has moved it elsewhere")]
    Moved,
    /// The request itself is wrong, so that repeating it is in vain.
    #[error("GitHub refuses the request with {status}: {message}")]
    Refused { status: u16, message: String },
    /// Not reached, not in time, or broken; another try may do.
    #[error("GitHub is not available: {because}")]
    Unavailable { because: String },
}

impl Error {
    /// Whether the same request may succeed later by itself.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Limited { .. } | Self::Unavailable { .. })
    }
}

/// Who the pool is to GitHub, and what it may do in one repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The handle under which it writes.
    pub login: String,
    /// Name and level, such as `issues` and `write`. With a token this is the most that it may be: GitHub tells the role
    /// of its owner, not what the token was made for.
    pub permissions: BTreeMap<String, String>,
    pub installation_id: Option<u64>,
}

impl Access {
    /// As the contract lists them: `issues:read`, and `issues:write` where writing is allowed.
    pub fn granted(&self) -> Vec<String> {
        self.permissions.iter().map(|(name, level)| format!("{name}:{level}")).collect()
    }

    pub fn may_write(&self, permission: &str) -> bool {
        self.permissions.get(permission).is_some_and(|level| level == "write" || level == "admin")
    }
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// The number of the next page, where there is one.
    pub next: Option<u32>,
}

/// A file as it is on the default branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepoFile {
    pub blob_sha: String,
    /// `None` where it is longer than the megabyte that GitHub gives, or no text in UTF-8.
    pub text: Option<String>,
}

/// The one comment of the pool on an issue or a pull request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Markdown, with the marker in it.
    pub body: String,
    /// By what the comment is known again if its id was lost.
    pub marker: String,
}

/// What the pool asks of GitHub. Nothing here waits for a limit to pass or tries again after a failure: whoever calls has a
/// queue for that.
#[async_trait]
pub trait GitHub: Send + Sync {
    async fn access(&self, repo: &RepoName) -> Result<Access>;

    /// Open and closed issues that have a label, the oldest first; pages count from 1. Pull requests are left out, so a page
    /// may be short or empty and not be the last.
    async fn issues(
        &self,
        repo: &RepoName,
        label: &str,
        updated_since: Option<Timestamp>,
        page: u32,
    ) -> Result<Page<Issue>>;

    /// `NotFound` for the number of a pull request, too, and for one that was moved to another repository.
    async fn issue(&self, repo: &RepoName, number: u64) -> Result<Issue>;

    async fn pull_request(&self, repo: &RepoName, number: u64) -> Result<PullRequest>;

    /// Those that are open and have this commit as their newest, also where they come from a fork.
    async fn pull_requests_at(&self, repo: &RepoName, head_sha: &str) -> Result<Vec<u64>>;

    /// All of them, as far as GitHub lists them: it stops after 3,000.
    async fn changed_files(&self, repo: &RepoName, number: u64) -> Result<Vec<ChangedFile>>;

    /// Those of a pull request, the earliest first. Of more than 3,000 the rest is left out.
    async fn reviews(&self, repo: &RepoName, pull_request: &PullRequest) -> Result<Vec<Review>>;

    /// A file on the default branch; `None` where there is none.
    async fn file(&self, repo: &RepoName, path: &str) -> Result<Option<RepoFile>>;

    /// Makes the comment what it should be and answers with its id. Where no id is known, or there is no such comment any
    /// more, one of the pool's own with the marker is looked for before a new one is made, so that repeating this after
    /// a crash makes no second one.
    async fn put_comment(&self, repo: &RepoName, number: u64, comment: &Comment, known: Option<u64>) -> Result<u64>;

    async fn add_labels(&self, repo: &RepoName, number: u64, labels: &[String]) -> Result<()>;

    /// Does nothing where the issue does not have it.
    async fn remove_label(&self, repo: &RepoName, number: u64, label: &str) -> Result<()>;

    /// GitHub leaves out, without a word, whom it does not let be assigned.
    async fn assign(&self, repo: &RepoName, number: u64, handles: &[String]) -> Result<()>;

    async fn unassign(&self, repo: &RepoName, number: u64, handles: &[String]) -> Result<()>;

    /// Makes the check on a commit what it should be, by the same rules as a comment. With a token, which may not make check
    /// runs, it becomes a commit status, which has no id.
    async fn put_check(&self, repo: &RepoName, check: &Check, known: Option<u64>) -> Result<Option<u64>>;
}
