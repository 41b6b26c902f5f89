//! `POST /v1/admin/admission`: who may work on a repository, by GitHub handle.

use crate::pool::{Ask, Pool, Worker};
use serde_json::{Value, json};

async fn put(pool: &Pool, mut body: Value) -> Value {
    body["repo"] = json!("demo");
    pool.post("/v1/admin/admission", body).await.ok(200)
}

/// A worker whose handle the administrator vouches for, by registering it.
async fn verified(pool: &Pool, handle: &str) -> Worker {
    let body = json!({ "name": handle, "github_handle": handle });
    let answer = pool.ask(Ask::post("/v1/workers/register", &body).by_admin()).await.ok(201);
    Worker { id: answer["worker_id"].as_str().unwrap().to_owned(), token: answer["token"].as_str().unwrap().to_owned() }
}

async fn not_admitted(pool: &Pool, worker: &Worker, task_id: &str) {
    assert!(pool.fetched(worker).await.is_empty() && pool.offers(worker).await.is_empty());
    assert_eq!(pool.explain_work(worker).await["reasons"][0]["code"], "not_admitted");
    let reasons = pool.explain_task(task_id).await["reasons"].take();
    assert!(reasons.as_array().unwrap().iter().any(|reason| reason["code"] == "not_admitted"), "{reasons}");
}

#[tokio::test]
async fn handles_are_kept_sorted_once_and_without_case_and_a_list_left_out_stays() {
    let pool = Pool::new();
    pool.repo("demo", 3).await;
    let lists = put(&pool, json!({ "allowed": ["Bob", "alice", "bob"], "denied": ["spam-bot"] })).await;
    let expected = json!({
        "repo": "demo", "allow_listed_only": false, "allowed": ["alice", "bob"], "denied": ["spam-bot"],
    });
    assert_eq!(lists, expected);
    assert_eq!(put(&pool, json!({ "allowed": null })).await, expected);
    let lists = put(&pool, json!({ "denied": [] })).await;
    assert_eq!((&lists["allowed"], &lists["denied"]), (&json!(["alice", "bob"]), &json!([])));
    let before = pool.everything().await;
    put(&pool, json!({ "allowed": ["ALICE", "bob"] })).await;
    assert_eq!(pool.everything().await, before, "nothing changed");
    let unknown = pool.post("/v1/admin/admission", json!({ "repo": "owner/unknown" })).await;
    assert_eq!(unknown.refused(404, "repo_not_found")["errors"][0]["pointer"], "/repo");
}

#[tokio::test]
async fn only_a_verified_handle_on_the_list_gets_in_where_the_list_decides() {
    let folder = tempfile::tempdir().unwrap();
    for pool in [Pool::new(), Pool::on_disk(folder.path()).await] {
        pool.put_repo(json!({ "repo": "demo", "allow_listed_only": true })).await;
        let task_id = pool.task(json!({})).await;
        put(&pool, json!({ "allowed": ["alice-dev"] })).await;
        let claims_to_be = pool.worker(json!({ "github_handle": "alice-dev" })).await;
        let (unlisted, nameless) = (verified(&pool, "bob").await, pool.worker(json!({})).await);
        for worker in [&claims_to_be, &unlisted, &nameless] {
            not_admitted(&pool, worker, &task_id).await;
        }
        // The administrator made sure that it is its own.
        pool.trust(&claims_to_be, "untrusted", json!({ "handle_verified": true })).await;
        assert_eq!(pool.fetched(&claims_to_be).await, [task_id.as_str()]);
        // Whose handle does not count any more keeps what it holds.
        put(&pool, json!({ "allowed": [] })).await;
        assert_eq!(pool.fetched(&claims_to_be).await, [task_id.as_str()]);
        pool.merge(&claims_to_be, &task_id).await;
        let next = pool.task(json!({})).await;
        not_admitted(&pool, &claims_to_be, &next).await;
        pool.put_repo(json!({ "repo": "demo", "allow_listed_only": false })).await;
        assert_eq!(pool.fetched(&unlisted).await, [next]);
    }
}

#[tokio::test]
async fn an_administrator_that_registers_a_worker_vouches_for_its_handle() {
    let pool = Pool::new();
    pool.put_repo(json!({ "repo": "demo", "allow_listed_only": true })).await;
    put(&pool, json!({ "allowed": ["alice"] })).await;
    let task_id = pool.task(json!({})).await;
    let worker = verified(&pool, "Alice").await;
    let me = pool.ask(Ask::get("/v1/workers/me").by(&worker)).await.ok(200);
    assert_eq!((&me["github_handle"], &me["github_handle_verified"]), (&json!("Alice"), &json!(true)));
    assert_eq!(pool.fetched(&worker).await, [task_id]);
}

#[tokio::test]
async fn a_denied_handle_gets_nothing_of_the_repository_verified_or_not() {
    let folder = tempfile::tempdir().unwrap();
    for pool in [Pool::new(), Pool::on_disk(folder.path()).await] {
        pool.repo("demo", 9).await;
        pool.repo("owner/other", 9).await;
        let task_id = pool.task(json!({})).await;
        put(&pool, json!({ "denied": ["spam-bot"], "allowed": ["spam-bot"] })).await;
        for worker in [pool.worker(json!({ "github_handle": "Spam-Bot" })).await, verified(&pool, "spam-bot").await] {
            not_admitted(&pool, &worker, &task_id).await;
            let elsewhere = pool.task(json!({ "repo": "owner/other" })).await;
            assert_eq!(pool.fetched(&worker).await, [elsewhere.as_str()], "other repositories decide for themselves");
            pool.merge(&worker, &elsewhere).await;
        }
        put(&pool, json!({ "denied": [] })).await;
        let worker = pool.worker(json!({ "github_handle": "spam-bot" })).await;
        assert_eq!(pool.fetched(&worker).await, [task_id]);
        pool.assert_history_is_sound().await;
    }
}

#[tokio::test]
async fn a_vouched_file_replaces_both_lists() {
    let pool = Pool::new();
    pool.repo("demo", 3).await;
    put(&pool, json!({ "allowed": ["old"], "denied": ["older"] })).await;
    let file = "# who we know\n\nalice-dev\ngithub:Bob wrote the parser\n-spam-bot opened 40 pull requests\n\
                gitlab:carol\n-github:other-bot\n";
    let lists = put(&pool, json!({ "vouched": file })).await;
    let expected = json!({
        "repo": "demo", "allow_listed_only": false, "allowed": ["alice-dev", "bob"],
        "denied": ["other-bot", "spam-bot"], "left_out": ["gitlab:carol"],
    });
    assert_eq!(lists, expected);
    let lists = put(&pool, json!({ "vouched": "# nobody\n" })).await;
    assert_eq!((&lists["allowed"], &lists["denied"], lists.get("left_out")), (&json!([]), &json!([]), None));
}

#[tokio::test]
async fn a_vouched_file_with_a_line_that_is_none_is_refused_whole_at_its_line() {
    let pool = Pool::new();
    pool.repo("demo", 3).await;
    put(&pool, json!({ "allowed": ["old"] })).await;
    let before = pool.everything().await;
    let file = "alice\nbob,carol\n# fine\n@dave\n";
    let refused = pool.post("/v1/admin/admission", json!({ "repo": "demo", "vouched": file })).await;
    let refused = refused.refused(400, "invalid_request");
    let places: Vec<Value> =
        refused["errors"].as_array().unwrap().iter().map(|error| json!([error["pointer"], error["line"]])).collect();
    assert_eq!(places, [json!(["/vouched", 2]), json!(["/vouched", 4])]);
    assert_eq!(pool.everything().await, before);
}

#[tokio::test]
async fn a_list_has_room_for_a_thousand() {
    let pool = Pool::new();
    pool.repo("demo", 3).await;
    let lines = |count: usize| (0..count).fold(String::new(), |text, number| format!("{text}h{number}\n"));
    assert_eq!(put(&pool, json!({ "vouched": lines(1000) })).await["allowed"].as_array().unwrap().len(), 1000);
    let refused = pool.post("/v1/admin/admission", json!({ "repo": "demo", "vouched": lines(1001) })).await;
    assert_eq!(refused.refused(409, "too_many")["errors"][0]["pointer"], "/vouched");
}

#[tokio::test]
async fn the_same_call_under_its_key_is_carried_out_once() {
    let pool = Pool::new();
    pool.repo("demo", 3).await;
    let ask = async |allowed: &str| {
        let body = json!({ "repo": "demo", "allowed": [allowed] });
        pool.ask(Ask::post("/v1/admin/admission", &body).by_admin().key("k")).await
    };
    let first = ask("alice").await.ok(200);
    put(&pool, json!({ "allowed": [] })).await;
    assert_eq!(ask("alice").await.ok(200), first);
    ask("bob").await.refused(409, "idempotency_key_reused");
    let by_worker = Ask::post("/v1/admin/admission", &json!({ "repo": "demo" })).by(&pool.worker(json!({})).await);
    pool.ask(by_worker).await.refused(401, "unauthenticated");
}
