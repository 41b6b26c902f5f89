//! `owp-server`: every operation of the Open Work Protocol on a libSQL file, in one process.
//!
//! It holds no endpoint and no rule of its own: it reads the configuration, opens the store, serves the routes that
//! `owp_functions` brings and settles dead leases on a timer.

mod config;
mod page;
mod secrets;
mod serve;
mod stores;
mod sweep;

use clap::Parser;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let flags = config::Flags::parse();
    match start(&flags) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn start(flags: &config::Flags) -> anyhow::Result<()> {
    let config = config::Config::read(flags)?;
    tracing_subscriber::fmt().with_env_filter(EnvFilter::try_new(&config.log)?).with_writer(std::io::stderr).init();
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(serve::serve(config))
}
