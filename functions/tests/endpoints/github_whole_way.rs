//! The whole way with GitHub on the other side: the real client against a GitHub on loopback that holds every request to
//! GitHub's own description, and webhooks as GitHub sends them, each more than once and in any order.

use crate::pool::{Pool, TestClock, Worker, settings, text};
use crate::receive_github_webhook::delivery;
use owp_functions::clock::Clock;
use owp_functions::github::desk;
use owp_functions::{App, endpoints, router};
use owp_github::{Client, Credentials, Settings};
use owp_github_mock::{Fault, Mock, NewIssue, NewPull, WebhookExample, When, webhook_examples};
use owp_logic::{Book, BookName, Errand, Key, Need, Record};
use owp_store::Store;
use owp_store::libsql::LibsqlStore;
use owp_store::memory::MemoryStore;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// How long the client waits for an answer, unless a test lets it wait less.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long the pool may go on where much goes wrong; the lease is longer.
const MINUTES_MORE: u32 = 90;

pub const REPO: &str = "owner/repo";
const SYNC: &str = "/v1/github/repos/owner/repo/sync";

pub fn issue(number: usize) -> NewIssue {
    let labels = ["pool:ready", "size:2"].map(str::to_owned).to_vec();
    NewIssue { title: format!("Do {number}"), body: "As it says.".into(), author: "carol".into(), labels }
}

/// A pool over a store, with the real client to a mock of GitHub.
pub struct Both {
    pub pool: Pool,
    pub mock: Mock,
    store: Arc<dyn Store>,
    patience: Duration,
}

impl Both {
    pub async fn over(store: Arc<dyn Store>) -> Self {
        // A pool that asks nobody yet has the clock that the mock goes by.
        let clock = Pool::new().clock;
        let of_mock = clock.clone();
        let mock = Mock::start(move || of_mock.now()).await;
        mock.add_repo(REPO);
        let pool = pool_with(&store, &mock, clock, PATIENCE);
        Self { pool, mock, store, patience: PATIENCE }
    }

    /// Another process over the same store, which remembers nothing.
    fn restart(&mut self) {
        self.pool = pool_with(&self.store, &self.mock, self.pool.clock.clone(), self.patience);
    }

    pub async fn link(&self) -> Value {
        self.pool.repo(REPO, 5).await;
        let all = ["comments", "labels", "assignees", "status"];
        let body = json!({ "sync_type": "bidirectional", "write_permissions": all, "admission": "report" });
        self.pool.post(SYNC, body).await.ok(200)
    }

    /// What GitHub sends, twice.
    pub async fn told(&self, id: &str, event: WebhookExample) {
        for _ in 0..2 {
            self.pool.ask(delivery(&event.event, id, &event.payload)).await.ok(202);
        }
    }

    /// Works at the desk for so many minutes.
    pub async fn minutes(&self, minutes: u32) {
        for _ in 0..minutes {
            while desk::work(&self.pool.app, "r1").await.expect("the store works") > 0 {}
            self.pool.clock.advance_s(60);
        }
    }

    /// Works until nothing is left to do. The slower the machine, the more answers come too late and are asked for again.
    async fn settled(&self) {
        self.minutes(15).await;
        for _ in 0..MINUTES_MORE {
            if self.left_to_do().await.is_empty() {
                return;
            }
            self.minutes(1).await;
        }
        panic!("still to do: {:?}", self.left_to_do().await);
    }

    async fn left_to_do(&self) -> Vec<Errand> {
        let key = Key::Book(BookName::Desk);
        let snapshot = self.store.look(vec![Need::Record(key.clone())]).await.expect("the store works");
        match snapshot.get(&key).and_then(|(_, record)| record.and_then(Record::as_book)) {
            Some(Book::Desk(desk)) => desk.errands.clone(),
            other => panic!("no desk: {other:?}"),
        }
    }

    /// The pool's comments on an issue or a pull request.
    fn comments(&self, number: u64) -> Vec<String> {
        let ours = self.mock.app_login();
        self.mock.look(REPO, |repo| {
            let all = &repo.threads[&number].comments;
            all.iter().filter(|comment| comment.author == ours).map(|comment| comment.body.clone()).collect()
        })
    }

    #[track_caller]
    fn assert_said_once(&self, number: u64, what: &str) {
        let comments = self.comments(number);
        assert!(comments.len() == 1 && comments[0].contains(what), "{what} is not the one of {comments:#?}");
    }

    /// Each commit has one check of the pool at most.
    fn assert_checked_once(&self) {
        self.mock.look(REPO, |repo| {
            let checked: BTreeSet<_> = repo.check_runs.iter().map(|run| (&run.head_sha, &run.name)).collect();
            assert_eq!((checked.len(), repo.check_runs.len()), (2, 2), "one for each of the two heads");
        });
    }

    fn labels(&self, number: u64) -> Vec<String> {
        self.mock.look(REPO, |repo| repo.threads[&number].labels.clone())
    }
}

fn pool_with(store: &Arc<dyn Store>, mock: &Mock, clock: TestClock, patience: Duration) -> Pool {
    let of_client = clock.clone();
    let credentials = Credentials::App { id: mock.app_id(), key_pem: mock.app_key_pem() };
    let asked = Settings::new(credentials, move || of_client.now());
    let client = Settings { api_url: mock.url().to_owned(), request_timeout: patience, ..asked };
    let client = Client::new(client).expect("a client");
    let app = App::with_clock(store.clone(), settings(), Box::new(clock.clone())).asking(Arc::new(client));
    let app = Arc::new(app);
    Pool { router: router(app.clone(), endpoints::routes()), app, clock }
}

#[tokio::test]
async fn a_thousand_issues_are_imported_over_pages_and_again_without_effect() {
    let both = Both::over(Arc::new(MemoryStore::default())).await;
    for number in 0..1000 {
        both.mock.add_issue(REPO, issue(number));
    }
    let answer = both.link().await;
    assert_eq!((&answer["created"], &answer["permissions_missing"]), (&json!(1000), &json!([])));
    let pages = both.mock.requests().iter().filter(|request| request.path.ends_with("/issues")).count();
    assert!(pages >= 10, "{pages} pages");
    let events = both.pool.events().await.len();
    let again = both.link().await;
    assert_eq!((&again["created"], &again["unchanged"]), (&json!(0), &json!(1000)));
    assert_eq!(both.pool.events().await.len(), events);
    both.mock.assert_described();
}

/// From issue to merge, with a reviewer who wants changes; `trouble` is asked for before each step.
async fn whole_way(both: &mut Both, trouble: impl Fn(&mut Both, usize)) {
    for number in 0..3 {
        both.mock.add_issue(REPO, issue(number));
    }
    both.mock.let_be_assigned(REPO, "alice");
    both.link().await;
    let worker: Worker =
        both.pool.worker(json!({ "name": "Alice", "github_handle": "alice", "capacity_points": 2 })).await;
    let task_id = both.pool.fetched(&worker).await.remove(0);
    let number = both.pool.read(&task_id).await["source"]["issue"].as_u64().expect("a number");
    trouble(both, 0);
    both.settled().await;
    both.assert_said_once(number, "is working on this");
    assert!(both.labels(number).contains(&"pool:in-progress".to_owned()));

    let lease_id = both.pool.lease_of(&worker, &task_id).await;
    let pull = both.mock.add_pull(
        REPO,
        NewPull {
            title: "Done".into(),
            body: format!("Closes #{number}\n\n<!-- OWP-Lease: {lease_id} -->"),
            author: "alice".into(),
            author_association: "CONTRIBUTOR".into(),
            head_sha: "a".repeat(40),
            base_branch: "main".into(),
            files: Vec::new(),
        },
    );
    let opened = both.mock.pull_event(REPO, pull, "opened");
    both.told("d1", opened.clone()).await;
    assert_eq!(both.pool.state_of(&task_id).await, "pr_opened");
    trouble(both, 1);
    both.settled().await;
    both.assert_said_once(number, &format!("@alice has opened a pull request in #{pull}"));
    both.assert_said_once(pull, "This is the work of @alice");
    assert_eq!(both.mock.look(REPO, |repo| repo.threads[&number].assignees.clone()), ["alice"]);

    both.told("d2", both.mock.review_event(REPO, pull, "maintainer", "MEMBER", "changes_requested")).await;
    assert_eq!(both.pool.state_of(&task_id).await, "changes_requested");
    trouble(both, 2);
    both.settled().await;
    both.assert_said_once(number, "Reviewers asked @alice for changes");

    both.mock.edit(REPO, pull, |thread| thread.pull.as_mut().expect("a pull request").head_sha = "b".repeat(40));
    both.told("d3", both.mock.pull_event(REPO, pull, "synchronize")).await;
    assert_eq!(both.pool.state_of(&task_id).await, "pr_opened");
    both.minutes(1).await;
    let now = both.pool.clock.now();
    both.mock.edit(REPO, pull, |thread| {
        thread.is_open = false;
        thread.pull.as_mut().expect("a pull request").merged_at = Some(now);
    });
    both.told("d4", both.mock.pull_event(REPO, pull, "closed")).await;
    both.told("d1", opened).await;
    assert_eq!(both.pool.state_of(&task_id).await, "merged");
    trouble(both, 3);
    both.settled().await;
    both.assert_said_once(number, &format!("Done by @alice in #{pull}. Thank you!"));
    both.assert_said_once(pull, "Merged. Thank you!");
    assert!(!both.labels(number).iter().any(|label| label.starts_with("pool:in-")), "{:?}", both.labels(number));
    both.assert_checked_once();
    assert!(both.mock.is_out_of_faults());
    both.mock.assert_described();
    both.pool.assert_history_is_sound().await;
    let me = both.pool.reputation(&worker).await;
    assert_eq!(me["parts"]["outcomes"]["merged"], 1, "{me}");
    assert_eq!(text(&json!(both.pool.read(&task_id).await["attempts"][0]["outcome"])), "merged");
}

#[tokio::test]
async fn a_task_goes_its_whole_way_and_everything_is_said_once() {
    let mut both = Both::over(Arc::new(MemoryStore::default())).await;
    whole_way(&mut both, |_, _| {}).await;
}

/// Limits, failures, answers that are lost or come too late, tokens that end and restarts in the middle lead to the same end.
#[tokio::test]
async fn whatever_goes_wrong_on_the_way_leads_to_the_same_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = LibsqlStore::open(&folder.path().join("pool.db")).await.expect("a database");
    let mut both = Both::over(Arc::new(store)).await;
    both.mock.mind_the_pace();
    // Nobody waits that long: the client has gone by then.
    let too_late = Duration::from_mins(1);
    whole_way(&mut both, |both, step| {
        both.mock.fail(When::Writes, Fault::SecondaryLimit { retry_after_s: 90 });
        both.mock.fail(When::Writes, Fault::Status(502));
        both.mock.fail(When::Writes, Fault::Slow(too_late));
        both.mock.fail(When::Path("/comments"), Fault::Slow(too_late));
        match step {
            // The comment on the issue is made, and nobody hears of it.
            0 => both.mock.fail(When::Creates("/comments"), Fault::DoneButSlow(too_late)),
            // The same for that on the pull request, and for its check.
            1 => {
                both.mock.fail(When::Creates("/comments"), Fault::DoneButCut);
                both.mock.fail(When::Creates("/check-runs"), Fault::DoneButSlow(too_late));
            }
            _ => both.mock.fail(When::Path("/comments"), Fault::DoneButSlow(too_late)),
        }
        if step % 2 == 1 {
            both.mock.end_tokens();
            both.mock.fail(When::Path("/access_tokens"), Fault::DoneButSlow(too_late));
            let reset = both.pool.clock.now().as_millis() / 1000 + 120;
            both.mock.fail(When::Writes, Fault::PrimaryLimit { reset_at_s: reset });
        }
        both.patience = Duration::from_millis(200);
        both.restart();
    })
    .await;
}

/// All that GitHub has ever shown as an example, sent twice, the last one first.
#[tokio::test]
async fn every_example_of_a_webhook_is_taken_and_none_counts_twice() {
    let both = Both::over(Arc::new(MemoryStore::default())).await;
    let examples = webhook_examples();
    let repos = examples.iter().filter_map(|told| told.payload["repository"]["full_name"].as_str());
    let mut repos: Vec<&str> = repos.filter(|name| name.contains('/')).collect();
    repos.sort_unstable();
    repos.dedup();
    for name in repos {
        both.mock.add_repo(name);
        both.pool.repo(name, 3).await;
        let (owner, repo) = name.split_once('/').expect("both parts");
        let path = format!("/v1/github/repos/{owner}/{repo}/sync");
        let body = json!({ "sync_type": "bidirectional", "write_permissions": ["status"] });
        both.pool.post(&path, body).await.ok(200);
    }
    let send = async |order: &mut dyn Iterator<Item = (usize, &WebhookExample)>| {
        for (number, told) in order {
            let answer = both.pool.ask(delivery(&told.event, &format!("d{number}"), &told.payload)).await;
            assert_eq!(answer.status, 202, "{} {}: {}", told.event, told.payload["action"], answer.body);
        }
    };
    let before = both.pool.events().await.len();
    send(&mut examples.iter().enumerate().rev()).await;
    let after = both.pool.events().await;
    assert!(after.len() > before, "some of them mean something");
    send(&mut examples.iter().enumerate()).await;
    assert_eq!(both.pool.events().await, after);
    both.pool.assert_history_is_sound().await;
}
