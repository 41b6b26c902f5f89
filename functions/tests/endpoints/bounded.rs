//! A store that takes only so many writes in one commit, as some databases do, and what then takes several.

use crate::pool::{Ask, Pool, settings, texts};
use async_trait::async_trait;
use owp_logic::{Changes, Event, Repo, Scope, Snapshot, Task, Worker};
use owp_store::memory::MemoryStore;
use owp_store::{Backup, Counts, Cursor, Listed, Page, Store, StoreError, TaskFilter, Unit, WorkerFilter};
use owp_wire::Timestamp;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const WRITES_MAX: usize = 100;

#[derive(Default)]
struct Bounded(MemoryStore);

/// Decides as it does, and changes nothing where that is too much.
struct Counted {
    unit: Box<dyn Unit>,
    writes: Arc<AtomicUsize>,
}

impl Unit for Counted {
    fn scope(&mut self) -> Scope {
        self.unit.scope()
    }

    fn decide(&mut self, snapshot: &Snapshot) -> Changes {
        let changes = self.unit.decide(snapshot);
        let writes = changes.writes.len() + changes.events.len();
        self.writes.store(writes, Ordering::SeqCst);
        if writes > WRITES_MAX { Changes::default() } else { changes }
    }
}

#[async_trait]
impl Store for Bounded {
    fn kind(&self) -> &'static str {
        "bounded"
    }

    async fn run(&self, unit: Box<dyn Unit>) -> Result<(), StoreError> {
        let writes = Arc::new(AtomicUsize::new(0));
        self.0.run(Box::new(Counted { unit, writes: writes.clone() })).await?;
        let writes = writes.load(Ordering::SeqCst);
        if writes > WRITES_MAX { Err(StoreError::TooManyWrites { writes, max: WRITES_MAX }) } else { Ok(()) }
    }

    async fn look(&self, scope: Scope) -> Result<Snapshot, StoreError> {
        self.0.look(scope).await
    }

    async fn list_tasks(&self, filter: TaskFilter, page: Page) -> Result<Listed<Task>, StoreError> {
        self.0.list_tasks(filter, page).await
    }

    async fn list_workers(&self, filter: WorkerFilter, page: Page) -> Result<Listed<Worker>, StoreError> {
        self.0.list_workers(filter, page).await
    }

    async fn list_repos(&self, page: Page) -> Result<Listed<Repo>, StoreError> {
        self.0.list_repos(page).await
    }

    async fn counts(&self, online_since: Timestamp) -> Result<Counts, StoreError> {
        self.0.counts(online_since).await
    }

    async fn events(
        &self,
        after: Option<&Cursor>,
        until: Option<&Cursor>,
        limit: usize,
    ) -> Result<Vec<(Cursor, Event)>, StoreError> {
        self.0.events(after, until, limit).await
    }

    async fn events_back(&self, until: Option<&Cursor>, limit: usize) -> Result<Vec<(Cursor, Event)>, StoreError> {
        self.0.events_back(until, limit).await
    }

    async fn prune_events(&self, until: &Cursor) -> Result<usize, StoreError> {
        self.0.prune_events(until).await
    }

    async fn latest(&self) -> Result<Cursor, StoreError> {
        self.0.latest().await
    }

    async fn prune(&self, now: Timestamp) -> Result<usize, StoreError> {
        self.0.prune(now).await
    }

    async fn back_up(&self) -> Result<Backup, StoreError> {
        self.0.back_up().await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.0.ping().await
    }

    fn writes_max(&self) -> Option<usize> {
        Some(WRITES_MAX)
    }
}

fn pool() -> Pool {
    Pool::over(Arc::new(Bounded::default()), settings())
}

fn list(count: usize) -> Value {
    let task = |index: usize| json!({ "repo": "demo", "title": format!("{index}"), "key": format!("k{index}") });
    (0..count).map(task).collect()
}

fn import(list: &Value) -> Ask {
    Ask::post("/v1/admin/tasks/import", list).by_admin()
}

#[tokio::test]
async fn a_long_import_is_answered_as_a_whole() {
    let pool = pool();
    pool.repo("demo", 3).await;
    let first = pool.ask(import(&list(130)).key("k")).await.ok(200);
    assert_eq!(first["created"], 130);
    let titles: Vec<String> = (0..130).map(|index| index.to_string()).collect();
    assert_eq!(texts(&first["tasks"], "title"), titles);
    let before = pool.everything().await;
    assert_eq!(pool.ask(import(&list(130)).key("k")).await.ok(200), first, "the same call");
    assert_eq!(pool.ask(import(&list(130)).key("another")).await.ok(200)["unchanged"], 130);
    pool.ask(import(&list(2)).key("k")).await.refused(409, "idempotency_key_reused");
    assert_eq!(pool.everything().await, before);
    pool.assert_history_is_sound().await;
}

#[tokio::test]
async fn a_long_import_with_a_mistake_stores_nothing() {
    let pool = pool();
    pool.repo("demo", 3).await;
    let before = pool.everything().await;
    let mut long = list(130);
    long[129]["repo"] = json!("no/where");
    pool.ask(import(&long)).await.refused(404, "repo_not_found");
    assert_eq!(pool.everything().await, before);
}

#[tokio::test]
async fn a_worker_with_many_tasks_is_revoked_in_one_call() {
    let pool = pool();
    pool.repo("demo", 100).await;
    pool.ask(import(&list(20))).await.ok(200);
    let worker = pool.roomy_worker().await;
    assert_eq!(pool.fetched(&worker).await.len(), 20);
    let path = format!("/v1/admin/workers/{}/revoke", worker.id);
    let revoke = || Ask::post(&path, &json!({ "reason": "spam" })).by_admin().key("k");
    let revoked = pool.ask(revoke()).await.ok(200);
    assert_eq!(revoked["tasks_requeued"].as_array().expect("a list").len(), 20);
    assert_eq!(pool.ask(revoke()).await.ok(200), revoked, "the same call");
    assert_eq!(pool.state().await["tasks_ready"], 20);
    pool.assert_history_is_sound().await;
}
