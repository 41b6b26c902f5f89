//! How an attempt ends, what becomes of its task, and what it counts for in the reputation of who made it.

use crate::assignment::{Declined, decline};
use crate::dependencies::{block_dependents, unblock_dependents};
use crate::lifecycle::{free_state, move_task, slots_of, unpark};
use crate::periods::SPENT;
use crate::plan::Plan;
use crate::record::{Attempt, EventKind, Holding, Task, Worker};
use crate::reputation::{Delivery, Ending};
use owp_wire::{AttemptOutcome, LeaseId, ReleaseReason, TaskId, TaskState, Timestamp};
use serde_json::{Value, json};

/// Ends a lease that came to nothing: the task is free for others, or has failed where it is out of attempts.
pub fn end_lease(plan: &mut Plan, task_id: &TaskId, outcome: AttemptOutcome, reason: Option<&str>) -> TaskState {
    let task = plan.task_mut(task_id);
    task.attempts_used += 1;
    let spent = task.attempts_used >= task.spec.attempts_max;
    let (to, kind) =
        if spent { (TaskState::Failed, EventKind::TaskFailed) } else { (free_state(task), EventKind::TaskRequeued) };
    close_attempt(plan, task_id, to, kind, outcome, reason);
    to
}

/// Moves a task to a state in which nobody holds it, and closes the attempt that was under way, if one was.
pub fn close_attempt(
    plan: &mut Plan,
    task_id: &TaskId,
    to: TaskState,
    kind: EventKind,
    outcome: AttemptOutcome,
    reason: Option<&str>,
) {
    if plan.task(task_id).is_some_and(|task| task.lease.is_some()) {
        unpark(plan, task_id);
    }
    move_task(plan, task_id, to);
    let now = plan.now();
    let task = plan.task_mut(task_id);
    let (lease, offer) = (task.lease.take(), task.offer.take());
    if let Some(offer) = offer {
        let repo = task.repo.clone();
        plan.repo_mut(&repo).uncount_from_rate(offer.offered_at, now);
    }
    let task = plan.task_mut(task_id);
    if let Some(lease) = &lease {
        let branch = task.branch.clone();
        let notes = task.notes.clone();
        if let Some(attempt) = task.attempts.last_mut() {
            attempt.ended_at = Some(now);
            attempt.outcome = Some(outcome);
            attempt.reason = reason.map(str::to_owned);
            attempt.branch = branch;
            attempt.notes = notes;
        }
        count_attempt(plan, task_id, &lease.worker_id, outcome, reason);
    }
    let task = plan.task(task_id).expect("it was just moved");
    let dependents = (!task.dependents.is_empty()).then(|| task.dependents.clone());
    let holder = lease.as_ref().map(|lease| (&lease.worker_id, &lease.id));
    let spent = matches!(to, TaskState::Merged | TaskState::Closed).then_some(task.spent);
    let details: Value = json!({
        "outcome": holder.map(|_| outcome), "reason": reason, "state": to, "dependents": dependents, SPENT: spent,
    });
    plan.task_event(task_id, kind, holder, details);
    if to == TaskState::Merged {
        unblock_dependents(plan, task_id);
    }
}

/// Lets the attempt that has just ended count: in its worker's reputation, and no more towards the hourly limit where no
/// pull request came of it.
fn count_attempt(
    plan: &mut Plan,
    task_id: &TaskId,
    worker_id: &owp_wire::WorkerId,
    outcome: AttemptOutcome,
    reason: Option<&str>,
) {
    let now = plan.now();
    let worker = plan.worker(worker_id).expect("a holder is in scope").clone();
    let task = plan.task_mut(task_id);
    let delivery = task.attempts.last().map(|attempt| delivery_of(attempt, task, &worker, outcome, reason, now));
    let Some(attempt) = task.attempts.last_mut() else { return };
    attempt.delivery.clone_from(&delivery);
    let came_to_nothing = attempt.pr_opened_at.is_none().then_some(attempt.started_at);
    let repo = task.repo.clone();
    if let Some(started_at) = came_to_nothing.filter(|_| outcome != AttemptOutcome::Merged) {
        plan.repo_mut(&repo).uncount_from_rate(started_at, now);
    }
    if let Some(delivery) = delivery {
        plan.worker_mut(worker_id).track.count(&delivery);
    }
}

fn delivery_of(
    attempt: &Attempt,
    task: &Task,
    worker: &Worker,
    outcome: AttemptOutcome,
    reason: Option<&str>,
    now: Timestamp,
) -> Delivery {
    let ending = ending_of(outcome, reason);
    let on_time = attempt.on_time.or((ending == Ending::RanOut).then_some(false));
    Delivery {
        ending,
        change_rounds: attempt.change_rounds,
        rating: attempt.rating,
        on_time,
        self_filed: is_self_filed(attempt, task, worker),
        counted_at: now,
    }
}

/// By the handle that the worker says it has, or by the account that the attempt's pull request came from: who claims no
/// handle, or another one, does not do its own tasks for others.
fn is_self_filed(attempt: &Attempt, task: &Task, worker: &Worker) -> bool {
    let Some(filed_by) = &task.spec.filed_by else { return false };
    let pull = task.pull_request.as_ref().filter(|pull| pull.lease_id == attempt.lease_id);
    let author = pull.and_then(|pull| pull.author.as_ref());
    worker.github_handle.iter().chain(author).any(|handle| handle.eq_ignore_ascii_case(filed_by))
}

/// A release is fair where the reason lies with the task and not with who took it.
fn ending_of(outcome: AttemptOutcome, reason: Option<&str>) -> Ending {
    const FAIR: [ReleaseReason; 3] =
        [ReleaseReason::UnclearRequirements, ReleaseReason::SkillMismatch, ReleaseReason::Blocked];
    let code = reason.and_then(|reason| reason.split(crate::assignment::REASON_ENDS).next());
    let fair = || FAIR.iter().any(|fair| code == Some(fair.to_string().as_str()));
    match outcome {
        AttemptOutcome::Merged => Ending::Merged,
        AttemptOutcome::Closed => Ending::Closed,
        AttemptOutcome::Reverted => Ending::Reverted,
        AttemptOutcome::Expired | AttemptOutcome::WorkerOffline => Ending::RanOut,
        AttemptOutcome::Released if fair() => Ending::ReleasedFairly,
        AttemptOutcome::Released => Ending::Released,
        AttemptOutcome::Revoked => Ending::Revoked,
        AttemptOutcome::TakenBack | AttemptOutcome::Requeued | AttemptOutcome::Cancelled => Ending::Withdrawn,
    }
}

/// Judges an attempt anew: what it counts for from now on is as if it had been judged so at first. Whether it is the worker's
/// own task is asked again, too: who filed it may only be known by now.
pub fn judge_again(plan: &mut Plan, task_id: &TaskId, lease_id: &LeaseId, judge: impl FnOnce(&mut Delivery)) {
    let now = plan.now();
    let Some(task) = plan.task(task_id).cloned() else { return };
    let Some(attempt) = task.attempts.iter().find(|attempt| attempt.lease_id == *lease_id) else { return };
    let Some(before) = &attempt.delivery else { return };
    let mut after = before.clone();
    judge(&mut after);
    let worker = plan.worker_mut(&attempt.worker_id);
    after.self_filed |= is_self_filed(attempt, &task, worker);
    worker.track.recount(before, &after, now);
    let attempt = plan.task_mut(task_id).attempt_mut(lease_id).expect("it was just read");
    attempt.delivery = Some(after);
}

/// A pull request that is opened for the first time shows how long such tasks take; one that is told of again, with something
/// new, shows a sign of life. Before the task is moved.
pub fn note_progress(plan: &mut Plan, task_id: &TaskId, to: TaskState) {
    let now = plan.now();
    let task = plan.task_mut(task_id);
    let (name, points, from) = (task.repo.clone(), task.spec.estimate_points, task.state);
    let lease = task.lease.clone().expect("it is live");
    let first = task.attempts.last_mut().filter(|attempt| to == TaskState::PrOpened && attempt.pr_opened_at.is_none());
    let took = first.map(|attempt| {
        attempt.pr_opened_at = Some(now);
        attempt.on_time = lease.on_time_until.map(|until| now <= until);
        now.seconds_after(attempt.started_at).saturating_sub(attempt.parked_s)
    });
    if let Some(seconds) = took {
        plan.repo_mut(&name).learn_duration(seconds, points);
    }
    if from == TaskState::PrOpened && to == TaskState::PrOpened {
        let look_at = plan.repo(&name).expect("a task's repo is in scope").review_look_at(now, now);
        let task = plan.task_mut(task_id);
        task.review_look_at = Some(look_at).filter(|_| !task.off_budget);
        task.review_alive_at = Some(now);
    }
}

/// Reviewers want more: the obligation stays with the holder, under a response clock.
pub fn send_back(plan: &mut Plan, task_id: &TaskId, reason: Option<&str>) {
    let until = plan.now().plus_s(plan.rules().response_ttl_s);
    let task = plan.task_mut(task_id);
    task.message = reason.map(str::to_owned);
    // What was asked before was answered, or it would not be in review.
    let reviews = task.pull_request.iter_mut().flat_map(|pull| &mut pull.reviews);
    reviews.for_each(|review| review.asks = false);
    if let Some(attempt) = task.attempts.last_mut() {
        attempt.change_rounds += 1;
    }
    let lease = task.lease.as_mut().expect("what is in review has a holder");
    lease.expires_at = until;
    let lease = lease.clone();
    move_task(plan, task_id, TaskState::ChangesRequested);
    let details = json!({ "reason": reason, "expires_at": until });
    plan.task_event(task_id, EventKind::TaskChangesRequested, Some((&lease.worker_id, &lease.id)), details);
}

/// What was merged was taken out again: it is as if it had been closed, and what depends on it waits.
pub fn revert(plan: &mut Plan, task_id: &TaskId, reason: Option<&str>) {
    // The latest attempt may be of somebody who held the task when an earlier pull request was merged.
    if let Some(attempt) = plan.task_mut(task_id).merged_attempt_mut() {
        attempt.outcome = Some(AttemptOutcome::Reverted);
        let lease_id = attempt.lease_id.clone();
        judge_again(plan, task_id, &lease_id, |delivery| delivery.ending = Ending::Reverted);
    }
    move_task(plan, task_id, TaskState::Closed);
    plan.task_event(task_id, EventKind::TaskReverted, None, json!({ "reason": reason }));
    block_dependents(plan, task_id);
}

/// A pull request was merged of which nothing was expected any more: its lease had ended, or it had been closed. The task
/// is done all the same, and whose work it is has earned what a merge earns.
pub fn merge_late(plan: &mut Plan, task_id: &TaskId, lease_id: &LeaseId, reason: &str) {
    let task = plan.task(task_id).expect("it is there");
    match task.holding() {
        Holding::Offer => drop(decline(plan, task_id, Declined::Withdrawn, Some(reason))),
        Holding::Lease | Holding::Review => {
            let to = free_state(task);
            close_attempt(plan, task_id, to, EventKind::TaskRequeued, AttemptOutcome::TakenBack, Some(reason));
        }
        Holding::Nothing => {}
    }
    let attempt = plan.task_mut(task_id).attempt_mut(lease_id);
    let merged = attempt.map(|attempt| attempt.outcome = Some(AttemptOutcome::Merged)).map(|()| lease_id);
    if merged.is_some() {
        judge_again(plan, task_id, lease_id, |delivery| delivery.ending = Ending::Merged);
    }
    move_task(plan, task_id, TaskState::Merged);
    let outcome = merged.map(|_| AttemptOutcome::Merged);
    let details = json!({ "outcome": outcome, "merged_lease": merged, "reason": reason, "state": TaskState::Merged });
    plan.task_event(task_id, EventKind::TaskMerged, None, details);
    unblock_dependents(plan, task_id);
}

/// A pull request without a sign of life for long takes no slot any more.
pub fn free_idle_review(plan: &mut Plan, task_id: &TaskId) {
    let task = plan.task_mut(task_id);
    task.off_budget = true;
    let (repo, lease) = (task.repo.clone(), task.lease.clone());
    let repo = plan.repo_mut(&repo);
    for (off_budget, change) in [(false, -1), (true, 1)] {
        let slots = slots_of(repo, Holding::Review, off_budget).expect("a review takes something");
        *slots = slots.saturating_add_signed(change);
    }
    let holder = lease.as_ref().map(|lease| (&lease.worker_id, &lease.id));
    plan.task_event(task_id, EventKind::TaskReviewIdle, holder, json!({}));
}
