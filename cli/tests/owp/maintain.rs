//! What a maintainer decides: how a repository lets work out, who may take it, what a pull request was worth.

use crate::home::{Home, NOW, in_s, ok, text};
use crate::records::{repo, task, with};
use crate::stub::Stub;
use serde_json::{Value, json};
use std::fs;
use std::process::Output;

fn admin(home: &Home, stub: &Stub, arguments: &[&str]) -> Output {
    home.command(&["--server", &stub.address, "--admin-token", "boss", "admin"]).args(arguments).output().unwrap()
}

#[test]
fn a_repositorys_settings_are_sent_as_named_and_shown_in_full() {
    let stub = Stub::start(|_, _| {
        let closed = json!({ "code": "quiet_hours", "detail": "no new work now", "until": in_s(7201) });
        let settings = json!({
            "trust_tier_min": "basic", "security_extra_slots": 1, "prs_per_hour_max": 2, "closed": closed,
            "quiet_hours": [{ "from": "22:00", "to": "07:00" }, { "days": ["sat", "sun"], "from": "00:00", "to": "24:00" }],
            "review_idle_days": 14, "reputation_bar": 60, "prs_idle": 2, "allow_listed_only": true,
        });
        ok(json!({ "ok": true, "repo": "owner/repo", "settings": with(repo(), &settings) }))
    });
    let home = Home::new();
    let mut arguments = vec!["set-repo", "owner/repo", "--weight", "20", "--trust-tier-min", "basic"];
    arguments.extend(["--quiet-hours", "22:00-07:00", "--quiet-hours", "sat,sun 00:00-24:00"]);
    arguments.extend(["--security-extra-slots", "1", "--prs-per-hour-max", "2", "--review-idle-days", "14"]);
    arguments.extend(["--reputation-bar", "60", "--reputation-window-s", "1800", "--reputation-priority-min", "0"]);
    arguments.extend(["--allow-listed-only", "--paused-until", "2126-01-19T07:00:00Z"]);
    let output = admin(&home, &stub, &arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(
        stub.requests()[0].json(),
        json!({
            "repo": "owner/repo", "weight": 20, "trust_tier_min": "basic", "security_extra_slots": 1,
            "prs_per_hour_max": 2, "review_idle_days": 14, "reputation_bar": 60, "reputation_window_s": 1800,
            "reputation_priority_min": 0, "allow_listed_only": true, "paused_until": "2126-01-19T07:00:00.000Z",
            "quiet_hours": [{ "from": "22:00", "to": "07:00" }, { "days": ["sat", "sun"], "from": "00:00", "to": "24:00" }],
        })
    );
    let shown = text(&output.stdout);
    for part in [
        "nothing new is given (quiet_hours): no new work now, until ",
        "3: 1 leased, 0 offered, 1 in review, 1 free",
        "2, which take no slot",
        "22:00-07:00; sat,sun 00:00-24:00 (UTC)",
        "a score of 60 sees tasks of priority 50 and above at once, everybody after 1h 0m",
        "allowed handles only",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }

    admin(&home, &stub, &["init-repo", "owner/repo", "--quiet-hours", "none", "--resume"]);
    assert_eq!(stub.requests()[1].json(), json!({ "repo": "owner/repo", "quiet_hours": [], "paused": false }));
    for bad in [
        &["set-repo", "owner/repo", "--quiet-hours", "at night"][..],
        &["set-repo", "owner/repo", "--paused", "--paused-until", "3h"],
        &["set-repo", "owner/repo", "--quiet-hours", "none", "--quiet-hours", "22:00-07:00"],
    ] {
        assert_eq!(admin(&home, &stub, bad).status.code(), Some(2), "{bad:?}");
    }
}

#[test]
fn one_repository_is_found_among_the_pages() {
    let stub = Stub::start(|request, _| {
        if request.path.contains("cursor=") {
            return ok(json!({ "repos": [repo()] }));
        }
        ok(json!({ "repos": [with(repo(), &json!({ "repo": "demo" }))], "next_cursor": "abc" }))
    });
    let home = Home::new();
    let one = text(&admin(&home, &stub, &["repos", "owner/repo"]).stdout);
    assert!(one.starts_with("repo           owner/repo\nnow            open\n"), "{one}");
    let all = text(&admin(&home, &stub, &["repos"]).stdout);
    assert!(all.contains("demo") && all.contains("owner/repo"), "{all}");
    let none = admin(&home, &stub, &["repos", "owner/other"]);
    assert_eq!(none.status.code(), Some(1));
    let raw = admin(&home, &stub, &["repos", "owner/repo", "--json"]);
    assert_eq!(serde_json::from_slice::<Value>(&raw.stdout).unwrap()["weight"], 10);
}

#[test]
fn admission_is_shown_changed_by_handle_and_replaced_by_a_vouched_file() {
    let stub = Stub::start(|_, _| {
        ok(json!({
            "repo": "owner/repo", "allow_listed_only": false, "allowed": ["alice"], "denied": ["spam"],
            "left_out": ["gitlab:bob"],
        }))
    });
    let home = Home::new();
    let shown = text(&admin(&home, &stub, &["admission", "owner/repo"]).stdout);
    assert!(shown.contains("all who are not denied") && shown.contains("gitlab:bob"), "{shown}");
    assert!(shown.contains("--allow-listed-only` makes the allowed ones matter"), "{shown}");
    assert_eq!(stub.requests()[0].path, "/v1/admin/admission?repo=owner%2Frepo");

    admin(&home, &stub, &["admission", "owner/repo", "--allow", "@Carol,spam"]);
    let changed = stub.requests_to("POST", "/v1/admin/admission");
    let expected = json!({ "repo": "owner/repo", "allowed": ["alice", "carol", "spam"], "denied": [] });
    assert_eq!(changed[0].json(), expected);

    fs::write(home.path().join("VOUCHED.td"), "alice-dev\n-spam-bot\n").unwrap();
    admin(&home, &stub, &["admission", "owner/repo", "--vouched", "VOUCHED.td"]);
    let vouched = stub.requests_to("POST", "/v1/admin/admission").pop().unwrap().json();
    assert_eq!(vouched, json!({ "repo": "owner/repo", "vouched": "alice-dev\n-spam-bot\n" }));
}

#[test]
fn a_trust_tier_is_set_with_what_becomes_of_tasks_and_handle() {
    let stub = Stub::start(|_, _| {
        ok(json!({
            "ok": true, "worker_id": "w_2", "trust_tier": "untrusted", "offers_withdrawn": ["t_1"], "tasks_requeued": ["t_2"],
        }))
    });
    let home = Home::new();
    let lowered = admin(&home, &stub, &["trust", "w_2", "untrusted", "--reason", "ignored two reviews", "--take-back"]);
    assert_eq!(
        text(&lowered.stdout),
        "the trust tier of w_2 is untrusted now\noffers taken back: t_1\nback in the queue: t_2\n"
    );
    admin(&home, &stub, &["trust", "w_2", "trusted", "--reason", "good work", "--handle-verified"]);
    let sent: Vec<Value> =
        stub.requests_to("POST", "/v1/workers/w_2/trust-tier").iter().map(crate::stub::Request::json).collect();
    assert_eq!(sent[0], json!({ "tier": "untrusted", "reason": "ignored two reviews", "leases": "take_back" }));
    let raised = json!({ "tier": "trusted", "reason": "good work", "leases": "let_run", "handle_verified": true });
    assert_eq!(sent[1], raised);
    assert_eq!(admin(&home, &stub, &["trust", "w_2", "boss", "--reason", "x"]).status.code(), Some(2));
}

#[test]
fn a_task_is_added_edited_rated_and_reverted() {
    let stub = Stub::start(|request, _| match request.method.as_str() {
        "POST" => (201, Vec::new(), json!({ "ok": true, "task_id": "t_1", "state": "waiting" })),
        _ => ok(with(task(), &json!({ "depends_on": ["t_9"], "waits_for": ["t_9"], "state": "waiting" }))),
    });
    let home = Home::new();
    let added = admin(
        &home,
        &stub,
        &[
            "add",
            "demo",
            "Colour it",
            "--depends-on",
            "docs-1,t_9",
            "--security",
            "--filed-by",
            "ann",
            "--skills",
            "rust",
        ],
    );
    assert_eq!(text(&added.stdout), "t_1 is in and waiting: Colour it\n");
    let expected = json!({
        "repo": "demo", "title": "Colour it", "description": "", "estimate_points": 1, "priority": 10, "tier": 0,
        "required_skills": ["rust"], "attempts_max": 3, "depends_on": ["docs-1", "t_9"], "security": true, "filed_by": "ann",
    });
    assert_eq!(stub.requests()[0].json(), expected);

    let edited = text(&admin(&home, &stub, &["edit", "t_1", "--depends-on", "", "--no-security", "--area", ""]).stdout);
    assert!(edited.contains("waits for") && edited.contains("t_9"), "{edited}");
    admin(&home, &stub, &["rate", "t_1", "4"]);
    admin(&home, &stub, &["merge", "t_1", "--rating", "5"]);
    admin(&home, &stub, &["revert", "t_1", "--reason", "broke the build"]);
    let sent: Vec<Value> =
        stub.requests_to("PATCH", "/v1/admin/tasks/t_1").iter().map(crate::stub::Request::json).collect();
    assert_eq!(sent[0], json!({ "depends_on": [], "security": false, "area": "" }));
    assert_eq!(sent[1], json!({ "rating": 4 }));
    assert_eq!(sent[2], json!({ "action": "merge", "rating": 5 }));
    assert_eq!(sent[3], json!({ "action": "revert", "reason": "broke the build" }));
    for bad in [&["edit", "t_1"][..], &["rate", "t_1", "6"]] {
        assert_eq!(admin(&home, &stub, bad).status.code(), Some(2), "{bad:?}");
    }
}

#[test]
fn why_nobody_gets_a_task_names_what_it_waits_for_and_groups_workers() {
    let stub = Stub::start(|_, _| {
        ok(json!({
            "task_id": "t_1", "state": "waiting", "summary": "it waits for another task", "blockers": ["dependency_open"],
            "waits_for": [{ "task_id": "t_9", "repo": "demo", "title": "First\u{1b}[2J", "state": "ready" }],
            "workers_looked_at": 3, "fitting": 1, "reasons": [], "truncated": false,
            "groups": [
                { "workers": 2, "codes": ["skills_missing", "tier_too_low"], "example": "w_2" },
                { "workers": 1, "codes": [], "example": "w_3" },
            ],
        }))
    });
    let shown = text(&admin(&Home::new(), &stub, &["why", "t_1"]).stdout);
    assert!(shown.contains("t_9        ready  demo  First\u{fffd}[2J"), "{shown}");
    assert!(shown.contains("2        w_2          skills_missing, tier_too_low\n"), "{shown}");
    assert!(shown.contains("1        w_3          nothing, it could be given to them\n"), "{shown}");
}

#[test]
fn a_task_shows_how_its_attempts_were_judged() {
    let stub = Stub::start(|_, _| {
        let attempt = json!({
            "worker_id": "w_1", "lease_id": "l_1", "started_at": NOW, "ended_at": NOW, "outcome": "reverted",
            "change_rounds": 2, "rating": 4, "reason": "broke the build",
        });
        ok(with(
            task(),
            &json!({ "attempts": [attempt], "security": true, "budget_freed": true, "dependents": ["t_3"] }),
        ))
    });
    let shown = text(&admin(&Home::new(), &stub, &["show", "t_1"]).stdout);
    assert!(shown.contains("reverted, after 2 rounds of changes, rated 4 of 5: broke the build\n"), "{shown}");
    assert!(shown.contains("needed by") && shown.contains("none, idle for too long"), "{shown}");
}
