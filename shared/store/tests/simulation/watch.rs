//! What must hold after every step, for what the step touched.
//!
//! The events are read by [`History`], which knows the rules a second time; every record that a step wrote, and every
//! record that its events are about, must say the same as they do.

use crate::violation::{Violation, ensure, same};
use owp_logic::history::{History, TaskFacts};
use owp_logic::limits::PARK_MAX_S;
use owp_logic::operations::Work;
use owp_logic::reputation::Ending;
use owp_logic::{AreaClaim, Event, Holding, Key, Record, Repo, Rules, Snapshot, Subject, Task, Worker, holding_of};
use owp_wire::{AttemptOutcome, LeaseId, RepoName, TaskId, TaskState, Timestamp, WorkerId};
use std::collections::BTreeSet;

#[derive(Default)]
pub struct Watch {
    pub history: History,
}

/// Each of a few attempts, and each time for which one was parked, is counted in whole seconds.
const ROUNDED_S: u32 = 20;

/// Only the last attempt may be under way, and only while somebody holds the task; what has ended counts as it ended. Nobody
/// holds a task for longer than one may in all, and none is parked for longer than once.
fn compare_attempts(task: &Task) -> Result<(), Violation> {
    let id = &task.id.0;
    for (index, attempt) in task.attempts.iter().enumerate() {
        let is_under_way = index + 1 == task.attempts.len() && task.lease.is_some();
        ensure(attempt.outcome.is_none() == is_under_way, || format!("attempt {index} of {id} is {attempt:?}"))?;
        let counts =
            attempt.outcome.zip(attempt.delivery.as_ref()).map(|(outcome, delivery)| (outcome, delivery.ending));
        ensure(is_under_way || counts.is_some_and(ends_as_it_counts), || {
            format!("attempt {index} of {id} counts as something else: {attempt:?}")
        })?;
        ensure(attempt.parked_s <= PARK_MAX_S, || format!("{id} was parked for {} s", attempt.parked_s))?;
    }
    let Some((attempt, earlier)) = task.attempts.split_last() else { return Ok(()) };
    let Some(lease) = task.lease.as_ref().filter(|_| attempt.pr_opened_at.is_none()) else { return Ok(()) };
    ensure(lease.parked_until.is_none() || lease.was_parked, || format!("{id} may be parked again"))?;
    let before = earlier.iter().filter(|earlier| earlier.worker_id == attempt.worker_id);
    let held_ms: i64 = before.map(|earlier| earlier.held_ms(attempt.started_at)).sum();
    let ms_in_all = held_ms + attempt.held_ms(lease.expires_at);
    let max_s = Rules::default().lease_hold_max_s() + ROUNDED_S;
    ensure(ms_in_all <= i64::from(max_s) * 1000, || {
        format!("{id} may be held for {ms_in_all} ms in all by {}", attempt.worker_id.0)
    })
}

/// How many of the tasks that are looked at were done by who had filed them.
pub fn done_for_oneself(snapshot: &Snapshot) -> usize {
    let tasks = snapshot.records().filter_map(|(_, _, record)| record.as_task());
    let merged = tasks.filter(|task| task.state == TaskState::Merged).filter_map(|task| task.attempts.last());
    merged.filter(|attempt| attempt.delivery.as_ref().is_some_and(|delivery| delivery.self_filed)).count()
}

fn ends_as_it_counts((outcome, ending): (AttemptOutcome, Ending)) -> bool {
    match outcome {
        AttemptOutcome::Merged => ending == Ending::Merged,
        AttemptOutcome::Closed => ending == Ending::Closed,
        AttemptOutcome::Reverted => ending == Ending::Reverted,
        AttemptOutcome::Expired | AttemptOutcome::WorkerOffline => ending == Ending::RanOut,
        AttemptOutcome::Released => matches!(ending, Ending::Released | Ending::ReleasedFairly),
        AttemptOutcome::Revoked => ending == Ending::Revoked,
        AttemptOutcome::TakenBack | AttemptOutcome::Requeued | AttemptOutcome::Cancelled => ending == Ending::Withdrawn,
    }
}

impl Watch {
    pub fn take(&mut self, event: &Event) -> Result<(), Violation> {
        self.history.add(event);
        self.history.violations.pop().map_or(Ok(()), |violation| Err(Violation::new(violation)))
    }

    /// The records that an event is about.
    pub fn concerned(&self, event: &Event) -> impl Iterator<Item = Key> {
        let task = event.task_id.as_ref();
        let area = task.and_then(|id| self.history.tasks()[id].area.clone());
        let area = event.repo.clone().zip(area).map(|(repo, area)| Key::Area(repo, area));
        let task = task.cloned().map(Key::Task);
        let repo = event.repo.clone().map(Key::Repo);
        let worker = event.worker_id.clone().map(Key::Worker);
        [task, repo, worker, area].into_iter().flatten()
    }

    pub fn compare(&self, snapshot: &Snapshot, keys: &[Key]) -> Result<(), Violation> {
        for key in keys {
            let record = snapshot.get(key).and_then(|(_, record)| record);
            match (key, record) {
                (_, Some(Record::Task(task))) => self.compare_task(task)?,
                (_, Some(Record::Worker(worker))) => self.compare_worker(worker)?,
                (_, Some(Record::Repo(repo))) => self.compare_repo(repo)?,
                (Key::Area(repo, area), None) => self.compare_area(repo, area, None)?,
                (Key::Area(repo, area), Some(Record::Area(claim))) => self.compare_area(repo, area, Some(claim))?,
                (_, Some(Record::TaskKey(_) | Record::Idempotency(_) | Record::Admission(_) | Record::Book(_)))
                | (Key::Idempotency(_), None) => {}
                (key, record) => return Err(Violation::new(format!("under {key:?} is {record:?}"))),
            }
        }
        Ok(())
    }

    pub fn compare_task(&self, task: &Task) -> Result<(), Violation> {
        let (spec, id) = (&task.spec, &task.id.0);
        let Some(facts) = self.history.tasks().get(&task.id) else {
            return Err(Violation::new(format!("no event has put {id} in")));
        };
        same(task.state, facts.state, || format!("the state of {id}"))?;
        let holder = task.lease.as_ref().map(|lease| (&lease.worker_id, &lease.id));
        same(holder, facts.holder.as_ref().map(|(worker, lease)| (worker, lease)), || format!("the holder of {id}"))?;
        same(task.offer.as_ref().map(|offer| &offer.worker_id), facts.offered_to.as_ref(), || {
            format!("to whom {id} is offered")
        })?;
        ensure(task.offer.is_some() == (task.state == TaskState::Offered), || format!("{id} is {}", task.state))?;
        same(task.off_budget, facts.off_budget, || format!("whether {id} takes a slot"))?;
        let held = matches!(holding_of(task.state), Holding::Lease | Holding::Review);
        ensure(holder.is_some() == held, || format!("{id} is {} with holder {holder:?}", task.state))?;
        let end = task.due_at().filter(|_| matches!(task.holding(), Holding::Lease | Holding::Offer));
        if end.is_some() {
            same(end, facts.expires_at, || format!("the end of the lease or offer of {id}"))?;
        }
        let waits: BTreeSet<&TaskId> = task.waits_for.iter().collect();
        let open = |id: &&TaskId| self.facts(id).is_none_or(|facts| facts.state != TaskState::Merged);
        same(waits, spec.depends_on.iter().filter(open).collect(), || format!("what {id} waits for"))?;
        let idle = task.state != TaskState::Ready || task.waits_for.is_empty();
        ensure(idle, || format!("{id} is ready and waits for {:?}", task.waits_for))?;
        let waiting = task.state != TaskState::Waiting || !task.waits_for.is_empty();
        ensure(waiting, || format!("{id} waits for nothing"))?;
        same(spec.estimate_points, facts.points, || format!("the points of {id}"))?;
        same(&spec.required_skills, &facts.skills, || format!("the skills of {id}"))?;
        same((&spec.area, spec.tier), (&facts.area, facts.tier), || format!("the area and tier of {id}"))?;
        same(spec.security, facts.security, || format!("whether {id} is for security"))?;
        same(&spec.depends_on, &facts.depends_on, || format!("what {id} depends on"))?;
        let attempts = || task.attempts.iter().map(|attempt| (&attempt.worker_id, attempt.outcome));
        let kept = facts.attempts.len().saturating_sub(task.attempts.len());
        let expected = || facts.attempts[kept..].iter().map(|attempt| (&attempt.worker, attempt.outcome));
        if !attempts().eq(expected()) {
            same(attempts().collect::<Vec<_>>(), expected().collect(), || format!("the attempts of {id}"))?;
        }
        compare_attempts(task)?;
        self.compare_seq(&Subject::Task(task.id.clone()), task.event_seq)
    }

    pub fn compare_worker(&self, worker: &Worker) -> Result<(), Violation> {
        let id = &worker.id.0;
        let Some(facts) = self.history.worker(&worker.id) else {
            return Err(Violation::new(format!("no event has registered {id}")));
        };
        let right = |held: &owp_logic::Held| {
            let facts = self.history.tasks().get(&held.task_id);
            facts.is_some_and(|facts| {
                let lease = facts.holder.as_ref().map(|(_, lease)| lease);
                lease == Some(&held.lease_id) && facts.points == held.points
            })
        };
        let listed = worker.held.len() == facts.held.len()
            && worker.held.iter().all(|held| facts.held.contains(&held.task_id) && right(held));
        ensure(listed, || format!("{id} holds {:?} by its record, and {:?} by the events", worker.held, facts.held))?;
        let offered = worker.offered.len() == facts.offered.len()
            && worker.offered.iter().all(|offered| facts.offered.contains(&offered.task_id));
        ensure(offered, || {
            let (recorded, told) = (&worker.offered, &facts.offered);
            format!("{id} is offered {recorded:?} by its record, and {told:?} by the events")
        })?;
        let reviewed = worker.in_review.len() == facts.in_review.len()
            && worker.in_review.iter().all(|task| facts.in_review.contains(task));
        ensure(reviewed, || {
            let (recorded, told) = (&worker.in_review, &facts.in_review);
            format!("{id} has {recorded:?} in review by its record, and {told:?} by the events")
        })?;
        self.compare_seq(&Subject::Worker(worker.id.clone()), worker.event_seq)
    }

    pub fn compare_repo(&self, repo: &Repo) -> Result<(), Violation> {
        let name = &repo.name.0;
        let Some(facts) = self.history.repo(&repo.name) else {
            return Err(Violation::new(format!("no event has put {name}")));
        };
        same(repo.leases_live as usize, facts.leases, || format!("the live leases of {name}"))?;
        same(repo.offers_open as usize, facts.offers, || format!("the open offers of {name}"))?;
        same(repo.prs_open as usize, facts.prs, || format!("the open pull requests of {name}"))?;
        same(repo.prs_idle as usize, facts.idle, || format!("the idle pull requests of {name}"))?;
        self.compare_seq(&Subject::Repo(repo.name.clone()), repo.event_seq)
    }

    pub fn compare_area(&self, repo: &RepoName, area: &str, claim: Option<&AreaClaim>) -> Result<(), Violation> {
        let claimed = claim.map(|claim| claim.tasks.iter().collect::<BTreeSet<&TaskId>>());
        let held = self.history.repo(repo).and_then(|repo| repo.areas.get(area));
        let held = held.map(|tasks| tasks.iter().collect::<BTreeSet<&TaskId>>());
        same(claimed, held, || format!("who holds {area} of {}", repo.0))
    }

    fn compare_seq(&self, subject: &Subject, seq: u64) -> Result<(), Violation> {
        same(seq, self.history.last_seq(subject), || format!("the number of the last event of {subject}"))
    }

    /// Whether a worker may write under this lease now, as far as the lease goes; none counts as the one it holds.
    pub fn may_write(
        &self,
        worker: &WorkerId,
        task: &TaskId,
        lease: Option<&LeaseId>,
        now: Timestamp,
    ) -> Option<Holding> {
        let facts = self.history.tasks().get(task)?;
        let (holder, live) = facts.holder.as_ref()?;
        let holding = holding_of(facts.state);
        let alive = holding == Holding::Review || facts.expires_at.is_some_and(|end| now < end);
        (holder == worker && lease.is_none_or(|lease| lease == live) && alive).then_some(holding)
    }

    /// Whether an offer of the task to this worker can be accepted now.
    pub fn may_accept(&self, worker: &WorkerId, task: &TaskId, now: Timestamp) -> bool {
        self.facts(task).is_some_and(|facts| {
            facts.offered_to.as_ref() == Some(worker) && facts.expires_at.is_some_and(|end| now < end)
        })
    }

    /// A fetch must show exactly what its worker holds and has in review.
    pub fn check_work(&self, worker: &WorkerId, work: &Work) -> Result<(), Violation> {
        let Some(facts) = self.history.worker(worker) else {
            return Err(Violation::new(format!("{} got work without having registered", worker.0)));
        };
        let live = |id: &&TaskId| self.may_write(worker, id, None, work.now).is_some();
        let shown: BTreeSet<&TaskId> = work.leases.iter().map(|(task, _)| &task.id).collect();
        let held: BTreeSet<&TaskId> = facts.held.iter().filter(live).collect();
        same(shown, held, || format!("the leases that {} was shown", worker.0))?;
        let shown: BTreeSet<&TaskId> = work.in_review.iter().map(|task| &task.id).collect();
        same(shown, facts.in_review.iter().collect(), || format!("the reviews that {} was shown", worker.0))
    }

    pub fn facts(&self, id: &TaskId) -> Option<&TaskFacts> {
        self.history.tasks().get(id)
    }
}
