//! Settle what the clock has decided: leases and offers whose time is up, leases of workers that have gone silent, reviews
//! that nobody moves, and repositories that open or close by the clock.
//!
//! Nothing depends on this running in time, because every decision compares with the clock itself; it makes visible what
//! has happened already. Bounded and repeatable.

use super::Operation;
use crate::assignment::{Declined, decline};
use crate::limits::SETTLE_MAX;
use crate::outcome::{end_lease, free_idle_review};
use crate::plan::Plan;
use crate::record::{EventKind, Holding};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::{Need, Scope};
use owp_wire::{AttemptOutcome, RepoName, TaskId, Timestamp, WorkerId};
use serde::{Deserialize, Serialize};
use serde_json::json;

pub struct ExpireLeases;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// Whose lease, offer or hold on the review budget has ended.
    pub tasks: Vec<TaskId>,
    /// Open pull requests that were due for a look and stay as they are until the next one.
    #[serde(default)]
    pub looked_at: Vec<TaskId>,
    pub repos: Vec<RepoName>,
    /// Those that were found to be gone.
    #[serde(default)]
    pub workers: Vec<WorkerId>,
    /// Whether there may be more.
    pub more: bool,
    /// When the clock had decided the first of these tasks; none where a worker's silence alone ended them. How far it is
    /// back says how late the pool tidies up.
    pub oldest_due_at: Option<Timestamp>,
}

impl Settled {
    /// How much it was; 0 says that nothing was due.
    pub fn count(&self) -> usize {
        self.tasks.len() + self.looked_at.len() + self.repos.len() + self.workers.len()
    }
}

impl Operation for ExpireLeases {
    type Outcome = Settled;

    fn scope(&self, now: Timestamp, rules: &Rules) -> Scope {
        vec![Need::Due { now, silent_since: rules.silent_since(now), absent_since: rules.absent_since(now) }]
    }

    fn decide(&self, plan: &mut Plan) -> Result<Settled, Refusal> {
        let (due, due_repos) = (plan.snapshot().due.clone(), plan.snapshot().due_repos.clone());
        let absent = plan.snapshot().absent.clone();
        let more = due.len() + due_repos.len() + absent.len() >= SETTLE_MAX;
        let due_at = |task_id| plan.peek_task(task_id)?.due_at().filter(|at| *at <= plan.now());
        let oldest_due_at = due.iter().filter_map(due_at).min();
        let (mut tasks, mut looked_at) = (Vec::new(), Vec::new());
        for task_id in due {
            match settle(plan, &task_id) {
                Some(Settling::Ended) => tasks.push(task_id),
                Some(Settling::LookedAt) => looked_at.push(task_id),
                None => {}
            }
        }
        let repos = due_repos.into_iter().filter(|name| move_gate(plan, name)).collect();
        let workers = absent.into_iter().filter(|id| see_off(plan, id)).collect();
        Ok(Settled { tasks, looked_at, repos, workers, more, oldest_due_at })
    }
}

enum Settling {
    Ended,
    LookedAt,
}

fn settle(plan: &mut Plan, task_id: &TaskId) -> Option<Settling> {
    let now = plan.now();
    let task = plan.peek_task(task_id)?;
    match (task.holding(), task.is_due(now)) {
        (Holding::Offer, true) => drop(decline(plan, task_id, Declined::Unanswered, None)),
        (Holding::Review, true) => return Some(look_at_review(plan, task_id)),
        (Holding::Lease, true) => drop(end_lease(plan, task_id, AttemptOutcome::Expired, None)),
        (Holding::Lease, false) if holder_is_gone(plan, task_id) => {
            end_lease(plan, task_id, AttemptOutcome::WorkerOffline, None);
        }
        _ => return None,
    }
    Some(Settling::Ended)
}

/// What the maintainer says now counts, and not what was said when the pull request was opened.
fn look_at_review(plan: &mut Plan, task_id: &TaskId) -> Settling {
    let now = plan.now();
    let task = plan.task(task_id).expect("what is due is in scope");
    let (name, alive_at) = (task.repo.clone(), task.review_alive_at.unwrap_or(task.state_since));
    let repo = plan.repo(&name).expect("a task's repo is in scope");
    let is_idle = repo.review_idle_at(alive_at).is_some_and(|at| at <= now);
    let look_at = repo.review_look_at(alive_at, now);
    if is_idle {
        free_idle_review(plan, task_id);
        return Settling::Ended;
    }
    plan.task_mut(task_id).review_look_at = Some(look_at);
    Settling::LookedAt
}

/// Silence ends a lease, but for those whose own clock alone runs: who answers a reviewer has days for it.
fn holder_is_gone(plan: &mut Plan, task_id: &TaskId) -> bool {
    let (now, rules) = (plan.now(), plan.rules());
    let lease = plan.peek_task(task_id).and_then(|task| task.lease.clone());
    let Some(worker) = lease.and_then(|lease| plan.worker(&lease.worker_id)) else { return false };
    worker.is_gone(rules, now) && worker.held_while_present().any(|held| held == task_id)
}

fn see_off(plan: &mut Plan, id: &WorkerId) -> bool {
    let (now, rules) = (plan.now(), plan.rules());
    let Some(worker) = plan.worker(id) else { return false };
    let (until, is_gone) = (worker.last_seen_at.plus_s(rules.heartbeat_ttl_s), !worker.is_online(rules, now));
    let counts_as_online = worker.online_since.is_some();
    if counts_as_online && is_gone {
        plan.leave(id, until);
    }
    counts_as_online && is_gone
}

/// The record is written with its gate as it is now.
fn move_gate(plan: &mut Plan, name: &RepoName) -> bool {
    let now = plan.now();
    let Some(repo) = plan.repo(name).filter(|repo| repo.is_gate_due(now)) else { return false };
    let (before, after) = (repo.gate, repo.gate_at(now));
    let kind = if after.open { EventKind::RepoOpened } else { EventKind::RepoClosed };
    if before.open == after.open {
        plan.repo_mut(name);
    } else {
        plan.repo_event(name, kind, json!({ "changes_at": after.changes_at }));
    }
    true
}
