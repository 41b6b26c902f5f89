//! Put many tasks in, all or nothing. Importing the same list twice changes nothing.

use super::Operation;
use super::create_task::{announce, needs_of, put_new_task};
use crate::dependencies::{depend_on, refuse_cycles, resolve, settle_waiting};
use crate::naming;
use crate::plan::Plan;
use crate::record::{EventKind, TaskSpec};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::{Key, Need, Scope, TaskRef};
use owp_wire::{ImportAction, RepoName, TaskId, TaskState, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;

pub struct ImportTasks {
    pub tasks: Vec<TaskToImport>,
}

#[derive(Clone, Debug)]
pub struct TaskToImport {
    pub repo: RepoName,
    pub spec: TaskSpec,
    pub depends_on: Vec<TaskRef>,
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

/// A task of the list that has its place: an id, and what was known of it.
struct Placed {
    task_id: TaskId,
    is_new: bool,
}

impl Operation for ImportTasks {
    type Outcome = Imported;

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        let known = self.tasks.iter().flat_map(|task| naming::needs(&task.repo, &task.spec));
        let repos = self.tasks.iter().map(|task| Need::Record(Key::Repo(task.repo.clone())));
        let refs: Vec<TaskRef> = self.tasks.iter().flat_map(|task| task.depends_on.clone()).collect();
        let named: Vec<Need> = needs_of(&refs).collect();
        let followed = naming::needs_to_follow(&refs);
        known.chain(repos).chain(named).chain(followed).collect()
    }

    /// Every task gets its place first, because it may depend on one further down.
    fn decide(&self, plan: &mut Plan) -> Result<Imported, Refusal> {
        self.refuse_repeats()?;
        let placed = self.tasks.iter().enumerate().map(|(index, task)| place(plan, index, task));
        let placed: Vec<Placed> = placed.collect::<Result<_, _>>()?;
        let mut tasks = Vec::with_capacity(placed.len());
        for (index, (task, placed)) in self.tasks.iter().zip(&placed).enumerate() {
            tasks.push(fill(plan, index, task, placed)?);
        }
        let pointers: Vec<String> = (0..tasks.len()).map(pointer_of).collect();
        let edges = tasks.iter().zip(&placed).map(|(one, placed)| gains_edges(one, placed)).collect::<Vec<_>>();
        let only_new = edges.iter().zip(&placed).all(|(gains, placed)| !gains || placed.is_new);
        let gaining = placed.iter().zip(&pointers).zip(&edges).filter(|(_, gains)| **gains);
        refuse_cycles(plan, gaining.map(|((placed, pointer), _)| (&placed.task_id, pointer.as_str())), only_new)?;
        placed.iter().filter(|placed| placed.is_new).for_each(|placed| announce(plan, &placed.task_id));
        Ok(Imported { tasks })
    }
}

impl ImportTasks {
    fn refuse_repeats(&self) -> Result<(), Refusal> {
        let mut first = BTreeMap::new();
        for (index, task) in self.tasks.iter().enumerate() {
            if let Some(earlier) = first.insert((task.repo.clone(), naming::name_of(&task.spec)), index) {
                let what = if task.spec.key.is_some() { "key" } else { "title" };
                return Err(Refusal::KeyRepeated { pointer: format!("/{index}/{what}"), what, earlier });
            }
        }
        Ok(())
    }
}

fn place(plan: &mut Plan, index: usize, task: &TaskToImport) -> Result<Placed, Refusal> {
    if plan.repo(&task.repo).is_none() {
        return Err(Refusal::RepoNotFound { repo: task.repo.clone(), pointer: format!("/{index}/repo") });
    }
    if let Some(task_id) = naming::find(plan, &task.repo, &task.spec) {
        return Ok(Placed { task_id, is_new: false });
    }
    let task_id = put_new_task(plan, &task.repo, &task.spec);
    naming::give_name(plan, &task.repo, &task.spec, &task_id);
    Ok(Placed { task_id, is_new: true })
}

/// Brings a task that has its place to what the list says.
fn fill(plan: &mut Plan, index: usize, task: &TaskToImport, placed: &Placed) -> Result<ImportedOne, Refusal> {
    let (task_id, pointer) = (placed.task_id.clone(), pointer_of(index));
    let depends_on = resolve(plan, &task.depends_on, &pointer)?;
    let existing = plan.task(&task_id).expect("it has its place");
    let spec = TaskSpec { depends_on: depends_on.clone(), ..task.spec.clone() };
    let changed = changed_fields(&existing.spec, &spec);
    let action = match existing.state {
        _ if placed.is_new => ImportAction::Created,
        _ if changed.is_empty() => ImportAction::Unchanged,
        TaskState::Ready | TaskState::Waiting | TaskState::NeedsInfo => ImportAction::Updated,
        _ => ImportAction::Kept,
    };
    if matches!(action, ImportAction::Created | ImportAction::Updated) && changed.contains(&"depends_on") {
        depend_on(plan, &task_id, depends_on, &pointer)?;
    }
    if action == ImportAction::Updated {
        replace_spec(plan, &task_id, spec, &changed);
        settle_waiting(plan, &task_id);
    }
    let told = if placed.is_new { Vec::new() } else { changed };
    let changed = told.into_iter().map(str::to_owned).collect();
    Ok(ImportedOne { task_id, title: task.spec.title.clone(), action, changed })
}

/// Whether a task depends on others in a way in which it did not before.
fn gains_edges(one: &ImportedOne, placed: &Placed) -> bool {
    placed.is_new || (one.action == ImportAction::Updated && one.changed.iter().any(|field| field == "depends_on"))
}

fn pointer_of(index: usize) -> String {
    format!("/{index}/depends_on")
}

/// Replaces what a maintainer said about a task, with an event that says what changed.
pub fn replace_spec(plan: &mut Plan, task_id: &TaskId, spec: TaskSpec, changed: &[&str]) {
    let details = json!({
        "changed": changed, "estimate_points": spec.estimate_points, "required_skills": spec.required_skills,
        "area": spec.area, "tier": spec.tier, "security": spec.security, "depends_on": spec.depends_on,
    });
    let now = plan.now();
    let task = plan.task_mut(task_id);
    task.spec = spec;
    if changed.iter().any(|field| ["title", "description"].contains(field)) {
        task.text_changed_at = Some(now);
    }
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
        (before.depends_on != after.depends_on, "depends_on"),
        (before.security != after.security, "security"),
        (before.filed_by != after.filed_by, "filed_by"),
    ]
    .into_iter()
    .filter_map(|(differs, name)| differs.then_some(name))
    .collect()
}
