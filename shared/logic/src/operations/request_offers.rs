//! Ask what you could do: open offers, topped up to your capacity.

use super::accept_offer::is_out_of_place;
use super::fetch_work::{Fetched, scope_of_search};
use super::matching::{Matched, top_up};
use super::{Caller, Operation};
use crate::assignment::{Declined, decline, offer};
use crate::limits::TAKEN_BACK_MAX;
use crate::plan::Plan;
use crate::record::Task;
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::{Need, Scope};
use owp_wire::{TaskId, Timestamp};
use serde::{Deserialize, Serialize};

pub struct RequestOffers {
    pub caller: Caller,
    /// How many ready tasks to look at.
    pub candidates_max: usize,
    /// How many open offers to have at the most; what is open already stays open.
    pub offers_max: usize,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Offers {
    /// Live offers, those that end first in front, each with how long its task is likely to take.
    pub offers: Vec<(Task, u32)>,
    pub now: Timestamp,
}

impl Operation for RequestOffers {
    type Outcome = Fetched<Offers>;

    fn scope(&self, now: Timestamp, rules: &Rules) -> Scope {
        let mut scope = scope_of_search(&self.caller, self.candidates_max, None, now, rules);
        scope.push(Need::WorkerWithHeld(self.caller.worker_id.clone()));
        scope
    }

    fn caller(&self) -> Option<&Caller> {
        Some(&self.caller)
    }

    fn decide(&self, plan: &mut Plan) -> Result<Fetched<Offers>, Refusal> {
        if plan.snapshot().any_due {
            return Ok(Fetched::SettleFirst);
        }
        let id = &self.caller.worker_id;
        if self.takes_back_what_stands_no_more(plan) {
            // What is offered instead is another commit, as one takes a bounded number of both.
            return Ok(Fetched::LookWider);
        }
        let open = plan.peek_worker(id).map_or(0, |worker| worker.offered.len());
        let room = self.offers_max.saturating_sub(open);
        if top_up(plan, id, room, self.candidates_max, offer) == Matched::LookWider {
            return Ok(Fetched::LookWider);
        }
        let (now, rules) = (plan.now(), plan.rules());
        let worker = plan.worker(id).ok_or(Refusal::TokenRevoked)?.clone();
        let offered = worker.offered.iter().filter_map(|offered| plan.peek_task(&offered.task_id));
        let mut offers: Vec<(Task, u32)> = offered
            .filter(|task| task.live_offer(now).is_some())
            .map(|task| {
                let repo = plan.peek_repo(&task.repo).expect("an offered task's repo is in scope");
                (task.clone(), repo.expected_s(task.spec.estimate_points, rules))
            })
            .collect();
        offers.sort_by_key(|(task, _)| task.due_at());
        Ok(Fetched::Found(Offers { offers, now }))
    }
}

impl RequestOffers {
    /// Nobody is shown an offer that could not be accepted, and what it holds is for others.
    fn takes_back_what_stands_no_more(&self, plan: &mut Plan) -> bool {
        let id = &self.caller.worker_id;
        let offered = plan.peek_worker(id).into_iter().flat_map(|worker| &worker.offered);
        let gone = offered.map(|offered| offered.task_id.clone()).filter(|task_id| is_out_of_place(plan, id, task_id));
        let gone: Vec<TaskId> = gone.take(TAKEN_BACK_MAX).collect();
        for task_id in &gone {
            decline(plan, task_id, Declined::Withdrawn, None);
        }
        !gone.is_empty()
    }
}
