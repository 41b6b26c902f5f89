//! `POST /v1/work/offers`: what is offered to whom, what an offer holds, and how it ends by time.

use crate::pool::{Ask, Pool, START, text};
use serde_json::json;

const OFFER_TTL_S: u32 = 300;

#[tokio::test]
async fn an_offer_tells_all_that_is_needed_to_decide() {
    let pool = Pool::new();
    pool.repo("demo", 3).await;
    let body = json!({ "description": "Words", "estimate_points": 3, "required_skills": ["rust"], "area": "cli" });
    let task_id = pool.task(body).await;
    let worker = pool.worker(json!({ "skills": ["rust"], "work_mode": "offer" })).await;
    let answer = pool.ask(Ask::new("POST", "/v1/work/offers").by(&worker)).await.ok(200);
    let offer_id = text(&answer["offers"][0]["offer_id"]);
    let until = START.plus_s(OFFER_TTL_S).to_string();
    let expected = json!({
        "offer_id": offer_id, "task_id": task_id, "repo": "demo", "title": "A task", "description": "Words",
        "estimate_points": 3, "expected_s": 8100, "priority": 10, "required_skills": ["rust"], "area": "cli", "tier": 0,
        "attempt": 1, "expires_at": until,
    });
    assert_eq!(answer["offers"], json!([expected]));
    assert_eq!((&answer["worker_id"], &answer["poll_after_s"]), (&json!(worker.id), &json!(30)));
    let task = pool.read(&task_id).await;
    assert_eq!((&task["state"], &task["offered_to"]), (&json!("offered"), &json!(worker.id)));
    assert_eq!((&task["offer_expires_at"], task.get("holder")), (&json!(until), None));
    pool.assert_history_is_sound().await;
}

#[tokio::test]
async fn asking_again_is_harmless_and_answers_the_same() {
    let pool = Pool::new();
    pool.repo("demo", 3).await;
    pool.task(json!({})).await;
    let worker = pool.roomy_worker().await;
    let first = pool.offers(&worker).await;
    let before = pool.everything().await;
    assert_eq!(pool.offers(&worker).await, first);
    assert_eq!(pool.everything().await, before);
}

#[tokio::test]
async fn an_offer_holds_budget_area_and_capacity_as_a_lease_does() {
    let pool = Pool::new();
    pool.repo("demo", 2).await;
    pool.task(json!({ "area": "auth", "priority": 30 })).await;
    let locked = pool.task(json!({ "area": "auth", "priority": 20 })).await;
    pool.task(json!({ "estimate_points": 4 })).await;
    let large = pool.task(json!({ "estimate_points": 2, "priority": 0 })).await;
    let (worker, other) = (pool.worker(json!({ "capacity_points": 5 })).await, pool.roomy_worker().await);
    assert_eq!(pool.offers(&worker).await.len(), 2);
    let me = pool.ask(Ask::get("/v1/workers/me").by(&worker)).await.ok(200);
    assert_eq!((&me["points_held"], &me["points_today"]), (&json!(5), &json!(0)));
    assert_eq!((me["tasks_offered"].as_array().unwrap().len(), &me["tasks_held"]), (2, &json!([])));
    let repo = pool.get("/v1/admin/repos").await.ok(200)["repos"][0].take();
    assert_eq!((&repo["offers_open"], &repo["leases_live"], &repo["slots_free"]), (&json!(2), &json!(0), &json!(0)));
    assert_eq!(repo["closed"]["code"], "review_budget_spent");
    let state = pool.state().await;
    assert_eq!((&state["tasks_offered"], &state["review_slots_used"]), (&json!(2), &json!(2)));
    assert!(pool.offers(&other).await.is_empty() && pool.fetched(&other).await.is_empty());
    let blockers = pool.explain_task(&locked).await["blockers"].take();
    assert_eq!(blockers, json!(["review_budget_spent", "area_locked"]));
    assert_eq!(pool.explain_task(&large).await["blockers"], json!(["review_budget_spent"]));
    pool.assert_history_is_sound().await;
}

#[tokio::test]
async fn offers_are_given_in_the_order_of_leases_and_listed_by_their_end() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    for (title, priority) in [("low", 10), ("high", 90)] {
        pool.task(json!({ "title": title, "priority": priority })).await;
    }
    let single = pool.worker(json!({ "max_concurrent_tasks": 1 })).await;
    assert_eq!(pool.offer(&single).await["title"], "high");
    pool.clock.advance_s(60);
    pool.change(&single, json!({ "max_concurrent_tasks": 2 })).await;
    let titles: Vec<String> = pool.offers(&single).await.iter().map(|offer| text(&offer["title"])).collect();
    assert_eq!(titles, ["high", "low"]);
}

#[tokio::test]
async fn an_unanswered_offer_is_free_for_another_at_once_without_any_sweep() {
    let folder = tempfile::tempdir().unwrap();
    for pool in [Pool::new(), Pool::on_disk(folder.path()).await] {
        pool.repo("demo", 1).await;
        let task_id = pool.task(json!({ "area": "core" })).await;
        let (late, next) = (pool.roomy_worker().await, pool.roomy_worker().await);
        let offer = pool.offer(&late).await;
        pool.clock.advance_ms(i64::from(OFFER_TTL_S) * 1000 - 1);
        assert!(pool.offers(&next).await.is_empty());
        assert!(pool.fetched(&next).await.is_empty());
        pool.clock.advance_ms(1);
        let task = pool.read(&task_id).await;
        assert_eq!((&task["state"], task.get("offered_to")), (&json!("ready"), None), "as anybody reads it");
        assert_eq!(pool.explain_task(&task_id).await["blockers"], json!([]));
        assert_eq!(pool.fetched(&next).await, [task_id.as_str()]);
        pool.accept(&late, &offer).await.refused(409, "offer_gone");
        pool.reject(&late, &offer, "quota").await.refused(409, "offer_gone");
        // It cost an hour, and nothing else.
        let lease_id = pool.lease_of(&next, &task_id).await;
        pool.release(&next, &lease_id, json!({ "reason": "shutdown" })).await.ok(200);
        assert!(pool.offers(&late).await.is_empty());
        assert_eq!(pool.explain_work(&late).await["reasons"][0]["code"], "declined_recently");
        assert_eq!(pool.reputation(&late).await["metrics"]["total_tasks"], 0);
        pool.clock.advance_s(3600);
        assert_eq!(pool.offer(&late).await["task_id"], task_id.as_str());
        pool.assert_history_is_sound().await;
    }
}

#[tokio::test]
async fn an_unanswered_offer_goes_to_another_who_asks_for_offers() {
    let pool = Pool::new();
    pool.repo("demo", 1).await;
    pool.task(json!({})).await;
    let (late, next) = (pool.roomy_worker().await, pool.roomy_worker().await);
    let first = pool.offer(&late).await;
    pool.clock.advance_s(OFFER_TTL_S);
    let second = pool.offer(&next).await;
    assert_eq!(second["task_id"], first["task_id"]);
    assert_ne!(second["offer_id"], first["offer_id"]);
}

#[tokio::test]
async fn a_worker_that_asks_for_offers_gets_from_fetching_only_what_it_holds() {
    let pool = Pool::new();
    pool.repo("demo", 3).await;
    let task_id = pool.task(json!({ "priority": 20 })).await;
    pool.task(json!({})).await;
    let worker = pool.worker(json!({ "work_mode": "offer", "max_concurrent_tasks": 1 })).await;
    assert!(pool.fetched(&worker).await.is_empty());
    let offer = pool.offer(&worker).await;
    assert_eq!(offer["task_id"], task_id.as_str());
    assert!(pool.fetched(&worker).await.is_empty(), "what is only offered is not held");
    pool.accept(&worker, &offer).await.ok(201);
    pool.change(&worker, json!({ "max_concurrent_tasks": 5 })).await;
    assert_eq!(pool.fetched(&worker).await, [task_id.as_str()], "and no more");
    pool.change(&worker, json!({ "work_mode": "auto" })).await;
    assert_eq!(pool.fetched(&worker).await.len(), 2);
}

#[tokio::test]
async fn who_may_get_nothing_is_offered_nothing() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    let task_id = pool.task(json!({})).await;
    let worker = pool.roomy_worker().await;
    pool.heartbeat(&worker, "paused").await;
    assert!(pool.offers(&worker).await.is_empty());
    pool.heartbeat(&worker, "idle").await;
    pool.offer(&worker).await;
    assert_eq!(pool.state_of(&task_id).await, "offered");
    pool.revoke(&worker).await;
    assert_eq!(pool.state_of(&task_id).await, "ready", "what was offered to it is free");
    pool.assert_history_is_sound().await;
}

#[tokio::test]
async fn under_a_key_it_is_answered_as_things_stand() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    let first = pool.task(json!({})).await;
    let worker = pool.roomy_worker().await;
    let ask = async || pool.ask(Ask::new("POST", "/v1/work/offers").by(&worker).key("k")).await.ok(200);
    let before = ask().await;
    assert_eq!(before["offers"][0]["task_id"], first.as_str());
    assert_eq!(ask().await, before);
    // What ended by time has to be settled first, and what is left then is the answer.
    let second = pool.task(json!({})).await;
    pool.clock.advance_s(OFFER_TTL_S);
    let after = ask().await;
    assert_eq!(after["offers"].as_array().unwrap().len(), 1);
    assert_eq!(after["offers"][0]["task_id"], second.as_str());
    for number in 0..9 {
        pool.task(json!({ "title": format!("T {number}") })).await;
    }
    assert_eq!(ask().await["offers"].as_array().unwrap().len(), 9, "the budget's worth");
}

#[tokio::test]
async fn how_long_a_task_is_likely_to_take_is_learned_from_its_repository() {
    let pool = Pool::new();
    pool.repo("demo", 50).await;
    let worker = pool.roomy_worker().await;
    for _ in 0..5 {
        let task_id = pool.task(json!({ "estimate_points": 2 })).await;
        pool.fetch(&worker).await;
        pool.clock.advance_s(600);
        pool.merge(&worker, &task_id).await;
    }
    pool.task(json!({ "estimate_points": 3 })).await;
    assert_eq!(pool.offer(&worker).await["expected_s"], 900);
}

#[tokio::test]
async fn many_workers_at_once_are_offered_a_task_between_nobody() {
    let folder = tempfile::tempdir().unwrap();
    for pool in [Pool::new(), Pool::on_disk(folder.path()).await] {
        pool.repo("demo", 100).await;
        pool.task(json!({})).await;
        let mut asking = Vec::new();
        for _ in 0..16 {
            let (pool, worker) = (pool.clone(), pool.roomy_worker().await);
            asking.push(tokio::spawn(async move { pool.offers(&worker).await.len() }));
        }
        let mut offered = 0;
        for answer in asking {
            offered += answer.await.unwrap();
        }
        assert_eq!(offered, 1);
        pool.assert_history_is_sound().await;
    }
}

#[tokio::test]
async fn a_worker_may_ask_for_few_offers() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    for _ in 0..3 {
        pool.task(json!({})).await;
    }
    let worker = pool.roomy_worker().await;
    for (limit, expected) in [(0, 0), (1, 1), (2, 2), (1, 2)] {
        let path = format!("/v1/work/offers?limit={limit}");
        let answer = pool.ask(Ask::new("POST", &path).by(&worker)).await.ok(200);
        assert_eq!(answer["offers"].as_array().map(Vec::len), Some(expected), "limit {limit}");
    }
    pool.ask(Ask::new("POST", "/v1/work/offers?limit=21").by(&worker)).await.refused(400, "invalid_request");
}
