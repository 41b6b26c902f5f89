//! GitHub, between what it tells and what is decided: which operations a delivery becomes, and reading a repository's
//! issues to the end.
//!
//! What GitHub says is decided in `owp_logic`, and how it is asked is `owp_github`.

mod connect;
pub mod deliveries;
pub mod desk;
mod errands;
mod find;
pub mod permissions;
pub mod policy_file;
pub mod sync;

pub use connect::connect;

use crate::app::App;
use crate::problem::Problem;
use owp_github::{Credentials, GitHub};
use owp_logic::{Key, Need, Record, Repo, RepoLink};
use owp_store::{Page, StoreError};
use owp_wire::{ProblemCode, RepoName};
use std::sync::Arc;

/// What the server knows of GitHub; all of it may be left out.
#[derive(Clone, Debug, Default)]
pub struct GithubSettings {
    /// Who the server is to GitHub.
    pub credentials: Option<Credentials>,
    /// Where GitHub's API is, where that is not GitHub's own.
    pub api_url: Option<String>,
    /// Any of them may have signed a delivery, so that one can be replaced without losing any. None: no webhooks.
    pub webhook_secrets: Vec<String>,
    /// Where the server is reached from outside, without a slash at its end.
    pub public_url: Option<String>,
    /// How often everything is read that webhooks tell; 0 for never.
    pub sync_interval_s: u32,
}

const REPOS_AT_ONCE: usize = 100;

impl App {
    /// Who asks GitHub, where somebody does.
    pub fn github(&self) -> Result<Arc<dyn GitHub>, Problem> {
        let off = "this server does not ask GitHub; set GITHUB_TOKEN, or GITHUB_APP_ID and GITHUB_APP_KEY, and start it again";
        self.github.clone().ok_or_else(|| Problem::new(ProblemCode::GithubOff, off))
    }

    /// How a repository is linked; `None` where it is not, or is not registered.
    pub(crate) async fn link_of(&self, repo: &RepoName) -> Result<Option<RepoLink>, StoreError> {
        let key = Key::Repo(repo.clone());
        let snapshot = self.store.look(vec![Need::Record(key.clone())]).await?;
        let found = snapshot.get(&key).and_then(|(_, record)| record).and_then(Record::as_repo);
        Ok(found.and_then(|repo| repo.github.as_deref().cloned()))
    }

    /// The name under which a repository is linked that GitHub calls so. There names are the same in any case, and here they
    /// are not: one of just these letters goes first.
    pub(crate) async fn linked_as(&self, told: &RepoName) -> Result<Option<RepoName>, StoreError> {
        if self.link_of(told).await?.is_some() {
            return Ok(Some(told.clone()));
        }
        Ok(self.repos_that(|repo| repo.github.is_some() && is_called(repo, told)).await?.into_iter().next())
    }

    /// The same for one that may be registered only.
    pub(crate) async fn registered_as(&self, told: &RepoName) -> Result<Option<RepoName>, StoreError> {
        if let Some(linked) = self.linked_as(told).await? {
            return Ok(Some(linked));
        }
        let called = self.repos_that(|repo| is_called(repo, told)).await?;
        Ok(called.iter().find(|name| *name == told).or(called.first()).cloned())
    }

    /// All repositories that are linked, also those whose access was taken away.
    pub(crate) async fn linked_repos(&self) -> Result<Vec<RepoName>, StoreError> {
        self.repos_that(|repo| repo.github.is_some()).await
    }

    async fn repos_that(&self, fits: impl Fn(&Repo) -> bool) -> Result<Vec<RepoName>, StoreError> {
        let (mut repos, mut after) = (Vec::new(), None);
        loop {
            let page = self.store.list_repos(Page { after, limit: REPOS_AT_ONCE }).await?;
            repos.extend(page.items.into_iter().filter(&fits).map(|repo| repo.name));
            after = page.next;
            if after.is_none() {
                return Ok(repos);
            }
        }
    }
}

fn is_called(repo: &Repo, told: &RepoName) -> bool {
    repo.name.0.eq_ignore_ascii_case(&told.0)
}
