//! `/metrics`: who may read it, and that it tells what happened. `infra/test_monitoring.py` holds the dashboard and the
//! alarms to it.

mod support;

use reqwest::{Method, StatusCode};
use serde_json::json;
use std::collections::BTreeMap;
use support::{ADMIN_TOKEN, Pool, Server};

const METRICS_TOKEN: &str = "a token for the metrics only";

fn start(env: &[(&str, &str)]) -> (tempfile::TempDir, Server, Pool) {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path(), &[&[("OWP_METRICS_TOKEN", METRICS_TOKEN)], env].concat());
    let pool = server.pool();
    (folder, server, pool)
}

/// The value of each series, under its name and labels.
async fn figures(pool: &Pool) -> BTreeMap<String, f64> {
    let ask = pool.http.get(format!("{}/metrics", pool.url)).bearer_auth(METRICS_TOKEN);
    let answer = ask.send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    let text = answer.text().await.expect("text");
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let series = lines.map(|line| {
        let (name, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("no figure: {line}"));
        (name.to_owned(), value.parse().unwrap_or_else(|_| panic!("no number: {line}")))
    });
    series.collect()
}

#[tokio::test]
async fn only_those_with_a_token_read_the_figures() {
    let (_folder, _server, pool) = start(&[("OWP_RATE_LIMIT", "0.1")]);
    let worker = pool.register(json!({ "name": "curious" })).await;
    let url = format!("{}/metrics", pool.url);
    let ask = async |name: &str, value: &str| {
        let answer = pool.http.get(&url).header(name, value).send().await.expect("an answer");
        (answer.status(), answer.text().await.expect("text"))
    };
    assert_eq!(ask("X-Admin-Token", ADMIN_TOKEN).await.0, StatusCode::OK);
    assert_eq!(ask("Authorization", &format!("Bearer {METRICS_TOKEN}")).await.0, StatusCode::OK);
    for (name, value) in
        [("X-Nothing", ""), ("X-Admin-Token", METRICS_TOKEN), ("Authorization", "Bearer "), ("Authorization", &worker)]
    {
        let (status, text) = ask(name, value).await;
        assert_eq!((status, text.contains("owp_")), (StatusCode::UNAUTHORIZED, false), "{name}: {text}");
    }
    let mut tries = 4;
    while ask("Authorization", "Bearer guessed").await.0 == StatusCode::UNAUTHORIZED {
        tries += 1;
    }
    assert_eq!(tries, 12, "whoever guesses is limited");
    assert_eq!(ask("X-Admin-Token", ADMIN_TOKEN).await.0, StatusCode::OK);
}

#[tokio::test]
async fn who_guesses_at_the_tokens_is_in_the_audit_trail() {
    let (_folder, _server, pool) = start(&[]);
    let guess = pool.http.get(format!("{}/metrics", pool.url)).header("X-Admin-Token", "a guess");
    assert_eq!(guess.send().await.expect("an answer").status(), StatusCode::UNAUTHORIZED);
    let noted = support::until("the note", async || {
        let (_, page) = pool.admin(Method::GET, "/v1/audit/events?type=sign_in_failed", None).await;
        page["events"].get(0).map(|event| event["details"].clone())
    });
    let noted = noted.await;
    assert_eq!((&noted["operation"], &noted["address"]), (&json!("metrics"), &json!("127.0.0.1")));
}

#[tokio::test]
async fn without_a_token_of_its_own_only_the_administrator_reads_them() {
    let (_folder, _server, pool) = start(&[("OWP_METRICS_TOKEN", "")]);
    let url = format!("{}/metrics", pool.url);
    let answer = pool.http.get(&url).header("Authorization", "Bearer ").send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    let answer = pool.http.get(&url).header("X-Admin-Token", ADMIN_TOKEN).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK);
}

#[tokio::test]
async fn the_figures_tell_what_happened() {
    let (_folder, _server, pool) = start(&[("OWP_SWEEP_INTERVAL_S", "1")]);
    pool.put_repo("owner/repo", 3).await;
    for title in ["one", "two"] {
        pool.create_task(json!({ "repo": "owner/repo", "title": title })).await;
    }
    let token = pool.register(json!({ "name": "busy", "max_concurrent_tasks": 1 })).await;
    let lease = pool.fetch(&token).await.pop().expect("a lease");
    let release = format!("/v1/leases/{}/release", lease["lease_id"].as_str().expect("an id"));
    let body = json!({ "reason": "insufficient_time" });
    let (status, answer) = pool.worker(&token, Method::POST, &release, Some(body.clone())).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    let (status, _) = pool.worker(&token, Method::POST, &release, Some(body)).await;
    assert_eq!(status, StatusCode::CONFLICT);
    pool.fetch(&token).await;
    pool.worker(&token, Method::GET, "/v1/work?wait_s=1", None).await;
    let missing = pool.http.get(format!("{}/no/such/{token}", pool.url)).send().await.expect("an answer");
    assert_eq!(missing.status(), StatusCode::NOT_FOUND);

    let figures = figures(&pool).await;
    let expected = [
        (r#"owp_http_requests_total{operation="createTask",status="201"}"#, 2.0),
        (r#"owp_http_requests_total{operation="releaseLease",status="200"}"#, 1.0),
        (r#"owp_http_requests_total{operation="releaseLease",status="409"}"#, 1.0),
        (r#"owp_http_requests_total{operation="none",status="404"}"#, 1.0),
        (r#"owp_http_request_duration_seconds_count{operation="fetchWork",waits="no"}"#, 2.0),
        (r#"owp_http_request_duration_seconds_count{operation="fetchWork",waits="yes"}"#, 1.0),
        (r#"owp_refusals_total{code="lease_stale"}"#, 1.0),
        (r#"owp_refusals_total{code="not_found"}"#, 1.0),
        ("owp_leases_granted_total", 2.0),
        (r#"owp_leases_ended_total{outcome="released"}"#, 1.0),
        (r#"owp_tasks{state="ready"}"#, 1.0),
        (r#"owp_tasks{state="leased"}"#, 1.0),
        (r#"owp_tasks{state="merged"}"#, 0.0),
        ("owp_workers_online", 1.0),
        ("owp_review_slots", 3.0),
        ("owp_review_slots_free", 2.0),
        ("owp_store_up", 1.0),
        ("owp_event_streams", 0.0),
        ("owp_sweep_overdue_seconds", 0.0),
    ];
    for (series, value) in expected {
        assert_eq!(figures.get(series), Some(&value), "{series} in {figures:#?}");
    }
    for at_least_one in
        ["owp_store_commit_duration_seconds_count", "owp_store_commit_batch_commands_sum", "owp_connections"]
    {
        assert!(figures.get(at_least_one).is_some_and(|value| *value >= 1.0), "{at_least_one} in {figures:#?}");
    }
    assert!(figures.keys().all(|series| !series.contains(&token)), "what a client sends is no label");
}
