//! The life of a task: which moves are allowed, and what each does to budget, area and capacity.
//!
//! Every change of a task's state goes through [`move_task`], which keeps the repository's counters, the area's claim and
//! the holder's lists in step with what the states before and after take.

use crate::plan::Plan;
use crate::record::{AreaClaim, Held, Holding, Lease, Offer, Offered, Repo, Task, holding_of};
use crate::refusal::Refusal;
use crate::snapshot::{Key, Record};
use owp_wire::{RepoName, ReportedStatus, TaskAction, TaskId, TaskState, Timestamp};

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

/// The state a maintainer's action leads to. A requeued task that depends on others waits instead.
pub const fn action_state(action: TaskAction) -> TaskState {
    match action {
        TaskAction::Cancel => TaskState::Cancelled,
        TaskAction::Requeue => TaskState::Ready,
        TaskAction::RequestChanges => TaskState::ChangesRequested,
        TaskAction::Merge => TaskState::Merged,
        TaskAction::Close | TaskAction::Revert => TaskState::Closed,
    }
}

/// What a maintainer may do with a task.
pub const fn actions_allowed(from: TaskState) -> &'static [TaskAction] {
    use TaskAction::{Cancel, Close, Merge, RequestChanges, Requeue, Revert};
    match from {
        TaskState::Waiting | TaskState::Ready => &[Cancel],
        TaskState::Offered
        | TaskState::Leased
        | TaskState::InProgress
        | TaskState::Blocked
        | TaskState::Failed
        | TaskState::NeedsInfo => &[Requeue, Cancel],
        TaskState::PrOpened => &[RequestChanges, Merge, Close, Requeue, Cancel],
        TaskState::ChangesRequested => &[Merge, Close, Requeue, Cancel],
        TaskState::Closed | TaskState::Cancelled => &[Requeue],
        TaskState::Merged => &[Revert],
    }
}

pub fn check_action(from: TaskState, action: TaskAction) -> Result<(), Refusal> {
    let allowed = actions_allowed(from);
    if allowed.contains(&action) {
        return Ok(());
    }
    let to = action_state(action);
    let states = allowed.iter().map(|action| action_state(*action));
    Err(Refusal::TransitionNotAllowed { from, to, allowed: states.filter(|state| *state != to).collect() })
}

pub fn check_report(from: TaskState, to: TaskState) -> Result<(), Refusal> {
    let allowed = reports_allowed(from);
    if allowed.contains(&to) {
        return Ok(());
    }
    Err(Refusal::TransitionNotAllowed { from, to, allowed: allowed.to_vec() })
}

/// Where a task goes that nobody holds any more and that others may do.
pub fn free_state(task: &Task) -> TaskState {
    if task.waits_for.is_empty() { TaskState::Ready } else { TaskState::Waiting }
}

/// What moving a task touches besides its own record.
struct Surroundings {
    id: TaskId,
    repo: RepoName,
    area: Option<String>,
    lease: Option<Lease>,
    offer: Option<Offer>,
    points: u32,
    may_be_silent: bool,
    off_budget: bool,
}

/// Puts a task into another state and keeps budget, area and capacity in step.
pub fn move_task(plan: &mut Plan, task_id: &TaskId, to: TaskState) {
    let now = plan.now();
    let task = plan.task_mut(task_id);
    let (from, before, after) = (task.state, task.holding(), holding_of(to));
    if from == to {
        return;
    }
    task.spent.add(from, task.state_since, now);
    task.state = to;
    task.state_since = now;
    let around = Surroundings {
        id: task_id.clone(),
        repo: task.repo.clone(),
        area: task.spec.area.clone(),
        lease: task.lease.clone(),
        offer: task.offer.clone(),
        points: task.spec.estimate_points,
        may_be_silent: to == TaskState::ChangesRequested,
        off_budget: task.off_budget,
    };
    if after == Holding::Nothing {
        task.off_budget = false;
    }
    if before != after || from == TaskState::ChangesRequested {
        list_with_holder(plan, &around, after);
    }
    if before == after {
        return;
    }
    let repo = plan.repo_mut(&around.repo);
    if let Some(slots) = slots_of(repo, before, around.off_budget) {
        *slots -= 1;
    }
    if let Some(slots) = slots_of(repo, after, around.off_budget) {
        *slots += 1;
    }
    let look_at = Some(repo.review_look_at(now, now)).filter(|_| after == Holding::Review);
    let task = plan.task_mut(task_id);
    task.review_look_at = look_at;
    task.review_alive_at = Some(now).filter(|_| after == Holding::Review);
    if before == Holding::Nothing || after == Holding::Nothing {
        claim_area(plan, &around, after != Holding::Nothing);
    }
}

/// The counter in which a task that takes this stands.
pub fn slots_of(repo: &mut Repo, holding: Holding, off_budget: bool) -> Option<&mut u32> {
    match holding {
        Holding::Nothing => None,
        _ if off_budget => Some(&mut repo.prs_idle),
        Holding::Offer => Some(&mut repo.offers_open),
        Holding::Lease => Some(&mut repo.leases_live),
        Holding::Review => Some(&mut repo.prs_open),
    }
}

fn claim_area(plan: &mut Plan, task: &Surroundings, taken: bool) {
    let Some(area) = &task.area else { return };
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

fn list_with_holder(plan: &mut Plan, task: &Surroundings, holding: Holding) {
    let leased_to = task.lease.as_ref().map(|lease| &lease.worker_id);
    let Some(worker_id) = leased_to.or(task.offer.as_ref().map(|offer| &offer.worker_id)) else { return };
    let worker = plan.worker_mut(worker_id);
    worker.held.retain(|held| held.task_id != task.id);
    worker.offered.retain(|offered| offered.task_id != task.id);
    worker.in_review.retain(|reviewed| *reviewed != task.id);
    match (holding, &task.lease, &task.offer) {
        (Holding::Offer, _, Some(offer)) => {
            worker.offered.push(Offered { task_id: task.id.clone(), offer_id: offer.id.clone(), points: task.points });
        }
        (Holding::Lease, Some(lease), _) => worker.held.push(Held {
            task_id: task.id.clone(),
            lease_id: lease.id.clone(),
            points: task.points,
            may_be_silent: task.may_be_silent,
        }),
        (Holding::Review, Some(_), _) => worker.in_review.push(task.id.clone()),
        _ => {}
    }
}

/// The holder goes on with a parked task, so its quota is back. Answers with the lease's end where it was parked.
pub fn resume(plan: &mut Plan, task_id: &TaskId) -> Option<Timestamp> {
    let (now, ends_at) = (plan.now(), unpark(plan, task_id)?);
    let holder = plan.task(task_id)?.lease.as_ref()?.worker_id.clone();
    let availability = &mut plan.worker_mut(&holder).availability;
    availability.quota_resets_at = availability.quota_resets_at.filter(|at| *at <= now);
    Some(ends_at)
}

/// What was left of the time for which a task was parked counts again, and the holder's silence too. Whether its quota is
/// back is another matter: somebody else may have ended the lease.
pub fn unpark(plan: &mut Plan, task_id: &TaskId) -> Option<Timestamp> {
    let now = plan.now();
    let task = plan.task_mut(task_id);
    let lease = task.lease.as_mut()?;
    let until = lease.parked_until.take()?;
    let left_s = until.seconds_after(now);
    move_clocks(lease, |end| end.minus_s(left_s));
    let lease = lease.clone();
    task.attempts.iter_mut().filter(|attempt| attempt.lease_id == lease.id).for_each(|attempt| {
        attempt.parked_s = attempt.parked_s.saturating_sub(left_s);
    });
    let worker = plan.worker_mut(&lease.worker_id);
    worker.held.iter_mut().filter(|held| held.task_id == *task_id).for_each(|held| held.may_be_silent = false);
    Some(lease.expires_at)
}

/// Moves every clock of a lease.
pub fn move_clocks(lease: &mut Lease, by: impl Fn(Timestamp) -> Timestamp) {
    lease.expires_at = by(lease.expires_at);
    lease.hold_until = lease.hold_until.map(&by);
    lease.on_time_until = lease.on_time_until.map(&by);
}
