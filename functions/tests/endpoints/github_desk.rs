//! What the pool says at GitHub: each thing once, as things stand, whatever GitHub does meanwhile.

use crate::fake_github::{FakeGithub, REPO, issue, pull};
use crate::pool::{Pool, START, Worker, settings, text};
use crate::receive_github_webhook::delivery;
use owp_functions::github::desk;
use owp_functions::{App, endpoints, router};
use owp_github::Error;
use owp_logic::github::{PullRequest, PullState};
use serde_json::json;
use std::sync::Arc;

const ALL: [&str; 4] = ["comments", "labels", "assignees", "status"];

/// Works until nothing is left that can be done now.
async fn work(pool: &Pool) -> usize {
    let mut done = 0;
    loop {
        match desk::work(&pool.app, "r1").await.expect("the store works") {
            0 => return done,
            more => done += more,
        }
    }
}

/// Works until nothing is left at all, however long it takes.
async fn work_off(pool: &Pool) {
    for _ in 0..200 {
        work(pool).await;
        pool.clock.advance_s(30);
    }
}

/// A linked repository with the task of issue 7, which `alice` holds.
async fn held(pool: &Pool, github: &FakeGithub) -> (Worker, String) {
    pool.repo(REPO, 3).await;
    github.there().issues.insert(7, issue(7, START, &["pool:ready"]));
    let sync = json!({ "sync_type": "bidirectional", "write_permissions": ALL });
    pool.post("/v1/github/repos/owner/repo/sync", sync).await.ok(200);
    let worker = pool.worker(json!({ "name": "Alice", "github_handle": "alice" })).await;
    let task_id = pool.fetched(&worker).await.remove(0);
    (worker, task_id)
}

async fn open_pull(pool: &Pool, github: &FakeGithub, worker: &Worker, task_id: &str) -> PullRequest {
    let body = format!("OWP-Lease: {}", pool.lease_of(worker, task_id).await);
    let opened = pull(12, START.plus_s(60), "alice", &body);
    github.there().pulls.insert(12, (opened.clone(), vec![]));
    opened
}

#[tokio::test]
async fn one_comment_on_each_is_kept_up_to_date_from_lease_to_merge() {
    let (pool, github) = Pool::with_github();
    let (worker, task_id) = held(&pool, &github).await;
    work(&pool).await;
    assert!(github.there().comment(7).contains("`alice` is working on this."), "{}", github.there().comment(7));
    assert!(github.there().labels[&7].contains("pool:in-progress"));
    assert!(!github.there().assignees.contains_key(&7), "whoever claims a handle is not assigned");

    let opened = open_pull(&pool, &github, &worker, &task_id).await;
    // No webhook tells of it: what the holder reports is looked at.
    pool.report(&worker, &task_id, json!({ "status": "pr_opened", "artifact": { "pr_url": opened.url } }))
        .await
        .ok(200);
    work(&pool).await;
    assert_eq!(pool.read(&task_id).await["pull_request"]["number"], 12);
    work(&pool).await;
    assert!(
        github.there().comment(7).contains("@alice has opened a pull request in #12"),
        "{}",
        github.there().comment(7)
    );
    assert!(github.there().comment(12).contains("This is the work of @alice on the task `Issue 7` (#7)."));
    assert_eq!(github.there().labels[&7].iter().collect::<Vec<_>>(), ["pool:in-review"]);
    assert!(github.there().assignees[&7].contains("alice"));

    let merged = PullRequest { state: PullState::Merged, updated_at: START.plus_s(7200), ..opened };
    github.there().pulls.insert(12, (merged, vec![]));
    pool.clock.advance_s(3600);
    work(&pool).await;
    work(&pool).await;
    assert_eq!(pool.state_of(&task_id).await, "merged");
    assert!(github.there().comment(7).contains("Done by @alice in #12. Thank you!"));
    assert!(github.there().comment(12).contains("Merged. Thank you!"));
    assert!(github.there().labels[&7].is_empty() && github.there().assignees[&7].is_empty());
    pool.assert_history_is_sound().await;
}

#[tokio::test]
async fn what_changes_nothing_at_github_writes_nothing_there() {
    let (pool, github) = Pool::with_github();
    let (worker, task_id) = held(&pool, &github).await;
    work(&pool).await;
    let writes = github.there().writes;
    let lease_id = pool.lease_of(&worker, &task_id).await;
    for minute in 0..5 {
        pool.clock.advance_s(60);
        pool.renew(&worker, &lease_id).await.ok(200);
        let note = json!({ "status": "in_progress", "message": format!("minute {minute}") });
        pool.report(&worker, &task_id, note).await.ok(200);
        work(&pool).await;
    }
    assert_eq!(github.there().writes, writes);
}

#[tokio::test]
async fn nothing_is_written_that_was_not_asked_for() {
    let (pool, github) = Pool::with_github();
    pool.repo(REPO, 3).await;
    github.there().issues.insert(7, issue(7, START, &["pool:ready"]));
    let sync = json!({ "sync_type": "import", "write_permissions": ALL });
    pool.post("/v1/github/repos/owner/repo/sync", sync).await.ok(200);
    let worker = pool.roomy_worker().await;
    assert_eq!(pool.fetched(&worker).await.len(), 1);
    work(&pool).await;
    assert_eq!(github.there().writes, 0, "an import writes nothing");
    let sync = json!({ "sync_type": "bidirectional", "write_permissions": ["labels"] });
    pool.post("/v1/github/repos/owner/repo/sync", sync).await.ok(200);
    let task_id = pool.fetched(&worker).await.remove(0);
    pool.report(&worker, &task_id, json!({ "status": "in_progress" })).await.ok(200);
    work(&pool).await;
    assert!(github.there().comments.is_empty() && github.there().labels[&7].contains("pool:in-progress"));
}

/// The same end is reached through limits, failures, lost answers and a restart in the middle.
#[tokio::test]
async fn a_github_that_fails_delays_and_neither_loses_nor_doubles_anything() {
    let github = FakeGithub::default();
    let store = Arc::new(owp_store::memory::MemoryStore::default());
    let mut pool = Pool::asking(store.clone(), &github);
    let (_, task_id) = held(&pool, &github).await;
    let unavailable = || Error::Unavailable { because: "502".to_owned() };
    github.there().failures.extend([
        Error::Limited { until: START.plus_s(120) },
        unavailable(),
        unavailable(),
        unavailable(),
        Error::Unauthorized,
    ]);
    work(&pool).await;
    let calls = github.there().calls;
    assert_eq!(work(&pool).await, 0);
    assert_eq!(github.there().calls, calls, "nothing is asked before GitHub wants to be asked");
    pool.clock.advance_s(121);
    work(&pool).await;
    // Another process goes on where this one stopped.
    let clock = pool.clock.clone();
    let app = App::with_clock(store, settings(), Box::new(clock.clone())).asking(Arc::new(github.clone()));
    let app = Arc::new(app);
    pool = Pool { router: router(app.clone(), endpoints::routes()), app, clock };
    github.there().loses_answer = true;
    work_off(&pool).await;
    assert!(github.there().failures.is_empty());
    assert!(github.there().comment(7).contains(&task_id), "one comment, however often it was tried");
    assert!(github.there().labels[&7].contains("pool:in-progress"));
}

#[tokio::test]
async fn a_repository_that_is_not_there_any_more_is_told_and_left_alone() {
    for (error, gone, said) in [
        (Error::Moved, false, "GitHub has moved it elsewhere"),
        (Error::NotFound, true, "GitHub knows no such repository"),
        (
            Error::NotInstalled { repo: owp_wire::RepoName(REPO.to_owned()) },
            false,
            "the GitHub App is not installed on it",
        ),
    ] {
        let (pool, github) = Pool::with_github();
        held(&pool, &github).await;
        work_off(&pool).await;
        github.there().is_gone = gone;
        // Asked for the policy file or for issues first, and then whether it is there at all.
        github.there().failures.extend([error.clone(), error]);
        pool.clock.advance_s(3600);
        work(&pool).await;
        let link = pool.get("/v1/admin/repos").await.ok(200)["repos"][0]["github"].take();
        assert_eq!(link["suspended"], true, "{said}");
        assert!(text(&link["suspended_because"]).starts_with(said), "{link:#}");
        let calls = github.there().calls;
        pool.clock.advance_s(24 * 3600);
        work(&pool).await;
        assert_eq!(github.there().calls, calls, "nothing is asked there any more");
    }
}

/// However it comes back: a maintainer syncs it, or GitHub tells that the app is there again.
#[tokio::test]
async fn what_ended_while_a_link_was_suspended_is_told_once_it_works_again() {
    for by_webhook in [false, true] {
        let (pool, github) = Pool::with_github();
        let (_, task_id) = held(&pool, &github).await;
        work_off(&pool).await;
        assert!(github.there().comment(7).contains("is working on this"));
        let told = async |action: &str| {
            let payload = json!({
                "action": action,
                "installation": { "id": 1, "account": { "login": "owner" } },
                "repositories": [{ "full_name": REPO }],
            });
            pool.ask(delivery("installation", action, &payload)).await.ok(202);
        };
        told("suspend").await;
        work(&pool).await;
        let calls = github.there().calls;
        pool.update(&task_id, json!({ "action": "cancel", "reason": "not needed" })).await.ok(200);
        pool.clock.advance_s(7200);
        work(&pool).await;
        assert_eq!(github.there().calls, calls, "nothing is said while it is suspended");
        if by_webhook {
            told("unsuspend").await;
        } else {
            let sync = json!({ "sync_type": "bidirectional" });
            pool.post("/v1/github/repos/owner/repo/sync", sync).await.ok(200);
        }
        work(&pool).await;
        assert!(github.there().comment(7).contains("taken out of the pool"), "{}", github.there().comment(7));
        assert!(github.there().labels[&7].is_empty(), "{:?}", github.there().labels[&7]);
        let writes = github.there().writes;
        work_off(&pool).await;
        assert_eq!(github.there().writes, writes, "it is said once");
    }
}

/// Nothing is read by the clock here, and the webhooks of the time are lost.
#[tokio::test]
async fn what_became_of_a_pull_request_while_a_link_was_suspended_is_seen_once_it_works_again() {
    let (pool, github) = Pool::with_github_and(|settings| settings.github.sync_interval_s = 0);
    let (worker, task_id) = held(&pool, &github).await;
    let opened = open_pull(&pool, &github, &worker, &task_id).await;
    pool.report(&worker, &task_id, json!({ "status": "pr_opened", "artifact": { "pr_url": opened.url } }))
        .await
        .ok(200);
    work_off(&pool).await;
    github.there().failures.extend([Error::Moved, Error::Moved]);
    pool.report(&worker, &task_id, json!({ "status": "pr_opened", "message": "green now" })).await.ok(200);
    work(&pool).await;
    assert_eq!(pool.get("/v1/admin/repos").await.ok(200)["repos"][0]["github"]["suspended"], true);
    github.there().failures.clear();
    let merged = PullRequest { state: PullState::Merged, updated_at: START.plus_s(7200), ..opened };
    github.there().pulls.insert(12, (merged, vec![]));
    work_off(&pool).await;
    assert_eq!(pool.state_of(&task_id).await, "pr_opened");
    pool.post("/v1/github/repos/owner/repo/sync", json!({ "sync_type": "bidirectional" })).await.ok(200);
    work_off(&pool).await;
    assert_eq!(pool.state_of(&task_id).await, "merged");
    pool.assert_history_is_sound().await;
}

#[tokio::test]
async fn many_tasks_that_ended_meanwhile_are_caught_up_with_page_by_page() {
    let (pool, github) = Pool::with_github();
    let (_, task_id) = held(&pool, &github).await;
    work_off(&pool).await;
    github.there().failures.extend([Error::Moved, Error::Moved]);
    pool.clock.advance_s(3600);
    work(&pool).await;
    pool.update(&task_id, json!({ "action": "cancel", "reason": "not needed" })).await.ok(200);
    // Newer ones come first, so that it is on the last page.
    for number in 0..250 {
        pool.task(json!({ "repo": REPO, "title": format!("Task {number}") })).await;
    }
    pool.post("/v1/github/repos/owner/repo/sync", json!({ "sync_type": "bidirectional" })).await.ok(200);
    work_off(&pool).await;
    assert!(github.there().comment(7).contains("taken out of the pool"), "{}", github.there().comment(7));
    assert!(github.there().labels[&7].is_empty(), "{:?}", github.there().labels[&7]);
}

/// Also where nothing is read by the clock and no webhook tells.
#[tokio::test]
async fn who_has_something_to_say_sees_that_a_repository_was_moved() {
    let (pool, github) = Pool::with_github();
    let (worker, task_id) = held(&pool, &github).await;
    work_off(&pool).await;
    github.there().failures.extend([Error::Moved, Error::Moved]);
    pool.report(&worker, &task_id, json!({ "status": "blocked" })).await.ok(200);
    assert!(work(&pool).await > 0);
    let link = pool.get("/v1/admin/repos").await.ok(200)["repos"][0]["github"].take();
    assert!(text(&link["suspended_because"]).starts_with("GitHub has moved it elsewhere"), "{link:#}");
}

#[tokio::test]
async fn one_issue_that_is_gone_suspends_nothing() {
    let (pool, github) = Pool::with_github();
    held(&pool, &github).await;
    work_off(&pool).await;
    github.there().failures.push_back(Error::NotFound);
    pool.clock.advance_s(3600);
    work(&pool).await;
    assert!(github.there().failures.is_empty());
    let link = pool.get("/v1/admin/repos").await.ok(200)["repos"][0]["github"].take();
    assert_eq!(link["suspended"], serde_json::Value::Null);
}

#[tokio::test]
async fn writes_keep_under_the_limits_and_the_rest_comes_later() {
    let (pool, github) = Pool::with_github();
    pool.repo(REPO, 100).await;
    for number in 1..=100 {
        github.there().issues.insert(number, issue(number, START, &["pool:ready"]));
    }
    let sync = json!({ "sync_type": "bidirectional", "write_permissions": ["comments"] });
    pool.post("/v1/github/repos/owner/repo/sync", sync).await.ok(200);
    for _ in 0..5 {
        assert_eq!(pool.fetched(&pool.roomy_worker().await).await.len(), 20);
    }
    work(&pool).await;
    assert_eq!(github.there().writes, 80);
    pool.clock.advance_s(120);
    work(&pool).await;
    assert_eq!(github.there().writes, 100);
    assert!((1..=100).all(|number| !github.there().comment(number).is_empty()));
}

#[tokio::test]
async fn one_works_at_the_desk_at_a_time_and_who_vanishes_does_not_keep_it() {
    let (pool, github) = Pool::with_github();
    held(&pool, &github).await;
    let taken = owp_logic::operations::TakeDesk { holder: "another".to_owned() };
    let scope = owp_logic::scope_of(&taken, None, pool.app.clock.now(), &pool.app.settings.rules);
    let (clock, rules) = (pool.clock.clone(), pool.app.settings.rules.clone());
    let decide = move |snapshot: &owp_logic::Snapshot| {
        let context = owp_logic::Context {
            now: owp_functions::clock::Clock::now(&clock),
            rules: &rules,
            actor: owp_logic::Actor::System,
            request_id: "r1",
            ids: &mut owp_functions::clock::RandomIds,
        };
        owp_logic::decide(&taken, None, snapshot, context)
    };
    owp_store::transact(&*pool.app.store, move || scope.clone(), decide).await.unwrap().unwrap();
    assert_eq!(work(&pool).await, 0);
    pool.clock.advance_s(180);
    assert!(work(&pool).await > 0);
    assert!(text(&json!(github.there().comment(7))).contains("is working on this"));
}
