//! An answer is made of two readings, the records first and then what the books do not have yet. What happens between the two
//! is in the second alone.

use crate::pool::{Pool, Worker, settings, text};
use async_trait::async_trait;
use futures::future::BoxFuture;
use owp_logic::{Event, Repo, Scope, Snapshot, Task, Worker as WorkerRecord};
use owp_store::memory::MemoryStore;
use owp_store::{Backup, Counts, Cursor, Listed, Page, Store, StoreError, TaskFilter, Unit, WorkerFilter};
use owp_wire::Timestamp;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// Something happens after records were read from it, once.
#[derive(Default)]
struct Interrupted {
    store: MemoryStore,
    meanwhile: Mutex<Option<BoxFuture<'static, ()>>>,
}

impl Interrupted {
    fn after_the_next_look(&self, meanwhile: impl Future<Output = ()> + Send + 'static) {
        *self.meanwhile.lock().unwrap() = Some(Box::pin(meanwhile));
    }
}

#[async_trait]
impl Store for Interrupted {
    fn kind(&self) -> &'static str {
        "interrupted"
    }

    async fn run(&self, unit: Box<dyn Unit>) -> Result<(), StoreError> {
        self.store.run(unit).await
    }

    async fn look(&self, scope: Scope) -> Result<Snapshot, StoreError> {
        let found = self.store.look(scope).await;
        let meanwhile = self.meanwhile.lock().unwrap().take();
        if let Some(meanwhile) = meanwhile {
            meanwhile.await;
        }
        found
    }

    async fn list_tasks(&self, filter: TaskFilter, page: Page) -> Result<Listed<Task>, StoreError> {
        self.store.list_tasks(filter, page).await
    }

    async fn list_workers(&self, filter: WorkerFilter, page: Page) -> Result<Listed<WorkerRecord>, StoreError> {
        self.store.list_workers(filter, page).await
    }

    async fn list_repos(&self, page: Page) -> Result<Listed<Repo>, StoreError> {
        self.store.list_repos(page).await
    }

    async fn counts(&self, online_since: Timestamp) -> Result<Counts, StoreError> {
        self.store.counts(online_since).await
    }

    async fn events(
        &self,
        after: Option<&Cursor>,
        until: Option<&Cursor>,
        limit: usize,
    ) -> Result<Vec<(Cursor, Event)>, StoreError> {
        self.store.events(after, until, limit).await
    }

    async fn events_back(&self, until: Option<&Cursor>, limit: usize) -> Result<Vec<(Cursor, Event)>, StoreError> {
        self.store.events_back(until, limit).await
    }

    async fn latest(&self) -> Result<Cursor, StoreError> {
        self.store.latest().await
    }

    async fn prune_events(&self, until: &Cursor) -> Result<usize, StoreError> {
        self.store.prune_events(until).await
    }

    async fn prune(&self, now: Timestamp) -> Result<usize, StoreError> {
        self.store.prune(now).await
    }

    async fn back_up(&self) -> Result<Backup, StoreError> {
        self.store.back_up().await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.store.ping().await
    }
}

/// A worker has held the only task of a full repository for an hour.
struct Hour {
    store: Arc<Interrupted>,
    pool: Pool,
    worker: Worker,
    lease_id: String,
}

impl Hour {
    async fn passed() -> Self {
        let store: Arc<Interrupted> = Arc::default();
        let pool = Pool::over(store.clone(), settings());
        pool.repo("demo", 1).await;
        pool.task(json!({})).await;
        let worker = pool.roomy_worker().await;
        let lease_id = text(&pool.fetch(&worker).await["leases"][0]["lease_id"]);
        pool.clock.advance_s(3600);
        Self { store, pool, worker, lease_id }
    }

    fn worker_path(&self) -> String {
        format!("/v1/analytics/workers/{}?days=1", self.worker.id)
    }
}

const REPO_PATH: &str = "/v1/analytics/repositories/-/demo?days=1";

/// In an answer about one day.
fn seconds(told: &Value, figure: &str) -> Option<u64> {
    told["series"][0][figure].as_u64()
}

#[tokio::test]
async fn a_period_that_ends_between_the_two_readings_counts_once() {
    for (whose, figure) in [("repo", "throttled_s"), ("worker", "busy_s")] {
        let hour = Hour::passed().await;
        let (pool, worker, lease_id) = (hour.pool.clone(), hour.worker.clone(), hour.lease_id.clone());
        hour.store.after_the_next_look(async move {
            pool.release(&worker, &lease_id, json!({ "reason": "insufficient_time" })).await.ok(200);
        });
        let path = if whose == "repo" { REPO_PATH.to_owned() } else { hour.worker_path() };
        let told = hour.pool.get(&path).await.ok(200);
        assert_eq!(seconds(&told, figure), Some(3600), "{told:#}");
        let again = hour.pool.get(&path).await.ok(200);
        assert_eq!(again["series"], told["series"], "asked again, it is the same");
    }
}

#[tokio::test]
async fn a_worker_that_falls_silent_between_the_two_readings_was_there_once() {
    let hour = Hour::passed().await;
    let pool = hour.pool.clone();
    hour.store.after_the_next_look(async move {
        pool.app.settle("r_sweep").await.expect("it can be settled");
    });
    let told = hour.pool.get(&hour.worker_path()).await.ok(200);
    assert_eq!(seconds(&told, "online_s"), Some(90), "{told:#}");
}

#[tokio::test]
async fn a_period_that_begins_when_another_has_ended_counts_from_there() {
    let hour = Hour::passed().await;
    hour.pool.release(&hour.worker, &hour.lease_id, json!({ "reason": "insufficient_time" })).await.ok(200);
    hour.pool.clock.advance_s(600);
    let other = hour.pool.roomy_worker().await;
    assert_eq!(hour.pool.fetched(&other).await.len(), 1);
    hour.pool.clock.advance_s(60);
    let told = hour.pool.get(REPO_PATH).await.ok(200);
    assert_eq!(seconds(&told, "throttled_s"), Some(3660), "{told:#}");
}
