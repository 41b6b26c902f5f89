//! Settle dead leases: those whose time is up, and those of workers that have gone silent.
//!
//! Nothing depends on this running in time, because every decision compares a lease with the clock itself; it makes visible
//! what has happened already. Bounded and repeatable.

use super::Operation;
use crate::lifecycle::end_lease;
use crate::limits::SETTLE_MAX;
use crate::plan::Plan;
use crate::record::Holding;
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::{Need, Scope};
use owp_wire::{AttemptOutcome, TaskId, TaskState, Timestamp};
use serde::{Deserialize, Serialize};

pub struct ExpireLeases;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    pub tasks: Vec<TaskId>,
    /// Whether there may be more.
    pub more: bool,
}

impl Operation for ExpireLeases {
    type Outcome = Settled;

    fn scope(&self, now: Timestamp, rules: &Rules) -> Scope {
        vec![Need::DeadLeases { now, silent_since: now.minus_s(rules.silence_max_s()) }]
    }

    fn decide(&self, plan: &mut Plan) -> Result<Settled, Refusal> {
        let dead = plan.snapshot().dead.clone();
        let mut tasks = Vec::new();
        for task_id in &dead {
            if let Some(outcome) = how_it_died(plan, task_id) {
                end_lease(plan, task_id, outcome, None);
                tasks.push(task_id.clone());
            }
        }
        Ok(Settled { tasks, more: dead.len() >= SETTLE_MAX })
    }
}

fn how_it_died(plan: &mut Plan, task_id: &TaskId) -> Option<AttemptOutcome> {
    let (now, rules) = (plan.now(), plan.rules());
    let task = plan.peek_task(task_id)?;
    if task.has_dead_lease(now) {
        return Some(AttemptOutcome::Expired);
    }
    // Whoever answers a reviewer has days for it, so silence says nothing.
    let bound_to_presence = task.holding() == Holding::Lease && task.state != TaskState::ChangesRequested;
    let holder = task.lease.as_ref().filter(|_| bound_to_presence)?.worker_id.clone();
    let gone = plan.worker(&holder).is_some_and(|worker| worker.is_gone(rules, now));
    gone.then_some(AttemptOutcome::WorkerOffline)
}
