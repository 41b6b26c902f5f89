//! `owp-server`: every operation of the Open Work Protocol on a libSQL file, in one process.
//!
//! It holds no endpoint and no rule of its own: it reads the configuration, opens the store, serves the routes that
//! `owp_functions` brings and settles dead leases on a timer.

mod config;
mod figures;
mod handles;
mod healthcheck;
mod listen;
mod page;
mod restore;
mod secrets;
mod serve;
mod stores;
mod sweep;
mod traces;

use clap::Parser;
use mimalloc::MiMalloc;
use std::io::IsTerminal;
use std::process::ExitCode;
use traces::Traces;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

/// Records come and go with every call, and the system's own allocator took a fifth of the writer's time.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// What these libraries say each second while a primary is away, the store says once. What is traced is not logged.
const QUIET: &str = "libsql=off,libsql_replication=off,tower_http=off,owp_traces=off";

fn main() -> ExitCode {
    let flags = config::Flags::parse();
    let done = match &flags.command {
        Some(config::Command::Healthcheck) => config::address(&flags).and_then(healthcheck::ask),
        Some(config::Command::Restore { file }) => restore::restore(&flags, file),
        None => start(&flags),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn start(flags: &config::Flags) -> anyhow::Result<()> {
    let config = config::Config::read(flags)?;
    let stderr = std::io::stderr;
    // Colours are for people; what collects the logs of services and containers keeps their codes as text.
    let colours = stderr().is_terminal();
    let filter = EnvFilter::try_new(format!("{QUIET},{}", config.log))?;
    let traces = Traces::to_collector()?;
    let log = tracing_subscriber::fmt::layer().with_ansi(colours).with_writer(stderr).with_filter(filter);
    tracing_subscriber::registry().with(log).with(traces.as_ref().map(Traces::layer)).init();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(serve::serve(config, traces.is_some()));
    if let Some(traces) = traces {
        traces.end();
    }
    served
}
