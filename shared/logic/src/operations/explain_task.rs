//! Why does nobody get this.

use super::explain_work::{ReasonTally, tally};
use super::{Caller, Operation};
use crate::fit::{View, closed_to_all, unfit_for};
use crate::lifecycle::slots_of;
use crate::plan::Plan;
use crate::record::{AreaClaim, Repo, Task};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::{Key, Need, Scope};
use owp_wire::{FitCode, RepoName, TaskId, TaskState, Timestamp, WorkerId};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

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
    /// Tasks that have to be merged first.
    pub waits_for: Vec<OpenDependency>,
    pub workers_looked_at: usize,
    pub fitting: usize,
    pub reasons: Vec<ReasonTally>,
    pub groups: Vec<WorkerGroup>,
    pub truncated: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenDependency {
    pub task_id: TaskId,
    pub repo: RepoName,
    pub title: String,
    pub state: TaskState,
}

/// Workers with the same verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkerGroup {
    pub codes: Vec<FitCode>,
    pub workers: usize,
    pub example: WorkerId,
}

impl Operation for ExplainTask {
    type Outcome = TaskExplained;

    fn scope(&self, now: Timestamp, rules: &Rules) -> Scope {
        let caller = self.caller.iter().map(|caller| Need::Record(Key::Worker(caller.worker_id.clone())));
        let online_since = now.minus_s(rules.heartbeat_ttl_s);
        caller.chain([Need::TaskFamily(self.task_id.clone()), Need::WorkersSeenSince(online_since)]).collect()
    }

    fn caller(&self) -> Option<&Caller> {
        self.caller.as_ref()
    }

    fn decide(&self, plan: &mut Plan) -> Result<TaskExplained, Refusal> {
        let (now, rules) = (plan.now(), plan.rules());
        let view = View::peek(plan, &self.task_id).ok_or_else(|| Refusal::TaskNotFound(self.task_id.clone()))?;
        let (task, repo, claim) = by_the_clock(view, now);
        let view = View { task: &task, repo: &repo, claim: claim.as_ref(), admission: view.admission };
        let blockers = closed_to_all(view, now);
        let seen = &plan.snapshot().workers_seen;
        let workers = seen.iter().filter_map(|id| plan.peek_worker(id)).filter(|worker| worker.is_online(rules, now));
        let verdicts: Vec<(&WorkerId, Vec<FitCode>)> =
            workers.map(|worker| (&worker.id, unfit_for(worker, view, rules, now))).collect();
        let (workers_looked_at, groups) = (verdicts.len(), groups_of(&verdicts));
        let (fitting, reasons) = tally(verdicts.into_iter().map(|(_, codes)| codes));
        let waits_for = task.waits_for.iter().filter_map(|id| plan.peek_task(id));
        Ok(TaskExplained {
            state: task.state,
            fitting: if blockers.is_empty() { fitting } else { 0 },
            blockers,
            waits_for: waits_for.map(|task| OpenDependency::of(task, now)).collect(),
            workers_looked_at,
            reasons,
            groups,
            truncated: plan.snapshot().sample_truncated,
        })
    }
}

impl OpenDependency {
    fn of(task: &Task, now: Timestamp) -> Self {
        Self {
            task_id: task.id.clone(),
            repo: task.repo.clone(),
            title: task.spec.title.clone(),
            state: task.state_at(now),
        }
    }
}

/// Workers by verdict, the largest group first.
fn groups_of(verdicts: &[(&WorkerId, Vec<FitCode>)]) -> Vec<WorkerGroup> {
    let mut groups: Vec<WorkerGroup> = Vec::new();
    for (worker_id, codes) in verdicts {
        match groups.iter_mut().find(|group| group.codes == *codes) {
            Some(group) => {
                group.workers += 1;
                group.example = group.example.clone().min((*worker_id).clone());
            }
            None => groups.push(WorkerGroup { codes: codes.clone(), workers: 1, example: (*worker_id).clone() }),
        }
    }
    groups.sort_by(|one, other| (Reverse(one.workers), &one.codes).cmp(&(Reverse(other.workers), &other.codes)));
    groups
}

/// The task as it will be once what is due is settled, and what is free then. A live one is as it is.
fn by_the_clock(view: View, now: Timestamp) -> (Task, Repo, Option<AreaClaim>) {
    let (mut task, mut repo, mut claim) = (view.task.clone(), view.repo.clone(), view.claim.cloned());
    let (before, state) = (task.holding(), task.state_at(now));
    if state != task.state {
        if let Some(slots) = slots_of(&mut repo, before, task.off_budget) {
            *slots -= 1;
        }
        claim.iter_mut().for_each(|claim| claim.tasks.retain(|held| *held != task.id));
        task.state = state;
    }
    (task, repo, claim)
}
