//! `POST /v1/admin/repos`

use crate::pool::{Pool, START};
use serde_json::json;

#[tokio::test]
async fn what_is_left_out_keeps_its_value() {
    let pool = Pool::new();
    let all = json!({
        "repo": "owner/name", "max_open_prs": 7, "area_locks_enabled": false, "paused": true,
        "clone_url": "git@example.org:owner/name.git",
    });
    let first = pool.put_repo(all).await;
    let created = START.to_string();
    assert_eq!(
        first["settings"],
        json!({
            "repo": "owner/name", "max_open_prs": 7, "area_locks_enabled": false, "paused": true,
            "clone_url": "git@example.org:owner/name.git", "leases_live": 0, "prs_open": 0, "slots_free": 7,
            "created_at": created, "updated_at": created, "weight": 10, "trust_tier_min": "untrusted",
            "allow_listed_only": false, "security_extra_slots": 0, "prs_per_hour_max": 0, "quiet_hours": [],
            "review_idle_days": 0, "reputation_bar": 0, "reputation_window_s": 3600, "reputation_priority_min": 50,
            "offers_open": 0, "prs_idle": 0,
            "closed": { "code": "repo_paused", "detail": "a maintainer has paused the repository" },
        })
    );
    pool.clock.advance_s(10);
    assert_eq!(pool.put_repo(json!({ "repo": "owner/name" })).await, first, "nothing changed");
    let after = pool.put_repo(json!({ "repo": "owner/name", "paused": false })).await;
    let settings = &after["settings"];
    assert_eq!((&settings["paused"], &settings["slots_free"]), (&json!(false), &json!(7)));
    assert_eq!((&settings["max_open_prs"], &settings["area_locks_enabled"]), (&json!(7), &json!(false)));
    assert_eq!(settings["clone_url"], "git@example.org:owner/name.git");
    assert_eq!(
        (&settings["created_at"], &settings["updated_at"]),
        (&json!(created), &json!(START.plus_s(10).to_string()))
    );
}

#[tokio::test]
async fn a_budget_below_its_use_takes_nothing_back() {
    let pool = Pool::new();
    pool.repo("demo", 3).await;
    for _ in 0..3 {
        pool.task(json!({})).await;
    }
    let worker = pool.roomy_worker().await;
    assert_eq!(pool.fetched(&worker).await.len(), 3);
    let settings = pool.put_repo(json!({ "repo": "demo", "max_open_prs": 1 })).await["settings"].take();
    assert_eq!((&settings["leases_live"], &settings["slots_free"]), (&json!(3), &json!(0)));
    assert_eq!(pool.fetched(&worker).await.len(), 3);
}

#[tokio::test]
async fn names_are_told_apart_by_case() {
    let pool = Pool::new();
    pool.repo("owner/name", 1).await;
    pool.repo("Owner/Name", 2).await;
    assert_eq!(pool.state().await["repos_total"], 2);
}
