//! Bodies of the wrong shape, size, type or encoding.

use super::{Besieged, Fault, Place, fault, invalid, long};
use crate::pool::{Ask, Pool};
use axum::body::{Body, Bytes};
use serde_json::{Value, json};
use std::convert::Infallible;

const KIB: usize = 1024;

#[tokio::test]
async fn wrong_types_ranges_and_missing_fields_are_refused_at_their_place() {
    let besieged = Besieged::new().await;
    let (worker, status, release) = (&besieged.worker, besieged.status_path(), besieged.release_path());
    let update = format!("/v1/admin/tasks/{}", besieged.task_id);
    let revoke = format!("/v1/admin/workers/{}/revoke", worker.id);
    let (park, reject) = (format!("/v1/leases/{}/park", besieged.lease_id), format!("{}/reject", besieged.offer_path));
    let tier = format!("/v1/workers/{}/trust-tier", worker.id);
    let by_worker: Vec<(&str, Value, &'static str)> = vec![
        ("/v1/workers/heartbeat", json!({}), ""),
        ("/v1/workers/heartbeat", json!({ "status": "idle", "note": 7 }), "/note"),
        (&status, json!({}), ""),
        (&status, json!({ "status": ["in_progress"] }), "/status"),
        (&status, json!({ "status": "in_progress", "lease_id": "nonsense" }), "/lease_id"),
        (&status, json!({ "status": "in_progress", "lease_id": null }), "/lease_id"),
        (&status, json!({ "status": "in_progress", "branch": "a\nb" }), "/branch"),
        (&status, json!({ "status": "in_progress", "notes": long(8001) }), "/notes"),
        (&status, json!({ "status": "pr_opened", "artifact": { "pr_url": "javascript:x()" } }), "/artifact/pr_url"),
        (&status, json!({ "status": "pr_opened", "artifact": { "commit_sha": "no" } }), "/artifact/commit_sha"),
        (&park, json!({}), ""),
        (&park, json!({ "quota_resets_at": "tomorrow" }), "/quota_resets_at"),
        (&park, json!({ "quota_resets_at": 5 }), "/quota_resets_at"),
        (&park, json!({ "quota_resets_at": "2027-01-15T09:00:00Z", "branch": "a\nb" }), "/branch"),
        (&reject, json!({}), ""),
        (&reject, json!({ "reason": "tired" }), "/reason"),
        (&reject, json!({ "reason": "quota", "message": long(501) }), "/message"),
        (&release, json!({}), ""),
        (&release, json!({ "reason": "tired" }), "/reason"),
        (&release, json!({ "reason": "failed", "message": long(4001) }), "/message"),
    ];
    let by_admin: Vec<(&str, Value, &'static str)> = vec![
        ("/v1/admin/repos", json!({}), ""),
        ("/v1/admin/repos", json!({ "repo": "../etc" }), "/repo"),
        ("/v1/admin/repos", json!({ "repo": "o/.." }), "/repo"),
        ("/v1/admin/repos", json!({ "repo": "demo", "max_open_prs": 1e300 }), "/max_open_prs"),
        ("/v1/admin/repos", json!({ "repo": "demo", "max_open_prs": 1.5 }), "/max_open_prs"),
        ("/v1/admin/repos", json!({ "repo": "demo", "paused": "true" }), "/paused"),
        ("/v1/admin/repos", json!({ "repo": "demo", "clone_url": "--upload-pack=x" }), "/clone_url"),
        ("/v1/admin/tasks", json!({ "title": "T" }), ""),
        ("/v1/admin/tasks", json!({ "repo": "demo" }), ""),
        ("/v1/admin/tasks", json!({ "repo": "demo", "title": "a\u{0}b" }), "/title"),
        ("/v1/admin/tasks", json!({ "repo": "demo", "title": "T", "key": "-x" }), "/key"),
        ("/v1/admin/tasks", json!({ "repo": "demo", "title": "T", "tier": 4_294_967_296_u64 }), "/tier"),
        ("/v1/admin/tasks", json!({ "repo": "demo", "title": "T", "required_skills": ["a", 1] }), "/required_skills/1"),
        ("/v1/admin/tasks", json!({ "repo": "demo", "title": "T", "attempts_max": 0 }), "/attempts_max"),
        ("/v1/admin/tasks", json!([]), ""),
        ("/v1/admin/tasks", json!(null), ""),
        (&revoke, json!({}), ""),
        (&revoke, json!({ "reason": "" }), "/reason"),
        (&tier, json!({ "tier": "basic" }), ""),
        (&tier, json!({ "tier": "king", "reason": "r" }), "/tier"),
        (&tier, json!({ "tier": "basic", "reason": "r", "leases": "burn" }), "/leases"),
        ("/v1/admin/admission", json!({}), ""),
        ("/v1/admin/admission", json!({ "repo": "demo", "allowed": ["a--b"] }), "/allowed/0"),
        ("/v1/admin/admission", json!({ "repo": "demo", "denied": "alice" }), "/denied"),
        ("/v1/admin/admission", json!({ "repo": "demo", "vouched": ["alice"] }), "/vouched"),
        ("/v1/admin/admission", json!({ "repo": "demo", "vouched": long(60_001) }), "/vouched"),
        ("/v1/admin/admission", json!({ "repo": "demo", "vouched": "a", "allowed": [] }), "/vouched"),
        ("/v1/admin/admission", json!({ "repo": "demo", "vouched": "a", "denied": ["b"] }), "/vouched"),
        ("/v1/admin/repos", json!({ "repo": "demo", "weight": 0 }), "/weight"),
        ("/v1/admin/repos", json!({ "repo": "demo", "weight": 101 }), "/weight"),
        ("/v1/admin/repos", json!({ "repo": "demo", "trust_tier_min": "basics" }), "/trust_tier_min"),
        ("/v1/admin/repos", json!({ "repo": "demo", "paused_until": "2027-02-30T00:00:00Z" }), "/paused_until"),
        ("/v1/admin/repos", json!({ "repo": "demo", "reputation_bar": 101 }), "/reputation_bar"),
        ("/v1/admin/tasks", json!({ "repo": "demo", "title": "T", "depends_on": ["a b"] }), "/depends_on/0"),
        ("/v1/admin/tasks", json!({ "repo": "demo", "title": "T", "depends_on": ["a@nowhere"] }), "/depends_on/0"),
        ("/v1/admin/tasks", json!({ "repo": "demo", "title": "T", "depends_on": vec!["a"; 21] }), "/depends_on"),
        ("/v1/admin/tasks", json!({ "repo": "demo", "title": "T", "filed_by": "-x" }), "/filed_by"),
        ("/v1/admin/tasks", json!({ "repo": "demo", "title": "T", "security": "yes" }), "/security"),
    ];
    let worker_faults = by_worker
        .into_iter()
        .map(|(path, body, pointer)| invalid(format!("{path} {body:.60}"), Ask::post(path, &body).by(worker), pointer));
    let admin_faults = by_admin
        .into_iter()
        .map(|(path, body, pointer)| invalid(format!("{path} {body:.60}"), Ask::post(path, &body).by_admin(), pointer));
    let anonymous = [json!({}), json!("Alice")]
        .map(|body| invalid(format!("register {body}"), Ask::post("/v1/workers/register", &body), ""));
    let edits = [
        (json!({}), ""),
        (json!({ "x_only": 1, "action": "merge!" }), "/action"),
        (json!({ "tier": null }), "/tier"),
        (json!({ "rating": 0 }), "/rating"),
        (json!({ "rating": 6 }), "/rating"),
        // It has no pull request yet.
    ];
    let edits = edits
        .into_iter()
        .map(|(body, pointer)| invalid(format!("update {body}"), Ask::patch(&update, &body).by_admin(), pointer));
    let changes = [
        (json!({}), ""),
        (json!({ "capacity_points": 0 }), "/capacity_points"),
        (json!({ "work_mode": "lazy" }), "/work_mode"),
        (json!({ "availability": null }), "/availability"),
        (json!({ "availability": { "until": "18:00" } }), "/availability/until"),
        (json!({ "availability": { "points_per_day": 0 } }), "/availability/points_per_day"),
    ];
    let changes = changes
        .into_iter()
        .map(|(body, pointer)| invalid(format!("me {body}"), Ask::patch("/v1/workers/me", &body).by(worker), pointer));
    let all = worker_faults.chain(admin_faults).chain(anonymous).chain(edits).chain(changes);
    besieged.withstands(all.collect()).await;
}

/// What a store keeps has to be readable again: years have four digits, with whatever offset they are written.
#[tokio::test]
async fn moments_are_held_to_the_calendar_and_to_four_digits_of_a_year() {
    let besieged = Besieged::new().await;
    let at = |moment: &str| Ask::patch("/v1/workers/me", &json!({ "availability": { "until": moment } }));
    let bad = [
        "",
        "now",
        "2027-01-15",
        "2027-01-15T08:00:00",
        "2027-13-01T00:00:00Z",
        "2027-02-29T00:00:00Z",
        "2027-01-15T25:00:00Z",
        "2027-01-15T08:00:00+25:00",
        "9999-12-31T23:59:59-00:01",
        "0000-01-01T00:00:00+00:01",
        "+10000-01-01T00:00:00Z",
        "10000-01-01T00:00:00Z",
        "-0001-01-01T00:00:00Z",
        "2027-01-15T08:00:00.Z",
        " 2027-01-15T08:00:00Z",
        "1800000000000",
    ];
    let faults = bad.map(|moment| invalid(moment, at(moment).by(&besieged.worker), "/availability/until"));
    besieged.withstands(faults.into()).await;
    for (good, kept) in [
        ("2027-01-15T10:00:00+02:00", "2027-01-15T08:00:00.000Z"),
        ("2027-01-15T08:00:00.123456Z", "2027-01-15T08:00:00.123Z"),
        ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00.000Z"),
        ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
    ] {
        let me = besieged.pool.ask(at(good).by(&besieged.worker)).await.ok(200);
        assert_eq!(me["availability"], json!({ "until": kept }));
        assert_eq!(besieged.pool.ask(Ask::get("/v1/workers/me").by(&besieged.worker)).await.ok(200), me);
    }
}

#[tokio::test]
async fn unknown_fields_are_refused_where_an_administrator_writes() {
    let besieged = Besieged::new().await;
    let revoke = format!("/v1/admin/workers/{}/revoke", besieged.worker.id);
    let update = format!("/v1/admin/tasks/{}", besieged.task_id);
    let tier = format!("/v1/workers/{}/trust-tier", besieged.worker.id);
    let unknown = |path: &str, body: Value, pointer| invalid(path, Ask::post(path, &body).by_admin(), pointer);
    besieged
        .withstands(vec![
            unknown("/v1/admin/repos", json!({ "repo": "demo", "max_open_pr": 3 }), "/max_open_pr"),
            unknown("/v1/admin/tasks", json!({ "repo": "demo", "title": "T", "priorty": 3 }), "/priorty"),
            unknown("/v1/admin/tasks/import", json!([{ "repo": "demo", "title": "T", "state": "x" }]), "/0/state"),
            unknown(&revoke, json!({ "reason": "r", "ban": true }), "/ban"),
            unknown(&tier, json!({ "tier": "basic", "reason": "r", "lease": "take_back" }), "/lease"),
            unknown("/v1/admin/admission", json!({ "repo": "demo", "allow": [] }), "/allow"),
            invalid("update", Ask::patch(&update, &json!({ "state": "merged" })).by_admin(), "/state"),
            unknown("/v1/admin/repos", json!({ "repo": "demo", "a/b~c": 3 }), "/a~1b~0c"),
        ])
        .await;
}

#[tokio::test]
async fn unknown_fields_are_ignored_where_a_worker_writes_and_reserved_ones_everywhere() {
    let besieged = Besieged::new().await;
    let (pool, worker) = (&besieged.pool, &besieged.worker);
    pool.ask(Ask::post("/v1/workers/register", &json!({ "name": "A", "new": 1, "x_y": 2 }))).await.ok(201);
    let heartbeat = json!({ "status": "idle", "mood": "fine", "x_y": 2 });
    pool.ask(Ask::post("/v1/workers/heartbeat", &heartbeat).by(worker)).await.ok(200);
    pool.report(worker, &besieged.task_id, json!({ "status": "blocked", "new": {}, "x_y": [] })).await.ok(200);
    let quota = json!({ "quota_resets_at": "2027-01-15T09:00:00Z", "new": {}, "x_y": [] });
    pool.park(worker, &besieged.lease_id, quota).await.ok(200);
    pool.change(worker, json!({ "new": {}, "x_y": [], "availability": { "new": 1, "x_y": 2 } })).await;
    let reject = format!("{}/reject", besieged.offer_path);
    pool.ask(Ask::post(&reject, &json!({ "reason": "quota", "new": {}, "x_y": [] })).by(worker)).await.ok(200);
    pool.release(worker, &besieged.lease_id, json!({ "reason": "failed", "new": {}, "x_y": [] })).await.ok(200);
    pool.put_repo(json!({ "repo": "demo", "x_y": { "deep": 1 } })).await;
    let task_id = pool.task(json!({ "x_": null, "x_team": "core" })).await;
    pool.update(&task_id, json!({ "priority": 5, "x_y": 1 })).await.ok(200);
    let list = json!([{ "repo": "demo", "title": "I", "x_y": 1 }]);
    pool.post("/v1/admin/tasks/import", list).await.ok(200);
    pool.post(&format!("/v1/admin/workers/{}/revoke", worker.id), json!({ "reason": "r", "x_y": 1 })).await.ok(200);
    pool.get("/v1/admin/tasks?x_y=1&x_y=2").await.ok(200);
}

#[tokio::test]
async fn what_is_not_json_is_refused() {
    let besieged = Besieged::new().await;
    let bodies: Vec<(&str, Vec<u8>)> = vec![
        ("empty", vec![]),
        ("half", b"{\"status\":".to_vec()),
        ("two values", b"{\"status\":\"idle\"} {}".to_vec()),
        ("comment", b"{\"status\":\"idle\"} // now".to_vec()),
        ("trailing comma", b"{\"status\":\"idle\",}".to_vec()),
        ("not a number", b"{\"status\":NaN}".to_vec()),
        ("yaml", b"status: idle".to_vec()),
        ("broken UTF-8", b"{\"status\":\"idle\",\"note\":\"\xff\xfe\"}".to_vec()),
        ("cut UTF-8", b"{\"status\":\"idle\",\"note\":\"\xe2\x82\"}".to_vec()),
        ("lone surrogate", b"{\"status\":\"idle\",\"note\":\"\\ud800\"}".to_vec()),
        ("UTF-16", "{\"status\":\"idle\"}".encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("10,000 nested arrays", "[".repeat(10_000).into_bytes()),
        ("10,000 nested and closed", format!("{}{}", "[".repeat(10_000), "]".repeat(10_000)).into_bytes()),
        ("10,000 nested objects", "{\"a\":".repeat(10_000).into_bytes()),
    ];
    let faults = bodies.into_iter().map(|(what, body)| {
        let ask = Ask::new("POST", "/v1/workers/heartbeat").raw("application/json", body).by(&besieged.worker);
        fault(what, ask, 400, "malformed_body", Place::Body(""))
    });
    besieged.withstands(faults.collect()).await;
    let deep = json!({ "status": "pr_opened", "artifact": { "extra": { "a": 1 } } }).to_string();
    let deep = deep.replace("{\"a\":1}", &format!("{{\"a\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000)));
    let ask = Ask::new("POST", &besieged.status_path()).raw("application/json", deep).by(&besieged.worker);
    besieged.withstands(vec![fault("deep extra", ask, 400, "malformed_body", Place::Body(""))]).await;
}

#[tokio::test]
async fn bodies_that_are_too_large_are_refused_whether_they_say_so_or_not() {
    let besieged = Besieged::new().await;
    let (worker, status) = (&besieged.worker, besieged.status_path());
    let renew = format!("/v1/leases/{}/renew", besieged.lease_id);
    let accept = format!("{}/accept", besieged.offer_path);
    let too_large = |what: &str, ask: Ask| fault(what, ask, 413, "body_too_large", Place::None);
    let json = "application/json";
    let mut faults: Vec<Fault> = vec![
        too_large("register", Ask::new("POST", "/v1/workers/register").raw(json, long(64 * KIB + 1))),
        too_large("status", Ask::new("POST", &status).raw(json, long(64 * KIB + 1)).by(worker)),
        too_large("repos", Ask::new("POST", "/v1/admin/repos").raw(json, long(64 * KIB + 1)).by_admin()),
        too_large("renew", Ask::new("POST", &renew).raw(json, long(64 * KIB + 1)).by(worker)),
        too_large("offers", Ask::new("POST", "/v1/work/offers").raw(json, long(64 * KIB + 1)).by(worker)),
        too_large("accept", Ask::new("POST", &accept).raw(json, long(64 * KIB + 1)).by(worker)),
        too_large("import", Ask::new("POST", "/v1/admin/tasks/import").raw(json, long(KIB * KIB + 1)).by_admin()),
    ];
    // Without a length, and without an end.
    for (path, content_type) in [("/v1/admin/tasks", json), ("/v1/admin/tasks/import", "application/yaml")] {
        let ask = Ask::new("POST", path).header("content-type", content_type).body(endless()).by_admin();
        faults.push(too_large(path, ask));
    }
    faults.push(too_large("endless renewal", Ask::new("POST", &renew).body(endless()).by(worker)));
    // A length that is announced and not kept: refused before anything is read.
    let announced = Ask::new("POST", "/v1/admin/tasks").header("content-type", json).header("content-length", "65537");
    faults.push(too_large("announced", announced.body(Body::from("{}")).by_admin()));
    // Who has no token learns that first.
    let ask = Ask::new("POST", "/v1/admin/tasks").raw(json, long(64 * KIB + 1));
    faults.push(fault("no token", ask, 401, "unauthenticated", Place::None));
    besieged.withstands(faults).await;
}

#[tokio::test]
async fn a_body_may_be_as_large_as_the_limit() {
    let pool = Pool::new();
    let padded = |length: usize, body: &str| format!("{body}{}", " ".repeat(length - body.len()));
    let body = padded(64 * KIB, "{\"repo\":\"demo\"}");
    pool.ask(Ask::new("POST", "/v1/admin/repos").raw("application/json", body).by_admin()).await.ok(200);
    let body = padded(KIB * KIB, "[{\"repo\":\"demo\",\"title\":\"T\"}]");
    pool.ask(Ask::new("POST", "/v1/admin/tasks/import").raw("application/json", body).by_admin()).await.ok(200);
}

#[tokio::test]
async fn bodies_of_another_type_are_refused() {
    let besieged = Besieged::new().await;
    let body = "{\"repo\":\"demo\"}";
    let types =
        ["text/plain", "application/yaml", "application/x-www-form-urlencoded", "multipart/form-data", "json", ""];
    let mut faults: Vec<Fault> = types
        .into_iter()
        .map(|media| {
            let ask = Ask::new("POST", "/v1/admin/repos").raw(media, body).by_admin();
            fault(format!("type {media:?}"), ask, 415, "unsupported_media_type", Place::None)
        })
        .collect();
    let missing = Ask::new("POST", "/v1/admin/repos").body(Body::from(body)).by_admin();
    faults.push(fault("no type", missing, 415, "unsupported_media_type", Place::None));
    let import = Ask::new("POST", "/v1/admin/tasks/import").raw("text/csv", "repo,title").by_admin();
    faults.push(fault("an import as CSV", import, 415, "unsupported_media_type", Place::None));
    besieged.withstands(faults).await;
    for media in ["application/json", "application/json; charset=utf-8", "Application/JSON"] {
        besieged.pool.ask(Ask::new("POST", "/v1/admin/repos").raw(media, body).by_admin()).await.ok(200);
    }
}

/// A body that never ends and does not say how long it is.
fn endless() -> Body {
    let chunks = std::iter::repeat_with(|| Ok::<_, Infallible>(Bytes::from_static(&[b' '; 4096])));
    Body::from_stream(futures::stream::iter(chunks))
}
