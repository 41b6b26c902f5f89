//! What each reason means to whoever asks.

use owp_wire::FitCode;

/// What would change it, said to whoever asks.
pub fn remedy(code: FitCode) -> &'static str {
    match code {
        FitCode::WorkerOffline => {
            "the worker has not been heard of lately; a heartbeat or any other call brings it back"
        }
        FitCode::WorkerPaused => "the worker is paused; a heartbeat with status idle or working resumes it",
        FitCode::RepoPaused => "a maintainer has paused the repository",
        FitCode::QuietHours => "the repository starts no new work at this time of day",
        FitCode::PrRateSpent => {
            "the repository has given an hour's worth of tasks, as its maintainers set; the next one follows by itself"
        }
        FitCode::NotAdmitted => {
            "the repository's maintainers admit workers by GitHub handle, and this one is denied or not on their list with a verified handle"
        }
        FitCode::ReviewBudgetSpent => {
            "the repository has as many tasks out or in review as its maintainers can review; a merged or closed pull request makes room"
        }
        FitCode::AreaLocked => {
            "somebody works on this area of the repository; it is free again when that pull request is merged or closed"
        }
        FitCode::SkillsMissing => "the task requires skills that the worker did not name when it registered",
        FitCode::TierTooLow => "the task or its repository is for workers of a higher trust tier",
        FitCode::PointsExceeded => "the estimate is more than the points the worker has free",
        FitCode::ConcurrencyExceeded => {
            "the worker holds or is offered as many tasks as it may, or has too many in review"
        }
        FitCode::DependencyOpen => "the task waits for others to be merged",
        FitCode::ReputationWindow => {
            "the task is shown to workers of higher reputation first; the bar falls while it waits"
        }
        FitCode::DeclinedRecently => "the worker handed this task back or declined it within the last hour",
        FitCode::HoldTimeSpent => "the worker has held this task for as long as one worker may; it is for others now",
        FitCode::WindowTooShort => "the task is likely to take longer than the worker said it has time",
        FitCode::QuotaExhausted => "the worker's quota, or its points for this day, are spent",
        FitCode::TaskNotReady => "the task is not ready to be given",
    }
}
