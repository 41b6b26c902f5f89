//! The records, the events, and the orders in which records are looked for and listed.

use super::lists::Lists;
use super::log::Log;
use crate::orders::Orders;
use crate::{BATCH_MAX, Head, Lane, Reader, Shelf, StoreError};
use owp_logic::{BookName, Changes, Key, Record, Repo, Task, Version, Wanted, Worker, Write, first_day_kept};
use owp_wire::{RepoName, TaskId, Timestamp, WorkerId};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

#[derive(Default)]
pub struct State {
    records: HashMap<Key, (Version, Arc<Record>)>,
    pub log: Log,
    pub orders: Orders,
    pub lists: Lists,
}

impl State {
    /// The caller holds the state still between loading and this, so nothing can have changed meanwhile.
    pub fn apply(&mut self, changes: Changes) {
        for (key, (expected, write)) in changes.writes {
            let entry = self.records.entry(key);
            let present = if let Entry::Occupied(entry) = &entry { entry.get().0 } else { 0 };
            assert_eq!(present, expected, "{:?} changed while it was held still", entry.key());
            match (write, entry) {
                (Write::Check, _) | (Write::Delete, Entry::Vacant(_)) => {}
                (Write::Put(record), Entry::Vacant(entry)) => {
                    self.orders.replace(entry.key(), None, Some(&record));
                    self.lists.replace(None, Some(&record));
                    entry.insert((1, record.into()));
                }
                (Write::Put(record), Entry::Occupied(mut entry)) => {
                    self.orders.replace(entry.key(), Some(&entry.get().1), Some(&record));
                    self.lists.replace(Some(&entry.get().1), Some(&record));
                    entry.insert((expected + 1, record.into()));
                }
                (Write::Delete, Entry::Occupied(entry)) => {
                    let (key, (_, old)) = entry.remove_entry();
                    self.orders.replace(&key, Some(&old), None);
                    self.lists.replace(Some(&old), None);
                }
            }
        }
        self.log.extend(changes.events);
    }

    /// Drops calls that are honoured no more, the oldest first, and figures of days long past.
    pub fn prune(&mut self, now: Timestamp) -> usize {
        let calls = self.lists.calls().map(|key| Key::Idempotency(key.to_owned()));
        let past = calls.take_while(|key| {
            self.record(key).and_then(Record::as_idempotency).is_some_and(|call| !call.is_honoured(now))
        });
        let first_day = first_day_kept(now);
        let is_past = |key: &Key| matches!(key, Key::Book(BookName::Day(_, day)) if *day < first_day);
        let days = self.records.keys().filter(|key| is_past(key)).cloned();
        let past: Vec<Key> = past.chain(days).take(BATCH_MAX).collect();
        for key in &past {
            let old = self.records.remove(key);
            self.lists.replace(old.as_ref().map(|(_, record)| record.as_ref()), None);
        }
        past.len()
    }

    fn record(&self, key: &Key) -> Option<&Record> {
        self.records.get(key).map(|(_, record)| record.as_ref())
    }

    pub fn task(&self, id: &TaskId) -> Option<&Task> {
        self.record(&Key::Task(id.clone())).and_then(Record::as_task)
    }

    pub fn worker(&self, id: &WorkerId) -> Option<&Worker> {
        self.record(&Key::Worker(id.clone())).and_then(Record::as_worker)
    }

    pub fn repo(&self, name: &RepoName) -> Option<&Repo> {
        self.record(&Key::Repo(name.clone())).and_then(Record::as_repo)
    }
}

impl Reader for State {
    async fn get(&mut self, key: &Key) -> Result<Option<(Version, Arc<Record>)>, StoreError> {
        Ok(self.records.get(key).cloned())
    }

    async fn any_due(&mut self, now: Timestamp, silent_since: Timestamp) -> Result<bool, StoreError> {
        Ok(self.orders.clocks.any_due(now, silent_since))
    }

    async fn due_repos(&mut self, now: Timestamp, limit: usize) -> Result<Vec<RepoName>, StoreError> {
        Ok(self.orders.clocks.due_repos(now).take(limit).cloned().collect())
    }

    async fn due_tasks(&mut self, now: Timestamp, limit: usize) -> Result<Vec<TaskId>, StoreError> {
        Ok(self.orders.clocks.due_tasks(now).take(limit).cloned().collect())
    }

    async fn silent(&mut self, since: Timestamp, limit: usize) -> Result<Vec<WorkerId>, StoreError> {
        Ok(self.orders.clocks.silent(since).take(limit).cloned().collect())
    }

    async fn absent(&mut self, since: Timestamp, limit: usize) -> Result<Vec<WorkerId>, StoreError> {
        Ok(self.orders.clocks.absent(since).take(limit).cloned().collect())
    }

    async fn shelves(&mut self, skill: &str, wanted: &Wanted, limit: usize) -> Result<Vec<Shelf>, StoreError> {
        Ok(self.orders.waiting.shelves(skill, wanted, limit))
    }

    async fn lanes(&mut self, shelf: &Shelf, limit: usize) -> Result<Vec<Lane>, StoreError> {
        Ok(self.orders.waiting.lanes(shelf, limit))
    }

    async fn lane_head(
        &mut self,
        shelf: &Shelf,
        lane: &Lane,
        priority_max: u32,
        limit: usize,
    ) -> Result<Vec<Head>, StoreError> {
        Ok(self.orders.waiting.lane_head(shelf, lane, priority_max, limit))
    }

    async fn ready(&mut self, limit: usize) -> Result<Vec<TaskId>, StoreError> {
        Ok(self.lists.ready(limit))
    }

    async fn workers_seen_since(&mut self, since: Timestamp, limit: usize) -> Result<Vec<WorkerId>, StoreError> {
        Ok(self.lists.seen(since).take(limit).cloned().collect())
    }
}
