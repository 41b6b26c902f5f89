//! `GET /v1/tasks/{task_id}/explain`. Each code is tried in `fetch_work`, beside what it keeps back.

use crate::pool::{Ask, Pool, text};
use crate::stages::{STATES, stage};
use serde_json::json;

#[tokio::test]
async fn a_task_that_is_not_ready_says_what_it_is() {
    for state in STATES {
        let stage = stage(state).await;
        let explained = stage.pool.get(&format!("/v1/tasks/{}/explain", stage.task_id)).await.ok(200);
        assert_eq!(explained["state"], state);
        let blocker = if state == "waiting" { "dependency_open" } else { "task_not_ready" };
        let not_ready = explained["blockers"].as_array().unwrap().contains(&json!(blocker));
        assert_eq!(not_ready, state != "ready", "{state}: {explained:#}");
        assert_eq!(explained["fitting"], u32::from(state == "ready"), "{state}");
    }
}

#[tokio::test]
async fn a_task_whose_lease_is_over_is_explained_as_ready() {
    let held = stage("in_progress").await;
    held.pool.clock.advance_s(4 * 3600);
    held.pool.heartbeat(&held.worker, "idle").await;
    let explained = held.pool.get(&format!("/v1/tasks/{}/explain", held.task_id)).await.ok(200);
    assert_eq!(explained["state"], "ready", "as getTask says: {explained:#}");
}

#[tokio::test]
async fn workers_online_are_counted_with_what_keeps_it_from_each() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    let offline = pool.worker(json!({ "skills": ["rust"] })).await;
    pool.clock.advance_s(90);
    let task_id = pool.task(json!({ "required_skills": ["rust"], "estimate_points": 3 })).await;
    let asking = pool.worker(json!({ "skills": ["rust"] })).await;
    for body in [json!({}), json!({ "capacity_points": 1 }), json!({ "skills": ["rust"], "capacity_points": 2 })] {
        pool.worker(body).await;
    }
    let path = format!("/v1/tasks/{task_id}/explain");
    let explained = pool.ask(Ask::get(&path).by(&asking)).await.ok(200);
    assert_eq!((&explained["workers_looked_at"], &explained["fitting"]), (&json!(4), &json!(1)));
    assert_eq!((&explained["blockers"], &explained["truncated"]), (&json!([]), &json!(false)));
    let mut reasons: Vec<_> = explained["reasons"]
        .as_array()
        .unwrap()
        .iter()
        .map(|reason| (text(&reason["code"]), reason["count"].clone()))
        .collect();
    reasons.sort_by_key(|(code, _)| code.clone());
    assert_eq!(reasons, [("points_exceeded".to_owned(), json!(2)), ("skills_missing".to_owned(), json!(2))]);
    pool.heartbeat(&offline, "idle").await;
    assert_eq!(pool.get(&path).await.ok(200)["fitting"], 2);
}

#[tokio::test]
async fn blockers_are_told_before_workers_are_asked() {
    let pool = Pool::new();
    pool.put_repo(json!({ "repo": "demo", "paused": true, "max_open_prs": 0 })).await;
    let task_id = pool.task(json!({})).await;
    pool.worker(json!({})).await;
    let explained = pool.get(&format!("/v1/tasks/{task_id}/explain")).await.ok(200);
    assert_eq!(explained["blockers"], json!(["repo_paused", "review_budget_spent"]));
    assert_eq!(explained["fitting"], 0);
    assert!(text(&explained["summary"]).starts_with("nobody gets it now"));
    pool.get("/v1/tasks/t_nothere/explain").await.refused(404, "task_not_found");
}

#[tokio::test]
async fn workers_are_grouped_by_verdict_the_largest_group_first() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    let task_id = pool.task(json!({ "required_skills": ["rust"], "estimate_points": 3, "tier": 0 })).await;
    let fitting = pool.worker(json!({ "skills": ["rust"] })).await;
    let neither = pool.worker(json!({ "capacity_points": 1 })).await;
    for _ in 0..3 {
        pool.worker(json!({ "skills": ["sql"] })).await;
    }
    pool.worker(json!({ "capacity_points": 2 })).await;
    let groups = pool.explain_task(&task_id).await["groups"].take();
    let groups: Vec<_> =
        groups.as_array().unwrap().iter().map(|group| (group["workers"].clone(), group["codes"].clone())).collect();
    assert_eq!(groups[0], (json!(3), json!(["skills_missing"])));
    assert_eq!(groups[1], (json!(2), json!(["skills_missing", "points_exceeded"])));
    assert_eq!(groups[2], (json!(1), json!([])));
    let groups = pool.explain_task(&task_id).await["groups"].take();
    assert_eq!(groups[2]["example"], fitting.id.as_str());
    assert!(pool.explain_task(&task_id).await["waits_for"].as_array().unwrap().is_empty());
    pool.revoke(&neither).await;
    assert_eq!(pool.explain_task(&task_id).await["groups"][1]["workers"], 1);
}
