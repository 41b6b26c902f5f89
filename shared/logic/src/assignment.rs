//! How a ready task comes to a worker: given, or offered and accepted; and how an offer comes to nothing.

use crate::lifecycle::{free_state, move_task};
use crate::limits::{ATTEMPTS_KEPT_MAX, DECLINES_KEPT_MAX, UNCLEAR_MAX};
use crate::plan::Plan;
use crate::record::{Attempt, Decline, EventKind, Lease, Offer, Task};
use crate::rules::Rules;
use owp_wire::{AttemptOutcome, LeaseId, OfferId, RejectReason, ReleaseReason, TaskId, TaskState, Timestamp, WorkerId};
use serde_json::json;
use std::collections::BTreeSet;

/// Between the reason and the releaser's own words, in what is kept of an attempt.
pub const REASON_ENDS: &str = ": ";

/// Gives a ready task to a worker that it fits. The rival is the service of the repository that would have been next.
pub fn give(plan: &mut Plan, worker_id: &WorkerId, task_id: &TaskId, rival: Option<u64>) {
    lease(plan, worker_id, task_id, None);
    charge_repo(plan, task_id, rival);
}

/// Offers a ready task to a worker that it fits; budget, area and capacity are held as for a lease. An offer ends with its
/// time, or when quiet hours begin.
pub fn offer(plan: &mut Plan, worker_id: &WorkerId, task_id: &TaskId, rival: Option<u64>) {
    let (now, ttl) = (plan.now(), plan.rules().offer_ttl_s);
    let name = plan.task_mut(task_id).repo.clone();
    // The repository is open, so what the clock does next is to close it; no work is begun then.
    let closes_at = plan.repo(&name).and_then(|repo| repo.gate_at(now).changes_at);
    let offer = Offer {
        id: OfferId(plan.context.ids.fresh('o')),
        worker_id: worker_id.clone(),
        offered_at: now,
        expires_at: closes_at.into_iter().fold(now.plus_s(ttl), Timestamp::min),
    };
    let details = json!({ "offer_id": offer.id, "expires_at": offer.expires_at });
    plan.task_mut(task_id).offer = Some(offer);
    move_task(plan, task_id, TaskState::Offered);
    charge_repo(plan, task_id, rival);
    plan.offer_event(task_id, EventKind::TaskOffered, worker_id, details);
}

/// Makes a live offer a lease. Budget and fairness were charged when it was offered.
pub fn accept(plan: &mut Plan, task_id: &TaskId) {
    let offer = plan.task_mut(task_id).offer.take().expect("it is offered");
    lease(plan, &offer.worker_id, task_id, Some(&offer.id));
}

fn charge_repo(plan: &mut Plan, task_id: &TaskId, rival: Option<u64>) {
    let now = plan.now();
    let task = plan.task(task_id).expect("it was just given");
    let (name, points) = (task.repo.clone(), task.spec.estimate_points);
    let repo = plan.repo_mut(&name);
    repo.serve(points, rival);
    repo.count_towards_rate(now);
}

fn lease(plan: &mut Plan, worker_id: &WorkerId, task_id: &TaskId, offer_id: Option<&OfferId>) {
    let id = LeaseId(plan.context.ids.fresh('l'));
    let (now, rules) = (plan.now(), plan.rules());
    let task = plan.task_mut(task_id);
    let hold_until = now.plus_s(hold_left_s(task, worker_id, rules, now));
    let ends = now.plus_s(rules.lease_ttl_s);
    let lease = Lease {
        id: id.clone(),
        worker_id: worker_id.clone(),
        granted_at: now,
        expires_at: ends.min(hold_until),
        hold_until: Some(hold_until),
        on_time_until: Some(ends),
        offer_id: offer_id.cloned(),
        parked_until: None,
        was_parked: false,
    };
    task.lease = Some(lease.clone());
    task.message = None;
    task.attempts.push(Attempt {
        worker_id: worker_id.clone(),
        lease_id: id.clone(),
        started_at: now,
        pr_opened_at: None,
        on_time: None,
        change_rounds: 0,
        parked_s: 0,
        rating: None,
        ended_at: None,
        outcome: None,
        reason: None,
        branch: None,
        notes: None,
        delivery: None,
    });
    if task.attempts.len() > ATTEMPTS_KEPT_MAX {
        task.attempts.remove(0);
    }
    let points = task.spec.estimate_points;
    move_task(plan, task_id, TaskState::Leased);
    plan.worker_mut(worker_id).day.add(now, points);
    let details = json!({ "expires_at": lease.expires_at, "points": points, "offer_id": offer_id });
    plan.task_event(task_id, EventKind::TaskAssigned, Some((worker_id, &id)), details);
}

/// How long a worker may still hold a task, earlier attempts counted.
pub fn hold_left_s(task: &Task, worker_id: &WorkerId, rules: &Rules, now: Timestamp) -> u32 {
    let used_s = u32::try_from(task.held_ms_by(worker_id, now) / 1000).unwrap_or(u32::MAX);
    rules.lease_hold_max_s().saturating_sub(used_s)
}

/// How an offer came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declined {
    /// The worker said so.
    Rejected(RejectReason),
    Unanswered,
    /// The worker may not have it any more.
    Withdrawn,
}

/// Ends an offer: the task is free for others, or waits for the maintainer where enough workers found it unclear.
pub fn decline(plan: &mut Plan, task_id: &TaskId, how: Declined, message: Option<&str>) -> TaskState {
    let now = plan.now();
    let task = plan.task_mut(task_id);
    let offer = task.offer.clone().expect("it is offered");
    let (reason, said) = match how {
        Declined::Rejected(reason) => (Some(reason), reason.to_string()),
        Declined::Unanswered => (None, "unanswered".to_owned()),
        Declined::Withdrawn => (None, "withdrawn".to_owned()),
    };
    let unclear = reason == Some(RejectReason::UnclearRequirements) && is_unclear_to_enough(task, &offer.worker_id);
    let to = if unclear { TaskState::NeedsInfo } else { free_state(task) };
    if how != Declined::Withdrawn {
        // However late it is settled, an offer that nobody answered was declined when it ended.
        let at = if how == Declined::Unanswered { offer.expires_at } else { now };
        task.declines.push(Decline { worker_id: offer.worker_id.clone(), at, reason });
        if task.declines.len() > DECLINES_KEPT_MAX {
            task.declines.remove(0);
        }
    }
    let repo = task.repo.clone();
    move_task(plan, task_id, to);
    plan.task_mut(task_id).offer = None;
    plan.repo_mut(&repo).uncount_from_rate(offer.offered_at, now);
    let kind = if unclear { EventKind::TaskNeedsInfo } else { EventKind::TaskDeclined };
    let details = json!({ "offer_id": offer.id, "reason": said, "message": message, "state": to });
    plan.offer_event(task_id, kind, &offer.worker_id, details);
    to
}

/// Whether this worker and others before it, since a maintainer last looked at the task or changed its text, are as many as
/// it takes to call its text unclear.
pub fn is_unclear_to_enough(task: &Task, worker_id: &WorkerId) -> bool {
    let code = ReleaseReason::UnclearRequirements.to_string();
    let said_unclear = |reason: &String| reason.split(REASON_ENDS).next() == Some(code.as_str());
    let of_this_text = |at: Timestamp| task.text_changed_at.is_none_or(|changed_at| at >= changed_at);
    // What a maintainer took back used up no attempt, so it is not among those that did.
    let used = |attempt: &&Attempt| attempt.outcome.is_some_and(|outcome| outcome != AttemptOutcome::TakenBack);
    let ended = task.attempts.iter().rev().filter(used);
    let released = ended.take(task.attempts_used as usize).filter(|attempt| {
        attempt.outcome == Some(AttemptOutcome::Released)
            && attempt.reason.as_ref().is_some_and(said_unclear)
            && attempt.ended_at.is_some_and(of_this_text)
    });
    let declined = task
        .declines
        .iter()
        .filter(|decline| decline.reason == Some(RejectReason::UnclearRequirements) && of_this_text(decline.at));
    let mut workers: BTreeSet<&WorkerId> = released.map(|attempt| &attempt.worker_id).collect();
    workers.extend(declined.map(|decline| &decline.worker_id));
    workers.insert(worker_id);
    workers.len() >= UNCLEAR_MAX
}
