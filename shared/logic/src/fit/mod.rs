//! Whether a task fits a worker, and every reason why not.

mod nearest;
mod remedy;
mod seeker;

pub use nearest::{Nearest, nearest_change};
pub use remedy::remedy;
pub use seeker::{Prospect, Seeker};

use crate::assignment::hold_left_s;
use crate::limits::{DECLINED_FOR_S, HOLD_LEFT_MIN_S};
use crate::plan::Plan;
use crate::record::{Admission, AreaClaim, Repo, Task, Worker};
use crate::rules::{Rules, task_tier_max};
use owp_wire::{AttemptOutcome, FitCode, TaskId, TaskState, Timestamp, WorkerStatus};

/// A task with what decides whether it can be given.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    pub task: &'a Task,
    pub repo: &'a Repo,
    pub claim: Option<&'a AreaClaim>,
    pub admission: Option<&'a Admission>,
}

impl<'a> View<'a> {
    /// As a plan has it, without relying on it; `None` where it is out of scope.
    pub fn peek(plan: &'a Plan, task_id: &TaskId) -> Option<Self> {
        let task = plan.peek_task(task_id)?;
        let repo = plan.peek_repo(&task.repo)?;
        let claim = task.spec.area.as_ref().and_then(|area| plan.peek_area(&task.repo, area));
        let admission = repo.has_lists.then(|| plan.peek_admission(&task.repo)).flatten();
        Some(Self { task, repo, claim, admission })
    }
}

/// What keeps a ready task from everybody.
pub fn closed_to_all(view: View, now: Timestamp) -> Vec<FitCode> {
    let View { task, repo, claim, .. } = view;
    let locked = claim.is_some_and(|claim| claim.locks(repo));
    let mut found = codes([
        (task.state == TaskState::Waiting, FitCode::DependencyOpen),
        (!matches!(task.state, TaskState::Ready | TaskState::Waiting), FitCode::TaskNotReady),
    ]);
    found.extend(repo.closed(now).into_iter().map(|closed| closed.code));
    found.extend(codes([
        (repo.slots_free_for(task.spec.security) == 0, FitCode::ReviewBudgetSpent),
        (locked, FitCode::AreaLocked),
    ]));
    found
}

/// What keeps a task from this worker, whatever the state of its repository.
pub fn unfit_for(worker: &Worker, view: View, rules: &Rules, now: Timestamp) -> Vec<FitCode> {
    let View { task, repo, admission, .. } = view;
    let spec = &task.spec;
    let expected_s = repo.expected_s(spec.estimate_points, rules);
    let hold_left_s = hold_left_s(task, &worker.id, rules, now);
    codes([
        (!worker.is_online(rules, now), FitCode::WorkerOffline),
        (worker.status == WorkerStatus::Paused, FitCode::WorkerPaused),
        (!is_admitted(worker, repo, admission), FitCode::NotAdmitted),
        (!worker.has_skills(&spec.required_skills), FitCode::SkillsMissing),
        (spec.tier.max(tier_asked(repo)) > task_tier_max(worker.trust_tier), FitCode::TierTooLow),
        (spec.estimate_points > worker.points_free(), FitCode::PointsExceeded),
        (!worker.has_room_for_another_task(), FitCode::ConcurrencyExceeded),
        (now < shown_at(worker, view, now), FitCode::ReputationWindow),
        (declined_until(worker, task).is_some_and(|until| now < until), FitCode::DeclinedRecently),
        (hold_left_s < HOLD_LEFT_MIN_S.min(rules.lease_hold_max_s()), FitCode::HoldTimeSpent),
        (worker.availability.until.is_some_and(|until| now.plus_s(expected_s) > until), FitCode::WindowTooShort),
        (quota_back_at(worker, task, now).is_some(), FitCode::QuotaExhausted),
    ])
}

/// Whether the repository's lists let the worker in. A denied handle is enough to stay out; only a verified one gets in.
pub fn is_admitted(worker: &Worker, repo: &Repo, admission: Option<&Admission>) -> bool {
    let handle = worker.github_handle.as_deref();
    let denied = handle.zip(admission).is_some_and(|(handle, lists)| lists.denies(handle));
    let verified = handle.filter(|_| worker.handle_verified);
    let allowed = verified.zip(admission).is_some_and(|(handle, lists)| lists.allows(handle));
    !denied && (allowed || !repo.policy.allow_listed_only)
}

/// The task tier that stands for the trust which the repository asks of everybody.
pub fn tier_asked(repo: &Repo) -> u32 {
    task_tier_max(repo.policy.trust_tier_min)
}

/// When the task is shown to the worker, by its reputation.
fn shown_at(worker: &Worker, view: View, now: Timestamp) -> Timestamp {
    let window = &view.repo.policy.reputation;
    if window.bar == 0 || window.window_s == 0 {
        return view.task.ready_at;
    }
    window.shown_at(worker.track.score(now), view.task.spec.priority, view.task.ready_at)
}

/// Until when a task is not given again to a worker that handed it back or declined it.
fn declined_until(worker: &Worker, task: &Task) -> Option<Timestamp> {
    let last = task.attempts.iter().rev().find(|attempt| attempt.worker_id == worker.id);
    let released = last.filter(|last| last.outcome == Some(AttemptOutcome::Released)).and_then(|last| last.ended_at);
    let declined = task.declines.iter().rev().find(|decline| decline.worker_id == worker.id).map(|decline| decline.at);
    released.max(declined).map(|at| at.plus_s(DECLINED_FOR_S))
}

/// When the worker has quota for the task again; `None` where it has now.
fn quota_back_at(worker: &Worker, task: &Task, now: Timestamp) -> Option<Timestamp> {
    let day_spent = task.spec.estimate_points > worker.points_left_today(now);
    worker.quota_spent_until(now).max(day_spent.then(|| Worker::next_day(now)))
}

fn codes<const N: usize>(checks: [(bool, FitCode); N]) -> Vec<FitCode> {
    checks.into_iter().filter_map(|(holds, code)| holds.then_some(code)).collect()
}
