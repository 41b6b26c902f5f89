//! `PATCH /v1/admin/tasks/{task_id}`

use crate::pool::{Pool, START};
use crate::stages::{STATES, stage};
use serde_json::{Value, json};

const ACTIONS: [&str; 6] = ["cancel", "requeue", "request_changes", "merge", "close", "revert"];

const LEADS_TO: [&str; 6] = ["cancelled", "ready", "changes_requested", "merged", "closed", "closed"];

/// The state that each action leads to; empty where it is refused.
const MOVES: [(&str, [&str; 6]); 13] = [
    //                     cancel       requeue  request_changes      merge     close     revert
    ("waiting", ["cancelled", "", "", "", "", ""]),
    ("ready", ["cancelled", "", "", "", "", ""]),
    ("offered", ["cancelled", "ready", "", "", "", ""]),
    ("leased", ["cancelled", "ready", "", "", "", ""]),
    ("in_progress", ["cancelled", "ready", "", "", "", ""]),
    ("blocked", ["cancelled", "ready", "", "", "", ""]),
    ("pr_opened", ["cancelled", "ready", "changes_requested", "merged", "closed", ""]),
    ("changes_requested", ["cancelled", "ready", "", "merged", "closed", ""]),
    ("merged", ["", "", "", "", "", "closed"]),
    ("closed", ["", "ready", "", "", "", ""]),
    ("failed", ["cancelled", "ready", "", "", "", ""]),
    ("needs_info", ["cancelled", "ready", "", "", "", ""]),
    ("cancelled", ["", "ready", "", "", "", ""]),
];

#[tokio::test]
async fn an_action_moves_a_task_as_the_table_says_and_no_other_way() {
    assert_eq!(MOVES.map(|(from, _)| from), STATES);
    for (from, targets) in MOVES {
        for ((action, asked), to) in ACTIONS.into_iter().zip(LEADS_TO).zip(targets) {
            let stage = stage(from).await;
            let before = stage.pool.everything().await;
            let answer = stage.pool.update(&stage.task_id, json!({ "action": action, "reason": "as I said" })).await;
            if to.is_empty() {
                let body = answer.refused(409, "transition_not_allowed");
                let allowed: Vec<&str> = targets.into_iter().filter(|to| !to.is_empty() && *to != asked).collect();
                let mut named: Vec<&str> =
                    body["allowed"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
                named.sort_by_key(|state| allowed.iter().position(|known| known == state));
                assert_eq!(named, allowed, "{from} {action}");
                assert_eq!(stage.pool.everything().await, before, "{from} {action} wrote something");
            } else {
                assert_eq!(answer.ok(200)["state"], to, "{from} {action}");
                assert_eq!(stage.pool.state_of(&stage.task_id).await, to, "{from} {action}");
            }
        }
    }
}

#[tokio::test]
async fn what_a_holder_was_doing_ends_with_the_action() {
    for (from, action, outcome) in [
        ("in_progress", "cancel", "cancelled"),
        ("in_progress", "requeue", "requeued"),
        ("pr_opened", "merge", "merged"),
        ("pr_opened", "close", "closed"),
        ("changes_requested", "close", "closed"),
    ] {
        let stage = stage(from).await;
        let task = stage.pool.update(&stage.task_id, json!({ "action": action, "reason": "because" })).await.ok(200);
        assert_eq!(task["attempts"][0]["outcome"], outcome, "{from} {action}");
        assert_eq!(task["attempts"][0]["reason"], "because", "{from} {action}");
        assert_eq!(task["attempts"][0]["ended_at"], START.to_string());
        assert_eq!((task.get("holder"), task.get("lease_expires_at")), (None, None));
        let late = stage.pool.report(&stage.worker, &stage.task_id, json!({ "status": "in_progress" })).await;
        late.refused(409, "lease_stale");
        assert_eq!(stage.takes().await, (0, 0, false), "{from} {action}");
        stage.pool.assert_history_is_sound().await;
    }
}

#[tokio::test]
async fn changes_requested_gives_the_holder_the_words_and_a_response_clock() {
    let stage = stage("pr_opened").await;
    stage.pool.clock.advance_s(100 * 3600);
    let reason = "please add a test";
    let task = stage.pool.update(&stage.task_id, json!({ "action": "request_changes", "reason": reason })).await;
    let task = task.ok(200);
    let until = START.plus_s((100 + 72) * 3600).to_string();
    assert_eq!(task["message"], reason);
    assert_eq!(task["lease_expires_at"], until);
    let lease = stage.pool.fetch(&stage.worker).await["leases"][0].take();
    assert_eq!((lease["message"].as_str(), lease["lease_expires_at"].as_str()), (Some(reason), Some(until.as_str())));
}

#[tokio::test]
async fn a_requeued_task_counts_its_attempts_anew() {
    let stage = stage("failed").await;
    assert_eq!(stage.pool.read(&stage.task_id).await["attempts_used"], 1);
    let task = stage.pool.update(&stage.task_id, json!({ "action": "requeue", "attempts_max": 2 })).await.ok(200);
    assert_eq!((&task["attempts_used"], &task["attempts_max"]), (&json!(0), &json!(2)));
    let other = stage.pool.roomy_worker().await;
    assert_eq!(stage.pool.fetched(&other).await, [stage.task_id.as_str()]);
}

#[tokio::test]
async fn every_field_can_be_edited_while_nobody_holds_the_task() {
    let stage = stage("ready").await;
    stage.pool.clock.advance_s(60);
    let edit = json!({
        "title": "  Another title ", "description": "Other words", "estimate_points": 8, "priority": 900,
        "required_skills": [" Rust ", "SQL"], "area": "store", "tier": 2, "attempts_max": 5, "security": true,
    });
    let task = stage.pool.update(&stage.task_id, edit).await.ok(200);
    for (field, value) in [
        ("title", json!("Another title")),
        ("description", json!("Other words")),
        ("estimate_points", json!(8)),
        ("priority", json!(900)),
        ("required_skills", json!(["rust", "sql"])),
        ("area", json!("store")),
        ("tier", json!(2)),
        ("attempts_max", json!(5)),
        ("security", json!(true)),
        ("state", json!("ready")),
        ("updated_at", json!(START.plus_s(60).to_string())),
    ] {
        assert_eq!(task[field], value, "{field}");
    }
    assert_eq!(stage.pool.read(&stage.task_id).await, task);
}

#[tokio::test]
async fn an_empty_area_takes_it_away_and_null_skills_leave_them() {
    let pool = Pool::new();
    pool.repo("demo", 3).await;
    let task_id = pool.task(json!({ "area": "core", "required_skills": ["rust"] })).await;
    let task = pool.update(&task_id, json!({ "area": "", "required_skills": null })).await.ok(200);
    assert_eq!((&task["area"], &task["required_skills"]), (&Value::Null, &json!(["rust"])));
    let task = pool.update(&task_id, json!({ "required_skills": [] })).await.ok(200);
    assert_eq!(task["required_skills"], json!([]));
}

#[tokio::test]
async fn what_a_holder_relied_on_can_not_be_edited_while_it_is_held_or_in_review() {
    for state in ["offered", "leased", "in_progress", "blocked", "pr_opened", "changes_requested"] {
        let stage = stage(state).await;
        for edit in [
            json!({ "security": true }),
            json!({ "estimate_points": 9 }),
            json!({ "required_skills": ["cobol"] }),
            json!({ "area": "other" }),
            json!({ "area": "" }),
            json!({ "tier": 3 }),
            json!({ "title": "so not even this", "tier": 3 }),
            json!({ "action": "cancel", "tier": 3 }),
        ] {
            let before = stage.pool.everything().await;
            stage.pool.update(&stage.task_id, edit.clone()).await.refused(409, "task_held");
            assert_eq!(stage.pool.everything().await, before, "{state} {edit}");
        }
        let same = json!({ "title": "Clearer", "description": "Words", "priority": 0, "attempts_max": 9, "tier": 0 });
        assert_eq!(stage.pool.update(&stage.task_id, same).await.ok(200)["title"], "Clearer", "{state}");
    }
}

#[tokio::test]
async fn an_edit_that_changes_nothing_writes_nothing() {
    let stage = stage("ready").await;
    let before = stage.pool.everything().await;
    stage.pool.update(&stage.task_id, json!({ "title": "A task", "x_note": "mine" })).await.ok(200);
    assert_eq!(stage.pool.everything().await, before);
    stage.pool.update(&stage.task_id, json!({})).await.refused(400, "invalid_request");
    stage.pool.update("t_nothere", json!({ "tier": 1 })).await.refused(404, "task_not_found");
}
