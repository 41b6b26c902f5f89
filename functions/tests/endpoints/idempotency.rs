//! The same call sent again under its `Idempotency-Key` gets the same answer, and is carried out once.

use crate::pool::{Answer, Ask, Pool, Worker, text};
use crate::stages::stage;
use serde_json::{Value, json};

const DAY_S: u32 = 24 * 3600;

async fn register(pool: &Pool, key: &str, name: &str) -> Answer {
    pool.ask(Ask::post("/v1/workers/register", &json!({ "name": name })).key(key)).await
}

async fn create(pool: &Pool, key: &str, title: &str) -> Answer {
    let body = json!({ "repo": "demo", "title": title });
    pool.ask(Ask::post("/v1/admin/tasks", &body).by_admin().key(key)).await
}

async fn report(pool: &Pool, worker: &Worker, task_id: &str, key: &str, body: Value) -> Answer {
    pool.ask(Ask::post(&format!("/v1/tasks/{task_id}/status"), &body).by(worker).key(key)).await
}

#[tokio::test]
async fn a_registration_repeated_gives_the_same_worker_and_token() {
    let pool = Pool::new();
    let first = register(&pool, "k", "Alice").await.ok(201);
    pool.clock.advance_s(3600);
    let second = register(&pool, "k", "Alice").await.ok(201);
    assert_eq!(first, second);
    assert_eq!(pool.state().await["workers_total"], 1);
    let worker = Worker { id: text(&second["worker_id"]), token: text(&second["token"]) };
    pool.fetch(&worker).await;
    register(&pool, "another", "Alice").await.ok(201);
    assert_eq!(pool.state().await["workers_total"], 2);
}

#[tokio::test]
async fn a_creation_repeated_makes_one_task() {
    let pool = Pool::new();
    pool.repo("demo", 3).await;
    let first = create(&pool, "k", "One").await.ok(201);
    // The answer is that of then, whatever has happened since.
    pool.update(&text(&first["task_id"]), json!({ "action": "cancel" })).await.ok(200);
    let before = pool.everything().await;
    assert_eq!(create(&pool, "k", "One").await.ok(201), first);
    assert_eq!(pool.everything().await, before);
}

#[tokio::test]
async fn an_import_repeated_is_answered_as_the_first_one() {
    let pool = Pool::new();
    pool.repo("demo", 3).await;
    let list = json!([{ "repo": "demo", "title": "One" }, { "repo": "demo", "title": "Two" }]);
    let import = async || pool.ask(Ask::post("/v1/admin/tasks/import", &list).by_admin().key("k")).await.ok(200);
    let first = import().await;
    assert_eq!((&first["created"], &first["unchanged"]), (&json!(2), &json!(0)));
    assert_eq!(import().await, first);
    assert_eq!(pool.state().await["tasks_total"], 2);
}

#[tokio::test]
async fn a_report_a_release_and_a_renewal_are_carried_out_once() {
    let held = stage("leased").await;
    let (pool, worker, task_id) = (&held.pool, &held.worker, held.task_id.as_str());
    let started = json!({ "status": "in_progress", "message": "on it" });
    let first = report(pool, worker, task_id, "r", started.clone()).await.ok(200);
    report(pool, worker, task_id, "other", json!({ "status": "blocked" })).await.ok(200);
    assert_eq!(report(pool, worker, task_id, "r", started).await.ok(200), first);
    assert_eq!(pool.state_of(task_id).await, "blocked", "the repeat moved nothing");

    let renew = async || {
        let ask = Ask::new("POST", &format!("/v1/leases/{}/renew", held.lease_id)).by(worker).key("n");
        pool.ask(ask).await.ok(200)
    };
    pool.clock.advance_s(60);
    let renewed = renew().await;
    pool.clock.advance_s(60);
    assert_eq!(renew().await, renewed);

    let release = async || {
        let path = format!("/v1/leases/{}/release", held.lease_id);
        pool.ask(Ask::post(&path, &json!({ "reason": "shutdown" })).by(worker).key("l")).await.ok(200)
    };
    let released = release().await;
    assert_eq!(release().await, released);
    assert_eq!(pool.read(task_id).await["attempts_used"], 1);
}

#[tokio::test]
async fn every_post_honours_a_key() {
    let held = stage("in_progress").await;
    let (pool, worker) = (&held.pool, &held.worker);
    let heartbeat = async |note: &str| {
        let body = json!({ "status": "working", "note": note });
        pool.ask(Ask::post("/v1/workers/heartbeat", &body).by(worker).key("k")).await
    };
    let put = async |max_open_prs: u32| {
        let body = json!({ "repo": "demo", "max_open_prs": max_open_prs });
        pool.ask(Ask::post("/v1/admin/repos", &body).by_admin().key("k")).await
    };
    let revoke = async |reason: &str| {
        let path = format!("/v1/admin/workers/{}/revoke", worker.id);
        pool.ask(Ask::post(&path, &json!({ "reason": reason })).by_admin().key("k")).await
    };
    let first = heartbeat("one").await.ok(200);
    pool.clock.advance_s(5);
    assert_eq!(heartbeat("one").await.ok(200), first);
    heartbeat("two").await.refused(409, "idempotency_key_reused");
    let first = put(5).await.ok(200);
    pool.repo("demo", 9).await;
    assert_eq!(put(5).await.ok(200), first);
    put(6).await.refused(409, "idempotency_key_reused");
    let first = revoke("spam").await.ok(200);
    assert_eq!(first["tasks_requeued"], json!([held.task_id]));
    assert_eq!(revoke("spam").await.ok(200), first);
    revoke("other").await.refused(409, "idempotency_key_reused");
}

#[tokio::test]
async fn a_key_used_for_another_request_is_refused_and_nothing_is_done() {
    let pool = Pool::new();
    pool.repo("demo", 3).await;
    register(&pool, "k", "Alice").await.ok(201);
    create(&pool, "k", "One").await.ok(201);
    let before = pool.everything().await;
    register(&pool, "k", "Bob").await.refused(409, "idempotency_key_reused");
    create(&pool, "k", "Two").await.refused(409, "idempotency_key_reused");
    assert_eq!(pool.everything().await, before);
    // The path is part of the request.
    let held = stage("leased").await;
    let (pool, worker) = (&held.pool, &held.worker);
    let other = pool.task(json!({})).await;
    pool.fetch(worker).await;
    let body = json!({ "status": "in_progress" });
    report(pool, worker, &held.task_id, "k", body.clone()).await.ok(200);
    report(pool, worker, &other, "k", body).await.refused(409, "idempotency_key_reused");
    assert_eq!(pool.state_of(&other).await, "leased");
}

#[tokio::test]
async fn keys_of_different_callers_and_operations_do_not_meet() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    let workers = [pool.roomy_worker().await, pool.roomy_worker().await];
    for worker in &workers {
        let body = json!({ "status": "working", "note": worker.id });
        pool.ask(Ask::post("/v1/workers/heartbeat", &body).by(worker).key("k")).await.ok(200);
        let me = pool.ask(Ask::get("/v1/workers/me").by(worker)).await.ok(200);
        assert_eq!(me["note"], worker.id.as_str());
    }
    create(&pool, "k", "One").await.ok(201);
    register(&pool, "k", "Carol").await.ok(201);
    let task_id = pool.fetched(&workers[0]).await.remove(0);
    report(&pool, &workers[0], &task_id, "k", json!({ "status": "in_progress" })).await.ok(200);
}

#[tokio::test]
async fn after_a_day_a_key_is_free_again() {
    let pool = Pool::new();
    pool.repo("demo", 3).await;
    let first = create(&pool, "k", "One").await.ok(201);
    pool.clock.advance_ms(i64::from(DAY_S) * 1000 - 1);
    assert_eq!(create(&pool, "k", "One").await.ok(201), first);
    create(&pool, "k", "Two").await.refused(409, "idempotency_key_reused");
    pool.clock.advance_ms(1);
    let second = create(&pool, "k", "Two").await.ok(201);
    assert_ne!(first["task_id"], second["task_id"]);
    assert_eq!(create(&pool, "k", "Two").await.ok(201), second, "the new call is remembered in its turn");
    assert_eq!(pool.state().await["tasks_total"], 2);
}

#[tokio::test]
async fn a_refused_call_may_be_repeated_under_its_key_and_then_succeeds() {
    let pool = Pool::new();
    create(&pool, "k", "One").await.refused(404, "repo_not_found");
    pool.repo("demo", 3).await;
    create(&pool, "k", "One").await.ok(201);
    let held = stage("leased").await;
    let merged = json!({ "status": "merged" });
    let (pool, worker, task_id) = (&held.pool, &held.worker, held.task_id.as_str());
    report(pool, worker, task_id, "m", merged.clone()).await.refused(409, "transition_not_allowed");
    report(pool, worker, task_id, "o", json!({ "status": "pr_opened" })).await.ok(200);
    report(pool, worker, task_id, "m", merged).await.ok(200);
}

#[tokio::test]
async fn a_revoked_worker_gets_no_answers_of_before() {
    let held = stage("leased").await;
    let body = json!({ "status": "in_progress" });
    report(&held.pool, &held.worker, &held.task_id, "k", body.clone()).await.ok(200);
    held.pool.revoke(&held.worker).await;
    report(&held.pool, &held.worker, &held.task_id, "k", body).await.refused(401, "token_revoked");
}

#[tokio::test]
async fn a_key_of_another_shape_is_refused() {
    let pool = Pool::new();
    pool.repo("demo", 3).await;
    for key in ["", "with space", &"k".repeat(201)] {
        let refused = create(&pool, key, "One").await.refused(400, "invalid_request");
        assert_eq!(refused["errors"][0]["parameter"], "Idempotency-Key", "{key}");
    }
    let ask = Ask::post("/v1/admin/tasks", &json!({ "repo": "demo", "title": "T" })).by_admin();
    let refused = pool.ask(ask.header_bytes("idempotency-key", b"\xff")).await.refused(400, "invalid_request");
    assert_eq!(refused["errors"][0]["parameter"], "Idempotency-Key");
    create(&pool, &"k".repeat(200), "One").await.ok(201);
    assert_eq!(pool.state().await["tasks_total"], 1);
}

#[tokio::test]
async fn keys_are_honoured_across_a_database_too() {
    let folder = tempfile::tempdir().unwrap();
    let pool = Pool::on_disk(folder.path()).await;
    pool.repo("demo", 3).await;
    let first = register(&pool, "k", "Alice").await.ok(201);
    assert_eq!(register(&pool, "k", "Alice").await.ok(201), first);
    register(&pool, "k", "Bob").await.refused(409, "idempotency_key_reused");
    assert_eq!(create(&pool, "k", "T").await.ok(201), create(&pool, "k", "T").await.ok(201));
}
