//! `POST /v1/work/offers/{offer_id}/accept`

use crate::pool::{Ask, Pool, START, text};
use serde_json::json;

const LEASE_TTL_S: u32 = 4 * 3600;

#[tokio::test]
async fn an_accepted_offer_is_a_lease() {
    let folder = tempfile::tempdir().unwrap();
    for pool in [Pool::new(), Pool::on_disk(folder.path()).await] {
        pool.repo("demo", 1).await;
        let task_id = pool.task(json!({ "area": "core", "estimate_points": 2 })).await;
        let worker = pool.worker(json!({ "work_mode": "offer" })).await;
        let offer = pool.offer(&worker).await;
        pool.clock.advance_s(60);
        let accepted = pool.accept(&worker, &offer).await.ok(201);
        let until = START.plus_s(60 + LEASE_TTL_S).to_string();
        let lease_id = text(&accepted["lease_id"]);
        let lease = pool.fetch(&worker).await["leases"][0].take();
        let expected = json!({
            "ok": true, "task_id": task_id, "lease_id": lease_id, "lease_expires_at": until, "lease": lease,
        });
        assert_eq!(accepted, expected);
        assert_eq!((&lease["lease_id"], &lease["state"]), (&json!(lease_id), &json!("leased")));
        assert!(pool.offers(&worker).await.is_empty());
        let me = pool.ask(Ask::get("/v1/workers/me").by(&worker)).await.ok(200);
        assert_eq!((&me["points_held"], &me["points_today"]), (&json!(2), &json!(2)));
        assert_eq!((&me["tasks_offered"], &me["tasks_held"]), (&json!([]), &json!([task_id])));
        pool.merge(&worker, &task_id).await;
        pool.assert_history_is_sound().await;
    }
}

#[tokio::test]
async fn accepting_again_answers_with_the_lease_as_it_stands() {
    let pool = Pool::new();
    pool.repo("demo", 3).await;
    let task_id = pool.task(json!({})).await;
    let worker = pool.roomy_worker().await;
    let offer = pool.offer(&worker).await;
    let first = pool.accept(&worker, &offer).await.ok(201);
    let before = pool.everything().await;
    assert_eq!(pool.accept(&worker, &offer).await.ok(201), first);
    pool.reject(&worker, &offer, "quota").await.refused(409, "offer_gone");
    assert_eq!(pool.everything().await, before);
    pool.report(&worker, &task_id, json!({ "status": "in_progress" })).await.ok(200);
    let again = pool.accept(&worker, &offer).await.ok(201);
    assert_eq!((&again["lease_id"], &again["lease"]["state"]), (&first["lease_id"], &json!("in_progress")));
    pool.clock.advance_s(LEASE_TTL_S);
    pool.accept(&worker, &offer).await.refused(409, "offer_gone");
}

#[tokio::test]
async fn the_same_call_under_its_key_is_carried_out_once() {
    let pool = Pool::new();
    pool.repo("demo", 3).await;
    pool.task(json!({})).await;
    let worker = pool.roomy_worker().await;
    let path = format!("/v1/work/offers/{}/accept", text(&pool.offer(&worker).await["offer_id"]));
    let accept = async || pool.ask(Ask::new("POST", &path).by(&worker).key("k")).await.ok(201);
    let first = accept().await;
    pool.clock.advance_s(LEASE_TTL_S);
    assert_eq!(accept().await, first, "as it was then");
}

#[tokio::test]
async fn what_is_not_offered_to_the_caller_can_not_be_accepted() {
    let pool = Pool::new();
    pool.repo("demo", 3).await;
    let task_id = pool.task(json!({})).await;
    let (worker, other) = (pool.roomy_worker().await, pool.roomy_worker().await);
    let offer = pool.offer(&worker).await;
    pool.accept(&other, &offer).await.refused(409, "offer_gone");
    pool.accept(&worker, &json!({ "offer_id": "o_nothere" })).await.refused(409, "offer_gone");
    // A maintainer may want it back.
    pool.update(&task_id, json!({ "action": "requeue" })).await.ok(200);
    assert_eq!(pool.state_of(&task_id).await, "ready");
    pool.accept(&worker, &offer).await.refused(409, "offer_gone");
    let path = format!("/v1/work/offers/{}/accept", text(&offer["offer_id"]));
    pool.ask(Ask::new("POST", &path)).await.refused(401, "unauthenticated");
    pool.ask(Ask::new("POST", &path).by_admin()).await.refused(401, "unauthenticated");
    pool.assert_history_is_sound().await;
}

#[tokio::test]
async fn an_offer_is_accepted_by_its_end_and_not_at_it() {
    for (passed_ms, accepted) in [(299_999, true), (300_000, false)] {
        let pool = Pool::new();
        pool.repo("demo", 3).await;
        pool.task(json!({})).await;
        let worker = pool.roomy_worker().await;
        let offer = pool.offer(&worker).await;
        pool.clock.advance_ms(passed_ms);
        let answer = pool.accept(&worker, &offer).await;
        assert_eq!(answer.status, if accepted { 201 } else { 409 }, "after {passed_ms} ms: {}", answer.body);
    }
}

#[tokio::test]
async fn an_offer_that_stands_no_more_is_neither_accepted_nor_shown() {
    let pool = Pool::new();
    pool.repo("demo", 1).await;
    let task_id = pool.task(json!({})).await;
    let (worker, other) = (pool.worker(json!({ "github_handle": "mallory" })).await, pool.worker(json!({})).await);
    let offer = pool.offer(&worker).await;
    pool.put_repo(json!({ "repo": "demo", "paused": true })).await;
    pool.accept(&worker, &offer).await.refused(409, "offer_gone");
    pool.put_repo(json!({ "repo": "demo", "paused": false })).await;
    pool.post("/v1/admin/admission", json!({ "repo": "demo", "denied": ["mallory"] })).await.ok(200);
    pool.accept(&worker, &offer).await.refused(409, "offer_gone");
    assert!(pool.offers(&worker).await.is_empty());
    assert_eq!(pool.fetched(&other).await, [task_id], "its slot is free at once");
    pool.assert_history_is_sound().await;
}
