//! Take what was offered.

use super::fetch_work::WorkPlace;
use super::{Caller, Operation};
use crate::assignment::accept;
use crate::fit::{View, closed_to_all, unfit_for};
use crate::github::policy::Policy;
use crate::plan::Plan;
use crate::record::Task;
use crate::refusal::{OfferGoneBecause, Refusal};
use crate::rules::Rules;
use crate::snapshot::{Need, Scope};
use owp_wire::{FitCode, OfferId, TaskId, Timestamp, WorkerId};
use serde::{Deserialize, Serialize};

pub struct AcceptOffer {
    pub caller: Caller,
    pub offer_id: OfferId,
}

/// The task, leased, with its repository's clone URL.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Accepted {
    pub task: Task,
    pub clone_url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<Policy>,
}

impl Operation for AcceptOffer {
    type Outcome = Accepted;

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        vec![Need::WorkerWithHeld(self.caller.worker_id.clone())]
    }

    fn caller(&self) -> Option<&Caller> {
        Some(&self.caller)
    }

    /// What was accepted before is answered again: the first answer may have been lost.
    fn decide(&self, plan: &mut Plan) -> Result<Accepted, Refusal> {
        if let Some(accepted) = self.accepted_before(plan) {
            return Ok(accepted);
        }
        let task_id = offered_under(plan, &self.caller, &self.offer_id)?;
        if is_out_of_place(plan, &self.caller.worker_id, &task_id) {
            return Err(Refusal::OfferGone(OfferGoneBecause::NoLongerFits));
        }
        accept(plan, &task_id);
        Ok(accepted(plan, plan.peek_task(&task_id).expect("it was just accepted")))
    }
}

impl AcceptOffer {
    fn accepted_before(&self, plan: &Plan) -> Option<Accepted> {
        let (now, worker) = (plan.now(), plan.peek_worker(&self.caller.worker_id)?);
        let tasks = worker.held.iter().filter_map(|held| plan.peek_task(&held.task_id));
        let mut leased = tasks.filter_map(|task| task.live_lease(now).map(|lease| (task, lease)));
        let (task, _) = leased.find(|(_, lease)| lease.offer_id.as_ref() == Some(&self.offer_id))?;
        Some(accepted(plan, task))
    }
}

fn accepted(plan: &Plan, task: &Task) -> Accepted {
    let place = plan.peek_repo(&task.repo).map(WorkPlace::of).unwrap_or_default();
    Accepted { task: task.clone(), clone_url: place.clone_url, policy: place.policy }
}

/// Whether an offer stands no more: a maintainer may have shut the worker out meanwhile or closed the repository, and the
/// worker may have taken back what it said. What else has changed since does not matter, since the offer holds it.
pub fn is_out_of_place(plan: &Plan, worker_id: &WorkerId, task_id: &TaskId) -> bool {
    const STANDING: [FitCode; 5] =
        [FitCode::NotAdmitted, FitCode::TierTooLow, FitCode::SkillsMissing, FitCode::RepoPaused, FitCode::QuietHours];
    let (rules, now) = (plan.rules(), plan.now());
    let view = View::peek(plan, task_id).expect("an offered task is in scope");
    let worker = plan.peek_worker(worker_id).expect("it was authenticated");
    let mut codes = closed_to_all(view, now);
    codes.extend(unfit_for(worker, view, rules, now));
    codes.iter().any(|code| STANDING.contains(code))
}

/// The task that is offered to the caller under this id, while the offer lives.
pub fn offered_under(plan: &mut Plan, caller: &Caller, offer_id: &OfferId) -> Result<TaskId, Refusal> {
    let now = plan.now();
    let worker = plan.worker(&caller.worker_id).expect("it was authenticated");
    let offered = worker.offered.iter().find(|offered| offered.offer_id == *offer_id);
    let task_id = offered.ok_or(Refusal::OfferGone(OfferGoneBecause::NotOffered))?.task_id.clone();
    let task = plan.task(&task_id).expect("an offered task is in scope");
    task.live_offer(now).ok_or(Refusal::OfferGone(OfferGoneBecause::Expired))?;
    Ok(task_id)
}
