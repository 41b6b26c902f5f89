//! What a maintainer says about a repository beyond its budget: who may work on it, when, and in which order.

use owp_wire::{Timestamp, TrustTier, Weekday};
use serde::{Deserialize, Serialize};

/// The settings that few repositories change; the defaults restrict nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RepoPolicy {
    /// Share of the workers among repositories that compete for them.
    pub weight: u32,
    pub trust_tier_min: TrustTier,
    /// Only workers whose verified handle is on the allow-list.
    pub allow_listed_only: bool,
    /// Slots beyond the budget, for tasks marked `security`.
    pub security_extra_slots: u32,
    /// Tasks given in an hour; 0 sets no limit.
    pub prs_per_hour_max: u32,
    pub quiet_hours: Vec<QuietHours>,
    /// After so many days without a sign of life a pull request takes no slot any more; 0 means never.
    pub review_idle_days: u32,
    pub reputation: ReputationWindow,
}

impl Default for RepoPolicy {
    fn default() -> Self {
        Self {
            weight: 10,
            trust_tier_min: TrustTier::Untrusted,
            allow_listed_only: false,
            security_extra_slots: 0,
            prs_per_hour_max: 0,
            quiet_hours: Vec::new(),
            review_idle_days: 0,
            reputation: ReputationWindow::default(),
        }
    }
}

impl RepoPolicy {
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Who sees a task first: those whose score passes a bar that falls to zero while the task waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReputationWindow {
    /// The score that sees a new task at once; 0 shows tasks to all at once.
    pub bar: u32,
    /// In so many seconds the bar falls to zero.
    pub window_s: u32,
    /// Tasks of lower priority are shown to all at once.
    pub priority_min: u32,
}

impl Default for ReputationWindow {
    fn default() -> Self {
        Self { bar: 0, window_s: 3600, priority_min: 50 }
    }
}

impl ReputationWindow {
    /// When a task that became ready then is shown to a worker with this score.
    ///
    /// The bar is `bar · (1 − age / window)`, so a score is reached at `age = window · (1 − score / bar)`.
    pub fn shown_at(&self, score: f64, priority: u32, ready_at: Timestamp) -> Timestamp {
        let bar = f64::from(self.bar);
        if priority < self.priority_min || score >= bar {
            return ready_at;
        }
        let wait_s = f64::from(self.window_s) * (1.0 - score / bar);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the window")]
        ready_at.plus_s(wait_s.ceil() as u32)
    }

    /// Whether some tasks may be hidden from a worker with this score.
    pub fn hides_from(&self, score: f64) -> bool {
        self.window_s > 0 && score < f64::from(self.bar)
    }
}

/// A time of day in UTC, every day or on some, at which no new work starts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietHours {
    /// The days on which it begins; none means every day.
    pub days: Vec<Weekday>,
    /// Minutes after midnight.
    pub from_minute: u32,
    /// Minutes after midnight; of the next day where it is not after `from_minute`.
    pub to_minute: u32,
}

const MINUTE_MS: i64 = 60_000;
const DAY_MINUTES: i64 = 24 * 60;

/// How far ahead quiet hours are looked at. They repeat each week, so what is quiet for longer is quiet for ever.
const LOOK_AHEAD_DAYS: i64 = 8;

/// Whether it is quiet, and when that changes; `None` where it never does.
pub fn quiet_at(hours: &[QuietHours], now: Timestamp) -> (bool, Option<Timestamp>) {
    let now_minute = now.as_millis().div_euclid(MINUTE_MS);
    let today = now_minute.div_euclid(DAY_MINUTES);
    let mut spans: Vec<(i64, i64)> = hours
        .iter()
        .flat_map(|quiet| (today - 1..=today + LOOK_AHEAD_DAYS).filter_map(|day| quiet.span_on(day)))
        .collect();
    spans.sort_unstable();
    let at = |minute: i64| Some(Timestamp::from_millis(minute * MINUTE_MS));
    let mut quiet_until = None;
    for (start, end) in spans {
        if start > quiet_until.unwrap_or(now_minute) {
            return if quiet_until.is_some() { (true, quiet_until.and_then(at)) } else { (false, at(start)) };
        }
        if end > now_minute {
            quiet_until = quiet_until.max(Some(end));
        }
    }
    // What is quiet as far as anybody looks is quiet for ever.
    (quiet_until.is_some(), None)
}

impl QuietHours {
    /// From and to in minutes since 1970, where it begins on that day.
    fn span_on(&self, day: i64) -> Option<(i64, i64)> {
        let begins = self.days.is_empty() || self.days.contains(&weekday_of(day));
        let (from, to) = (i64::from(self.from_minute), i64::from(self.to_minute));
        let length = if to > from { to - from } else { to + DAY_MINUTES - from };
        let start = day * DAY_MINUTES + from;
        begins.then_some((start, start + length))
    }
}

/// The weekday of a day counted from 1970-01-01, which was a Thursday.
fn weekday_of(day: i64) -> Weekday {
    use Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
    const FROM_THURSDAY: [Weekday; 7] = [Thu, Fri, Sat, Sun, Mon, Tue, Wed];
    FROM_THURSDAY[usize::try_from(day.rem_euclid(7)).expect("between 0 and 6")]
}

/// What the clock alone says about a repository: whether it gives work, and when that changes by itself. Kept in the
/// record so that stores can find what is due; made anew whenever the record is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    pub open: bool,
    pub changes_at: Option<Timestamp>,
}

impl Default for Gate {
    fn default() -> Self {
        Self { open: true, changes_at: None }
    }
}

impl Gate {
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
