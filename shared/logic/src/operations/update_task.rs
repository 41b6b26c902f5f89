//! Edit a task, judge its pull request, or say what becomes of it.

use super::Operation;
use super::create_task::needs_of;
use super::import_tasks::{changed_fields, replace_spec};
use crate::dependencies::{depend_on, refuse_cycles, resolve, settle_waiting};
use crate::lifecycle::{action_state, check_action, free_state};
use crate::naming;
use crate::outcome::{close_attempt, judge_again, revert, send_back};
use crate::plan::Plan;
use crate::record::{Attempt, EventKind, Holding, Task, TaskSpec};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::{Need, Scope, TaskRef};
use owp_wire::{AttemptOutcome, TaskAction, TaskId, TaskState, Timestamp};
use serde_json::json;

/// Fields that are `None` stay as they are.
#[derive(Clone, Debug)]
pub struct UpdateTask {
    pub task_id: TaskId,
    pub title: Option<String>,
    pub description: Option<String>,
    pub estimate_points: Option<u32>,
    pub priority: Option<u32>,
    pub required_skills: Option<Vec<String>>,
    /// `Some(None)` takes the area away.
    pub area: Option<Option<String>>,
    pub tier: Option<u32>,
    pub attempts_max: Option<u32>,
    pub depends_on: Option<Vec<TaskRef>>,
    pub security: Option<bool>,
    /// Of its latest pull request, 1 to 5.
    pub rating: Option<u8>,
    pub action: Option<TaskAction>,
    pub reason: Option<String>,
}

/// What a holder relied on when it took the task, and what its area's claim was made for.
const RELIED_ON: [&str; 6] = ["estimate_points", "required_skills", "area", "tier", "security", "depends_on"];

impl UpdateTask {
    /// Names a task and changes nothing about it.
    pub fn named(task_id: TaskId) -> Self {
        Self {
            task_id,
            title: None,
            description: None,
            estimate_points: None,
            priority: None,
            required_skills: None,
            area: None,
            tier: None,
            attempts_max: None,
            depends_on: None,
            security: None,
            rating: None,
            action: None,
            reason: None,
        }
    }
}

impl Operation for UpdateTask {
    type Outcome = Task;

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        let refs = self.depends_on.as_deref().unwrap_or_default();
        let followed = naming::needs_to_follow(refs);
        [Need::TaskFamily(self.task_id.clone())].into_iter().chain(needs_of(refs)).chain(followed).collect()
    }

    fn decide(&self, plan: &mut Plan) -> Result<Task, Refusal> {
        let task_id = self.task_id.clone();
        let on = self.depends_on.as_ref().map(|refs| resolve(plan, refs, "/depends_on")).transpose()?;
        let task = plan.task(&task_id).ok_or_else(|| Refusal::TaskNotFound(task_id.clone()))?;
        let spec = self.edited(&task.spec, on.clone());
        let changed = changed_fields(&task.spec, &spec);
        if task.holding() != Holding::Nothing
            && let Some(field) = RELIED_ON.into_iter().find(|field| changed.contains(field))
        {
            return Err(Refusal::TaskHeld { state: task.state, field });
        }
        if let Some(on) = on.filter(|_| changed.contains(&"depends_on")) {
            depend_on(plan, &task_id, on, "/depends_on")?;
            refuse_cycles(plan, [(&task_id, "/depends_on")], false)?;
        }
        if !changed.is_empty() {
            replace_spec(plan, &task_id, spec, &changed);
            settle_waiting(plan, &task_id);
        }
        if let Some(rating) = self.rating {
            rate(plan, &task_id, rating)?;
        }
        if let Some(action) = self.action {
            self.act(plan, &task_id, action)?;
        }
        Ok(plan.task(&task_id).expect("it is there").clone())
    }
}

impl UpdateTask {
    fn edited(&self, before: &TaskSpec, depends_on: Option<Vec<TaskId>>) -> TaskSpec {
        let edit = self.clone();
        TaskSpec {
            key: before.key.clone(),
            title: edit.title.unwrap_or_else(|| before.title.clone()),
            description: edit.description.unwrap_or_else(|| before.description.clone()),
            estimate_points: edit.estimate_points.unwrap_or(before.estimate_points),
            priority: edit.priority.unwrap_or(before.priority),
            required_skills: edit.required_skills.unwrap_or_else(|| before.required_skills.clone()),
            area: edit.area.unwrap_or_else(|| before.area.clone()),
            tier: edit.tier.unwrap_or(before.tier),
            attempts_max: edit.attempts_max.unwrap_or(before.attempts_max),
            depends_on: depends_on.unwrap_or_else(|| before.depends_on.clone()),
            security: edit.security.unwrap_or(before.security),
            filed_by: before.filed_by.clone(),
        }
    }

    fn act(&self, plan: &mut Plan, task_id: &TaskId, action: TaskAction) -> Result<(), Refusal> {
        let reason = self.reason.as_deref();
        let task = plan.task(task_id).expect("it is there");
        check_action(task.state, action)?;
        let to = if action == TaskAction::Requeue { free_state(task) } else { action_state(action) };
        // From now on this is the maintainer's word, and the state is no reason to undo it.
        if let Some(source) = plan.task_mut(task_id).source.as_deref_mut() {
            source.withdrawn = None;
        }
        let mut close = |kind, outcome| close_attempt(plan, task_id, to, kind, outcome, reason);
        match action {
            TaskAction::Cancel => close(EventKind::TaskCancelled, AttemptOutcome::Cancelled),
            TaskAction::Merge => close(EventKind::TaskMerged, AttemptOutcome::Merged),
            TaskAction::Close => close(EventKind::TaskClosed, AttemptOutcome::Closed),
            TaskAction::Requeue => {
                close(EventKind::TaskRequeued, AttemptOutcome::Requeued);
                let task = plan.task_mut(task_id);
                task.attempts_used = 0;
                task.declines.clear();
            }
            TaskAction::RequestChanges => send_back(plan, task_id, reason),
            TaskAction::Revert => revert(plan, task_id, reason),
        }
        Ok(())
    }
}

/// Judges the latest pull request of a task; one that is over counts anew.
fn rate(plan: &mut Plan, task_id: &TaskId, rating: u8) -> Result<(), Refusal> {
    let task = plan.task_mut(task_id);
    let attempt = if task.state == TaskState::Merged { task.merged_attempt_mut() } else { task.attempts.last_mut() };
    let has_pull_request =
        |attempt: &&mut Attempt| attempt.pr_opened_at.is_some() || attempt.outcome == Some(AttemptOutcome::Merged);
    let Some(attempt) = attempt.filter(has_pull_request) else {
        return Err(Refusal::NothingToRate);
    };
    if attempt.rating == Some(rating) {
        return Ok(());
    }
    attempt.rating = Some(rating);
    let (worker_id, lease_id) = (attempt.worker_id.clone(), attempt.lease_id.clone());
    judge_again(plan, task_id, &lease_id, |delivery| delivery.rating = Some(rating));
    plan.task_event(task_id, EventKind::TaskRated, None, json!({ "rating": rating, "worker_id": worker_id }));
    Ok(())
}
