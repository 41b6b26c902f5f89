//! `POST /v1/tasks/{task_id}/status`

use crate::pool::{Ask, Pool, START, text};
use crate::stages::{STATES, stage};
use serde_json::{Value, json};

/// What a report of the holder, or of who held it last, is answered: the new state, or the code of the refusal.
const REPORTS: [(&str, [&str; 4]); 13] = [
    //                     in_progress             blocked                 pr_opened               merged
    ("waiting", ["lease_stale"; 4]),
    ("ready", ["lease_stale"; 4]),
    ("offered", ["lease_stale"; 4]),
    ("leased", ["in_progress", "blocked", "pr_opened", "transition_not_allowed"]),
    ("in_progress", ["in_progress", "blocked", "pr_opened", "transition_not_allowed"]),
    ("blocked", ["in_progress", "blocked", "pr_opened", "transition_not_allowed"]),
    ("pr_opened", ["transition_not_allowed", "transition_not_allowed", "pr_opened", "merged"]),
    ("changes_requested", ["in_progress", "blocked", "pr_opened", "transition_not_allowed"]),
    ("merged", ["lease_stale", "lease_stale", "lease_stale", "merged"]),
    ("closed", ["lease_stale"; 4]),
    ("failed", ["lease_stale"; 4]),
    ("needs_info", ["lease_stale"; 4]),
    ("cancelled", ["lease_stale"; 4]),
];

const STATUSES: [&str; 4] = ["in_progress", "blocked", "pr_opened", "merged"];

#[tokio::test]
async fn a_report_moves_a_task_as_the_table_says_and_no_other_way() {
    assert_eq!(REPORTS.map(|(from, _)| from), STATES);
    for (from, answers) in REPORTS {
        for (status, expected) in STATUSES.into_iter().zip(answers) {
            let stage = stage(from).await;
            let before = stage.pool.everything().await;
            let answer = stage.pool.report(&stage.worker, &stage.task_id, json!({ "status": status })).await;
            let moved = STATES.contains(&expected);
            if moved {
                let body = answer.ok(200);
                assert_eq!(body, json!({ "ok": true, "task_id": stage.task_id, "state": expected }), "{from} {status}");
            } else {
                let body = answer.refused(409, expected);
                assert_eq!(body["allowed"].is_array(), expected == "transition_not_allowed", "{from} {status}");
                assert_eq!(stage.pool.everything().await, before, "{from} {status} wrote something");
            }
            let now = if moved { expected } else { from };
            assert_eq!(stage.pool.state_of(&stage.task_id).await, now, "{from} {status}");
        }
    }
}

#[tokio::test]
async fn a_refused_move_names_the_allowed_ones() {
    for (from, status, allowed) in [
        ("leased", "merged", ["in_progress", "blocked", "pr_opened"].as_slice()),
        ("pr_opened", "in_progress", &["pr_opened", "merged"]),
    ] {
        let stage = stage(from).await;
        let body = stage.pool.report(&stage.worker, &stage.task_id, json!({ "status": status })).await;
        let body = body.refused(409, "transition_not_allowed");
        assert_eq!(body["allowed"], json!(allowed));
    }
}

#[tokio::test]
async fn each_state_takes_what_it_takes_from_budget_and_area() {
    let (lease, review, nothing) = ((1, 0, true), (0, 1, true), (0, 0, false));
    for (state, expected) in [
        ("ready", nothing),
        ("leased", lease),
        ("in_progress", lease),
        ("blocked", lease),
        ("pr_opened", review),
        ("changes_requested", lease),
        ("merged", nothing),
        ("closed", nothing),
        ("failed", nothing),
        ("cancelled", nothing),
    ] {
        let stage = stage(state).await;
        assert_eq!(stage.takes().await, expected, "{state}");
        stage.pool.assert_history_is_sound().await;
    }
}

#[tokio::test]
async fn what_is_reported_stays_with_the_task() {
    let stage = stage("leased").await;
    let artifact = json!({
        "pr_url": "https://github.com/owner/repo/pull/7", "commit_sha": "0123abcd", "patch_url": null,
        "extra": { "tool": "aider" },
    });
    let report = json!({
        "status": "pr_opened", "message": "green", "artifact": artifact, "lease_id": stage.lease_id,
        "branch": "owp/x", "notes": "nothing left",
    });
    stage.pool.report(&stage.worker, &stage.task_id, report).await.ok(200);
    let task = stage.pool.read(&stage.task_id).await;
    assert_eq!(task["message"], "green");
    assert_eq!(task["branch"], "owp/x");
    assert_eq!(task["notes"], "nothing left");
    assert_eq!(task["artifact"]["pr_url"], "https://github.com/owner/repo/pull/7");
    assert_eq!(task["artifact"]["commit_sha"], "0123abcd");
    assert_eq!(task["artifact"]["extra"], json!({ "tool": "aider" }));
    assert_eq!(task["holder"], stage.worker.id.as_str());
    let work = stage.pool.fetch(&stage.worker).await;
    assert_eq!(work["leases"], json!([]));
    assert_eq!(work["in_review"][0]["task_id"], stage.task_id.as_str());
    assert_eq!(work["in_review"][0]["pr_url"], "https://github.com/owner/repo/pull/7");
}

#[tokio::test]
async fn the_same_report_twice_is_one_and_news_are_noted() {
    let stage = stage("leased").await;
    let said = |message: &str| json!({ "status": "in_progress", "message": message });
    for (message, events) in [("one", 1), ("one", 1), ("two", 2)] {
        stage.pool.report(&stage.worker, &stage.task_id, said(message)).await.ok(200);
        let written = stage.pool.events().await;
        let about: Vec<_> = written.iter().filter(|event| event.task_id.is_some()).skip(2).collect();
        assert_eq!(about.len(), events, "{message}: {about:#?}");
        assert_eq!(stage.pool.read(&stage.task_id).await["message"], message);
    }
    // Nothing said takes nothing away.
    stage.pool.report(&stage.worker, &stage.task_id, json!({ "status": "blocked", "message": null })).await.ok(200);
    assert_eq!(stage.pool.read(&stage.task_id).await["message"], "two");
}

/// Each is refused with `lease_stale`, and its words say in which way it is late.
#[tokio::test]
async fn a_late_report_is_refused_in_each_of_the_three_ways_to_be_late() {
    let late = stage("in_progress").await;
    late.pool.clock.advance_s(4 * 3600);
    let named = json!({ "status": "pr_opened", "lease_id": late.lease_id });
    for body in [named.clone(), json!({ "status": "pr_opened" })] {
        let refused = late.pool.report(&late.worker, &late.task_id, body).await.refused(409, "lease_stale");
        assert!(text(&refused["detail"]).contains("has expired"), "{refused}");
    }

    let again = stage("ready").await;
    let fresh = again.pool.lease_of(&again.worker, &again.task_id).await;
    assert_ne!(fresh, again.lease_id);
    let named = json!({ "status": "in_progress", "lease_id": again.lease_id });
    let refused = again.pool.report(&again.worker, &again.task_id, named).await.refused(409, "lease_stale");
    assert!(text(&refused["detail"]).contains("not the live one"), "{refused}");

    let other = stage("in_progress").await;
    let stranger = other.pool.roomy_worker().await;
    for body in [json!({ "status": "blocked" }), json!({ "status": "blocked", "lease_id": other.lease_id })] {
        let refused = other.pool.report(&stranger, &other.task_id, body).await.refused(409, "lease_stale");
        assert!(text(&refused["detail"]).contains("hold no lease"), "{refused}");
    }
    assert_eq!(other.pool.state_of(&other.task_id).await, "in_progress");
}

#[tokio::test]
async fn a_report_counts_until_the_last_millisecond_of_its_lease() {
    let stage = stage("leased").await;
    stage.pool.clock.advance_ms(4 * 3_600_000 - 1);
    stage.pool.report(&stage.worker, &stage.task_id, json!({ "status": "in_progress" })).await.ok(200);
    stage.pool.clock.advance_ms(1);
    let late = stage.pool.report(&stage.worker, &stage.task_id, json!({ "status": "blocked" })).await;
    late.refused(409, "lease_stale");
}

#[tokio::test]
async fn a_merge_is_told_once_and_may_be_repeated_by_who_had_it() {
    let stage = stage("pr_opened").await;
    let merged = json!({ "status": "merged", "lease_id": stage.lease_id });
    stage.pool.report(&stage.worker, &stage.task_id, merged.clone()).await.ok(200);
    let before = stage.pool.everything().await;
    stage.pool.report(&stage.worker, &stage.task_id, merged.clone()).await.ok(200);
    assert_eq!(stage.pool.everything().await, before);
    let stranger = stage.pool.roomy_worker().await;
    stage.pool.report(&stranger, &stage.task_id, merged).await.refused(409, "lease_stale");
    let task = stage.pool.read(&stage.task_id).await;
    assert_eq!(task["attempts"][0]["outcome"], "merged");
    assert_eq!(task.get("holder"), None);
}

#[tokio::test]
async fn a_task_that_does_not_exist_is_not_found() {
    let pool = Pool::new();
    let worker = pool.roomy_worker().await;
    pool.report(&worker, "t_nothere", json!({ "status": "blocked" })).await.refused(404, "task_not_found");
}

#[tokio::test]
async fn a_task_that_is_sent_back_is_held_again_under_the_same_lease() {
    let stage = stage("changes_requested").await;
    let work = stage.pool.fetch(&stage.worker).await;
    let lease: &Value = &work["leases"][0];
    assert_eq!(lease["state"], "changes_requested");
    assert_eq!(lease["lease_id"], stage.lease_id.as_str());
    assert_eq!(lease["lease_expires_at"], START.plus_s(72 * 3600).to_string());
    let report = json!({ "status": "pr_opened", "lease_id": stage.lease_id });
    stage.pool.ask(Ask::post(&format!("/v1/tasks/{}/status", stage.task_id), &report).by(&stage.worker)).await.ok(200);
    assert_eq!(stage.takes().await, (0, 1, true));
}
