//! `GET /v1/analytics/workers/{worker_id}`

use crate::pool::{Ask, Pool};
use serde_json::json;

#[tokio::test]
async fn a_worker_sees_its_own_figures_and_no_others() {
    let pool = Pool::new();
    let (one, other) = (pool.roomy_worker().await, pool.roomy_worker().await);
    pool.get("/v1/analytics/workers/w_nobody").await.refused(404, "worker_not_found");
    let of = |id: &str| Ask::get(&format!("/v1/analytics/workers/{id}"));
    let own = pool.ask(of(&one.id).by(&one)).await.ok(200);
    assert_eq!((&own["worker_id"], own.get("forecast")), (&json!(one.id), None));
    pool.ask(of(&other.id).by(&one)).await.refused(403, "forbidden");
}
