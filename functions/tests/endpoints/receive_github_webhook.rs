//! `POST /webhooks/github`

use crate::fake_github::{REPO, WEBHOOK_SECRET};
use crate::pool::{Ask, Pool, START, Worker, text};
use axum::body::Body;
use owp_wire::Timestamp;
use serde_json::{Value, json};
use tower::ServiceExt;

const PATH: &str = "/webhooks/github";

/// A delivery as GitHub signs it.
pub fn delivery(event: &str, id: &str, payload: &Value) -> Ask {
    let body = payload.to_string();
    let signature = owp_github::sign(WEBHOOK_SECRET, body.as_bytes());
    Ask::new("POST", PATH)
        .raw("application/json", body)
        .header("x-github-event", event)
        .header("x-github-delivery", id)
        .header("x-hub-signature-256", &signature)
}

/// A pool that follows a repository, in which issue 7 is a task that `alice` holds.
struct Followed {
    pool: Pool,
    worker: Worker,
    task_id: String,
    lease_id: String,
}

impl Followed {
    async fn new() -> Self {
        let (pool, _) = Pool::with_github();
        pool.repo(REPO, 3).await;
        pool.post("/v1/github/repos/owner/repo/sync", json!({ "sync_type": "bidirectional" })).await.ok(200);
        let followed = Self {
            pool,
            worker: Worker { id: String::new(), token: String::new() },
            task_id: String::new(),
            lease_id: String::new(),
        };
        followed.told("issues", "i1", &issue("labeled", 0, "pool:ready")).await;
        let pool = followed.pool;
        let worker = pool.worker(json!({ "github_handle": "alice" })).await;
        let task_id = pool.fetched(&worker).await.remove(0);
        let lease_id = pool.lease_of(&worker, &task_id).await;
        Self { pool, worker, task_id, lease_id }
    }

    async fn told(&self, event: &str, id: &str, payload: &Value) {
        self.pool.ask(delivery(event, id, payload)).await.ok(202);
    }

    async fn state(&self) -> String {
        self.pool.state_of(&self.task_id).await
    }

    fn pull(&self, action: &str, at: u32, head: char, state: &str) -> Value {
        let body = format!("Does it.\n\nOWP-Lease: {}", self.lease_id);
        pull(action, at, head, state, &body)
    }
}

fn at(seconds: u32) -> String {
    // GitHub tells whole seconds.
    let moment: Timestamp = START.plus_s(seconds);
    moment.to_string().replace(".000Z", "Z")
}

fn account(login: &str) -> Value {
    json!({ "login": login, "id": 1, "type": "User" })
}

fn repository() -> Value {
    json!({ "full_name": REPO, "default_branch": "main", "owner": account("owner") })
}

fn issue(action: &str, seconds: u32, label: &str) -> Value {
    json!({
        "action": action, "sender": account("maintainer"), "repository": repository(), "label": { "name": label },
        "issue": {
            "number": 7, "html_url": "https://github.example/owner/repo/issues/7", "title": "Say what it does",
            "body": "In the readme.", "state": "open", "user": account("carol"), "assignees": [],
            "labels": [{ "name": "pool:ready" }], "updated_at": at(seconds), "author_association": "NONE",
        },
    })
}

fn pull(action: &str, seconds: u32, head: char, state: &str, body: &str) -> Value {
    let sha = |letter: char| letter.to_string().repeat(40);
    json!({
        "action": action, "number": 12, "sender": account("alice"), "repository": repository(),
        "pull_request": {
            "number": 12, "html_url": "https://github.example/owner/repo/pull/12", "title": "Say it", "body": body,
            "state": if state == "open" { "open" } else { "closed" }, "merged": state == "merged", "draft": false,
            "merged_at": (state == "merged").then(|| at(seconds)), "user": account("alice"),
            "author_association": "CONTRIBUTOR", "updated_at": at(seconds),
            "merge_commit_sha": (state == "merged").then(|| sha('f')),
            "head": { "sha": sha(head), "ref": "say-it", "repo": { "full_name": "alice/repo", "default_branch": "main" } },
            "base": { "sha": sha('0'), "ref": "main", "repo": repository() },
        },
    })
}

fn review(of: &Value, seconds: u32) -> Value {
    let mut payload = of.clone();
    payload["action"] = json!("submitted");
    payload["sender"] = account("maintainer");
    payload["review"] = json!({
        "id": 1, "state": "changes_requested", "user": account("maintainer"), "author_association": "MEMBER",
        "submitted_at": at(seconds), "commit_id": of["pull_request"]["head"]["sha"], "body": "Please.",
    });
    payload
}

#[tokio::test]
async fn a_task_goes_its_whole_way_by_what_github_tells() {
    let followed = Followed::new().await;
    let opened = followed.pull("opened", 10, 'a', "open");
    followed.told("pull_request", "p1", &opened).await;
    assert_eq!(followed.state().await, "pr_opened");
    followed.told("pull_request_review", "r1", &review(&opened, 20)).await;
    assert_eq!(followed.state().await, "changes_requested");
    let task = followed.pool.read(&followed.task_id).await;
    assert!(text(&task["message"]).starts_with("maintainer asked for changes at https://github.example"), "{task:#}");
    followed.told("pull_request", "p2", &followed.pull("synchronize", 30, 'b', "open")).await;
    assert_eq!(followed.state().await, "pr_opened");
    followed.told("pull_request", "p3", &followed.pull("closed", 40, 'b', "merged")).await;
    assert_eq!(followed.state().await, "merged");
    let me = followed.pool.reputation(&followed.worker).await;
    assert_eq!(me["metrics"]["total_tasks"], 1);
    let merged = followed.pool.events().await.pop().expect("it was merged");
    assert_eq!(merged.actor, owp_logic::Actor::Github("alice".to_owned()));
    let push = json!({
        "ref": "refs/heads/main", "repository": repository(), "sender": account("maintainer"),
        "commits": [{ "message": format!("Revert\n\nThis reverts commit {}.", "f".repeat(40)), "added": [], "removed": [], "modified": [".github/owp.yml"] }],
    });
    followed.told("push", "u1", &push).await;
    assert_eq!(followed.state().await, "closed");
    assert_eq!(followed.pool.reputation(&followed.worker).await["parts"]["outcomes"]["reverted"], 1);
    followed.pool.assert_history_is_sound().await;
}

#[tokio::test]
async fn a_review_that_is_dismissed_asks_for_nothing_any_more() {
    let followed = Followed::new().await;
    let opened = followed.pull("opened", 10, 'a', "open");
    followed.told("pull_request", "p1", &opened).await;
    followed.told("pull_request_review", "r1", &review(&opened, 20)).await;
    assert_eq!(followed.state().await, "changes_requested");
    let mut dismissed = review(&followed.pull("dismissed", 30, 'a', "open"), 20);
    dismissed["action"] = json!("dismissed");
    dismissed["review"]["state"] = json!("dismissed");
    followed.told("pull_request_review", "r2", &dismissed).await;
    assert_eq!(followed.state().await, "pr_opened");
    let task = followed.pool.read(&followed.task_id).await;
    assert!(text(&task["message"]).starts_with("maintainer asks for no more changes at https://"), "{task:#}");
    assert_eq!(task["attempts"][0]["change_rounds"], 0);
    // The review itself is told once more, by another name.
    followed.told("pull_request_review", "r3", &review(&opened, 20)).await;
    assert_eq!(followed.state().await, "pr_opened");
    followed.pool.assert_history_is_sound().await;
}

#[tokio::test]
async fn a_repository_is_known_by_its_name_in_any_case() {
    let (pool, github) = Pool::with_github();
    pool.repo("Owner/Repo", 3).await;
    let answer = pool.post("/v1/github/repos/owner/repo/sync", json!({ "sync_type": "bidirectional" })).await.ok(200);
    assert_eq!(answer["repo"], "Owner/Repo");
    let ask = async |event: &str, id: &str, payload: &Value| pool.ask(delivery(event, id, payload)).await.ok(202);
    ask("issues", "i1", &issue("labeled", 0, "pool:ready")).await;
    let worker = pool.worker(json!({ "github_handle": "alice" })).await;
    let task_id = pool.fetched(&worker).await.remove(0);
    assert_eq!(pool.read(&task_id).await["repo"], "Owner/Repo");
    let body = format!("OWP-Lease: {}", pool.lease_of(&worker, &task_id).await);
    ask("pull_request", "p1", &pull("opened", 10, 'a', "open", &body)).await;
    ask("pull_request", "p2", &pull("closed", 20, 'a', "merged", &body)).await;
    assert_eq!(pool.state_of(&task_id).await, "merged");
    let mut reverting = pull("closed", 30, 'b', "merged", "Reverts owner/repo#12");
    reverting["pull_request"]["number"] = json!(13);
    ask("pull_request", "p3", &reverting).await;
    assert_eq!(pool.state_of(&task_id).await, "closed");
    assert_eq!(pool.get("/v1/admin/repos").await.ok(200)["repos"].as_array().map(Vec::len), Some(1));
    drop(github);
    pool.assert_history_is_sound().await;
}

#[tokio::test]
async fn of_two_names_that_differ_in_case_alone_the_one_that_is_linked_counts() {
    let (pool, _github) = Pool::with_github();
    pool.repo("owner/repo", 3).await;
    pool.post("/v1/github/repos/owner/repo/sync", json!({ "sync_type": "import" })).await.ok(200);
    pool.repo("Owner/Repo", 3).await;
    let answer = pool.post("/v1/github/repos/Owner/Repo/sync", json!({ "sync_type": "import" })).await.ok(200);
    assert_eq!(answer["repo"], "owner/repo", "an issue is no task of two repositories");
}

#[tokio::test]
async fn a_repository_that_was_renamed_or_deleted_is_told_with_a_reason() {
    let renamed = json!({ "repository": { "name": { "from": "Repo" } } });
    let transferred = json!({ "owner": { "from": { "user": { "login": "owner" } } } });
    for (action, now, changes, said) in [
        ("renamed", "owner/other", renamed, "it is owner/other at GitHub now; "),
        ("transferred", "somebody/repo", transferred, "it is somebody/repo at GitHub now; "),
        ("deleted", "owner/repo", Value::Null, "it was deleted at GitHub; "),
    ] {
        let followed = Followed::new().await;
        let mut payload = json!({ "action": action, "sender": account("owner"), "repository": repository() });
        payload["repository"]["full_name"] = json!(now);
        payload["changes"] = changes;
        followed.told("repository", "d1", &payload).await;
        let link = followed.pool.get("/v1/admin/repos").await.ok(200)["repos"][0]["github"].take();
        assert_eq!(link["suspended"], true, "{action}");
        assert!(text(&link["suspended_because"]).starts_with(said), "{action}: {link:#}");
        let event = followed.pool.events().await.pop().expect("it was told");
        assert_eq!(event.details["suspended_because"], link["suspended_because"]);
        // What an app loses with it says less.
        let removed = json!({
            "action": "removed", "sender": account("owner"), "installation": { "id": 1, "account": account("owner") },
            "repositories_added": [], "repositories_removed": [{ "full_name": REPO }],
        });
        followed.told("installation_repositories", "d2", &removed).await;
        let after = followed.pool.get("/v1/admin/repos").await.ok(200)["repos"][0]["github"].take();
        assert_eq!(after, link, "{action}");
        let sync = json!({ "sync_type": "bidirectional" });
        followed.pool.post("/v1/github/repos/owner/repo/sync", sync).await.ok(200);
        let link = followed.pool.get("/v1/admin/repos").await.ok(200)["repos"][0]["github"].take();
        assert_eq!((&link["suspended"], &link["suspended_because"]), (&Value::Null, &Value::Null));
    }
}

#[tokio::test]
async fn another_way_to_write_the_same_name_suspends_nothing() {
    let followed = Followed::new().await;
    let mut payload = json!({ "action": "renamed", "sender": account("owner"), "repository": repository() });
    payload["repository"]["full_name"] = json!("owner/Repo");
    payload["changes"] = json!({ "repository": { "name": { "from": "repo" } } });
    followed.told("repository", "d1", &payload).await;
    let link = followed.pool.get("/v1/admin/repos").await.ok(200)["repos"][0]["github"].take();
    assert_eq!(link["suspended"], Value::Null);
}

#[tokio::test]
async fn a_delivery_counts_once_and_in_any_order() {
    let followed = Followed::new().await;
    let opened = followed.pull("opened", 10, 'a', "open");
    let all = [
        ("pull_request", "p3", followed.pull("closed", 40, 'b', "merged")),
        ("pull_request_review", "r1", review(&opened, 20)),
        ("pull_request", "p2", followed.pull("synchronize", 30, 'b', "open")),
        ("pull_request", "p1", opened),
        ("issues", "i1", issue("labeled", 0, "pool:ready")),
    ];
    for (event, id, payload) in &all {
        followed.told(event, id, payload).await;
    }
    assert_eq!(followed.state().await, "merged");
    let before = followed.pool.events().await;
    for (event, id, payload) in &all {
        followed.told(event, id, payload).await;
    }
    // Also long after, when nobody remembers its name.
    followed.pool.clock.advance_s(30 * 24 * 3600);
    for (event, id, payload) in &all {
        followed.told(event, id, payload).await;
    }
    assert_eq!(followed.pool.events().await, before);
}

#[tokio::test]
async fn a_forged_missing_or_old_signature_changes_nothing() {
    let followed = Followed::new().await;
    let payload = followed.pull("closed", 40, 'b', "merged");
    let before = followed.pool.everything().await;
    let body = payload.to_string();
    let unsigned = || {
        let ask = Ask::new("POST", PATH).raw("application/json", body.clone());
        ask.header("x-github-event", "pull_request").header("x-github-delivery", "p3")
    };
    let other = owp_github::sign("the secret that was used before", body.as_bytes());
    let of_other_body = owp_github::sign(WEBHOOK_SECRET, b"{}");
    followed.pool.ask(unsigned()).await.refused(401, "unauthenticated");
    for signature in ["", "sha256=", "sha1=abc", &other, &of_other_body] {
        followed.pool.ask(unsigned().header("x-hub-signature-256", signature)).await.refused(401, "unauthenticated");
    }
    assert_eq!(followed.pool.everything().await, before);
    assert_eq!(followed.state().await, "leased");
}

#[tokio::test]
async fn a_secret_can_be_replaced_without_losing_a_delivery() {
    let pool = Pool::with(|settings| {
        settings.github.webhook_secrets = vec!["the secret of tomorrow".to_owned(), WEBHOOK_SECRET.to_owned()];
    });
    pool.ask(delivery("ping", "d1", &json!({ "zen": "x" }))).await.ok(202);
    let without = Pool::with(|settings| settings.github.webhook_secrets.clear());
    without.ask(delivery("ping", "d1", &json!({ "zen": "x" }))).await.refused(404, "github_off");
}

#[tokio::test]
async fn what_is_not_of_its_shape_is_refused_before_anything_is_done() {
    let (pool, _) = Pool::with_github();
    let body = vec![b' '; 25 * 1024 * 1024];
    let long = Ask::new("POST", PATH).raw("application/json", body).header("x-github-event", "push");
    pool.ask(long).await.refused(413, "body_too_large");
    let endless = Body::from(vec![b' '; 6 * 1024 * 1024]);
    let unannounced = Ask::new("POST", PATH).header("content-type", "application/json").body(endless);
    pool.ask(unannounced).await.refused(413, "body_too_large");
    let form = Ask::new("POST", PATH).raw("application/x-www-form-urlencoded", "payload=%7B%7D");
    pool.ask(form).await.refused(415, "unsupported_media_type");
    let signed = |body: &str| {
        let signature = owp_github::sign(WEBHOOK_SECRET, body.as_bytes());
        Ask::new("POST", PATH).raw("application/json", body).header("x-hub-signature-256", &signature)
    };
    pool.ask(signed("{}")).await.refused(400, "invalid_request");
    pool.ask(signed("{}").header("x-github-event", "push")).await.refused(400, "invalid_request");
    let named = |body| signed(body).header("x-github-event", "issues").header("x-github-delivery", "d");
    pool.ask(named("{")).await.refused(400, "malformed_body");
    pool.ask(named("{}")).await.refused(400, "malformed_body");
}

#[tokio::test]
async fn what_means_nothing_to_the_pool_is_taken_and_ignored() {
    let followed = Followed::new().await;
    let before = followed.pool.everything().await;
    let mut elsewhere = followed.pull("opened", 10, 'a', "open");
    elsewhere["repository"]["full_name"] = json!("owner/other");
    elsewhere["pull_request"]["base"]["repo"]["full_name"] = json!("owner/other");
    followed.told("pull_request", "d1", &elsewhere).await;
    followed.told("star", "d2", &json!({ "action": "created", "repository": repository() })).await;
    followed.told("a_new_event", "d3", &json!({ "anything": [1, 2] })).await;
    followed.told("ping", "d4", &json!({ "zen": "x" })).await;
    followed.told("issues", "d5", &issue("assigned", 0, "pool:ready")).await;
    assert_eq!(followed.pool.everything().await, before);
}

#[tokio::test]
async fn an_app_that_is_taken_away_suspends_its_links_until_it_is_back() {
    let followed = Followed::new().await;
    let pool = &followed.pool;
    let installation = |action: &str, id: &str| {
        let payload = json!({
            "action": action, "sender": account("owner"), "installation": { "id": 1, "account": account("owner") },
            "repositories": [{ "full_name": REPO }, { "full_name": "owner/unknown" }],
        });
        delivery("installation", id, &payload)
    };
    let suspended = async || pool.get("/v1/admin/repos").await.ok(200)["repos"][0]["github"]["suspended"].clone();
    pool.ask(installation("deleted", "d1")).await.ok(202);
    assert_eq!(suspended().await, true);
    let why = pool.get("/v1/admin/repos").await.ok(200)["repos"][0]["github"]["suspended_because"].take();
    assert!(text(&why).contains("install it again"), "{why}");
    pool.ask(installation("created", "d2")).await.ok(202);
    assert_eq!(suspended().await, Value::Null);
}

#[tokio::test]
async fn long_bodies_of_strangers_fill_no_memory_and_keep_no_delivery_out() {
    let followed = Followed::new().await;
    let pool = &followed.pool;
    let stalled = || {
        let body = Body::from_stream(futures::stream::pending::<Result<Vec<u8>, std::convert::Infallible>>());
        let ask = Ask::new("POST", PATH).header("content-type", "application/json").header("content-length", "5000000");
        tokio::spawn(pool.router.clone().oneshot(ask.body(body).into_request()))
    };
    let strangers: Vec<_> = (0..8).map(|_| stalled()).collect();
    while pool.app.long_bodies.available_permits() > 0 {
        tokio::task::yield_now().await;
    }
    let long = || delivery("push", "p1", &json!({ "repository": repository(), "padding": "x".repeat(300_000) }));
    pool.ask(long()).await.refused(503, "unavailable");
    let of_no_length = Ask::new("POST", PATH).header("content-type", "application/json").body(Body::from("{}"));
    pool.ask(of_no_length).await.refused(503, "unavailable");
    followed.told("pull_request", "d1", &followed.pull("opened", 60, 'a', "open")).await;
    assert_eq!(followed.state().await, "pr_opened");
    strangers.iter().for_each(tokio::task::JoinHandle::abort);
    while pool.app.long_bodies.available_permits() < 8 {
        tokio::task::yield_now().await;
    }
    assert_ne!(pool.ask(long()).await.status, 503);
}
