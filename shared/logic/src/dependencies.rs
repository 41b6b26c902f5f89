//! Which tasks have to be merged before another: names resolved, cycles refused, and what a merge sets free.
//!
//! An edge is written at both its ends: a task lists what it depends on, and what depends on it. So whoever changes either
//! end conflicts with whoever relies on it.

use crate::lifecycle::move_task;
use crate::limits::{DEPENDENCIES_FOLLOWED_MAX, DEPENDENTS_MAX};
use crate::naming;
use crate::plan::Plan;
use crate::record::EventKind;
use crate::refusal::Refusal;
use crate::snapshot::{Key, TaskRef};
use owp_wire::{TaskId, TaskState};
use serde_json::json;
use std::collections::BTreeSet;

/// The tasks that these references name.
pub fn resolve(plan: &mut Plan, refs: &[TaskRef], pointer: &str) -> Result<Vec<TaskId>, Refusal> {
    let mut ids = Vec::with_capacity(refs.len());
    for (index, reference) in refs.iter().enumerate() {
        let id = match reference {
            TaskRef::Id(id) => plan.task(id).map(|task| task.id.clone()),
            TaskRef::Key(repo, key) => naming::find_by_key(plan, repo, key),
        };
        let Some(id) = id else {
            let (reference, pointer) = (reference.to_string(), format!("{pointer}/{index}"));
            return Err(Refusal::DependencyNotFound { reference, pointer });
        };
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// Makes a task depend on these and no others. All of them are in scope, as are those it depended on.
pub fn depend_on(plan: &mut Plan, task_id: &TaskId, on: Vec<TaskId>, pointer: &str) -> Result<(), Refusal> {
    let before = plan.task(task_id).expect("it is there").spec.depends_on.clone();
    for dropped in before.iter().filter(|id| !on.contains(id)) {
        plan.task_mut(dropped).dependents.retain(|dependent| dependent != task_id);
    }
    let mut waits_for = Vec::new();
    for id in &on {
        let dependency = plan.task(id).expect("a dependency is in scope");
        if dependency.state != TaskState::Merged {
            waits_for.push(id.clone());
        }
        if before.contains(id) {
            continue;
        }
        if dependency.dependents.len() >= DEPENDENTS_MAX {
            let (what, max) = ("tasks would depend on one", DEPENDENTS_MAX);
            let remedy = "let some depend on another one of them";
            return Err(Refusal::TooMany { what, max, remedy, pointer: pointer.to_owned() });
        }
        plan.task_mut(id).dependents.push(task_id.clone());
    }
    let task = plan.task_mut(task_id);
    task.spec.depends_on = on;
    task.waits_for = waits_for;
    Ok(())
}

/// Follows the dependencies of these tasks as this plan has them, and refuses where they lead in a circle. Where only new
/// tasks have gained dependencies, tasks from before need not be followed: none of them leads to a new one.
pub fn refuse_cycles<'a>(
    plan: &mut Plan,
    tasks_and_pointers: impl IntoIterator<Item = (&'a TaskId, &'a str)>,
    only_new: bool,
) -> Result<(), Refusal> {
    let mut following = Following { only_new, ..Following::default() };
    tasks_and_pointers.into_iter().try_for_each(|(id, pointer)| {
        following.relied_on = 0;
        following.follow(plan, id, pointer)
    })
}

#[derive(Default)]
struct Following {
    only_new: bool,
    path: Vec<TaskId>,
    done: BTreeSet<TaskId>,
    /// Tasks from before that were followed from one start.
    relied_on: usize,
}

impl Following {
    fn follow(&mut self, plan: &mut Plan, id: &TaskId, pointer: &str) -> Result<(), Refusal> {
        if let Some(start) = self.path.iter().position(|earlier| earlier == id) {
            let cycle = self.path[start..].iter().chain([id]).map(|id| name_of(plan, id)).collect();
            return Err(Refusal::DependencyCycle { cycle, pointer: pointer.to_owned() });
        }
        let is_new = plan.snapshot().get(&Key::Task(id.clone())).is_none_or(|(_, stored)| stored.is_none());
        if self.done.contains(id) || (self.only_new && !is_new) {
            return Ok(());
        }
        self.relied_on += usize::from(!is_new);
        if self.relied_on > DEPENDENCIES_FOLLOWED_MAX || (is_new && plan.peek_task(id).is_none()) {
            let (what, max) = ("tasks would have to be merged first, over all steps", DEPENDENCIES_FOLLOWED_MAX);
            let remedy = "let it depend on fewer";
            return Err(Refusal::TooMany { what, max, remedy, pointer: pointer.to_owned() });
        }
        let next = if is_new { plan.peek_task(id) } else { plan.task(id) };
        let next = next.map(|task| task.spec.depends_on.clone()).unwrap_or_default();
        self.path.push(id.clone());
        next.iter().try_for_each(|dependency| self.follow(plan, dependency, pointer))?;
        self.done.extend(self.path.pop());
        Ok(())
    }
}

/// As a maintainer knows it: by its key where it has one.
fn name_of(plan: &Plan, id: &TaskId) -> String {
    plan.peek_task(id).and_then(|task| task.spec.key.clone()).unwrap_or_else(|| id.0.clone())
}

/// After a merge: what waited for this task alone is ready.
pub fn unblock_dependents(plan: &mut Plan, task_id: &TaskId) {
    let now = plan.now();
    for id in plan.task(task_id).expect("it was just merged").dependents.clone() {
        let dependent = plan.task_mut(&id);
        dependent.waits_for.retain(|waited_for| waited_for != task_id);
        if dependent.state == TaskState::Waiting && dependent.waits_for.is_empty() {
            dependent.ready_at = now;
            move_task(plan, &id, TaskState::Ready);
            plan.task_event(&id, EventKind::TaskReady, None, json!({ "merged": task_id }));
        }
    }
}

/// After a revert: what depends on this task waits for it again, unless somebody is at it already.
pub fn block_dependents(plan: &mut Plan, task_id: &TaskId) {
    for id in plan.task(task_id).expect("it was just reverted").dependents.clone() {
        let dependent = plan.task_mut(&id);
        if !dependent.waits_for.contains(task_id) {
            dependent.waits_for.push(task_id.clone());
        }
        if dependent.state == TaskState::Ready {
            move_task(plan, &id, TaskState::Waiting);
            plan.task_event(&id, EventKind::TaskWaiting, None, json!({ "reverted": task_id }));
        }
    }
}

/// After an edit of what it depends on: a task that waits or is ready is where it belongs.
pub fn settle_waiting(plan: &mut Plan, task_id: &TaskId) {
    let now = plan.now();
    let task = plan.task_mut(task_id);
    match (task.state, task.waits_for.is_empty()) {
        (TaskState::Waiting, true) => {
            task.ready_at = now;
            move_task(plan, task_id, TaskState::Ready);
            plan.task_event(task_id, EventKind::TaskReady, None, json!({}));
        }
        (TaskState::Ready, false) => {
            move_task(plan, task_id, TaskState::Waiting);
            plan.task_event(task_id, EventKind::TaskWaiting, None, json!({}));
        }
        _ => {}
    }
}
