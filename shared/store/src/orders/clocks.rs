//! What the clock decides: tasks and repositories by when they are due, and holders by their last sign of life.

use super::replace;
use owp_logic::{Repo, Task, Worker};
use owp_wire::{RepoName, TaskId, Timestamp, WorkerId};
use std::collections::BTreeSet;

#[derive(Default)]
pub struct Clocks {
    tasks: BTreeSet<(Timestamp, TaskId)>,
    repos: BTreeSet<(Timestamp, RepoName)>,
    /// Only those with leases that end when they fall silent.
    holders: BTreeSet<(Timestamp, WorkerId)>,
    /// Those that count as there.
    online: BTreeSet<(Timestamp, WorkerId)>,
}

impl Clocks {
    pub fn task(&mut self, old: Option<&Task>, new: Option<&Task>) {
        let due = |task: &Task| Some((task.due_at()?, task.id.clone()));
        replace(&mut self.tasks, old.and_then(due), new.and_then(due));
    }

    pub fn repo(&mut self, old: Option<&Repo>, new: Option<&Repo>) {
        let due = |repo: &Repo| Some((repo.gate.changes_at?, repo.name.clone()));
        replace(&mut self.repos, old.and_then(due), new.and_then(due));
    }

    pub fn worker(&mut self, old: Option<&Worker>, new: Option<&Worker>) {
        let seen = |worker: &Worker| (worker.last_seen_at, worker.id.clone());
        let held = |worker: &Worker| (worker.leases_bound_to_presence() > 0).then(|| seen(worker));
        replace(&mut self.holders, old.and_then(held), new.and_then(held));
        let online = |worker: &Worker| worker.online_since.map(|_| seen(worker));
        replace(&mut self.online, old.and_then(online), new.and_then(online));
    }

    /// A task that is due at a known time, for a start from what is stored.
    #[cfg(feature = "libsql")]
    pub fn due_task(&mut self, at: Timestamp, id: TaskId) {
        self.tasks.insert((at, id));
    }

    /// A holder that was last heard of at a known time, for a start from what is stored.
    #[cfg(feature = "libsql")]
    pub fn holder(&mut self, seen: Timestamp, id: WorkerId) {
        self.holders.insert((seen, id));
    }

    /// A worker that counts as there, for a start from what is stored.
    #[cfg(feature = "libsql")]
    pub fn online(&mut self, seen: Timestamp, id: WorkerId) {
        self.online.insert((seen, id));
    }

    pub fn any_due(&self, now: Timestamp, silent_since: Timestamp) -> bool {
        self.tasks.first().is_some_and(|(at, _)| *at <= now)
            || self.repos.first().is_some_and(|(at, _)| *at <= now)
            || self.holders.first().is_some_and(|(seen, _)| *seen <= silent_since)
    }

    /// Tasks that are due, longest ago first.
    pub fn due_tasks(&self, now: Timestamp) -> impl Iterator<Item = &TaskId> {
        self.tasks.iter().take_while(move |(at, _)| *at <= now).map(|(_, id)| id)
    }

    /// Repositories that are due, longest ago first.
    pub fn due_repos(&self, now: Timestamp) -> impl Iterator<Item = &RepoName> {
        self.repos.iter().take_while(move |(at, _)| *at <= now).map(|(_, name)| name)
    }

    /// Holders not heard of since then, silent longest first.
    pub fn silent(&self, since: Timestamp) -> impl Iterator<Item = &WorkerId> {
        self.holders.iter().take_while(move |(seen, _)| *seen <= since).map(|(_, id)| id)
    }

    /// Workers that count as there and were not heard of since then, silent longest first.
    pub fn absent(&self, since: Timestamp) -> impl Iterator<Item = &WorkerId> {
        self.online.iter().take_while(move |(seen, _)| *seen <= since).map(|(_, id)| id)
    }
}
