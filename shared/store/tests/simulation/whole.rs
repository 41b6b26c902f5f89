//! Compares all that is stored with all that has happened: for what no step has said it touched.

use crate::pool::{Pool, at_once};
use crate::violation::{Violation, ensure, same};
use crate::watch::Watch;
use owp_logic::{Key, Record, Repo, Task, Worker};
use owp_store::{Listed, Page, Store, StoreError, TaskFilter, WorkerFilter};
use owp_wire::{RepoName, TaskId, TaskState};
use std::collections::{BTreeMap, BTreeSet};

const PAGE: usize = 1000;

pub fn compare_all(pool: &Pool, watch: &Watch) -> Result<(), Violation> {
    let mut tasks: BTreeMap<TaskState, usize> = BTreeMap::new();
    let mut areas: BTreeSet<(RepoName, String)> = BTreeSet::new();
    let mut edges: BTreeMap<(TaskId, TaskId), usize> = BTreeMap::new();
    each_task(pool, |task| {
        watch.compare_task(&task)?;
        task.spec.depends_on.iter().for_each(|on| *edges.entry((task.id.clone(), on.clone())).or_default() += 1);
        task.dependents.iter().for_each(|of| *edges.entry((of.clone(), task.id.clone())).or_default() += 1);
        *tasks.entry(task.state).or_default() += 1;
        areas.extend(task.spec.area.map(|area| (task.repo, area)));
        Ok(())
    })?;
    let lopsided = edges.into_iter().find(|(_, ends)| *ends != 2);
    ensure(lopsided.is_none(), || format!("a dependency is known at one end only: {lopsided:?}"))?;
    let (mut workers, mut repos, mut slots_used, mut slots_total) = (0, 0, 0, 0);
    each_worker(pool, |worker| {
        workers += 1;
        watch.compare_worker(&worker)
    })?;
    each_repo(pool, |repo| {
        repos += 1;
        slots_used += u64::from(repo.slots_used());
        slots_total += u64::from(repo.max_open_prs);
        watch.compare_repo(&repo)
    })?;
    for (repo, area) in areas {
        let record = pool.record(&Key::Area(repo.clone(), area.clone()));
        let claim = if let Some(Record::Area(claim)) = record.as_deref() { Some(claim) } else { None };
        watch.compare_area(&repo, &area, claim)?;
    }
    let counts = at_once(pool.store.counts(pool.now())).expect("memory can count");
    same(tasks.values().sum::<usize>(), watch.history.tasks().len(), || "the tasks that are listed".into())?;
    same(&counts.tasks, &tasks, || "the tasks of each state".into())?;
    same((counts.workers_total, counts.repos_total), (workers, repos), || "how many workers and repositories".into())?;
    same((counts.slots_used, counts.slots_total), (slots_used, slots_total), || "the slots of all repositories".into())
}

pub fn each_task(pool: &Pool, visit: impl FnMut(Task) -> Result<(), Violation>) -> Result<(), Violation> {
    each(|page| at_once(pool.store.list_tasks(TaskFilter::default(), page)), visit)
}

pub fn each_worker(pool: &Pool, visit: impl FnMut(Worker) -> Result<(), Violation>) -> Result<(), Violation> {
    each(|page| at_once(pool.store.list_workers(WorkerFilter::default(), page)), visit)
}

pub fn each_repo(pool: &Pool, visit: impl FnMut(Repo) -> Result<(), Violation>) -> Result<(), Violation> {
    each(|page| at_once(pool.store.list_repos(page)), visit)
}

fn each<T>(
    list: impl Fn(Page) -> Result<Listed<T>, StoreError>,
    mut visit: impl FnMut(T) -> Result<(), Violation>,
) -> Result<(), Violation> {
    let mut after = None;
    loop {
        let listed = list(Page { after, limit: PAGE }).expect("memory can be listed");
        listed.items.into_iter().try_for_each(&mut visit)?;
        after = listed.next;
        if after.is_none() {
            return Ok(());
        }
    }
}
