//! What a repository's settings do to who gets its tasks, and when. The settings themselves are in `put_repo`.

use crate::pool::{Pool, START, Worker, text};
use owp_wire::Timestamp;
use serde_json::{Value, json};

const HOUR_S: u32 = 3600;

/// A pool in memory and one over a database: both look for work in ways of their own.
async fn pools(folder: &tempfile::TempDir) -> [Pool; 2] {
    [Pool::new(), Pool::on_disk(folder.path()).await]
}

async fn repo_of(pool: &Pool) -> Value {
    pool.get("/v1/admin/repos").await.ok(200)["repos"][0].take()
}

/// Nothing is given for this reason, which the clock ends then.
async fn closed_until(pool: &Pool, worker: &Worker, task_id: &str, code: &str, until: Timestamp) {
    assert!(pool.fetched(worker).await.is_empty(), "{code}");
    assert!(pool.offers(worker).await.is_empty(), "{code}");
    let closed = repo_of(pool).await["closed"].take();
    assert_eq!((&closed["code"], &closed["until"]), (&json!(code), &json!(until.to_string())));
    assert_eq!(pool.explain_task(task_id).await["blockers"], json!([code]));
    let explained = pool.explain_work(worker).await;
    assert_eq!(explained["nearest"]["code"], code, "{explained:#}");
    assert_eq!(explained["nearest"]["at"], until.to_string());
    assert!(!text(&explained["nearest"]["detail"]).is_empty());
    let wait_s = until.seconds_after(pool.app.clock.now()).clamp(30, HOUR_S);
    assert_eq!(explained["retry_after_s"], wait_s);
}

#[tokio::test]
async fn a_pause_with_an_end_ends_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    for pool in pools(&folder).await {
        let until = START.plus_s(2 * HOUR_S);
        pool.put_repo(json!({ "repo": "demo", "paused_until": until.to_string() })).await;
        let repo = repo_of(&pool).await;
        assert_eq!((&repo["paused"], &repo["paused_until"]), (&json!(true), &json!(until.to_string())));
        let task_id = pool.task(json!({})).await;
        let worker = pool.roomy_worker().await;
        closed_until(&pool, &worker, &task_id, "repo_paused", until).await;
        pool.clock.advance_ms(i64::from(2 * HOUR_S) * 1000 - 1);
        closed_until(&pool, &worker, &task_id, "repo_paused", until).await;
        pool.clock.advance_ms(1);
        let repo = repo_of(&pool).await;
        assert_eq!((&repo["paused"], repo.get("paused_until"), repo.get("closed")), (&json!(false), None, None));
        assert_eq!(pool.fetched(&worker).await, [task_id]);
        pool.assert_history_is_sound().await;
    }
}

#[tokio::test]
async fn a_maintainer_ends_a_pause_before_its_end() {
    let pool = Pool::new();
    pool.put_repo(json!({ "repo": "demo", "paused_until": START.plus_s(HOUR_S).to_string() })).await;
    let task_id = pool.task(json!({})).await;
    let worker = pool.roomy_worker().await;
    assert!(pool.fetched(&worker).await.is_empty());
    pool.put_repo(json!({ "repo": "demo", "max_open_prs": 4 })).await;
    assert!(pool.fetched(&worker).await.is_empty(), "another setting leaves it");
    pool.put_repo(json!({ "repo": "demo", "paused": false })).await;
    assert_eq!(pool.fetched(&worker).await, [task_id]);
}

/// The tests begin on a Friday at eight in the morning.
#[tokio::test]
async fn in_quiet_hours_no_new_work_starts_and_what_runs_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    for pool in pools(&folder).await {
        let hours = json!([{ "from": "22:00", "to": "07:30" }, { "days": ["sat"], "from": "00:00", "to": "24:00" }]);
        let settings = pool.put_repo(json!({ "repo": "demo", "quiet_hours": hours })).await["settings"].take();
        let shown = json!([
            { "from": "22:00", "to": "07:30" }, { "days": ["sat"], "from": "00:00", "to": "24:00" },
        ]);
        assert_eq!(settings["quiet_hours"], shown);
        let first = pool.task(json!({})).await;
        let worker = pool.roomy_worker().await;
        assert_eq!(pool.fetched(&worker).await, [first.as_str()], "by day");
        let task_id = pool.task(json!({ "title": "later" })).await;
        pool.clock.set(START.plus_s(14 * HOUR_S));
        pool.heartbeat(&worker, "working").await;
        // The sweep is late, and the lease of the morning has run out.
        let sunday = START.plus_s(47 * HOUR_S + HOUR_S / 2);
        assert!(pool.fetched(&worker).await.is_empty());
        let closed = repo_of(&pool).await["closed"].take();
        assert_eq!((&closed["code"], &closed["until"]), (&json!("quiet_hours"), &json!(sunday.to_string())));
        pool.clock.set(Timestamp::from_millis(sunday.as_millis() - 1));
        closed_until(&pool, &worker, &task_id, "quiet_hours", sunday).await;
        pool.clock.set(sunday);
        assert_eq!(pool.fetched(&worker).await.len(), 2);
        pool.put_repo(json!({ "repo": "demo", "quiet_hours": null, "weight": 20 })).await;
        assert_eq!(repo_of(&pool).await["quiet_hours"], shown, "null leaves them");
        pool.put_repo(json!({ "repo": "demo", "quiet_hours": [] })).await;
        assert_eq!(repo_of(&pool).await["quiet_hours"], json!([]));
        pool.assert_history_is_sound().await;
    }
}

#[tokio::test]
async fn an_hourly_limit_spaces_tasks_and_forgives_those_that_came_to_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for pool in pools(&folder).await {
        pool.put_repo(json!({ "repo": "demo", "max_open_prs": 20, "prs_per_hour_max": 2 })).await;
        for _ in 0..5 {
            pool.task(json!({})).await;
        }
        let worker = pool.roomy_worker().await;
        let held = pool.fetched(&worker).await;
        assert_eq!(held.len(), 2, "an hour's worth at once");
        let other = pool.roomy_worker().await;
        let ready = pool.get("/v1/admin/tasks?state=ready").await.ok(200)["tasks"][0]["task_id"].take();
        closed_until(&pool, &other, &text(&ready), "pr_rate_spent", START.plus_s(HOUR_S / 2)).await;
        // One that is handed back at once does not count.
        let lease_id = pool.lease_of(&worker, &held[0]).await;
        pool.release(&worker, &lease_id, json!({ "reason": "shutdown" })).await.ok(200);
        assert_eq!(pool.fetched(&other).await.len(), 1);
        pool.clock.advance_s(HOUR_S / 2);
        pool.heartbeat(&worker, "working").await;
        assert_eq!(pool.fetched(&other).await.len(), 2);
        assert_eq!(repo_of(&pool).await["closed"]["code"], "pr_rate_spent");
        pool.put_repo(json!({ "repo": "demo", "prs_per_hour_max": 0 })).await;
        assert!(pool.fetched(&other).await.len() > 2, "no limit any more");
        pool.assert_history_is_sound().await;
    }
}

#[tokio::test]
async fn an_offer_that_is_declined_does_not_count_towards_the_hour() {
    let pool = Pool::new();
    pool.put_repo(json!({ "repo": "demo", "prs_per_hour_max": 1 })).await;
    pool.task(json!({})).await;
    let (first, second) = (pool.roomy_worker().await, pool.roomy_worker().await);
    let offer = pool.offer(&first).await;
    pool.reject(&first, &offer, "insufficient_time").await.ok(200);
    let offer = pool.offer(&second).await;
    pool.accept(&second, &offer).await.ok(201);
    assert_eq!(repo_of(&pool).await["closed"]["until"], START.plus_s(HOUR_S).to_string());
}

#[tokio::test]
async fn an_offer_that_a_maintainer_takes_back_does_not_count_towards_the_hour() {
    for action in ["requeue", "cancel"] {
        let pool = Pool::new();
        pool.put_repo(json!({ "repo": "demo", "prs_per_hour_max": 1 })).await;
        let task_id = pool.task(json!({})).await;
        let worker = pool.roomy_worker().await;
        pool.offer(&worker).await;
        pool.update(&task_id, json!({ "action": action })).await.ok(200);
        assert_eq!(repo_of(&pool).await.get("closed"), None, "{action}");
    }
}

#[tokio::test]
async fn tasks_marked_security_have_slots_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    for pool in pools(&folder).await {
        pool.put_repo(json!({ "repo": "demo", "max_open_prs": 1, "security_extra_slots": 1 })).await;
        let plain = pool.task(json!({ "priority": 90 })).await;
        let worker = pool.roomy_worker().await;
        assert_eq!(pool.fetched(&worker).await, [plain.as_str()]);
        let other = pool.task(json!({ "priority": 80 })).await;
        let security = pool.task(json!({ "priority": 0, "security": true })).await;
        assert_eq!(pool.explain_task(&other).await["blockers"], json!(["review_budget_spent"]));
        assert_eq!(pool.explain_task(&security).await["blockers"], json!([]));
        let repo = repo_of(&pool).await;
        assert_eq!((&repo["slots_free"], repo.get("closed")), (&json!(0), None), "not for everything");
        let next = pool.roomy_worker().await;
        assert_eq!(pool.fetched(&next).await, [security.as_str()]);
        assert_eq!(repo_of(&pool).await["closed"]["code"], "review_budget_spent");
        let second = pool.task(json!({ "security": true })).await;
        assert!(pool.fetched(&next).await == [security.as_str()], "one extra slot is one");
        pool.merge(&next, &security).await;
        assert_eq!(pool.fetched(&next).await, [second]);
        // A budget of 0 stops these as well.
        pool.put_repo(json!({ "repo": "owner/stopped", "max_open_prs": 0, "security_extra_slots": 5 })).await;
        let stopped = pool.task(json!({ "repo": "owner/stopped", "security": true })).await;
        assert_eq!(pool.explain_task(&stopped).await["blockers"], json!(["review_budget_spent"]));
        pool.assert_history_is_sound().await;
    }
}

#[tokio::test]
async fn a_repository_asks_for_a_trust_tier() {
    let folder = tempfile::tempdir().unwrap();
    for pool in pools(&folder).await {
        pool.put_repo(json!({ "repo": "demo", "trust_tier_min": "basic" })).await;
        let task_id = pool.task(json!({})).await;
        let worker = pool.roomy_worker().await;
        assert!(pool.fetched(&worker).await.is_empty());
        assert_eq!(pool.explain_work(&worker).await["reasons"][0]["code"], "tier_too_low");
        pool.trust(&worker, "basic", json!({})).await;
        assert_eq!(pool.fetched(&worker).await, [task_id.as_str()]);
        // Its running leases are measured by the same rule.
        let set = pool.trust(&worker, "untrusted", json!({ "leases": "take_back" })).await;
        assert_eq!(set["tasks_requeued"], json!([task_id]));
        pool.assert_history_is_sound().await;
    }
}

#[tokio::test]
async fn a_new_task_is_hidden_from_low_scores_until_the_bar_has_fallen_to_them() {
    let folder = tempfile::tempdir().unwrap();
    for pool in pools(&folder).await {
        pool.put_repo(json!({ "repo": "demo", "max_open_prs": 50 })).await;
        let (known, newcomer) = (pool.roomy_worker().await, pool.roomy_worker().await);
        for _ in 0..3 {
            let task_id = pool.task(json!({})).await;
            assert_eq!(pool.fetched(&known).await, [task_id.as_str()]);
            pool.merge(&known, &task_id).await;
        }
        // 51.4 against 16.4: the one passes the bar, the other sees the task when three quarters and more have passed.
        let window = json!({ "repo": "demo", "reputation_bar": 50, "reputation_window_s": 1000 });
        pool.put_repo(window).await;
        let first = pool.task(json!({ "priority": 50 })).await;
        let low = pool.task(json!({ "priority": 49 })).await;
        assert_eq!(pool.fetched(&newcomer).await, [low.as_str()], "less urgent ones are shown to all");
        let explained = pool.explain_work(&newcomer).await;
        assert_eq!(explained["reasons"][0]["code"], "reputation_window");
        let shown_at = START.plus_s(672);
        assert_eq!(explained["nearest"]["code"], "reputation_window");
        assert_eq!(explained["nearest"]["at"], shown_at.to_string());
        assert_eq!(explained["retry_after_s"], 672);
        pool.clock.advance_ms(672_000 - 1);
        assert_eq!(pool.fetched(&newcomer).await, [low.as_str()]);
        pool.clock.advance_ms(1);
        let mut held = pool.fetched(&newcomer).await;
        held.retain(|task_id| *task_id != low);
        assert_eq!(held, [first.as_str()]);
        let second = pool.task(json!({ "priority": 90 })).await;
        assert!(!pool.fetched(&newcomer).await.contains(&second));
        assert_eq!(pool.fetched(&known).await, [second]);
        pool.assert_history_is_sound().await;
    }
}

#[tokio::test]
async fn a_pull_request_that_nobody_moves_takes_no_slot_any_more() {
    let folder = tempfile::tempdir().unwrap();
    for pool in pools(&folder).await {
        pool.put_repo(json!({ "repo": "demo", "max_open_prs": 1, "review_idle_days": 2 })).await;
        let first = pool.task(json!({ "area": "core" })).await;
        let worker = pool.roomy_worker().await;
        pool.fetch(&worker).await;
        pool.report(&worker, &first, json!({ "status": "pr_opened" })).await.ok(200);
        let second = pool.task(json!({})).await;
        let locked = pool.task(json!({ "area": "core" })).await;
        pool.clock.advance_s(24 * HOUR_S);
        // A sign of life counts.
        pool.report(&worker, &first, json!({ "status": "pr_opened", "message": "rebased" })).await.ok(200);
        pool.clock.advance_ms(i64::from(48 * HOUR_S) * 1000 - 1);
        assert!(pool.fetched(&worker).await.is_empty());
        pool.clock.advance_ms(1);
        assert_eq!(pool.fetched(&worker).await, [second.as_str()]);
        let task = pool.read(&first).await;
        assert_eq!((&task["state"], &task["budget_freed"]), (&json!("pr_opened"), &json!(true)));
        let repo = repo_of(&pool).await;
        assert_eq!((&repo["prs_open"], &repo["prs_idle"], &repo["leases_live"]), (&json!(0), &json!(1), &json!(1)));
        let blockers = pool.explain_task(&locked).await["blockers"].take();
        assert!(blockers.as_array().unwrap().contains(&json!("area_locked")), "its area is still taken: {blockers}");
        pool.update(&first, json!({ "action": "merge" })).await.ok(200);
        assert_eq!(repo_of(&pool).await["prs_idle"], 0);
        pool.assert_history_is_sound().await;
    }
}

#[tokio::test]
async fn twice_the_weight_is_twice_the_points() {
    let pool = Pool::new();
    pool.put_repo(json!({ "repo": "owner/heavy", "max_open_prs": 100, "weight": 20 })).await;
    pool.put_repo(json!({ "repo": "owner/light", "max_open_prs": 100, "weight": 10 })).await;
    for number in 0..30 {
        pool.clock.advance_ms(1);
        let repo = if number % 2 == 0 { "owner/heavy" } else { "owner/light" };
        pool.task(json!({ "repo": repo, "title": format!("T {number}") })).await;
    }
    let mut heavy = 0;
    for _ in 0..15 {
        let worker = pool.worker(json!({ "max_concurrent_tasks": 1 })).await;
        let lease = pool.fetch(&worker).await["leases"][0].take();
        heavy += u32::from(lease["repo"] == "owner/heavy");
    }
    assert_eq!(heavy, 10);
    pool.assert_history_is_sound().await;
}
