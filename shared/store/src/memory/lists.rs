//! Lists and counts.

use super::replace;
use super::state::State;
use crate::{Counts, Listed, Page, StoreError, TaskFilter, WorkerFilter};
use owp_logic::{Repo, Task, Worker};
use owp_wire::{RepoName, TaskId, Timestamp, WorkerId};
use std::collections::BTreeSet;
use std::ops::Bound;

#[derive(Default)]
pub struct Lists {
    /// In the order in which they were put in; none is ever removed.
    tasks: Vec<TaskId>,
    workers: Vec<WorkerId>,
    repos: BTreeSet<RepoName>,
    /// All but the workers, who come and go with the time.
    counts: Counts,
}

impl Lists {
    pub fn task(&mut self, old: Option<&Task>, new: Option<&Task>) {
        if let (None, Some(task)) = (old, new) {
            self.tasks.push(task.id.clone());
        }
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

    pub fn worker(&mut self, old: Option<&Worker>, new: Option<&Worker>) {
        if let (None, Some(worker)) = (old, new) {
            self.workers.push(worker.id.clone());
        }
    }

    pub fn repo(&mut self, old: Option<&Repo>, new: Option<&Repo>) {
        let slots = |repo: &Repo| (u64::from(repo.slots_used()), u64::from(repo.max_open_prs));
        let ((used, total), (used_now, total_now)) = (old.map_or((0, 0), slots), new.map_or((0, 0), slots));
        self.counts.slots_used = self.counts.slots_used - used + used_now;
        self.counts.slots_total = self.counts.slots_total - total + total_now;
        replace(&mut self.repos, old.map(|repo| repo.name.clone()), new.map(|repo| repo.name.clone()));
    }
}

impl State {
    pub fn list_tasks(&self, filter: &TaskFilter, page: &Page) -> Result<Listed<Task>, StoreError> {
        let task = |id| self.task(id).expect("tasks are never removed");
        newest_first(&self.orders.lists.tasks, page, task, |task| filter.admits(task))
    }

    pub fn list_workers(&self, filter: &WorkerFilter, page: &Page) -> Result<Listed<Worker>, StoreError> {
        let worker = |id| self.worker(id).expect("workers are never removed");
        newest_first(&self.orders.lists.workers, page, worker, |worker| {
            filter.online.is_none_or(|(online, since)| is_online(worker, since) == online)
        })
    }

    pub fn list_repos(&self, page: &Page) -> Listed<Repo> {
        let after = RepoName(page.after.clone().unwrap_or_default());
        let names = self.orders.lists.repos.range((Bound::Excluded(after), Bound::Unbounded));
        let mut names = names.filter_map(|name| self.repo(name)).cloned();
        let items: Vec<Repo> = names.by_ref().take(page.limit).collect();
        let next = items.last().filter(|_| names.next().is_some()).map(|repo| repo.name.0.clone());
        Listed { items, next }
    }

    pub fn counts(&self, online_since: Timestamp) -> Counts {
        Counts {
            workers_online: self.orders.clocks.seen(online_since).count(),
            workers_total: self.orders.lists.workers.len(),
            repos_total: self.orders.lists.repos.len(),
            ..self.orders.lists.counts.clone()
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
