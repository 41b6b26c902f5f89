//! Which of the tasks that were found a worker gets, one after the other.

use crate::fit::{View, closed_to_all, unfit_for};
use crate::limits::CANDIDATES_MAX;
use crate::plan::Plan;
use owp_wire::{RepoName, TaskId, Timestamp, WorkerId};
use std::cmp::Reverse;

/// What is done with a task that fits: it is given or offered. The last argument is the service of the repository that
/// would have been next.
pub type Assign = fn(&mut Plan, &WorkerId, &TaskId, Option<u64>);

/// Whether enough was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matched {
    Enough,
    /// The worker could take more, and there are more tasks than were looked at.
    LookWider,
}

/// Assigns what fits, as many as there is room for, in the order priority, the repository that was served least for its weight, age. Each assignment
/// changes what fits next, so the order is looked at anew after it.
pub fn top_up(plan: &mut Plan, worker_id: &WorkerId, room: usize, candidates_max: usize, assign: Assign) -> Matched {
    let mut open: Vec<TaskId> = plan.snapshot().candidates.clone();
    let looked_at = open.len();
    let mut assigned = 0;
    while assigned < room
        && let Some((index, rival)) = best(plan, worker_id, &open)
    {
        assign(plan, worker_id, &open.swap_remove(index), rival);
        assigned += 1;
    }
    let now = plan.now();
    let wants_more = assigned < room && plan.peek_worker(worker_id).is_some_and(|worker| worker.wanted(now).is_some());
    let could_help = assigned > 0 || candidates_max < CANDIDATES_MAX;
    let saw_part = looked_at >= candidates_max || plan.snapshot().search_cut_short;
    if could_help && saw_part && wants_more { Matched::LookWider } else { Matched::Enough }
}

/// The best that fits, and the service of the best other repository at the same priority.
fn best(plan: &Plan, worker_id: &WorkerId, open: &[TaskId]) -> Option<(usize, Option<u64>)> {
    let fitting = open.iter().enumerate().filter(|(_, id)| fits(plan, worker_id, id));
    let ranked: Vec<(Rank, &RepoName, usize)> = fitting.map(|(index, id)| ranked(plan, id, index)).collect();
    let (rank, repo, index) = ranked.iter().min()?;
    let rivals = ranked.iter().filter(|(other, name, _)| name != repo && other.priority == rank.priority);
    let unseen = plan.snapshot().rival.iter().filter(|(name, _)| name != *repo).map(|(_, service)| *service);
    Some((*index, rivals.map(|(other, ..)| other.service).chain(unseen).min()))
}

fn fits(plan: &Plan, worker_id: &WorkerId, task_id: &TaskId) -> bool {
    let (rules, now) = (plan.rules(), plan.now());
    let worker = plan.peek_worker(worker_id).expect("it was authenticated");
    let view = View::peek(plan, task_id).expect("a candidate is in scope");
    closed_to_all(view, now).is_empty() && unfit_for(worker, view, rules, now).is_empty()
}

/// Smaller goes first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    priority: Reverse<u32>,
    service: u64,
    ready_at: Timestamp,
    id: TaskId,
}

fn ranked<'a>(plan: &'a Plan, task_id: &TaskId, index: usize) -> (Rank, &'a RepoName, usize) {
    let View { task, repo, .. } = View::peek(plan, task_id).expect("a candidate is in scope");
    let priority = Reverse(task.spec.priority);
    (Rank { priority, service: repo.service, ready_at: task.ready_at, id: task.id.clone() }, &task.repo, index)
}
