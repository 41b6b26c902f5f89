//! Put one task in.

use super::{Operation, TaskStands};
use crate::dependencies::{depend_on, resolve};
use crate::lifecycle::free_state;
use crate::naming;
use crate::periods::Spent;
use crate::plan::Plan;
use crate::record::{EventKind, Task, TaskSpec};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::{Key, Need, Record, Scope, TaskRef};
use owp_wire::{RepoName, TaskId, TaskState, Timestamp};
use serde_json::json;

pub struct CreateTask {
    pub repo: RepoName,
    pub spec: TaskSpec,
    pub depends_on: Vec<TaskRef>,
}

impl Operation for CreateTask {
    type Outcome = TaskStands;

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        let key = self.spec.key.iter().flat_map(|key| naming::needs_of_key(&self.repo, key));
        let repo = Need::Record(Key::Repo(self.repo.clone()));
        key.chain([repo]).chain(needs_of(&self.depends_on)).collect()
    }

    fn decide(&self, plan: &mut Plan) -> Result<TaskStands, Refusal> {
        if plan.repo(&self.repo).is_none() {
            return Err(Refusal::RepoNotFound { repo: self.repo.clone(), pointer: "/repo".into() });
        }
        if let Some(key) = &self.spec.key
            && let Some(task_id) = naming::find_by_key(plan, &self.repo, key)
        {
            return Err(Refusal::KeyTaken { key: key.clone(), task_id });
        }
        let on = resolve(plan, &self.depends_on, "/depends_on")?;
        let task_id = put_new_task(plan, &self.repo, &self.spec);
        if self.spec.key.is_some() {
            naming::give_name(plan, &self.repo, &self.spec, &task_id);
        }
        depend_on(plan, &task_id, on, "/depends_on")?;
        announce(plan, &task_id);
        Ok(TaskStands { state: plan.task(&task_id).expect("it was just put in").state, task_id })
    }
}

/// What resolving references takes; that none of the tasks leads back to a new one needs no looking.
pub fn needs_of(refs: &[TaskRef]) -> impl Iterator<Item = Need> {
    refs.iter().flat_map(|reference| match reference {
        TaskRef::Id(id) => vec![Need::Record(Key::Task(id.clone()))],
        TaskRef::Key(repo, key) => naming::needs_of_key(repo, key),
    })
}

/// Says that a task was put in, and lets it wait for what it depends on.
pub fn announce(plan: &mut Plan, task_id: &TaskId) {
    let task = plan.task_mut(task_id);
    task.state = free_state(task);
    let (spec, state) = (task.spec.clone(), task.state);
    let source = task.source.as_ref().map(|source| {
        json!({ "issue": source.issue, "url": source.url, "author": source.author, "text_hash": source.text_hash })
    });
    let details = json!({
        "title": spec.title, "estimate_points": spec.estimate_points, "priority": spec.priority,
        "required_skills": spec.required_skills, "area": spec.area, "tier": spec.tier,
        "attempts_max": spec.attempts_max, "security": spec.security, "depends_on": spec.depends_on, "state": state, "source": source,
    });
    plan.task_event(task_id, EventKind::TaskCreated, None, details);
}

/// Writes a ready task that has no name yet. [`announce`] must follow, once its dependencies are known.
pub fn put_new_task(plan: &mut Plan, repo: &RepoName, spec: &TaskSpec) -> TaskId {
    let task_id = TaskId(plan.context.ids.fresh('t'));
    let now = plan.now();
    plan.put(Record::Task(Task {
        id: task_id.clone(),
        repo: repo.clone(),
        spec: TaskSpec { depends_on: Vec::new(), ..spec.clone() },
        state: TaskState::Ready,
        state_since: now,
        lease: None,
        offer: None,
        message: None,
        artifact: None,
        branch: None,
        notes: None,
        attempts_used: 0,
        attempts: Vec::new(),
        declines: Vec::new(),
        waits_for: Vec::new(),
        dependents: Vec::new(),
        review_alive_at: None,
        review_look_at: None,
        text_changed_at: None,
        off_budget: false,
        source: None,
        pull_request: None,
        spent: Spent::default(),
        created_at: now,
        updated_at: now,
        ready_at: now,
        event_seq: 0,
    }));
    task_id
}
