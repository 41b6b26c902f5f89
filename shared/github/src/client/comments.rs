//! Finding again what the pool has written: its comment by a marker, its check run by its name.
//!
//! Only what is its own counts. Anybody can copy a marker, and an app may edit what others wrote.

use super::Client;
use crate::api::{Comment, Result};
use crate::views::AccountView;
use http::Method;
use owp_wire::RepoName;
use serde::Deserialize;
use serde_json::json;

/// Pages of comments that are searched, of a hundred each. Where people have written more, a comment whose id was lost may
/// be made a second time.
const SEARCHED_PAGES_MAX: u32 = 30;

#[derive(Deserialize)]
struct CommentView {
    id: u64,
    body: Option<String>,
    user: Option<AccountView>,
}

#[derive(Deserialize)]
struct CheckRunsView {
    check_runs: Vec<IdView>,
}

#[derive(Deserialize)]
pub(super) struct IdView {
    pub id: u64,
}

impl Client {
    pub(super) async fn find_comment(&self, repo: &RepoName, number: u64, marker: &str) -> Result<Option<u64>> {
        let identity = self.keyring.identity(&self.wire).await?;
        let mut found = None;
        let path = format!("/repos/{}/issues/{number}/comments", repo.0);
        self.each_page(repo, &path, SEARCHED_PAGES_MAX, |comments: Vec<CommentView>| {
            let own = comments.into_iter().find(|comment| {
                let is_own = comment.user.as_ref().is_some_and(|user| user.login == identity.login);
                is_own && comment.body.as_deref().is_some_and(|body| body.contains(marker))
            });
            found = own.map(|comment| comment.id);
            found.is_some()
        })
        .await?;
        Ok(found)
    }

    pub(super) async fn create_comment(&self, repo: &RepoName, number: u64, comment: &Comment) -> Result<u64> {
        let path = format!("/repos/{}/issues/{number}/comments", repo.0);
        let made: IdView = self.change(repo, Method::POST, path, &json!({ "body": comment.body })).await?;
        Ok(made.id)
    }

    pub(super) async fn update_comment(&self, repo: &RepoName, id: u64, comment: &Comment) -> Result<u64> {
        let path = format!("/repos/{}/issues/comments/{id}", repo.0);
        let updated: IdView = self.change(repo, Method::PATCH, path, &json!({ "body": comment.body })).await?;
        Ok(updated.id)
    }

    /// The latest run of this app with this name on a commit.
    pub(super) async fn find_check_run(&self, repo: &RepoName, head_sha: &str, name: &str) -> Result<Option<u64>> {
        let identity = self.keyring.identity(&self.wire).await?;
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("check_name", name)
            .append_pair("filter", "latest")
            .extend_pairs(identity.app_id.map(|id| ("app_id", id.to_string())))
            .finish();
        let path = format!("/repos/{}/commits/{}/check-runs?{query}", repo.0, super::path_part(head_sha));
        let found: CheckRunsView = self.get(repo, path).await?;
        Ok(found.check_runs.first().map(|run| run.id))
    }
}
