//! `owp`, what a contributor and a maintainer type. It speaks HTTP to a server and nothing else: it knows the wire types
//! of the contract, and neither the scheduling rules nor a store.

mod api;
mod cli;
mod clock;
mod commands;
mod config;
mod errors;
mod output;
mod runner;
mod session;
mod when;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(cause) => {
            let failure = errors::Failure::local(format!("cannot start: {cause}"), "free some memory or file handles");
            output::complain(&failure);
            return failure.exit_code();
        }
    };
    let in_json = cli.globals.json;
    let one_event_per_line = cli.is_runner();
    match runtime.block_on(commands::run(cli)).and_then(|()| output::arrived()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // The runner has already said it as its last event.
            if in_json && !one_event_per_line {
                output::print_json(&failure.to_json());
            }
            output::complain(&failure);
            failure.exit_code()
        }
    }
}
