//! `POST /v1/leases/{lease_id}/park`

use crate::pool::{Ask, Pool, START, moment};
use crate::stages::stage;
use serde_json::json;

const TTL_S: u32 = 4 * 3600;
const HOUR_S: u32 = 3600;
const SILENCE_S: u32 = 990;

#[tokio::test]
async fn while_it_is_parked_the_lease_clock_stands_still() {
    for state in ["leased", "in_progress", "blocked"] {
        let held = stage(state).await;
        let pool = &held.pool;
        pool.clock.advance_s(600);
        let back = START.plus_s(600 + 6 * HOUR_S).to_string();
        let body = json!({ "quota_resets_at": back, "branch": "owp/b", "notes": "tests are written" });
        let parked = pool.park(&held.worker, &held.lease_id, body).await.ok(200);
        let until = START.plus_s(TTL_S + 6 * HOUR_S).to_string();
        let expected = json!({
            "ok": true, "lease_id": held.lease_id, "task_id": held.task_id, "parked_until": back,
            "lease_expires_at": until,
        });
        assert_eq!(parked, expected, "{state}");
        let task = pool.read(&held.task_id).await;
        assert_eq!((&task["state"], &task["parked_until"]), (&json!("blocked"), &json!(back)));
        assert_eq!((&task["lease_expires_at"], &task["holder"]), (&json!(until), &json!(held.worker.id)));
        assert_eq!((&task["branch"], &task["notes"]), (&json!("owp/b"), &json!("tests are written")));
        pool.assert_history_is_sound().await;
    }
}

#[tokio::test]
async fn silence_does_not_end_what_is_parked() {
    let folder = tempfile::tempdir().unwrap();
    for pool in [Pool::new(), Pool::on_disk(folder.path()).await] {
        pool.repo("demo", 1).await;
        let task_id = pool.task(json!({})).await;
        let (worker, next) = (pool.roomy_worker().await, pool.roomy_worker().await);
        let lease_id = pool.lease_of(&worker, &task_id).await;
        let back = json!({ "quota_resets_at": START.plus_s(8 * HOUR_S).to_string() });
        pool.park(&worker, &lease_id, back).await.ok(200);
        for _ in 0..7 {
            pool.clock.advance_s(HOUR_S);
            assert!(pool.fetched(&next).await.is_empty());
        }
        pool.clock.advance_s(HOUR_S);
        pool.report(&worker, &task_id, json!({ "status": "in_progress" })).await.ok(200);
        assert_eq!(pool.read(&task_id).await.get("parked_until"), None);
        // From now on it is bound to its presence again.
        pool.clock.advance_s(SILENCE_S);
        assert_eq!(pool.fetched(&next).await, [task_id.as_str()]);
        pool.assert_history_is_sound().await;
    }
}

#[tokio::test]
async fn a_parked_lease_ends_by_its_own_clock() {
    let held = stage("in_progress").await;
    let back = json!({ "quota_resets_at": START.plus_s(HOUR_S).to_string() });
    held.pool.park(&held.worker, &held.lease_id, back).await.ok(200);
    let next = held.pool.roomy_worker().await;
    held.pool.clock.advance_ms(i64::from(HOUR_S + TTL_S) * 1000 - 1);
    assert!(held.pool.fetched(&next).await.is_empty());
    held.pool.clock.advance_ms(1);
    assert_eq!(held.pool.fetched(&next).await, [held.task_id.as_str()]);
    held.pool.assert_history_is_sound().await;
}

#[tokio::test]
async fn who_waits_for_its_quota_gets_no_new_tasks_until_it_is_back() {
    let held = stage("in_progress").await;
    let pool = &held.pool;
    let back = START.plus_s(HOUR_S).to_string();
    let parked = pool.park(&held.worker, &held.lease_id, json!({ "quota_resets_at": back })).await.ok(200);
    assert_eq!(parked["parked_until"], back);
    let other = pool.task(json!({})).await;
    assert_eq!(pool.fetched(&held.worker).await, [held.task_id.as_str()]);
    let explained = pool.explain_work(&held.worker).await;
    assert_eq!(explained["reasons"][0]["code"], "quota_exhausted");
    assert_eq!((&explained["nearest"]["code"], &explained["nearest"]["at"]), (&json!("quota_exhausted"), &json!(back)));
    assert_eq!(explained["retry_after_s"], 3600);
    pool.clock.advance_s(HOUR_S);
    let mut given = pool.fetched(&held.worker).await;
    given.retain(|task_id| *task_id != held.task_id);
    assert_eq!(given, [other]);
}

#[tokio::test]
async fn nobody_parks_for_longer_than_the_server_allows() {
    let held = stage("in_progress").await;
    let asked = START.plus_s(48 * HOUR_S).to_string();
    let parked = held.pool.park(&held.worker, &held.lease_id, json!({ "quota_resets_at": asked })).await.ok(200);
    assert_eq!(moment(&parked["parked_until"]), START.plus_s(16 * HOUR_S));
    assert_eq!(moment(&parked["lease_expires_at"]), START.plus_s(16 * HOUR_S + TTL_S));
    let me = held.pool.change(&held.worker, json!({ "capacity_points": 7 })).await;
    assert_eq!(me["availability"]["quota_resets_at"], asked, "the quota comes back no sooner for that");
}

#[tokio::test]
async fn a_lease_is_parked_once() {
    let held = stage("in_progress").await;
    let pool = &held.pool;
    let for_s = |seconds| json!({ "quota_resets_at": START.plus_s(seconds).to_string() });
    pool.park(&held.worker, &held.lease_id, for_s(60)).await.ok(200);
    pool.park(&held.worker, &held.lease_id, for_s(90)).await.refused(409, "not_parkable");
    pool.clock.advance_s(60);
    pool.report(&held.worker, &held.task_id, json!({ "status": "in_progress" })).await.ok(200);
    let before = pool.everything().await;
    pool.park(&held.worker, &held.lease_id, for_s(600)).await.refused(409, "not_parkable");
    assert_eq!(pool.everything().await, before);
    pool.release(&held.worker, &held.lease_id, json!({ "reason": "quota_exhausted" })).await.ok(200);
    pool.assert_history_is_sound().await;
}

#[tokio::test]
async fn what_has_nothing_to_wait_for_or_another_clock_is_not_parked() {
    let held = stage("in_progress").await;
    for at in [START, START.minus_s(1)] {
        let body = json!({ "quota_resets_at": at.to_string() });
        held.pool.park(&held.worker, &held.lease_id, body).await.refused(409, "not_parkable");
    }
    let body = json!({ "quota_resets_at": START.plus_s(60).to_string() });
    let sent_back = stage("changes_requested").await;
    sent_back.pool.park(&sent_back.worker, &sent_back.lease_id, body.clone()).await.refused(409, "not_parkable");
    for state in ["ready", "offered", "pr_opened", "merged"] {
        let over = stage(state).await;
        over.pool.park(&over.worker, &over.lease_id, body.clone()).await.refused(409, "lease_stale");
    }
    held.pool.clock.advance_s(TTL_S);
    let body = json!({ "quota_resets_at": START.plus_s(TTL_S + 60).to_string() });
    held.pool.park(&held.worker, &held.lease_id, body).await.refused(409, "lease_stale");
}

#[tokio::test]
async fn what_becomes_of_a_parked_task_brings_no_quota_back() {
    let pool = Pool::new();
    pool.repo("demo", 5).await;
    let task_id = pool.task(json!({})).await;
    let worker = pool.worker(json!({ "max_concurrent_tasks": 1 })).await;
    let lease_id = pool.lease_of(&worker, &task_id).await;
    let back = START.plus_s(3 * 3600).to_string();
    pool.park(&worker, &lease_id, json!({ "quota_resets_at": back })).await.ok(200);
    pool.task(json!({ "title": "Another" })).await;
    pool.update(&task_id, json!({ "action": "cancel" })).await.ok(200);
    assert!(pool.fetched(&worker).await.is_empty(), "a maintainer's word is no quota");
    let me = pool.ask(Ask::get("/v1/workers/me").by(&worker)).await.ok(200);
    assert_eq!(me["availability"]["quota_resets_at"], back);
    pool.clock.advance_s(3 * 3600);
    assert_eq!(pool.fetched(&worker).await.len(), 1);
}
