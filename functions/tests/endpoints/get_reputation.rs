//! `GET /v1/workers/{worker_id}/reputation`: what outcomes make of a record. The figures are those of `docs/reputation.md`.

use crate::pool::{Ask, Pool, Worker};
use serde_json::{Value, json};

/// A pool with a worker in it that has so many merged pull requests.
async fn with_merges(count: usize) -> (Pool, Worker) {
    let pool = Pool::new();
    pool.repo("demo", 50).await;
    let worker = pool.roomy_worker().await;
    for _ in 0..count {
        let task_id = taken(&pool, &worker, json!({})).await;
        pool.merge(&worker, &task_id).await;
    }
    (pool, worker)
}

async fn taken(pool: &Pool, worker: &Worker, task: Value) -> String {
    let task_id = pool.task(task).await;
    assert_eq!(pool.fetched(worker).await, [task_id.as_str()]);
    task_id
}

async fn score(pool: &Pool, worker: &Worker) -> f64 {
    pool.reputation(worker).await["reputation_score"].as_f64().expect("a number")
}

#[tokio::test]
async fn a_newcomer_is_nearly_unknown() {
    let pool = Pool::new();
    let worker = pool.worker(json!({})).await;
    let expected = json!({
        "worker_id": worker.id, "reputation_score": 16.4, "trust_tier": "untrusted",
        "metrics": {
            "completion_rate": null, "avg_pr_quality": null, "on_time_delivery": null, "total_tasks": 0,
        },
        "sample": { "size": 0.0, "small": true },
        "parts": {
            "good": 0.0, "weight": 0.0, "prior_good": 1.0, "prior_weight": 2.0, "mean": 0.5, "z": 1.2816,
            "half_life_days": 90,
            "outcomes": { "merged": 0, "closed": 0, "reverted": 0, "ran_out": 0, "released": 0 },
        },
    });
    assert_eq!(pool.reputation(&worker).await, expected);
}

#[tokio::test]
async fn three_merges_speak_for_another_tier_and_a_maintainer_decides() {
    let (pool, worker) = with_merges(3).await;
    let found = pool.reputation(&worker).await;
    assert_eq!((&found["reputation_score"], &found["trust_tier_suggested"]), (&json!(51.4), &json!("basic")));
    assert_eq!(found["trust_tier"], "untrusted");
    let metrics = json!({ "completion_rate": 1.0, "avg_pr_quality": 5.0, "on_time_delivery": 1.0, "total_tasks": 3 });
    assert_eq!((&found["metrics"], &found["sample"]), (&metrics, &json!({ "size": 3.0, "small": true })));
    let me = pool.ask(Ask::get("/v1/workers/me").by(&worker)).await.ok(200);
    assert_eq!((&me["reputation_score"], &me["trust_tier_suggested"]), (&json!(51.4), &json!("basic")));
    pool.trust(&worker, "basic", json!({})).await;
    assert_eq!(pool.reputation(&worker).await.get("trust_tier_suggested"), None);
}

#[tokio::test]
async fn a_rating_replaces_what_the_rounds_of_changes_said() {
    let (pool, worker) = with_merges(0).await;
    let task_id = taken(&pool, &worker, json!({})).await;
    for _ in 0..2 {
        pool.report(&worker, &task_id, json!({ "status": "pr_opened" })).await.ok(200);
        pool.update(&task_id, json!({ "action": "request_changes" })).await.ok(200);
    }
    pool.merge(&worker, &task_id).await;
    let attempt = pool.read(&task_id).await["attempts"][0].take();
    assert_eq!((&attempt["change_rounds"], attempt.get("rating")), (&json!(2), None));
    let found = pool.reputation(&worker).await;
    assert_eq!((&found["metrics"]["avg_pr_quality"], &found["parts"]["good"]), (&json!(3.0), &json!(0.75)));
    pool.update(&task_id, json!({ "rating": 5 })).await.ok(200);
    assert_eq!(pool.read(&task_id).await["attempts"][0]["rating"], 5);
    let rated = pool.reputation(&worker).await;
    assert_eq!((&rated["metrics"]["avg_pr_quality"], &rated["reputation_score"]), (&json!(5.0), &json!(32.1)));
    assert_eq!(rated["metrics"]["total_tasks"], 1, "judged anew, not twice");
    let before = pool.everything().await;
    pool.update(&task_id, json!({ "rating": 5 })).await.ok(200);
    assert_eq!(pool.everything().await, before);
}

#[tokio::test]
async fn a_rating_may_come_with_the_merge() {
    let (pool, worker) = with_merges(0).await;
    let task_id = taken(&pool, &worker, json!({})).await;
    pool.report(&worker, &task_id, json!({ "status": "pr_opened" })).await.ok(200);
    pool.update(&task_id, json!({ "action": "merge", "rating": 3 })).await.ok(200);
    assert_eq!(pool.reputation(&worker).await["parts"]["good"], 0.75);
}

#[tokio::test]
async fn every_way_to_end_is_counted_and_lowers_or_spares_the_score() {
    let (pool, worker) = with_merges(1).await;
    let mut last = score(&pool, &worker).await;
    assert_eq!(json!(last), 32.1);
    // The task's fault, and a maintainer's wish, count for nothing.
    let task_id = taken(&pool, &worker, json!({})).await;
    let lease_id = pool.lease_of(&worker, &task_id).await;
    pool.release(&worker, &lease_id, json!({ "reason": "unclear_requirements", "message": "which?" })).await.ok(200);
    pool.update(&task_id, json!({ "action": "cancel" })).await.ok(200);
    let task_id = taken(&pool, &worker, json!({})).await;
    pool.update(&task_id, json!({ "action": "cancel" })).await.ok(200);
    assert_eq!(json!(score(&pool, &worker).await), json!(last));
    for (what, outcomes) in [
        ("released", [1, 0, 0, 1, 0]),
        ("ran_out", [1, 0, 0, 1, 1]),
        ("closed", [1, 1, 0, 1, 1]),
        ("reverted", [1, 1, 1, 1, 1]),
    ] {
        let task_id = taken(&pool, &worker, json!({})).await;
        match what {
            "released" => {
                let lease_id = pool.lease_of(&worker, &task_id).await;
                pool.release(&worker, &lease_id, json!({ "reason": "failed" })).await.ok(200);
            }
            "ran_out" => {
                pool.clock.advance_s(4 * 3600);
                pool.app.settle("r_sweep").await.unwrap();
            }
            "closed" => {
                pool.report(&worker, &task_id, json!({ "status": "pr_opened" })).await.ok(200);
                pool.update(&task_id, json!({ "action": "close" })).await.ok(200);
            }
            _ => {
                pool.merge(&worker, &task_id).await;
                let merged = score(&pool, &worker).await;
                assert!(merged > last);
                pool.update(&task_id, json!({ "action": "revert", "reason": "it broke the build" })).await.ok(200);
                assert_eq!(pool.read(&task_id).await["attempts"][0]["outcome"], "reverted");
            }
        }
        if ["released", "ran_out"].contains(&what) {
            pool.update(&task_id, json!({ "action": "cancel" })).await.ok(200);
        }
        let found = pool.reputation(&worker).await;
        let counted = ["merged", "closed", "reverted", "released", "ran_out"];
        let counted = counted.map(|name| found["parts"]["outcomes"][name].as_u64().expect("a number"));
        assert_eq!(counted, outcomes, "{what}");
        let now = found["reputation_score"].as_f64().expect("a number");
        assert!(now < last, "{what}: {now} after {last}");
        last = now;
    }
    pool.assert_history_is_sound().await;
}

#[tokio::test]
async fn a_pull_request_after_one_lease_time_is_late() {
    let (pool, worker) = with_merges(0).await;
    let task_id = taken(&pool, &worker, json!({})).await;
    let lease_id = pool.lease_of(&worker, &task_id).await;
    pool.clock.advance_s(4 * 3600 - 1);
    pool.renew(&worker, &lease_id).await.ok(200);
    pool.clock.advance_s(2);
    pool.merge(&worker, &task_id).await;
    let found = pool.reputation(&worker).await;
    assert_eq!((&found["metrics"]["on_time_delivery"], &found["parts"]["good"]), (&json!(0.0), &json!(0.9)));
}

#[tokio::test]
async fn ones_own_tasks_earn_nothing() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    let body = json!({ "github_handle": "alice-dev", "capacity_points": 100 });
    let worker = pool.worker(body).await;
    let task_id = taken(&pool, &worker, json!({ "filed_by": "Alice-Dev" })).await;
    assert_eq!(pool.read(&task_id).await["filed_by"], "Alice-Dev");
    pool.merge(&worker, &task_id).await;
    assert_eq!(pool.reputation(&worker).await["metrics"]["total_tasks"], 0);
    let task_id = taken(&pool, &worker, json!({ "filed_by": "bob" })).await;
    pool.merge(&worker, &task_id).await;
    assert_eq!(pool.reputation(&worker).await["metrics"]["total_tasks"], 1);
}

#[tokio::test]
async fn an_old_record_weighs_less() {
    let (pool, worker) = with_merges(10).await;
    assert_eq!(json!(score(&pool, &worker).await), 75.8);
    pool.clock.advance_s(90 * 24 * 3600);
    assert_eq!(json!(score(&pool, &worker).await), 62.2);
    assert_eq!(pool.reputation(&worker).await["metrics"]["total_tasks"], 10);
}

#[tokio::test]
async fn a_worker_asks_about_itself_and_an_administrator_about_anyone() {
    let pool = Pool::new();
    let (worker, other) = (pool.worker(json!({})).await, pool.worker(json!({})).await);
    let of = |id: &str| format!("/v1/workers/{id}/reputation");
    let own = pool.ask(Ask::get(&of(&worker.id)).by(&worker)).await.ok(200);
    assert_eq!(own, pool.get(&of(&worker.id)).await.ok(200));
    pool.ask(Ask::get(&of(&other.id)).by(&worker)).await.refused(403, "forbidden");
    pool.ask(Ask::get(&of("w_nobody")).by(&worker)).await.refused(403, "forbidden");
    pool.get(&of("w_nobody")).await.refused(404, "worker_not_found");
    pool.ask(Ask::get(&of(&worker.id))).await.refused(401, "unauthenticated");
    let both = pool.ask(Ask::get(&of(&other.id)).by(&worker).by_admin()).await.ok(200);
    assert_eq!(both["worker_id"], other.id.as_str(), "who shows both tokens acts as the administrator");
}

#[tokio::test]
async fn only_a_pull_request_can_be_rated() {
    let pool = Pool::new();
    pool.repo("demo", 3).await;
    let task_id = pool.task(json!({})).await;
    pool.update(&task_id, json!({ "rating": 5 })).await.refused(409, "transition_not_allowed");
}
