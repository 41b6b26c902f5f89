//! The server as a process: how it starts, what it says, how it ends, and a lease's end without a sweep.

mod support;

use reqwest::{Method, StatusCode};
use serde_json::json;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;
use support::{Server, until};

/// Starts what ends by itself, most often by giving up.
fn refuse(folder: &Path, env: &[(&str, &str)], args: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_owp-server"));
    let output: Output = command.current_dir(folder).envs(env.iter().copied()).args(args).output().expect("it runs");
    (output.status.code(), String::from_utf8(output.stderr).expect("UTF-8"))
}

#[test]
fn a_bad_value_stops_the_start_with_one_clear_line() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, value, says) in [
        ("OWP_LEASE_TTL_S", "soon", "OWP_LEASE_TTL_S must be a whole number from 1"),
        ("OWP_LEASE_TTL_S", "0", "OWP_LEASE_TTL_S must be a whole number from 1"),
        ("OWP_PORT", "70000", "OWP_PORT must be a whole number from 0 to 65535"),
        ("OWP_HOST", "localhost", "OWP_HOST must be an IP address"),
        ("OWP_REGISTRATION", "maybe", "OWP_REGISTRATION must be open, invite or closed"),
        ("OWP_REGISTRATION", "invite", "OWP_INVITE_CODE is not set"),
        ("OWP_NEW_WORKER_TIER", "godlike", "OWP_NEW_WORKER_TIER must be untrusted, basic, trusted or maintainer"),
        ("OWP_ADMIN_TOKEN", "short", "OWP_ADMIN_TOKEN must be at least 16 characters long"),
        ("OWP_JWT_SECRET", "short", "OWP_JWT_SECRET must be one or more secrets of at least 32 characters"),
        ("OWP_CORS_ORIGINS", "pool.example.org", "OWP_CORS_ORIGINS must be origins such as"),
        ("OWP_RATE_LIMIT", "0", "OWP_RATE_LIMIT must be off or a factor above 0"),
        ("OWP_RATE_LIMIT", "slow", "OWP_RATE_LIMIT must be off or a factor above 0"),
        ("OWP_TRUSTED_PROXIES", "10.0.0.0/8,proxy", "OWP_TRUSTED_PROXIES must be addresses or networks such as"),
        ("OWP_CONNECTIONS_MAX", "1", "OWP_CONNECTIONS_MAX must be a whole number from 4"),
        ("OWP_HEADER_TIMEOUT_S", "0", "OWP_HEADER_TIMEOUT_S must be a whole number from 1"),
        ("OWP_METRICS_TOKEN", "short", "OWP_METRICS_TOKEN must be at least 16 characters long"),
        ("OWP_DB_PATH", "/dev/null/pool.db", "can't make the folder /dev/null"),
    ] {
        let (code, said) = refuse(folder.path(), &[(name, value)], &[]);
        assert_eq!(code, Some(1), "{name}={value}: {said}");
        assert!(said.starts_with("error: ") && said.contains(says), "{name}={value}: {said}");
        assert_eq!(said.lines().count(), 1, "{name}={value}: {said}");
    }
}

#[test]
fn a_port_that_is_taken_is_said_with_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path(), &[]);
    let port = server.url.rsplit(':').next().expect("a port");
    let other = tempfile::tempdir().expect("a folder");
    let (code, said) = refuse(other.path(), &[], &["--port", port]);
    assert_eq!(code, Some(1));
    assert!(said.contains("choose another port with --port"), "{said}");
}

#[test]
fn a_health_check_needs_no_other_client() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path(), &[("OWP_HOST", "0.0.0.0")]);
    let port = server.url.rsplit(':').next().expect("a port").to_owned();
    let asked = [("OWP_HOST", "0.0.0.0"), ("OWP_PORT", port.as_str())];
    let elsewhere = tempfile::tempdir().expect("a folder");
    assert_eq!(refuse(elsewhere.path(), &asked, &["healthcheck"]), (Some(0), String::new()));
    assert!(server.process.terminate().success());
    let (code, said) = refuse(elsewhere.path(), &asked, &["healthcheck"]);
    assert_eq!(code, Some(1));
    assert!(said.contains(&format!("no server answers at 127.0.0.1:{port}")), "{said}");
    assert!(!elsewhere.path().join("data").exists(), "asking leaves nothing behind");
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("notes.txt");
    let text = "these are my notes and not a database\n".repeat(100);
    std::fs::write(&file, &text).expect("writable");
    let (code, said) = refuse(folder.path(), &[("OWP_DB_PATH", file.to_str().expect("UTF-8"))], &["--port", "0"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("can't open the database"), "{said}");
    assert_eq!(std::fs::read_to_string(&file).expect("readable"), text);
}

#[test]
fn a_folder_that_is_made_for_the_database_is_its_owners_only() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = folder.path().join("deep/data");
    let db = made.join("pool.db");
    // What else is wrong is seen when the folder is there.
    let begin = || refuse(folder.path(), &[("OWP_LEASE_TTL_S", "never")], &["--db", db.to_str().expect("UTF-8")]);
    let mode = |folder: &Path| std::fs::metadata(folder).expect("there").permissions().mode() & 0o777;
    assert!(begin().1.contains("OWP_LEASE_TTL_S"));
    assert_eq!((mode(&made), mode(&folder.path().join("deep"))), (0o700, 0o700));
    std::fs::set_permissions(&made, PermissionsExt::from_mode(0o750)).expect("ours");
    begin();
    assert_eq!(mode(&made), 0o750, "one that is there stays as it is");
}

#[tokio::test]
async fn the_admin_token_is_made_once_kept_and_private() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path(), &[("OWP_ADMIN_TOKEN", "")]);
    let file = folder.path().join("admin.token");
    let token = std::fs::read_to_string(&file).expect("it was made").trim().to_owned();
    let mode = std::fs::metadata(&file).expect("there").permissions().mode();
    assert_eq!((token.len(), mode & 0o777), (40, 0o600));
    assert!(server.said.iter().any(|line| line.contains(&token)), "it is shown: {:?}", server.said);
    assert!(server.process.terminate().success());

    let again = Server::start(folder.path(), &[("OWP_ADMIN_TOKEN", "")]);
    assert!(!again.said.iter().any(|line| line.contains(&token)), "it is shown once: {:?}", again.said);
    let pool = again.pool();
    let state = pool.http.get(format!("{}/v1/admin/state", again.url)).header("X-Admin-Token", &token);
    assert_eq!(state.send().await.expect("an answer").status(), StatusCode::OK);
}

#[test]
fn a_secret_that_others_can_read_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("data")).expect("writable");
    let file = folder.path().join("data/admin.token");
    std::fs::write(&file, "a token that everybody can read").expect("writable");
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o644)).expect("ours");
    let (code, said) = refuse(folder.path(), &[], &["--port", "0"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("chmod 600"), "{said}");
}

#[tokio::test]
async fn a_clean_end_answers_what_is_under_way() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path(), &[]);
    let pool = server.pool();
    let token = pool.register(json!({ "name": "waiting" })).await;
    let waiting = tokio::spawn({
        let (pool, token) = (pool.clone(), token.clone());
        async move { pool.worker(&token, Method::GET, "/v1/work?wait_s=60", None).await }
    });
    // Nothing shows from outside that a long poll has begun; one that had not would fail this test, not pass it.
    tokio::time::sleep(Duration::from_millis(200)).await;
    let status = tokio::task::spawn_blocking(move || server.process.terminate()).await.expect("it ends");
    assert!(status.success(), "{status}");
    let (code, work) = waiting.await.expect("the client is alive");
    assert_eq!((code, &work["leases"]), (StatusCode::OK, &json!([])));
}

#[tokio::test]
async fn without_a_sweep_an_expired_lease_goes_to_the_next_who_asks() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path(), &[("OWP_SWEEP_INTERVAL_S", "0"), ("OWP_LEASE_TTL_S", "1")]);
    let pool = server.pool();
    pool.put_repo("owner/repo", 1).await;
    let task_id = pool.create_task(json!({ "repo": "owner/repo", "title": "The only one", "area": "core" })).await;
    let first = pool.register(json!({ "name": "first" })).await;
    let second = pool.register(json!({ "name": "second" })).await;
    let held = pool.fetch(&first).await;
    assert_eq!(held[0]["task_id"], json!(task_id));
    assert!(pool.fetch(&second).await.is_empty(), "the budget is spent, the area is taken");

    let taken = until("the lease to end", async || pool.fetch(&second).await.pop()).await;
    assert_eq!((&taken["task_id"], &taken["attempt"]), (&json!(task_id), &json!(2)));
    let path = format!("/v1/tasks/{task_id}/status");
    let late = json!({ "status": "pr_opened", "lease_id": held[0]["lease_id"] });
    for body in [late, json!({ "status": "pr_opened" })] {
        let (status, problem) = pool.worker(&first, Method::POST, &path, Some(body)).await;
        assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("lease_stale")));
    }
}

#[tokio::test]
async fn the_page_says_what_this_is_and_loads_nothing_from_elsewhere() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path(), &[("OWP_CORS_ORIGINS", "https://pool.example.org")]);
    let http = server.pool().http;
    let page = http.get(&server.url).header("Origin", "https://pool.example.org").send().await.expect("an answer");
    let header =
        |name: &str| page.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    assert!(header("content-security-policy").starts_with("default-src 'none'"));
    assert_eq!(header("access-control-allow-origin"), "https://pool.example.org");
    let text = page.text().await.expect("text");
    let plain = text.contains("This is a work pool.") && text.contains(env!("CARGO_PKG_VERSION"));
    assert!(plain || text.contains("<div id=\"app\">"), "neither the plain page nor the dashboard: {text}");
    let elsewhere = http.get(&server.url).header("Origin", "https://evil.example.org").send().await.expect("an answer");
    assert!(elsewhere.headers().get("access-control-allow-origin").is_none());
}

#[tokio::test]
async fn a_page_of_a_named_origin_may_send_every_header_of_the_protocol() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path(), &[("OWP_CORS_ORIGINS", "https://pool.example.org")]);
    let needed = ["authorization", "content-type", "idempotency-key", "last-event-id", "x-admin-token", "x-request-id"];
    let ask = server.pool().http.request(Method::OPTIONS, format!("{}/v1/events", server.url));
    let ask = ask.header("Origin", "https://pool.example.org").header("Access-Control-Request-Method", "GET");
    let answer = ask.header("Access-Control-Request-Headers", needed.join(",")).send().await.expect("an answer");
    let allowed = answer.headers()["access-control-allow-headers"].to_str().expect("ASCII").to_owned();
    let allowed: Vec<&str> = allowed.split(',').map(str::trim).collect();
    assert_eq!(needed.iter().find(|name| !allowed.contains(name)), None, "{allowed:?}");
}
