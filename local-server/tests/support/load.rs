//! A load on a server, and what the server said of it.

use super::Pool;
use owp_logic::{Event, EventKind};
use reqwest::{Method, StatusCode};
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

/// Writes that the server said are done: the events that must be there, each with its task.
pub type Acknowledged = Arc<Mutex<BTreeSet<(String, EventKind)>>>;

/// The same of events that are there.
pub fn acknowledged_in(events: &[Event]) -> BTreeSet<(String, EventKind)> {
    events.iter().filter_map(|event| Some((event.task_id.as_ref()?.0.clone(), event.kind))).collect()
}

/// Puts so many tasks in, or until the server is gone.
pub async fn fill(pool: Pool, acknowledged: Acknowledged, round: usize, tasks: usize) {
    for number in 0..tasks {
        let body = json!({ "repo": "owner/repo", "title": format!("task {round}.{number}") });
        let sent = pool.try_admin(Method::POST, "/v1/admin/tasks", Some(body)).await;
        let Ok((StatusCode::CREATED, answer)) = sent else { return };
        let id = answer["task_id"].as_str().expect("an id").to_owned();
        acknowledged.lock().expect("not poisoned").insert((id, EventKind::TaskCreated));
    }
}

/// Fetches and takes each task through its life until the server is gone.
pub async fn work(pool: Pool, token: String, acknowledged: Acknowledged) {
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
