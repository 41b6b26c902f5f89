//! `GET /v1/work`: who gets what. The order is in `fetch_order`, waiting in `long_poll`, the end of leases in `expiry`.

use crate::pool::{Ask, Pool, START, Worker, text};
use owp_wire::TrustTier;
use serde_json::{Value, json};

#[tokio::test]
async fn a_worker_is_topped_up_to_its_points_and_its_number_of_tasks() {
    let pool = Pool::new();
    pool.repo("demo", 100).await;
    for _ in 0..10 {
        pool.task(json!({ "estimate_points": 2 })).await;
    }
    for (points, tasks, expected) in [(5, 20, 2), (6, 20, 3), (100, 3, 3), (1, 20, 0)] {
        let worker = pool.worker(json!({ "capacity_points": points, "max_concurrent_tasks": tasks })).await;
        assert_eq!(pool.fetched(&worker).await.len(), expected, "{points} points, {tasks} tasks");
    }
    pool.assert_history_is_sound().await;
}

#[tokio::test]
async fn asking_again_is_harmless_and_answers_the_same() {
    let pool = Pool::new();
    pool.repo("demo", 3).await;
    pool.task(json!({})).await;
    let worker = pool.roomy_worker().await;
    let first = pool.fetch(&worker).await;
    let before = pool.everything().await;
    assert_eq!(pool.fetch(&worker).await, first);
    assert_eq!(pool.everything().await, before);
}

#[tokio::test]
async fn the_answer_is_not_to_be_stored_and_says_when_to_come_back() {
    let pool = Pool::new();
    let worker = pool.roomy_worker().await;
    let answer = pool.ask(Ask::get("/v1/work").by(&worker)).await;
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.body["poll_after_s"], 30);
    assert_eq!(answer.body["server_time"], START.to_string());
}

#[tokio::test]
async fn a_lease_tells_its_holder_all_it_needs() {
    let pool = Pool::new();
    pool.put_repo(json!({ "repo": "demo", "clone_url": "https://example.org/demo.git" })).await;
    let task_id = pool.task(json!({ "description": "Words" })).await;
    let worker = pool.roomy_worker().await;
    let lease = pool.fetch(&worker).await["leases"][0].take();
    assert!(text(&lease["lease_id"]).starts_with("l_"));
    for (field, value) in [
        ("task_id", json!(task_id)),
        ("clone_url", json!("https://example.org/demo.git")),
        ("description", json!("Words")),
        ("state", json!("leased")),
        ("attempt", json!(1)),
        ("lease_expires_at", json!(START.plus_s(4 * 3600).to_string())),
    ] {
        assert_eq!(lease[field], value, "{field}");
    }
}

/// Puts one thing in the way of the only task, and looks at what both explanations and the worker say.
async fn kept_back(code: &str, pool: &Pool, worker: &Worker, task_id: &str) {
    assert!(!pool.fetched(worker).await.contains(&task_id.to_owned()), "{code}");
    assert_kept_back(code, pool, worker, task_id).await;
}

async fn assert_kept_back(code: &str, pool: &Pool, worker: &Worker, task_id: &str) {
    let work = pool.get(&format!("/v1/work/explain?worker_id={}", worker.id)).await.ok(200);
    assert!(codes(&work).contains(&code.to_owned()), "{code} in {work:#}");
    let task = pool.get(&format!("/v1/tasks/{task_id}/explain")).await.ok(200);
    let blocks = task["blockers"].as_array().expect("a list").contains(&json!(code));
    assert!(blocks || codes(&task).contains(&code.to_owned()) || code == "worker_offline", "{code} in {task:#}");
    assert_eq!((&work["fitting"], &task["fitting"]), (&json!(0), &json!(0)), "{code}");
}

fn codes(explained: &Value) -> Vec<String> {
    explained["reasons"].as_array().expect("a list").iter().map(|reason| text(&reason["code"])).collect()
}

#[tokio::test]
async fn a_repository_that_is_paused_or_out_of_budget_gives_nothing() {
    let pool = Pool::new();
    pool.put_repo(json!({ "repo": "demo", "paused": true })).await;
    let task_id = pool.task(json!({})).await;
    let worker = pool.roomy_worker().await;
    kept_back("repo_paused", &pool, &worker, &task_id).await;
    pool.put_repo(json!({ "repo": "demo", "paused": false, "max_open_prs": 0 })).await;
    kept_back("review_budget_spent", &pool, &worker, &task_id).await;
    pool.put_repo(json!({ "repo": "demo", "max_open_prs": 1 })).await;
    assert_eq!(pool.fetched(&worker).await, [task_id]);
}

#[tokio::test]
async fn the_budget_counts_leases_and_pull_requests_and_is_reserved_with_the_lease() {
    let pool = Pool::new();
    pool.repo("demo", 2).await;
    for _ in 0..4 {
        pool.task(json!({})).await;
    }
    let (first, second) = (pool.roomy_worker().await, pool.roomy_worker().await);
    let held = pool.fetched(&first).await;
    assert_eq!(held.len(), 2);
    pool.report(&first, &held[0], json!({ "status": "pr_opened" })).await.ok(200);
    assert!(pool.fetched(&second).await.is_empty(), "one lease and one pull request fill a budget of two");
    pool.update(&held[0], json!({ "action": "close" })).await.ok(200);
    assert_eq!(pool.fetched(&second).await.len(), 1);
    // Lowering the budget takes nothing back.
    pool.repo("demo", 1).await;
    assert_eq!((pool.fetched(&first).await.len(), pool.fetched(&second).await.len()), (1, 1));
    pool.assert_history_is_sound().await;
}

#[tokio::test]
async fn one_area_has_one_holder_until_its_pull_request_is_merged_or_closed() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    pool.repo("owner/other", 9).await;
    let one = pool.task(json!({ "area": "auth", "priority": 50 })).await;
    let two = pool.task(json!({ "area": "auth" })).await;
    let free = pool.task(json!({ "area": "docs" })).await;
    let elsewhere = pool.task(json!({ "area": "auth", "repo": "owner/other" })).await;
    let (worker, other) = (pool.roomy_worker().await, pool.roomy_worker().await);
    let mut held = pool.fetched(&worker).await;
    held.sort();
    let mut expected = vec![one.clone(), free, elsewhere];
    expected.sort();
    assert_eq!(held, expected);
    kept_back("area_locked", &pool, &other, &two).await;
    pool.report(&worker, &one, json!({ "status": "pr_opened" })).await.ok(200);
    kept_back("area_locked", &pool, &other, &two).await;
    pool.report(&worker, &one, json!({ "status": "merged" })).await.ok(200);
    assert_eq!(pool.fetched(&other).await, [two]);
    pool.assert_history_is_sound().await;
}

#[tokio::test]
async fn without_area_locks_an_area_has_many_holders() {
    let pool = Pool::new();
    pool.put_repo(json!({ "repo": "demo", "max_open_prs": 9, "area_locks_enabled": false })).await;
    for _ in 0..3 {
        pool.task(json!({ "area": "auth" })).await;
    }
    let worker = pool.roomy_worker().await;
    assert_eq!(pool.fetched(&worker).await.len(), 3);
    // Switching them on takes nothing back, and waits until all of them are done.
    pool.put_repo(json!({ "repo": "demo", "area_locks_enabled": true })).await;
    let task_id = pool.task(json!({ "area": "auth" })).await;
    let other = pool.roomy_worker().await;
    for held in pool.fetched(&worker).await {
        kept_back("area_locked", &pool, &other, &task_id).await;
        pool.update(&held, json!({ "action": "cancel" })).await.ok(200);
    }
    assert_eq!(pool.fetched(&other).await, [task_id]);
}

#[tokio::test]
async fn skills_compare_trimmed_and_without_case() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    let task_id = pool.task(json!({ "required_skills": [" Python", "SQL "] })).await;
    let half = pool.worker(json!({ "skills": ["python"] })).await;
    kept_back("skills_missing", &pool, &half, &task_id).await;
    let whole = pool.worker(json!({ "skills": ["sql", " PYTHON ", "cooking"] })).await;
    assert_eq!(pool.fetched(&whole).await, [task_id]);
}

#[tokio::test]
async fn a_trust_tier_bounds_the_tier_of_tasks() {
    for (trust, tier_max) in
        [(TrustTier::Untrusted, 0), (TrustTier::Basic, 1), (TrustTier::Trusted, 2), (TrustTier::Maintainer, 3)]
    {
        let pool = Pool::with(|settings| settings.rules.new_worker_tier = trust);
        pool.repo("demo", 9).await;
        let mut tasks = Vec::new();
        for tier in 0..=3 {
            tasks.push(pool.task(json!({ "tier": tier })).await);
        }
        let worker = pool.roomy_worker().await;
        let mut held = pool.fetched(&worker).await;
        held.sort();
        let (mut given, kept) = (tasks[..=tier_max].to_vec(), &tasks[tier_max + 1..]);
        given.sort();
        assert_eq!(held, given, "{trust}");
        for task_id in kept {
            assert_kept_back("tier_too_low", &pool, &worker, task_id).await;
        }
    }
}

#[tokio::test]
async fn points_and_concurrency_count_what_is_held_now() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    let large = pool.task(json!({ "estimate_points": 4, "priority": 50 })).await;
    let small = pool.task(json!({ "estimate_points": 2 })).await;
    let worker = pool.worker(json!({ "capacity_points": 5, "max_concurrent_tasks": 2 })).await;
    assert_eq!(pool.fetched(&worker).await, [large.as_str()]);
    kept_back("points_exceeded", &pool, &worker, &small).await;
    let single = pool.worker(json!({ "capacity_points": 50, "max_concurrent_tasks": 1 })).await;
    assert_eq!(pool.fetched(&single).await, [small.as_str()]);
    let third = pool.task(json!({ "estimate_points": 2 })).await;
    kept_back("concurrency_exceeded", &pool, &single, &third).await;
    // A pull request in review takes no capacity.
    pool.report(&single, &small, json!({ "status": "pr_opened" })).await.ok(200);
    assert_eq!(pool.fetched(&single).await, [third]);
}

#[tokio::test]
async fn a_task_that_does_not_fit_does_not_stand_in_the_way_of_one_that_does() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    pool.repo("owner/spent", 0).await;
    for number in 0..60 {
        pool.task(json!({ "repo": "owner/spent", "priority": 1000 })).await;
        pool.task(json!({ "priority": 900, "required_skills": [format!("s{number}")] })).await;
        pool.task(json!({ "priority": 800, "estimate_points": 100 })).await;
    }
    let fitting = pool.task(json!({ "priority": 0 })).await;
    let worker = pool.worker(json!({})).await;
    assert_eq!(pool.fetched(&worker).await, [fitting]);
}

#[tokio::test]
async fn a_paused_worker_keeps_what_it_has_and_gets_nothing_new() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    let held = pool.task(json!({})).await;
    let worker = pool.roomy_worker().await;
    pool.fetch(&worker).await;
    pool.heartbeat(&worker, "paused").await;
    let task_id = pool.task(json!({})).await;
    kept_back("worker_paused", &pool, &worker, &task_id).await;
    assert_eq!(pool.fetched(&worker).await, [held.as_str()]);
    pool.heartbeat(&worker, "working").await;
    assert_eq!(pool.fetched(&worker).await.len(), 2);
}

#[tokio::test]
async fn an_offline_worker_is_explained_and_back_with_any_call() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    let worker = pool.roomy_worker().await;
    let task_id = pool.task(json!({})).await;
    pool.clock.advance_s(90);
    assert_kept_back("worker_offline", &pool, &worker, &task_id).await;
    assert_eq!(pool.fetched(&worker).await, [task_id]);
}

#[tokio::test]
async fn fifty_pull_requests_in_review_are_enough_for_one_worker() {
    let pool = Pool::new();
    pool.repo("demo", 100).await;
    let worker = pool.roomy_worker().await;
    for number in 0..50 {
        let task_id = pool.task(json!({})).await;
        assert_eq!(pool.fetched(&worker).await, [task_id.as_str()], "{number}");
        pool.report(&worker, &task_id, json!({ "status": "pr_opened" })).await.ok(200);
    }
    let task_id = pool.task(json!({})).await;
    kept_back("concurrency_exceeded", &pool, &worker, &task_id).await;
    let work = pool.fetch(&worker).await;
    assert_eq!(work["in_review"].as_array().unwrap().len(), 50);
}

#[tokio::test]
async fn many_workers_at_once_share_a_task_between_nobody() {
    let folder = tempfile::tempdir().unwrap();
    for pool in [Pool::new(), Pool::on_disk(folder.path()).await] {
        pool.repo("demo", 100).await;
        let task_id = pool.task(json!({})).await;
        let mut asking = Vec::new();
        for _ in 0..16 {
            let (pool, worker) = (pool.clone(), pool.roomy_worker().await);
            asking.push(tokio::spawn(async move { pool.fetched(&worker).await }));
        }
        let mut winners = 0;
        for answer in asking {
            let held = answer.await.unwrap();
            assert!(held.is_empty() || held == [task_id.as_str()]);
            winners += held.len();
        }
        assert_eq!(winners, 1);
        pool.assert_history_is_sound().await;
    }
}
