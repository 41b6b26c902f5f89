//! Lists and counts.

use super::state::State;
use crate::orders::replace;
use crate::{Counts, Listed, Page, StoreError, TaskFilter, WorkerFilter};
use owp_logic::idempotency::IdempotencyRecord;
use owp_logic::{Record, Repo, Task, Worker};
use owp_wire::{RepoName, TaskId, TaskState, Timestamp, WorkerId};
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::ops::Bound;

#[derive(Default)]
pub struct Lists {
    /// In the order in which they were put in; none is ever removed.
    tasks: Vec<TaskId>,
    workers: Vec<WorkerId>,
    repos: BTreeSet<RepoName>,
    /// Ready tasks by priority, then age.
    ready: BTreeSet<(Reverse<u32>, Timestamp, TaskId)>,
    /// By their last sign of life, without those that are revoked.
    seen: BTreeSet<(Reverse<Timestamp>, WorkerId)>,
    /// Idempotent calls by age.
    calls: BTreeSet<(Timestamp, String)>,
    /// All but the workers, who come and go with the time.
    counts: Counts,
}

impl Lists {
    /// A record is another now, or is new or gone.
    pub fn replace(&mut self, old: Option<&Record>, new: Option<&Record>) {
        match old.or(new) {
            Some(Record::Task(_)) => self.task(old.and_then(Record::as_task), new.and_then(Record::as_task)),
            Some(Record::Worker(_)) => self.worker(old.and_then(Record::as_worker), new.and_then(Record::as_worker)),
            Some(Record::Repo(_)) => self.repo(old.and_then(Record::as_repo), new.and_then(Record::as_repo)),
            Some(Record::Idempotency(_)) => {
                let entry = |call: &IdempotencyRecord| (call.at, call.key.clone());
                let (old, new) = (old.and_then(Record::as_idempotency), new.and_then(Record::as_idempotency));
                replace(&mut self.calls, old.map(entry), new.map(entry));
            }
            _ => {}
        }
    }

    fn task(&mut self, old: Option<&Task>, new: Option<&Task>) {
        if let (None, Some(task)) = (old, new) {
            self.tasks.push(task.id.clone());
        }
        let ready = |task: &Task| {
            let place = || (Reverse(task.spec.priority), task.ready_at, task.id.clone());
            (task.state == TaskState::Ready).then(place)
        };
        replace(&mut self.ready, old.and_then(ready), new.and_then(ready));
        let (before, after) = (old.map(|task| task.state), new.map(|task| task.state));
        if before == after {
            return;
        }
        if let Some(state) = before {
            *self.counts.tasks.get_mut(&state).expect("it was counted") -= 1;
            self.counts.tasks.retain(|_, count| *count > 0);
        }
        if let Some(state) = after {
            *self.counts.tasks.entry(state).or_default() += 1;
        }
    }

    fn worker(&mut self, old: Option<&Worker>, new: Option<&Worker>) {
        if let (None, Some(worker)) = (old, new) {
            self.workers.push(worker.id.clone());
        }
        let seen = |worker: &Worker| {
            let place = || (Reverse(worker.last_seen_at), worker.id.clone());
            worker.revoked_at.is_none().then(place)
        };
        replace(&mut self.seen, old.and_then(seen), new.and_then(seen));
    }

    fn repo(&mut self, old: Option<&Repo>, new: Option<&Repo>) {
        let slots = |repo: &Repo| (u64::from(repo.slots_used()), u64::from(repo.max_open_prs));
        let ((used, total), (used_now, total_now)) = (old.map_or((0, 0), slots), new.map_or((0, 0), slots));
        self.counts.slots_used = self.counts.slots_used - used + used_now;
        self.counts.slots_total = self.counts.slots_total - total + total_now;
        replace(&mut self.repos, old.map(|repo| repo.name.clone()), new.map(|repo| repo.name.clone()));
    }

    /// Highest priority first.
    pub fn ready(&self, limit: usize) -> Vec<TaskId> {
        self.ready.iter().take(limit).map(|(.., id)| id.clone()).collect()
    }

    /// Workers heard of since then, last first.
    pub fn seen(&self, since: Timestamp) -> impl Iterator<Item = &WorkerId> {
        self.seen.iter().take_while(move |(seen, _)| seen.0 > since).map(|(_, id)| id)
    }

    /// Keys of idempotent calls, oldest first.
    pub fn calls(&self) -> impl Iterator<Item = &str> {
        self.calls.iter().map(|(_, key)| key.as_str())
    }
}

impl State {
    pub fn list_tasks(&self, filter: &TaskFilter, page: &Page) -> Result<Listed<Task>, StoreError> {
        let task = |id| self.task(id).expect("tasks are never removed");
        newest_first(&self.lists.tasks, page, task, |task| filter.admits(task))
    }

    pub fn list_workers(&self, filter: &WorkerFilter, page: &Page) -> Result<Listed<Worker>, StoreError> {
        let worker = |id| self.worker(id).expect("workers are never removed");
        newest_first(&self.lists.workers, page, worker, |worker| {
            filter.online.is_none_or(|(online, since)| is_online(worker, since) == online)
        })
    }

    pub fn list_repos(&self, page: &Page) -> Listed<Repo> {
        let after = RepoName(page.after.clone().unwrap_or_default());
        let names = self.lists.repos.range((Bound::Excluded(after), Bound::Unbounded));
        let mut names = names.filter_map(|name| self.repo(name)).cloned();
        let items: Vec<Repo> = names.by_ref().take(page.limit).collect();
        let next = items.last().filter(|_| names.next().is_some()).map(|repo| repo.name.0.clone());
        Listed { items, next }
    }

    pub fn counts(&self, online_since: Timestamp) -> Counts {
        Counts {
            workers_online: self.lists.seen(online_since).count(),
            workers_total: self.lists.workers.len(),
            repos_total: self.lists.repos.len(),
            ..self.lists.counts.clone()
        }
    }
}

fn is_online(worker: &Worker, since: Timestamp) -> bool {
    worker.revoked_at.is_none() && worker.last_seen_at > since
}

/// The cursor is the place of the last item looked at, counted from the oldest.
fn newest_first<'a, I, T: Clone + 'a>(
    ids: &'a [I],
    page: &Page,
    item: impl Fn(&'a I) -> &'a T,
    admits: impl Fn(&T) -> bool,
) -> Result<Listed<T>, StoreError> {
    let before = match &page.after {
        Some(after) => after.parse::<usize>().map_err(|_| StoreError::BadCursor)?.min(ids.len()),
        None => ids.len(),
    };
    let places = ids[..before].iter().enumerate().rev();
    let mut admitted = places.map(|(place, id)| (place, item(id))).filter(|(_, item)| admits(item));
    let found: Vec<(usize, &T)> = admitted.by_ref().take(page.limit).collect();
    let next = found.last().filter(|_| admitted.next().is_some()).map(|(place, _)| place.to_string());
    Ok(Listed { items: found.into_iter().map(|(_, item)| item.clone()).collect(), next })
}
