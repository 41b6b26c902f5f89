//! A store in memory: for tests, simulations and as the plainest reading of what a store does. Nothing survives it.

mod lists;
mod log;
mod state;

use crate::transact::guarded;
use crate::{Backup, Counts, Cursor, Listed, Page, Store, StoreError, TaskFilter, Unit, WorkerFilter, load};
use async_trait::async_trait;
use owp_logic::{Event, Repo, Scope, Snapshot, Task, Worker};
use owp_wire::Timestamp;
use state::State;
use tokio::sync::{Mutex, watch};

pub struct MemoryStore {
    state: Mutex<State>,
    work: watch::Sender<u64>,
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self { state: Mutex::default(), work: watch::Sender::new(0) }
    }
}

#[async_trait]
impl Store for MemoryStore {
    fn kind(&self) -> &'static str {
        "memory"
    }

    async fn run(&self, mut unit: Box<dyn Unit>) -> Result<(), StoreError> {
        let mut state = self.state.lock().await;
        let scope = guarded(|| unit.scope())?;
        let snapshot = load(&mut *state, &scope).await?;
        let changes = guarded(|| unit.decide(&snapshot))?;
        if !changes.is_empty() {
            state.apply(changes);
            self.work.send_modify(|count| *count += 1);
        }
        Ok(())
    }

    async fn look(&self, scope: Scope) -> Result<Snapshot, StoreError> {
        load(&mut *self.state.lock().await, &scope).await
    }

    async fn list_tasks(&self, filter: TaskFilter, page: Page) -> Result<Listed<Task>, StoreError> {
        self.state.lock().await.list_tasks(&filter, &page)
    }

    async fn list_workers(&self, filter: WorkerFilter, page: Page) -> Result<Listed<Worker>, StoreError> {
        self.state.lock().await.list_workers(&filter, &page)
    }

    async fn list_repos(&self, page: Page) -> Result<Listed<Repo>, StoreError> {
        Ok(self.state.lock().await.list_repos(&page))
    }

    async fn counts(&self, online_since: Timestamp) -> Result<Counts, StoreError> {
        Ok(self.state.lock().await.counts(online_since))
    }

    async fn events(
        &self,
        after: Option<&Cursor>,
        until: Option<&Cursor>,
        limit: usize,
    ) -> Result<Vec<(Cursor, Event)>, StoreError> {
        let (after, until) = (Cursor::counted(after)?, Cursor::counted(until)?.unwrap_or(u64::MAX));
        self.state.lock().await.log.between(after, until, limit)
    }

    async fn events_back(&self, until: Option<&Cursor>, limit: usize) -> Result<Vec<(Cursor, Event)>, StoreError> {
        let until = Cursor::counted(until)?.unwrap_or(u64::MAX);
        Ok(self.state.lock().await.log.back(until, limit))
    }

    async fn latest(&self) -> Result<Cursor, StoreError> {
        Ok(Cursor::from(self.state.lock().await.log.last()))
    }

    async fn prune_events(&self, until: &Cursor) -> Result<usize, StoreError> {
        let until = Cursor::counted(Some(until))?.unwrap_or(0);
        Ok(self.state.lock().await.log.prune(until))
    }

    async fn prune(&self, now: Timestamp) -> Result<usize, StoreError> {
        Ok(self.state.lock().await.prune(now))
    }

    async fn back_up(&self) -> Result<Backup, StoreError> {
        Err(StoreError::NoBackup(
            "this pool is in memory only and ends with its process; keep one that matters in a file",
        ))
    }

    async fn ping(&self) -> Result<(), StoreError> {
        Ok(())
    }

    fn work_signal(&self) -> Option<watch::Receiver<u64>> {
        Some(self.work.subscribe())
    }
}
