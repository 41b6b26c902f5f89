//! What a webhook says, in the words of the rules. Check its signature before anything here.

mod repos;

use crate::views::{IssueView, PullView, RepoView, ReviewView};
use owp_logic::github::{Delivery, Event, IssueEvent, PullRequestEvent, Push, ReviewEvent};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Not what GitHub sends as this event.
#[derive(Debug, thiserror::Error)]
#[error("not a GitHub event {event}: {because}")]
pub struct Malformed {
    pub event: String,
    pub because: String,
}

/// Reads a body by the name in `X-GitHub-Event`. An event that the pool has nothing to do with is `Unknown`, as are those
/// that GitHub will invent; only an event that it knows can be malformed.
pub fn read(event: &str, body: &[u8]) -> Result<Delivery, Malformed> {
    let reader = Reader { event, body };
    let envelope: EnvelopeView = reader.view()?;
    let action = envelope.action.clone().unwrap_or_default();
    let event = match event {
        "ping" => Event::Ping,
        "issues" => reader.issue(action)?,
        // A label that was only made is on no issue yet.
        "label" if action != "created" => Event::Labels { repo: reader.view::<InRepoView>()?.repository.name() },
        "pull_request" => reader.pull_request(action)?,
        "pull_request_review" => reader.review(action)?,
        "check_run" if action == "rerequested" => reader.check_again()?,
        "check_suite" if action == "rerequested" => reader.suite_again()?,
        "repository" => reader.repository(&action)?,
        "installation" => reader.installation(&action)?,
        "installation_repositories" => reader.installation_repos()?,
        "push" => reader.push()?,
        _ => Event::Unknown,
    };
    Ok(Delivery { installation_id: envelope.installation.map(|installation| installation.id), event })
}

/// A body, and as what it came.
#[derive(Clone, Copy)]
struct Reader<'a> {
    event: &'a str,
    body: &'a [u8],
}

#[derive(Deserialize)]
struct EnvelopeView {
    action: Option<String>,
    installation: Option<InstallationView>,
}

#[derive(Deserialize)]
struct InstallationView {
    id: u64,
}

#[derive(Deserialize)]
struct InRepoView {
    repository: RepoView,
}

#[derive(Deserialize)]
struct NumberView {
    number: u64,
}

impl Reader<'_> {
    fn view<V: DeserializeOwned>(self) -> Result<V, Malformed> {
        serde_json::from_slice(self.body)
            .map_err(|error| Malformed { event: self.event.to_owned(), because: error.to_string() })
    }

    fn issue(self, action: String) -> Result<Event, Malformed> {
        #[derive(Deserialize)]
        struct View {
            issue: IssueView,
            repository: RepoView,
        }
        let View { issue, repository } = self.view()?;
        let is_gone = action == "deleted" || action == "transferred";
        Ok(match issue.into_issue() {
            Some(issue) => Event::Issue(IssueEvent { repo: repository.name(), action, issue, is_gone }),
            None => Event::Unknown,
        })
    }

    fn pull_request(self, action: String) -> Result<Event, Malformed> {
        #[derive(Deserialize)]
        struct View {
            pull_request: PullView,
            repository: RepoView,
        }
        let View { pull_request, repository } = self.view()?;
        let pull_request = pull_request.into_pull_request();
        Ok(Event::PullRequest(PullRequestEvent { repo: repository.name(), action, pull_request }))
    }

    fn review(self, action: String) -> Result<Event, Malformed> {
        #[derive(Deserialize)]
        struct View {
            pull_request: PullView,
            review: ReviewView,
            repository: RepoView,
        }
        let View { pull_request, review, repository } = self.view()?;
        let pull_request = pull_request.into_pull_request();
        let review = review.into_review(&pull_request);
        Ok(Event::Review(ReviewEvent { repo: repository.name(), action, pull_request, review }))
    }

    fn check_again(self) -> Result<Event, Malformed> {
        #[derive(Deserialize)]
        struct View {
            check_run: CheckRunView,
            repository: RepoView,
        }
        #[derive(Deserialize)]
        struct CheckRunView {
            name: String,
            head_sha: String,
            #[serde(default)]
            pull_requests: Vec<NumberView>,
        }
        let View { check_run: CheckRunView { name, head_sha, pull_requests }, repository } = self.view()?;
        let pull_requests = numbers_of(pull_requests);
        Ok(Event::CheckAgain { repo: repository.name(), name: Some(name), head_sha, pull_requests })
    }

    fn suite_again(self) -> Result<Event, Malformed> {
        #[derive(Deserialize)]
        struct View {
            check_suite: CheckSuiteView,
            repository: RepoView,
        }
        #[derive(Deserialize)]
        struct CheckSuiteView {
            head_sha: String,
            #[serde(default)]
            pull_requests: Vec<NumberView>,
        }
        let View { check_suite: CheckSuiteView { head_sha, pull_requests }, repository } = self.view()?;
        let pull_requests = numbers_of(pull_requests);
        Ok(Event::CheckAgain { repo: repository.name(), name: None, head_sha, pull_requests })
    }

    fn push(self) -> Result<Event, Malformed> {
        #[derive(Deserialize)]
        struct View {
            #[serde(rename = "ref")]
            reference: String,
            repository: RepoView,
            #[serde(default)]
            commits: Vec<CommitView>,
        }
        #[derive(Deserialize)]
        struct CommitView {
            #[serde(default)]
            message: String,
            #[serde(default)]
            added: Vec<String>,
            #[serde(default)]
            modified: Vec<String>,
            #[serde(default)]
            removed: Vec<String>,
        }
        let View { reference, repository, commits } = self.view()?;
        let branch = reference.strip_prefix("refs/heads/");
        let is_default_branch = branch.is_some() && branch == repository.default_branch.as_deref();
        let reverts = commits.iter().flat_map(|commit| reverted_commits(&commit.message)).collect();
        let each = commits.into_iter().flat_map(|commit| [commit.added, commit.modified, commit.removed]);
        let mut paths: Vec<String> = each.flatten().collect();
        paths.sort();
        paths.dedup();
        Ok(Event::Push(Push { repo: repository.name(), is_default_branch, paths, reverts }))
    }
}

fn numbers_of(pull_requests: Vec<NumberView>) -> Vec<u64> {
    pull_requests.into_iter().map(|pull_request| pull_request.number).collect()
}

/// As `git revert` writes it: `This reverts commit <40 digits>.`
fn reverted_commits(message: &str) -> Vec<String> {
    let behind = message.split("This reverts commit ").skip(1);
    let names = behind.map(|rest| rest.chars().take_while(char::is_ascii_hexdigit).collect::<String>());
    names.filter(|name| name.len() == 40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use owp_logic::github::{PullState, ReviewVerdict};
    use owp_wire::RepoName;
    use serde_json::{Value, json};

    pub fn event_of(name: &str, body: &Value) -> Event {
        read(name, body.to_string().as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}")).event
    }

    pub fn repository() -> Value {
        json!({ "full_name": "owner/repo", "default_branch": "main", "more": 1 })
    }

    fn issue() -> Value {
        json!({
            "number": 12, "html_url": "https://github.com/owner/repo/issues/12", "title": "Fix it", "body": null,
            "state": "open", "user": { "login": "ada" }, "labels": [{ "name": "pool:ready" }],
            "updated_at": "2026-01-18T01:00:00Z",
        })
    }

    fn pull_request() -> Value {
        json!({
            "number": 13, "html_url": "https://github.com/owner/repo/pull/13", "title": "Fix", "body": "OWP-Lease: l_1",
            "state": "closed", "merged_at": "2026-01-18T02:00:00Z", "merge_commit_sha": "c0ffee",
            "user": { "login": "grace" }, "author_association": "CONTRIBUTOR",
            "head": { "ref": "fix", "sha": "abc" }, "base": { "ref": "main", "repo": repository() },
            "additions": 3, "deletions": 4, "changed_files": 2, "updated_at": "2026-01-18T02:00:00Z",
        })
    }

    #[test]
    fn an_issue_is_told_with_all_that_the_rules_ask_for() {
        let body =
            json!({ "action": "labeled", "issue": issue(), "repository": repository(), "installation": { "id": 7 } });
        let delivery = read("issues", body.to_string().as_bytes()).unwrap();
        assert_eq!(delivery.installation_id, Some(7));
        let Event::Issue(event) = delivery.event else { panic!("{delivery:?}") };
        assert_eq!(
            (event.repo, event.action.as_str(), event.is_gone),
            (RepoName("owner/repo".into()), "labeled", false)
        );
        assert_eq!((event.issue.labels, event.issue.body.as_str()), (vec!["pool:ready".to_owned()], ""));
        for (action, gone) in [("deleted", true), ("transferred", true), ("closed", false)] {
            let body = json!({ "action": action, "issue": issue(), "repository": repository() });
            assert!(matches!(event_of("issues", &body), Event::Issue(event) if event.is_gone == gone), "{action}");
        }
    }

    #[test]
    fn a_pull_request_that_is_listed_as_an_issue_is_none() {
        let mut issue = issue();
        issue["pull_request"] = json!({ "url": "x" });
        let body = json!({ "action": "labeled", "issue": issue, "repository": repository() });
        assert_eq!(event_of("issues", &body), Event::Unknown);
    }

    #[test]
    fn a_pull_request_is_open_merged_or_closed() {
        let mut pull_request = pull_request();
        let mut state_of = |merged_at: Value, state: &str| {
            pull_request["merged_at"] = merged_at;
            pull_request["state"] = json!(state);
            let body = json!({ "action": "x", "pull_request": pull_request, "repository": repository() });
            let Event::PullRequest(event) = event_of("pull_request", &body) else { panic!("no pull request") };
            (event.pull_request.state, event.pull_request.merge_sha)
        };
        assert_eq!(state_of(json!("2026-01-18T02:00:00Z"), "closed"), (PullState::Merged, Some("c0ffee".into())));
        assert_eq!(state_of(json!(null), "closed"), (PullState::Closed, None));
        assert_eq!(state_of(json!(null), "open"), (PullState::Open, None));
    }

    #[test]
    fn a_review_counts_by_what_it_says_and_who_says_it() {
        for (state, association, verdict, belongs) in [
            ("changes_requested", "MEMBER", ReviewVerdict::ChangesRequested, true),
            ("CHANGES_REQUESTED", "NONE", ReviewVerdict::ChangesRequested, false),
            ("approved", "OWNER", ReviewVerdict::Approved, true),
            ("dismissed", "COLLABORATOR", ReviewVerdict::Dismissed, true),
            ("commented", "FIRST_TIMER", ReviewVerdict::Other, false),
        ] {
            let review = json!({ "state": state, "author_association": association, "user": { "login": "ada" } });
            let body = json!({ "action": "submitted", "review": review, "pull_request": pull_request(), "repository": repository() });
            let Event::Review(event) = event_of("pull_request_review", &body) else { panic!("no review") };
            assert_eq!(
                (event.review.verdict, event.review.author_belongs),
                (verdict, belongs),
                "{state} {association}"
            );
        }
    }

    #[test]
    fn a_push_tells_its_paths_and_what_it_reverts() {
        let name = "0123456789abcdef0123456789abcdef01234567";
        let commits = json!([
            { "message": "Add", "added": ["b"], "modified": [".github/owp.yml"], "removed": [] },
            { "message": format!("Revert \"Add\"\n\nThis reverts commit {name}."), "modified": ["b"] },
            { "message": "This reverts commit abc." },
        ]);
        for (reference, is_default) in
            [("refs/heads/main", true), ("refs/heads/other", false), ("refs/tags/main", false)]
        {
            let body = json!({ "ref": reference, "repository": repository(), "commits": commits });
            let Event::Push(push) = event_of("push", &body) else { panic!("no push") };
            assert_eq!(push.is_default_branch, is_default, "{reference}");
            assert_eq!(
                (push.paths, push.reverts),
                (vec![".github/owp.yml".to_owned(), "b".into()], vec![name.to_owned()])
            );
        }
    }

    #[test]
    fn a_check_is_asked_for_again_alone_or_with_all_of_its_commit() {
        let numbered = json!([{ "number": 12 }]);
        for (pull_requests, numbers) in [(&numbered, vec![12]), (&json!([]), vec![])] {
            let run = json!({ "name": "x", "head_sha": "abc", "pull_requests": pull_requests });
            let body =
                json!({ "action": "rerequested", "check_run": run, "check_suite": run, "repository": repository() });
            let again = |name: Option<&str>| Event::CheckAgain {
                repo: RepoName("owner/repo".into()),
                name: name.map(str::to_owned),
                head_sha: "abc".into(),
                pull_requests: numbers.clone(),
            };
            assert_eq!(event_of("check_run", &body), again(Some("x")));
            assert_eq!(event_of("check_suite", &body), again(None));
        }
        assert_eq!(event_of("check_suite", &json!({ "action": "completed" })), Event::Unknown);
    }

    #[test]
    fn what_nobody_asked_for_is_unknown_and_what_is_broken_is_said() {
        assert_eq!(event_of("ping", &json!({ "zen": "x" })), Event::Ping);
        assert_eq!(event_of("star", &json!({ "action": "created" })), Event::Unknown);
        assert_eq!(event_of("invented_tomorrow", &json!({})), Event::Unknown);
        assert_eq!(event_of("label", &json!({ "action": "created" })), Event::Unknown);
        assert_eq!(event_of("check_run", &json!({ "action": "completed" })), Event::Unknown);
        for (name, body) in [("issues", "{}"), ("push", "[]"), ("star", "{"), ("ping", "\u{0}")] {
            assert!(read(name, body.as_bytes()).is_err(), "{name} {body}");
        }
    }
}
