//! Whether a task fits a worker, and every reason why not.

use crate::limits::DECLINED_FOR_S;
use crate::record::{AreaClaim, Repo, Task, Worker};
use crate::rules::{Rules, task_tier_max};
use owp_wire::{AttemptOutcome, FitCode, TaskState, Timestamp, WorkerStatus};

/// What keeps a ready task from everybody.
pub fn closed_to_all(task: &Task, repo: &Repo, claim: Option<&AreaClaim>) -> Vec<FitCode> {
    let locked = claim.is_some_and(|claim| claim.locks(repo));
    codes([
        (task.state != TaskState::Ready, FitCode::TaskNotReady),
        (repo.paused, FitCode::RepoPaused),
        (repo.slots_free() == 0, FitCode::ReviewBudgetSpent),
        (locked, FitCode::AreaLocked),
    ])
}

/// What keeps a task from this worker, whatever the state of its repository.
pub fn unfit_for(worker: &Worker, task: &Task, rules: &Rules, now: Timestamp) -> Vec<FitCode> {
    codes([
        (!worker.is_online(rules, now), FitCode::WorkerOffline),
        (worker.status == WorkerStatus::Paused, FitCode::WorkerPaused),
        (!worker.has_skills(&task.spec.required_skills), FitCode::SkillsMissing),
        (task.spec.tier > task_tier_max(worker.trust_tier), FitCode::TierTooLow),
        (task.spec.estimate_points > worker.points_free(), FitCode::PointsExceeded),
        (!worker.has_room_for_another_task(), FitCode::ConcurrencyExceeded),
        (declined_until(worker, task).is_some_and(|until| now < until), FitCode::DeclinedRecently),
    ])
}

/// Until when a task is not given again to a worker that handed it back.
fn declined_until(worker: &Worker, task: &Task) -> Option<Timestamp> {
    let last = task.attempts.iter().rev().find(|attempt| attempt.worker_id == worker.id)?;
    let released = last.outcome == Some(AttemptOutcome::Released);
    last.ended_at.filter(|_| released).map(|ended| ended.plus_s(DECLINED_FOR_S))
}

fn codes<const N: usize>(checks: [(bool, FitCode); N]) -> Vec<FitCode> {
    checks.into_iter().filter_map(|(holds, code)| holds.then_some(code)).collect()
}

/// What would change it, said to whoever asks.
pub fn remedy(code: FitCode) -> &'static str {
    match code {
        FitCode::WorkerOffline => {
            "the worker has not been heard of lately; a heartbeat or any other call brings it back"
        }
        FitCode::WorkerPaused => "the worker is paused; a heartbeat with status idle or working resumes it",
        FitCode::RepoPaused => "a maintainer has paused the repository",
        FitCode::ReviewBudgetSpent => {
            "the repository has as many tasks out or in review as its maintainers can review; a merged or closed pull request makes room"
        }
        FitCode::AreaLocked => {
            "somebody works on this area of the repository; it is free again when that pull request is merged or closed"
        }
        FitCode::SkillsMissing => "the task requires skills that the worker did not name when it registered",
        FitCode::TierTooLow => "the task is for workers of a higher trust tier",
        FitCode::PointsExceeded => "the estimate is more than the points the worker has free",
        FitCode::ConcurrencyExceeded => "the worker holds as many tasks as it may, or has too many in review",
        FitCode::DependencyOpen => "the task waits for others to be merged",
        FitCode::ReputationWindow => "the task is shown to workers of higher reputation first",
        FitCode::DeclinedRecently => "the worker handed this task back within the last hour",
        FitCode::WindowTooShort => "the task would not be finished in the time the worker has",
        FitCode::QuotaExhausted => "the worker's quota is spent",
        FitCode::TaskNotReady => "the task is not ready to be given",
    }
}
