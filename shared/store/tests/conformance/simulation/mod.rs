//! Thousands of random operations from a seed, with the rules checked after each: by the events, by the records, and for
//! every fetch by a search through all ready tasks that knows nothing of shelves and lanes.
//!
//! A failure prints its seed; the same seed does the same again.

mod oracle;
mod steps;

use crate::checking::check_task;
use crate::pool::Pool;
use owp_logic::history::History;
use owp_store::memory::MemoryStore;
use owp_store::{Cursor, Store};
use owp_wire::{ReportedStatus, TaskAction, TaskState, TrustTier};
use std::sync::Arc;
use steps::Simulation;

/// How often everything is compared, and not only what a step touched.
const CHECK_EVERY: usize = 200;

#[tokio::test]
async fn no_rule_is_ever_broken_in_memory() {
    for seed in 1..=8 {
        simulate(Arc::new(MemoryStore::default()), seed, 2500).await;
    }
}

#[tokio::test]
async fn no_rule_is_ever_broken_in_libsql() {
    for seed in 101..=102 {
        let (store, _folder) = crate::libsql().await;
        simulate(store.clone(), seed, 1000).await;
        store.close().await;
    }
}

#[tokio::test]
async fn memory_and_libsql_decide_alike() {
    for seed in 201..=202 {
        let _told = SeedTold(seed);
        let (store, _folder) = crate::libsql().await;
        let mut one = Simulation::new(Pool::over(Arc::new(MemoryStore::default())), seed);
        let mut other = Simulation::new(Pool::over(store.clone()), seed);
        for step in 0..1000 {
            let (done, expected) = (other.step().await, one.step().await);
            assert_eq!(done, expected, "step {step}");
        }
        let (one, other) = (one.pool.everything().await, other.pool.everything().await);
        assert_eq!(one.tasks, other.tasks);
        assert_eq!(one.workers, other.workers);
        assert_eq!(one.repos, other.repos);
        assert_eq!(one.events, other.events);
        store.close().await;
    }
}

async fn simulate(store: Arc<dyn Store>, seed: u64, steps: usize) {
    let _told = SeedTold(seed);
    let mut simulation = Simulation::new(Pool::over(store), seed);
    let (mut history, mut place) = (History::default(), None);
    for step in 0..steps {
        let done = simulation.step().await;
        watch(&simulation.pool, &mut history, &mut place, &format!("step {step}: {done}")).await;
        if step % CHECK_EVERY == 0 {
            simulation.pool.check().await;
        }
    }
    finish(&mut simulation).await;
    simulation.pool.check().await;
}

/// Reads the new events and compares the tasks that they are about.
async fn watch(pool: &Pool, history: &mut History, place: &mut Option<Cursor>, done: &str) {
    let events = pool.events_after(place).await;
    events.iter().for_each(|event| history.add(event));
    assert!(history.violations.is_empty(), "{:?} after {done}", history.violations);
    for id in events.iter().filter_map(|event| event.task_id.as_ref()) {
        check_task(&pool.get_task(id).await, &history.tasks()[id]);
    }
}

/// No task is stuck: time and one able worker bring every one to an end.
async fn finish(simulation: &mut Simulation) {
    let pool = simulation.pool.clone();
    simulation.open_every_repo().await;
    pool.later(pool.rules().response_ttl_s.max(pool.rules().lease_ttl_s * 6));
    while pool.settle().await.more {}
    for task in pool.everything().await.tasks {
        match task.state {
            TaskState::Failed | TaskState::NeedsInfo => drop(pool.act(&task.id, TaskAction::Requeue).await),
            TaskState::PrOpened => drop(pool.act(&task.id, TaskAction::Merge).await),
            _ => {}
        }
    }
    pool.set_rules(|rules| rules.new_worker_tier = TrustTier::Maintainer);
    let worker = pool.worker_with(|worker| worker.skills = steps::all_skills()).await;
    loop {
        let held = pool.fetch(&worker).await;
        for task in &held {
            pool.report(&worker, task, ReportedStatus::PrOpened).await;
            pool.report(&worker, task, ReportedStatus::Merged).await;
        }
        if held.is_empty() {
            break;
        }
    }
    for task in pool.everything().await.tasks {
        let ended = matches!(task.state, TaskState::Merged | TaskState::Closed | TaskState::Cancelled);
        assert!(ended, "{:?} is stuck as {}", task.id, task.state);
    }
}

/// Says which seed it was when something fails.
struct SeedTold(u64);

impl Drop for SeedTold {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the seed was {}", self.0);
        }
    }
}
