//! What can be chosen on the command line, and what it comes to.

use anyhow::{Context, bail};
use clap::{Parser, ValueEnum};
use std::path::PathBuf;

/// Measures a release `owp-server` over loopback, beside the goals, and checks its event log afterwards.
///
/// Ends with a failure where the server answered with an error or its log breaks an invariant; a goal that is missed is
/// only printed.
#[derive(Parser)]
#[command(name = "owp-bench", version, about)]
pub struct Options {
    /// The server to measure; beside this program unless given
    #[arg(long, value_name = "PATH")]
    server: Option<PathBuf>,
    /// Where databases are made, on a real disk; `bench-data` in the target folder unless given
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// How long a run of the cycles lasts
    #[arg(long, value_name = "SECONDS", default_value_t = 5)]
    seconds: u32,
    /// How many runs there are
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// How many rounds the claim race has
    #[arg(long, value_name = "ROUNDS", default_value_t = 1000)]
    race_rounds: usize,
    /// Less of everything, for tests and CI: well below a minute
    #[arg(long)]
    quick: bool,
    /// Measure only this
    #[arg(long, value_name = "WHAT")]
    pub only: Option<Scenario>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    Cycles,
    Work,
    Race,
    Memory,
    Start,
    Limits,
    Events,
    Analytics,
    Webhooks,
}

/// How much of everything.
#[derive(Clone)]
pub struct Extent {
    pub runs: usize,
    pub seconds: f64,
    pub race_rounds: usize,
    pub backlog_small: usize,
    pub backlog_big: usize,
    pub workers_many: usize,
    /// Of the turns of `limits`, which are a minute together.
    pub limits_scale: f64,
    /// Streams of live events; one in a hundred reads slowly.
    pub streams: usize,
    /// Before, between and after the two restarts.
    pub events_turn_s: f64,
    pub analytics_days: i64,
    /// For each of the ways in which GitHub may be.
    pub webhooks_turn_s: f64,
}

impl Options {
    pub fn extent(&self) -> Extent {
        let full = Extent {
            runs: self.runs.max(1),
            seconds: f64::from(self.seconds.max(1)),
            race_rounds: self.race_rounds,
            backlog_small: 1_000,
            backlog_big: 100_000,
            workers_many: 10_000,
            limits_scale: 1.0,
            streams: 1_000,
            events_turn_s: 20.0,
            analytics_days: 366,
            webhooks_turn_s: 10.0,
        };
        if !self.quick {
            return full;
        }
        Extent {
            runs: full.runs.min(3),
            seconds: 1.0,
            race_rounds: full.race_rounds.min(100),
            backlog_big: 10_000,
            workers_many: 1_000,
            limits_scale: 0.1,
            streams: 200,
            events_turn_s: 4.0,
            analytics_days: 60,
            webhooks_turn_s: 1.0,
            ..full
        }
    }

    pub fn wants(&self, scenario: Scenario) -> bool {
        self.only.is_none_or(|only| only == scenario)
    }

    pub fn server(&self) -> anyhow::Result<PathBuf> {
        let beside = std::env::current_exe()?.with_file_name("owp-server");
        let path = self.server.clone().unwrap_or(beside);
        if !path.is_file() {
            bail!("there is no server at {}; build it with `cargo build --release -p owp-server`", path.display());
        }
        Ok(path.canonicalize()?)
    }

    /// A folder of this process's own, so that two can run at once.
    pub fn data(&self) -> anyhow::Result<PathBuf> {
        let program = std::env::current_exe()?;
        let target = program.parent().and_then(std::path::Path::parent).context("the program lies in a folder")?;
        let data = self.data.clone().unwrap_or_else(|| target.join("bench-data"));
        Ok(data.join(std::process::id().to_string()))
    }
}
