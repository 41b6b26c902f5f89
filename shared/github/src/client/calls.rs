//! The calls of [`GitHub`], each with the request that it is.

use super::comments::IdView;
use super::{Call, Client, PAGE_ROWS, path_part};
use crate::api::{Access, Comment, Error, GitHub, Page, RepoFile, Result};
use crate::views::{IssueView, PullView, ReviewView};
use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::Method;
use owp_logic::github::{ChangedFile, Check, Conclusion, Issue, PullRequest, Review};
use owp_wire::{RepoName, Timestamp};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// GitHub lists no more than 3,000 files of a pull request.
const FILE_PAGES_MAX: u32 = 30;

/// As many reviews as files are listed; GitHub names no end of them.
const REVIEW_PAGES_MAX: u32 = 30;

/// A thousand open pull requests, those that changed last first: one whose check is asked for again is among them.
const OPEN_PAGES_MAX: u32 = 10;

/// The longest description of a commit status.
const STATUS_CHARS_MAX: usize = 140;

#[derive(Deserialize)]
struct RoleView {
    #[serde(default)]
    permissions: BTreeMap<String, bool>,
}

#[derive(Deserialize)]
struct FileView {
    filename: String,
    previous_filename: Option<String>,
    additions: u32,
    deletions: u32,
}

#[derive(Deserialize)]
struct OpenPullView {
    number: u64,
    head: HeadShaView,
}

#[derive(Deserialize)]
struct HeadShaView {
    sha: String,
}

#[derive(Deserialize)]
struct ContentView {
    sha: String,
    #[serde(default)]
    encoding: String,
    #[serde(default)]
    content: String,
}

#[async_trait]
impl GitHub for Client {
    async fn access(&self, repo: &RepoName) -> Result<Access> {
        let login = self.keyring.identity(&self.wire).await?.login.clone();
        let pass = self.keyring.pass(&self.wire, repo).await?;
        if let Some((id, permissions)) = pass.installation() {
            return Ok(Access { login, permissions: permissions.clone(), installation_id: Some(id) });
        }
        let role: RoleView = self.get(repo, format!("/repos/{}", repo.0)).await?;
        Ok(Access { login, permissions: permissions_of_role(&role.permissions), installation_id: None })
    }

    async fn issues(
        &self,
        repo: &RepoName,
        label: &str,
        updated_since: Option<Timestamp>,
        page: u32,
    ) -> Result<Page<Issue>> {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("labels", label)
            .append_pair("state", "all")
            .append_pair("sort", "created")
            .append_pair("direction", "asc")
            .extend_pairs(updated_since.map(|since| ("since", since.to_string())))
            .append_pair("per_page", &PAGE_ROWS.to_string())
            .append_pair("page", &page.to_string())
            .finish();
        let answer = self.ask(repo, Call::get(format!("/repos/{}/issues?{query}", repo.0))).await?;
        let rows: Vec<IssueView> = answer.read()?;
        let items = rows.into_iter().filter_map(IssueView::into_issue).collect();
        Ok(Page { items, next: answer.has_more().then(|| page + 1) })
    }

    async fn issue(&self, repo: &RepoName, number: u64) -> Result<Issue> {
        match self.get::<IssueView>(repo, format!("/repos/{}/issues/{number}", repo.0)).await {
            Err(Error::Moved) => Err(Error::NotFound),
            view => view?.into_issue().ok_or(Error::NotFound),
        }
    }

    async fn pull_request(&self, repo: &RepoName, number: u64) -> Result<PullRequest> {
        let view: PullView = self.get(repo, format!("/repos/{}/pulls/{number}", repo.0)).await?;
        Ok(view.into_pull_request())
    }

    async fn pull_requests_at(&self, repo: &RepoName, head_sha: &str) -> Result<Vec<u64>> {
        // GitHub finds those of a commit only where the commit is in the repository itself, and a fork's is not.
        let mut found = Vec::new();
        let path = format!("/repos/{}/pulls?state=open&sort=updated&direction=desc", repo.0);
        self.each_page(repo, &path, OPEN_PAGES_MAX, |rows: Vec<OpenPullView>| {
            found.extend(rows.into_iter().filter(|row| row.head.sha == head_sha).map(|row| row.number));
            !found.is_empty()
        })
        .await?;
        Ok(found)
    }

    async fn changed_files(&self, repo: &RepoName, number: u64) -> Result<Vec<ChangedFile>> {
        let mut files = Vec::new();
        let path = format!("/repos/{}/pulls/{number}/files", repo.0);
        self.each_page(repo, &path, FILE_PAGES_MAX, |rows: Vec<FileView>| {
            files.extend(rows.into_iter().map(|row| ChangedFile {
                path: row.filename,
                previous_path: row.previous_filename,
                lines: row.additions.saturating_add(row.deletions),
            }));
            false
        })
        .await?;
        Ok(files)
    }

    async fn reviews(&self, repo: &RepoName, pull_request: &PullRequest) -> Result<Vec<Review>> {
        let mut reviews = Vec::new();
        let path = format!("/repos/{}/pulls/{}/reviews", repo.0, pull_request.number);
        self.each_page(repo, &path, REVIEW_PAGES_MAX, |rows: Vec<ReviewView>| {
            reviews.extend(rows.into_iter().map(|row| row.into_review(pull_request)));
            false
        })
        .await?;
        Ok(reviews)
    }

    async fn file(&self, repo: &RepoName, path: &str) -> Result<Option<RepoFile>> {
        let parts: Vec<String> = path.split('/').map(path_part).collect();
        let view: ContentView = match self.get(repo, format!("/repos/{}/contents/{}", repo.0, parts.join("/"))).await {
            Err(Error::NotFound) => return Ok(None),
            other => other?,
        };
        // Wrapped at 60 characters; of a file beyond one megabyte the content is left out.
        let content: String = view.content.split_whitespace().collect();
        let bytes = (view.encoding == "base64").then(|| STANDARD.decode(content).ok()).flatten();
        Ok(Some(RepoFile { blob_sha: view.sha, text: bytes.and_then(|bytes| String::from_utf8(bytes).ok()) }))
    }

    async fn put_comment(&self, repo: &RepoName, number: u64, comment: &Comment, known: Option<u64>) -> Result<u64> {
        if let Some(id) = known {
            match self.update_comment(repo, id, comment).await {
                Err(Error::NotFound) => {}
                other => return other,
            }
        }
        match self.find_comment(repo, number, &comment.marker).await? {
            Some(id) => self.update_comment(repo, id, comment).await,
            None => self.create_comment(repo, number, comment).await,
        }
    }

    async fn add_labels(&self, repo: &RepoName, number: u64, labels: &[String]) -> Result<()> {
        let path = format!("/repos/{}/issues/{number}/labels", repo.0);
        self.change(repo, Method::POST, path, &json!({ "labels": labels })).await.map(|_: IgnoredAny| ())
    }

    async fn remove_label(&self, repo: &RepoName, number: u64, label: &str) -> Result<()> {
        let path = format!("/repos/{}/issues/{number}/labels/{}", repo.0, path_part(label));
        let call = Call::<()> { method: Method::DELETE, path, body: None };
        match self.ask(repo, call).await {
            Ok(_) | Err(Error::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn assign(&self, repo: &RepoName, number: u64, handles: &[String]) -> Result<()> {
        let path = format!("/repos/{}/issues/{number}/assignees", repo.0);
        self.change(repo, Method::POST, path, &json!({ "assignees": handles })).await.map(|_: IgnoredAny| ())
    }

    async fn unassign(&self, repo: &RepoName, number: u64, handles: &[String]) -> Result<()> {
        let path = format!("/repos/{}/issues/{number}/assignees", repo.0);
        self.change(repo, Method::DELETE, path, &json!({ "assignees": handles })).await.map(|_: IgnoredAny| ())
    }

    async fn put_check(&self, repo: &RepoName, check: &Check, known: Option<u64>) -> Result<Option<u64>> {
        if !self.keyring.is_app() {
            let path = format!("/repos/{}/statuses/{}", repo.0, path_part(&check.head_sha));
            return self.change(repo, Method::POST, path, &as_status(check)).await.map(|_: IgnoredAny| None);
        }
        let run = as_check_run(check);
        let update = |id: u64| format!("/repos/{}/check-runs/{id}", repo.0);
        if let Some(id) = known {
            match self.change(repo, Method::PATCH, update(id), &run).await {
                Err(Error::NotFound) => {}
                other => return other.map(|updated: IdView| Some(updated.id)),
            }
        }
        let found = self.find_check_run(repo, &check.head_sha, &check.name).await?;
        let written: IdView = if let Some(id) = found {
            self.change(repo, Method::PATCH, update(id), &run).await?
        } else {
            let mut run = run;
            run["head_sha"] = json!(check.head_sha);
            self.change(repo, Method::POST, format!("/repos/{}/check-runs", repo.0), &run).await?
        };
        Ok(Some(written.id))
    }
}

/// The commit of a check run can't be changed, so it is named only where one is made.
fn as_check_run(check: &Check) -> Value {
    let conclusion = match check.conclusion {
        Conclusion::Success => "success",
        Conclusion::Failure => "failure",
        Conclusion::Neutral => "neutral",
        Conclusion::Skipped => "skipped",
    };
    let output = json!({ "title": check.title, "summary": check.summary, "text": check.text });
    json!({ "name": check.name, "status": "completed", "conclusion": conclusion, "output": output })
}

/// A status knows no middle: what holds nothing up is a success, and its words tell the rest.
fn as_status(check: &Check) -> Value {
    let state = if check.conclusion == Conclusion::Failure { "failure" } else { "success" };
    let description: String = check.title.chars().take(STATUS_CHARS_MAX).collect();
    json!({ "state": state, "context": check.name, "description": description })
}

/// The most that a token can do with its owner's role.
fn permissions_of_role(role: &BTreeMap<String, bool>) -> BTreeMap<String, String> {
    let has = |name| role.get(name).copied().unwrap_or_default();
    let (reads, triages, writes) = (has("pull"), has("triage") || has("push"), has("push"));
    let level = |may_write| if may_write { "write" } else { "read" };
    let named = [
        ("contents", false),
        ("issues", triages),
        ("metadata", false),
        ("pull_requests", triages),
        ("statuses", writes),
    ];
    let granted = named.into_iter().filter(|_| reads);
    granted.map(|(name, may_write)| (name.to_owned(), level(may_write).to_owned())).collect()
}
