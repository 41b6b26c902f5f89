//! `GET /v1/tasks/{task_id}`

use crate::pool::{Ask, Pool, START};
use crate::stages::stage;
use serde_json::json;

#[tokio::test]
async fn a_task_is_shown_whole_to_workers_and_administrators() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    let task_id = pool.task(json!({ "key": "docs-1", "title": "Docs", "area": "docs" })).await;
    let worker = pool.worker(json!({})).await;
    let now = START.to_string();
    let expected = json!({
        "task_id": task_id, "repo": "demo", "key": "docs-1", "title": "Docs", "description": "", "estimate_points": 1,
        "priority": 10, "required_skills": [], "area": "docs", "tier": 0, "state": "ready", "state_since": now,
        "attempts_used": 0, "attempts_max": 3, "attempts": [], "created_at": now, "updated_at": now,
        "depends_on": [], "waits_for": [], "dependents": [], "security": false,
    });
    assert_eq!(pool.read(&task_id).await, expected);
    let seen = pool.ask(Ask::get(&format!("/v1/tasks/{task_id}")).by(&worker)).await.ok(200);
    assert_eq!(seen, expected);
    pool.get("/v1/tasks/t_nothere").await.refused(404, "task_not_found");
}

#[tokio::test]
async fn a_held_task_names_its_holder_and_the_end_of_its_lease() {
    let stage = stage("in_progress").await;
    let task = stage.pool.read(&stage.task_id).await;
    assert_eq!(task["holder"], stage.worker.id.as_str());
    assert_eq!(task["lease_expires_at"], START.plus_s(4 * 3600).to_string());
    assert_eq!(task["attempts"][0]["lease_id"], stage.lease_id.as_str());
    assert_eq!(task["attempts"][0].get("outcome"), None);
}

#[tokio::test]
async fn nobody_is_told_the_lease_or_the_rating_of_somebody_else() {
    let stage = stage("pr_opened").await;
    stage.pool.update(&stage.task_id, json!({ "action": "merge", "rating": 4 })).await.ok(200);
    let (pool, path) = (&stage.pool, format!("/v1/tasks/{}", stage.task_id));
    let other = pool.worker(json!({})).await;
    let seen = pool.ask(Ask::get(&path).by(&other)).await.ok(200)["attempts"][0].clone();
    let told: Vec<&String> = seen.as_object().unwrap().keys().collect();
    assert_eq!(told, ["ended_at", "outcome", "pr_opened_at", "started_at"]);
    assert_eq!(seen["outcome"], "merged");
    for ask in [Ask::get(&path).by(&stage.worker), Ask::get(&path).by_admin(), Ask::get(&path).by(&other).by_admin()] {
        let seen = pool.ask(ask).await.ok(200)["attempts"][0].clone();
        assert_eq!((&seen["lease_id"], &seen["rating"]), (&json!(stage.lease_id), &json!(4)));
    }
}

#[tokio::test]
async fn who_holds_a_task_is_told_what_others_left_and_nobody_else_is() {
    let stage = stage("in_progress").await;
    let (pool, path) = (&stage.pool, format!("/v1/tasks/{}", stage.task_id));
    let said =
        json!({ "status": "in_progress", "message": "half of it", "branch": "owp/half", "notes": "tests are there" });
    pool.report(&stage.worker, &stage.task_id, said).await.ok(200);
    let (next, stranger) = (pool.roomy_worker().await, pool.worker(json!({})).await);
    let private = ["holder", "message", "branch", "notes"];
    let seen = pool.ask(Ask::get(&path).by(&stranger)).await.ok(200);
    assert_eq!(private.map(|field| seen.get(field)), [None; 4], "{seen:#}");
    assert!(seen["lease_expires_at"].is_string(), "when it may be free again is everybody's business");
    let release = json!({ "reason": "failed", "message": "too much for me" });
    pool.release(&stage.worker, &stage.lease_id, release).await.ok(200);
    assert_eq!(pool.fetched(&next).await, [stage.task_id.as_str()]);
    let seen = pool.ask(Ask::get(&path).by(&next)).await.ok(200);
    assert_eq!((&seen["branch"], &seen["notes"]), (&json!("owp/half"), &json!("tests are there")));
    let before = &seen["attempts"][0];
    assert_eq!((&before["branch"], &before["notes"]), (&json!("owp/half"), &json!("tests are there")));
    assert_eq!((before.get("worker_id"), before.get("reason"), before.get("lease_id")), (None, None, None));
    assert_eq!(seen["attempts"][1]["worker_id"], next.id.as_str());
    // Who had it before is told its own attempt, and not what the next one does.
    let seen = pool.ask(Ask::get(&path).by(&stage.worker)).await.ok(200);
    assert_eq!(private.map(|field| seen.get(field)), [None; 4], "{seen:#}");
    assert_eq!(seen["attempts"][0]["reason"], "failed: too much for me");
    assert_eq!(seen["attempts"][1].get("worker_id"), None);
    let whole = pool.read(&stage.task_id).await;
    assert_eq!((&whole["holder"], &whole["attempts"][0]["worker_id"]), (&json!(next.id), &json!(stage.worker.id)));
}

#[tokio::test]
async fn who_did_a_task_last_is_told_what_it_said_of_it() {
    let stage = stage("in_progress").await;
    let said =
        json!({ "status": "pr_opened", "message": "done", "artifact": { "pr_url": "https://github.com/demo/pull/1" } });
    stage.pool.report(&stage.worker, &stage.task_id, said).await.ok(200);
    stage.pool.update(&stage.task_id, json!({ "action": "merge" })).await.ok(200);
    let path = format!("/v1/tasks/{}", stage.task_id);
    let seen = stage.pool.ask(Ask::get(&path).by(&stage.worker)).await.ok(200);
    assert_eq!(
        (&seen["message"], &seen["artifact"]["pr_url"]),
        (&json!("done"), &json!("https://github.com/demo/pull/1"))
    );
    let other = stage.pool.worker(json!({})).await;
    let seen = stage.pool.ask(Ask::get(&path).by(&other)).await.ok(200);
    assert_eq!((seen.get("message"), seen.get("artifact")), (None, None));
}

#[tokio::test]
async fn in_review_no_clock_is_shown() {
    let stage = stage("pr_opened").await;
    let task = stage.pool.read(&stage.task_id).await;
    assert_eq!(task["holder"], stage.worker.id.as_str());
    assert_eq!(task.get("lease_expires_at"), None);
}

#[tokio::test]
async fn reading_writes_nothing() {
    let stage = stage("leased").await;
    let before = stage.pool.everything().await;
    stage.pool.ask(Ask::get(&format!("/v1/tasks/{}", stage.task_id)).by(&stage.worker)).await.ok(200);
    assert_eq!(stage.pool.everything().await, before);
}

#[tokio::test]
async fn an_administrator_is_answered_whatever_worker_token_is_sent_along() {
    let pool = Pool::new();
    pool.repo("demo", 1).await;
    let task_id = pool.task(json!({})).await;
    let worker = pool.roomy_worker().await;
    pool.revoke(&worker).await;
    let path = format!("/v1/tasks/{task_id}");
    for token in [worker.token.as_str(), "not a token"] {
        pool.ask(Ask::get(&path).bearer(token).by_admin()).await.ok(200);
        pool.ask(Ask::get(&format!("{path}/explain")).bearer(token).by_admin()).await.ok(200);
    }
    pool.ask(Ask::get(&path).by(&worker)).await.refused(401, "token_revoked");
}
