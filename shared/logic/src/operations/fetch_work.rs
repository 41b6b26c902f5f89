//! Get what you hold, topped up to your capacity.

use super::matching::{Matched, top_up};
use super::{Caller, Operation};
use crate::assignment::give;
use crate::github::policy::Policy;
use crate::plan::Plan;
use crate::record::{Repo, Task};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::{Need, Scope};
use owp_wire::{Timestamp, WorkMode};
use serde::{Deserialize, Serialize};

pub struct FetchWork {
    pub caller: Caller,
    /// How many ready tasks to look at; a narrow look is enough nearly always, and cheap.
    pub candidates_max: usize,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Fetched<T> {
    /// The clock has changed something that may hold budget, an area or the very task to give. Whoever asks settles it
    /// with [`super::ExpireLeases`] and asks again.
    SettleFirst,
    /// The worker could take more, and there are more tasks than were looked at, or some that it was offered went back: ask
    /// again with a wider look.
    LookWider,
    Found(T),
}

/// Where to clone a repository from, and what its policy file asks of the work.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WorkPlace {
    pub clone_url: Option<String>,
    pub policy: Option<Policy>,
}

impl WorkPlace {
    pub fn of(repo: &Repo) -> Self {
        let policy = repo.github.as_deref().and_then(|link| link.policy.as_deref());
        Self { clone_url: repo.clone_url.clone(), policy: policy.map(|accepted| accepted.policy.clone()) }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Work {
    /// Live leases, oldest first, each with what its repository has for whoever works on it.
    pub leases: Vec<(Task, WorkPlace)>,
    pub in_review: Vec<Task>,
    pub now: Timestamp,
}

impl Operation for FetchWork {
    type Outcome = Fetched<Work>;

    fn scope(&self, now: Timestamp, rules: &Rules) -> Scope {
        scope_of_search(&self.caller, self.candidates_max, Some(WorkMode::Auto), now, rules)
    }

    fn caller(&self) -> Option<&Caller> {
        Some(&self.caller)
    }

    fn decide(&self, plan: &mut Plan) -> Result<Fetched<Work>, Refusal> {
        if plan.snapshot().any_due {
            return Ok(Fetched::SettleFirst);
        }
        let id = &self.caller.worker_id;
        let takes = plan.peek_worker(id).is_some_and(|worker| worker.work_mode == WorkMode::Auto);
        if takes && top_up(plan, id, usize::MAX, self.candidates_max, give) == Matched::LookWider {
            return Ok(Fetched::LookWider);
        }
        self.work(plan).map(Fetched::Found)
    }
}

/// What a search for work needs to see, where the worker is of that mode.
pub fn scope_of_search(caller: &Caller, limit: usize, mode: Option<WorkMode>, now: Timestamp, rules: &Rules) -> Scope {
    let worker_id = caller.worker_id.clone();
    let silent_since = rules.silent_since(now);
    let worker = Need::Worker(worker_id.clone());
    vec![
        Need::AnyDue { now, silent_since },
        worker,
        Need::WorkFor { worker_id, limit, mode, now, rules: rules.clone() },
    ]
}

impl FetchWork {
    fn work(&self, plan: &mut Plan) -> Result<Work, Refusal> {
        let now = plan.now();
        let worker = plan.worker(&self.caller.worker_id).ok_or(Refusal::TokenRevoked)?.clone();
        let held = worker.held.iter().filter_map(|held| plan.peek_task(&held.task_id));
        let leases = held
            .filter(|task| task.live_lease(now).is_some())
            .map(|task| (task.clone(), plan.peek_repo(&task.repo).map(WorkPlace::of).unwrap_or_default()))
            .collect();
        let in_review = worker.in_review.iter().filter_map(|id| plan.peek_task(id)).cloned().collect();
        Ok(Work { leases, in_review, now })
    }
}
