//! The records, and the orders in which they are looked for.

use crate::{BATCH_MAX, Head, Lane, Reader, Shelf, StoreError};
use owp_logic::{Changes, Event, FitClass, Holding, Key, Record, Repo, Task, Version, Wanted, Worker, Write};
use owp_wire::{RepoName, TaskId, TaskState, Timestamp, WorkerId};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// The order within a lane: priority, then age, then which was put in first.
type Place = (Reverse<u32>, Timestamp, TaskId);

#[derive(Default)]
pub struct State {
    pub records: BTreeMap<Key, (Version, Record)>,
    pub events: Vec<Event>,
    /// Tasks and workers in the order in which they were put in.
    pub tasks_in_order: Vec<TaskId>,
    pub workers_in_order: Vec<WorkerId>,
    ready: BTreeMap<(RepoName, FitClass), BTreeMap<Option<String>, BTreeSet<Place>>>,
    ready_by_priority: BTreeSet<Place>,
    leases_by_end: BTreeSet<(Timestamp, TaskId)>,
    holders_by_last_seen: BTreeSet<(Timestamp, WorkerId)>,
}

impl State {
    /// The caller holds the state still between loading and this, so nothing can have changed meanwhile.
    pub fn apply(&mut self, changes: Changes) {
        for (key, (expected, write)) in changes.writes {
            let present = self.records.get(&key).map_or(0, |(version, _)| *version);
            assert_eq!(present, expected, "{key:?} changed while it was held still");
            match write {
                Write::Check => {}
                Write::Put(record) => self.replace(key, Some((expected + 1, *record))),
                Write::Delete => self.replace(key, None),
            }
        }
        self.events.extend(changes.events);
    }

    fn replace(&mut self, key: Key, new: Option<(Version, Record)>) {
        let new_record = new.as_ref().map(|(_, record)| record.clone());
        let old = match new {
            Some(entry) => self.records.insert(key, entry),
            None => self.records.remove(&key),
        };
        let old_record = old.map(|(_, record)| record);
        match (&old_record, &new_record) {
            (None, Some(Record::Task(task))) => self.tasks_in_order.push(task.id.clone()),
            (None, Some(Record::Worker(worker))) => self.workers_in_order.push(worker.id.clone()),
            _ => {}
        }
        old_record.iter().for_each(|record| self.index(record, false));
        new_record.iter().for_each(|record| self.index(record, true));
    }

    fn index(&mut self, record: &Record, present: bool) {
        fn set<T: Ord>(index: &mut BTreeSet<T>, entry: T, present: bool) {
            if present {
                index.insert(entry);
            } else {
                index.remove(&entry);
            }
        }
        match record {
            Record::Task(task) => {
                if let Some(lease) = task.lease.as_ref().filter(|_| task.holding() == Holding::Lease) {
                    set(&mut self.leases_by_end, (lease.expires_at, task.id.clone()), present);
                }
                if task.state == TaskState::Ready {
                    let place = (Reverse(task.spec.priority), task.ready_at, task.id.clone());
                    set(&mut self.ready_by_priority, place.clone(), present);
                    let lanes = self.ready.entry((task.repo.clone(), task.fit_class())).or_default();
                    set(lanes.entry(task.spec.area.clone()).or_default(), place, present);
                }
            }
            Record::Worker(worker) if worker.leases_bound_to_presence() > 0 => {
                set(&mut self.holders_by_last_seen, (worker.last_seen_at, worker.id.clone()), present);
            }
            _ => {}
        }
    }

    pub fn prune(&mut self, now: Timestamp) -> usize {
        let dropped = self.records.iter().filter_map(|(key, (_, record))| match record {
            Record::Idempotency(call) if !call.is_honoured(now) => Some(key.clone()),
            _ => None,
        });
        let dropped: Vec<Key> = dropped.take(BATCH_MAX).collect();
        dropped.iter().for_each(|key| drop(self.records.remove(key)));
        dropped.len()
    }

    pub fn task(&self, id: &TaskId) -> Option<&Task> {
        match self.records.get(&Key::Task(id.clone())) {
            Some((_, Record::Task(task))) => Some(task),
            _ => None,
        }
    }

    pub fn worker(&self, id: &WorkerId) -> Option<&Worker> {
        match self.records.get(&Key::Worker(id.clone())) {
            Some((_, Record::Worker(worker))) => Some(worker),
            _ => None,
        }
    }

    fn repo(&self, name: &RepoName) -> Option<&Repo> {
        match self.records.get(&Key::Repo(name.clone())) {
            Some((_, Record::Repo(repo))) => Some(repo),
            _ => None,
        }
    }

    fn unlocked_lanes(&self, repo: &Repo, class: &FitClass) -> Vec<Lane> {
        let Some(lanes) = self.ready.get(&(repo.name.clone(), class.clone())) else { return Vec::new() };
        let mut unlocked: Vec<Lane> = lanes
            .iter()
            .filter(|(area, _)| match area {
                Some(area) => match self.records.get(&Key::Area(repo.name.clone(), area.clone())) {
                    Some((_, Record::Area(claim))) => !claim.locks(repo),
                    _ => true,
                },
                None => true,
            })
            .filter_map(|(area, places)| {
                let (Reverse(priority), ready_at, _) = places.first()?;
                Some(Lane { area: area.clone(), priority: *priority, ready_at: *ready_at })
            })
            .collect();
        unlocked.sort_by_key(|lane| (Reverse(lane.priority), lane.ready_at));
        unlocked
    }
}

impl Reader for State {
    async fn get(&mut self, key: &Key) -> Result<Option<(Version, Record)>, StoreError> {
        Ok(self.records.get(key).cloned())
    }

    async fn any_dead_lease(&mut self, now: Timestamp, silent_since: Timestamp) -> Result<bool, StoreError> {
        Ok(self.leases_by_end.first().is_some_and(|(end, _)| *end <= now)
            || self.holders_by_last_seen.first().is_some_and(|(seen, _)| *seen <= silent_since))
    }

    async fn dead_leases(
        &mut self,
        now: Timestamp,
        silent_since: Timestamp,
        limit: usize,
    ) -> Result<Vec<TaskId>, StoreError> {
        let expired = self.leases_by_end.iter().take_while(|(end, _)| *end <= now).map(|(_, id)| id.clone());
        let silent = self.holders_by_last_seen.iter().take_while(|(seen, _)| *seen <= silent_since);
        let bound_to_presence = |worker: &Worker| {
            let held = worker.held.iter().filter(|held| !held.response_due);
            held.map(|held| held.task_id.clone()).collect::<BTreeSet<TaskId>>()
        };
        let abandoned = silent.filter_map(|(_, id)| self.worker(id)).flat_map(bound_to_presence);
        let mut dead: Vec<TaskId> = Vec::new();
        for id in expired.chain(abandoned) {
            if dead.len() < limit && !dead.contains(&id) {
                dead.push(id);
            }
        }
        Ok(dead)
    }

    async fn shelves(&mut self, skill: &str, wanted: &Wanted, limit: usize) -> Result<Vec<Shelf>, StoreError> {
        let mut shelves: Vec<Shelf> = self
            .ready
            .keys()
            .filter(|(_, class)| class.leading_skill() == skill && class_fits(class, wanted))
            .filter_map(|(name, class)| {
                let repo = self.repo(name).filter(|repo| repo.is_open())?;
                let best = self.unlocked_lanes(repo, class).into_iter().next()?;
                Some(Shelf {
                    repo: name.clone(),
                    class: class.clone(),
                    priority: best.priority,
                    ready_at: best.ready_at,
                    served_at: repo.last_granted_at,
                })
            })
            .collect();
        shelves.sort_by_key(|shelf| (Reverse(shelf.priority), shelf.served_at, shelf.ready_at));
        shelves.truncate(limit);
        Ok(shelves)
    }

    async fn lanes(&mut self, shelf: &Shelf, limit: usize) -> Result<Vec<Lane>, StoreError> {
        let Some(repo) = self.repo(&shelf.repo) else { return Ok(Vec::new()) };
        let mut lanes = self.unlocked_lanes(repo, &shelf.class);
        lanes.truncate(limit);
        Ok(lanes)
    }

    async fn lane_head(&mut self, shelf: &Shelf, lane: &Lane, limit: usize) -> Result<Vec<Head>, StoreError> {
        let lanes = self.ready.get(&(shelf.repo.clone(), shelf.class.clone()));
        let places = lanes.and_then(|lanes| lanes.get(&lane.area));
        let heads = places.into_iter().flatten().take(limit);
        Ok(heads
            .map(|(priority, ready_at, id)| Head { id: id.clone(), priority: priority.0, ready_at: *ready_at })
            .collect())
    }

    async fn ready(&mut self, limit: usize) -> Result<Vec<TaskId>, StoreError> {
        Ok(self.ready_by_priority.iter().take(limit).map(|(_, _, id)| id.clone()).collect())
    }

    async fn workers_seen_since(&mut self, since: Timestamp, limit: usize) -> Result<Vec<WorkerId>, StoreError> {
        let workers = self.workers_in_order.iter().filter_map(|id| self.worker(id));
        let mut seen: Vec<&Worker> =
            workers.filter(|worker| worker.revoked_at.is_none() && worker.last_seen_at > since).collect();
        seen.sort_by_key(|worker| Reverse(worker.last_seen_at));
        Ok(seen.into_iter().take(limit).map(|worker| worker.id.clone()).collect())
    }
}

/// Whether what a class asks for is within what is wanted.
pub fn class_fits(class: &FitClass, wanted: &Wanted) -> bool {
    class.tier <= wanted.tier_max
        && class.points <= wanted.points_max
        && class.skills.iter().all(|skill| wanted.skills.contains(skill))
}
