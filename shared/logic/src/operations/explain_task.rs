//! Why does nobody get this.

use super::explain_work::{ReasonTally, tally};
use super::{Caller, Operation};
use crate::fit::{closed_to_all, unfit_for};
use crate::plan::Plan;
use crate::record::{AreaClaim, Repo, Task};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::{Key, Need, Scope};
use owp_wire::{FitCode, TaskId, TaskState, Timestamp};
use serde::{Deserialize, Serialize};

pub struct ExplainTask {
    /// `None` for an administrator.
    pub caller: Option<Caller>,
    pub task_id: TaskId,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskExplained {
    pub state: TaskState,
    /// What keeps it from everybody.
    pub blockers: Vec<FitCode>,
    pub workers_looked_at: usize,
    pub fitting: usize,
    pub reasons: Vec<ReasonTally>,
    pub truncated: bool,
}

impl Operation for ExplainTask {
    type Outcome = TaskExplained;

    fn scope(&self, now: Timestamp, rules: &Rules) -> Scope {
        let caller = self.caller.iter().map(|caller| Need::Record(Key::Worker(caller.worker_id.clone())));
        let online_since = now.minus_s(rules.heartbeat_ttl_s);
        caller.chain([Need::Task(self.task_id.clone()), Need::WorkersSeenSince(online_since)]).collect()
    }

    fn caller(&self) -> Option<&Caller> {
        self.caller.as_ref()
    }

    fn decide(&self, plan: &mut Plan) -> Result<TaskExplained, Refusal> {
        let (now, rules) = (plan.now(), plan.rules());
        let task = plan.peek_task(&self.task_id).ok_or_else(|| Refusal::TaskNotFound(self.task_id.clone()))?;
        let repo = plan.peek_repo(&task.repo).expect("a task's repo is in scope");
        let claim = task.spec.area.as_ref().and_then(|area| plan.peek_area(&task.repo, area));
        let (task, repo, claim) = by_the_clock(task, repo, claim, now);
        let (task, blockers) = (&task, closed_to_all(&task, &repo, claim.as_ref()));
        let seen = &plan.snapshot().workers_seen;
        let workers = seen.iter().filter_map(|id| plan.peek_worker(id)).filter(|worker| worker.is_online(rules, now));
        let verdicts: Vec<Vec<FitCode>> = workers.map(|worker| unfit_for(worker, task, rules, now)).collect();
        let workers_looked_at = verdicts.len();
        let (fitting, reasons) = tally(verdicts.into_iter());
        let fitting = if blockers.is_empty() { fitting } else { 0 };
        let truncated = plan.snapshot().sample_truncated;
        Ok(TaskExplained { state: task.state, blockers, workers_looked_at, fitting, reasons, truncated })
    }
}

/// The task as it will be once its dead lease is settled, and what is free then. A live one is as it is.
fn by_the_clock(
    task: &Task,
    repo: &Repo,
    claim: Option<&AreaClaim>,
    now: Timestamp,
) -> (Task, Repo, Option<AreaClaim>) {
    let (mut task, mut repo, mut claim) = (task.clone(), repo.clone(), claim.cloned());
    if task.has_dead_lease(now) {
        repo.leases_live -= 1;
        claim.iter_mut().for_each(|claim| claim.tasks.retain(|held| *held != task.id));
        task.state = task.state_at(now);
    }
    (task, repo, claim)
}
