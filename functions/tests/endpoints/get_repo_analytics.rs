//! `GET /v1/analytics/repositories/{owner}/{repo}`

use crate::pool::Pool;
use serde_json::json;

#[tokio::test]
async fn names_with_and_without_an_owner_are_found() {
    let pool = Pool::new();
    for (name, path) in [("demo", "-/demo"), ("owner/na.me", "owner/na.me")] {
        pool.repo(name, 1).await;
        pool.task(json!({ "repo": name })).await;
        let told = pool.get(&format!("/v1/analytics/repositories/{path}")).await.ok(200);
        assert_eq!((&told["repo"], &told["metrics"]["tasks_created"]), (&json!(name), &json!(1)));
    }
    pool.get("/v1/analytics/repositories/no/body").await.refused(404, "repo_not_found");
    pool.get("/v1/analytics/repositories/-/body").await.refused(404, "repo_not_found");
}

#[tokio::test]
async fn the_forecast_and_the_bottlenecks_follow_from_the_figures() {
    let pool = Pool::new();
    pool.repo("demo", 2).await;
    let worker = pool.roomy_worker().await;
    for _ in 0..14 {
        pool.task(json!({})).await;
    }
    for _ in 0..3 {
        pool.clock.advance_s(60);
        for task in pool.fetched(&worker).await {
            pool.report(&worker, &task, json!({ "status": "in_progress" })).await.ok(200);
            pool.clock.advance_s(60);
            pool.report(&worker, &task, json!({ "status": "pr_opened" })).await.ok(200);
            pool.clock.advance_s(3600);
            pool.update(&task, json!({ "action": "merge" })).await.ok(200);
        }
        pool.fetch(&worker).await;
    }
    let told = pool.get("/v1/analytics/repositories/-/demo?days=1").await.ok(200);
    let completed = u32::try_from(told["metrics"]["tasks_completed"].as_u64().unwrap()).unwrap();
    assert!(completed >= 5, "{told:#}");
    let forecast = &told["forecast"];
    assert_eq!(forecast["unfinished"], json!(14 - completed));
    let days = f64::from(14 - completed) / (f64::from(completed) / 28.0);
    assert!((forecast["days"].as_f64().unwrap() - days).abs() < 1e-9, "{forecast}");
    let bottlenecks = told["metrics"]["bottlenecks"].as_array().unwrap();
    assert!(bottlenecks.contains(&json!("review_budget")), "{told:#}");
}
