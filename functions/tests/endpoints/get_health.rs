//! `GET /healthz`

use crate::pool::{Ask, Pool};
use serde_json::json;

#[tokio::test]
async fn health_says_that_the_process_lives_to_anybody() {
    let pool = Pool::new();
    assert_eq!(pool.ask(Ask::get("/healthz")).await.ok(200), json!({ "ok": true }));
    let with_garbage = Ask::get("/healthz").bearer("garbage").header("x-admin-token", "wrong");
    assert_eq!(pool.ask(with_garbage).await.ok(200), json!({ "ok": true }));
}
