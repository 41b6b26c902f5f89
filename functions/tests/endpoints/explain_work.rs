//! `GET /v1/work/explain`. Each code is tried in `fetch_work`, beside what it keeps back.

use crate::pool::{Ask, Pool, START, text};
use serde_json::json;

#[tokio::test]
async fn reasons_are_counted_and_the_most_frequent_comes_first() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    for number in 0..5 {
        let (tier, skills) = (u32::from(number < 3), json!(if number < 2 { vec!["cobol"] } else { vec![] }));
        pool.task(json!({ "tier": tier, "required_skills": skills, "estimate_points": 2 })).await;
    }
    let worker = pool.worker(json!({})).await;
    let explained = pool.ask(Ask::get("/v1/work/explain").by(&worker)).await.ok(200);
    let reasons: Vec<_> = explained["reasons"]
        .as_array()
        .unwrap()
        .iter()
        .map(|reason| (text(&reason["code"]), reason["count"].clone()))
        .collect();
    assert_eq!(reasons, [("tier_too_low".to_owned(), json!(3)), ("skills_missing".to_owned(), json!(2))]);
    assert_eq!((&explained["ready_looked_at"], &explained["fitting"]), (&json!(5), &json!(2)));
    assert_eq!((&explained["truncated"], &explained["retry_after_s"]), (&json!(false), &json!(30)));
    assert!(text(&explained["summary"]).contains("2 of 5"));
}

#[tokio::test]
async fn an_empty_pool_says_so() {
    let pool = Pool::new();
    let worker = pool.worker(json!({})).await;
    let explained = pool.ask(Ask::get("/v1/work/explain").by(&worker)).await.ok(200);
    assert_eq!((&explained["ready_looked_at"], &explained["reasons"]), (&json!(0), &json!([])));
    assert!(text(&explained["summary"]).contains("no task is ready"));
}

#[tokio::test]
async fn a_worker_asks_about_itself_and_an_administrator_names_one() {
    let pool = Pool::new();
    let (worker, other) = (pool.worker(json!({})).await, pool.worker(json!({})).await);
    let of = |worker: &str| format!("/v1/work/explain?worker_id={worker}");
    let own = pool.ask(Ask::get(&of(&worker.id)).by(&worker)).await.ok(200);
    assert_eq!(own["worker_id"], worker.id.as_str());
    pool.ask(Ask::get(&of(&other.id)).by(&worker)).await.refused(403, "forbidden");
    assert_eq!(pool.get(&of(&other.id)).await.ok(200)["worker_id"], other.id.as_str());
    let unnamed = pool.get("/v1/work/explain").await.refused(400, "invalid_request");
    assert_eq!(unnamed["errors"][0]["parameter"], "worker_id");
    pool.get(&of("w_nobody")).await.refused(404, "worker_not_found");
    let both = pool.ask(Ask::get(&of(&other.id)).by(&worker).by_admin()).await.ok(200);
    assert_eq!(both["worker_id"], other.id.as_str(), "who shows both tokens acts as the administrator");
}

#[tokio::test]
async fn the_look_is_bounded_and_says_so() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    let list: Vec<_> = (0..201).map(|number| json!({ "repo": "demo", "title": format!("T {number}") })).collect();
    pool.post("/v1/admin/tasks/import", json!(list)).await.ok(200);
    let worker = pool.worker(json!({})).await;
    let explained = pool.ask(Ask::get("/v1/work/explain").by(&worker)).await.ok(200);
    assert_eq!((&explained["ready_looked_at"], &explained["truncated"]), (&json!(200), &json!(true)));
}

#[tokio::test]
async fn explaining_gives_nothing_away() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    pool.task(json!({})).await;
    let worker = pool.worker(json!({})).await;
    let before = pool.everything().await;
    pool.ask(Ask::get("/v1/work/explain").by(&worker)).await.ok(200);
    assert_eq!(pool.everything().await, before);
}

#[tokio::test]
async fn the_nearest_change_is_the_first_moment_at_which_a_task_is_free_by_the_clock_alone() {
    let pool = Pool::new();
    let (soon, late) = (START.plus_s(600), START.plus_s(7200));
    pool.put_repo(json!({ "repo": "owner/late", "paused_until": late.to_string() })).await;
    pool.put_repo(json!({ "repo": "owner/soon", "paused_until": soon.to_string() })).await;
    // This one would open first, and still be beyond the worker.
    pool.put_repo(json!({ "repo": "owner/never", "paused_until": START.plus_s(60).to_string() })).await;
    pool.task(json!({ "repo": "owner/late" })).await;
    pool.task(json!({ "repo": "owner/soon" })).await;
    pool.task(json!({ "repo": "owner/never", "tier": 3 })).await;
    let worker = pool.worker(json!({})).await;
    let explained = pool.explain_work(&worker).await;
    assert_eq!(
        (&explained["nearest"]["code"], &explained["nearest"]["at"]),
        (&json!("repo_paused"), &json!(soon.to_string()))
    );
    assert_eq!(explained["retry_after_s"], 600);
    // Where more than one reason ends by itself, the last of them counts.
    pool.change(&worker, json!({ "availability": { "quota_resets_at": START.plus_s(1200).to_string() } })).await;
    let explained = pool.explain_work(&worker).await;
    assert_eq!(explained["nearest"]["code"], "quota_exhausted");
    assert_eq!(explained["retry_after_s"], 1200);
    // Not sooner than a poll would be welcome.
    pool.clock.advance_s(1195);
    pool.heartbeat(&worker, "idle").await;
    assert_eq!(pool.explain_work(&worker).await["retry_after_s"], 30);
}

#[tokio::test]
async fn what_a_dead_lease_takes_up_keeps_nothing_back_however_late_the_sweep_is() {
    let pool = Pool::new();
    pool.repo("demo", 1).await;
    pool.task(json!({ "area": "core" })).await;
    let (gone, worker) = (pool.worker(json!({})).await, pool.worker(json!({})).await);
    pool.fetch(&gone).await;
    let task_id = pool.task(json!({ "area": "core", "title": "the next of the area" })).await;
    let codes = async || {
        let explained = pool.ask(Ask::get("/v1/work/explain").by(&worker)).await.ok(200);
        let blockers = pool.explain_task(&task_id).await["blockers"].clone();
        (explained["fitting"].clone(), blockers)
    };
    assert_eq!(codes().await, (json!(0), json!(["review_budget_spent", "area_locked"])));
    pool.clock.advance_s(90 + 900);
    assert_eq!(codes().await, (json!(2), json!([])), "nobody has swept");
    pool.assert_history_is_sound().await;
}

#[tokio::test]
async fn who_asks_why_is_not_silent_and_keeps_what_it_holds() {
    let pool = Pool::new();
    pool.repo("demo", 1).await;
    let task_id = pool.task(json!({})).await;
    let worker = pool.worker(json!({})).await;
    pool.fetch(&worker).await;
    pool.clock.advance_s(90 + 900);
    pool.ask(Ask::get("/v1/work/explain").by(&worker)).await.ok(200);
    assert_eq!(pool.read(&task_id).await["holder"], worker.id.as_str());
}

#[tokio::test]
async fn where_one_reason_ends_and_another_has_begun_the_nearest_change_is_when_both_are_over() {
    let pool = Pool::new();
    // The pause ends at nine, within quiet hours that begin a minute before.
    let (nine, eleven) = (START.plus_s(3600), START.plus_s(3 * 3600));
    let quiet = json!([{ "from": "08:59", "to": "11:00" }]);
    pool.put_repo(json!({ "repo": "demo", "paused_until": nine.to_string(), "quiet_hours": quiet })).await;
    let task_id = pool.task(json!({})).await;
    let worker = pool.worker(json!({})).await;
    let explained = pool.explain_work(&worker).await;
    let nearest = &explained["nearest"];
    assert_eq!((&nearest["code"], &nearest["at"]), (&json!("quiet_hours"), &json!(eleven.to_string())));
    pool.clock.set(nine);
    assert!(pool.fetched(&worker).await.is_empty());
    pool.clock.set(eleven);
    assert_eq!(pool.fetched(&worker).await, [task_id]);
}

#[tokio::test]
async fn where_something_fits_there_is_nothing_to_wait_for() {
    let pool = Pool::new();
    pool.put_repo(json!({ "repo": "owner/later", "paused_until": START.plus_s(3000).to_string() })).await;
    pool.repo("demo", 1).await;
    pool.task(json!({ "repo": "owner/later" })).await;
    pool.task(json!({})).await;
    let explained = pool.explain_work(&pool.worker(json!({})).await).await;
    assert_eq!((&explained["fitting"], &explained["retry_after_s"]), (&json!(1), &json!(30)));
    assert_eq!(explained["nearest"]["code"], "repo_paused");
}

#[tokio::test]
async fn a_task_of_more_points_than_any_day_allows_is_not_foretold() {
    let pool = Pool::new();
    pool.repo("demo", 1).await;
    pool.task(json!({ "estimate_points": 5 })).await;
    let worker = pool.worker(json!({ "availability": { "points_per_day": 3 } })).await;
    let explained = pool.explain_work(&worker).await;
    assert_eq!(explained["reasons"][0]["code"], "quota_exhausted");
    assert_eq!((explained.get("nearest"), &explained["retry_after_s"]), (None, &json!(30)));
}
