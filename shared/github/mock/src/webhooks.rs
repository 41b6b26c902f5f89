//! What this GitHub would send after something happened: GitHub's own examples, with what this world knows put in.

use crate::answers::{self, put};
use crate::examples::{WebhookExample, payload};
use crate::server::Mock;
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

    /// `state` as GitHub writes it in webhooks: `changes_requested`, `approved`, `commented`.
    pub fn review_event(
        &self,
        repo: &str,
        number: u64,
        author: &str,
        association: &str,
        state: &str,
    ) -> WebhookExample {
        let mut review = payload("pull_request_review")["review"].clone();
        put(
            &mut review,
            json!({
                "state": state,
                "user": answers::account(author),
                "author_association": association,
                "submitted_at": answers::seconds(self.now()),
            }),
        );
        let pull = self.pull(repo, number);
        self.event(repo, "pull_request_review", "submitted", json!({ "review": review, "pull_request": pull }))
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
