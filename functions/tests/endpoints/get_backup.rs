//! `GET /v1/admin/backup`

use crate::pool::{Ask, Pool, settings};
use axum::body::Body;
use axum::http::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http_body_util::BodyExt;
use owp_chain::hexadecimal;
use owp_store::libsql::LibsqlStore;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use tower::ServiceExt;

const PATH: &str = "/v1/admin/backup";

/// Asks, and leaves the file where it is for now.
async fn begun(pool: &Pool) -> Response<Body> {
    pool.router.clone().oneshot(Ask::get(PATH).by_admin().into_request()).await.expect("the router answers")
}

#[tokio::test]
async fn the_file_is_a_database_with_everything_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let pool = Pool::on_disk(folder.path()).await;
    pool.repo("demo", 3).await;
    let worker = pool.roomy_worker().await;
    let task = pool.task(json!({ "title": "a" })).await;
    pool.fetch(&worker).await;
    let before = pool.everything().await;

    let response = begun(&pool).await;
    assert_eq!(response.status(), 200);
    let headers = response.headers().clone();
    let header = |name: &str| headers.get(name).map_or("", |value| value.to_str().unwrap());
    let file = response.into_body().collect().await.unwrap().to_bytes();
    let digest = Sha256::digest(&file);
    assert_eq!(header("content-type"), "application/vnd.sqlite3");
    assert_eq!(header("content-length"), file.len().to_string());
    assert_eq!(header("content-disposition"), "attachment; filename=\"pool-2027-01-15T080000Z.db\"");
    assert_eq!(header("repr-digest"), format!("sha-256=:{}:", STANDARD.encode(digest)));

    let path = folder.path().join("backup.db");
    std::fs::write(&path, &file).unwrap();
    let copy = Pool::over(Arc::new(LibsqlStore::open(&path).await.unwrap()), settings());
    assert_eq!(copy.everything().await, before);
    copy.merge(&worker, &task).await;
    copy.assert_history_is_sound().await;

    let noted = pool.get("/v1/audit/events?type=backup_taken").await.ok(200);
    assert_eq!(noted["events"][0]["actor"], "admin");
    assert_eq!(noted["events"][0]["details"], json!({ "bytes": file.len(), "sha256": hexadecimal(&digest) }));
}

#[tokio::test]
async fn another_one_waits_until_the_first_is_taken_or_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let pool = Pool::on_disk(folder.path()).await;
    let first = begun(&pool).await;
    let refused = pool.get(PATH).await;
    assert_eq!(refused.header("retry-after"), Some("30"));
    refused.refused(503, "unavailable");
    drop(first);
    assert_eq!(begun(&pool).await.status(), 200);
}

#[tokio::test]
async fn who_asks_for_the_head_alone_has_no_copy_made() {
    let folder = tempfile::tempdir().unwrap();
    let pool = Pool::on_disk(folder.path()).await;
    let head = pool.ask(Ask::new("HEAD", PATH).by_admin()).await;
    assert_eq!((head.status, head.header("content-type")), (200, Some("application/vnd.sqlite3")));
    assert_eq!(head.header("content-length"), None, "nobody knows how long it would be");
    assert_eq!(head.header("repr-digest"), None);
    assert!(pool.events().await.is_empty(), "nothing was taken, so nothing is noted");
    // A copy that was being taken would be in the way of this one.
    assert_eq!(begun(&pool).await.status(), 200);
    assert_eq!(pool.ask(Ask::new("HEAD", PATH)).await.status, 401);
    assert_eq!(Pool::new().ask(Ask::new("HEAD", PATH).by_admin()).await.status, 501);
}

#[tokio::test]
async fn who_can_not_give_a_file_says_what_to_do_and_does_not_promise_it() {
    let pool = Pool::new();
    let problem = pool.get(PATH).await.refused(501, "not_supported");
    assert!(problem["detail"].as_str().unwrap().contains("in memory only"), "{problem}");
    assert!(pool.events().await.is_empty(), "nothing was taken, so nothing is noted");
    let folder = tempfile::tempdir().unwrap();
    for (pool, expected) in [(pool, false), (Pool::on_disk(folder.path()).await, true)] {
        let info = pool.ask(Ask::get("/v1/server")).await.ok(200);
        assert_eq!(info["features"].as_array().unwrap().contains(&json!("backup")), expected);
    }
}

#[tokio::test]
async fn only_the_administrator_may_take_one() {
    let folder = tempfile::tempdir().unwrap();
    let pool = Pool::on_disk(folder.path()).await;
    let worker = pool.roomy_worker().await;
    pool.ask(Ask::get(PATH)).await.refused(401, "unauthenticated");
    pool.ask(Ask::get(PATH).by(&worker)).await.refused(401, "unauthenticated");
}
