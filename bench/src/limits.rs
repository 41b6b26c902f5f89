//! One worker calls ten times as often as it may, and others call as they should: does it cost them anything?
//!
//! The server keeps its limits here. Turns with the noise and turns without take each other's place, so that whatever else
//! the machine does weighs on both.

use crate::calls::{Worker, is_healthy};
use crate::http::Connection;
use crate::options::Extent;
use crate::report::{Goal, Report};
use crate::server::{Server, Site};
use crate::stopwatch::{Latencies, Spread};
use futures::future::{join_all, try_join};
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

const GOAL_RATIO: Goal = Goal::AtMost(2.0, "×");
const GOAL_HEALTH: Goal = Goal::AtMost(0.0, "health checks without an answer");

/// With the noisy one they are as many as may register from one address within an hour.
const QUIET: usize = 24;

/// A worker may make five calls a second; these make four.
const QUIET_EVERY: Duration = Duration::from_millis(250);

/// Ten times what it may.
const NOISY_EVERY: Duration = Duration::from_millis(20);

const HEALTH_EVERY: Duration = Duration::from_millis(50);

/// A full run is a minute of noise.
const TURNS: u32 = 6;
const TURN_S: f64 = 10.0;

struct Quiet {
    worker: Worker,
    took: Latencies,
    refused: usize,
}

#[derive(Default)]
struct Noise {
    calls: usize,
    refused: usize,
    other: usize,
}

#[derive(Default)]
struct Health {
    asked: usize,
    unanswered: usize,
}

pub async fn measure(site: &Site, extent: &Extent, report: &mut Report) -> anyhow::Result<()> {
    let server = site.start().await?;
    let mut quiet = Vec::new();
    for _ in 0..QUIET {
        let worker = Worker::register(server.address, &[], 5, 1).await?;
        quiet.push(Quiet { worker, took: Latencies::default(), refused: 0 });
    }
    let mut noisy = Worker::register(server.address, &[], 5, 1).await?;
    let (mut noise, mut health) = (Noise::default(), Health::default());
    let turn = Duration::from_secs_f64(TURN_S * extent.limits_scale);
    turn_without(&mut quiet, turn / 4).await?;
    take_times(&mut quiet);

    let (mut ratios, mut calm_all, mut loud_all) = (Vec::new(), Latencies::default(), Latencies::default());
    for _ in 0..TURNS {
        turn_without(&mut quiet, turn).await?;
        let calm = take_times(&mut quiet);
        turn_with(&server, &mut quiet, &mut noisy, turn, &mut noise, &mut health).await?;
        let loud = take_times(&mut quiet);
        ratios.push(loud.percentile_ms(99.0) / calm.percentile_ms(99.0));
        calm_all.merge(&calm);
        loud_all.merge(&loud);
    }
    server.stop().await?;
    let (calm, loud, ratios) = (calm_all.percentile_ms(99.0), loud_all.percentile_ms(99.0), Spread::of(ratios));
    let said = format!(
        "{:.2} × ({:.2} to {:.2} in {TURNS} pairs); p99 of all {calm:.2} ms without and {loud:.2} ms with the noise, {} calls each",
        ratios.median,
        ratios.least,
        ratios.most,
        loud_all.count()
    );
    report.compare("others' p99 beside a worker at ten times its limit", GOAL_RATIO, ratios.median, said);
    let seconds = turn.as_secs_f64() * f64::from(TURNS);
    report.note(format!(
        "the noisy worker called {} times in {seconds:.0} s, {} times it was refused with 429",
        noise.calls, noise.refused
    ));
    let said = format!("{} of {}", health.unanswered, health.asked);
    report.compare("/healthz beside it", GOAL_HEALTH, if health.unanswered == 0 { 0.0 } else { 1.0 }, said);
    judge(&noise, &quiet, report);
    Ok(())
}

fn judge(noise: &Noise, quiet: &[Quiet], report: &mut Report) {
    let refused: usize = quiet.iter().map(|quiet| quiet.refused).sum();
    if refused > 0 {
        report.failures.push(format!("workers within their limit were refused {refused} times"));
    }
    if noise.refused == 0 || noise.other > 0 {
        report.failures.push(format!(
            "the noisy worker was refused {} times and answered otherwise {} times",
            noise.refused, noise.other
        ));
    }
}

fn take_times(quiet: &mut [Quiet]) -> Latencies {
    let mut all = Latencies::default();
    for quiet in quiet {
        all.merge(&std::mem::take(&mut quiet.took));
    }
    all
}

async fn turn_without(quiet: &mut [Quiet], turn: Duration) -> anyhow::Result<()> {
    let until = Instant::now() + turn;
    let called = join_all(quiet.iter_mut().enumerate().map(|(index, quiet)| quiet.call(index, until))).await;
    called.into_iter().collect()
}

async fn turn_with(
    server: &Server,
    quiet: &mut [Quiet],
    noisy: &mut Worker,
    turn: Duration,
    noise: &mut Noise,
    health: &mut Health,
) -> anyhow::Result<()> {
    let until = Instant::now() + turn;
    let around = async {
        let watching = async {
            health.watch(server, until).await;
            Ok(())
        };
        try_join(noise.make(noisy, until), watching).await
    };
    try_join(turn_without(quiet, turn), around).await.map(drop)
}

impl Quiet {
    async fn call(&mut self, index: usize, until: Instant) -> anyhow::Result<()> {
        // They don't call all at once.
        let begin = Instant::now() + QUIET_EVERY.mul_f64(crate::report::count(index) / crate::report::count(QUIET));
        sleep_until(begin).await;
        let mut timer = interval(QUIET_EVERY);
        timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while Instant::now() < until {
            timer.tick().await;
            let called_at = Instant::now();
            let status = self.worker.poll().await?;
            self.took.record(called_at.elapsed());
            self.refused += usize::from(status != 200);
        }
        Ok(())
    }
}

impl Noise {
    async fn make(&mut self, noisy: &mut Worker, until: Instant) -> anyhow::Result<()> {
        let mut timer = interval(NOISY_EVERY);
        while Instant::now() < until {
            timer.tick().await;
            self.calls += 1;
            match noisy.poll().await? {
                429 => self.refused += 1,
                200 => {}
                _ => self.other += 1,
            }
        }
        Ok(())
    }
}

impl Health {
    async fn watch(&mut self, server: &Server, until: Instant) {
        let mut timer = interval(HEALTH_EVERY);
        while Instant::now() < until {
            timer.tick().await;
            self.asked += 1;
            let asked = async { is_healthy(&mut Connection::open(server.address).await?).await };
            self.unanswered += usize::from(asked.await.is_err());
        }
    }
}
