//! Edit a task, or say what becomes of it.

use super::Operation;
use super::import_tasks::{changed_fields, replace_spec};
use crate::lifecycle::{action_state, actions_allowed, check_transition, close_attempt, move_task};
use crate::plan::Plan;
use crate::record::{EventKind, Holding, Task, TaskSpec};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::{Need, Scope};
use owp_wire::{AttemptOutcome, TaskAction, TaskId, Timestamp};
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
    pub action: Option<TaskAction>,
    pub reason: Option<String>,
}

/// What a holder relied on when it took the task, and what its area's claim was made for.
const RELIED_ON: [&str; 4] = ["estimate_points", "required_skills", "area", "tier"];

impl Operation for UpdateTask {
    type Outcome = Task;

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        vec![Need::Task(self.task_id.clone())]
    }

    fn decide(&self, plan: &mut Plan) -> Result<Task, Refusal> {
        let task_id = self.task_id.clone();
        let task = plan.task(&task_id).ok_or_else(|| Refusal::TaskNotFound(task_id.clone()))?;
        let spec = self.edited(&task.spec);
        let changed = changed_fields(&task.spec, &spec);
        if task.holding() != Holding::Nothing
            && let Some(field) = RELIED_ON.into_iter().find(|field| changed.contains(field))
        {
            return Err(Refusal::TaskHeld { state: task.state, field });
        }
        if !changed.is_empty() {
            replace_spec(plan, &task_id, spec);
        }
        if let Some(action) = self.action {
            self.act(plan, &task_id, action)?;
        }
        Ok(plan.task(&task_id).expect("it is there").clone())
    }
}

impl UpdateTask {
    fn edited(&self, before: &TaskSpec) -> TaskSpec {
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
        }
    }

    fn act(&self, plan: &mut Plan, task_id: &TaskId, action: TaskAction) -> Result<(), Refusal> {
        let reason = self.reason.as_deref();
        let from = plan.task(task_id).expect("it is there").state;
        let to = action_state(action);
        check_transition(from, to, actions_allowed(from))?;
        let mut close = |kind, outcome| close_attempt(plan, task_id, to, kind, outcome, reason);
        match action {
            TaskAction::Cancel => close(EventKind::TaskCancelled, AttemptOutcome::Cancelled),
            TaskAction::Merge => close(EventKind::TaskMerged, AttemptOutcome::Merged),
            TaskAction::Close => close(EventKind::TaskClosed, AttemptOutcome::Closed),
            TaskAction::Requeue => {
                close(EventKind::TaskRequeued, AttemptOutcome::Requeued);
                plan.task_mut(task_id).attempts_used = 0;
            }
            TaskAction::RequestChanges => self.send_back(plan, task_id),
        }
        Ok(())
    }

    /// The obligation stays with the holder, under a response clock.
    fn send_back(&self, plan: &mut Plan, task_id: &TaskId) {
        let until = plan.now().plus_s(plan.rules().response_ttl_s);
        let task = plan.task_mut(task_id);
        task.message.clone_from(&self.reason);
        let lease = task.lease.as_mut().expect("what is in review has a holder");
        lease.expires_at = until;
        let lease = lease.clone();
        move_task(plan, task_id, action_state(TaskAction::RequestChanges));
        let details = json!({ "reason": self.reason, "expires_at": until });
        plan.task_event(task_id, EventKind::TaskChangesRequested, Some((&lease.worker_id, &lease.id)), details);
    }
}
