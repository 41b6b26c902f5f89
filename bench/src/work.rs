//! `GET /v1/work` with a small and a big backlog, nearly all of it out of reach: 64 workers, half of which are given a task
//! each time and half of which find nothing.
//!
//! Both pools are up at the same time and are asked in turn, so that whatever else the machine does weighs on both.

use crate::backlog::Backlog;
use crate::calls::Worker;
use crate::cycles::WORKERS;
use crate::options::Extent;
use crate::report::{Goal, Report, count};
use crate::stopwatch::{Latencies, Spread, Stopwatch};
use futures::future::{try_join, try_join_all};
use std::cell::{Cell, RefCell};
use std::time::Duration;

const GOAL_P99: Goal = Goal::AtMost(25.0, "ms");
const GOAL_RATIO: Goal = Goal::AtMost(2.0, "×");

/// A turn is shorter than a run of the cycles: there are two of them in each round.
const TURN: f64 = 0.5;

#[derive(Default)]
struct Turn {
    given: Latencies,
    nothing: Latencies,
    fetches_per_s: f64,
    /// Fetches of workers for whom there was a task, that gave none.
    unserved: usize,
}

impl Turn {
    fn all(&self) -> Latencies {
        let mut all = self.given.clone();
        all.merge(&self.nothing);
        all
    }
}

pub async fn measure(
    small: &mut Backlog,
    big: &mut Backlog,
    extent: &Extent,
    report: &mut Report,
) -> anyhow::Result<()> {
    let seconds_each = extent.seconds * TURN;
    traffic(small, seconds_each / 4.0).await?;
    traffic(big, seconds_each / 4.0).await?;
    let mut turns = (Vec::new(), Vec::new());
    for _ in 0..extent.runs {
        turns.0.push(one_turn(small, seconds_each).await?);
        turns.1.push(one_turn(big, seconds_each).await?);
    }
    tell(&turns.0, small, report);
    tell(&turns.1, big, report);
    let ratios = |of: fn(&Turn) -> Latencies| {
        let p99 = |turn: &Turn| of(turn).percentile_ms(99.0);
        Spread::of(turns.0.iter().zip(&turns.1).map(|(small, big)| p99(big) / p99(small)).collect())
    };
    let (all, given) = (ratios(Turn::all), ratios(|turn| turn.given.clone()));
    let nothing = ratios(|turn| turn.nothing.clone());
    let said = format!(
        "{:.2} × ({:.2} to {:.2} in {} pairs); gives a lease {:.2} ×, gives none {:.2} ×",
        all.median, all.least, all.most, extent.runs, given.median, nothing.median
    );
    report.compare(format!("  p99 at {} / p99 at {}", big.tasks, small.tasks), GOAL_RATIO, all.median, said);
    Ok(())
}

/// The same calls without a measurement.
pub async fn traffic(backlog: &mut Backlog, seconds: f64) -> anyhow::Result<()> {
    one_turn(backlog, seconds).await.map(drop)
}

async fn one_turn(backlog: &mut Backlog, seconds: f64) -> anyhow::Result<Turn> {
    let end = Duration::from_secs_f64(seconds);
    let (given, nothing) = (RefCell::new(Latencies::default()), RefCell::new(Latencies::default()));
    let unserved = Cell::new(0);
    let watch = Stopwatch::start();
    let serve = async |worker: &mut Worker| {
        while watch.elapsed() < end {
            let asked = watch.elapsed();
            let fetched = worker.fetch().await?;
            let took = watch.elapsed().saturating_sub(asked);
            if let Some(lease) = fetched.first {
                given.borrow_mut().record(took);
                worker.have_requeued(&lease.task_id).await?;
            } else {
                nothing.borrow_mut().record(took);
                unserved.set(unserved.get() + 1);
            }
        }
        anyhow::Ok(())
    };
    let starve = async |worker: &mut Worker| {
        while watch.elapsed() < end {
            let asked = watch.elapsed();
            let fetched = worker.fetch().await?;
            nothing.borrow_mut().record(watch.elapsed().saturating_sub(asked));
            if fetched.count > 0 {
                anyhow::bail!("a worker was given a task that is out of reach");
            }
        }
        anyhow::Ok(())
    };
    let fed = try_join_all(backlog.fed.iter_mut().map(serve));
    let starved = try_join_all(backlog.starved.iter_mut().map(starve));
    try_join(fed, starved).await?;
    let seconds = watch.elapsed().as_secs_f64();
    let (given, nothing) = (given.into_inner(), nothing.into_inner());
    let fetches = usize::try_from(given.count() + nothing.count())?;
    Ok(Turn { given, nothing, fetches_per_s: count(fetches) / seconds, unserved: unserved.get() })
}

fn tell(turns: &[Turn], backlog: &Backlog, report: &mut Report) {
    let mut total = Turn::default();
    for turn in turns {
        total.given.merge(&turn.given);
        total.nothing.merge(&turn.nothing);
        total.unserved += turn.unserved;
    }
    let said = |latencies: &Latencies| {
        let (p50, p99) = (latencies.percentile_ms(50.0), latencies.percentile_ms(99.0));
        format!("p50 {p50:.1} ms, p99 {p99:.1} ms")
    };
    let all = total.all();
    let p99 = all.percentile_ms(99.0);
    let rate = Spread::of(turns.iter().map(|turn| turn.fetches_per_s).collect()).median;
    report.compare(
        format!("GET /v1/work, {WORKERS} workers, {} tasks, {} in reach", backlog.tasks, backlog.in_reach),
        GOAL_P99,
        p99,
        format!("{}, {rate:.0} fetches/s", said(&all)),
    );
    report.tell("  gives a lease", total.given.percentile_ms(99.0), said(&total.given));
    report.tell("  gives none", total.nothing.percentile_ms(99.0), said(&total.nothing));
    if total.unserved > 0 {
        report.note(format!("{} fetches gave nothing though there was a task in reach", total.unserved));
    }
}
