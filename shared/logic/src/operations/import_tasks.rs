//! Put many tasks in, all or nothing. Importing the same list twice changes nothing.

use super::Operation;
use super::create_task::put_new_task;
use crate::plan::Plan;
use crate::record::{EventKind, Task, TaskSpec};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::{Key, Need, Record, Scope};
use owp_wire::{ImportAction, RepoName, TaskId, TaskState, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;

pub struct ImportTasks {
    pub tasks: Vec<TaskToImport>,
}

pub struct TaskToImport {
    pub repo: RepoName,
    pub spec: TaskSpec,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Imported {
    /// In the order of the list.
    pub tasks: Vec<ImportedOne>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportedOne {
    pub task_id: TaskId,
    pub title: String,
    pub action: ImportAction,
    pub changed: Vec<String>,
}

impl TaskToImport {
    /// The maintainer's key, or the title where there is none. The prefix keeps a title from passing for a key.
    fn identity(&self) -> String {
        self.spec.key.clone().unwrap_or_else(|| format!("title:{}", self.spec.title))
    }
}

impl Operation for ImportTasks {
    type Outcome = Imported;

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        let known = self.tasks.iter().map(|task| Need::TaskByKey(task.repo.clone(), task.identity()));
        let repos = self.tasks.iter().map(|task| Need::Record(Key::Repo(task.repo.clone())));
        known.chain(repos).collect()
    }

    fn decide(&self, plan: &mut Plan) -> Result<Imported, Refusal> {
        self.refuse_repeats()?;
        let tasks = self.tasks.iter().enumerate().map(|(index, task)| import_one(plan, index, task));
        Ok(Imported { tasks: tasks.collect::<Result<_, _>>()? })
    }
}

impl ImportTasks {
    fn refuse_repeats(&self) -> Result<(), Refusal> {
        let mut first = BTreeMap::new();
        for (index, task) in self.tasks.iter().enumerate() {
            if let Some(earlier) = first.insert((task.repo.clone(), task.identity()), index) {
                let what = if task.spec.key.is_some() { "key" } else { "title" };
                return Err(Refusal::KeyRepeated { pointer: format!("/{index}/{what}"), what, earlier });
            }
        }
        Ok(())
    }
}

fn import_one(plan: &mut Plan, index: usize, task: &TaskToImport) -> Result<ImportedOne, Refusal> {
    if plan.repo(&task.repo).is_none() {
        return Err(Refusal::RepoNotFound { repo: task.repo.clone(), pointer: format!("/{index}/repo") });
    }
    let identity = task.identity();
    let known = match plan.read(Key::TaskKey(task.repo.clone(), identity.clone())) {
        Some(Record::TaskKey(record)) => Some(record.task_id.clone()),
        _ => None,
    };
    let Some(task_id) = known else {
        let task_id = put_new_task(plan, &task.repo, &task.spec, Some(&identity));
        return Ok(ImportedOne {
            task_id,
            title: task.spec.title.clone(),
            action: ImportAction::Created,
            changed: vec![],
        });
    };
    let existing = plan.task(&task_id).expect("a key names a task");
    let changed: Vec<String> = changed_fields(&existing.spec, &task.spec).into_iter().map(str::to_owned).collect();
    let action = match existing.state {
        _ if changed.is_empty() => ImportAction::Unchanged,
        TaskState::Ready | TaskState::Waiting | TaskState::NeedsInfo => ImportAction::Updated,
        _ => ImportAction::Kept,
    };
    if action == ImportAction::Updated {
        replace_spec(plan, &task_id, task.spec.clone());
    }
    Ok(ImportedOne { task_id, title: task.spec.title.clone(), action, changed })
}

/// Replaces what a maintainer said about a task, with an event that says what changed.
pub fn replace_spec(plan: &mut Plan, task_id: &TaskId, spec: TaskSpec) {
    let task: &mut Task = plan.task_mut(task_id);
    let changed = changed_fields(&task.spec, &spec);
    let details = json!({
        "changed": changed, "estimate_points": spec.estimate_points, "required_skills": spec.required_skills,
        "area": spec.area, "tier": spec.tier,
    });
    task.spec = spec;
    plan.task_event(task_id, EventKind::TaskUpdated, None, details);
}

/// The names of the fields in which two say something different.
pub fn changed_fields(before: &TaskSpec, after: &TaskSpec) -> Vec<&'static str> {
    [
        (before.title != after.title, "title"),
        (before.description != after.description, "description"),
        (before.estimate_points != after.estimate_points, "estimate_points"),
        (before.priority != after.priority, "priority"),
        (before.required_skills != after.required_skills, "required_skills"),
        (before.area != after.area, "area"),
        (before.tier != after.tier, "tier"),
        (before.attempts_max != after.attempts_max, "attempts_max"),
    ]
    .into_iter()
    .filter_map(|(differs, name)| differs.then_some(name))
    .collect()
}
