//! Full cycles: 64 workers, each fetching a task, starting it, opening its pull request and reporting it merged.
//!
//! The backlog is one in which most tasks can be given: 20 repositories with room, ten areas in each that
//! lock, two skills in each area, three sizes. Whatever the pool answered is later looked for in its event log.

use crate::audit::audit;
use crate::calls::{Admin, Report as Stands, Worker};
use crate::options::Extent;
use crate::report::{Goal, Report, count};
use crate::server::{Server, Site, machine_cpu_s, own_cpu_s};
use crate::stopwatch::{Latencies, Spread, Stopwatch};
use crate::tasks::{SKILLS, TaskMade};
use futures::future::try_join_all;
use std::cell::{Cell, RefCell};
use std::time::Duration;

pub const WORKERS: usize = 64;

const GOAL: Goal = Goal::AtLeast(2000.0, "/s");

const REPOS: usize = 20;
const AREAS: usize = 10;
const SKILLS_PER_AREA: usize = 2;
const REPO_BUDGET: usize = 10;

/// Tasks put in before a run, for each cycle of the fastest run before it; the rest keeps every worker supplied.
const SUPPLY: f64 = 1.5;
const CYCLES_PER_S_GUESSED: f64 = 3000.0;

const CALLS: [&str; 4] = ["fetch", "in_progress", "pr_opened", "merged"];

struct Run {
    cycles: usize,
    seconds: f64,
    /// Fetches that gave nothing.
    empty: usize,
    calls: [Latencies; CALLS.len()],
    server_cpu_s: f64,
    own_cpu_s: f64,
    machine_cpu_s: f64,
}

pub async fn measure(site: &Site, extent: &Extent, report: &mut Report) -> anyhow::Result<()> {
    let server = site.start().await?;
    let mut admin = Admin::connect(server.address).await?;
    for repo in 0..REPOS {
        admin.put_repo(&repo_name(repo), REPO_BUDGET, false).await?;
    }
    let mut workers = Vec::new();
    for index in 0..WORKERS {
        let skills = [SKILLS[index % SKILLS.len()], SKILLS[(index + 1) % SKILLS.len()]];
        workers.push(Worker::register(server.address, &skills, 5, 1).await?);
    }
    let (mut made, mut left, mut rate_max) = (0, 0, CYCLES_PER_S_GUESSED);
    let mut runs = Vec::new();
    for _ in 0..extent.runs {
        let wanted = whole(rate_max * SUPPLY * extent.seconds).max(1000);
        let missing = wanted.saturating_sub(left);
        admin.import(&(made..made + missing).map(task).collect::<Vec<_>>()).await?;
        made += missing;
        left += missing;
        let run = one_run(&server, &mut workers, left, extent.seconds).await?;
        left -= run.cycles;
        rate_max = f64::max(rate_max, run.rate());
        runs.push(run);
    }
    server.stop().await?;
    tell(&runs, report);

    let log = audit(&site.database()).await?;
    let cycles: usize = runs.iter().map(|run| run.cycles).sum();
    report.note(format!("the log of the cycles: {}", log.summary()));
    if log.merged != cycles {
        report.failures.push(format!("{cycles} cycles were acknowledged, but the log has {}", log.merged));
    }
    report.failures.extend(log.violations);
    Ok(())
}

fn repo_name(index: usize) -> String {
    format!("bench/repo-{index}")
}

fn task(index: usize) -> serde_json::Value {
    let area = index / REPOS % AREAS;
    TaskMade {
        index,
        repo: repo_name(index % REPOS),
        area: format!("area-{area}"),
        skill: SKILLS[(area + index / 7 % SKILLS_PER_AREA) % SKILLS.len()],
        points: 1 + index % 3,
        priority: 10 * (1 + index % 5),
    }
    .to_json()
}

async fn one_run(server: &Server, workers: &mut [Worker], tasks: usize, seconds: f64) -> anyhow::Result<Run> {
    let end = Duration::from_secs_f64(seconds);
    // When so few are left, some worker might find none of its skills.
    let reserve = tasks / 10;
    let (cycles, empty) = (Cell::new(0), Cell::new(0));
    let calls = RefCell::new(<[Latencies; CALLS.len()]>::default());
    let (server_cpu_s, spent_s, machine_s) = (server.cpu_s()?, own_cpu_s()?, machine_cpu_s()?);
    let watch = Stopwatch::start();
    let timed = |call: usize, from: Duration| {
        let now = watch.elapsed();
        calls.borrow_mut()[call].record(now.saturating_sub(from));
        now
    };
    let work = async |worker: &mut Worker| {
        let mut now = watch.elapsed();
        while now < end && cycles.get() + reserve < tasks {
            let fetched = worker.fetch().await?;
            now = timed(0, now);
            let Some(lease) = fetched.first else {
                empty.set(empty.get() + 1);
                continue;
            };
            for (call, stands) in [Stands::InProgress, Stands::PrOpened, Stands::Merged].into_iter().enumerate() {
                worker.report(&lease, stands).await?;
                now = timed(call + 1, now);
            }
            cycles.set(cycles.get() + 1);
        }
        anyhow::Ok(())
    };
    try_join_all(workers.iter_mut().map(work)).await?;
    Ok(Run {
        cycles: cycles.get(),
        seconds: watch.elapsed().as_secs_f64(),
        empty: empty.get(),
        calls: calls.into_inner(),
        server_cpu_s: server.cpu_s()? - server_cpu_s,
        own_cpu_s: own_cpu_s()? - spent_s,
        machine_cpu_s: machine_cpu_s()? - machine_s,
    })
}

impl Run {
    fn rate(&self) -> f64 {
        count(self.cycles) / self.seconds
    }
}

fn tell(runs: &[Run], report: &mut Report) {
    let rate = Spread::of(runs.iter().map(Run::rate).collect());
    let said = format!(
        "{:.0}/s ({:.0} to {:.0} in {} runs of {:.1} s)",
        rate.median,
        rate.least,
        rate.most,
        runs.len(),
        runs[0].seconds
    );
    report.compare(format!("full cycles, {WORKERS} workers, synchronous=FULL"), GOAL, rate.median, said);
    let requests = |run: &Run| count(4 * run.cycles + run.empty) / run.seconds;
    let requests = Spread::of(runs.iter().map(requests).collect()).median;
    report.tell("  requests", requests, format!("{requests:.0}/s"));
    for (call, name) in CALLS.into_iter().enumerate() {
        let mut all = Latencies::default();
        for run in runs {
            all.merge(&run.calls[call]);
        }
        let (p50, p99) = (all.percentile_ms(50.0), all.percentile_ms(99.0));
        report.tell(format!("  {name}"), p99, format!("p50 {p50:.1} ms, p99 {p99:.1} ms"));
    }
    let cycles: usize = runs.iter().map(|run| run.cycles).sum();
    let per_cycle_us = |cpu_s: fn(&Run) -> f64| runs.iter().map(cpu_s).sum::<f64>() / count(cycles) * 1e6;
    let (server, own) = (per_cycle_us(|run| run.server_cpu_s), per_cycle_us(|run| run.own_cpu_s));
    report.tell(
        "  processor time for a cycle",
        server,
        format!("server {server:.0} µs, load generator {own:.0} µs ({:.0} % of both)", 100.0 * own / (own + server)),
    );
    let total = |cpu_s: fn(&Run) -> f64| runs.iter().map(cpu_s).sum::<f64>();
    let others = total(|run| run.machine_cpu_s - run.server_cpu_s - run.own_cpu_s) / total(|run| run.seconds);
    report.note(format!("during the cycles, other processes kept {:.2} processors busy", others.max(0.0)));
    let empty: usize = runs.iter().map(|run| run.empty).sum();
    if empty > 0 {
        report.note(format!("{empty} fetches of the cycles gave nothing"));
    }
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "how many tasks to make: small and positive"
)]
fn whole(value: f64) -> usize {
    value as usize
}
