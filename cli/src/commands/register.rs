//! Registering this machine as a worker. The token goes from the answer into the config file and is never shown.

use super::own_worker::trimmed;
use crate::api::{self, Api, Auth, operations, retry};
use crate::cli::{Globals, parsed};
use crate::clock::now;
use crate::config::{LockedConfig, Profile};
use crate::errors::Failure;
use crate::output;
use crate::session::{choose_server, config_path};
use crate::when::When;
use clap::Args;
use owp_wire::{Availability, RegisterWorkerRequest, RegisterWorkerResponse, WorkMode};
use serde_json::Value;

const EXAMPLES: &str = "\
Examples:
  owp worker register --name Alice --github alice-dev --skills rust,docs
  owp worker register --name Alice --mode offer --until 3h --points-per-day 8";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct RegisterArgs {
    /// What others see
    #[arg(long)]
    name: String,
    /// Your GitHub handle, for credit
    #[arg(long, value_name = "HANDLE")]
    github: Option<String>,
    /// What you can do, separated by commas
    #[arg(long, value_delimiter = ',')]
    skills: Vec<String>,
    /// How many estimate points you take on at once
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
    points: u32,
    /// How many tasks you take on at once
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=20))]
    max_tasks: u32,
    /// `auto`: tasks are given; `offer`: they are offered, and you accept or reject each
    #[arg(long, default_value = "auto", value_parser = ["auto", "offer"])]
    mode: String,
    /// Nothing that would not be done by then, such as 3h or 2026-01-18T23:00:00Z
    #[arg(long, value_name = "WHEN")]
    until: Option<When>,
    /// How many estimate points are given to you in one day (UTC) at the most
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    points_per_day: Option<u32>,
    /// Where registration is by invitation
    #[arg(long, value_name = "CODE")]
    invite_code: Option<String>,
    /// Replace the worker that is registered under this profile
    #[arg(long)]
    force: bool,
}

pub async fn run(globals: &Globals, args: RegisterArgs) -> Result<(), Failure> {
    // Held over the call: a token that can't be kept would be lost, so the file is made sure of first.
    let mut locked = LockedConfig::open(&config_path(globals))?;
    let profile_name = &globals.profile;
    let known = locked.config.profiles.get(profile_name);
    if let Some(known) = known.filter(|_| !args.force) {
        return Err(Failure::local(
            format!("{} is registered at {} under the profile `{profile_name}` already", known.worker_id, known.server),
            "choose another --profile to add a worker, or --force to replace this one and lose its token",
        ));
    }
    let mut choice = globals.clone();
    // A new registration goes where it is asked to, not where the one it replaces was.
    choice.server =
        globals.server.clone().filter(|server| !server.is_empty()).or_else(|| known.map(|known| known.server.clone()));
    let server = choose_server(&choice, &locked.config, Auth::None)?;
    let request = RegisterWorkerRequest {
        name: args.name,
        github_handle: args.github,
        skills: trimmed(&args.skills),
        capacity_points: args.points,
        max_concurrent_tasks: args.max_tasks,
        work_mode: parsed::<WorkMode>(&args.mode),
        availability: availability(args.until, args.points_per_day),
        invite_code: args.invite_code,
    };
    let api = Api::new(&server, None, None)?;
    let mut answer = retry::send_from_prompt(&api, &operations::register_worker(&request)).await?;
    let registered: RegisterWorkerResponse = api::decode(answer.clone())?;
    let profile = Profile {
        server: server.clone(),
        worker_id: registered.worker_id.to_string(),
        name: request.name.clone(),
        token: registered.token,
    };
    locked.config.profiles.insert(profile_name.clone(), profile);
    locked.config.server.get_or_insert_with(|| server.clone());
    locked.save()?;
    if globals.json {
        answer.as_object_mut().map(|fields| fields.remove("token"));
        output::print_json(&answer);
        return Ok(());
    }
    let run = if profile_name == "default" {
        "owp worker run".to_owned()
    } else {
        format!("owp worker run --profile {profile_name}")
    };
    output::print(&output::clean_line(&format!(
        "registered {} as {} at {server}, trust tier {}",
        request.name, registered.worker_id, registered.trust_tier
    )));
    output::print(&format!("next: `{run} --exec 'CMD'` takes tasks and has CMD do each"));
    Ok(())
}

/// Says nothing where nothing limits it.
fn availability(until: Option<When>, points_per_day: Option<u32>) -> Option<Availability> {
    let until = until.map(|until| until.seen_from(now()));
    (until.is_some() || points_per_day.is_some()).then_some(Availability {
        until,
        points_per_day,
        ..Availability::default()
    })
}

/// Saves an admin token for the server that was chosen.
pub fn save_admin_token(globals: &Globals, token: &str) -> Result<(), Failure> {
    let mut locked = LockedConfig::open(&config_path(globals))?;
    let server = choose_server(globals, &locked.config, Auth::Admin)?;
    let token = token.trim();
    // Making a client checks that the token can be sent at all.
    Api::new(&server, None, Some(token))?;
    if token.is_empty() {
        return Err(Failure::usage("the token is empty", "the server prints its admin token at its first start"));
    }
    locked.config.admin = Some(crate::config::Admin { server: server.clone(), token: token.to_owned() });
    locked.config.server.get_or_insert_with(|| server.clone());
    locked.save()?;
    if globals.json {
        output::print_json(&Value::from_iter([("ok", Value::from(true)), ("server", Value::from(server))]));
    } else {
        output::print(&format!(
            "saved the admin token for {server}\nnext: `owp admin state` shows the pool in numbers"
        ));
    }
    Ok(())
}
