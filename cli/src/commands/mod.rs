//! The commands: each sends a call or a few and words the answer. The runner, which stays, has a folder of its own.

pub mod admin;
mod admin_answers;
mod admin_audit;
mod admin_backup;
mod admin_figures;
mod admin_github;
mod admin_repos;
mod admin_tasks;
mod admin_workers;
mod import;
mod limits;
mod lists;
mod offers;
mod own_worker;
mod pages;
mod register;
mod reputation;
pub mod worker;

use crate::api::{Auth, operations};
use crate::cli::{Cli, Command};
use crate::errors::Failure;
use crate::output::{facts, span};
use crate::session::Session;
use clap::CommandFactory;
use owp_wire::ServerInfo;

pub async fn run(cli: Cli) -> Result<(), Failure> {
    match cli.command {
        Command::Worker { command } => worker::run(&cli.globals, command).await,
        Command::Admin { command } => admin::run(&cli.globals, command).await,
        Command::Server => {
            let session = Session::open(&cli.globals, Auth::None)?;
            session.send_and_show(&operations::get_server_info(), |info| word_server(&session.server, info)).await
        }
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "owp", &mut script);
            crate::output::print(&String::from_utf8_lossy(&script));
            Ok(())
        }
    }
}

fn word_server(server: &str, info: &ServerInfo) -> String {
    let (bounds, intervals) = (&info.limits, &info.intervals);
    facts(&[
        ("address", server.to_owned()),
        ("server", format!("{} {}", info.name, info.version)),
        ("protocol", info.protocol_versions.join(", ")),
        ("features", info.features.join(", ")),
        ("registration", info.registration.to_string()),
        (
            "lease",
            format!("{}, at the most {} with renewals", span(intervals.lease_ttl_s), span(intervals.lease_hold_max_s)),
        ),
        ("offer", format!("answered within {}", span(intervals.offer_ttl_s))),
        ("parked lease", format!("at the most {}", span(intervals.park_max_s))),
        (
            "heartbeat",
            format!(
                "every {}, offline after {}",
                span(intervals.heartbeat_interval_s),
                span(intervals.heartbeat_ttl_s)
            ),
        ),
        ("offline grace", span(intervals.offline_grace_s)),
        ("reviewer's answer", format!("within {}", span(intervals.response_ttl_s))),
        ("import", format!("{} tasks or {} KiB at a time", bounds.import_tasks, bounds.import_bytes / 1024)),
        ("calls", limits::word_rates(&bounds.rates)),
    ])
}
