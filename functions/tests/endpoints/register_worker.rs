//! `POST /v1/workers/register`

use crate::pool::{Answer, Ask, Pool, text};
use owp_wire::{ServerInfoRegistration, TrustTier};
use serde_json::{Value, json};

async fn register(pool: &Pool, body: Value) -> Answer {
    pool.ask(Ask::post("/v1/workers/register", &body)).await
}

#[tokio::test]
async fn each_registration_is_a_worker_of_its_own() {
    let pool = Pool::new();
    let first = register(&pool, json!({ "name": "Alice" })).await.ok(201);
    let second = register(&pool, json!({ "name": "Alice" })).await.ok(201);
    assert_ne!(first["worker_id"], second["worker_id"]);
    assert_ne!(first["token"], second["token"]);
    assert_eq!((&first["trust_tier"], &first["heartbeat_interval_s"]), (&json!("untrusted"), &json!(30)));
}

#[tokio::test]
async fn a_new_worker_starts_as_the_server_is_configured() {
    let pool = Pool::with(|settings| settings.rules.new_worker_tier = TrustTier::Trusted);
    assert_eq!(register(&pool, json!({ "name": "Alice" })).await.ok(201)["trust_tier"], "trusted");
}

#[tokio::test]
async fn the_token_is_shown_once_and_nowhere_else() {
    let pool = Pool::new();
    let token = text(&register(&pool, json!({ "name": "Alice" })).await.ok(201)["token"]);
    let listed = pool.get("/v1/admin/workers").await.ok(200).to_string();
    let events = serde_json::to_string(&pool.events().await).unwrap();
    assert!(!listed.contains(&token) && !events.contains(&token));
}

#[tokio::test]
async fn closed_to_all_but_the_maintainer() {
    let pool = Pool::with(|settings| settings.registration = ServerInfoRegistration::Closed);
    let body = json!({ "name": "Alice", "invite_code": "anything" });
    register(&pool, body.clone()).await.refused(403, "registration_closed");
    assert_eq!(pool.state().await["workers_total"], 0);
    pool.ask(Ask::post("/v1/workers/register", &body).by_admin()).await.ok(201);
}

#[tokio::test]
async fn by_invitation_the_code_is_needed() {
    let pool = Pool::with(|settings| {
        settings.registration = ServerInfoRegistration::Invite;
        settings.invite_code = Some("come in".to_owned());
    });
    for code in [json!("come"), json!("come in "), json!("COME IN"), json!("")] {
        register(&pool, json!({ "name": "Alice", "invite_code": code })).await.refused(403, "invite_needed");
    }
    register(&pool, json!({ "name": "Alice" })).await.refused(403, "invite_needed");
    register(&pool, json!({ "name": "Alice", "invite_code": "come in" })).await.ok(201);
    pool.ask(Ask::post("/v1/workers/register", &json!({ "name": "Bob" })).by_admin()).await.ok(201);
    assert_eq!(pool.state().await["workers_total"], 2);
}

#[tokio::test]
async fn with_an_open_door_a_code_is_ignored() {
    let pool = Pool::new();
    register(&pool, json!({ "name": "Alice", "invite_code": "whatever" })).await.ok(201);
}
