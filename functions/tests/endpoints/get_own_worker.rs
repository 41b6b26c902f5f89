//! `GET /v1/workers/me`

use crate::pool::{Ask, Pool, START, Worker};
use serde_json::{Value, json};

async fn me(pool: &Pool, worker: &Worker) -> Value {
    pool.ask(Ask::get("/v1/workers/me").by(worker)).await.ok(200)
}

#[tokio::test]
async fn a_worker_sees_itself_as_the_pool_does() {
    let pool = Pool::new();
    let body = json!({ "name": " Alice ", "github_handle": "alice", "skills": [" SQL", "rust", "RUST"] });
    let worker = pool.worker(body).await;
    assert_eq!(
        me(&pool, &worker).await,
        json!({
            "worker_id": worker.id, "name": "Alice", "github_handle": "alice", "github_handle_verified": false,
            "skills": ["rust", "sql"], "capacity_points": 5, "max_concurrent_tasks": 2, "work_mode": "auto",
            "availability": {}, "trust_tier": "untrusted", "status": "idle", "online": true,
            "registered_at": START.to_string(), "last_seen_at": START.to_string(), "points_held": 0, "points_today": 0,
            "tasks_held": [], "tasks_offered": [], "tasks_in_review": [], "revoked": false,
            "reputation_score": 16.4, "reputation_sample": { "size": 0.0, "small": true },
        })
    );
}

#[tokio::test]
async fn what_it_holds_and_has_in_review_is_listed() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    let worker = pool.roomy_worker().await;
    let held = pool.task(json!({ "estimate_points": 3 })).await;
    let reviewed = pool.task(json!({ "estimate_points": 8 })).await;
    pool.fetch(&worker).await;
    pool.report(&worker, &reviewed, json!({ "status": "pr_opened" })).await.ok(200);
    let me = me(&pool, &worker).await;
    assert_eq!((&me["points_held"], &me["tasks_held"]), (&json!(3), &json!([held])));
    assert_eq!(me["tasks_in_review"], json!([reviewed]));
}

#[tokio::test]
async fn looking_is_a_sign_of_life() {
    let pool = Pool::new();
    let worker = pool.roomy_worker().await;
    pool.clock.advance_s(500);
    let me = me(&pool, &worker).await;
    assert_eq!((&me["online"], &me["last_seen_at"]), (&json!(true), &json!(START.plus_s(500).to_string())));
}
