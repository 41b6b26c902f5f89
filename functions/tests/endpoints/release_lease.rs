//! `POST /v1/leases/{lease_id}/release`

use crate::pool::{Pool, START, text};
use crate::stages::{STATES, stage};
use serde_json::json;

const REASONS: [&str; 7] =
    ["insufficient_time", "unclear_requirements", "skill_mismatch", "quota_exhausted", "blocked", "failed", "shutdown"];

#[tokio::test]
async fn a_released_task_is_ready_for_others_at_once_with_what_was_left() {
    for (state, reason) in ["leased", "in_progress", "blocked", "changes_requested"].into_iter().cycle().zip(REASONS) {
        let held = stage(state).await;
        let body = json!({ "reason": reason, "message": "no time", "branch": "owp/b", "notes": "tests are written" });
        let answer = held.pool.release(&held.worker, &held.lease_id, body).await.ok(200);
        assert_eq!(answer, json!({ "ok": true, "task_id": held.task_id, "state": "ready" }));
        assert_eq!(held.takes().await, (0, 0, false), "{state}");
        let attempt = held.pool.read(&held.task_id).await["attempts"][0].take();
        assert_eq!((&attempt["outcome"], &attempt["ended_at"]), (&json!("released"), &json!(START.to_string())));
        assert_eq!(text(&attempt["reason"]), format!("{reason}: no time"));
        let next = held.pool.roomy_worker().await;
        let lease = held.pool.fetch(&next).await["leases"][0].take();
        assert_eq!((&lease["branch"], &lease["notes"]), (&json!("owp/b"), &json!("tests are written")));
        assert_eq!(lease["attempt"], 2);
        held.pool.assert_history_is_sound().await;
    }
}

#[tokio::test]
async fn a_release_without_words_keeps_the_branch_and_notes_that_were_there() {
    let held = stage("leased").await;
    let report = json!({ "status": "in_progress", "branch": "owp/b", "notes": "half" });
    held.pool.report(&held.worker, &held.task_id, report).await.ok(200);
    held.pool.release(&held.worker, &held.lease_id, json!({ "reason": "shutdown" })).await.ok(200);
    let task = held.pool.read(&held.task_id).await;
    assert_eq!((&task["branch"], &task["notes"]), (&json!("owp/b"), &json!("half")));
    assert_eq!(task["attempts"][0]["branch"], "owp/b");
}

#[tokio::test]
async fn who_released_a_task_is_not_given_it_again_for_an_hour() {
    let held = stage("leased").await;
    let pool = &held.pool;
    pool.release(&held.worker, &held.lease_id, json!({ "reason": "failed" })).await.ok(200);
    assert!(pool.fetched(&held.worker).await.is_empty());
    let explained = pool.get(&format!("/v1/work/explain?worker_id={}", held.worker.id)).await.ok(200);
    assert_eq!(explained["reasons"][0]["code"], "declined_recently");
    let explained = pool.get(&format!("/v1/tasks/{}/explain", held.task_id)).await.ok(200);
    assert_eq!(explained["reasons"][0]["code"], "declined_recently");
    pool.clock.advance_ms(3_600_000 - 1);
    assert!(pool.fetched(&held.worker).await.is_empty());
    pool.clock.advance_ms(1);
    assert_eq!(pool.fetched(&held.worker).await, [held.task_id.as_str()]);
}

#[tokio::test]
async fn a_declined_task_does_not_stand_in_the_way_of_others() {
    let pool = Pool::new();
    pool.repo("demo", 100).await;
    let worker = pool.worker(json!({ "max_concurrent_tasks": 1 })).await;
    // More than are looked at first.
    for _ in 0..10 {
        let task_id = pool.task(json!({ "priority": 50 })).await;
        let lease_id = pool.lease_of(&worker, &task_id).await;
        pool.release(&worker, &lease_id, json!({ "reason": "skill_mismatch" })).await.ok(200);
    }
    let last = pool.task(json!({ "priority": 1 })).await;
    assert_eq!(pool.fetched(&worker).await, [last]);
}

#[tokio::test]
async fn out_of_attempts_a_released_task_has_failed() {
    let held = stage("leased").await;
    held.pool.update(&held.task_id, json!({ "attempts_max": 1 })).await.ok(200);
    let answer = held.pool.release(&held.worker, &held.lease_id, json!({ "reason": "failed" })).await.ok(200);
    assert_eq!(answer["state"], "failed");
    let next = held.pool.roomy_worker().await;
    assert!(held.pool.fetched(&next).await.is_empty());
}

#[tokio::test]
async fn what_is_not_held_can_not_be_released() {
    for state in STATES {
        if ["leased", "in_progress", "blocked", "changes_requested"].contains(&state) {
            continue;
        }
        let over = stage(state).await;
        let before = over.pool.everything().await;
        let answer = over.pool.release(&over.worker, &over.lease_id, json!({ "reason": "failed" })).await;
        answer.refused(409, "lease_stale");
        assert_eq!(over.pool.everything().await, before, "{state}");
    }
    let held = stage("leased").await;
    held.pool.release(&held.worker, &held.lease_id, json!({ "reason": "failed" })).await.ok(200);
    let again = held.pool.release(&held.worker, &held.lease_id, json!({ "reason": "failed" })).await;
    again.refused(409, "lease_stale");
}

#[tokio::test]
async fn a_text_that_a_second_holder_calls_unclear_is_set_aside_until_a_maintainer_has_looked() {
    let held = stage("leased").await;
    let pool = &held.pool;
    let unclear = || json!({ "reason": "unclear_requirements", "message": "which parser?" });
    let first = pool.release(&held.worker, &held.lease_id, unclear()).await.ok(200);
    assert_eq!(first["state"], "ready", "one may be mistaken");
    let second = pool.roomy_worker().await;
    let lease_id = pool.lease_of(&second, &held.task_id).await;
    let answer = pool.release(&second, &lease_id, unclear()).await.ok(200);
    assert_eq!(answer["state"], "needs_info");
    assert_eq!(held.takes().await, (0, 0, false));
    let third = pool.roomy_worker().await;
    assert!(pool.fetched(&third).await.is_empty());
    pool.assert_history_is_sound().await;
}

#[tokio::test]
async fn one_holder_who_is_unclear_twice_counts_once() {
    let held = stage("leased").await;
    let pool = &held.pool;
    let unclear = || json!({ "reason": "unclear_requirements" });
    pool.release(&held.worker, &held.lease_id, unclear()).await.ok(200);
    pool.clock.advance_ms(3_600_000);
    let lease_id = pool.lease_of(&held.worker, &held.task_id).await;
    let answer = pool.release(&held.worker, &lease_id, unclear()).await.ok(200);
    assert_eq!(answer["state"], "ready");
}
