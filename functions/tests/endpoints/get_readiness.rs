//! `GET /readyz`

use crate::pool::{Ask, Pool};
use serde_json::json;

#[tokio::test]
async fn readiness_names_the_store_that_answered() {
    let folder = tempfile::tempdir().unwrap();
    let memory = Pool::new().ask(Ask::get("/readyz")).await.ok(200);
    assert_eq!(memory, json!({ "ok": true, "store": "memory" }));
    let disk = Pool::on_disk(folder.path()).await.ask(Ask::get("/readyz")).await.ok(200);
    assert_eq!(disk["ok"], true);
    assert_ne!(disk["store"], "memory");
}
