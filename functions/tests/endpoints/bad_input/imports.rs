//! Imports in which one thing is wrong: nothing of them is taken, and the place of the fault is named.

use super::{Besieged, Fault, Place, fault};
use crate::pool::{Ask, Pool};
use serde_json::{Value, json};

fn yaml(what: &str, text: &str, code: &'static str, place: Place) -> Fault {
    let ask = Ask::new("POST", "/v1/admin/tasks/import").yaml(text).by_admin();
    fault(what, ask, 400, code, place)
}

fn list(what: &str, tasks: &Value, status: u16, code: &'static str, place: Place) -> Fault {
    fault(what, Ask::post("/v1/admin/tasks/import", tasks).by_admin(), status, code, place)
}

/// Each level is ten times the one before.
fn bomb() -> String {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let row = vec![format!("*a{}", level - 1); 10].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{row}]\n"));
    }
    text
}

#[tokio::test]
async fn yaml_that_can_not_be_read_is_refused_with_its_line() {
    let besieged = Besieged::new().await;
    let broken = "- repo: demo\n  title: One\n- repo: demo\n  title: [Two\n- repo: demo\n  title: Three\n";
    let tabs = "- repo: demo\n\ttitle: One\n";
    let twice = "- repo: demo\n  title: One\n  title: Two\n";
    // The line in which the parser's own trouble begins.
    let faults = [("unclosed", broken, 4..=5), ("tab", tabs, 1..=2), ("a field twice", twice, 3..=3)];
    for (what, text, lines) in faults {
        let answer = besieged.pool.ask(Ask::new("POST", "/v1/admin/tasks/import").yaml(text).by_admin()).await;
        let body = answer.refused(400, "malformed_body");
        let line = body["errors"][0]["line"].as_u64().unwrap_or_else(|| panic!("{what} has no line: {body:#}"));
        assert!(lines.contains(&line), "{what}: line {line}");
    }
    besieged
        .withstands(vec![
            yaml("bomb", &bomb(), "malformed_body", Place::Body("")),
            yaml("deep", &"[".repeat(100_000), "malformed_body", Place::Body("")),
            yaml("deep by indentation", &"- ".repeat(50_000), "malformed_body", Place::Body("")),
            yaml("unknown anchor", "- *nobody\n", "malformed_body", Place::Body("")),
            yaml(
                "two documents",
                "- {repo: demo, title: T}\n---\n- {repo: demo, title: U}\n",
                "malformed_body",
                Place::Body(""),
            ),
            yaml("a map", "repo: demo\ntitle: T\n", "invalid_request", Place::Body("")),
            yaml("a text", "hello", "invalid_request", Place::Body("")),
            yaml("nothing", "", "invalid_request", Place::Body("")),
        ])
        .await;
}

#[tokio::test]
async fn an_item_at_fault_is_named_by_pointer_and_line() {
    let besieged = Besieged::new().await;
    let text = "# tasks\n- repo: demo\n  title: One\n- repo: demo\n  title: Two\n  tier: 9\n- repo: demo\n";
    besieged
        .withstands(vec![
            yaml("out of range", text, "invalid_request", Place::Line("/1/tier", 6)),
            yaml("missing", text, "invalid_request", Place::Line("/2", 7)),
            yaml("wrong type", "- repo: demo\n  title: 7\n", "invalid_request", Place::Line("/0/title", 2)),
            yaml("date", "- repo: demo\n  title: T\n  area: [a]\n", "invalid_request", Place::Line("/0/area", 3)),
            yaml("unknown", "- repo: demo\n  titel: T\n  title: T\n", "invalid_request", Place::Line("/0/titel", 2)),
        ])
        .await;
}

#[tokio::test]
async fn a_list_is_taken_whole_or_not_at_all() {
    let besieged = Besieged::new().await;
    let good = |title: &str| json!({ "repo": "demo", "title": title });
    let many: Vec<Value> = (0..1001).map(|number| good(&format!("Task {number}"))).collect();
    let with = |last: Value| json!([good("One"), good("Two"), last]);
    let unknown_repo = with(json!({ "repo": "owner/unknown", "title": "T" }));
    let keyed = |title: &str| json!({ "repo": "demo", "title": title, "key": "same" });
    besieged
        .withstands(vec![
            list("1,001 tasks", &json!(many), 400, "invalid_request", Place::Body("")),
            list("an unknown repository", &unknown_repo, 404, "repo_not_found", Place::Body("/2/repo")),
            list("the same title", &with(good(" One ")), 409, "key_taken", Place::Body("/2/title")),
            list("the same key", &json!([keyed("A"), keyed("B")]), 409, "key_taken", Place::Body("/1/key")),
            list("a bad last one", &with(json!({ "repo": "demo" })), 400, "invalid_request", Place::Body("/2")),
            list("null", &json!(null), 400, "invalid_request", Place::Body("")),
            list("not an object", &with(json!("T")), 400, "invalid_request", Place::Body("/2")),
        ])
        .await;
}

#[tokio::test]
async fn a_yaml_list_with_an_unknown_repository_names_its_line() {
    let besieged = Besieged::new().await;
    let text = "- repo: demo\n  title: One\n- title: Two\n  repo: owner/unknown\n";
    let ask = Ask::new("POST", "/v1/admin/tasks/import").yaml(text).by_admin();
    besieged.withstands(vec![fault("unknown", ask, 404, "repo_not_found", Place::Body("/1/repo"))]).await;
}

#[tokio::test]
async fn a_thousand_tasks_are_taken() {
    let pool = Pool::new();
    pool.repo("demo", 3).await;
    let many: Vec<Value> = (0..1000).map(|number| json!({ "repo": "demo", "title": format!("T {number}") })).collect();
    let answer = pool.post("/v1/admin/tasks/import", json!(many)).await.ok(200);
    assert_eq!(answer["created"], 1000);
    assert_eq!(pool.state().await["tasks_ready"], 1000);
}
