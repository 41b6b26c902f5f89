//! `kill -9` of the server under load, again and again: what was acknowledged is there after the restart, and no invariant
//! is broken.

mod support;

use owp_logic::EventKind;
use reqwest::{Method, StatusCode};
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use support::{Pool, Server, events_in};

const ROUNDS: usize = 20;
const WORKERS: usize = 8;
const TASKS_PER_ROUND: usize = 40;

/// A write that the server said is done: the event that must be there.
type Acknowledged = Arc<Mutex<BTreeSet<(String, EventKind)>>>;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_a_kill() {
    let folder = tempfile::tempdir().expect("a folder");
    let acknowledged = Acknowledged::default();
    let mut tokens: Vec<String> = Vec::new();
    let mut written_in_last_round = 0;
    for round in 0..ROUNDS {
        let server = Server::start(folder.path(), &[]);
        let pool = server.pool();
        if tokens.is_empty() {
            pool.put_repo("owner/repo", 100).await;
            for worker in 0..WORKERS {
                tokens.push(pool.register(json!({ "name": format!("worker {worker}"), "capacity_points": 3 })).await);
            }
        }
        let load: Vec<_> = std::iter::once(tokio::spawn(fill(pool.clone(), acknowledged.clone(), round)))
            .chain(tokens.iter().map(|token| tokio::spawn(work(pool.clone(), token.clone(), acknowledged.clone()))))
            .collect();
        // Each round is cut off at another moment.
        tokio::time::sleep(Duration::from_millis(60 + 23 * round as u64)).await;
        let db = server.db.clone();
        server.process.kill();
        for client in load {
            client.await.expect("a client ends when its server does");
        }
        let (events, _) = events_in(&db).await;
        let there: BTreeSet<(String, EventKind)> =
            events.iter().filter_map(|event| Some((event.task_id.as_ref()?.0.clone(), event.kind))).collect();
        let acknowledged = acknowledged.lock().expect("not poisoned");
        let lost: Vec<_> = acknowledged.difference(&there).collect();
        assert!(lost.is_empty(), "round {round} lost {lost:?}");
        written_in_last_round = acknowledged.len();
    }
    assert!(written_in_last_round > ROUNDS * 10, "there was a load to speak of: {written_in_last_round} writes");
}

/// Puts tasks in until the server is gone.
async fn fill(pool: Pool, acknowledged: Acknowledged, round: usize) {
    for number in 0..TASKS_PER_ROUND {
        let body = json!({ "repo": "owner/repo", "title": format!("task {round}.{number}") });
        let sent = pool.try_admin(Method::POST, "/v1/admin/tasks", Some(body)).await;
        let Ok((StatusCode::CREATED, answer)) = sent else { return };
        let id = answer["task_id"].as_str().expect("an id").to_owned();
        acknowledged.lock().expect("not poisoned").insert((id, EventKind::TaskCreated));
    }
}

/// Fetches and takes each task through its life until the server is gone.
async fn work(pool: Pool, token: String, acknowledged: Acknowledged) {
    let ack = |id: &str, kind| acknowledged.lock().expect("not poisoned").insert((id.to_owned(), kind));
    loop {
        let Ok((StatusCode::OK, work)) = pool.try_worker(&token, Method::GET, "/v1/work", None).await else { return };
        for lease in work["leases"].as_array().expect("a list") {
            let id = lease["task_id"].as_str().expect("an id");
            ack(id, EventKind::TaskAssigned);
            for (status, kind) in [
                ("in_progress", EventKind::TaskStarted),
                ("pr_opened", EventKind::TaskPrOpened),
                ("merged", EventKind::TaskMerged),
            ] {
                let path = format!("/v1/tasks/{id}/status");
                let body = Some(json!({ "status": status }));
                let Ok((code, answer)) = pool.try_worker(&token, Method::POST, &path, body).await else { return };
                assert_eq!(code, StatusCode::OK, "{answer}");
                ack(id, kind);
            }
        }
        // A report whose answer was lost in an earlier round: the task is in review and waits for its merge.
        for task in work["in_review"].as_array().expect("a list") {
            let id = task["task_id"].as_str().expect("an id");
            let path = format!("/v1/tasks/{id}/status");
            let body = Some(json!({ "status": "merged" }));
            let Ok((code, answer)) = pool.try_worker(&token, Method::POST, &path, body).await else { return };
            assert_eq!(code, StatusCode::OK, "{answer}");
            ack(id, EventKind::TaskMerged);
        }
    }
}
