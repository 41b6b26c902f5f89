//! Figures of a period: days added up, with what happened since the books were kept last and the periods that still last.

use crate::app::AppState;
use crate::books::progress_in;
use crate::problem::Problem;
use owp_logic::analytics::{
    DAY_MS, Durations, FORECAST_DAYS, Figures, Measured, Standing, Verdict, Whose, by_day, day_of, forecast, judge,
    passed_ms,
};
use owp_logic::{Book, BookName, Key, Need, Record, Refusal, Snapshot};
use owp_store::{Cursor, StoreError};
use owp_wire::{Analytics, AnalyticsDay, AnalyticsMetrics, Forecast, ProblemCode, TimeSpread, Timestamp};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Further off, a forecast is a joke.
const FORECAST_DAYS_MAX: f64 = 36_500.0;

const MS_OF_A_DAY: f64 = 86_400_000.0;

#[derive(Deserialize)]
pub struct PeriodQuery {
    days: u32,
    until: Option<String>,
}

/// Days in UTC, the first and the last of them.
#[derive(Clone, Copy)]
struct Period {
    first: i64,
    last: i64,
    today: i64,
}

/// What was gathered about somebody's work.
struct Gathered {
    days: BTreeMap<i64, Figures>,
    standing: Standing,
    as_of: Timestamp,
    /// Since when the last periods had lasted that are counted, because they have ended since the books were kept.
    ended: BTreeMap<Measured, Timestamp>,
}

/// The figures of a period, in the words of the contract.
pub async fn analytics(app: &AppState, whose: &Whose, query: &PeriodQuery) -> Result<Analytics, Problem> {
    let period = Period::of(query, app.clock.now())?;
    let subject = match whose {
        Whose::Pool => None,
        Whose::Repo(name) => Some(Key::Repo(name.clone())),
        Whose::Worker(id) => Some(Key::Worker(id.clone())),
    };
    let mut keys: Vec<Key> = period.needed().map(|day| Key::Book(BookName::Day(whose.clone(), day))).collect();
    keys.extend([Key::Book(BookName::Standing(whose.clone())), Key::Book(BookName::Progress)]);
    keys.extend(subject.clone());
    let snapshot = app.store.look(keys.into_iter().map(Need::Record).collect()).await?;
    let subject = subject.and_then(|key| snapshot.get(&key)).and_then(|(_, record)| record);
    let mut gathered = gather(app, whose, &snapshot).await?;
    let (since, repos) = match (whose, subject) {
        (Whose::Pool, _) => {
            let online_since = app.clock.now().minus_s(app.settings.rules.heartbeat_ttl_s);
            (None, app.store.counts(online_since).await?.repos_total)
        }
        (_, Some(record)) => (gathered.add_what_lasts(record), 1),
        (Whose::Repo(name), None) => {
            let detail = format!("the repository `{}` is not registered", name.0);
            return Err(Problem::new(ProblemCode::RepoNotFound, detail));
        }
        (Whose::Worker(id), None) => return Err(Refusal::WorkerNotFound(id.clone()).into()),
    };
    Ok(gathered.in_words(whose, period, since, repos as u64))
}

/// What the books say, and what happened since.
async fn gather(app: &AppState, whose: &Whose, snapshot: &Snapshot) -> Result<Gathered, StoreError> {
    let mut gathered = Gathered {
        days: BTreeMap::new(),
        standing: Standing::default(),
        as_of: app.clock.now(),
        ended: BTreeMap::new(),
    };
    for (_, _, record) in snapshot.records() {
        match record.as_book() {
            Some(Book::Day { day, figures, .. }) => gathered.days.entry(*day).or_default().add(figures),
            Some(Book::Standing { standing, .. }) => gathered.standing.add(standing),
            _ => {}
        }
    }
    let latest = app.latest.behind(progress_in(snapshot).until.map(Cursor), &*app.store).await?;
    gathered.as_of = latest.ends_at().unwrap_or(gathered.as_of);
    let days = latest.tally.days.range((whose.clone(), i64::MIN)..=(whose.clone(), i64::MAX));
    for ((_, day), figures) in days {
        gathered.days.entry(*day).or_default().add(figures);
    }
    if let Some(standing) = latest.tally.standings.get(whose) {
        gathered.standing.add(standing);
    }
    gathered.ended = latest.tally.ended.get(whose).cloned().unwrap_or_default();
    drop(latest);
    Ok(gathered)
}

impl Period {
    fn of(query: &PeriodQuery, now: Timestamp) -> Result<Self, Problem> {
        let today = day_of(now);
        let last = match &query.until {
            None => today,
            Some(date) => {
                let at: Result<Timestamp, _> = format!("{date}T00:00:00Z").parse();
                day_of(at.map_err(|_| Problem::invalid_parameter("until", "is not a day of the calendar"))?)
            }
        };
        Ok(Self { first: last - i64::from(query.days) + 1, last, today })
    }

    fn days(self) -> u32 {
        u32::try_from(self.last - self.first + 1).unwrap_or(u32::MAX)
    }

    /// The days of the period, and those that the forecast looks at.
    fn needed(self) -> impl Iterator<Item = i64> {
        let recent = self.recent();
        (self.first..=self.last).chain(recent.filter(move |day| !(self.first..=self.last).contains(day)))
    }

    /// The last days, today among them.
    fn recent(self) -> std::ops::RangeInclusive<i64> {
        self.today - i64::from(FORECAST_DAYS) + 1..=self.today
    }

    fn in_a_word(self) -> String {
        if self.last == self.today {
            format!("last_{}_days", self.days())
        } else {
            format!("{}_days_until_{}", self.days(), date(self.last))
        }
    }
}

impl Gathered {
    /// Adds the periods that have not ended; says since when there has been something to measure. The record was read before
    /// the events, so one of them may have ended what it calls lasting.
    fn add_what_lasts(&mut self, record: &Record) -> Option<Timestamp> {
        let (periods, since) = match record {
            Record::Repo(repo) => (vec![(repo.full_since, Measured::Full)], repo.created_at),
            Record::Worker(worker) => {
                let periods = vec![(worker.busy_since, Measured::Busy), (worker.online_since, Measured::Online)];
                (periods, worker.registered_at)
            }
            _ => return None,
        };
        for (since, measured) in periods {
            let since = since.filter(|since| self.ended.get(&measured).is_none_or(|ended| ended < since));
            let lasting = since.map(|since| by_day(since, self.as_of)).unwrap_or_default();
            for (day, lasted_ms) in lasting {
                *measured.of(self.days.entry(day).or_default()) += lasted_ms;
            }
        }
        Some(since)
    }

    fn in_words(&self, whose: &Whose, period: Period, since: Option<Timestamp>, repos: u64) -> Analytics {
        let nothing = Figures::default();
        let on = |day: i64| self.days.get(&day).unwrap_or(&nothing);
        let add_up = |days: std::ops::RangeInclusive<i64>| {
            days.fold(Figures::default(), |mut sum, day| {
                sum.add(on(day));
                sum
            })
        };
        let figures = add_up(period.first..=period.last);
        let began = since.map_or(i64::MIN, |since| since.as_millis() - period.first * DAY_MS).max(0);
        let passed = passed_ms(period.first, period.last, self.as_of.as_millis()) - began;
        let verdict = judge(&figures, passed.max(0), repos);
        let forecast = (!matches!(whose, Whose::Worker(_))).then(|| self.forecast(add_up(period.recent()).merged));
        Analytics {
            repo: if let Whose::Repo(name) = whose { Some(name.clone()) } else { None },
            worker_id: if let Whose::Worker(id) = whose { Some(id.clone()) } else { None },
            period: period.in_a_word(),
            from: date(period.first),
            to: date(period.last),
            as_of: self.as_of,
            metrics: metrics(&figures, &verdict, period.days()),
            series: (period.first..=period.last).map(|day| of_day(day, on(day))).collect(),
            forecast,
        }
    }

    fn forecast(&self, merged: u64) -> Forecast {
        let forecast = forecast(self.standing.unfinished(), merged, FORECAST_DAYS);
        #[allow(clippy::cast_possible_truncation, reason = "a hundred years of seconds")]
        let clears_at = forecast
            .days
            .filter(|days| *days < FORECAST_DAYS_MAX)
            .map(|days| Timestamp::from_millis(self.as_of.as_millis() + (days * MS_OF_A_DAY) as i64));
        Forecast { unfinished: forecast.unfinished, completed_per_day: forecast.rate, days: forecast.days, clears_at }
    }
}

fn metrics(figures: &Figures, verdict: &Verdict, days: u32) -> AnalyticsMetrics {
    #[allow(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let reviews_per_day = figures.prs_opened as f64 / f64::from(days);
    AnalyticsMetrics {
        tasks_created: figures.created,
        tasks_completed: figures.merged,
        tasks_closed: figures.closed,
        tasks_cancelled: figures.cancelled,
        tasks_failed: figures.failed,
        tasks_reverted: figures.reverted,
        avg_completion_time: figures.lead.mean_s().map(in_words),
        avg_completion_time_s: figures.lead.mean_s(),
        worker_utilization: verdict.worker_utilization,
        pr_merge_rate: verdict.pr_merge_rate,
        bottlenecks: verdict.bottlenecks.iter().map(|name| name.parse().expect("one of the contract's")).collect(),
        leases_granted: figures.leases_granted,
        leases_expired: figures.leases_expired,
        leases_released: figures.leases_released,
        lease_expiry_rate: verdict.lease_expiry_rate,
        requeue_rate: verdict.requeue_rate,
        offers_made: figures.offers_made,
        offers_declined: figures.offers_declined,
        prs_opened: figures.prs_opened,
        changes_requested: figures.changes_requested,
        reviews_per_day,
        throttled_s: figures.full_ms / 1000,
        throttled_share: verdict.throttled_share,
        lead_time: spread(&figures.lead),
        wait_time: spread(&figures.wait),
        lease_time: spread(&figures.lease),
        work_time: spread(&figures.work),
        review_time: spread(&figures.review),
    }
}

fn spread(durations: &Durations) -> TimeSpread {
    TimeSpread {
        count: durations.count,
        mean_s: durations.mean_s(),
        p50_s: durations.percentile_s(50),
        p90_s: durations.percentile_s(90),
    }
}

fn of_day(day: i64, figures: &Figures) -> AnalyticsDay {
    AnalyticsDay {
        date: date(day),
        tasks_created: figures.created,
        tasks_completed: figures.merged,
        tasks_closed: figures.closed,
        leases_granted: figures.leases_granted,
        leases_expired: figures.leases_expired,
        prs_opened: figures.prs_opened,
        changes_requested: figures.changes_requested,
        throttled_s: figures.full_ms / 1000,
        busy_s: figures.busy_ms / 1000,
        online_s: figures.online_ms / 1000,
        lead_p50_s: figures.lead.percentile_s(50),
    }
}

/// A day as people write it.
fn date(day: i64) -> String {
    Timestamp::from_millis(day * DAY_MS).to_string().split('T').next().unwrap_or_default().to_owned()
}

/// A duration in its largest unit, with one decimal.
fn in_words(seconds: u64) -> String {
    const UNITS: [(u64, &str); 4] = [(86_400, "days"), (3600, "hours"), (60, "minutes"), (1, "seconds")];
    let (unit, name) = UNITS.into_iter().find(|(unit, _)| seconds >= *unit).unwrap_or((1, "seconds"));
    let tenths = seconds * 10 / unit;
    format!("{}.{} {name}", tenths / 10, tenths % 10)
}
