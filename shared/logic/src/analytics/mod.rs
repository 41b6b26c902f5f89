//! What happened, in numbers: counts and times by day, for the pool, each repository and each worker.
//!
//! Every number comes from the events alone, and numbers of days add up, so a year is the sum of its days. What each figure
//! means is stated in `docs/analytics.md`.

mod durations;
mod figures;
mod judge;

pub use durations::Durations;
pub use figures::{Figures, Standing};
pub use judge::{FORECAST_DAYS, Forecast, Verdict, forecast, judge, passed_ms};

use crate::periods::{BUSY_SINCE, FULL_SINCE, ONLINE_SINCE, ONLINE_UNTIL};
use crate::record::Event;
use owp_wire::{RepoName, Timestamp, WorkerId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

pub const DAY_MS: i64 = 24 * 3_600_000;

/// Whose numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    Pool,
    Repo(RepoName),
    Worker(WorkerId),
}

impl fmt::Display for Whose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pool => f.write_str("pool"),
            Self::Repo(name) => write!(f, "repo:{}", name.0),
            Self::Worker(id) => write!(f, "worker:{}", id.0),
        }
    }
}

/// The day of a moment in UTC, counted from 1970-01-01.
pub fn day_of(at: Timestamp) -> i64 {
    at.as_millis().div_euclid(DAY_MS)
}

/// What is measured from a beginning to an end: a spent budget of a repository, and how long a worker holds something and is
/// there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measured {
    Full,
    Busy,
    Online,
}

impl Measured {
    pub fn of(self, figures: &mut Figures) -> &mut u64 {
        match self {
            Self::Full => &mut figures.full_ms,
            Self::Busy => &mut figures.busy_ms,
            Self::Online => &mut figures.online_ms,
        }
    }
}

/// What some events add to the numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    pub days: BTreeMap<(Whose, i64), Figures>,
    pub standings: BTreeMap<Whose, Standing>,
    /// Since when the last period of each kind had lasted that ended with these events. A record that says that it still
    /// lasts is older than they are.
    pub ended: BTreeMap<Whose, BTreeMap<Measured, Timestamp>>,
}

impl Tally {
    pub fn of<'a>(events: impl IntoIterator<Item = &'a Event>) -> Self {
        let mut tally = Self::default();
        events.into_iter().for_each(|event| tally.count(event));
        tally
    }

    pub fn count(&mut self, event: &Event) {
        let day = day_of(event.at);
        for whose in all_of(event) {
            let mut told = Figures::default();
            told.count(event);
            if !told.is_empty() {
                self.on(&whose, day).add(&told);
            }
            if let (Some(state), false) = (event.state, matches!(whose, Whose::Worker(_))) {
                let standing = self.standings.entry(whose).or_default();
                standing.moved(event.was, state, event.subject_seq == 1);
            }
        }
        self.count_periods(event);
    }

    /// Periods that ended with the event, each day with its part.
    fn count_periods(&mut self, event: &Event) {
        let told = |name: &str| event.details.get(name).and_then(|at| serde_json::from_value(at.clone()).ok());
        let repo = event.repo.clone().map(Whose::Repo);
        let worker = event.worker_id.clone().map(Whose::Worker);
        let online_until = told(ONLINE_UNTIL).unwrap_or(event.at);
        let periods = [
            (FULL_SINCE, &repo, event.at, Measured::Full),
            (BUSY_SINCE, &worker, event.at, Measured::Busy),
            (ONLINE_SINCE, &worker, online_until, Measured::Online),
        ];
        for (name, whose, until, measured) in periods {
            let (Some(since), Some(whose)) = (told(name), whose) else { continue };
            for (day, lasted_ms) in by_day(since, until) {
                *measured.of(self.on(whose, day)) += lasted_ms;
                *measured.of(self.on(&Whose::Pool, day)) += lasted_ms;
            }
            // One that was over at once may share its beginning with the next, which lasts.
            if since < until {
                self.ended.entry(whose.clone()).or_default().insert(measured, since);
            }
        }
    }

    fn on(&mut self, whose: &Whose, day: i64) -> &mut Figures {
        self.days.entry((whose.clone(), day)).or_default()
    }
}

fn all_of(event: &Event) -> impl Iterator<Item = Whose> {
    let repo = event.repo.clone().map(Whose::Repo);
    let worker = event.worker_id.clone().map(Whose::Worker);
    [Some(Whose::Pool), repo, worker].into_iter().flatten()
}

/// A period cut at midnights, in milliseconds.
pub fn by_day(since: Timestamp, until: Timestamp) -> Vec<(i64, u64)> {
    let (since, until) = (since.as_millis(), until.as_millis());
    let days = since.div_euclid(DAY_MS)..=until.div_euclid(DAY_MS);
    let part = |day: i64| until.min((day + 1) * DAY_MS) - since.max(day * DAY_MS);
    let parts = days.map(|day| (day, u64::try_from(part(day)).unwrap_or_default()));
    parts.filter(|(_, lasted_ms)| *lasted_ms > 0).collect()
}
