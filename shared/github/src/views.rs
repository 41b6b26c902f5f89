//! The parts of GitHub's JSON that are looked at, in answers and webhooks alike. Every other field is passed over, so that
//! GitHub may add what it likes.

use owp_logic::github::seen::Changes;
use owp_logic::github::{Issue, PullRequest, PullState, Review, ReviewVerdict};
use owp_wire::{RepoName, Timestamp};
use serde::Deserialize;
use serde::de::IgnoredAny;

#[derive(Deserialize)]
pub struct AccountView {
    pub login: String,
}

#[derive(Deserialize)]
pub struct LabelView {
    pub name: String,
}

#[derive(Deserialize)]
pub struct RepoView {
    pub full_name: String,
    pub default_branch: Option<String>,
}

impl RepoView {
    pub fn name(&self) -> RepoName {
        RepoName(self.full_name.clone())
    }
}

#[derive(Deserialize)]
pub struct IssueView {
    number: u64,
    html_url: String,
    title: String,
    body: Option<String>,
    /// Left out of some webhooks, as are the labels: GitHub's example of an issue that was pinned has neither.
    state: Option<String>,
    labels: Option<Vec<LabelView>>,
    user: Option<AccountView>,
    #[serde(default)]
    assignees: Vec<AccountView>,
    updated_at: Timestamp,
    /// To GitHub every pull request is an issue, too; this tells them apart.
    pull_request: Option<IgnoredAny>,
}

impl IssueView {
    /// `None` for a pull request, and for an issue that is told by halves: a label that is not told is not one that was taken
    /// off.
    pub fn into_issue(self) -> Option<Issue> {
        let (state, labels) = self.state.zip(self.labels).filter(|_| self.pull_request.is_none())?;
        Some(Issue {
            number: self.number,
            url: self.html_url,
            title: self.title,
            body: self.body.unwrap_or_default(),
            is_open: state == "open",
            author: login_of(self.user),
            labels: labels.into_iter().map(|label| label.name).collect(),
            assignees: self.assignees.into_iter().map(|account| account.login).collect(),
            updated_at: self.updated_at,
        })
    }
}

#[derive(Deserialize)]
pub struct PullView {
    number: u64,
    html_url: String,
    title: String,
    body: Option<String>,
    state: String,
    #[serde(default)]
    draft: bool,
    user: Option<AccountView>,
    #[serde(default)]
    author_association: String,
    head: HeadView,
    base: BaseView,
    /// Tells also where `merged` is left out.
    merged_at: Option<Timestamp>,
    merge_commit_sha: Option<String>,
    changed_files: Option<u32>,
    additions: Option<u32>,
    deletions: Option<u32>,
    updated_at: Timestamp,
}

#[derive(Deserialize)]
struct HeadView {
    #[serde(rename = "ref")]
    branch: String,
    sha: String,
}

#[derive(Deserialize)]
struct BaseView {
    #[serde(rename = "ref")]
    branch: String,
    repo: RepoView,
}

impl PullView {
    pub fn into_pull_request(self) -> PullRequest {
        let state = match (self.merged_at, self.state.as_str()) {
            (Some(_), _) => PullState::Merged,
            (None, "open") => PullState::Open,
            _ => PullState::Closed,
        };
        let lines = self.additions.zip(self.deletions).map(|(added, removed)| added.saturating_add(removed));
        PullRequest {
            number: self.number,
            url: self.html_url,
            title: self.title,
            body: self.body.unwrap_or_default(),
            state,
            is_draft: self.draft,
            author: login_of(self.user),
            author_belongs: belongs(&self.author_association),
            head_sha: self.head.sha,
            head_branch: self.head.branch,
            base_repo: self.base.repo.name(),
            default_branch: self.base.repo.default_branch.unwrap_or_else(|| self.base.branch.clone()),
            base_branch: self.base.branch,
            // Of one that is open it is only a trial merge.
            merge_sha: self.merge_commit_sha.filter(|_| state == PullState::Merged),
            changes: self.changed_files.zip(lines).map(|(files, lines)| Changes { files, lines }),
            updated_at: self.updated_at,
        }
    }
}

#[derive(Deserialize)]
pub struct ReviewView {
    state: String,
    user: Option<AccountView>,
    #[serde(default)]
    author_association: String,
    submitted_at: Option<Timestamp>,
    commit_id: Option<String>,
}

impl ReviewView {
    /// One that is not submitted yet is as old as what it is about.
    pub fn into_review(self, pull_request: &PullRequest) -> Review {
        // Capital letters in answers, small ones in webhooks.
        let verdict = match self.state.to_ascii_lowercase().as_str() {
            "approved" => ReviewVerdict::Approved,
            "changes_requested" => ReviewVerdict::ChangesRequested,
            "dismissed" => ReviewVerdict::Dismissed,
            _ => ReviewVerdict::Other,
        };
        Review {
            verdict,
            author: login_of(self.user),
            author_belongs: belongs(&self.author_association),
            submitted_at: self.submitted_at.unwrap_or(pull_request.updated_at),
            head_sha: self.commit_id,
        }
    }
}

fn login_of(account: Option<AccountView>) -> Option<String> {
    account.map(|account| account.login)
}

fn belongs(association: &str) -> bool {
    ["OWNER", "MEMBER", "COLLABORATOR"].contains(&association)
}
