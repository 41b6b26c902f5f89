//! How tasks are known within their repository: by their maintainer's key, or by their title where they have none. Both stand
//! among the same records, with the numbers of issues and pull requests, so none of them may pass for another.

use crate::plan::Plan;
use crate::record::TaskSpec;
use crate::snapshot::{Key, Need, Record, TaskKeyRecord, TaskRef};
use owp_wire::{RepoName, TaskId};

/// Stands in front of a title.
const TITLE: &str = "title:";

/// Stands in front of a key that begins as a title does here. The contract lets no key begin like this.
const KEY_LIKE_A_TITLE: char = '!';

fn title_name(title: &str) -> String {
    format!("{TITLE}{title}")
}

/// Under what a task with this key is kept.
pub fn key_name(key: &str) -> String {
    if looks_like_a_title(key) { format!("{KEY_LIKE_A_TITLE}{key}") } else { key.to_owned() }
}

fn looks_like_a_title(key: &str) -> bool {
    key.starts_with(TITLE)
}

/// Under what a task is kept.
pub fn name_of(spec: &TaskSpec) -> String {
    spec.key.as_deref().map_or_else(|| title_name(&spec.title), key_name)
}

/// What finding a task takes, and giving its name to a new one.
pub fn needs(repo: &RepoName, spec: &TaskSpec) -> Vec<Need> {
    if let Some(key) = &spec.key {
        return needs_of_key(repo, key);
    }
    let title = title_name(&spec.title);
    let moved = Key::TaskKey(repo.clone(), key_name(&title));
    vec![Need::TaskByKey(repo.clone(), title), Need::Record(moved)]
}

/// A key that looks like a title was once kept as it is, so it is looked for there, too.
pub fn needs_of_key(repo: &RepoName, key: &str) -> Vec<Need> {
    names_of_key(key).map(|name| Need::TaskByKey(repo.clone(), name)).collect()
}

/// What it takes to follow these to all that they depend on.
pub fn needs_to_follow(refs: &[TaskRef]) -> Vec<Need> {
    let followed = |reference: &TaskRef| match reference {
        TaskRef::Id(_) => vec![reference.clone()],
        TaskRef::Key(repo, key) => names_of_key(key).map(|name| TaskRef::Key(repo.clone(), name)).collect(),
    };
    refs.iter().flat_map(followed).map(Need::Dependencies).collect()
}

fn names_of_key(key: &str) -> impl Iterator<Item = String> {
    let once = looks_like_a_title(key).then(|| key.to_owned());
    [key_name(key)].into_iter().chain(once)
}

/// The task that is meant by a key and title, if there is one.
pub fn find(plan: &mut Plan, repo: &RepoName, spec: &TaskSpec) -> Option<TaskId> {
    match &spec.key {
        Some(key) => find_by_key(plan, repo, key),
        None => named(plan, repo, title_name(&spec.title)).filter(|id| key_of(plan, id).is_none()),
    }
}

pub fn find_by_key(plan: &mut Plan, repo: &RepoName, key: &str) -> Option<TaskId> {
    let found = named(plan, repo, key_name(key));
    if found.is_some() || !looks_like_a_title(key) {
        return found;
    }
    named(plan, repo, key.to_owned()).filter(|id| key_of(plan, id).as_deref() == Some(key))
}

/// Makes a task known. Where a key that looks like its title was kept in its place, that one moves to its own.
pub fn give_name(plan: &mut Plan, repo: &RepoName, spec: &TaskSpec, task_id: &TaskId) {
    let name = name_of(spec);
    if spec.key.is_none()
        && let Some(other) = named(plan, repo, name.clone())
    {
        keep(plan, repo, key_name(&name), &other);
    }
    keep(plan, repo, name, task_id);
}

fn keep(plan: &mut Plan, repo: &RepoName, key: String, task_id: &TaskId) {
    plan.put(Record::TaskKey(TaskKeyRecord { repo: repo.clone(), key, task_id: task_id.clone() }));
}

fn named(plan: &mut Plan, repo: &RepoName, name: String) -> Option<TaskId> {
    match plan.read(Key::TaskKey(repo.clone(), name)) {
        Some(Record::TaskKey(record)) => Some(record.task_id.clone()),
        _ => None,
    }
}

fn key_of(plan: &mut Plan, id: &TaskId) -> Option<String> {
    plan.task(id).and_then(|task| task.spec.key.clone())
}
