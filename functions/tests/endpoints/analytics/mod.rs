//! `GET /v1/analytics/…`: a pool lives through months by chance, and its figures are compared with a slow reading of its
//! events that shares nothing with the fast one.

mod between;
mod slow;

use crate::pool::{Pool, Worker, text};
use owp_functions::books;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::json;
use slow::{Slow, Whose};

const REPOS: [&str; 3] = ["demo", "owner/one", "owner/two"];
const DAYS: u32 = 75;

/// Of the tasks, those that may still be in review.
const LATEST: usize = 25;

/// What happens in a pool within some months, by chance.
struct Months {
    pool: Pool,
    workers: Vec<Worker>,
    tasks: Vec<String>,
    chance: StdRng,
}

impl Months {
    async fn begin(seed: u64) -> Self {
        let pool = Pool::new();
        let mut months = Self { pool, workers: Vec::new(), tasks: Vec::new(), chance: StdRng::seed_from_u64(seed) };
        for repo in REPOS {
            months.pool.repo(repo, 2).await;
        }
        for _ in 0..4 {
            months.workers.push(months.pool.worker(json!({ "max_concurrent_tasks": 2 })).await);
        }
        months
    }

    async fn live(&mut self) {
        let end = crate::pool::START.as_millis() + i64::from(DAYS) * 24 * 3_600_000;
        while self.now() < end {
            // Busy hours, and now and then nothing for a day or two.
            let pause_s = if self.chance.random_ratio(1, 25) { 150_000 } else { 4000 };
            let pause_s = self.chance.random_range(1..pause_s);
            self.pool.clock.advance_s(pause_s);
            self.step().await;
            if self.chance.random_ratio(1, 3) {
                self.pool.app.settle("r_sweep").await.expect("it can be settled");
            }
            if self.chance.random_ratio(1, 40) {
                books::keep(&self.pool.app, "r_books").await.expect("the books can be kept");
            }
            // Somebody looks now and then, so that answers build on earlier ones.
            if self.chance.random_ratio(1, 7) {
                self.pool.get("/v1/analytics/pool?days=1").await.ok(200);
            }
        }
    }

    fn now(&self) -> i64 {
        owp_functions::clock::Clock::now(&self.pool.clock).as_millis()
    }

    async fn step(&mut self) {
        let repo = REPOS[self.chance.random_range(0..REPOS.len())];
        let worker = self.workers[self.chance.random_range(0..self.workers.len())].clone();
        let task = (!self.tasks.is_empty()).then(|| self.tasks[self.chance.random_range(0..self.tasks.len())].clone());
        match self.chance.random_range(0..12) {
            0..=2 => {
                let task = self.pool.task(json!({ "repo": repo, "attempts_max": 2 })).await;
                self.tasks.push(task);
            }
            3..=5 => drop(self.pool.fetch(&worker).await),
            6..=8 => self.report(&worker).await,
            9 => self.decide(task).await,
            10 => {
                let budget = self.chance.random_range(0..5);
                self.pool.repo(repo, budget).await;
            }
            _ => self.pool.heartbeat(&worker, "working").await,
        }
    }

    /// The worker says something of a task that it holds, or gives it back.
    async fn report(&mut self, worker: &Worker) {
        let own = self.pool.fetch(worker).await;
        let leases = own["leases"].as_array().expect("a list").clone();
        if leases.is_empty() {
            return;
        }
        let lease = &leases[self.chance.random_range(0..leases.len())];
        let (task_id, lease_id) = (text(&lease["task_id"]), text(&lease["lease_id"]));
        match self.chance.random_range(0..6) {
            0 => drop(self.pool.release(worker, &lease_id, json!({ "reason": "insufficient_time" })).await),
            1 => drop(self.pool.report(worker, &task_id, json!({ "status": "blocked" })).await),
            2 => drop(self.pool.report(worker, &task_id, json!({ "status": "in_progress" })).await),
            _ => drop(self.pool.report(worker, &task_id, json!({ "status": "pr_opened" })).await),
        }
    }

    /// The maintainer decides about a task, which may not be possible.
    async fn decide(&mut self, task: Option<String>) {
        let latest = self.tasks.len().saturating_sub(LATEST);
        for task in &self.tasks[latest..] {
            if self.pool.state_of(task).await == "pr_opened" && self.chance.random_ratio(2, 3) {
                let actions = ["merge", "merge", "merge", "close", "request_changes"];
                let action = actions[self.chance.random_range(0..actions.len())];
                drop(self.pool.update(task, json!({ "action": action })).await);
            }
        }
        if let Some(task) = task {
            let action = ["cancel", "requeue", "revert"][self.chance.random_range(0..3)];
            drop(self.pool.update(&task, json!({ "action": action, "reason": "by chance" })).await);
        }
    }
}

fn path_of(whose: &Whose) -> String {
    match whose {
        Whose::Pool => "pool".to_owned(),
        Whose::Repo(name) if name == "demo" => "repositories/-/demo".to_owned(),
        Whose::Repo(name) => format!("repositories/{name}"),
        Whose::Worker(id) => format!("workers/{id}"),
    }
}

#[tokio::test]
async fn figures_equal_a_slow_reading_of_the_events_to_the_last_digit() {
    for seed in [1, 2] {
        let mut months = Months::begin(seed).await;
        months.live().await;
        let pool = &months.pool;
        let slow = Slow::read(&pool.events().await, months.now());
        let mut everybody = vec![Whose::Pool];
        everybody.extend(REPOS.map(|name| Whose::Repo(name.to_owned())));
        everybody.extend(months.workers.iter().map(|worker| Whose::Worker(worker.id.clone())));
        for kept in [false, true] {
            if kept {
                books::keep(&pool.app, "r_books").await.unwrap();
            }
            for whose in &everybody {
                for days in [DAYS + 1, 30, 7, 1] {
                    let told = pool.get(&format!("/v1/analytics/{}?days={days}", path_of(whose))).await.ok(200);
                    slow.compare(whose, days, &told);
                }
            }
        }
        let told = pool.get(&format!("/v1/analytics/pool?days={}", DAYS + 1)).await.ok(200);
        for figure in
            ["tasks_completed", "tasks_closed", "leases_expired", "leases_released", "changes_requested", "throttled_s"]
        {
            assert!(told["metrics"][figure].as_u64().unwrap() > 0, "months without {figure} try too little: {told:#}");
        }
    }
}
