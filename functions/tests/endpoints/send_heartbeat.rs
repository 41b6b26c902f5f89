//! `POST /v1/workers/heartbeat`

use crate::pool::{Ask, Pool, START};
use owp_logic::EventKind;
use serde_json::{Value, json};

#[tokio::test]
async fn a_heartbeat_keeps_a_worker_online_and_says_when_the_next_is_due() {
    let pool = Pool::new();
    let worker = pool.roomy_worker().await;
    for _ in 0..10 {
        pool.clock.advance_s(30);
        let ask = Ask::post("/v1/workers/heartbeat", &json!({ "status": "idle" })).by(&worker);
        assert_eq!(pool.ask(ask).await.ok(200)["heartbeat_interval_s"], 30);
        assert_eq!(pool.state().await["workers_online"], 1);
    }
    // A sign of life is written at most every 15 seconds, so presence is that much too short at the worst.
    pool.clock.advance_s(74);
    assert_eq!(pool.state().await["workers_online"], 1);
    pool.clock.advance_s(16);
    assert_eq!(pool.state().await["workers_online"], 0);
}

#[tokio::test]
async fn status_and_note_are_those_of_the_last_one() {
    let pool = Pool::new();
    let worker = pool.roomy_worker().await;
    for (body, note) in [
        (json!({ "status": "working", "note": "half-way" }), json!("half-way")),
        (json!({ "status": "working", "note": "done" }), json!("done")),
        (json!({ "status": "paused" }), Value::Null),
        (json!({ "status": "idle", "note": null }), Value::Null),
    ] {
        pool.ask(Ask::post("/v1/workers/heartbeat", &body).by(&worker)).await.ok(200);
        let me = pool.ask(Ask::get("/v1/workers/me").by(&worker)).await.ok(200);
        assert_eq!((&me["status"], &me["note"]), (&body["status"], &note));
    }
}

#[tokio::test]
async fn only_a_change_of_status_is_an_event() {
    let pool = Pool::new();
    let worker = pool.roomy_worker().await;
    for status in ["idle", "idle", "working", "working", "paused", "idle"] {
        pool.clock.advance_s(30);
        pool.heartbeat(&worker, status).await;
    }
    let events = pool.events().await;
    let changes: Vec<_> = events.iter().filter(|event| event.kind == EventKind::WorkerStatusChanged).collect();
    assert_eq!(changes.len(), 3);
    assert_eq!(changes[0].at, START.plus_s(90));
}
