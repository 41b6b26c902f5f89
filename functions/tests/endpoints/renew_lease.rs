//! `POST /v1/leases/{lease_id}/renew`

use crate::pool::{Ask, Pool, START, moment};
use crate::stages::{STATES, stage};
use serde_json::json;

const TTL_S: u32 = 4 * 3600;
/// Six leases.
const HOLD_MAX_S: u32 = 24 * 3600;

#[tokio::test]
async fn a_renewal_is_one_lease_time_from_now() {
    for state in ["leased", "in_progress", "blocked"] {
        let held = stage(state).await;
        held.pool.clock.advance_s(900);
        let renewed = held.pool.renew(&held.worker, &held.lease_id).await.ok(200);
        let until = START.plus_s(900 + TTL_S).to_string();
        let expected = json!({
            "ok": true, "lease_id": held.lease_id, "task_id": held.task_id, "lease_expires_at": until,
            "renewable": true,
        });
        assert_eq!(renewed, expected, "{state}");
        assert_eq!(held.pool.fetch(&held.worker).await["leases"][0]["lease_expires_at"], until);
        assert_eq!(held.pool.state_of(&held.task_id).await, state);
    }
}

#[tokio::test]
async fn however_often_renewed_a_lease_ends_after_six_lease_times() {
    let held = stage("in_progress").await;
    let (pool, mut passed) = (&held.pool, 0);
    loop {
        pool.clock.advance_s(900);
        passed += 900;
        let renewed = pool.renew(&held.worker, &held.lease_id).await.ok(200);
        let until = (passed + TTL_S).min(HOLD_MAX_S);
        assert_eq!(moment(&renewed["lease_expires_at"]), START.plus_s(until), "after {passed}");
        assert_eq!(renewed["renewable"], until < HOLD_MAX_S, "after {passed}");
        if passed + 900 >= HOLD_MAX_S {
            break;
        }
    }
    pool.clock.advance_s(900);
    pool.renew(&held.worker, &held.lease_id).await.refused(409, "lease_stale");
    assert_eq!(pool.state_of(&held.task_id).await, "ready");
}

#[tokio::test]
async fn who_has_held_a_task_for_six_lease_times_is_not_given_it_again() {
    let folder = tempfile::tempdir().unwrap();
    for pool in [Pool::new(), Pool::on_disk(folder.path()).await] {
        pool.repo("demo", 1).await;
        let task_id = pool.task(json!({ "attempts_max": 20 })).await;
        let worker = pool.roomy_worker().await;
        for lease in 1..=6 {
            assert_eq!(pool.fetched(&worker).await, [task_id.as_str()], "lease {lease}");
            pool.clock.advance_s(TTL_S);
        }
        assert!(pool.fetched(&worker).await.is_empty());
        let explained = pool.explain_work(&worker).await;
        assert_eq!((&explained["reasons"][0]["code"], explained.get("nearest")), (&json!("hold_time_spent"), None));
        let next = pool.roomy_worker().await;
        assert_eq!(pool.fetched(&next).await, [task_id]);
    }
}

#[tokio::test]
async fn a_renewal_never_brings_the_end_nearer() {
    let held = stage("in_progress").await;
    let before = held.pool.everything().await;
    let renewed = held.pool.renew(&held.worker, &held.lease_id).await.ok(200);
    assert_eq!(moment(&renewed["lease_expires_at"]), START.plus_s(TTL_S));
    assert_eq!(held.pool.everything().await, before, "nothing to write");
}

#[tokio::test]
async fn the_response_clock_of_a_reviewer_can_not_be_renewed() {
    let held = stage("changes_requested").await;
    held.pool.clock.advance_s(900);
    let renewed = held.pool.renew(&held.worker, &held.lease_id).await.ok(200);
    assert_eq!(moment(&renewed["lease_expires_at"]), START.plus_s(72 * 3600));
    assert_eq!(renewed["renewable"], false);
}

#[tokio::test]
async fn what_is_not_held_can_not_be_renewed() {
    for state in STATES {
        if ["leased", "in_progress", "blocked", "changes_requested"].contains(&state) {
            continue;
        }
        let over = stage(state).await;
        over.pool.renew(&over.worker, &over.lease_id).await.refused(409, "lease_stale");
    }
    let held = stage("leased").await;
    let stranger = held.pool.roomy_worker().await;
    held.pool.renew(&stranger, &held.lease_id).await.refused(409, "lease_stale");
    held.pool.renew(&held.worker, "l_nothere").await.refused(409, "lease_stale");
}

#[tokio::test]
async fn a_body_is_not_needed_and_not_read() {
    let held = stage("leased").await;
    for ask in [
        Ask::new("POST", &format!("/v1/leases/{}/renew", held.lease_id)).raw("text/plain", "anything"),
        Ask::post(&format!("/v1/leases/{}/renew", held.lease_id), &json!({ "for_s": 1 })),
    ] {
        held.pool.ask(ask.by(&held.worker)).await.ok(200);
    }
}

#[tokio::test]
async fn a_renewal_counts_over_a_database_too() {
    let folder = tempfile::tempdir().unwrap();
    let pool = Pool::on_disk(folder.path()).await;
    pool.repo("demo", 1).await;
    let task_id = pool.task(json!({})).await;
    let (worker, next) = (pool.roomy_worker().await, pool.roomy_worker().await);
    let lease_id = pool.lease_of(&worker, &task_id).await;
    pool.clock.advance_s(900);
    pool.renew(&worker, &lease_id).await.ok(200);
    pool.clock.advance_s(TTL_S - 900);
    pool.heartbeat(&worker, "working").await;
    assert!(pool.fetched(&next).await.is_empty());
    pool.clock.advance_s(900);
    assert_eq!(pool.fetched(&next).await, [task_id]);
}
