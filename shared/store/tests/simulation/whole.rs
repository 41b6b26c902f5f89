//! Compares all that is stored with all that has happened: for what no step has said it touched.

use crate::pool::{Pool, at_once};
use crate::violation::{Violation, ensure, same};
use crate::watch::Watch;
use owp_logic::reputation::{Delivery, Ending};
use owp_logic::{Holding, Key, Record, Repo, Task, Worker};
use owp_store::{Listed, Page, Store, StoreError, TaskFilter, WorkerFilter};
use owp_wire::{RepoName, TaskId, TaskState, WorkerId};
use std::collections::{BTreeMap, BTreeSet};

const PAGE: usize = 1000;

pub fn compare_all(pool: &Pool, watch: &Watch) -> Result<(), Violation> {
    let mut tasks: BTreeMap<TaskState, usize> = BTreeMap::new();
    let mut areas: BTreeSet<(RepoName, String)> = BTreeSet::new();
    let mut edges: BTreeMap<(TaskId, TaskId), usize> = BTreeMap::new();
    let mut records = Records::default();
    each_task(pool, |task| {
        records.take(&task, watch);
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
        records.compare(&worker)?;
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

/// What all tasks together say of workers: how their attempts ended, and whose silence ends which lease.
#[derive(Default)]
struct Records {
    ended: BTreeMap<WorkerId, Vec<(Delivery, bool)>>,
    /// Some of their attempts are not kept any more.
    incomplete: BTreeSet<WorkerId>,
    may_be_silent: BTreeMap<TaskId, bool>,
}

impl Records {
    fn take(&mut self, task: &Task, watch: &Watch) {
        let facts = watch.facts(&task.id);
        let dropped = facts.map_or(0, |facts| facts.attempts.len().saturating_sub(task.attempts.len()));
        let gone = facts.into_iter().flat_map(|facts| facts.attempts.iter().take(dropped));
        self.incomplete.extend(gone.map(|attempt| attempt.worker.clone()));
        for attempt in &task.attempts {
            let Some(delivery) = attempt.delivery.clone() else { continue };
            let filed_by = task.spec.filed_by.as_deref();
            let pull = task.pull_request.as_ref().filter(|pull| pull.lease_id == attempt.lease_id);
            let author = pull.and_then(|pull| pull.author.as_deref());
            let by_account = filed_by.zip(author).is_some_and(|(by, author)| by.eq_ignore_ascii_case(author));
            self.ended.entry(attempt.worker_id.clone()).or_default().push((delivery, by_account));
        }
        if let Some(lease) = task.lease.as_ref().filter(|_| task.holding() == Holding::Lease) {
            let may_be_silent = task.state == TaskState::ChangesRequested || lease.parked_until.is_some();
            self.may_be_silent.insert(task.id.clone(), may_be_silent);
        }
    }

    /// A worker's record counts each of its attempts once, as it ended; what it filed itself counts for nothing.
    fn compare(&self, worker: &Worker) -> Result<(), Violation> {
        let id = &worker.id.0;
        for held in &worker.held {
            let expected = self.may_be_silent.get(&held.task_id);
            ensure(expected == Some(&held.may_be_silent), || format!("silence of {id} and {held:?}: {expected:?}"))?;
        }
        let ended = self.ended.get(&worker.id).map(Vec::as_slice).unwrap_or_default();
        let counted = |endings: &[Ending]| {
            let of = |(delivery, _): &&(Delivery, bool)| !delivery.self_filed && endings.contains(&delivery.ending);
            u32::try_from(ended.iter().filter(of).count()).expect("few")
        };
        let expected = [
            counted(&[Ending::Merged]),
            counted(&[Ending::Closed]),
            counted(&[Ending::Reverted]),
            counted(&[Ending::RanOut, Ending::Revoked]),
            counted(&[Ending::Released]),
        ];
        let track = &worker.track;
        let recorded = [track.merged, track.closed, track.reverted, track.ran_out, track.released];
        let fits = if self.incomplete.contains(&worker.id) {
            recorded.iter().zip(expected).all(|(recorded, kept)| *recorded >= kept)
        } else {
            recorded == expected
        };
        ensure(fits, || format!("the record of {id} counts {recorded:?}, and its attempts are {expected:?}"))?;
        // Of what came to nothing only who had filed the task by then matters, and an import may name somebody else since.
        let earned = |delivery: &Delivery| delivery.ending == Ending::Merged && !delivery.self_filed;
        let cheated = ended.iter().any(|(delivery, by_account)| *by_account && earned(delivery));
        ensure(!cheated, || format!("{id} earned something with what it filed itself"))
    }
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
