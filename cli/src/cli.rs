//! The command line as its users see it: commands, flags, and the variables that stand in for them.

use crate::commands::{admin::AdminCommand, worker::WorkerCommand};
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Take part in a pool of small coding tasks, or look after one.
#[derive(Parser)]
#[command(name = "owp", version, propagate_version = true, arg_required_else_help = true)]
#[command(
    after_help = "Ends with 0 when it is done, 1 when it was refused or failed, 2 when the command line is wrong, and 3 when no answer came."
)]
pub struct Cli {
    #[command(flatten)]
    pub globals: Globals,
    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    pub fn is_runner(&self) -> bool {
        matches!(self.command, Command::Worker { command: WorkerCommand::Run(_) })
    }
}

/// What every command takes; told apart from what one command alone takes.
#[derive(Args, Clone)]
#[command(next_help_heading = "With every command")]
pub struct Globals {
    /// The server's address [default: the config file's, else port 8787 of this machine]
    #[arg(long, global = true, env = "OWP_SERVER", value_name = "URL")]
    pub server: Option<String>,
    /// The server's admin token [default: the saved one, else ./data/admin.token for a server on this machine]
    #[arg(long, global = true, env = "OWP_ADMIN_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    pub admin_token: Option<String>,
    /// Print the answer as JSON
    #[arg(long, global = true)]
    pub json: bool,
    /// The config file [default: owp/config.json in the config directory]
    #[arg(long, global = true, env = "OWP_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Which of the workers registered on this machine to be
    #[arg(long, global = true, env = "OWP_PROFILE", default_value = "default", value_name = "NAME")]
    pub profile: String,
}

#[derive(Subcommand)]
pub enum Command {
    /// Take tasks and work on them
    #[command(
        after_help = "Where OWP_TOKEN is set, it is the worker's token, instead of the one that was kept when it registered."
    )]
    Worker {
        #[command(subcommand)]
        command: WorkerCommand,
    },
    /// Look after repositories, tasks and workers
    Admin {
        #[command(subcommand)]
        command: AdminCommand,
    },
    /// Show what the server is and what it allows
    Server,
    /// Print a completion script for a shell
    Completions {
        /// Whose completion it is for; `owp completions bash > ~/.local/share/bash-completion/completions/owp`
        shell: clap_complete::Shell,
    },
}

/// Reads an id of the kind that starts with `prefix`, so that a mistake is told before anything is sent.
pub fn parse_id(text: &str, prefix: &str, kind: &str) -> Result<String, String> {
    if is_id(text, prefix) { Ok(text.to_owned()) } else { Err(format!("the id of {kind} looks like {prefix}abc123")) }
}

/// Reads the name of a repository, so that a slip of the pen is told in other words than a pattern. The server looks closer.
pub fn parse_repo(text: &str) -> Result<String, String> {
    let is_part =
        |part: &str| !part.is_empty() && part.chars().all(|char| char.is_ascii_alphanumeric() || "_.-".contains(char));
    let is_name = text.split_once('/').is_some_and(|(owner, name)| is_part(owner) && is_part(name));
    if text == "demo" || is_name {
        Ok(text.to_owned())
    } else {
        Err("a repository is named owner/name, or demo".to_owned())
    }
}

/// Reads a word that the command line has let through because it is one of the contract's.
pub fn parsed<T: std::str::FromStr<Err: std::fmt::Debug>>(word: &str) -> T {
    word.parse().expect("clap accepts only the contract's words")
}

/// Whether this is an id as the contract writes them: safe in a path and in a file name.
pub fn is_id(text: &str, prefix: &str) -> bool {
    let rest = text.strip_prefix(prefix).unwrap_or_default();
    (1..=40).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::{Cli, is_id, parse_repo};
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_argument_of_every_command_says_what_it_is() {
        let mut command = Cli::command();
        command.build();
        let mut open = vec![&command];
        let mut mute = Vec::new();
        while let Some(command) = open.pop() {
            let about = command.get_about().map(ToString::to_string);
            assert!(about.is_some_and(|about| !about.is_empty()), "{} says nothing", command.get_name());
            let silent = command.get_arguments().filter(|arg| arg.get_help().is_none());
            mute.extend(silent.map(|arg| format!("{} {}", command.get_name(), arg.get_id())));
            open.extend(command.get_subcommands().filter(|sub| sub.get_name() != "help"));
        }
        assert_eq!(mute, Vec::<String>::new());
    }

    #[test]
    fn a_repository_is_named_with_its_owner() {
        for good in ["demo", "owner/repo", "o-w/.github", "a/b.c_d"] {
            assert_eq!(parse_repo(good).as_deref(), Ok(good));
        }
        for bad in ["", "repo", "a/b/c", "/b", "a/", "https://github.com/a/b", "a b/c"] {
            assert!(parse_repo(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_id_is_what_the_contract_allows_and_no_path() {
        assert!(is_id("t_abc123", "t_"));
        for bad in ["t_", "l_abc", "t_ABC", "t_../../x", "abc", ""] {
            assert!(!is_id(bad, "t_"), "{bad}");
        }
    }
}
