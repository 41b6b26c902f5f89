//! `POST /v1/work/offers/{offer_id}/reject`

use crate::pool::{Ask, Pool, text};
use serde_json::json;

const REASONS: [&str; 4] = ["insufficient_time", "unclear_requirements", "skill_mismatch", "quota"];

#[tokio::test]
async fn a_declined_task_is_free_for_others_at_once_and_kept_from_who_declined_it_for_an_hour() {
    for reason in REASONS {
        let pool = Pool::new();
        pool.repo("demo", 1).await;
        let task_id = pool.task(json!({ "area": "core" })).await;
        let (worker, other) = (pool.roomy_worker().await, pool.roomy_worker().await);
        let offer = pool.offer(&worker).await;
        let declined = pool.reject(&worker, &offer, reason).await.ok(200);
        assert_eq!(declined, json!({ "ok": true, "task_id": task_id, "state": "ready" }), "{reason}");
        assert!(pool.offers(&worker).await.is_empty() && pool.fetched(&worker).await.is_empty());
        assert_eq!(pool.explain_work(&worker).await["reasons"][0]["code"], "declined_recently");
        let next = pool.offer(&other).await;
        assert_eq!((&next["task_id"], &next["attempt"]), (&json!(task_id), &json!(1)), "{reason}");
        pool.reject(&other, &next, "insufficient_time").await.ok(200);
        pool.clock.advance_ms(3_600_000 - 1);
        assert!(pool.offers(&worker).await.is_empty());
        pool.clock.advance_ms(1);
        pool.offer(&worker).await;
        pool.assert_history_is_sound().await;
    }
}

#[tokio::test]
async fn declining_costs_no_reputation_and_no_attempt() {
    let pool = Pool::new();
    pool.repo("demo", 1).await;
    let task_id = pool.task(json!({})).await;
    let worker = pool.roomy_worker().await;
    let before = pool.reputation(&worker).await;
    let offer = pool.offer(&worker).await;
    pool.reject(&worker, &offer, "skill_mismatch").await.ok(200);
    assert_eq!(pool.reputation(&worker).await, before);
    let task = pool.read(&task_id).await;
    assert_eq!((&task["attempts_used"], &task["attempts"]), (&json!(0), &json!([])));
}

#[tokio::test]
async fn a_second_worker_that_calls_it_unclear_sends_it_to_the_maintainer() {
    let pool = Pool::new();
    pool.repo("demo", 1).await;
    let task_id = pool.task(json!({})).await;
    let (first, second) = (pool.roomy_worker().await, pool.roomy_worker().await);
    let offer = pool.offer(&first).await;
    pool.reject(&first, &offer, "unclear_requirements").await.ok(200);
    // The same worker again is no second opinion.
    pool.clock.advance_s(3600);
    let offer = pool.offer(&first).await;
    assert_eq!(pool.reject(&first, &offer, "unclear_requirements").await.ok(200)["state"], "ready");
    let offer = pool.offer(&second).await;
    assert_eq!(pool.reject(&second, &offer, "unclear_requirements").await.ok(200)["state"], "needs_info");
    assert_eq!(pool.state_of(&task_id).await, "needs_info");
    assert!(pool.offers(&pool.roomy_worker().await).await.is_empty());
    // Once the maintainer has looked at it, everybody is asked anew.
    pool.update(&task_id, json!({ "description": "Clearer", "action": "requeue" })).await.ok(200);
    let offer = pool.offer(&second).await;
    assert_eq!(pool.reject(&second, &offer, "unclear_requirements").await.ok(200)["state"], "ready");
    pool.assert_history_is_sound().await;
}

#[tokio::test]
async fn a_release_as_unclear_and_a_rejection_as_unclear_are_two() {
    let pool = Pool::new();
    pool.repo("demo", 1).await;
    let task_id = pool.task(json!({})).await;
    let (first, second) = (pool.roomy_worker().await, pool.roomy_worker().await);
    let lease_id = pool.lease_of(&first, &task_id).await;
    pool.release(&first, &lease_id, json!({ "reason": "unclear_requirements" })).await.ok(200);
    let offer = pool.offer(&second).await;
    assert_eq!(pool.reject(&second, &offer, "unclear_requirements").await.ok(200)["state"], "needs_info");
}

#[tokio::test]
async fn an_offer_is_declined_once() {
    let pool = Pool::new();
    pool.repo("demo", 1).await;
    pool.task(json!({})).await;
    let (worker, other) = (pool.roomy_worker().await, pool.roomy_worker().await);
    let offer = pool.offer(&worker).await;
    pool.reject(&other, &offer, "quota").await.refused(409, "offer_gone");
    let path = format!("/v1/work/offers/{}/reject", text(&offer["offer_id"]));
    let body = json!({ "reason": "quota", "message": "which of the two forms is meant?" });
    let reject = async |key: &str| pool.ask(Ask::post(&path, &body).by(&worker).key(key)).await;
    let first = reject("k").await.ok(200);
    assert_eq!(reject("k").await.ok(200), first);
    reject("another").await.refused(409, "offer_gone");
    pool.accept(&worker, &offer).await.refused(409, "offer_gone");
}

#[tokio::test]
async fn who_declines_more_than_forty_is_still_offered_the_next() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    let list: Vec<_> = (0..42).map(|number| json!({ "repo": "demo", "title": format!("T {number}") })).collect();
    pool.post("/v1/admin/tasks/import", json!(list)).await.ok(200);
    let worker = pool.worker(json!({ "max_concurrent_tasks": 1 })).await;
    for _ in 0..41 {
        let offer = pool.offer(&worker).await;
        pool.reject(&worker, &offer, "skill_mismatch").await.ok(200);
    }
    pool.offer(&worker).await;
}
