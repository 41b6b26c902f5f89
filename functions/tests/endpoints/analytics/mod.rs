//! `GET /v1/analytics/…`: a pool lives through months by chance, and its figures are compared with a slow reading of its
//! events that shares nothing with the fast one.

mod slow;

use crate::pool::{Ask, Pool, Worker, text};
use owp_functions::books;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};
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

#[tokio::test]
async fn a_period_ends_today_unless_another_day_is_named() {
    let pool = Pool::new();
    pool.repo("demo", 1).await;
    let told = pool.get("/v1/analytics/repositories/-/demo").await.ok(200);
    assert_eq!(
        (&told["period"], &told["to"], &told["repo"]),
        (&json!("last_30_days"), &json!("2027-01-15"), &json!("demo"))
    );
    assert_eq!((told["series"].as_array().unwrap().len(), &told["from"]), (30, &json!("2026-12-17")));
    assert_eq!(
        (&told["metrics"]["avg_completion_time"], &told["metrics"]["pr_merge_rate"]),
        (&Value::Null, &Value::Null)
    );
    let earlier = pool.get("/v1/analytics/pool?days=7&until=2026-03-01").await.ok(200);
    assert_eq!((&earlier["period"], &earlier["from"]), (&json!("7_days_until_2026-03-01"), &json!("2026-02-23")));
    for query in ["?until=2026-02-30", "?until=yesterday", "?days=0", "?days=367"] {
        pool.get(&format!("/v1/analytics/pool{query}")).await.refused(400, "invalid_request");
    }
}

#[tokio::test]
async fn who_there_is_not_has_no_figures_and_a_worker_sees_its_own_only() {
    let pool = Pool::new();
    let (one, other) = (pool.roomy_worker().await, pool.roomy_worker().await);
    pool.get("/v1/analytics/repositories/no/body").await.refused(404, "repo_not_found");
    pool.get("/v1/analytics/workers/w_nobody").await.refused(404, "worker_not_found");
    let of = |id: &str| Ask::get(&format!("/v1/analytics/workers/{id}"));
    let own = pool.ask(of(&one.id).by(&one)).await.ok(200);
    assert_eq!((&own["worker_id"], own.get("forecast")), (&json!(one.id), None));
    pool.ask(of(&other.id).by(&one)).await.refused(403, "forbidden");
    pool.ask(Ask::get("/v1/analytics/pool").by(&one)).await.refused(401, "unauthenticated");
}

#[tokio::test]
async fn the_forecast_and_the_bottlenecks_follow_from_the_figures() {
    let pool = Pool::new();
    pool.repo("demo", 2).await;
    let worker = pool.roomy_worker().await;
    for _ in 0..14 {
        pool.task(json!({})).await;
    }
    for _ in 0..3 {
        pool.clock.advance_s(60);
        for task in pool.fetched(&worker).await {
            pool.report(&worker, &task, json!({ "status": "in_progress" })).await.ok(200);
            pool.clock.advance_s(60);
            pool.report(&worker, &task, json!({ "status": "pr_opened" })).await.ok(200);
            pool.clock.advance_s(3600);
            pool.update(&task, json!({ "action": "merge" })).await.ok(200);
        }
        pool.fetch(&worker).await;
    }
    let told = pool.get("/v1/analytics/repositories/-/demo?days=1").await.ok(200);
    let completed = u32::try_from(told["metrics"]["tasks_completed"].as_u64().unwrap()).unwrap();
    assert!(completed >= 5, "{told:#}");
    let forecast = &told["forecast"];
    assert_eq!(forecast["unfinished"], json!(14 - completed));
    let days = f64::from(14 - completed) / (f64::from(completed) / 28.0);
    assert!((forecast["days"].as_f64().unwrap() - days).abs() < 1e-9, "{forecast}");
    let bottlenecks = told["metrics"]["bottlenecks"].as_array().unwrap();
    assert!(bottlenecks.contains(&json!("review_budget")), "{told:#}");
}
