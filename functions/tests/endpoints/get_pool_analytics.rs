//! `GET /v1/analytics/pool`

use crate::pool::{Ask, Pool};
use serde_json::{Value, json};

#[tokio::test]
async fn a_period_ends_today_unless_another_day_is_named() {
    let pool = Pool::new();
    pool.repo("demo", 1).await;
    let told = pool.get("/v1/analytics/pool").await.ok(200);
    assert_eq!((&told["period"], &told["to"]), (&json!("last_30_days"), &json!("2027-01-15")));
    assert_eq!((told["series"].as_array().unwrap().len(), &told["from"]), (30, &json!("2026-12-17")));
    assert_eq!(
        (&told["metrics"]["avg_completion_time"], &told["metrics"]["pr_merge_rate"]),
        (&Value::Null, &Value::Null)
    );
    let earlier = pool.get("/v1/analytics/pool?days=7&until=2026-03-01").await.ok(200);
    assert_eq!((&earlier["period"], &earlier["from"]), (&json!("7_days_until_2026-03-01"), &json!("2026-02-23")));
    for query in ["?until=2026-02-30", "?until=yesterday", "?days=0", "?days=367"] {
        pool.get(&format!("/v1/analytics/pool{query}")).await.refused(400, "invalid_request");
    }
}

#[tokio::test]
async fn the_pool_s_figures_are_for_administrators() {
    let pool = Pool::new();
    let worker = pool.roomy_worker().await;
    pool.ask(Ask::get("/v1/analytics/pool").by(&worker)).await.refused(401, "unauthenticated");
}
