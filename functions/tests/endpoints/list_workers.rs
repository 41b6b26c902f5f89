//! `GET /v1/admin/workers`

use crate::pool::{Pool, text, texts};
use serde_json::json;

#[tokio::test]
async fn workers_are_listed_newest_first_online_or_not() {
    let folder = tempfile::tempdir().unwrap();
    for pool in [Pool::new(), Pool::on_disk(folder.path()).await] {
        let alice = pool.worker(json!({ "name": "Alice" })).await;
        let bob = pool.worker(json!({ "name": "Bob" })).await;
        let carol = pool.worker(json!({ "name": "Carol" })).await;
        pool.clock.advance_s(90);
        pool.heartbeat(&alice, "working").await;
        pool.heartbeat(&carol, "working").await;
        pool.revoke(&carol).await;
        let names = async |query: &str| {
            let listed = pool.get(&format!("/v1/admin/workers{query}")).await.ok(200);
            for worker in listed["workers"].as_array().unwrap() {
                assert_eq!(worker["revoked"], worker["worker_id"] == carol.id.as_str());
            }
            texts(&listed["workers"], "name")
        };
        assert_eq!(names("").await, ["Carol", "Bob", "Alice"]);
        assert_eq!(names("?online=true").await, ["Alice"]);
        assert_eq!(names("?online=false").await, ["Carol", "Bob"]);
        pool.heartbeat(&bob, "idle").await;
        assert_eq!(names("?online=true").await, ["Bob", "Alice"]);
    }
}

#[tokio::test]
async fn pages_hold_each_worker_once_while_others_register() {
    let folder = tempfile::tempdir().unwrap();
    for pool in [Pool::new(), Pool::on_disk(folder.path()).await] {
        let mut expected = Vec::new();
        for _ in 0..17 {
            expected.push(pool.worker(json!({})).await.id);
        }
        expected.reverse();
        for filter in ["", "&online=true"] {
            let (mut found, mut path) = (Vec::new(), format!("/v1/admin/workers?limit=4{filter}"));
            loop {
                let listed = pool.get(&path).await.ok(200);
                found.extend(texts(&listed["workers"], "worker_id"));
                pool.worker(json!({ "name": "New" })).await;
                let Some(next) = listed.get("next_cursor") else { break };
                path = format!("/v1/admin/workers?limit=4{filter}&cursor={}", text(next));
            }
            found.retain(|id| expected.contains(id));
            assert_eq!(found, expected, "{filter}");
        }
    }
}
