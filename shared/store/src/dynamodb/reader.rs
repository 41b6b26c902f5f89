//! The reads that loading a scope takes.
//!
//! Indexes lag behind the table, so they only say where to look: whatever they name is read from the table before it counts.

use super::definition::{CLOCK, READY, TABLE};
use super::directory::LaneName;
use super::item::{self, DUE_REPOS, Item, Presence, due_tasks_partition};
use super::keys::{Address, behind, priority_key, time_key};
use super::shelves::Search;
use super::table::{Range, Table};
use crate::{Head, Lane, Reader, Shelf, StoreError};
use owp_logic::{Key, Record, Task, Version, Wanted, Worker};
use owp_wire::{RepoName, TaskId, TaskState, Timestamp, WorkerId};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Tasks of a lane may have gone since the index saw them; so often the look is repeated for those behind.
const LOOKS_MAX: usize = 4;

/// What one load has read. Each record is read once.
pub struct DynamoReader<'a> {
    pub table: &'a Table,
    seen: HashMap<Key, Option<Seen>>,
    pub(super) search: Search,
}

#[derive(Clone)]
struct Seen {
    version: Version,
    record: Arc<Record>,
    stamp: u64,
}

impl<'a> DynamoReader<'a> {
    pub fn new(table: &'a Table) -> Self {
        Self { table, seen: HashMap::new(), search: Search::default() }
    }

    /// The stamp of a record that was read; 0 where there was none.
    pub fn stamp(&self, key: &Key) -> u64 {
        self.seen.get(key).and_then(Option::as_ref).map_or(0, |seen| seen.stamp)
    }

    /// A record that was read.
    pub fn known(&self, key: &Key) -> Option<Arc<Record>> {
        self.seen.get(key).and_then(Option::as_ref).map(|seen| seen.record.clone())
    }

    fn note(&mut self, key: Key, item: Option<&Item>) -> Result<(), StoreError> {
        let seen = match item {
            Some(item) => {
                let found = item::read_record(&key, item)?;
                Some(Seen { version: found.version, record: Arc::new(found.record), stamp: found.stamp })
            }
            None => None,
        };
        self.seen.insert(key, seen);
        Ok(())
    }

    async fn read_task(&mut self, id: &TaskId) -> Result<Option<Task>, StoreError> {
        let found = self.get(&Key::Task(id.clone())).await?;
        Ok(found.and_then(|(_, record)| record.as_task().cloned()))
    }

    pub async fn read_repo(&mut self, name: &RepoName) -> Result<Option<Arc<Record>>, StoreError> {
        Ok(self.get(&Key::Repo(name.clone())).await?.map(|(_, record)| record))
    }

    async fn read_worker(&mut self, id: &WorkerId) -> Result<Option<Worker>, StoreError> {
        let found = self.get(&Key::Worker(id.clone())).await?;
        Ok(found.and_then(|(_, record)| record.as_worker().cloned()))
    }

    /// Names and their moments from several parts of the clock, earliest first.
    async fn by_clock(&mut self, ranges: Vec<Range>) -> Result<Vec<String>, StoreError> {
        let found = self.table.query_all(ranges).await?;
        let places = found.iter().flat_map(|(items, _)| items).map(|item| item::text(item, TABLE.index(CLOCK).sk));
        let mut places: Vec<&str> = places.collect::<Result<_, _>>()?;
        places.sort_unstable();
        Ok(places.into_iter().filter_map(|place| place.get(TIME_LENGTH..)).map(str::to_owned).collect())
    }

    /// The first tasks of a lane.
    pub async fn heads(&mut self, lane: &LaneName, priority_max: u32, limit: usize) -> Result<Vec<Head>, StoreError> {
        let mut range = Range::of_index(READY, lane.partition()).at_least(priority_key(priority_max)).limit(limit);
        let mut heads = Vec::new();
        for _ in 0..LOOKS_MAX {
            let (items, more) = self.table.query(range.clone()).await?;
            let ids = items.iter().map(|item| named_by(item).map(TaskId)).collect::<Result<Vec<_>, _>>()?;
            self.expect(ids.iter().cloned().map(Key::Task).collect()).await?;
            for id in ids {
                let task = self.read_task(&id).await?;
                let still_there = |task: &Task| {
                    task.state == TaskState::Ready && task.spec.priority <= priority_max && LaneName::of(task) == *lane
                };
                if let Some(task) = task.filter(still_there) {
                    heads.push(Head { id, priority: task.spec.priority, ready_at: task.ready_at });
                }
            }
            let Some(last) = items.last().filter(|_| more && heads.len() < limit) else { break };
            range = range.after(item::text(last, TABLE.index(READY).sk)?);
        }
        heads.truncate(limit);
        Ok(heads)
    }
}

/// How many characters a time takes in a key.
const TIME_LENGTH: usize = 16;

/// What of the clock has come by then.
fn up_to(partition: impl Into<String>, then: Timestamp) -> Range {
    Range::of_index(CLOCK, partition).at_most(behind(&time_key(then)))
}

/// The id or name behind the first character of an item's own key.
pub fn named_by(item: &Item) -> Result<String, StoreError> {
    let pk = item::text(item, super::keys::PK)?;
    pk.split_once('#').map(|(_, name)| name.to_owned()).ok_or_else(|| item::lacking(super::keys::PK))
}

impl Reader for DynamoReader<'_> {
    async fn get(&mut self, key: &Key) -> Result<Option<(Version, Arc<Record>)>, StoreError> {
        if !self.seen.contains_key(key) {
            let item = self.table.get(&Address::of(key)).await?;
            self.note(key.clone(), item.as_ref())?;
        }
        Ok(self.seen[key].as_ref().map(|seen| (seen.version, seen.record.clone())))
    }

    async fn expect(&mut self, keys: Vec<Key>) -> Result<(), StoreError> {
        let wanted: HashSet<Key> = keys.into_iter().filter(|key| !self.seen.contains_key(key)).collect();
        if wanted.len() < 2 {
            return Ok(());
        }
        let addresses: Vec<Address> = wanted.iter().map(Address::of).collect();
        let found = self.table.get_all(&addresses).await?;
        wanted.into_iter().try_for_each(|key| {
            let item = found.get(&Address::of(&key));
            self.note(key, item)
        })
    }

    async fn any_due(&mut self, now: Timestamp, silent_since: Timestamp) -> Result<bool, StoreError> {
        let shards = self.table.shards().await?.index;
        let tasks = (0..shards).map(|shard| up_to(due_tasks_partition(shard), now));
        let holders = (0..shards).map(|shard| up_to(Presence::Holding.partition(shard), silent_since));
        let first = tasks.chain(holders).chain([up_to(DUE_REPOS, now)]).map(|range| range.limit(1)).collect();
        if self.table.query_all(first).await?.iter().all(|(items, _)| items.is_empty()) {
            return Ok(false);
        }
        // An index may show what was settled a moment ago.
        Ok(!self.due_tasks(now, 1).await?.is_empty()
            || !self.due_repos(now, 1).await?.is_empty()
            || !self.silent(silent_since, 1).await?.is_empty())
    }

    async fn due_repos(&mut self, now: Timestamp, limit: usize) -> Result<Vec<RepoName>, StoreError> {
        let names = self.by_clock(vec![up_to(DUE_REPOS, now).limit(limit)]).await?;
        let names: Vec<RepoName> = names.into_iter().map(RepoName).collect();
        self.expect(names.iter().cloned().map(Key::Repo).collect()).await?;
        let mut due = Vec::new();
        for name in names {
            let found = self.read_repo(&name).await?;
            if found.as_deref().and_then(Record::as_repo).is_some_and(|repo| repo.is_gate_due(now)) {
                due.push(name);
            }
        }
        Ok(due)
    }

    async fn due_tasks(&mut self, now: Timestamp, limit: usize) -> Result<Vec<TaskId>, StoreError> {
        let shards = self.table.shards().await?.index;
        let ranges = (0..shards).map(|shard| up_to(due_tasks_partition(shard), now).limit(limit)).collect();
        let ids: Vec<TaskId> = self.by_clock(ranges).await?.into_iter().map(TaskId).take(limit).collect();
        self.expect(ids.iter().cloned().map(Key::Task).collect()).await?;
        let mut due = Vec::new();
        for id in ids {
            if self.read_task(&id).await?.is_some_and(|task| task.is_due(now)) {
                due.push(id);
            }
        }
        Ok(due)
    }

    async fn silent(&mut self, since: Timestamp, limit: usize) -> Result<Vec<WorkerId>, StoreError> {
        let shards = self.table.shards().await?.index;
        let ranges = (0..shards).map(|shard| up_to(Presence::Holding.partition(shard), since).limit(limit)).collect();
        let ids: Vec<WorkerId> = self.by_clock(ranges).await?.into_iter().map(WorkerId).take(limit).collect();
        self.expect(ids.iter().cloned().map(Key::Worker).collect()).await?;
        let mut silent = Vec::new();
        for id in ids {
            let worker = self.read_worker(&id).await?;
            if worker.is_some_and(|worker| worker.last_seen_at <= since && worker.leases_bound_to_presence() > 0) {
                silent.push(id);
            }
        }
        Ok(silent)
    }

    async fn absent(&mut self, since: Timestamp, limit: usize) -> Result<Vec<WorkerId>, StoreError> {
        let shards = self.table.shards().await?.index;
        let there =
            |presence: Presence| (0..shards).map(move |shard| up_to(presence.partition(shard), since).limit(limit));
        let ranges = there(Presence::Holding).chain(there(Presence::Idle)).collect();
        let ids: Vec<WorkerId> = self.by_clock(ranges).await?.into_iter().map(WorkerId).collect();
        self.expect(ids.iter().cloned().map(Key::Worker).collect()).await?;
        let mut absent = Vec::new();
        for id in ids {
            let worker = self.read_worker(&id).await?;
            if worker.is_some_and(|worker| worker.last_seen_at <= since && worker.online_since.is_some()) {
                absent.push(id);
            }
        }
        absent.truncate(limit);
        Ok(absent)
    }

    async fn shelves(&mut self, skill: &str, wanted: &Wanted, limit: usize) -> Result<Vec<Shelf>, StoreError> {
        self.open_shelves(skill, wanted, limit).await
    }

    async fn lanes(&mut self, shelf: &Shelf, limit: usize) -> Result<Vec<Lane>, StoreError> {
        Ok(self.lanes_of(shelf, limit))
    }

    async fn lane_head(
        &mut self,
        shelf: &Shelf,
        lane: &Lane,
        priority_max: u32,
        limit: usize,
    ) -> Result<Vec<Head>, StoreError> {
        let lane = LaneName { repo: shelf.repo.clone(), class: shelf.class.clone(), area: lane.area.clone() };
        self.heads(&lane, priority_max, limit).await
    }

    async fn ready(&mut self, limit: usize) -> Result<Vec<TaskId>, StoreError> {
        self.first_ready(limit).await
    }

    async fn workers_seen_since(&mut self, since: Timestamp, limit: usize) -> Result<Vec<WorkerId>, StoreError> {
        let ranges = seen_since(self.table.shards().await?.index, since);
        let ranges = ranges.into_iter().map(|range| range.backward().limit(limit)).collect();
        let ids = self.by_clock(ranges).await?.into_iter().rev().map(WorkerId).take(limit);
        let ids: Vec<WorkerId> = ids.collect();
        self.expect(ids.iter().cloned().map(Key::Worker).collect()).await?;
        let mut seen = Vec::new();
        for id in ids {
            seen.extend(self.read_worker(&id).await?.filter(|worker| worker.revoked_at.is_none()));
        }
        seen.sort_by(|a, b| (b.last_seen_at, &a.id).cmp(&(a.last_seen_at, &b.id)));
        Ok(seen.into_iter().map(|worker| worker.id).take(limit).collect())
    }
}

/// Workers heard of after then; some may be revoked.
pub fn seen_since(shards: u32, since: Timestamp) -> Vec<Range> {
    let partitions = (0..shards)
        .flat_map(|shard| [Presence::Holding, Presence::Idle, Presence::Away].map(|kind| kind.partition(shard)));
    partitions.map(|partition| Range::of_index(CLOCK, partition).after(behind(&time_key(since)))).collect()
}
