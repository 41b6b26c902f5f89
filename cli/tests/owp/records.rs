//! Records as a server answers with them, for tests to change.

use crate::home::NOW;
use serde_json::{Value, json};

pub fn worker() -> Value {
    json!({
        "worker_id": "w_1", "name": "A", "github_handle_verified": false, "skills": [], "capacity_points": 5,
        "max_concurrent_tasks": 2, "work_mode": "auto", "availability": {}, "trust_tier": "basic", "status": "idle",
        "online": true, "registered_at": NOW, "last_seen_at": NOW, "points_held": 1, "points_today": 1,
        "tasks_held": ["t_1"], "tasks_offered": [], "tasks_in_review": [], "reputation_score": 38.1,
        "reputation_sample": { "size": 1.0, "small": true }, "revoked": false,
    })
}

pub fn task() -> Value {
    json!({
        "task_id": "t_1", "repo": "demo", "title": "x", "description": "", "estimate_points": 1, "priority": 1,
        "required_skills": [], "area": null, "tier": 0, "state": "ready", "state_since": NOW, "attempts_used": 0,
        "attempts_max": 3, "attempts": [], "depends_on": [], "waits_for": [], "dependents": [], "security": false,
        "created_at": NOW, "updated_at": NOW,
    })
}

pub fn repo() -> Value {
    json!({
        "repo": "owner/repo", "max_open_prs": 3, "area_locks_enabled": true, "paused": false, "weight": 10,
        "trust_tier_min": "untrusted", "allow_listed_only": false, "security_extra_slots": 0, "prs_per_hour_max": 0,
        "quiet_hours": [], "review_idle_days": 0, "reputation_bar": 0, "reputation_window_s": 3600,
        "reputation_priority_min": 50, "offers_open": 0, "leases_live": 1, "prs_open": 1, "prs_idle": 0,
        "slots_free": 1, "created_at": NOW, "updated_at": NOW,
    })
}

pub fn offer(number: u32, expires_at: &str) -> Value {
    json!({
        "offer_id": format!("o_{number}"), "task_id": format!("t_{number}"), "repo": "owner/repo",
        "title": "Fix it\u{1b}[2J", "description": "Do this.\u{7}", "estimate_points": 2, "expected_s": 5400,
        "priority": 10, "required_skills": ["rust"], "area": null, "tier": 0, "attempt": 1, "expires_at": expires_at,
    })
}

/// A record with other fields.
pub fn with(mut record: Value, fields: &Value) -> Value {
    for (name, value) in fields.as_object().expect("fields") {
        record[name] = value.clone();
    }
    record
}
