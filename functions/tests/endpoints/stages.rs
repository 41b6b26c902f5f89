//! Brings a task into each of its states, by the calls that lead there.

use crate::pool::{Pool, Worker};
use serde_json::json;

pub const STATES: [&str; 13] = [
    "waiting",
    "ready",
    "offered",
    "leased",
    "in_progress",
    "blocked",
    "pr_opened",
    "changes_requested",
    "merged",
    "closed",
    "failed",
    "needs_info",
    "cancelled",
];

/// A pool with one task in this state, which the worker holds or has held, where the state lets anybody hold it.
pub struct Stage {
    pub pool: Pool,
    pub worker: Worker,
    pub task_id: String,
    /// The lease under which the worker holds it or held it.
    pub lease_id: String,
}

pub async fn stage(state: &str) -> Stage {
    let (pool, _) = Pool::with_github();
    pool.repo("demo", 3).await;
    let worker = pool.roomy_worker().await;
    let attempts_max = if state == "failed" { 1 } else { 3 };
    let task_id = pool.task(json!({ "area": "core", "attempts_max": attempts_max })).await;
    let lease_id = pool.lease_of(&worker, &task_id).await;
    let stage = Stage { pool, worker, task_id, lease_id };
    stage.go_to(state).await;
    assert_eq!(stage.pool.state_of(&stage.task_id).await, state);
    stage
}

impl Stage {
    async fn go_to(&self, state: &str) {
        match state {
            "leased" => {}
            "in_progress" | "blocked" | "pr_opened" => self.report(state).await,
            "changes_requested" => self.after_review("request_changes").await,
            "merged" => self.after_review("merge").await,
            "closed" => self.after_review("close").await,
            "cancelled" => self.act("cancel").await,
            "ready" => self.act("requeue").await,
            "failed" => {
                self.pool.release(&self.worker, &self.lease_id, json!({ "reason": "failed" })).await.ok(200);
            }
            "offered" => {
                self.act("requeue").await;
                self.pool.offers(&self.worker).await;
            }
            "waiting" => {
                self.act("requeue").await;
                // Nobody in these tests is trusted enough to take it.
                let first = self.pool.task(json!({ "title": "Before it", "tier": 3 })).await;
                self.pool.update(&self.task_id, json!({ "depends_on": [first] })).await.ok(200);
            }
            "needs_info" => {
                let unclear = json!({ "reason": "unclear_requirements" });
                self.pool.release(&self.worker, &self.lease_id, unclear.clone()).await.ok(200);
                let second = self.pool.roomy_worker().await;
                let lease_id = self.pool.lease_of(&second, &self.task_id).await;
                self.pool.release(&second, &lease_id, unclear).await.ok(200);
            }
            _ => panic!("{state} is not a state"),
        }
    }

    async fn report(&self, status: &str) {
        self.pool.report(&self.worker, &self.task_id, json!({ "status": status })).await.ok(200);
    }

    async fn act(&self, action: &str) {
        self.pool.update(&self.task_id, json!({ "action": action })).await.ok(200);
    }

    async fn after_review(&self, action: &str) {
        self.report("pr_opened").await;
        self.act(action).await;
    }

    /// What the task takes from its repository: live leases and pull requests, and whether its area is taken.
    pub async fn takes(&self) -> (u64, u64, bool) {
        let repos = self.pool.get("/v1/admin/repos").await.ok(200);
        let repo = &repos["repos"][0];
        let number = |field: &str| repo[field].as_u64().expect("a number");
        let (leases_live, prs_open) = (number("leases_live"), number("prs_open"));
        let other = self.pool.task(json!({ "title": "another of the area", "area": "core" })).await;
        let explained = self.pool.get(&format!("/v1/tasks/{other}/explain")).await.ok(200);
        let locked = explained["blockers"].as_array().expect("a list").contains(&json!("area_locked"));
        self.pool.update(&other, json!({ "action": "cancel" })).await.ok(200);
        (leases_live, prs_open, locked)
    }
}
