//! `POST /v1/workers/{worker_id}/trust-tier`

use crate::pool::{Ask, Pool, Worker};
use serde_json::json;

/// A pool with a trusted worker that holds one task of tier 0 and one of tier 2.
async fn trusted() -> (Pool, Worker, String, String) {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    let worker = pool.roomy_worker().await;
    pool.trust(&worker, "trusted", json!({})).await;
    let low = pool.task(json!({ "title": "low" })).await;
    let high = pool.task(json!({ "title": "high", "tier": 2, "area": "core" })).await;
    (pool, worker, low, high)
}

#[tokio::test]
async fn a_raised_tier_counts_at_once() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    let task_id = pool.task(json!({ "tier": 2 })).await;
    let worker = pool.worker(json!({})).await;
    for tier in ["untrusted", "basic"] {
        pool.trust(&worker, tier, json!({})).await;
        assert!(pool.fetched(&worker).await.is_empty(), "{tier}");
    }
    let set = pool.trust(&worker, "trusted", json!({})).await;
    let expected = json!({
        "ok": true, "worker_id": worker.id, "trust_tier": "trusted", "offers_withdrawn": [], "tasks_requeued": [],
    });
    assert_eq!(set, expected);
    assert_eq!(pool.fetched(&worker).await, [task_id]);
}

#[tokio::test]
async fn a_lowered_tier_takes_back_offers_and_lets_leases_run() {
    let folder = tempfile::tempdir().unwrap();
    for pool in [Pool::new(), Pool::on_disk(folder.path()).await] {
        pool.repo("demo", 9).await;
        let worker = pool.roomy_worker().await;
        pool.trust(&worker, "trusted", json!({})).await;
        let held = pool.task(json!({ "tier": 2 })).await;
        pool.fetch(&worker).await;
        let (low, high) = (pool.task(json!({})).await, pool.task(json!({ "tier": 1, "area": "core" })).await);
        let offers = pool.offers(&worker).await;
        assert_eq!(offers.len(), 2);
        let set = pool.trust(&worker, "untrusted", json!({})).await;
        assert_eq!((&set["offers_withdrawn"], &set["tasks_requeued"]), (&json!([high]), &json!([])));
        assert_eq!((pool.state_of(&high).await, pool.state_of(&low).await), ("ready".into(), "offered".into()));
        let gone = offers.iter().find(|offer| offer["task_id"] == high.as_str()).unwrap();
        pool.accept(&worker, gone).await.refused(409, "offer_gone");
        assert_eq!(pool.fetched(&worker).await, [held.as_str()], "what it holds runs on");
        pool.merge(&worker, &held).await;
        // It was no fault of the worker's: once it is trusted again, it is offered the task at once.
        pool.trust(&worker, "basic", json!({})).await;
        assert!(pool.offers(&worker).await.iter().any(|offer| offer["task_id"] == high.as_str()));
        pool.assert_history_is_sound().await;
    }
}

#[tokio::test]
async fn leases_go_back_with_branch_and_notes_where_that_is_asked_for() {
    let (pool, worker, low, high) = trusted().await;
    pool.fetch(&worker).await;
    let report = json!({ "status": "in_progress", "branch": "owp/b", "notes": "half" });
    pool.report(&worker, &high, report).await.ok(200);
    let set = pool.trust(&worker, "untrusted", json!({ "leases": "take_back" })).await;
    assert_eq!((&set["offers_withdrawn"], &set["tasks_requeued"]), (&json!([]), &json!([high])));
    assert_eq!(pool.fetched(&worker).await, [low.as_str()]);
    pool.report(&worker, &high, json!({ "status": "pr_opened" })).await.refused(409, "lease_stale");
    let task = pool.read(&high).await;
    assert_eq!((&task["state"], &task["branch"], &task["notes"]), (&json!("ready"), &json!("owp/b"), &json!("half")));
    let attempt = &task["attempts"][0];
    assert_eq!((&attempt["outcome"], &attempt["reason"]), (&json!("taken_back"), &json!("for the test")));
    assert_eq!(pool.reputation(&worker).await["metrics"]["total_tasks"], 0, "it had no say in that");
    let next = pool.roomy_worker().await;
    pool.trust(&next, "trusted", json!({})).await;
    assert_eq!(pool.fetched(&next).await, [high]);
    pool.assert_history_is_sound().await;
}

#[tokio::test]
async fn what_is_in_review_stays_with_its_author() {
    let (pool, worker, _, high) = trusted().await;
    pool.fetch(&worker).await;
    pool.report(&worker, &high, json!({ "status": "pr_opened" })).await.ok(200);
    let set = pool.trust(&worker, "untrusted", json!({ "leases": "take_back" })).await;
    assert_eq!(set["tasks_requeued"], json!([]));
    pool.update(&high, json!({ "action": "merge" })).await.ok(200);
    assert_eq!(pool.reputation(&worker).await["parts"]["outcomes"]["merged"], 1);
}

#[tokio::test]
async fn a_handle_is_verified_or_left_as_it_is() {
    let pool = Pool::new();
    let worker = pool.worker(json!({ "github_handle": "alice" })).await;
    let verified = async || {
        let me = pool.ask(Ask::get("/v1/workers/me").by(&worker)).await.ok(200);
        me["github_handle_verified"].as_bool().expect("true or false")
    };
    assert!(!verified().await);
    for (said, after) in [(json!({ "handle_verified": true }), true), (json!({}), true)] {
        pool.trust(&worker, "basic", said).await;
        assert_eq!(verified().await, after);
    }
    pool.trust(&worker, "basic", json!({ "handle_verified": false })).await;
    assert!(!verified().await);
}

#[tokio::test]
async fn the_same_call_under_its_key_is_carried_out_once() {
    let (pool, worker, ..) = trusted().await;
    let path = format!("/v1/workers/{}/trust-tier", worker.id);
    let lower = async |reason: &str| {
        let body = json!({ "tier": "untrusted", "reason": reason, "leases": "take_back" });
        pool.ask(Ask::post(&path, &body).by_admin().key("k")).await
    };
    pool.fetch(&worker).await;
    let first = lower("why").await.ok(200);
    assert_eq!(first["tasks_requeued"].as_array().unwrap().len(), 1);
    assert_eq!(lower("why").await.ok(200), first);
    lower("other").await.refused(409, "idempotency_key_reused");
}

#[tokio::test]
async fn only_an_administrator_says_so_and_only_of_a_worker_there_is() {
    let pool = Pool::new();
    let worker = pool.worker(json!({})).await;
    let body = json!({ "tier": "maintainer", "reason": "me" });
    let own = format!("/v1/workers/{}/trust-tier", worker.id);
    pool.ask(Ask::post(&own, &body).by(&worker)).await.refused(401, "unauthenticated");
    pool.post("/v1/workers/w_nobody/trust-tier", body).await.refused(404, "worker_not_found");
}
