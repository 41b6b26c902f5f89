//! Leases that end by time: decided by the clock when a record is read, however late anybody writes it down.

use crate::pool::{Ask, Pool, START, text};
use crate::stages::stage;
use owp_functions::clock::Clock as _;
use serde_json::{Value, json};

const TTL_S: u32 = 4 * 3600;
/// Offline after 90 seconds, gone 900 after that.
const SILENCE_S: u32 = 990;

#[tokio::test]
async fn without_any_sweep_the_next_worker_gets_a_task_whose_lease_is_over() {
    for state in ["leased", "in_progress", "blocked"] {
        let held = stage(state).await;
        let (pool, task_id) = (&held.pool, &held.task_id);
        pool.repo("demo", 1).await;
        let next = pool.roomy_worker().await;
        pool.clock.advance_ms(i64::from(TTL_S) * 1000 - 1);
        // Both are heard of, so only the time can end it.
        pool.heartbeat(&held.worker, "working").await;
        assert!(pool.fetched(&next).await.is_empty());
        pool.clock.advance_ms(1);
        assert_eq!(pool.fetched(&next).await, [task_id.as_str()], "{state}");
        for body in [json!({ "status": "pr_opened", "lease_id": held.lease_id }), json!({ "status": "pr_opened" })] {
            pool.report(&held.worker, task_id, body).await.refused(409, "lease_stale");
        }
        pool.renew(&held.worker, &held.lease_id).await.refused(409, "lease_stale");
        pool.release(&held.worker, &held.lease_id, json!({ "reason": "failed" })).await.refused(409, "lease_stale");
        let task = pool.read(task_id).await;
        assert_eq!((&task["holder"], &task["attempts_used"]), (&json!(next.id), &json!(1)));
        assert_eq!(task["attempts"][0]["outcome"], "expired");
        pool.assert_history_is_sound().await;
    }
}

#[tokio::test]
async fn settling_says_since_when_it_was_due() {
    let held = stage("in_progress").await;
    let pool = &held.pool;
    pool.clock.advance_s(TTL_S);
    let ended_at = pool.clock.now();
    pool.clock.advance_s(300);
    let settled = pool.app.settle("r_sweep").await.expect("it settles");
    assert_eq!((settled.tasks.len(), settled.oldest_due_at), (1, Some(ended_at)));
    let settled = pool.app.settle("r_sweep").await.expect("it settles");
    assert_eq!((settled.tasks.len(), settled.oldest_due_at), (0, None));
}

#[tokio::test]
async fn a_lease_that_is_over_is_over_for_whoever_looks() {
    let held = stage("in_progress").await;
    held.pool.clock.advance_s(TTL_S);
    let task = held.pool.read(&held.task_id).await;
    assert_eq!(task["state"], "ready");
    assert_eq!((task.get("holder"), task.get("lease_expires_at")), (None, None));
    held.pool.renew(&held.worker, &held.lease_id).await.refused(409, "lease_stale");
}

#[tokio::test]
async fn an_expired_task_may_go_back_to_the_same_worker_under_a_new_lease() {
    let held = stage("in_progress").await;
    let report = json!({ "status": "in_progress", "branch": "owp/b", "notes": "half" });
    held.pool.report(&held.worker, &held.task_id, report).await.ok(200);
    held.pool.clock.advance_s(TTL_S);
    let lease = held.pool.fetch(&held.worker).await["leases"][0].take();
    assert_eq!(lease["task_id"], held.task_id.as_str());
    assert_ne!(lease["lease_id"], held.lease_id.as_str());
    assert_eq!((&lease["attempt"], &lease["branch"], &lease["notes"]), (&json!(2), &json!("owp/b"), &json!("half")));
    let stale = json!({ "status": "pr_opened", "lease_id": held.lease_id });
    held.pool.report(&held.worker, &held.task_id, stale).await.refused(409, "lease_stale");
}

#[tokio::test]
async fn out_of_attempts_a_task_fails_and_only_a_maintainer_brings_it_back() {
    let pool = Pool::new();
    pool.repo("demo", 3).await;
    let task_id = pool.task(json!({ "attempts_max": 2 })).await;
    let worker = pool.roomy_worker().await;
    for attempt in 1..=2 {
        let lease = pool.fetch(&worker).await["leases"][0].take();
        assert_eq!(lease["attempt"], attempt);
        pool.clock.advance_s(TTL_S);
    }
    assert!(pool.fetched(&worker).await.is_empty());
    let task = pool.read(&task_id).await;
    assert_eq!((&task["state"], &task["attempts_used"]), (&json!("failed"), &json!(2)));
    assert_eq!(task["attempts"].as_array().unwrap().len(), 2);
    let explained = pool.get(&format!("/v1/tasks/{task_id}/explain")).await.ok(200);
    assert_eq!(explained["blockers"], json!(["task_not_ready"]));
    pool.update(&task_id, json!({ "action": "requeue" })).await.ok(200);
    assert_eq!(pool.fetched(&worker).await, [task_id]);
    pool.assert_history_is_sound().await;
}

#[tokio::test]
async fn a_worker_silent_past_the_grace_period_loses_its_task_to_another() {
    for state in ["leased", "in_progress", "blocked"] {
        let held = stage(state).await;
        let (pool, task_id) = (&held.pool, &held.task_id);
        pool.clock.advance_ms(i64::from(SILENCE_S) * 1000 - 1);
        let next = pool.roomy_worker().await;
        assert!(pool.fetched(&next).await.is_empty(), "{state}");
        pool.clock.advance_ms(1);
        assert_eq!(pool.fetched(&next).await, [task_id.as_str()], "{state}");
        assert_eq!(pool.read(task_id).await["attempts"][0]["outcome"], "worker_offline");
        pool.report(&held.worker, task_id, json!({ "status": "pr_opened" })).await.refused(409, "lease_stale");
        pool.assert_history_is_sound().await;
    }
}

#[tokio::test]
async fn any_call_in_time_keeps_a_lease() {
    let held = stage("in_progress").await;
    let pool = &held.pool;
    let next = pool.roomy_worker().await;
    for round in 0..4 {
        pool.clock.advance_s(SILENCE_S - 20);
        match round {
            0 => pool.heartbeat(&held.worker, "working").await,
            1 => drop(pool.ask(Ask::get("/v1/workers/me").by(&held.worker)).await.ok(200)),
            2 => drop(pool.ask(Ask::get("/v1/work/explain").by(&held.worker)).await.ok(200)),
            _ => drop(pool.ask(Ask::get(&format!("/v1/tasks/{}", held.task_id)).by(&held.worker)).await.ok(200)),
        }
        assert!(pool.fetched(&next).await.is_empty(), "round {round}");
    }
    pool.report(&held.worker, &held.task_id, json!({ "status": "pr_opened" })).await.ok(200);
}

#[tokio::test]
async fn who_comes_back_before_anybody_noticed_keeps_its_lease() {
    let held = stage("in_progress").await;
    held.pool.clock.advance_s(SILENCE_S + 60);
    assert_eq!(held.pool.fetched(&held.worker).await, [held.task_id.as_str()]);
    held.pool.report(&held.worker, &held.task_id, json!({ "status": "pr_opened" })).await.ok(200);
}

#[tokio::test]
async fn what_is_in_review_waits_for_the_maintainer_without_a_clock() {
    let held = stage("pr_opened").await;
    held.pool.clock.advance_s(300 * 24 * 3600);
    let next = held.pool.roomy_worker().await;
    assert!(held.pool.fetched(&next).await.is_empty());
    assert_eq!(held.pool.state_of(&held.task_id).await, "pr_opened");
    held.pool.report(&held.worker, &held.task_id, json!({ "status": "merged" })).await.ok(200);
}

/// Whoever answers a reviewer has days for it, so its silence says nothing.
#[tokio::test]
async fn the_response_clock_of_a_reviewer_runs_out_whether_the_holder_is_heard_of_or_not() {
    let held = stage("changes_requested").await;
    let next = held.pool.roomy_worker().await;
    held.pool.clock.advance_ms(72 * 3_600_000 - 1);
    assert!(held.pool.fetched(&next).await.is_empty());
    held.pool.clock.advance_ms(1);
    assert_eq!(held.pool.fetched(&next).await, [held.task_id.as_str()]);
    assert_eq!(held.pool.read(&held.task_id).await["attempts"][0]["outcome"], "expired");
    held.pool.report(&held.worker, &held.task_id, json!({ "status": "pr_opened" })).await.refused(409, "lease_stale");
}

#[tokio::test]
async fn a_lease_that_was_the_last_attempt_is_shown_as_failed_before_anybody_settles_it() {
    let held = stage("in_progress").await;
    held.pool.update(&held.task_id, json!({ "attempts_max": 1 })).await.ok(200);
    held.pool.clock.advance_s(TTL_S);
    assert_eq!(held.pool.state_of(&held.task_id).await, "failed");
    held.pool.app.settle("r_sweep").await.unwrap();
    assert_eq!(held.pool.state_of(&held.task_id).await, "failed");
}

#[tokio::test]
async fn a_sweep_settles_what_is_over_and_can_be_repeated() {
    let pool = Pool::new();
    pool.repo("demo", 100).await;
    let worker = pool.roomy_worker().await;
    for _ in 0..20 {
        pool.task(json!({})).await;
    }
    while pool.fetched(&worker).await.len() < 20 {}
    assert_eq!(pool.state().await["review_slots_used"], 20);
    pool.clock.advance_s(TTL_S);
    let mut settled = 0;
    for _ in 0..3 {
        settled += pool.app.settle("r_sweep").await.unwrap().tasks.len();
    }
    assert_eq!(settled, 20);
    let state = pool.state().await;
    assert_eq!((&state["tasks_ready"], &state["review_slots_used"]), (&json!(20), &json!(0)));
    let before = pool.everything().await;
    assert!(pool.app.settle("r_sweep").await.unwrap().tasks.is_empty());
    assert_eq!(pool.everything().await, before);
    pool.assert_history_is_sound().await;
}

#[tokio::test]
async fn the_same_holds_over_a_database() {
    let folder = tempfile::tempdir().unwrap();
    let pool = Pool::on_disk(folder.path()).await;
    pool.repo("demo", 1).await;
    let task_id = pool.task(json!({ "area": "core" })).await;
    let (late, next) = (pool.roomy_worker().await, pool.roomy_worker().await);
    let lease: Value = pool.fetch(&late).await["leases"][0].take();
    assert_eq!(lease["lease_expires_at"], START.plus_s(TTL_S).to_string());
    pool.clock.advance_s(TTL_S);
    assert_eq!(pool.fetched(&next).await, [task_id.as_str()]);
    let named = json!({ "status": "pr_opened", "lease_id": text(&lease["lease_id"]) });
    pool.report(&late, &task_id, named).await.refused(409, "lease_stale");
    pool.clock.advance_s(SILENCE_S);
    assert_eq!(pool.fetched(&late).await, [task_id.as_str()]);
    pool.assert_history_is_sound().await;
}
