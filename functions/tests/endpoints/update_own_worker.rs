//! `PATCH /v1/workers/me`: what a worker says about itself, and what it is given by that.

use crate::pool::{Ask, Pool, START, Worker, text};
use serde_json::{Value, json};

const DAY_S: u32 = 24 * 3600;
/// What one point stands for unless configured otherwise.
const POINT_S: u32 = 2700;

fn codes(explained: &Value) -> Vec<String> {
    explained["reasons"].as_array().expect("a list").iter().map(|reason| text(&reason["code"])).collect()
}

async fn nothing_but(pool: &Pool, worker: &Worker, code: &str) {
    assert!(pool.fetched(worker).await.is_empty(), "{code}");
    assert!(pool.offers(worker).await.is_empty(), "{code}");
    assert_eq!(codes(&pool.explain_work(worker).await), [code]);
}

#[tokio::test]
async fn what_is_left_out_stays_and_what_is_given_is_replaced() {
    let pool = Pool::new();
    let said = json!({
        "skills": ["sql"], "capacity_points": 9, "work_mode": "offer", "availability": { "points_per_day": 8 },
    });
    let worker = pool.worker(said).await;
    let before = pool.ask(Ask::get("/v1/workers/me").by(&worker)).await.ok(200);
    assert_eq!((&before["work_mode"], &before["availability"]), (&json!("offer"), &json!({ "points_per_day": 8 })));
    let until = START.plus_s(3600).to_string();
    let me = pool.change(&worker, json!({ "availability": { "until": until } })).await;
    assert_eq!(me["availability"], json!({ "until": until }), "replaced as a whole");
    assert_eq!((&me["skills"], &me["capacity_points"]), (&before["skills"], &before["capacity_points"]));
    let me = pool.change(&worker, json!({ "skills": [" Rust ", "SQL"], "max_concurrent_tasks": 7 })).await;
    assert_eq!((&me["skills"], &me["max_concurrent_tasks"]), (&json!(["rust", "sql"]), &json!(7)));
    let me = pool.change(&worker, json!({ "availability": {}, "skills": null, "work_mode": "auto" })).await;
    assert_eq!((&me["availability"], &me["skills"]), (&json!({}), &json!(["rust", "sql"])));
    assert_eq!(me["work_mode"], "auto");
    let events = pool.events().await;
    pool.change(&worker, json!({ "work_mode": "auto" })).await;
    assert_eq!(pool.events().await, events, "nothing changed");
    pool.ask(Ask::patch("/v1/workers/me", &json!({ "capacity_points": 1 }))).await.refused(401, "unauthenticated");
}

#[tokio::test]
async fn what_it_holds_stays_its_own_whatever_it_changes() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    let task_id = pool.task(json!({ "required_skills": ["rust"], "estimate_points": 4 })).await;
    let worker = pool.worker(json!({ "skills": ["rust"] })).await;
    pool.fetch(&worker).await;
    pool.change(&worker, json!({ "skills": [], "capacity_points": 1, "max_concurrent_tasks": 1 })).await;
    assert_eq!(pool.fetched(&worker).await, [task_id.as_str()]);
    pool.merge(&worker, &task_id).await;
    pool.assert_history_is_sound().await;
}

#[tokio::test]
async fn another_skill_brings_another_task() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    let task_id = pool.task(json!({ "required_skills": ["rust"] })).await;
    let worker = pool.worker(json!({})).await;
    nothing_but(&pool, &worker, "skills_missing").await;
    pool.change(&worker, json!({ "skills": ["Rust"] })).await;
    assert_eq!(pool.fetched(&worker).await, [task_id]);
}

#[tokio::test]
async fn what_would_not_be_finished_in_time_is_not_given() {
    let folder = tempfile::tempdir().unwrap();
    for pool in [Pool::new(), Pool::on_disk(folder.path()).await] {
        pool.repo("demo", 9).await;
        let task_id = pool.task(json!({ "estimate_points": 2 })).await;
        let worker = pool.worker(json!({})).await;
        let until = |seconds| json!({ "availability": { "until": START.plus_s(seconds).to_string() } });
        pool.change(&worker, until(2 * POINT_S - 1)).await;
        nothing_but(&pool, &worker, "window_too_short").await;
        let explained = pool.explain_work(&worker).await;
        assert_eq!(explained.get("nearest"), None, "no clock helps");
        pool.change(&worker, until(2 * POINT_S)).await;
        assert_eq!(pool.fetched(&worker).await, [task_id]);
    }
}

#[tokio::test]
async fn what_a_point_stands_for_can_be_configured() {
    let pool = Pool::with(|settings| settings.rules.point_s = 60);
    pool.repo("demo", 9).await;
    let task_id = pool.task(json!({ "estimate_points": 5 })).await;
    let worker = pool.worker(json!({ "availability": { "until": START.plus_s(300).to_string() } })).await;
    assert_eq!(pool.fetched(&worker).await, [task_id]);
}

#[tokio::test]
async fn until_its_quota_is_back_it_gets_nothing_new() {
    let folder = tempfile::tempdir().unwrap();
    for pool in [Pool::new(), Pool::on_disk(folder.path()).await] {
        pool.repo("demo", 9).await;
        let task_id = pool.task(json!({})).await;
        let back = START.plus_s(1800).to_string();
        let worker = pool.worker(json!({ "availability": { "quota_resets_at": back } })).await;
        nothing_but(&pool, &worker, "quota_exhausted").await;
        let explained = pool.explain_work(&worker).await;
        assert_eq!((&explained["nearest"]["at"], &explained["retry_after_s"]), (&json!(back), &json!(1800)));
        pool.clock.advance_ms(1_800_000 - 1);
        nothing_but(&pool, &worker, "quota_exhausted").await;
        pool.clock.advance_ms(1);
        assert_eq!(pool.fetched(&worker).await, [task_id]);
    }
}

#[tokio::test]
async fn points_of_a_day_are_given_once_and_count_anew_on_the_next() {
    let folder = tempfile::tempdir().unwrap();
    for pool in [Pool::new(), Pool::on_disk(folder.path()).await] {
        pool.repo("demo", 9).await;
        let first = pool.task(json!({ "estimate_points": 2 })).await;
        let worker = pool.worker(json!({ "availability": { "points_per_day": 3 } })).await;
        assert_eq!(pool.fetched(&worker).await, [first.as_str()]);
        pool.merge(&worker, &first).await;
        let second = pool.task(json!({ "estimate_points": 2 })).await;
        nothing_but(&pool, &worker, "quota_exhausted").await;
        let midnight = START.plus_s(16 * 3600).to_string();
        let explained = pool.explain_work(&worker).await;
        assert_eq!(explained["nearest"]["at"], midnight);
        assert_eq!(explained["retry_after_s"], 3600, "things change that no clock foretells");
        let small = pool.task(json!({ "estimate_points": 1 })).await;
        assert_eq!(pool.offer(&worker).await["task_id"], small.as_str(), "one point is left");
        pool.update(&small, json!({ "action": "cancel" })).await.ok(200);
        pool.clock.advance_s(DAY_S - 8 * 3600);
        assert_eq!(pool.fetched(&worker).await, [second.as_str()]);
        assert_eq!(pool.ask(Ask::get("/v1/workers/me").by(&worker)).await.ok(200)["points_today"], 2);
    }
}
