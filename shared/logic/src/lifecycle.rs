//! The life of a task: which moves are allowed, and what each does to budget, area and capacity.
//!
//! Every change of a task's state goes through [`move_task`], which keeps the repository's counters, the area's claim and
//! the holder's list in step with what the states before and after take.

use crate::limits::ATTEMPTS_KEPT_MAX;
use crate::plan::Plan;
use crate::record::{AreaClaim, Attempt, EventKind, Held, Holding, Lease, Task, holding_of};
use crate::refusal::Refusal;
use crate::snapshot::{Key, Record};
use owp_wire::{AttemptOutcome, LeaseId, ReportedStatus, TaskAction, TaskId, TaskState, WorkerId};
use serde_json::{Value, json};

/// The state a report asks for.
pub fn reported_state(status: ReportedStatus) -> TaskState {
    match status {
        ReportedStatus::InProgress => TaskState::InProgress,
        ReportedStatus::Blocked => TaskState::Blocked,
        ReportedStatus::PrOpened => TaskState::PrOpened,
        ReportedStatus::Merged => TaskState::Merged,
    }
}

/// Where a holder may move its task by reporting.
pub const fn reports_allowed(from: TaskState) -> &'static [TaskState] {
    match from {
        TaskState::Leased | TaskState::InProgress | TaskState::Blocked | TaskState::ChangesRequested => {
            &[TaskState::InProgress, TaskState::Blocked, TaskState::PrOpened]
        }
        TaskState::PrOpened => &[TaskState::PrOpened, TaskState::Merged],
        _ => &[],
    }
}

/// The state a maintainer's action leads to.
pub const fn action_state(action: TaskAction) -> TaskState {
    match action {
        TaskAction::Cancel => TaskState::Cancelled,
        TaskAction::Requeue => TaskState::Ready,
        TaskAction::RequestChanges => TaskState::ChangesRequested,
        TaskAction::Merge => TaskState::Merged,
        TaskAction::Close => TaskState::Closed,
    }
}

/// Where a maintainer may move a task.
pub const fn actions_allowed(from: TaskState) -> &'static [TaskState] {
    use TaskState::{
        Blocked, Cancelled, ChangesRequested, Closed, Failed, InProgress, Leased, Merged, NeedsInfo, PrOpened, Ready,
        Waiting,
    };
    match from {
        Waiting | Ready => &[Cancelled],
        Leased | InProgress | Blocked | Failed | NeedsInfo => &[Ready, Cancelled],
        PrOpened => &[ChangesRequested, Merged, Closed, Ready, Cancelled],
        ChangesRequested => &[Merged, Closed, Ready, Cancelled],
        Closed | Cancelled => &[Ready],
        Merged => &[],
    }
}

pub fn check_transition(from: TaskState, to: TaskState, allowed: &[TaskState]) -> Result<(), Refusal> {
    if allowed.contains(&to) {
        return Ok(());
    }
    Err(Refusal::TransitionNotAllowed { from, to, allowed: allowed.to_vec() })
}

/// Gives a ready task to a worker that it fits.
pub fn give(plan: &mut Plan, worker_id: &WorkerId, task_id: &TaskId) -> LeaseId {
    let lease_id = LeaseId(plan.context.ids.fresh('l'));
    let (now, ttl) = (plan.now(), plan.rules().lease_ttl_s);
    let lease =
        Lease { id: lease_id.clone(), worker_id: worker_id.clone(), granted_at: now, expires_at: now.plus_s(ttl) };
    let task = plan.task_mut(task_id);
    task.lease = Some(lease.clone());
    task.message = None;
    task.attempts.push(Attempt {
        worker_id: worker_id.clone(),
        lease_id: lease_id.clone(),
        started_at: now,
        ended_at: None,
        outcome: None,
        reason: None,
        branch: None,
        notes: None,
    });
    if task.attempts.len() > ATTEMPTS_KEPT_MAX {
        task.attempts.remove(0);
    }
    let (repo, points) = (task.repo.clone(), task.spec.estimate_points);
    move_task(plan, task_id, TaskState::Leased);
    plan.repo_mut(&repo).last_granted_at = now;
    let details = json!({ "expires_at": lease.expires_at, "points": points });
    plan.task_event(task_id, EventKind::TaskAssigned, Some((worker_id, &lease_id)), details);
    lease_id
}

/// Ends a lease that came to nothing: the task is ready for others, or has failed where it is out of attempts.
pub fn end_lease(plan: &mut Plan, task_id: &TaskId, outcome: AttemptOutcome, reason: Option<&str>) -> TaskState {
    let task = plan.task_mut(task_id);
    task.attempts_used += 1;
    let spent = task.attempts_used >= task.spec.attempts_max;
    let (to, kind) =
        if spent { (TaskState::Failed, EventKind::TaskFailed) } else { (TaskState::Ready, EventKind::TaskRequeued) };
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
    move_task(plan, task_id, to);
    let now = plan.now();
    let task = plan.task_mut(task_id);
    let lease = task.lease.take();
    let (branch, notes) = (task.branch.clone(), task.notes.clone());
    if let Some(attempt) = task.attempts.last_mut().filter(|_| lease.is_some()) {
        attempt.ended_at = Some(now);
        attempt.outcome = Some(outcome);
        attempt.reason = reason.map(str::to_owned);
        attempt.branch = branch;
        attempt.notes = notes;
    }
    let holder = lease.as_ref().map(|lease| (&lease.worker_id, &lease.id));
    let details: Value = json!({ "outcome": holder.map(|_| outcome), "reason": reason });
    plan.task_event(task_id, kind, holder, details);
}

/// Puts a task into another state and keeps budget, area and capacity in step.
pub fn move_task(plan: &mut Plan, task_id: &TaskId, to: TaskState) {
    let now = plan.now();
    let task = plan.task_mut(task_id);
    let (from, before, after) = (task.state, task.holding(), holding_of(to));
    if from == to {
        return;
    }
    task.state = to;
    task.state_since = now;
    let task = task.clone();
    if before != after || from == TaskState::ChangesRequested {
        list_with_holder(plan, &task, after);
    }
    if before == after {
        return;
    }
    let repo = plan.repo_mut(&task.repo);
    match before {
        Holding::Lease => repo.leases_live -= 1,
        Holding::Review => repo.prs_open -= 1,
        Holding::Nothing => {}
    }
    match after {
        Holding::Lease => repo.leases_live += 1,
        Holding::Review => repo.prs_open += 1,
        Holding::Nothing => {}
    }
    if before == Holding::Nothing || after == Holding::Nothing {
        claim_area(plan, &task, after != Holding::Nothing);
    }
}

fn claim_area(plan: &mut Plan, task: &Task, taken: bool) {
    let Some(area) = &task.spec.area else { return };
    let key = Key::Area(task.repo.clone(), area.clone());
    let mut claim = plan.area(&task.repo, area).cloned().unwrap_or_else(|| AreaClaim {
        repo: task.repo.clone(),
        area: area.clone(),
        tasks: Vec::new(),
    });
    claim.tasks.retain(|held| *held != task.id);
    if taken {
        claim.tasks.push(task.id.clone());
    }
    if claim.tasks.is_empty() {
        plan.delete(key);
    } else {
        plan.put(Record::Area(claim));
    }
}

fn list_with_holder(plan: &mut Plan, task: &Task, holding: Holding) {
    let Some(lease) = &task.lease else { return };
    let worker = plan.worker_mut(&lease.worker_id);
    worker.held.retain(|held| held.task_id != task.id);
    worker.in_review.retain(|reviewed| *reviewed != task.id);
    match holding {
        Holding::Lease => worker.held.push(Held {
            task_id: task.id.clone(),
            lease_id: lease.id.clone(),
            points: task.spec.estimate_points,
            response_due: task.state == TaskState::ChangesRequested,
        }),
        Holding::Review => worker.in_review.push(task.id.clone()),
        Holding::Nothing => {}
    }
}
