//! The commands that ask once and print.

use crate::home::{Home, NOW, TOKEN, ok, problem, text};
use crate::records::{task, with, worker};
use crate::stub::Stub;
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::PermissionsExt;

#[test]
fn registering_keeps_the_token_in_a_file_for_the_owner_only_and_never_shows_it() {
    let stub = Stub::start(|_, _| {
        (
            201,
            Vec::new(),
            json!({ "worker_id": "w_9", "token": TOKEN, "trust_tier": "basic", "heartbeat_interval_s": 30 }),
        )
    });
    let home = Home::new();
    let output = home.owp(&[
        "--server",
        &stub.address,
        "worker",
        "register",
        "--name",
        "Ann",
        "--skills",
        "rust, docs",
        "--json",
    ]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(!text(&output.stdout).contains(TOKEN) && text(&output.stdout).contains("w_9"));
    assert_eq!(fs::metadata(home.config()).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(fs::read_to_string(home.config()).unwrap().contains(TOKEN));
    let sent = &stub.requests_to("POST", "/v1/workers/register")[0];
    assert_eq!(sent.json()["skills"], json!(["rust", "docs"]));
    assert!(sent.headers.contains_key("idempotency-key"));

    let again = home.owp(&["--server", &stub.address, "worker", "register", "--name", "Ann"]);
    assert_eq!(again.status.code(), Some(1));
    assert!(text(&again.stderr).contains("--force"));
    let other = home.owp(&["--server", &stub.address, "worker", "register", "--name", "Bob", "--profile", "second"]);
    assert!(other.status.success());
    assert_eq!(stub.requests().len(), 2);
}

#[test]
fn a_config_that_others_can_read_is_closed_with_a_warning() {
    let stub = Stub::start(|_, _| problem(401, "token_revoked", "this worker was shut out"));
    let home = Home::registered(&stub);
    fs::set_permissions(home.config(), fs::Permissions::from_mode(0o644)).unwrap();
    let output = home.owp(&["worker", "status"]);
    assert!(text(&output.stderr).starts_with("warning: "));
    assert_eq!(fs::metadata(home.config()).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_problem_is_told_with_its_place_its_request_and_the_next_step() {
    let stub = Stub::start(|_, _| {
        let (status, headers, mut document) = problem(400, "invalid_request", "the file has 1 fault\u{1b}[2J");
        document["errors"] = json!([{ "pointer": "/0/tier", "line": 4, "detail": "must be at most 3" }]);
        (status, headers, document)
    });
    let home = Home::new();
    fs::write(home.path().join("tasks.yaml"), "- repo: demo\n").unwrap();
    let arguments = ["--server", &stub.address, "--admin-token", "boss", "admin", "import", "tasks.yaml", "--dry-run"];
    let output = home.owp(&arguments);
    assert_eq!(output.status.code(), Some(1));
    let told = text(&output.stderr);
    assert_eq!(
        told,
        "error: the file has 1 fault\u{fffd}[2J\n  line 4 (/0/tier): must be at most 3\n  request: r_1\n  hint: correct what is named above and try again\n"
    );
    let sent = &stub.requests()[0];
    assert_eq!(sent.path, "/v1/admin/tasks/import?dry_run=true");
    assert_eq!(sent.headers["content-type"], "application/yaml");
    assert_eq!(sent.headers["x-admin-token"], "boss");

    let in_json = home.command(&arguments).arg("--json").output().unwrap();
    let document: Value = serde_json::from_slice(&in_json.stdout).unwrap();
    assert_eq!(document["code"], "invalid_request");
    assert!(!text(&in_json.stdout).contains('\u{1b}'));
}

#[test]
fn a_server_that_does_not_answer_is_exit_code_3_and_a_wrong_command_line_is_2() {
    let unused = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let home = Home::new();
    let output = home.owp(&["--server", &format!("http://{unused}"), "server"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(text(&output.stderr).contains("hint: start the server with"), "{}", text(&output.stderr));
    assert_eq!(home.owp(&["admin", "show", "../x", "--admin-token", "a"]).status.code(), Some(2));
    assert_eq!(home.owp(&["--server", "nonsense", "server"]).status.code(), Some(2));
}

#[test]
fn a_busy_server_is_asked_again_with_the_same_key() {
    let stub = Stub::start(|_, alike| match alike {
        0 => (503, vec![("retry-after", "0".to_owned())], problem(503, "unavailable", "busy").2),
        _ => ok(json!({ "ok": true, "worker_id": "w_2", "tasks_requeued": [] })),
    });
    let output = Home::new().owp(&[
        "--server",
        &stub.address,
        "--admin-token",
        "a",
        "admin",
        "revoke",
        "w_2",
        "--reason",
        "spam",
    ]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let requests = stub.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].headers["idempotency-key"], requests[1].headers["idempotency-key"]);
}

#[test]
fn what_github_refused_is_told_at_once_and_asked_again_only_where_github_is_away() {
    for (waits, asked) in [(false, 1), (true, 4)] {
        let stub = Stub::start(move |_, _| {
            let detail = "GitHub does not take the credentials; renew GITHUB_TOKEN, or the app's key";
            let headers = if waits { vec![("retry-after", "0".to_owned())] } else { Vec::new() };
            (502, headers, problem(502, "github_failed", detail).2)
        });
        let arguments = ["--server", &stub.address, "--admin-token", "a", "admin", "github", "sync", "owner/repo"];
        let output = Home::new().owp(&arguments);
        let told = text(&output.stderr);
        assert_eq!((output.status.code(), stub.requests().len()), (Some(1), asked), "{told}");
        assert!(told.contains("renew GITHUB_TOKEN"), "{told}");
        let hint = if waits { "hint: GitHub is away" } else { "hint: mend at GitHub, or in the server's credentials" };
        assert!(told.contains(hint), "{told}");
    }
}

#[test]
fn lists_follow_the_pages_and_show_hostile_titles_harmlessly() {
    let stub = Stub::start(|request, _| {
        let title = if request.path.contains("cursor=") { "Second" } else { "First\u{1b}]0;x\u{7}" };
        let mut page = json!({ "tasks": [with(task(), &json!({ "title": title }))] });
        if title != "Second" {
            page["next_cursor"] = json!("abc");
        }
        ok(page)
    });
    let arguments = ["--server", &stub.address, "--admin-token", "a", "admin", "tasks", "--all", "--state", "ready"];
    let shown = text(&Home::new().owp(&arguments).stdout);
    assert!(shown.contains("First\u{fffd}]0;x\u{fffd}") && shown.contains("Second"), "{shown}");
    assert_eq!(stub.requests()[0].path, "/v1/admin/tasks?state=ready&limit=100");
    let raw: Value =
        serde_json::from_slice(&Home::new().command(&arguments).arg("--json").output().unwrap().stdout).unwrap();
    assert_eq!(raw["tasks"].as_array().map(Vec::len), Some(2));
}

#[test]
fn releasing_a_task_finds_its_lease_without_taking_more_work() {
    let stub = Stub::start(|request, _| match request.path.as_str() {
        "/v1/workers/me" => ok(worker()),
        "/v1/tasks/t_1" => {
            let attempt = json!({ "worker_id": "w_1", "lease_id": "l_1", "started_at": NOW });
            ok(with(task(), &json!({ "state": "leased", "attempts": [attempt] })))
        }
        _ => ok(json!({ "ok": true, "task_id": "t_1", "state": "ready" })),
    });
    let output = Home::registered(&stub).owp(&["worker", "release", "t_1", "--reason", "skill_mismatch"]);
    assert_eq!(text(&output.stdout), "t_1 is ready now\n");
    assert!(stub.requests_to("GET", "/v1/work").is_empty());
    assert_eq!(stub.requests_to("POST", "/v1/leases/l_1/release")[0].json()["reason"], "skill_mismatch");
}
