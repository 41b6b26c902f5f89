//! What a contributor does by hand: say when there is time, answer offers, keep a task for later.

use crate::home::{Home, NOW, TOKEN, in_s, ok, problem, text};
use crate::records::{offer, task, with, worker};
use crate::runner::lease;
use crate::stub::Stub;
use serde_json::{Value, json};

#[test]
fn registering_says_the_mode_and_the_time_there_is() {
    let stub = Stub::start(|_, _| {
        let answer = json!({ "worker_id": "w_9", "token": TOKEN, "trust_tier": "basic", "heartbeat_interval_s": 30 });
        (201, Vec::new(), answer)
    });
    let arguments = ["--server", &stub.address, "worker", "register", "--name", "Ann", "--mode", "offer"];
    let home = Home::new();
    let until = "2026-01-18T23:00:00Z";
    let output = home.command(&arguments).args(["--until", until, "--points-per-day", "8"]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let sent = stub.requests()[0].json();
    assert_eq!(sent["work_mode"], "offer");
    assert_eq!(sent["availability"], json!({ "until": "2026-01-18T23:00:00.000Z", "points_per_day": 8 }));
}

#[test]
fn setting_one_limit_keeps_the_others_and_none_takes_one_away() {
    let stub = Stub::start(|_, _| {
        let availability = json!({ "until": "2126-01-18T23:00:00.000Z", "points_per_day": 8 });
        ok(with(worker(), &json!({ "availability": availability })))
    });
    let home = Home::registered(&stub);
    let output = home.owp(&["worker", "set", "--quota-resets-at", "2126-01-01T00:00:00Z", "--until", "none"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let sent = stub.requests_to("PATCH", "/v1/workers/me")[0].json();
    assert_eq!(sent, json!({ "availability": { "quota_resets_at": "2126-01-01T00:00:00.000Z", "points_per_day": 8 } }));
    assert!(text(&output.stdout).contains("1 of 8 points given today"), "{}", text(&output.stdout));

    home.owp(&["worker", "set", "--skills", "rust, docs", "--max-tasks", "3", "--mode", "auto"]);
    let sent = stub.requests_to("PATCH", "/v1/workers/me")[1].json();
    assert_eq!(sent, json!({ "skills": ["rust", "docs"], "max_concurrent_tasks": 3, "work_mode": "auto" }));

    for bad in [&["worker", "set"][..], &["worker", "set", "--until", "tonight"]] {
        assert_eq!(home.owp(bad).status.code(), Some(2), "{bad:?}");
    }
    assert_eq!(stub.requests_to("PATCH", "/v1/workers/me").len(), 2);
}

#[test]
fn offers_are_shown_with_how_long_they_last_and_can_be_taken_or_left() {
    let stub = Stub::start(|request, _| match request.path.as_str() {
        "/v1/work/offers?limit=0" => {
            ok(json!({ "worker_id": "w_1", "offers": [], "server_time": NOW, "poll_after_s": 30 }))
        }
        "/v1/work/offers" | "/v1/work/offers?limit=1" => {
            let offers = [offer(1, "2026-01-18T01:05:00.000Z")];
            ok(json!({ "worker_id": "w_1", "offers": offers, "server_time": NOW, "poll_after_s": 30 }))
        }
        "/v1/work/offers/o_1/accept" => {
            let until = in_s(7201);
            let lease = with(lease(), &json!({ "lease_expires_at": until }));
            let answer =
                json!({ "ok": true, "task_id": "t_1", "lease_id": "l_1", "lease_expires_at": until, "lease": lease });
            (201, Vec::new(), answer)
        }
        "/v1/work/offers/o_1/reject" => ok(json!({ "ok": true, "task_id": "t_1", "state": "ready" })),
        _ => problem(409, "offer_gone", "this offer has run out"),
    });
    let home = Home::registered(&stub);
    let shown = text(&home.owp(&["worker", "offers"]).stdout);
    assert!(shown.contains("o_1    t_1   within 5m  2       1h 30m       owner/repo"), "{shown}");
    assert!(!shown.contains("Do this.") && !shown.contains('\u{1b}'), "{shown}");
    let full = text(&home.owp(&["worker", "offers", "--full"]).stdout);
    assert!(full.contains("Do this.\u{fffd}"), "{full}");
    let one = text(&home.owp(&["worker", "offers", "--limit", "1"]).stdout);
    assert!(one.contains("o_1    t_1"), "{one}");
    assert_eq!(text(&home.owp(&["worker", "offers", "--limit", "0"]).stdout), "none of your offers is open\n");
    assert_eq!(home.owp(&["worker", "offers", "--limit", "21"]).status.code(), Some(2));

    let taken = text(&home.owp(&["worker", "accept", "o_1"]).stdout);
    assert!(taken.starts_with("t_1 is leased to you, and the lease ends in 2h 0m\nnext: "), "{taken}");
    let left = home.owp(&["worker", "reject", "o_1", "--reason", "unclear_requirements", "--message", "which form?"]);
    assert_eq!(text(&left.stdout), "t_1 is ready now\n");
    let sent = stub.requests_to("POST", "/v1/work/offers/o_1/reject")[0].json();
    assert_eq!(sent, json!({ "reason": "unclear_requirements", "message": "which form?" }));

    let gone = home.owp(&["worker", "accept", "o_2"]);
    assert_eq!(gone.status.code(), Some(1));
    assert!(text(&gone.stderr).contains("hint: it ran out, was answered or was withdrawn"), "{}", text(&gone.stderr));
    assert_eq!(home.owp(&["worker", "accept", "t_1"]).status.code(), Some(2));
}

#[test]
fn a_task_is_parked_by_its_own_id_and_the_way_back_is_told() {
    let until = "2126-01-18T05:00:00.000Z";
    let stub = Stub::start(move |request, _| match request.path.as_str() {
        "/v1/workers/me" => ok(worker()),
        "/v1/tasks/t_1" => {
            let attempt = json!({ "worker_id": "w_1", "lease_id": "l_1", "started_at": NOW });
            ok(with(task(), &json!({ "state": "in_progress", "attempts": [attempt] })))
        }
        "/v1/leases/l_1/park" => ok(json!({
            "ok": true, "lease_id": "l_1", "task_id": "t_1", "parked_until": until, "lease_expires_at": until,
        })),
        _ => problem(409, "not_parkable", "this lease was parked before"),
    });
    let home = Home::registered(&stub);
    let output = home.owp(&["worker", "park", "t_1", "--until", until, "--branch", "owp/t_1"]);
    let shown = text(&output.stdout);
    assert!(shown.starts_with(&format!("t_1 is parked until {until}, in ")), "{shown}");
    assert!(shown.contains("`owp worker report t_1 in_progress` takes it up again"), "{shown}");
    let sent = stub.requests_to("POST", "/v1/leases/l_1/park")[0].json();
    assert_eq!(sent, json!({ "quota_resets_at": until, "branch": "owp/t_1" }));

    let again = home.owp(&["worker", "park", "l_2", "--until", "3h"]);
    assert!(text(&again.stderr).contains("hint: hand it back instead"), "{}", text(&again.stderr));
}

#[test]
fn a_reputation_is_told_with_the_size_of_its_sample() {
    let stub = Stub::start(|request, _| match request.path.as_str() {
        "/v1/workers/me" => ok(worker()),
        _ => ok(json!({
            "worker_id": "w_1", "reputation_score": 47.6, "trust_tier": "untrusted",
            "metrics": { "completion_rate": 1.0, "avg_pr_quality": 4.5, "on_time_delivery": 1.0, "total_tasks": 2 },
            "sample": { "size": 1.9, "small": true },
            "parts": { "good": 1.8, "weight": 1.9, "prior_good": 1.0, "prior_weight": 2.0, "mean": 0.72, "z": 1.2816,
                "half_life_days": 90,
                "outcomes": { "merged": 2, "closed": 0, "reverted": 0, "ran_out": 0, "released": 0 } },
        })),
    });
    let shown = text(&Home::registered(&stub).owp(&["worker", "reputation"]).stdout);
    assert!(shown.contains("47.6 of 100, from 1.9 attempts: too few to say much"), "{shown}");
    assert!(shown.contains("100 % of 2") && shown.contains("It starts low for everybody"), "{shown}");
    assert_eq!(stub.requests()[1].path, "/v1/workers/w_1/reputation");
}

#[test]
fn why_says_what_changes_first_and_when_to_ask_again() {
    let stub = Stub::start(|_, _| {
        ok(json!({
            "worker_id": "w_1", "summary": "the only ready task is held back", "ready_looked_at": 1, "fitting": 0,
            "reasons": [{ "code": "quiet_hours", "count": 1, "detail": "no new work at this time of day" }],
            "truncated": false, "retry_after_s": 3600,
            "nearest": { "code": "quiet_hours", "at": in_s(3601), "detail": "owner/repo opens" },
        }))
    });
    let shown = text(&Home::registered(&stub).owp(&["worker", "why"]).stdout);
    assert!(shown.contains("first to change: quiet_hours in 1h 0m (owner/repo opens)\n"), "{shown}");
    assert!(shown.ends_with("asking again may bring another answer in 1h 0m\n"), "{shown}");
    let raw: Value =
        serde_json::from_slice(&Home::registered(&stub).command(&["worker", "why", "--json"]).output().unwrap().stdout)
            .unwrap();
    assert_eq!(raw["nearest"]["code"], "quiet_hours");
}
