//! Put one task in.

use super::{Operation, TaskStands};
use crate::plan::Plan;
use crate::record::{EventKind, Task, TaskSpec};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::{Key, Need, Record, Scope, TaskKeyRecord};
use owp_wire::{RepoName, TaskId, TaskState, Timestamp};
use serde_json::json;

pub struct CreateTask {
    pub repo: RepoName,
    pub spec: TaskSpec,
}

impl Operation for CreateTask {
    type Outcome = TaskStands;

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        let key = self.spec.key.iter().map(|key| Need::Record(Key::TaskKey(self.repo.clone(), key.clone())));
        key.chain([Need::Record(Key::Repo(self.repo.clone()))]).collect()
    }

    fn decide(&self, plan: &mut Plan) -> Result<TaskStands, Refusal> {
        if plan.repo(&self.repo).is_none() {
            return Err(Refusal::RepoNotFound { repo: self.repo.clone(), pointer: "/repo".into() });
        }
        if let Some(key) = &self.spec.key
            && let Some(Record::TaskKey(taken)) = plan.read(Key::TaskKey(self.repo.clone(), key.clone()))
        {
            return Err(Refusal::KeyTaken { key: key.clone(), task_id: taken.task_id.clone() });
        }
        let task_id = put_new_task(plan, &self.repo, &self.spec, self.spec.key.as_deref());
        Ok(TaskStands { task_id, state: TaskState::Ready })
    }
}

/// Writes a ready task, known under `key` from now on.
pub fn put_new_task(plan: &mut Plan, repo: &RepoName, spec: &TaskSpec, key: Option<&str>) -> TaskId {
    let task_id = TaskId(plan.context.ids.fresh('t'));
    let now = plan.now();
    let details = json!({
        "title": spec.title, "estimate_points": spec.estimate_points, "priority": spec.priority,
        "required_skills": spec.required_skills, "area": spec.area, "tier": spec.tier, "attempts_max": spec.attempts_max,
    });
    plan.put(Record::Task(Task {
        id: task_id.clone(),
        repo: repo.clone(),
        spec: spec.clone(),
        state: TaskState::Ready,
        state_since: now,
        lease: None,
        message: None,
        artifact: None,
        branch: None,
        notes: None,
        attempts_used: 0,
        attempts: Vec::new(),
        created_at: now,
        updated_at: now,
        ready_at: now,
        event_seq: 0,
    }));
    plan.task_event(&task_id, EventKind::TaskCreated, None, details);
    if let Some(key) = key {
        plan.put(Record::TaskKey(TaskKeyRecord { repo: repo.clone(), key: key.to_owned(), task_id: task_id.clone() }));
    }
    task_id
}
