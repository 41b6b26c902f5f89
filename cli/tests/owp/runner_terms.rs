//! The runner where tasks are offered, and where the quota runs out.

use crate::home::{Home, in_s, ok, problem, text};
use crate::records::{offer, with, worker};
use crate::runner::{FAR, Running, agreeable, events, has_event, lease, work};
use crate::stub::{Answer, Request, Stub};
use rustix::process::Signal;
use serde_json::{Value, json};
use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

fn offers(offers: &[Value]) -> Answer {
    ok(json!({ "worker_id": "w_1", "offers": offers, "server_time": in_s(0), "poll_after_s": 1 }))
}

fn me(mode: &str) -> Answer {
    let fields = json!({ "work_mode": mode, "max_concurrent_tasks": 4, "tasks_held": [] });
    ok(with(worker(), &fields))
}

/// A server in mode `offer` with two offers, of which the first becomes the lease.
fn offering() -> impl Fn(&Request, usize) -> Answer {
    let accepted = AtomicBool::new(false);
    move |request, alike| match request.path.split('?').next().unwrap_or_default() {
        "/v1/workers/me" => me("offer"),
        "/v1/work" if accepted.load(Ordering::SeqCst) && alike < 3 => work(&json!([lease()])),
        "/v1/work" => work(&json!([])),
        "/v1/work/offers" if accepted.load(Ordering::SeqCst) => offers(&[offer(2, FAR)]),
        "/v1/work/offers" => offers(&[offer(1, FAR), offer(2, FAR)]),
        "/v1/work/offers/o_1/accept" => {
            accepted.store(true, Ordering::SeqCst);
            (201, Vec::new(), json!({ "ok": true, "task_id": "t_1", "lease_id": "l_1", "lease_expires_at": FAR }))
        }
        "/v1/work/offers/o_2/reject" => ok(json!({ "ok": true, "task_id": "t_2", "state": "ready" })),
        _ => agreeable(request, alike),
    }
}

#[test]
fn the_runner_accepts_what_it_can_begin_and_declines_the_rest_at_its_end() {
    let stub = Stub::start(offering());
    let output = Home::registered(&stub).runner("echo abcd > commit_sha", &["--once"]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(has_event(&output, "offer_accepted") && has_event(&output, "pr_opened"));
    assert!(stub.requests_to("POST", "/v1/work/offers/o_2/accept").is_empty());
    assert_eq!(stub.requests_to("POST", "/v1/work/offers/o_2/reject")[0].json()["reason"], "insufficient_time");
    let fetches = stub.requests_to("GET", "/v1/work");
    assert!(fetches.iter().all(|fetch| !fetch.path.contains("wait_s")), "there is nothing to wait for");

    let told: Vec<Value> = stub.requests_to("PATCH", "/v1/workers/me").iter().map(Request::json).collect();
    assert_eq!(told, [json!({ "max_concurrent_tasks": 1 }), json!({ "max_concurrent_tasks": 4 })]);
}

#[test]
fn a_signal_declines_open_offers_at_once() {
    let stub = Stub::start(offering());
    let home = Home::registered(&stub);
    let exec = "touch ../begun; while [ ! -e ../go ]; do sleep 0.05; done; echo abcd > commit_sha";
    let child = Running::start(&mut home.runner(exec, &[]));
    stub.wait_for("the command to begin", |_| home.path().join("work/begun").exists());
    child.signal(Signal::TERM);
    stub.wait_for("the open offer to be declined", |requests| {
        requests.iter().any(|request| request.path == "/v1/work/offers/o_2/reject")
    });
    fs::write(home.path().join("work/go"), "").unwrap();
    let output = child.output();
    assert!(output.status.success() && has_event(&output, "offer_declined") && has_event(&output, "pr_opened"));
}

#[test]
fn asking_for_offers_until_a_time_tells_the_pool_both() {
    let stub = Stub::start(|request, alike| match request.path.split('?').next().unwrap_or_default() {
        "/v1/workers/me" => me("auto"),
        "/v1/work" => work(&json!([])),
        "/v1/work/offers" => offers(&[]),
        _ => agreeable(request, alike),
    });
    let more = ["--offers", "--until", FAR, "--parallel", "2", "--exit-when-idle"];
    let output = Home::registered(&stub).runner("true", &more).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let told = stub.requests_to("PATCH", "/v1/workers/me")[0].json();
    assert_eq!(told, json!({ "work_mode": "offer", "max_concurrent_tasks": 2, "availability": { "until": FAR } }));
    let agreed = events(&output).into_iter().find(|event| event["event"] == "agreed").expect("it is said");
    assert_eq!((&agreed["work_mode"], &agreed["until"]), (&json!("offer"), &json!(FAR)));
}

#[test]
fn a_run_ends_when_its_time_is_over() {
    let stub = Stub::start(|request, alike| match request.path.as_str() {
        "/v1/workers/me" => me("auto"),
        _ => agreeable(request, alike),
    });
    let output = Home::registered(&stub).runner("true", &["--until", "2026-01-18T00:00:00Z"]).output().unwrap();
    assert!(output.status.success() && has_event(&output, "finished"), "{}", text(&output.stderr));
    assert!(stub.requests_to("GET", "/v1/work").is_empty());
}

/// A command that finds its quota spent the first time, and goes on with what it left the second time.
const SPENT_ONCE: &str = r#"
    if [ "$OWP_RESUMED" = 1 ]; then cat half > commit_sha; exit 0; fi
    echo abcd1234 > half; echo owp/t_1 > branch
    printf '{"release":"quota_exhausted","quota_resets_at":"%s","notes":"half"}' "$RESETS_AT" > "$OWP_RESULT"
"#;

#[test]
fn a_task_is_parked_until_the_quota_is_back_and_goes_on_in_its_directory() {
    let resets_at = in_s(2);
    let parked_until = resets_at.clone();
    let parked = AtomicBool::new(false);
    let stub = Stub::start(move |request, alike| match request.path.split('?').next().unwrap_or_default() {
        "/v1/work" => {
            let state = if parked.load(Ordering::SeqCst) { "blocked" } else { "leased" };
            work(&json!([with(lease(), &json!({ "state": state }))]))
        }
        "/v1/leases/l_1/park" => {
            parked.store(true, Ordering::SeqCst);
            ok(json!({ "ok": true, "lease_id": "l_1", "task_id": "t_1", "parked_until": parked_until,
                "lease_expires_at": FAR }))
        }
        _ => agreeable(request, alike),
    });
    let home = Home::registered(&stub);
    let output = home.runner(SPENT_ONCE, &["--max", "2"]).env("RESETS_AT", &resets_at).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    for event in ["parked", "quota_spent", "pr_opened"] {
        assert!(has_event(&output, event), "{event}: {}", text(&output.stdout));
    }
    let park = stub.requests_to("POST", "/v1/leases/l_1/park");
    assert_eq!(park.len(), 1);
    assert_eq!(park[0].json(), json!({ "quota_resets_at": resets_at, "branch": "owp/t_1", "notes": "half" }));
    let reports = stub.requests_to("POST", "/v1/tasks/t_1/status");
    assert_eq!(reports.last().unwrap().json()["artifact"]["commit_sha"], "abcd1234");
    assert!(stub.requests_to("POST", "/v1/leases/l_1/release").is_empty());
    assert!(!home.path().join("work/t_1-l_1").exists());
}

#[test]
fn a_task_that_was_parked_before_is_handed_back_with_its_branch_and_the_pool_hears_of_the_quota() {
    let stub = Stub::start(|request, alike| match request.path.split('?').next().unwrap_or_default() {
        "/v1/workers/me" => me("auto"),
        "/v1/leases/l_1/park" => problem(409, "not_parkable", "this lease was parked before"),
        _ => agreeable(request, alike),
    });
    let home = Home::registered(&stub);
    let output = home.runner(SPENT_ONCE, &["--once"]).env("RESETS_AT", FAR).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let release = stub.requests_to("POST", "/v1/leases/l_1/release")[0].json();
    assert_eq!((&release["reason"], &release["branch"]), (&json!("quota_exhausted"), &json!("owp/t_1")));
    let told = stub.requests_to("PATCH", "/v1/workers/me")[0].json();
    assert_eq!(told, json!({ "availability": { "quota_resets_at": FAR } }));
}

#[test]
fn a_task_that_can_not_be_parked_for_long_enough_is_handed_back() {
    let stub = Stub::start(|request, alike| match request.path.split('?').next().unwrap_or_default() {
        "/v1/leases/l_1/park" => ok(json!({ "ok": true, "lease_id": "l_1", "task_id": "t_1",
            "parked_until": in_s(60), "lease_expires_at": FAR })),
        _ => agreeable(request, alike),
    });
    let home = Home::registered(&stub);
    home.runner(SPENT_ONCE, &["--once"]).env("RESETS_AT", FAR).output().unwrap();
    assert_eq!(stub.requests_to("POST", "/v1/leases/l_1/release")[0].json()["reason"], "quota_exhausted");
}

#[test]
fn what_was_not_begun_goes_to_others_when_the_quota_is_spent() {
    let stub = Stub::start(|request, alike| match request.path.split('?').next().unwrap_or_default() {
        "/v1/work" if alike == 0 => {
            let second = with(lease(), &json!({ "lease_id": "l_2", "task_id": "t_2" }));
            work(&json!([lease(), second]))
        }
        "/v1/leases/l_1/park" => ok(json!({ "ok": true, "lease_id": "l_1", "task_id": "t_1",
            "parked_until": FAR, "lease_expires_at": FAR })),
        "/v1/leases/l_2/release" => ok(json!({ "ok": true, "task_id": "t_2", "state": "ready" })),
        _ => agreeable(request, alike),
    });
    let home = Home::registered(&stub);
    let output = home.runner(SPENT_ONCE, &["--exit-when-idle"]).env("RESETS_AT", FAR).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(stub.requests_to("POST", "/v1/leases/l_2/release")[0].json()["reason"], "quota_exhausted");
    assert!(home.path().join("work/t_1-l_1/half").exists(), "the parked task keeps its directory");
}

#[test]
fn a_lease_parked_by_an_earlier_run_is_taken_up_and_one_blocked_by_hand_is_not() {
    let stub = Stub::start(|request, alike| match request.path.split('?').next().unwrap_or_default() {
        "/v1/work" if alike == 0 => {
            let parked = with(lease(), &json!({ "state": "blocked" }));
            let by_hand = with(lease(), &json!({ "state": "blocked", "lease_id": "l_2", "task_id": "t_2" }));
            work(&json!([by_hand, parked]))
        }
        _ => agreeable(request, alike),
    });
    let home = Home::registered(&stub);
    let directory = home.path().join("work/t_1-l_1");
    fs::create_dir_all(&directory).unwrap();
    fs::write(directory.join("parked_until"), in_s(0)).unwrap();
    fs::write(directory.join("half"), "abcd").unwrap();
    let output = home.runner("cat half > commit_sha", &["--once"]).output().unwrap();
    assert!(output.status.success() && has_event(&output, "pr_opened"), "{}", text(&output.stderr));
    let left = events(&output).into_iter().find(|event| event["event"] == "left_alone").expect("it is said");
    assert_eq!(left["task_id"], "t_2");
}
