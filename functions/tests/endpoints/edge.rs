//! What every answer has, whatever was asked.

use crate::pool::{Ask, Pool};
use owp_functions::endpoints::{fetch_work, get_own_worker};
use owp_functions::router;
use owp_protocol::{contract, operations};
use serde_json::json;

#[tokio::test]
async fn a_fitting_request_id_comes_back_and_another_is_replaced() {
    let pool = Pool::new();
    for id in ["a", "trace-01.b_C", &"x".repeat(64)] {
        let answer = pool.ask(Ask::get("/healthz").header("x-request-id", id)).await;
        assert_eq!(answer.header("x-request-id"), Some(id));
        let problem = pool.ask(Ask::get("/nowhere").header("x-request-id", id)).await.refused(404, "not_found");
        assert_eq!(problem["request_id"], id);
    }
    for id in ["", "with space", "new\tline", "<script>", "é", &"x".repeat(65)] {
        let answer = pool.ask(Ask::get("/healthz").header("x-request-id", id)).await;
        let given = answer.header("x-request-id").unwrap();
        assert!(given.starts_with("r_") && given != id, "{given}");
    }
}

#[tokio::test]
async fn each_request_gets_an_id_of_its_own_which_its_events_carry() {
    let pool = Pool::new();
    let ids: Vec<String> = [pool.ask(Ask::get("/healthz")).await, pool.ask(Ask::get("/healthz")).await]
        .iter()
        .map(|answer| answer.header("x-request-id").unwrap().to_owned())
        .collect();
    assert_ne!(ids[0], ids[1]);
    let ask = Ask::post("/v1/admin/repos", &json!({ "repo": "demo" })).by_admin();
    pool.ask(ask.header("x-request-id", "mine")).await.ok(200);
    assert_eq!(pool.events().await[0].request_id, "mine");
}

#[tokio::test]
async fn head_is_answered_like_get_without_the_body() {
    let pool = Pool::new();
    pool.repo("demo", 3).await;
    let worker = pool.roomy_worker().await;
    let task_id = pool.task(json!({})).await;
    for operation in operations(&contract()).into_iter().filter(|operation| operation.method == "GET") {
        let path = operation.path.replace("{task_id}", &task_id).replace("{worker_id}", &worker.id);
        let path = path.replace("{owner}/{repo}", "-/demo");
        let path = if operation.id == "getAdmission" { format!("{path}?repo=demo") } else { path };
        let ask = |method| {
            let ask = Ask::new(method, &path).by(&worker);
            let security = operation.spec["security"].as_array().expect("every operation says who may call it");
            let for_workers = security.is_empty() || security.iter().any(|way| way.get("workerToken").is_some());
            if for_workers { ask } else { ask.by_admin() }
        };
        let (head, get) = (pool.ask(ask("HEAD")).await, pool.ask(ask("GET")).await);
        if operation.id == "fetchWork" {
            assert_eq!((head.status, head.header("allow")), (405, Some("GET")), "{path}");
            continue;
        }
        // In memory there is nothing to back up.
        let expected = if operation.id == "getBackup" { 501 } else { 200 };
        assert_eq!((head.status, get.status), (expected, expected), "{path}");
        assert_eq!(head.header("content-type"), get.header("content-type"), "{path}");
    }
}

#[tokio::test]
async fn a_head_gives_nothing_away() {
    let pool = Pool::new();
    pool.repo("demo", 3).await;
    pool.task(json!({})).await;
    let worker = pool.roomy_worker().await;
    let before = pool.everything().await;
    for path in ["/v1/work", "/v1/work?wait_s=60", "/v1/work/explain", "/v1/workers/me", "/v1/events"] {
        pool.ask(Ask::new("HEAD", path).by(&worker)).await;
        assert_eq!(pool.everything().await, before, "{path}");
    }
}

/// A function has the route of one operation and nothing else.
#[tokio::test]
async fn a_function_of_its_own_refuses_a_head_as_the_server_does() {
    let pool = Pool::new();
    let worker = pool.roomy_worker().await;
    let alone = |route| Pool { router: router(pool.app.clone(), vec![route]), ..pool.clone() };
    let answer = alone(fetch_work::route()).ask(Ask::new("HEAD", "/v1/work").by(&worker)).await;
    assert_eq!((answer.status, answer.header("allow")), (405, Some("GET")));
    let answer = alone(get_own_worker::route()).ask(Ask::new("HEAD", "/v1/workers/me").by(&worker)).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn no_answer_is_stored_or_read_as_something_else() {
    let pool = Pool::new();
    for path in ["/healthz", "/v1/server", "/v1/admin/state", "/nowhere"] {
        let answer = pool.get(path).await;
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
    }
}

#[tokio::test]
async fn whole_numbers_may_be_written_as_fractions_and_text_in_any_script() {
    let pool = Pool::new();
    let body = r#"{"repo":"demo","max_open_prs":2.0}"#;
    let ask = Ask::new("POST", "/v1/admin/repos").raw("application/json", body).by_admin();
    assert_eq!(pool.ask(ask).await.ok(200)["settings"]["max_open_prs"], 2);
    let title = "検証を追加する — ümlaut 👩‍💻";
    let task_id = pool.task(json!({ "title": title, "description": "a\u{0}b \u{202e}" })).await;
    assert_eq!(pool.read(&task_id).await["title"], title);
}
