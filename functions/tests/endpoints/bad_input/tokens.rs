//! Tokens that are missing, forged, too old, revoked or of somebody else.

use super::{Besieged, Fault, Place, fault};
use crate::pool::{ADMIN_TOKEN, Ask, JWT_SECRET, START};
use owp_functions::tokens::{TOKEN_TTL_S, TokenKeys};
use owp_protocol::{contract, operations};
use owp_wire::WorkerId;
use serde_json::json;

fn unauthenticated(what: impl Into<String>, ask: Ask) -> Fault {
    fault(what, ask, 401, "unauthenticated", Place::None)
}

/// One call of each operation that this kind of token opens and that nobody may call without, as it is without.
fn calls(scheme: &str) -> Vec<(String, Ask)> {
    let takes = |spec: &serde_json::Value| {
        let schemes = spec["security"].as_array().expect("every operation says who may call it");
        schemes.iter().any(|named| named.get(scheme).is_some()) && !schemes.contains(&json!({}))
    };
    let all = operations(&contract()).into_iter().filter(|operation| takes(&operation.spec));
    all.map(|operation| {
        let path = super::any_path(&operation.path);
        let method = ["GET", "POST", "PATCH"].into_iter().find(|known| **known == operation.method).expect("known");
        (operation.id, Ask::new(method, &path))
    })
    .collect()
}

#[tokio::test]
async fn no_token_is_the_first_thing_that_is_wrong() {
    let besieged = Besieged::new().await;
    let all = calls("workerToken").into_iter().chain(calls("adminToken"));
    let faults: Vec<Fault> = all.map(|(id, ask)| unauthenticated(id, ask)).collect();
    assert!(faults.len() >= 28);
    besieged.withstands(faults).await;
}

#[tokio::test]
async fn garbage_is_no_token() {
    let besieged = Besieged::new().await;
    let good = &besieged.worker.token;
    let [header, claims, signature] = good.split('.').collect::<Vec<_>>()[..] else { panic!("three parts") };
    let worker = WorkerId(besieged.worker.id.clone());
    let theirs = TokenKeys::new(&["another secret that is long enough too".to_owned()]);
    let forged = theirs.sign(&worker, 1, START);
    // The key's name is known, its secret is not.
    let forged_parts: Vec<&str> = forged.split('.').collect();
    let under_our_name = format!("{header}.{}.{}", forged_parts[1], forged_parts[2]);
    let tokens = [
        ("empty", String::new()),
        ("a word", "garbage".to_owned()),
        ("dots", "..".to_owned()),
        ("of another secret", forged),
        ("of another secret under our key's name", under_our_name),
        // {"alg":"none"}
        ("alg none", format!("eyJhbGciOiJub25lIn0.{claims}.")),
        // {"alg":"none","typ":"JWT"}
        ("alg none, signed", format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{claims}.{signature}")),
        ("without signature", format!("{header}.{claims}.")),
        ("with more", format!("{good}.more")),
        ("longer", format!("{good}A")),
        ("the admin token", ADMIN_TOKEN.to_owned()),
        ("very long", "e".repeat(100_000)),
    ];
    let mut faults: Vec<Fault> =
        tokens.into_iter().map(|(what, token)| unauthenticated(what, Ask::get("/v1/work").bearer(&token))).collect();
    for value in [good.clone(), format!("Basic {good}"), format!("Bearer{good}"), "Bearer".to_owned()] {
        faults
            .push(unauthenticated(&value[..8.min(value.len())], Ask::get("/v1/work").header("authorization", &value)));
    }
    let bytes = Ask::get("/v1/work").header_bytes("authorization", b"Bearer \xff\xfe");
    faults.push(unauthenticated("bytes", bytes));
    besieged.withstands(faults).await;
    besieged.pool.ask(Ask::get("/v1/work").header("authorization", &format!("bearer  {good} "))).await.ok(200);
}

#[tokio::test]
async fn a_token_names_a_worker_of_this_pool_or_nobody() {
    let besieged = Besieged::new().await;
    let ours = TokenKeys::new(&[JWT_SECRET.to_owned()]);
    let revoked =
        |what: &str, token: String| fault(what, Ask::get("/v1/work").bearer(&token), 401, "token_revoked", Place::None);
    let worker = WorkerId(besieged.worker.id.clone());
    besieged
        .withstands(vec![
            revoked("a worker that does not exist", ours.sign(&WorkerId("w_nobody".into()), 1, START)),
            revoked("a later version", ours.sign(&worker, 2, START)),
            revoked("no version", ours.sign(&worker, 0, START)),
        ])
        .await;
}

#[tokio::test]
async fn an_old_token_has_expired_everywhere() {
    let besieged = Besieged::new().await;
    let ours = TokenKeys::new(&[JWT_SECRET.to_owned()]);
    let worker = WorkerId(besieged.worker.id.clone());
    let old = ours.sign(&worker, 1, START.minus_s(TOKEN_TTL_S));
    let expired = |(id, ask): (String, Ask)| fault(id, ask.bearer(&old), 401, "token_expired", Place::None);
    besieged.withstands(calls("workerToken").into_iter().map(expired).collect()).await;
    let nearly = ours.sign(&worker, 1, START.minus_s(TOKEN_TTL_S - 1));
    besieged.pool.ask(Ask::get("/v1/work").bearer(&nearly)).await.ok(200);
}

#[tokio::test]
async fn a_revoked_worker_is_shut_out_everywhere() {
    let besieged = Besieged::new().await;
    let other = besieged.pool.roomy_worker().await;
    besieged.pool.revoke(&other).await;
    let faults = operations(&contract()).into_iter().filter_map(|operation| {
        let schemes = operation.spec["security"].as_array().expect("security").clone();
        schemes.iter().find(|named| named.get("workerToken").is_some())?;
        let path = operation.path.replace("{task_id}", &besieged.task_id).replace("{lease_id}", &besieged.lease_id);
        let path = super::any_path(&path.replace("{worker_id}", &other.id));
        let method = ["GET", "POST", "PATCH"].into_iter().find(|method| **method == operation.method).expect("known");
        let ask = Ask::new(method, &path).by(&other);
        let example = &operation.spec["requestBody"]["content"]["application/json"]["examples"];
        let ask = match example.as_object().and_then(|named| named.values().next()) {
            Some(example) => ask.json(&example["value"]),
            None => ask,
        };
        Some(fault(operation.id, ask, 401, "token_revoked", Place::None))
    });
    besieged.withstands(faults.collect()).await;
}

#[tokio::test]
async fn a_worker_token_opens_no_door_of_an_administrator() {
    let besieged = Besieged::new().await;
    let both: Vec<String> = calls("workerToken").into_iter().map(|(id, _)| id).collect();
    let only_admin = || calls("adminToken").into_iter().filter(|(id, _)| !both.contains(id));
    let mut faults: Vec<Fault> = only_admin().map(|(id, ask)| unauthenticated(id, ask.by(&besieged.worker))).collect();
    faults
        .extend(only_admin().map(|(id, ask)| unauthenticated(id, ask.header("x-admin-token", &besieged.worker.token))));
    for wrong in ["", "x", &ADMIN_TOKEN[1..], &format!("{ADMIN_TOKEN} x"), &ADMIN_TOKEN.to_uppercase()] {
        faults.push(unauthenticated(
            format!("admin token {wrong:?}"),
            Ask::get("/v1/admin/state").header("x-admin-token", wrong),
        ));
        // A wrong one is not overlooked where it was not needed.
        let register = Ask::post("/v1/workers/register", &json!({ "name": "A" })).header("x-admin-token", wrong);
        faults.push(fault(format!("register with {wrong:?}"), register, 401, "unauthenticated", Place::None));
    }
    let bearer = Ask::get("/v1/admin/state").bearer(ADMIN_TOKEN);
    faults.push(unauthenticated("the admin token as a worker's", bearer));
    besieged.withstands(faults).await;
}

#[tokio::test]
async fn what_another_worker_holds_is_out_of_reach() {
    let besieged = Besieged::new().await;
    let other = besieged.pool.roomy_worker().await;
    let stale = |what: &str, ask: Ask| fault(what, ask.by(&other), 409, "lease_stale", Place::None);
    let gone = |what: &str, ask: Ask| fault(what, ask.by(&other), 409, "offer_gone", Place::None);
    let (status, park) = (besieged.status_path(), format!("/v1/leases/{}/park", besieged.lease_id));
    let named = json!({ "status": "pr_opened", "lease_id": besieged.lease_id });
    besieged
        .withstands(vec![
            stale("report", Ask::post(&status, &json!({ "status": "pr_opened" }))),
            stale("report naming the lease", Ask::post(&status, &named)),
            stale("renew", Ask::new("POST", &format!("/v1/leases/{}/renew", besieged.lease_id))),
            stale("park", Ask::post(&park, &json!({ "quota_resets_at": START.plus_s(60).to_string() }))),
            gone("accept", Ask::new("POST", &format!("{}/accept", besieged.offer_path))),
            gone("reject", Ask::post(&format!("{}/reject", besieged.offer_path), &json!({ "reason": "quota" }))),
            fault(
                "reputation",
                Ask::get(&format!("/v1/workers/{}/reputation", besieged.worker.id)).by(&other),
                403,
                "forbidden",
                Place::None,
            ),
            stale("release", Ask::post(&besieged.release_path(), &json!({ "reason": "failed" }))),
            fault(
                "explain",
                Ask::get(&format!("/v1/work/explain?worker_id={}", besieged.worker.id)).by(&other),
                403,
                "forbidden",
                Place::None,
            ),
        ])
        .await;
}
