//! Get what you hold, topped up to your capacity.

use super::{Caller, Operation};
use crate::fit::{closed_to_all, unfit_for};
use crate::lifecycle::give;
use crate::limits::CANDIDATES_MAX;
use crate::plan::Plan;
use crate::record::Task;
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::{Need, Scope};
use owp_wire::{TaskId, Timestamp};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

pub struct FetchWork {
    pub caller: Caller,
    /// How many ready tasks to look at; a narrow look is enough nearly always, and cheap.
    pub candidates_max: usize,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Fetched {
    /// Somebody's dead lease must be settled first, because it may hold budget, an area or the very task to give. Whoever
    /// asks settles it with [`super::ExpireLeases`] and asks again.
    SettleFirst,
    /// The worker could hold more, and there are more tasks than were looked at: ask again with a wider look.
    LookWider,
    Work(Work),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Work {
    /// Live leases, oldest first, each with its repository's clone URL.
    pub leases: Vec<(Task, Option<String>)>,
    pub in_review: Vec<Task>,
    pub now: Timestamp,
}

impl Operation for FetchWork {
    type Outcome = Fetched;

    fn scope(&self, now: Timestamp, rules: &Rules) -> Scope {
        let id = &self.caller.worker_id;
        let silent_since = now.minus_s(rules.silence_max_s());
        let work = Need::WorkFor { worker_id: id.clone(), limit: self.candidates_max };
        vec![Need::AnyDeadLease { now, silent_since }, Need::Worker(id.clone()), work]
    }

    fn caller(&self) -> Option<&Caller> {
        Some(&self.caller)
    }

    fn decide(&self, plan: &mut Plan) -> Result<Fetched, Refusal> {
        if plan.snapshot().any_dead_lease {
            return Ok(Fetched::SettleFirst);
        }
        let given = self.top_up(plan);
        let looked_at = plan.snapshot().candidates.len();
        let could_help = given > 0 || self.candidates_max < CANDIDATES_MAX;
        if could_help && looked_at >= self.candidates_max && self.could_hold_more(plan) {
            return Ok(Fetched::LookWider);
        }
        self.work(plan).map(Fetched::Work)
    }
}

impl FetchWork {
    /// Gives what fits in the order priority, the repository that has waited longest, age. Each grant changes what fits
    /// next, so the order is looked at anew after it.
    fn top_up(&self, plan: &mut Plan) -> usize {
        let mut open: Vec<TaskId> = plan.snapshot().candidates.clone();
        let mut given = 0;
        loop {
            let best = open
                .iter()
                .enumerate()
                .filter(|(_, id)| self.fits(plan, id))
                .map(|(index, id)| (rank(plan, id), index))
                .collect::<Vec<_>>()
                .into_iter()
                .min();
            let Some((_, index)) = best else { return given };
            give(plan, &self.caller.worker_id, &open.swap_remove(index));
            given += 1;
        }
    }

    fn fits(&self, plan: &Plan, task_id: &TaskId) -> bool {
        let (rules, now) = (plan.rules(), plan.now());
        let worker = plan.peek_worker(&self.caller.worker_id).expect("it was authenticated");
        let task = plan.peek_task(task_id).expect("a candidate is in scope");
        let repo = plan.peek_repo(&task.repo).expect("a candidate's repo is in scope");
        let claim = task.spec.area.as_ref().and_then(|area| plan.peek_area(&task.repo, area));
        closed_to_all(task, repo, claim).is_empty() && unfit_for(worker, task, rules, now).is_empty()
    }

    fn could_hold_more(&self, plan: &Plan) -> bool {
        plan.peek_worker(&self.caller.worker_id).is_some_and(|worker| worker.wanted().is_some())
    }

    fn work(&self, plan: &mut Plan) -> Result<Work, Refusal> {
        let now = plan.now();
        let worker = plan.worker(&self.caller.worker_id).ok_or(Refusal::TokenRevoked)?.clone();
        let held = worker.held.iter().filter_map(|held| plan.peek_task(&held.task_id));
        let leases = held
            .filter(|task| task.live_lease(now).is_some())
            .map(|task| (task.clone(), plan.peek_repo(&task.repo).and_then(|repo| repo.clone_url.clone())))
            .collect();
        let in_review = worker.in_review.iter().filter_map(|id| plan.peek_task(id)).cloned().collect();
        Ok(Work { leases, in_review, now })
    }
}

type Rank = (Reverse<u32>, Timestamp, Timestamp, TaskId);

/// Smaller goes first.
fn rank(plan: &Plan, task_id: &TaskId) -> Rank {
    let task = plan.peek_task(task_id).expect("a candidate is in scope");
    let repo = plan.peek_repo(&task.repo).expect("a candidate's repo is in scope");
    (Reverse(task.spec.priority), repo.last_granted_at, task.ready_at, task.id.clone())
}
