//! `GET /v1/admin/limits`

use crate::pool::{Ask, Pool};
use owp_functions::limits::RateLimits;
use serde_json::json;

#[tokio::test]
async fn an_administrator_sees_the_limits_who_uses_them_and_what_is_open() {
    let pool = Pool::with(|settings| settings.rate_limits = RateLimits::Times(0.1));
    let (quiet, busy) = (pool.roomy_worker().await, pool.roomy_worker().await);
    pool.fetch(&quiet).await;
    for _ in 0..31 {
        pool.ask(Ask::get("/v1/work").by(&busy)).await;
    }
    let limits = pool.get("/v1/admin/limits").await.ok(200);
    assert_eq!(limits["enforced_by"], "server");
    assert_eq!(
        limits["rates"],
        json!([
            { "policy": "worker", "quota": 30, "window_s": 60, "callers": 2, "refused": 1 },
            { "policy": "admin", "quota": 120, "window_s": 60, "callers": 1, "refused": 0 },
            { "policy": "address", "quota": 12, "window_s": 60, "callers": 0, "refused": 0 },
            { "policy": "registration", "quota": 3, "window_s": 3600, "callers": 1, "refused": 0 },
            { "policy": "webhook", "quota": 300, "window_s": 60, "callers": 0, "refused": 0 },
        ])
    );
    assert_eq!(
        limits["most_used"],
        json!([
            { "policy": "worker", "caller": busy.id, "remaining": 0, "resets_in_s": 60 },
            { "policy": "worker", "caller": quiet.id, "remaining": 29, "resets_in_s": 2 },
            { "policy": "admin", "caller": "0.0.0.0", "remaining": 119, "resets_in_s": 1 },
            { "policy": "registration", "caller": "0.0.0.0", "remaining": 1, "resets_in_s": 2400 },
        ])
    );
    assert_eq!(limits["connections"], json!({ "open": 0, "max": 8, "per_address_max": 2 }));
    assert_eq!(limits["streams"], json!({ "open": 0, "max": 4096 }));
    let stream = pool.stream(Ask::get("/v1/events").by_admin()).await;
    assert_eq!(pool.get("/v1/admin/limits").await.ok(200)["streams"]["open"], 1);
    drop(stream);
    pool.clock.advance_s(3600);
    let limits = pool.get("/v1/admin/limits").await.ok(200);
    assert_eq!(limits["most_used"].as_array().map(Vec::len), Some(1), "whose buckets are full again is not named");
}

#[tokio::test]
async fn where_somebody_else_limits_calls_it_says_so() {
    for (rate_limits, expected) in [(RateLimits::Gateway, "gateway"), (RateLimits::Off, "nobody")] {
        let pool = Pool::with(|settings| {
            settings.rate_limits = rate_limits;
            settings.connections_max = 0;
        });
        let limits = pool.get("/v1/admin/limits").await.ok(200);
        assert_eq!((&limits["enforced_by"], &limits["rates"]), (&json!(expected), &json!([])));
        assert!(limits.get("connections").is_none(), "{limits}");
    }
}

#[tokio::test]
async fn only_the_administrator_is_told() {
    let pool = Pool::new();
    let worker = pool.roomy_worker().await;
    pool.ask(Ask::get("/v1/admin/limits")).await.refused(401, "unauthenticated");
    pool.ask(Ask::get("/v1/admin/limits").by(&worker)).await.refused(401, "unauthenticated");
}
