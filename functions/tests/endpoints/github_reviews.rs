//! Reviews of which no webhook told: a look at an open pull request finds them, and none counts twice.

use crate::github_whole_way::{Both, REPO, issue};
use owp_github_mock::{NewPull, WebhookExample};
use owp_store::memory::MemoryStore;
use serde_json::json;
use std::sync::Arc;

/// A task with a pull request that waits for its reviewers.
struct InReview {
    both: Both,
    task_id: String,
    pull: u64,
}

impl InReview {
    async fn new() -> Self {
        let both = Both::over(Arc::new(MemoryStore::default())).await;
        both.mock.add_issue(REPO, issue(1));
        both.link().await;
        let worker = both.pool.worker(json!({ "name": "Alice", "github_handle": "alice" })).await;
        let task_id = both.pool.fetched(&worker).await.remove(0);
        let opened = NewPull {
            title: "Done".into(),
            body: format!("OWP-Lease: {}", both.pool.lease_of(&worker, &task_id).await),
            author: "alice".into(),
            author_association: "CONTRIBUTOR".into(),
            head_sha: "a".repeat(40),
            base_branch: "main".into(),
            files: Vec::new(),
        };
        let pull = both.mock.add_pull(REPO, opened);
        both.told("opened", both.mock.pull_event(REPO, pull, "opened")).await;
        let it = Self { both, task_id, pull };
        it.stands("pr_opened", 0).await;
        it
    }

    /// What GitHub sends of it, which may be lost.
    fn reviewed(&self, association: &str, state: &str) -> WebhookExample {
        self.both.mock.review_event(REPO, self.pull, "maintainer", association, state)
    }

    /// Webhooks or not: by then the desk has looked.
    async fn an_hour_later(&self) {
        self.both.pool.clock.advance_s(3600);
        self.both.minutes(2).await;
    }

    async fn stands(&self, state: &str, change_rounds: u32) {
        let task = self.both.pool.read(&self.task_id).await;
        let found = (&task["state"], &task["attempts"][0]["change_rounds"]);
        assert_eq!(found, (&json!(state), &json!(change_rounds)), "{task:#}");
    }

    async fn assert_sound(&self) {
        self.both.mock.assert_described();
        self.both.pool.assert_history_is_sound().await;
    }
}

#[tokio::test]
async fn a_review_whose_webhook_was_lost_is_found_and_counts_no_more_when_that_comes() {
    let it = InReview::new().await;
    let late = it.reviewed("MEMBER", "changes_requested");
    it.stands("pr_opened", 0).await;
    it.an_hour_later().await;
    it.stands("changes_requested", 1).await;
    it.both.told("late", late).await;
    it.an_hour_later().await;
    it.stands("changes_requested", 1).await;

    let late = it.both.mock.dismiss_event(REPO, it.pull, "maintainer");
    it.an_hour_later().await;
    it.stands("pr_opened", 0).await;
    it.both.told("later", late).await;
    let before = it.both.pool.events().await;
    it.an_hour_later().await;
    assert_eq!(it.both.pool.events().await, before, "looked at again, it is nothing new");
    it.stands("pr_opened", 0).await;
    it.assert_sound().await;
}

#[tokio::test]
async fn a_review_that_was_told_is_not_found_a_second_time() {
    let it = InReview::new().await;
    it.both.told("asked", it.reviewed("OWNER", "changes_requested")).await;
    it.stands("changes_requested", 1).await;
    it.an_hour_later().await;
    it.stands("changes_requested", 1).await;
    it.reviewed("OWNER", "commented");
    it.an_hour_later().await;
    it.stands("changes_requested", 1).await;
    it.reviewed("OWNER", "approved");
    it.an_hour_later().await;
    it.stands("pr_opened", 0).await;
    it.assert_sound().await;
}

#[tokio::test]
async fn a_push_and_the_review_of_it_are_both_found() {
    let it = InReview::new().await;
    it.both.told("asked", it.reviewed("MEMBER", "changes_requested")).await;
    it.both.pool.clock.advance_s(600);
    it.both.mock.edit(REPO, it.pull, |thread| {
        thread.pull.as_mut().expect("a pull request").head_sha = "b".repeat(40);
    });
    it.both.pool.clock.advance_s(600);
    it.reviewed("MEMBER", "changes_requested");
    it.both.pool.clock.advance_s(600);
    // Talked about since, so that it is newer than its review.
    it.both.mock.edit(REPO, it.pull, |thread| thread.title.push('!'));
    it.an_hour_later().await;
    it.stands("changes_requested", 2).await;
    it.an_hour_later().await;
    it.stands("changes_requested", 2).await;
    it.assert_sound().await;
}

#[tokio::test]
async fn what_strangers_ask_for_sends_nothing_back() {
    let it = InReview::new().await;
    it.reviewed("NONE", "changes_requested");
    it.an_hour_later().await;
    it.stands("pr_opened", 0).await;
    it.assert_sound().await;
}
