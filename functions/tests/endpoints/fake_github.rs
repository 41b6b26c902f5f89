//! A GitHub that is only there: it keeps issues, pull requests, comments, labels and checks in memory, counts what is
//! written, and fails as told.

use crate::pool::{Pool, settings};
use async_trait::async_trait;
use owp_functions::github::GithubSettings;
use owp_functions::{App, Settings, endpoints, router};
use owp_github::{Access, Comment, Error, GitHub, Page, RepoFile, Result};
use owp_logic::github::{ChangedFile, Check, Issue, PullRequest, PullState, Review};
use owp_store::Store;
use owp_store::memory::MemoryStore;
use owp_wire::{RepoName, Timestamp};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

pub const REPO: &str = "owner/repo";

pub const WEBHOOK_SECRET: &str = "a webhook secret of the tests";

const PAGE: usize = 100;

/// Webhooks are taken; GitHub itself is asked where a test brings one.
pub fn github_settings() -> GithubSettings {
    GithubSettings {
        credentials: None,
        api_url: None,
        webhook_secrets: vec![WEBHOOK_SECRET.to_owned()],
        public_url: Some("https://pool.example.org".to_owned()),
        sync_interval_s: 3600,
    }
}

#[derive(Clone, Default)]
pub struct FakeGithub(Arc<Mutex<There>>);

/// What there is at GitHub.
#[derive(Default)]
pub struct There {
    pub issues: BTreeMap<u64, Issue>,
    pub pulls: BTreeMap<u64, (PullRequest, Vec<ChangedFile>)>,
    pub reviews: BTreeMap<u64, Vec<Review>>,
    pub files: BTreeMap<String, String>,
    /// By issue or pull request, in the order in which they were made.
    pub comments: BTreeMap<u64, Vec<(u64, String)>>,
    pub labels: BTreeMap<u64, BTreeSet<String>>,
    pub assignees: BTreeMap<u64, BTreeSet<String>>,
    /// By commit.
    pub checks: BTreeMap<String, Vec<(u64, Check)>>,
    /// What the next calls are answered with instead.
    pub failures: VecDeque<Error>,
    /// The repository itself can't be seen any more.
    pub is_gone: bool,
    /// The next comment is written, and nobody hears of it.
    pub loses_answer: bool,
    pub writes: usize,
    pub calls: usize,
    last_id: u64,
}

impl FakeGithub {
    pub fn there(&self) -> MutexGuard<'_, There> {
        self.0.lock().expect("no test panics while it holds this")
    }

    fn answer(&self) -> Result<MutexGuard<'_, There>> {
        let mut there = self.there();
        there.calls += 1;
        match there.failures.pop_front() {
            Some(error) => Err(error),
            None => Ok(there),
        }
    }

    fn write(&self) -> Result<MutexGuard<'_, There>> {
        let mut there = self.answer()?;
        there.writes += 1;
        Ok(there)
    }
}

impl There {
    fn fresh_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    /// The only comment on an issue or a pull request.
    #[track_caller]
    pub fn comment(&self, number: u64) -> &str {
        let comments = self.comments.get(&number).map_or(&[][..], Vec::as_slice);
        assert_eq!(comments.len(), 1, "{comments:#?}");
        &comments[0].1
    }
}

#[async_trait]
impl GitHub for FakeGithub {
    async fn access(&self, _repo: &RepoName) -> Result<Access> {
        if self.answer()?.is_gone {
            return Err(Error::NotFound);
        }
        let names = ["issues", "pull_requests", "checks"];
        let mut permissions: BTreeMap<String, String> =
            names.iter().map(|name| ((*name).to_owned(), "write".to_owned())).collect();
        permissions.insert("contents".to_owned(), "read".to_owned());
        Ok(Access { login: "pool[bot]".to_owned(), permissions, installation_id: Some(1) })
    }

    async fn issues(&self, _: &RepoName, label: &str, since: Option<Timestamp>, page: u32) -> Result<Page<Issue>> {
        let there = self.answer()?;
        let fits = |issue: &&Issue| {
            issue.labels.iter().any(|known| known == label) && since.is_none_or(|since| issue.updated_at >= since)
        };
        let all: Vec<&Issue> = there.issues.values().filter(fits).collect();
        let from = (page as usize - 1) * PAGE;
        let items: Vec<Issue> = all.iter().skip(from).take(PAGE).map(|issue| (*issue).clone()).collect();
        Ok(Page { next: (from + items.len() < all.len()).then_some(page + 1), items })
    }

    async fn issue(&self, _: &RepoName, number: u64) -> Result<Issue> {
        self.answer()?.issues.get(&number).cloned().ok_or(Error::NotFound)
    }

    async fn pull_request(&self, _: &RepoName, number: u64) -> Result<PullRequest> {
        self.answer()?.pulls.get(&number).map(|(pull, _)| pull.clone()).ok_or(Error::NotFound)
    }

    async fn pull_requests_at(&self, _: &RepoName, head_sha: &str) -> Result<Vec<u64>> {
        let there = self.answer()?;
        let open = there.pulls.values().filter(|(pull, _)| pull.state == PullState::Open);
        Ok(open.filter(|(pull, _)| pull.head_sha == head_sha).map(|(pull, _)| pull.number).collect())
    }

    async fn changed_files(&self, _: &RepoName, number: u64) -> Result<Vec<ChangedFile>> {
        self.answer()?.pulls.get(&number).map(|(_, files)| files.clone()).ok_or(Error::NotFound)
    }

    async fn reviews(&self, _: &RepoName, pull_request: &PullRequest) -> Result<Vec<Review>> {
        Ok(self.answer()?.reviews.get(&pull_request.number).cloned().unwrap_or_default())
    }

    async fn file(&self, _: &RepoName, path: &str) -> Result<Option<RepoFile>> {
        let there = self.answer()?;
        let file = there.files.get(path);
        Ok(file.map(|text| RepoFile { blob_sha: format!("sha of {} bytes", text.len()), text: Some(text.clone()) }))
    }

    async fn put_comment(&self, _: &RepoName, number: u64, comment: &Comment, known: Option<u64>) -> Result<u64> {
        let mut there = self.write()?;
        let id = there.fresh_id();
        let all = there.comments.entry(number).or_default();
        let is_it = |(id, text): &&mut (u64, String)| known == Some(*id) || text.contains(&comment.marker);
        let id = if let Some((id, text)) = all.iter_mut().find(is_it) {
            text.clone_from(&comment.body);
            *id
        } else {
            all.push((id, comment.body.clone()));
            id
        };
        if std::mem::take(&mut there.loses_answer) {
            return Err(Error::Unavailable { because: "the answer was lost".to_owned() });
        }
        Ok(id)
    }

    async fn add_labels(&self, _: &RepoName, number: u64, labels: &[String]) -> Result<()> {
        self.write()?.labels.entry(number).or_default().extend(labels.iter().cloned());
        Ok(())
    }

    async fn remove_label(&self, _: &RepoName, number: u64, label: &str) -> Result<()> {
        self.write()?.labels.entry(number).or_default().remove(label);
        Ok(())
    }

    async fn assign(&self, _: &RepoName, number: u64, handles: &[String]) -> Result<()> {
        self.write()?.assignees.entry(number).or_default().extend(handles.iter().cloned());
        Ok(())
    }

    async fn unassign(&self, _: &RepoName, number: u64, handles: &[String]) -> Result<()> {
        self.write()?.assignees.entry(number).or_default().retain(|handle| !handles.contains(handle));
        Ok(())
    }

    async fn put_check(&self, _: &RepoName, check: &Check, known: Option<u64>) -> Result<Option<u64>> {
        let mut there = self.write()?;
        let id = there.fresh_id();
        let all = there.checks.entry(check.head_sha.clone()).or_default();
        let is_it = |(id, made): &&mut (u64, Check)| known == Some(*id) || made.name == check.name;
        if let Some((id, made)) = all.iter_mut().find(is_it) {
            made.clone_from(check);
            return Ok(Some(*id));
        }
        all.push((id, check.clone()));
        Ok(Some(id))
    }
}

impl Pool {
    /// The same, with a GitHub that it asks.
    pub fn with_github() -> (Self, FakeGithub) {
        let github = FakeGithub::default();
        (Self::asking(Arc::new(MemoryStore::default()), &github), github)
    }

    pub fn with_github_and(change: impl FnOnce(&mut Settings)) -> (Self, FakeGithub) {
        let (github, mut settings) = (FakeGithub::default(), settings());
        change(&mut settings);
        (Self::asking_with(Arc::new(MemoryStore::default()), &settings, &github), github)
    }

    pub fn asking(store: Arc<dyn Store>, github: &FakeGithub) -> Self {
        Self::asking_with(store, &settings(), github)
    }

    fn asking_with(store: Arc<dyn Store>, settings: &Settings, github: &FakeGithub) -> Self {
        let clock = Self::over(store.clone(), settings.clone()).clock;
        let app = App::with_clock(store, settings.clone(), Box::new(clock.clone())).asking(Arc::new(github.clone()));
        let app = Arc::new(app);
        let router = router(app.clone(), endpoints::routes());
        Self { app, clock, router }
    }
}

/// An open issue with these labels.
pub fn issue(number: u64, updated_at: Timestamp, labels: &[&str]) -> Issue {
    Issue {
        number,
        url: format!("https://github.example/{REPO}/issues/{number}"),
        title: format!("Issue {number}"),
        body: "What to do.".to_owned(),
        is_open: true,
        author: Some("carol".to_owned()),
        labels: labels.iter().map(ToString::to_string).collect(),
        assignees: vec![],
        updated_at,
    }
}

/// An open pull request with this text.
pub fn pull(number: u64, updated_at: Timestamp, author: &str, body: &str) -> PullRequest {
    PullRequest {
        number,
        url: format!("https://github.example/{REPO}/pull/{number}"),
        title: format!("Pull request {number}"),
        body: body.to_owned(),
        state: PullState::Open,
        is_draft: false,
        author: Some(author.to_owned()),
        author_belongs: false,
        head_sha: format!("{number:040x}"),
        head_branch: "work".to_owned(),
        base_repo: RepoName(REPO.to_owned()),
        base_branch: "main".to_owned(),
        default_branch: "main".to_owned(),
        merge_sha: None,
        changes: None,
        updated_at,
    }
}
