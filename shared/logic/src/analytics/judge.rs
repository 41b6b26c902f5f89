//! What the numbers say: shares, the forecast, and where it sticks.

use super::{DAY_MS, Durations, Figures};

/// A bottleneck is named only from so many on: two slow tasks are no pattern.
const SAMPLE_MIN: u64 = 5;

/// Where one part takes at least half of the time, it is what holds the rest up.
const HALF: f64 = 0.5;

/// A tenth of all leases coming to nothing is the most that the pool set out to allow.
const EXPIRED_MAX: f64 = 0.1;

/// The rate of the last four weeks, so that each weekday counts the same.
pub const FORECAST_DAYS: u32 = 28;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    /// Busy among online time.
    pub worker_utilization: Option<f64>,
    /// Merged among merged and closed.
    pub pr_merge_rate: Option<f64>,
    /// Expired among granted.
    pub lease_expiry_rate: Option<f64>,
    /// Came to nothing among granted.
    pub requeue_rate: Option<f64>,
    /// Of the time that has passed, how much every slot was taken.
    pub throttled_share: Option<f64>,
    pub bottlenecks: Vec<&'static str>,
}

/// When what is unfinished will be finished at the present rate.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    pub unfinished: u64,
    /// Merged a day.
    pub rate: f64,
    /// None where nothing moves.
    pub days: Option<f64>,
}

/// What `figures` of `passed_ms` say. `repos` are as many as were counted together.
pub fn judge(figures: &Figures, passed_ms: i64, repos: u64) -> Verdict {
    let time = u64::try_from(passed_ms).unwrap_or_default().saturating_mul(repos);
    let verdict = Verdict {
        worker_utilization: share(figures.busy_ms.min(figures.online_ms), figures.online_ms),
        pr_merge_rate: share(figures.merged, figures.merged + figures.closed),
        lease_expiry_rate: share(figures.leases_expired, figures.leases_granted),
        requeue_rate: share(figures.requeued, figures.leases_granted),
        throttled_share: share(figures.full_ms.min(time), time),
        bottlenecks: Vec::new(),
    };
    Verdict { bottlenecks: bottlenecks(figures, &verdict), ..verdict }
}

fn bottlenecks(figures: &Figures, verdict: &Verdict) -> Vec<&'static str> {
    let enough = figures.lead.count >= SAMPLE_MIN;
    let part = |part: &Durations| share(part.sum_ms, figures.lead.sum_ms).unwrap_or_default();
    let throttled = verdict.throttled_share.is_some_and(|share| share >= HALF);
    let rework = share(figures.changes_requested, figures.prs_opened).unwrap_or_default();
    let expired = verdict.lease_expiry_rate.unwrap_or_default();
    let found = [
        ("review_budget", throttled),
        ("code_review", enough && part(&figures.review) >= HALF),
        ("worker_supply", enough && !throttled && part(&figures.wait) >= HALF),
        ("work", enough && part(&figures.work) >= HALF),
        ("rework", figures.prs_opened >= SAMPLE_MIN && rework >= HALF),
        ("lease_expiry", figures.leases_granted >= SAMPLE_MIN && expired >= EXPIRED_MAX),
    ];
    found.into_iter().filter(|(_, holds)| *holds).map(|(name, _)| name).collect()
}

/// Of tasks merged over so many days.
pub fn forecast(unfinished: u64, merged: u64, days: u32) -> Forecast {
    let rate = ratio(merged, u64::from(days.max(1)));
    let days = if unfinished == 0 { Some(0.0) } else { (merged > 0).then(|| ratio(unfinished, 1) / rate) };
    Forecast { unfinished, rate, days }
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| ratio(part, whole))
}

#[allow(clippy::cast_precision_loss, reason = "counts and milliseconds of centuries are exact below 2^53")]
fn ratio(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}

/// How much of a stretch of days has passed, in milliseconds.
pub fn passed_ms(first_day: i64, last_day: i64, now_ms: i64) -> i64 {
    ((last_day + 1) * DAY_MS).min(now_ms) - first_day * DAY_MS
}
