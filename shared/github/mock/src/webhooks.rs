//! What this GitHub would send after something happened: GitHub's own examples, with what this world knows put in.

use crate::answers::{self, put};
use crate::examples::{WebhookExample, payload};
use crate::server::Mock;
use crate::world::Review;
use serde_json::{Value, json};

impl Mock {
    pub fn issue_event(&self, repo: &str, number: u64, action: &str) -> WebhookExample {
        let issue = self.look(repo, |found| answers::issue(repo, &found.threads[&number]));
        self.event(repo, "issues", action, json!({ "issue": issue }))
    }

    pub fn pull_event(&self, repo: &str, number: u64, action: &str) -> WebhookExample {
        let pull = self.pull(repo, number);
        self.event(repo, "pull_request", action, json!({ "number": number, "pull_request": pull }))
    }

    /// Somebody reviews the present head. `state` as GitHub writes it in webhooks: `changes_requested`, `approved`, `commented`.
    pub fn review_event(
        &self,
        repo: &str,
        number: u64,
        author: &str,
        association: &str,
        state: &str,
    ) -> WebhookExample {
        let (now, id) = (self.now(), self.world().fresh_id());
        let mut review = None;
        self.edit(repo, number, |thread| {
            let pull = thread.pull.as_mut().expect("a pull request");
            let given = Review {
                id,
                author: author.to_owned(),
                author_association: association.to_owned(),
                state: state.to_uppercase(),
                head_sha: pull.head_sha.clone(),
                submitted_at: now,
            };
            pull.reviews.push(given.clone());
            review = Some(given);
        });
        self.told_of_review(repo, number, "submitted", &review.expect("it was given"))
    }

    /// What this reviewer said last is dismissed.
    pub fn dismiss_event(&self, repo: &str, number: u64, author: &str) -> WebhookExample {
        let mut dismissed = None;
        self.edit(repo, number, |thread| {
            let reviews = &mut thread.pull.as_mut().expect("a pull request").reviews;
            let last = reviews.iter_mut().rev().find(|review| review.author == author).expect("a review");
            "DISMISSED".clone_into(&mut last.state);
            dismissed = Some(last.clone());
        });
        self.told_of_review(repo, number, "dismissed", &dismissed.expect("it was dismissed"))
    }

    fn told_of_review(&self, repo: &str, number: u64, action: &str, review: &Review) -> WebhookExample {
        let mut told = payload("pull_request_review")["review"].clone();
        answers::put_review(&mut told, review);
        put(&mut told, json!({ "state": review.state.to_lowercase() }));
        let pull = self.pull(repo, number);
        self.event(repo, "pull_request_review", action, json!({ "review": told, "pull_request": pull }))
    }

    /// A push of one commit to the default branch.
    pub fn push_event(&self, repo: &str, message: &str, modified: &[&str]) -> WebhookExample {
        let commit = json!({ "message": message, "added": [], "removed": [], "modified": modified });
        let reference = format!("refs/heads/{}", answers::DEFAULT_BRANCH);
        self.event(repo, "push", "", json!({ "ref": reference, "commits": [commit] }))
    }

    fn pull(&self, repo: &str, number: u64) -> Value {
        let pull = self.look(repo, |found| answers::pull_request(repo, &found.threads[&number]));
        pull.expect("a pull request")
    }

    fn event(&self, repo: &str, event: &str, action: &str, fields: Value) -> WebhookExample {
        let mut body = payload(event);
        put(&mut body, fields);
        if !action.is_empty() {
            put(&mut body, json!({ "action": action }));
        }
        put(&mut body["repository"], json!({ "full_name": repo, "default_branch": answers::DEFAULT_BRANCH }));
        let id = self.look(repo, |found| found.installation_id);
        put(&mut body, json!({ "installation": { "id": id, "node_id": "x" } }));
        WebhookExample { event: event.to_owned(), payload: body }
    }
}
