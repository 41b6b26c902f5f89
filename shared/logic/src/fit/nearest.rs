//! What would change a verdict first, as far as the clock can tell.

use super::{View, closed_to_all, declined_until, quota_back_at, shown_at, unfit_for};
use crate::record::Worker;
use crate::rules::Rules;
use owp_wire::{FitCode, Timestamp};

/// A reason that ends by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nearest {
    pub code: FitCode,
    pub at: Timestamp,
}

/// Moments looked at, one after the other: where one reason ends another may have begun, as a pause that ends in quiet
/// hours. What is not free after so many is not foretold.
const MOMENTS_MAX: usize = 8;

/// When a reason against giving the task to the worker ends by itself; `None` where somebody has to act.
fn opens_at(code: FitCode, worker: &Worker, view: View, now: Timestamp) -> Option<Timestamp> {
    let closed_until = || view.repo.closed(now).into_iter().find(|closed| closed.code == code)?.until;
    match code {
        FitCode::RepoPaused | FitCode::QuietHours | FitCode::PrRateSpent => closed_until(),
        FitCode::ReputationWindow => Some(shown_at(worker, view, now)),
        FitCode::DeclinedRecently => declined_until(worker, view.task),
        // More points than the worker takes on any day are too many tomorrow, too.
        FitCode::QuotaExhausted => {
            let points_max = worker.availability.points_per_day.unwrap_or(u32::MAX);
            quota_back_at(worker, view.task, now).filter(|_| view.task.spec.estimate_points <= points_max)
        }
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

/// The first moment at which nothing speaks against giving the task to the worker, by the clock alone: it goes on calling,
/// and nobody does anything else. Named after the last reason that ends. `None` where a reason does not end by itself, or
/// there is none now.
pub fn nearest_change(worker: &Worker, view: View, rules: &Rules, now: Timestamp) -> Option<Nearest> {
    let mut worker = worker.clone();
    let is_online = worker.is_online(rules, now);
    let offers_end = now.plus_s(rules.offer_ttl_s);
    let (mut at, mut last) = (now, None);
    for _ in 0..MOMENTS_MAX {
        if is_online {
            worker.last_seen_at = worker.last_seen_at.max(at);
        }
        if at >= offers_end {
            worker.offered.clear();
        }
        let mut codes = unfit_for(&worker, view, rules, at);
        let for_its_offers = codes_for_offers(&codes, &worker, view, rules, at);
        codes.extend(closed_to_all(view, at));
        let ends_at = |code: FitCode| {
            if for_its_offers.contains(&code) { Some(offers_end) } else { opens_at(code, &worker, view, at) }
        };
        let ends = codes.iter().map(|code| ends_at(*code).map(|at| Nearest { code: *code, at }));
        let Some(next) = ends.collect::<Option<Vec<_>>>()?.into_iter().max_by_key(|nearest| nearest.at) else {
            return last;
        };
        (at, last) = (next.at, Some(next));
    }
    None
}

/// Those that stand only because the worker is offered something. By when its offers end is all that its record tells.
fn codes_for_offers(codes: &[FitCode], worker: &Worker, view: View, rules: &Rules, at: Timestamp) -> Vec<FitCode> {
    if worker.offered.is_empty() {
        return Vec::new();
    }
    let free = Worker { offered: Vec::new(), ..worker.clone() };
    let others = unfit_for(&free, view, rules, at);
    codes.iter().copied().filter(|code| !others.contains(code)).collect()
}
