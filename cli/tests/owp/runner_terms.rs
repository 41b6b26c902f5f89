//! The runner where tasks are offered, and where the quota runs out.

use crate::home::{Home, in_s, ok, problem, text};
use crate::records::{offer, with, worker};
use crate::runner::{FAR, Running, agreeable, events, has_event, lease, work};
use crate::stub::{Answer, Request, Stub};
use rustix::process::Signal;
use serde_json::{Value, json};
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

fn offers(offers: &[Value]) -> Answer {
    ok(json!({ "worker_id": "w_1", "offers": offers, "server_time": in_s(0), "poll_after_s": 1 }))
}

fn me(mode: &str) -> Answer {
    ok(with(worker(), &json!({ "work_mode": mode, "max_concurrent_tasks": 4, "tasks_held": [] })))
}

/// The lease that an offer became, which no fetch gives.
fn accepted(lease: &Value) -> Answer {
    let fields = ["task_id", "lease_id", "lease_expires_at"].map(|name| (name.to_owned(), lease[name].clone()));
    let answer = with(json!({ "ok": true, "lease": lease }), &Value::Object(fields.into_iter().collect()));
    (201, Vec::new(), answer)
}

/// A server in mode `offer` where two offers are open already; the runner is to take the first.
fn offering() -> impl Fn(&Request, usize) -> Answer {
    let accepted_first = AtomicBool::new(false);
    move |request, alike| match request.path.split('?').next().unwrap_or_default() {
        "/v1/workers/me" => me("offer"),
        "/v1/work" => work(&json!([])),
        "/v1/work/offers" if accepted_first.load(Ordering::SeqCst) => offers(&[offer(2, FAR)]),
        "/v1/work/offers" => offers(&[offer(1, FAR), offer(2, FAR)]),
        "/v1/work/offers/o_1/accept" => {
            accepted_first.store(true, Ordering::SeqCst);
            accepted(&lease())
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
    assert_eq!(fetches.len(), 1, "what is accepted needs no fetch");
    assert!(!fetches[0].path.contains("wait_s"), "there is nothing to wait for");
    assert_eq!(limits(&stub), ["limit=1", "limit=0"], "at the end it is only asked what is open");
    assert!(stub.requests_to("PATCH", "/v1/workers/me").is_empty(), "the worker's own word stands");
}

/// With which queries the stub was asked for offers.
fn limits(stub: &Stub) -> Vec<String> {
    let asked = stub.requests_to("POST", "/v1/work/offers");
    asked.iter().map(|request| request.path.split_once('?').expect("a limit").1.to_owned()).collect()
}

#[test]
fn the_runner_asks_for_as_many_offers_as_it_could_start_now() {
    let stub = Stub::start(|request, alike| match request.path.as_str() {
        "/v1/workers/me" => me("offer"),
        "/v1/work/offers?limit=3" => offers(&[offer(1, FAR)]),
        "/v1/work/offers?limit=2" => offers(&[]),
        "/v1/work/offers/o_1/accept" => accepted(&lease()),
        "/v1/work" => work(&json!([])),
        _ => agreeable(request, alike),
    });
    let home = Home::registered(&stub);
    let exec = "while [ ! -e ../go ]; do sleep 0.05; done; echo abcd > commit_sha";
    let child = Running::start(&mut home.runner(exec, &["--parallel", "3"]));
    stub.wait_for("the second asking", |requests| {
        requests.iter().filter(|request| request.is("POST", "/v1/work/offers")).count() == 2
    });
    child.signal(Signal::TERM);
    fs::write(home.path().join("work/go"), "").unwrap();
    assert!(has_event(&child.output(), "pr_opened"));
    assert_eq!(limits(&stub)[..2], ["limit=3", "limit=2"]);
}

#[test]
fn an_offer_that_is_gone_when_it_is_accepted_starts_nothing() {
    let stub = Stub::start(|request, alike| match request.path.split('?').next().unwrap_or_default() {
        "/v1/workers/me" => me("offer"),
        "/v1/work" => work(&json!([])),
        "/v1/work/offers" if alike == 0 => offers(&[offer(1, FAR), offer(2, FAR)]),
        "/v1/work/offers" => offers(&[]),
        "/v1/work/offers/o_1/accept" => problem(409, "offer_gone", "it ran out"),
        "/v1/work/offers/o_2/accept" => accepted(&lease()),
        _ => agreeable(request, alike),
    });
    let output = Home::registered(&stub).runner("echo abcd > commit_sha", &["--once"]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(has_event(&output, "trouble") && has_event(&output, "pr_opened"), "{}", text(&output.stdout));
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
    assert_eq!(told, json!({ "work_mode": "offer", "availability": { "until": FAR } }));
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
            let standing = if parked.load(Ordering::SeqCst) {
                json!({ "state": "blocked", "parked_until": parked_until })
            } else {
                json!({ "state": "leased" })
            };
            work(&json!([with(lease(), &standing)]))
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
            let parked = with(lease(), &json!({ "state": "blocked", "parked_until": in_s(0) }));
            let by_hand = with(lease(), &json!({ "state": "blocked", "lease_id": "l_2", "task_id": "t_2" }));
            work(&json!([by_hand, parked]))
        }
        _ => agreeable(request, alike),
    });
    let home = Home::registered(&stub);
    let directory = home.path().join("work/t_1-l_1");
    fs::create_dir_all(&directory).unwrap();
    fs::write(directory.join("half"), "abcd").unwrap();
    let output = home.runner("cat half > commit_sha", &["--once"]).output().unwrap();
    assert!(output.status.success() && has_event(&output, "pr_opened"), "{}", text(&output.stderr));
    let left = events(&output).into_iter().find(|event| event["event"] == "left_alone").expect("it is said");
    assert_eq!(left["task_id"], "t_2");
}

#[test]
fn a_lease_blocked_by_hand_is_left_alone_until_it_is_reported_as_in_progress() {
    let stub = Stub::start(|request, alike| match request.path.split('?').next().unwrap_or_default() {
        "/v1/work" if alike < 2 => work(&json!([with(lease(), &json!({ "state": "blocked" }))])),
        "/v1/work" => work(&json!([with(lease(), &json!({ "state": "in_progress" }))])),
        _ => agreeable(request, alike),
    });
    let output = Home::registered(&stub).runner("echo abcd > commit_sha", &["--once"]).output().unwrap();
    assert!(output.status.success() && has_event(&output, "pr_opened"), "{}", text(&output.stderr));
    assert_eq!(events(&output).iter().filter(|event| event["event"] == "left_alone").count(), 1, "it is said once");
}

#[test]
fn what_is_accepted_when_a_signal_comes_is_handed_back() {
    let signalled = Arc::new(AtomicBool::new(false));
    let until_signalled = Arc::clone(&signalled);
    let stub = Stub::start(move |request, alike| match request.path.split('?').next().unwrap_or_default() {
        "/v1/workers/me" => me("offer"),
        "/v1/work" if alike == 0 => work(&json!([])),
        "/v1/work" => work(&json!([lease()])),
        "/v1/work/offers" if alike == 0 => offers(&[offer(1, FAR)]),
        "/v1/work/offers" => offers(&[]),
        "/v1/work/offers/o_1/accept" => {
            while !until_signalled.load(Ordering::SeqCst) {
                std::thread::park_timeout(Duration::from_millis(10));
            }
            accepted(&lease())
        }
        _ => agreeable(request, alike),
    });
    let home = Home::registered(&stub);
    let log = home.path().join("log");
    let log_file = fs::File::create(&log).unwrap();
    let child = Running::start(home.runner("echo abcd > commit_sha", &[]).stdout(log_file));
    stub.wait_for("the accepting", |requests| requests.iter().any(|request| request.path.ends_with("/accept")));
    child.signal(Signal::TERM);
    stub.wait_for("the signal to be heard", |_| fs::read_to_string(&log).unwrap().contains("draining"));
    signalled.store(true, Ordering::SeqCst);
    assert!(child.output().status.success());
    let told = fs::read_to_string(&log).unwrap();
    assert!(told.contains("offer_accepted") && !told.contains("task_started"), "{told}");
    assert_eq!(stub.requests_to("POST", "/v1/leases/l_1/release")[0].json()["reason"], "shutdown");
}
