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
pub mod sync;

pub use connect::connect;

use crate::app::App;
use crate::problem::Problem;
use owp_github::{Credentials, GitHub};
use owp_logic::{Key, Need, Record, RepoLink};
use owp_store::StoreError;
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
}
