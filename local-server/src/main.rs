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

use clap::Parser;
use std::io::IsTerminal;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// What these libraries say each second while a primary is away, the store says once.
const QUIET: &str = "libsql=off,libsql_replication=off,tower_http=off";

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
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(stderr).init();
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(serve::serve(config))
}
