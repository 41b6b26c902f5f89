//! The command line as its users see it: commands, flags, and the variables that stand in for them.

use crate::commands::{admin::AdminCommand, worker::WorkerCommand};
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Take part in a pool of small coding tasks, or look after one.
#[derive(Parser)]
#[command(name = "owp", version, propagate_version = true, arg_required_else_help = true)]
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

/// What every command takes.
#[derive(Args, Clone)]
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
    Completions { shell: clap_complete::Shell },
}

/// Reads an id of the kind that starts with `prefix`, so that a mistake is told before anything is sent.
pub fn parse_id(text: &str, prefix: &str, kind: &str) -> Result<String, String> {
    if is_id(text, prefix) { Ok(text.to_owned()) } else { Err(format!("a {kind} id looks like {prefix}abc123")) }
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
    use super::{Cli, is_id};
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn an_id_is_what_the_contract_allows_and_no_path() {
        assert!(is_id("t_abc123", "t_"));
        for bad in ["t_", "l_abc", "t_ABC", "t_../../x", "abc", ""] {
            assert!(!is_id(bad, "t_"), "{bad}");
        }
    }
}
