//! `GET /v1/admin/state`

use crate::pool::{Pool, START};
use crate::stages::{STATES, stage};
use serde_json::json;

#[tokio::test]
async fn every_state_is_counted_once() {
    for state in STATES {
        let stage = stage(state).await;
        let counts = stage.pool.state().await;
        for name in STATES {
            // What a waiting task waits for is counted too.
            let expected = u32::from(name == state) + u32::from((name, state) == ("ready", "waiting"));
            assert_eq!(counts[format!("tasks_{name}")], expected, "tasks_{name} while {state}");
        }
        assert_eq!(counts["tasks_total"], 1 + u32::from(state == "waiting"));
    }
}

#[tokio::test]
async fn workers_repositories_and_review_slots_are_counted() {
    let pool = Pool::new();
    assert_eq!(pool.state().await["review_slots_total"], 0);
    pool.repo("demo", 2).await;
    pool.repo("owner/name", 5).await;
    for _ in 0..3 {
        pool.task(json!({})).await;
    }
    let (worker, silent) = (pool.roomy_worker().await, pool.roomy_worker().await);
    let held = pool.fetched(&worker).await;
    pool.report(&worker, &held[0], json!({ "status": "pr_opened" })).await.ok(200);
    pool.clock.advance_s(90);
    pool.heartbeat(&worker, "working").await;
    let state = pool.state().await;
    for (name, count) in [
        ("workers_online", 1),
        ("workers_total", 2),
        ("repos_total", 2),
        ("review_slots_used", 2),
        ("review_slots_total", 7),
        ("tasks_total", 3),
    ] {
        assert_eq!(state[name], count, "{name}");
    }
    assert_eq!(state["server_time"], START.plus_s(90).to_string());
    pool.revoke(&worker).await;
    pool.heartbeat(&silent, "idle").await;
    assert_eq!(pool.state().await["workers_online"], 1, "a revoked worker is not online");
}
