//! `POST /v1/admin/workers/{worker_id}/revoke`

use crate::pool::{Ask, Pool};
use serde_json::json;

#[tokio::test]
async fn leases_go_back_and_what_is_in_review_stays() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    let held = pool.task(json!({ "area": "core" })).await;
    let reviewed = pool.task(json!({})).await;
    let worker = pool.roomy_worker().await;
    pool.fetch(&worker).await;
    let left = json!({ "status": "in_progress", "branch": "owp/b", "notes": "half" });
    pool.report(&worker, &held, left).await.ok(200);
    pool.report(&worker, &reviewed, json!({ "status": "pr_opened" })).await.ok(200);
    let answer = pool.revoke(&worker).await;
    assert_eq!(answer, json!({ "ok": true, "worker_id": worker.id, "tasks_requeued": [held] }));
    let task = pool.read(&held).await;
    assert_eq!((&task["state"], &task["branch"], &task["notes"]), (&json!("ready"), &json!("owp/b"), &json!("half")));
    assert_eq!((&task["attempts"][0]["outcome"], &task["attempts_used"]), (&json!("revoked"), &json!(1)));
    assert_eq!(pool.state_of(&reviewed).await, "pr_opened");
    let next = pool.roomy_worker().await;
    assert_eq!(pool.fetched(&next).await, [held]);
    pool.update(&reviewed, json!({ "action": "merge" })).await.ok(200);
    pool.assert_history_is_sound().await;
}

#[tokio::test]
async fn the_token_stops_working_at_once_and_revoking_twice_is_harmless() {
    let pool = Pool::new();
    let worker = pool.roomy_worker().await;
    pool.fetch(&worker).await;
    pool.revoke(&worker).await;
    pool.ask(Ask::get("/v1/work").by(&worker)).await.refused(401, "token_revoked");
    let before = pool.everything().await;
    assert_eq!(pool.revoke(&worker).await["tasks_requeued"], json!([]));
    assert_eq!(pool.everything().await, before);
}

#[tokio::test]
async fn a_worker_that_does_not_exist_is_not_found() {
    let pool = Pool::new();
    let body = json!({ "reason": "spam" });
    pool.post("/v1/admin/workers/w_nobody/revoke", body).await.refused(404, "worker_not_found");
}

#[tokio::test]
async fn a_task_on_its_last_attempt_fails_with_its_holder() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    let task_id = pool.task(json!({ "attempts_max": 1 })).await;
    let worker = pool.roomy_worker().await;
    pool.fetch(&worker).await;
    pool.revoke(&worker).await;
    assert_eq!(pool.state_of(&task_id).await, "failed");
}

#[tokio::test]
async fn a_pull_request_of_a_revoked_worker_that_is_sent_back_does_not_get_stuck() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    let task_id = pool.task(json!({})).await;
    let (worker, next) = (pool.roomy_worker().await, pool.roomy_worker().await);
    pool.fetch(&worker).await;
    pool.report(&worker, &task_id, json!({ "status": "pr_opened" })).await.ok(200);
    pool.revoke(&worker).await;
    pool.update(&task_id, json!({ "action": "request_changes", "reason": "more" })).await.ok(200);
    // Nobody can answer any more, and the response clock sees to it that others may.
    pool.clock.advance_s(72 * 3600);
    assert_eq!(pool.fetched(&next).await, [task_id]);
}
