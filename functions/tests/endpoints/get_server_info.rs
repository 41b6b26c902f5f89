//! `GET /v1/server`

use crate::pool::{Ask, Pool};
use owp_wire::ServerInfoRegistration;
use serde_json::json;

#[tokio::test]
async fn the_server_tells_its_versions_limits_and_clocks() {
    let pool = Pool::with(|settings| {
        settings.registration = ServerInfoRegistration::Closed;
        settings.rules.lease_ttl_s = 600;
    });
    let info = pool.ask(Ask::get("/v1/server")).await.ok(200);
    assert_eq!(info["protocol_versions"], json!(["0.1", "0.2"]));
    assert_eq!(info["registration"], "closed");
    let limits =
        json!({ "body_bytes": 65536, "import_bytes": 1_048_576, "import_tasks": 1000, "page": 100, "wait_s": 60 });
    assert_eq!(info["limits"], limits);
    assert_eq!(
        info["intervals"],
        json!({
            "lease_ttl_s": 600, "lease_hold_max_s": 3600, "offer_ttl_s": 300, "park_max_s": 57600, "heartbeat_ttl_s": 90, "heartbeat_interval_s": 30,
            "offline_grace_s": 900, "response_ttl_s": 259_200,
        })
    );
    // No limit is set for the tests; `rate_limits` has those.
    for feature in [
        "admission",
        "dependencies",
        "explain",
        "idempotency",
        "import",
        "limits",
        "long_poll",
        "offers",
        "park",
        "reputation",
    ] {
        assert!(info["features"].as_array().unwrap().contains(&json!(feature)), "{feature}");
    }
}
