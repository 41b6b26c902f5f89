//! What would change a verdict first, as far as the clock can tell.

use super::{View, declined_until, quota_back_at, shown_at};
use crate::record::Worker;
use owp_wire::{FitCode, Timestamp};

/// A reason that ends by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nearest {
    pub code: FitCode,
    pub at: Timestamp,
}

/// When a reason against giving the task to the worker ends by itself; `None` where somebody has to act.
pub fn opens_at(code: FitCode, worker: &Worker, view: View, now: Timestamp) -> Option<Timestamp> {
    let closed_until = || view.repo.closed(now).into_iter().find(|closed| closed.code == code)?.until;
    match code {
        FitCode::RepoPaused | FitCode::QuietHours | FitCode::PrRateSpent => closed_until(),
        FitCode::ReputationWindow => Some(shown_at(worker, view, now)),
        FitCode::DeclinedRecently => declined_until(worker, view.task),
        FitCode::QuotaExhausted => quota_back_at(worker, view.task, now),
        FitCode::ReviewBudgetSpent
        | FitCode::AreaLocked
        | FitCode::ConcurrencyExceeded
        | FitCode::PointsExceeded
        | FitCode::TaskNotReady
        | FitCode::WorkerOffline
        | FitCode::WorkerPaused
        | FitCode::NotAdmitted
        | FitCode::SkillsMissing
        | FitCode::TierTooLow
        | FitCode::DependencyOpen
        | FitCode::HoldTimeSpent
        | FitCode::WindowTooShort => None,
    }
}

/// The earliest moment at which a task could come free for the worker by the clock alone: when the last of the reasons
/// against it has ended. Named after that last reason. `None` where one of them does not end by itself.
pub fn nearest_change(codes: &[FitCode], worker: &Worker, view: View, now: Timestamp) -> Option<Nearest> {
    let ends = codes.iter().map(|code| opens_at(*code, worker, view, now).map(|at| Nearest { code: *code, at }));
    ends.collect::<Option<Vec<_>>>()?.into_iter().max_by_key(|nearest| nearest.at)
}
