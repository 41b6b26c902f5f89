//! Reading all issues of a repository and bringing its tasks to what they say, page by page: each is committed by itself, so
//! whoever is cut off repeats it, and what is done already is found unchanged.

use super::find::all_tasks;
use crate::app::AppState;
use crate::problem::Problem;
use owp_github::{Error, GitHub};
use owp_logic::github::Issue;
use owp_logic::github::labels::READY;
use owp_logic::operations::{ImportIssues, IssuesImported};
use owp_logic::{Actor, Refusal};
use owp_store::{StoreError, TaskFilter};
use owp_wire::{RepoName, TaskState, Timestamp};
use std::collections::BTreeSet;

/// Pages of one reading; a hundred issues each.
const PAGES_MAX: u32 = 200;

/// Issues in one commit. Each is a task, its key, its lane and an event where it is new; a store that takes less says so.
const ISSUES_AT_ONCE: usize = 100;

/// Writes that an issue takes at most.
const WRITES_PER_ISSUE: usize = 4;

/// States of tasks that an issue which is no longer labelled takes along.
const FREE: [TaskState; 4] = [TaskState::Ready, TaskState::Waiting, TaskState::NeedsInfo, TaskState::Failed];

/// How issues are read.
pub struct Reading<'a> {
    pub app: &'a AppState,
    pub github: &'a dyn GitHub,
    pub request_id: &'a str,
    pub repo: &'a RepoName,
    pub actor: Actor,
    /// Only those that changed since then; all where none is given, and then those that have lost their label are found.
    pub since: Option<Timestamp>,
    pub is_asked_for: bool,
    pub accepts_edits: bool,
    /// Decides and writes nothing.
    pub is_dry: bool,
}

/// GitHub or the store did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error(transparent)]
    Github(#[from] Error),
    #[error("an import was refused or could not be stored: {}", .0.detail)]
    Store(Problem),
}

impl From<StoreError> for ReadError {
    fn from(error: StoreError) -> Self {
        Self::Store(error.into())
    }
}

impl ReadError {
    pub fn into_problem(self, now: Timestamp) -> Problem {
        match self {
            Self::Github(error) => Problem::of_github(&error, now),
            Self::Store(problem) => problem,
        }
    }
}

impl Reading<'_> {
    /// What came of each issue.
    pub async fn read(&self) -> Result<IssuesImported, ReadError> {
        let mut imported = IssuesImported::default();
        let mut seen = BTreeSet::new();
        let mut next = Some(1);
        while let Some(page) = next.filter(|page| *page <= PAGES_MAX) {
            let found = self.github.issues(self.repo, READY, self.since, page).await?;
            // A list that grows while it is read may tell of one twice.
            let items: Vec<Issue> = found.items.into_iter().filter(|issue| seen.insert(issue.number)).collect();
            self.import(items, &mut imported).await?;
            next = found.next;
        }
        if self.since.is_none() {
            self.look_at_those_left_out(&seen, &mut imported).await?;
        }
        Ok(imported)
    }

    /// Issues of tasks that wait, and that GitHub has not listed: they may have lost the label or be gone.
    async fn look_at_those_left_out(
        &self,
        seen: &BTreeSet<u64>,
        imported: &mut IssuesImported,
    ) -> Result<(), ReadError> {
        for state in FREE {
            let filter = TaskFilter { repo: Some(self.repo.clone()), state: Some(state), ..TaskFilter::default() };
            let left_out = all_tasks(self.app, filter).await?.into_iter().filter_map(|task| task.source);
            for source in left_out.filter(|source| !seen.contains(&source.issue)) {
                let issue = match self.github.issue(self.repo, source.issue).await {
                    Ok(issue) => issue,
                    Err(Error::NotFound) => gone(source.issue, source.url.clone(), source.seen_at),
                    Err(error) => return Err(error.into()),
                };
                self.import(vec![issue], imported).await?;
            }
        }
        Ok(())
    }

    async fn import(&self, issues: Vec<Issue>, imported: &mut IssuesImported) -> Result<(), ReadError> {
        let mut left = issues.as_slice();
        let mut size = self.app.store.writes_max().map_or(ISSUES_AT_ONCE, |most| most / WRITES_PER_ISSUE).max(1);
        while !left.is_empty() {
            let (part, rest) = left.split_at(size.min(left.len()));
            match self.import_part(part.to_vec()).await {
                Ok(done) => imported.issues.extend(done.map_err(|refusal| ReadError::Store(refusal.into()))?.issues),
                Err(StoreError::TooManyWrites { .. }) if size > 1 => {
                    size /= 2;
                    continue;
                }
                Err(error) => return Err(error.into()),
            }
            left = rest;
        }
        Ok(())
    }

    async fn import_part(&self, issues: Vec<Issue>) -> Result<Result<IssuesImported, Refusal>, StoreError> {
        let operation = ImportIssues {
            repo: self.repo.clone(),
            issues,
            is_asked_for: self.is_asked_for,
            accepts_edits: self.accepts_edits,
        };
        if self.is_dry {
            return self.app.foresee(self.request_id, &operation).await;
        }
        self.app.run(self.request_id, self.actor.clone(), None, operation).await
    }
}

/// An issue that GitHub does not know any more.
fn gone(number: u64, url: String, seen_at: Timestamp) -> Issue {
    Issue {
        number,
        url,
        title: String::new(),
        body: String::new(),
        is_open: false,
        author: None,
        labels: vec![READY.to_owned()],
        assignees: vec![],
        updated_at: seen_at,
    }
}
