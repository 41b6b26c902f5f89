//! The runner, from the lease to the last report, with all that may come between.

use crate::home::{Home, TOKEN, in_s, ok, problem, text};
use crate::stub::{Answer, Request, Stub};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use std::fs;
use std::process::{Child, Command, Output};

pub const FAR: &str = "2126-01-18T05:00:00.000Z";

/// A runner in the background; a test that fails leaves none behind.
pub struct Running {
    child: Option<Child>,
}

impl Running {
    pub fn start(command: &mut Command) -> Self {
        Self { child: Some(command.spawn().unwrap()) }
    }

    pub fn signal(&self, signal: Signal) {
        let id = self.child.as_ref().and_then(|child| i32::try_from(child.id()).ok());
        kill_process(id.and_then(Pid::from_raw).unwrap(), signal).unwrap();
    }

    pub fn output(mut self) -> Output {
        self.child.take().unwrap().wait_with_output().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.child.is_some() {
            // Tells it to stop its command and leave.
            self.signal(Signal::HUP);
        }
    }
}

pub fn lease() -> Value {
    json!({
        "lease_id": "l_1", "task_id": "t_1", "repo": "owner/repo", "title": "Fix it", "description": "Do this.",
        "estimate_points": 1, "priority": 10, "area": null, "tier": 0, "required_skills": ["rust"], "state": "leased",
        "lease_expires_at": FAR, "attempt": 1,
    })
}

pub fn work(leases: &Value) -> Answer {
    ok(json!({ "worker_id": "w_1", "leases": leases, "in_review": [], "server_time": in_s(0), "poll_after_s": 1 }))
}

/// A server that goes along with all a runner does and gives it one task.
pub fn agreeable(request: &Request, alike: usize) -> Answer {
    match request.path.split('?').next().unwrap_or_default() {
        "/v1/workers/heartbeat" => ok(json!({ "ok": true, "server_time": in_s(0), "heartbeat_interval_s": 1 })),
        "/v1/work" if alike == 0 => work(&json!([lease()])),
        "/v1/work" => work(&json!([])),
        "/v1/leases/l_1/renew" => {
            ok(json!({ "ok": true, "lease_id": "l_1", "task_id": "t_1", "lease_expires_at": FAR, "renewable": true }))
        }
        "/v1/leases/l_1/release" => ok(json!({ "ok": true, "task_id": "t_1", "state": "ready" })),
        "/v1/tasks/t_1/status" => ok(json!({ "ok": true, "task_id": "t_1", "state": request.json()["status"] })),
        path => problem(404, "not_found", path),
    }
}

pub fn events(output: &Output) -> Vec<Value> {
    text(&output.stdout).lines().map(|line| serde_json::from_str(line).expect("each line is one event")).collect()
}

pub fn has_event(output: &Output, name: &str) -> bool {
    events(output).iter().any(|event| event["event"] == name)
}

#[test]
fn the_runner_takes_a_lease_through_to_an_open_pull_request() {
    let stub = Stub::start(agreeable);
    let home = Home::registered(&stub);
    let exec = r#"env > ../seen; cp TASK.md task.json ..; echo owp/t_1 > branch; echo noise;
        printf '{"pr_url":"https://github.com/owner/repo/pull/7","notes":"all green","message":"done"}' > "$OWP_RESULT""#;
    let output =
        home.runner(exec, &["--once"]).env("OWP_TOKEN", TOKEN).env("OWP_ADMIN_TOKEN", "boss").output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(has_event(&output, "pr_opened") && !text(&output.stdout).contains(TOKEN));

    let reports: Vec<Value> = stub.requests_to("POST", "/v1/tasks/t_1/status").iter().map(Request::json).collect();
    assert_eq!(reports.first().unwrap(), &json!({ "status": "in_progress", "lease_id": "l_1" }));
    assert_eq!(
        reports.last().unwrap(),
        &json!({ "status": "pr_opened", "lease_id": "l_1", "message": "done", "branch": "owp/t_1", "notes": "all green",
            "artifact": { "pr_url": "https://github.com/owner/repo/pull/7" } })
    );
    for request in stub.requests() {
        assert_eq!(request.headers["authorization"], format!("Bearer {TOKEN}"));
        assert_eq!(request.headers.contains_key("idempotency-key"), request.method == "POST", "{}", request.path);
    }
    let seen = fs::read_to_string(home.path().join("work/seen")).unwrap();
    assert!(seen.contains("OWP_CLONE_URL=https://github.com/owner/repo.git\n") && seen.contains("OWP_LEASE_ID=l_1\n"));
    assert!(!seen.contains(TOKEN) && !seen.contains("OWP_ADMIN_TOKEN"));
    assert!(fs::read_to_string(home.path().join("work/TASK.md")).unwrap().contains("Do this."));
    assert_eq!(
        serde_json::from_slice::<Value>(&fs::read(home.path().join("work/task.json")).unwrap()).unwrap()["task_id"],
        "t_1"
    );
    assert!(!home.path().join("work/t_1-l_1").exists());
}

#[test]
fn the_runner_hands_a_failed_task_back_with_code_and_last_words() {
    let stub = Stub::start(agreeable);
    let home = Home::registered(&stub);
    let output =
        home.runner("echo half > notes; echo the compiler broke >&2; exit 4", &["--once", "--keep"]).output().unwrap();
    assert!(output.status.success() && has_event(&output, "released"));
    let release = stub.requests_to("POST", "/v1/leases/l_1/release")[0].json();
    assert_eq!(
        release,
        json!({ "reason": "failed", "message": "the command failed with exit code 4:\nthe compiler broke", "notes": "half" })
    );
    assert!(home.path().join("work/t_1-l_1/TASK.md").exists());
}

#[test]
fn exit_code_75_hands_the_task_back_for_want_of_quota() {
    let stub = Stub::start(agreeable);
    Home::registered(&stub).runner("exit 75", &["--exit-when-idle"]).output().unwrap();
    assert_eq!(stub.requests_to("POST", "/v1/leases/l_1/release")[0].json()["reason"], "quota_exhausted");
}

#[test]
fn heartbeats_renewals_and_progress_go_on_while_the_command_runs() {
    let stub = Stub::start(|request, alike| match request.path.split('?').next().unwrap_or_default() {
        "/v1/work" if alike == 0 => {
            let mut lease = lease();
            lease["lease_expires_at"] = json!(in_s(3));
            work(&json!([lease]))
        }
        _ => agreeable(request, alike),
    });
    let home = Home::registered(&stub);
    let exec = "echo owp/t_1 > branch; while [ ! -e ../go ]; do sleep 0.05; done; echo abcd123 > commit_sha";
    let child = Running::start(&mut home.runner(exec, &["--once"]));
    stub.wait_for("heartbeats, a renewal and progress", |requests| {
        requests.iter().filter(|request| request.path == "/v1/workers/heartbeat").count() >= 3
            && requests.iter().any(|request| request.path == "/v1/leases/l_1/renew")
            && requests.iter().any(|request| request.json()["branch"] == "owp/t_1")
    });
    fs::write(home.path().join("work/go"), "").unwrap();
    let output = child.output();
    assert!(has_event(&output, "renewed") && has_event(&output, "handoff_saved"));
    let last = stub.requests_to("POST", "/v1/tasks/t_1/status").pop().unwrap().json();
    assert_eq!((&last["status"], &last["artifact"]["commit_sha"]), (&json!("pr_opened"), &json!("abcd123")));
    assert!(stub.requests().iter().any(|request| request.json()["status"] == "working"));
}

#[test]
fn a_stale_lease_stops_the_command_and_nothing_more_is_reported() {
    let stub = Stub::start(|request, alike| match request.path.split('?').next().unwrap_or_default() {
        "/v1/work" if alike == 0 => {
            let mut lease = lease();
            lease["lease_expires_at"] = json!(in_s(1));
            work(&json!([lease]))
        }
        "/v1/leases/l_1/renew" => problem(409, "lease_stale", "the lease has expired"),
        _ => agreeable(request, alike),
    });
    let output = Home::registered(&stub).runner("sleep 600", &["--once"]).output().unwrap();
    assert!(output.status.success() && has_event(&output, "command_stopped") && has_event(&output, "lease_lost"));
    assert!(stub.requests_to("POST", "/v1/leases/l_1/release").is_empty());
    assert_eq!(stub.requests_to("POST", "/v1/tasks/t_1/status").len(), 1);
}

#[test]
fn a_report_outlasts_a_server_that_is_away_for_a_moment() {
    let stub = Stub::start(|request, alike| {
        let away = request.is("POST", "/v1/tasks/t_1/status") && (1..3).contains(&alike);
        if away { problem(503, "unavailable", "busy") } else { agreeable(request, alike) }
    });
    let output = Home::registered(&stub).runner("echo abcd > commit_sha", &["--once"]).output().unwrap();
    assert!(output.status.success() && has_event(&output, "retrying") && has_event(&output, "pr_opened"));
    let reports = stub.requests_to("POST", "/v1/tasks/t_1/status");
    let keys: Vec<_> = reports.iter().map(|report| &report.headers["idempotency-key"]).collect();
    assert_eq!(keys.len(), 4);
    assert!(keys[0] != keys[1] && keys[1] == keys[2] && keys[2] == keys[3]);
}

#[test]
fn a_worker_that_was_shut_out_stops_with_the_reason() {
    let stub = Stub::start(|_, _| problem(401, "token_revoked", "this worker was shut out"));
    let output = Home::registered(&stub).runner("true", &[]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(has_event(&output, "error") && text(&output.stderr).contains("hint: a maintainer shut this worker out"));
}

#[test]
fn one_signal_finishes_the_task_and_says_paused() {
    let stub = Stub::start(agreeable);
    let home = Home::registered(&stub);
    let child =
        Running::start(&mut home.runner("while [ ! -e ../go ]; do sleep 0.05; done; echo abcd > commit_sha", &[]));
    stub.wait_for("the task to begin", |requests| {
        requests.iter().any(|request| request.path == "/v1/tasks/t_1/status")
    });
    child.signal(Signal::TERM);
    stub.wait_for("the pause", |requests| requests.iter().any(|request| request.json()["status"] == "paused"));
    fs::write(home.path().join("work/go"), "").unwrap();
    let output = child.output();
    assert!(output.status.success() && has_event(&output, "draining") && has_event(&output, "pr_opened"));
}

#[test]
fn two_signals_stop_the_command_and_hand_the_task_back() {
    let stub = Stub::start(agreeable);
    let home = Home::registered(&stub);
    let child = Running::start(&mut home.runner("echo owp/t_1 > branch; touch ../begun; sleep 600", &[]));
    stub.wait_for("the command to begin", |_| home.path().join("work/begun").exists());
    child.signal(Signal::INT);
    stub.wait_for("the pause", |requests| requests.iter().any(|request| request.json()["status"] == "paused"));
    child.signal(Signal::INT);
    let output = child.output();
    assert!(output.status.success() && has_event(&output, "stopping"), "{}", text(&output.stderr));
    let release = stub.requests_to("POST", "/v1/leases/l_1/release")[0].json();
    assert_eq!((&release["reason"], &release["branch"]), (&json!("shutdown"), &json!("owp/t_1")));
}

#[test]
fn leases_beyond_what_the_run_takes_are_handed_back() {
    let stub = Stub::start(|request, alike| match request.path.split('?').next().unwrap_or_default() {
        "/v1/work" => {
            let mut second = lease();
            second["lease_id"] = json!("l_2");
            second["task_id"] = json!("t_2");
            work(&json!([lease(), second]))
        }
        "/v1/leases/l_2/release" => ok(json!({ "ok": true, "task_id": "t_2", "state": "ready" })),
        _ => agreeable(request, alike),
    });
    let output = Home::registered(&stub).runner("echo abcd > commit_sha", &["--once"]).output().unwrap();
    assert!(output.status.success());
    assert_eq!(stub.requests_to("POST", "/v1/leases/l_2/release")[0].json()["reason"], "shutdown");
    assert_eq!(stub.requests().last().unwrap().json()["status"], "idle");
}
