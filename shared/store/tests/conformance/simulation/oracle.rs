//! What a fetch should give, found by looking at every ready task.

use crate::pool::Pool;
use owp_logic::fit::{View, closed_to_all, unfit_for};
use owp_logic::limits::{CANDIDATES_MAX, EXPLAIN_TASKS_MAX};
use owp_logic::operations::Work;
use owp_logic::{AreaClaim, Caller, Key, Need, Record, Repo, Snapshot, Task, Worker};
use owp_wire::{FitCode, TaskId, Timestamp};
use std::cmp::Reverse;

/// Ready tasks as they were, with their repositories, areas and the worker who asks.
pub struct Ready {
    snapshot: Snapshot,
    caller: Caller,
}

type Rank = (Reverse<u32>, u64, Timestamp);

impl Ready {
    /// `None` where there are too many to look at all.
    pub async fn of(pool: &Pool, caller: &Caller) -> Option<Self> {
        let worker = Need::Record(Key::Worker(caller.worker_id.clone()));
        let snapshot = pool.store.look(vec![worker, Need::ReadySample]).await.expect("the store works");
        assert!(snapshot.ready_sample.len() <= EXPLAIN_TASKS_MAX);
        (!snapshot.sample_truncated).then(|| Self { snapshot, caller: caller.clone() })
    }

    /// Whether the first task given is one of the best that fitted.
    pub fn check_first(&self, pool: &Pool, work: &Work) {
        let held = &self.worker().held;
        let given: Vec<&TaskId> = work
            .leases
            .iter()
            .map(|(task, _)| &task.id)
            .filter(|id| !held.iter().any(|held| held.task_id == **id))
            .collect();
        let verdicts: Vec<(Rank, Vec<FitCode>)> = self.verdicts(pool);
        let best = verdicts.iter().filter(|(_, codes)| codes.is_empty()).map(|(rank, _)| *rank).min();
        let declined = declined(&verdicts);
        if declined >= CANDIDATES_MAX {
            return;
        }
        match given.first() {
            None => assert_eq!(best, None, "something fitted, and nothing was given"),
            Some(first) => {
                let rank = self.rank(self.task(first).expect("it was ready"));
                // Who takes several may get what stands in for a declined task from another repository's turn.
                let takes_one = self.worker().wanted(pool.now()).is_some_and(|wanted| wanted.tasks_max == 1);
                if declined == 0 || takes_one {
                    assert_eq!(Some(rank), best, "{first:?} was given first");
                }
            }
        }
    }

    /// Nothing that fits is left.
    pub fn check_rest(&self, pool: &Pool) {
        let verdicts = self.verdicts(pool);
        let left = verdicts.iter().filter(|(_, codes)| codes.is_empty()).count();
        assert!(left == 0 || declined(&verdicts) >= CANDIDATES_MAX, "{left} more tasks fitted and were not given");
    }

    fn verdicts(&self, pool: &Pool) -> Vec<(Rank, Vec<FitCode>)> {
        let (worker, rules, now) = (self.worker(), pool.rules(), pool.now());
        let ready = self.snapshot.ready_sample.iter().filter_map(|id| self.task(id));
        ready
            .map(|task| {
                let view = View { task, repo: self.repo(task), claim: self.claim(task), admission: None };
                let mut codes = closed_to_all(view, now);
                // The call itself is a sign of life.
                codes.extend(
                    unfit_for(worker, view, &rules, now).into_iter().filter(|code| *code != FitCode::WorkerOffline),
                );
                (self.rank(task), codes)
            })
            .collect()
    }

    fn rank(&self, task: &Task) -> Rank {
        (Reverse(task.spec.priority), self.repo(task).service, task.ready_at)
    }

    fn worker(&self) -> &Worker {
        match self.snapshot.get(&Key::Worker(self.caller.worker_id.clone())) {
            Some((_, Some(Record::Worker(worker)))) => worker,
            other => panic!("{other:?} is no worker"),
        }
    }

    fn task(&self, id: &TaskId) -> Option<&Task> {
        match self.snapshot.get(&Key::Task(id.clone())) {
            Some((_, Some(Record::Task(task)))) => Some(task),
            _ => None,
        }
    }

    fn repo(&self, task: &Task) -> &Repo {
        match self.snapshot.get(&Key::Repo(task.repo.clone())) {
            Some((_, Some(Record::Repo(repo)))) => repo,
            other => panic!("{other:?} is no repository"),
        }
    }

    fn claim(&self, task: &Task) -> Option<&AreaClaim> {
        match self.snapshot.get(&Key::Area(task.repo.clone(), task.spec.area.clone()?)) {
            Some((_, Some(Record::Area(claim)))) => Some(claim),
            _ => None,
        }
    }
}

fn declined(verdicts: &[(Rank, Vec<FitCode>)]) -> usize {
    let on_the_task_only = [FitCode::DeclinedRecently, FitCode::HoldTimeSpent];
    verdicts.iter().filter(|(_, codes)| codes.iter().any(|code| on_the_task_only.contains(code))).count()
}
