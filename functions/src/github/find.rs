//! Which task a pull request may be for. Only a guess to begin with: whether it is, is decided with the records.

use crate::app::App;
use owp_logic::github::PullRequest;
use owp_logic::github::ticket::leases_named;
use owp_logic::{Key, Need, Record, Task, number_key};
use owp_store::{Page, StoreError, TaskFilter};
use owp_wire::{RepoName, TaskId, TaskState, WorkerId};
use std::collections::BTreeSet;

/// Those in which somebody holds a task.
const HELD: [TaskState; 5] =
    [TaskState::Leased, TaskState::InProgress, TaskState::Blocked, TaskState::ChangesRequested, TaskState::PrOpened];

const PAGE: usize = 100;

/// The task that it was for before, or whose lease it names, or that its author holds. Where the author holds several and it
/// names none, it is anybody's guess, and nobody guesses.
pub async fn task_of(app: &App, repo: &RepoName, pull: &PullRequest) -> Result<Option<TaskId>, StoreError> {
    if let Some(known) = task_with_key(app, repo, &number_key(pull.number)).await? {
        return Ok(Some(known));
    }
    let named = leases_named(&pull.body);
    let held = held_in(app, repo).await?;
    if !named.is_empty() {
        let names_it = |task: &&Task| task.lease.as_ref().is_some_and(|lease| named.contains(&lease.id));
        return Ok(held.iter().find(names_it).map(|task| task.id.clone()));
    }
    let Some(author) = &pull.author else { return Ok(None) };
    let holders = called(app, author, held.iter().filter_map(|task| Some(&task.lease.as_ref()?.worker_id))).await?;
    let theirs = held.iter().filter(|task| task.lease.as_ref().is_some_and(|lease| holders.contains(&lease.worker_id)));
    let mut theirs = theirs.map(|task| task.id.clone());
    Ok(theirs.next().filter(|_| theirs.next().is_none()))
}

/// The task that is known under a key.
pub async fn task_with_key(app: &App, repo: &RepoName, key: &str) -> Result<Option<TaskId>, StoreError> {
    let key = Key::TaskKey(repo.clone(), key.to_owned());
    let snapshot = app.store.look(vec![Need::Record(key.clone())]).await?;
    Ok(match snapshot.get(&key) {
        Some((_, Some(Record::TaskKey(record)))) => Some(record.task_id.clone()),
        _ => None,
    })
}

pub fn is_held(state: TaskState) -> bool {
    HELD.contains(&state)
}

/// The review budget bounds how many there are.
pub async fn held_in(app: &App, repo: &RepoName) -> Result<Vec<Task>, StoreError> {
    let mut held = Vec::new();
    for state in HELD {
        let filter = TaskFilter { repo: Some(repo.clone()), state: Some(state), ..TaskFilter::default() };
        held.extend(all_tasks(app, filter).await?);
    }
    Ok(held)
}

/// Every task that a filter admits.
pub async fn all_tasks(app: &App, filter: TaskFilter) -> Result<Vec<Task>, StoreError> {
    let (mut tasks, mut after) = (Vec::new(), None);
    loop {
        let page = app.store.list_tasks(filter.clone(), Page { after, limit: PAGE }).await?;
        tasks.extend(page.items);
        after = page.next;
        if after.is_none() {
            return Ok(tasks);
        }
    }
}

/// Those of the workers that say to have this handle.
async fn called(
    app: &App,
    handle: &str,
    workers: impl Iterator<Item = &WorkerId>,
) -> Result<BTreeSet<WorkerId>, StoreError> {
    let needs = workers.map(|id| Need::Record(Key::Worker(id.clone()))).collect();
    let snapshot = app.store.look(needs).await?;
    let workers = snapshot.records().filter_map(|(_, _, record)| record.as_worker());
    let is_called = |known: &String| known.eq_ignore_ascii_case(handle);
    Ok(workers.filter(|it| it.github_handle.as_ref().is_some_and(is_called)).map(|it| it.id.clone()).collect())
}

/// The pull request that a task has, or that its holder reported; whether that one is its own is seen from itself.
pub fn number_of_pull(task: &Task) -> Option<u64> {
    let reported = || number_in(task.artifact.as_ref()?.pr_url.as_deref()?, &task.repo);
    task.pull_request.as_ref().map(|pull| pull.number).or_else(reported)
}

/// The number in the address of a pull request of this repository.
pub fn number_in(url: &str, repo: &RepoName) -> Option<u64> {
    let (before, number) = url.split_once("/pull/")?;
    let digits = number.split(['/', '?', '#']).next()?;
    before.to_lowercase().ends_with(&format!("/{}", repo.0.to_lowercase())).then(|| digits.parse().ok())?
}
