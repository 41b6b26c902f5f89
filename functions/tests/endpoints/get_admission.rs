//! `GET /v1/admin/admission`

use crate::pool::{Ask, Pool};
use serde_json::json;

#[tokio::test]
async fn both_lists_are_shown_and_are_empty_at_first() {
    let pool = Pool::new();
    pool.put_repo(json!({ "repo": "owner/name", "allow_listed_only": true })).await;
    let path = "/v1/admin/admission?repo=owner/name";
    let empty = json!({ "repo": "owner/name", "allow_listed_only": true, "allowed": [], "denied": [] });
    assert_eq!(pool.get(path).await.ok(200), empty);
    let put = pool.post("/v1/admin/admission", json!({ "repo": "owner/name", "allowed": ["b", "a"] })).await.ok(200);
    assert_eq!(pool.get(path).await.ok(200), put);
    assert_eq!(put["allowed"], json!(["a", "b"]));
}

#[tokio::test]
async fn only_an_administrator_reads_them_and_only_of_a_repository_there_is() {
    let pool = Pool::new();
    pool.repo("demo", 3).await;
    let worker = pool.worker(json!({})).await;
    pool.ask(Ask::get("/v1/admin/admission?repo=demo").by(&worker)).await.refused(401, "unauthenticated");
    let unknown = pool.get("/v1/admin/admission?repo=owner/unknown").await.refused(404, "repo_not_found");
    assert_eq!(unknown["errors"][0]["parameter"], "repo");
    let unnamed = pool.get("/v1/admin/admission").await.refused(400, "invalid_request");
    assert_eq!(unnamed["errors"][0]["parameter"], "repo");
}
