//! Lists and counts.

use super::state::State;
use crate::{Counts, Listed, Page, StoreError, TaskFilter, WorkerFilter};
use owp_logic::{Record, Repo, Task, Worker};
use owp_wire::Timestamp;

impl State {
    pub fn list_tasks(&self, filter: &TaskFilter, page: &Page) -> Result<Listed<Task>, StoreError> {
        let tasks = self.tasks_in_order.iter().map(|id| self.task(id).expect("tasks are never removed"));
        newest_first(tasks.enumerate().collect(), page, |task| filter.admits(task))
    }

    pub fn list_workers(&self, filter: &WorkerFilter, page: &Page) -> Result<Listed<Worker>, StoreError> {
        let workers = self.workers_in_order.iter().map(|id| self.worker(id).expect("workers are never removed"));
        newest_first(workers.enumerate().collect(), page, |worker| {
            filter.online.is_none_or(|(online, since)| is_online(worker, since) == online)
        })
    }

    pub fn list_repos(&self, page: &Page) -> Listed<Repo> {
        let after = page.after.as_deref().unwrap_or("");
        let mut repos: Vec<Repo> = self.repos().filter(|repo| repo.name.as_str() > after).cloned().collect();
        let more = repos.len() > page.limit;
        repos.truncate(page.limit);
        let next = repos.last().filter(|_| more).map(|repo| repo.name.0.clone());
        Listed { items: repos, next }
    }

    pub fn counts(&self, online_since: Timestamp) -> Counts {
        let workers = || self.workers_in_order.iter().filter_map(|id| self.worker(id));
        let mut counts = Counts {
            workers_online: workers().filter(|worker| is_online(worker, online_since)).count(),
            workers_total: workers().count(),
            repos_total: self.repos().count(),
            slots_used: self.repos().map(|repo| u64::from(repo.slots_used())).sum(),
            slots_total: self.repos().map(|repo| u64::from(repo.max_open_prs)).sum(),
            ..Counts::default()
        };
        for task in self.tasks_in_order.iter().filter_map(|id| self.task(id)) {
            *counts.tasks.entry(task.state).or_default() += 1;
        }
        counts
    }

    fn repos(&self) -> impl Iterator<Item = &Repo> {
        self.records.values().filter_map(|(_, record)| match record {
            Record::Repo(repo) => Some(repo),
            _ => None,
        })
    }
}

fn is_online(worker: &Worker, since: Timestamp) -> bool {
    worker.revoked_at.is_none() && worker.last_seen_at > since
}

/// The cursor is the place of the last item looked at, counted from the oldest.
fn newest_first<T: Clone>(
    mut items: Vec<(usize, &T)>,
    page: &Page,
    admits: impl Fn(&T) -> bool,
) -> Result<Listed<T>, StoreError> {
    if let Some(after) = &page.after {
        let before: usize = after.parse().map_err(|_| StoreError::BadCursor)?;
        items.truncate(before);
    }
    let mut admitted = items.into_iter().rev().filter(|(_, item)| admits(item));
    let found: Vec<(usize, &T)> = admitted.by_ref().take(page.limit).collect();
    let next = found.last().filter(|_| admitted.next().is_some()).map(|(place, _)| place.to_string());
    Ok(Listed { items: found.into_iter().map(|(_, item)| item.clone()).collect(), next })
}
