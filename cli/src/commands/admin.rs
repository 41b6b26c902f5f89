//! What a maintainer types: repositories and their budgets, tasks and what becomes of them, workers.

use super::admin_answers::{word_moved, word_pool, word_reasons, word_task};
use super::limits::word_limits;
use super::pages::pages;
use super::{
    admin_audit, admin_backup, admin_figures, admin_github, admin_repos, admin_tasks, admin_workers, import, lists,
    register,
};
use crate::api::{Auth, operations};
use crate::cli::{Globals, parse_id, parse_repo};
use crate::errors::Failure;
use crate::session::Session;
use clap::{Args, Subcommand};
use owp_wire::{ListTasksResponse, TaskAction, TaskId, UpdateTaskRequest};

/// In the order in which a task goes through them.
const STATES: [&str; 13] = [
    "waiting",
    "ready",
    "offered",
    "leased",
    "in_progress",
    "blocked",
    "pr_opened",
    "changes_requested",
    "merged",
    "closed",
    "failed",
    "needs_info",
    "cancelled",
];

#[derive(Subcommand)]
pub enum AdminCommand {
    /// Save the admin token for a server, so that it need not be given each time
    Login {
        /// What the server printed at its first start, or OWP_ADMIN_TOKEN on the server
        #[arg(long)]
        token: String,
    },
    /// Register a repository or change its settings; what is not named stays as it is
    #[command(visible_alias = "set-repo")]
    InitRepo(Box<admin_repos::InitRepoArgs>),
    /// Show who may work on a repository by GitHub handle, or change it
    Admission(admin_repos::AdmissionArgs),
    /// Put a file of tasks in; importing it again updates them
    Import(import::ImportArgs),
    /// Put one task in
    Add(admin_tasks::AddArgs),
    /// Change a task; what is not named stays as it is
    Edit(admin_tasks::EditArgs),
    /// List tasks, newest first
    Tasks(TasksArgs),
    /// List workers, newest first
    Workers {
        /// Only those heard of lately
        #[arg(long)]
        online: bool,
    },
    /// List repositories with their review budgets, or show all settings of one
    Repos {
        /// `owner/name`, or `demo`
        #[arg(value_parser = parse_repo)]
        repo: Option<String>,
    },
    /// Show the pool in numbers
    State,
    /// Show how often somebody may call, who calls most and what is open
    Limits,
    /// Show what happened in numbers, of the pool or of one repository
    Figures(admin_figures::FiguresArgs),
    /// Follow a repository at GitHub
    Github {
        #[command(subcommand)]
        command: admin_github::GithubCommand,
    },
    /// Search the audit trail, take it away, or prove it
    Audit(admin_audit::AuditArgs),
    /// Take a copy of the whole pool, while it goes on working
    Backup(admin_backup::BackupArgs),
    /// Show one task with its attempts
    Show(TaskArgs),
    /// Say why nobody gets a task
    Why(TaskArgs),
    /// Make a task ready again, with a fresh count of attempts
    Requeue(MoveArgs),
    /// Withdraw a task
    Cancel(MoveArgs),
    /// Send a pull request back to its author
    RequestChanges {
        #[command(flatten)]
        task: TaskArgs,
        /// What the author shall change
        #[arg(long)]
        reason: String,
    },
    /// Say that a task's pull request was merged
    Merge {
        #[command(flatten)]
        task: TaskArgs,
        /// How good it was, from 1 to 5
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=5))]
        rating: Option<u32>,
    },
    /// Say that a task's pull request was closed without merging
    Close(MoveArgs),
    /// Say that a merged pull request was taken out again
    Revert {
        #[command(flatten)]
        task: TaskArgs,
        /// What was wrong with it, kept with the task
        #[arg(long)]
        reason: String,
    },
    /// Judge the latest pull request of a task; 5 is best, and it counts in its author's reputation
    Rate {
        #[command(flatten)]
        task: TaskArgs,
        /// How good it was, from 1 to 5
        #[arg(value_name = "N", value_parser = clap::value_parser!(u32).range(1..=5))]
        rating: u32,
    },
    /// Show what a worker's finished tasks amount to, and from how many
    Reputation(admin_workers::WorkerArgs),
    /// Say how far a worker is trusted: tasks up to which tier it may take
    Trust(admin_workers::TrustArgs),
    /// Shut a worker out and give its tasks back
    Revoke {
        #[command(flatten)]
        worker: admin_workers::WorkerArgs,
        /// Why, kept in the audit trail
        #[arg(long)]
        reason: String,
    },
}

#[derive(Args)]
pub struct TaskArgs {
    /// The task's id, as `owp admin tasks` shows it
    #[arg(value_parser = |text: &str| parse_id(text, "t_", "a task"))]
    pub task: String,
}

#[derive(Args)]
pub struct MoveArgs {
    #[command(flatten)]
    task: TaskArgs,
    /// Why, kept with the task
    #[arg(long)]
    reason: Option<String>,
}

#[derive(Args)]
pub struct TasksArgs {
    /// Only those of this repository
    #[arg(long, value_parser = parse_repo)]
    repo: Option<String>,
    /// Only those in this state
    #[arg(long, value_parser = STATES)]
    state: Option<String>,
    /// Only those of this area
    #[arg(long)]
    area: Option<String>,
    /// Only those that ask for this skill
    #[arg(long)]
    skill: Option<String>,
    /// How many at the most
    #[arg(long, default_value_t = 50, conflicts_with = "all", value_parser = clap::value_parser!(u32).range(1..=100))]
    limit: u32,
    /// All of them, page by page
    #[arg(long)]
    all: bool,
}

pub async fn run(globals: &Globals, command: AdminCommand) -> Result<(), Failure> {
    if let AdminCommand::Login { token } = &command {
        return register::save_admin_token(globals, token);
    }
    let session = Session::open(globals, Auth::Admin)?;
    match command {
        AdminCommand::Login { .. } => Ok(()),
        AdminCommand::Audit(args) => admin_audit::run(&session, args).await,
        AdminCommand::Github { command } => admin_github::run(&session, command).await,
        AdminCommand::Backup(args) => admin_backup::run(&session, &args).await,
        AdminCommand::Figures(args) => admin_figures::run(&session, args).await,
        AdminCommand::InitRepo(args) => admin_repos::init_repo(&session, *args).await,
        AdminCommand::Admission(args) => admin_repos::admission(&session, args).await,
        AdminCommand::Import(args) => import::run(&session, args).await,
        AdminCommand::Add(args) => admin_tasks::add(&session, args).await,
        AdminCommand::Edit(args) => admin_tasks::edit(&session, args).await,
        AdminCommand::Tasks(args) => tasks(&session, args).await,
        AdminCommand::Workers { online } => admin_workers::list(&session, online).await,
        AdminCommand::Repos { repo } => admin_repos::show(&session, repo).await,
        AdminCommand::State => session.send_and_show(&operations::get_state(), word_pool).await,
        AdminCommand::Limits => session.send_and_show(&operations::get_limits(), word_limits).await,
        AdminCommand::Show(args) => {
            session.send_and_show(&operations::get_task(Auth::Admin, &TaskId(args.task)), word_task).await
        }
        AdminCommand::Why(args) => {
            session.send_and_show(&operations::explain_task(&TaskId(args.task)), word_reasons).await
        }
        AdminCommand::Requeue(args) => move_task(&session, args.task, TaskAction::Requeue, args.reason).await,
        AdminCommand::Cancel(args) => move_task(&session, args.task, TaskAction::Cancel, args.reason).await,
        AdminCommand::RequestChanges { task, reason } => {
            move_task(&session, task, TaskAction::RequestChanges, Some(reason)).await
        }
        AdminCommand::Merge { task, rating } => admin_tasks::merge(&session, task, rating).await,
        AdminCommand::Close(args) => move_task(&session, args.task, TaskAction::Close, args.reason).await,
        AdminCommand::Revert { task, reason } => move_task(&session, task, TaskAction::Revert, Some(reason)).await,
        AdminCommand::Rate { task, rating } => admin_tasks::rate(&session, task, rating).await,
        AdminCommand::Reputation(worker) => admin_workers::reputation(&session, worker).await,
        AdminCommand::Trust(args) => admin_workers::trust(&session, args).await,
        AdminCommand::Revoke { worker, reason } => admin_workers::revoke(&session, worker, reason).await,
    }
}

async fn move_task(
    session: &Session,
    task: TaskArgs,
    action: TaskAction,
    reason: Option<String>,
) -> Result<(), Failure> {
    let request = UpdateTaskRequest { action: Some(action), reason, ..UpdateTaskRequest::default() };
    session.send_and_show(&operations::update_task(&TaskId(task.task), &request), word_moved).await
}

async fn tasks(session: &Session, args: TasksArgs) -> Result<(), Failure> {
    let call = operations::list_tasks()
        .with_query("repo", args.repo)
        .with_query("state", args.state)
        .with_query("area", args.area)
        .with_query("skill", args.skill);
    let wanted = if args.all { None } else { Some(args.limit) };
    let answer = pages(session, &call, "tasks", wanted).await?;
    session.show(answer, |list: &ListTasksResponse| match (list.tasks.is_empty(), &list.next_cursor) {
        (true, _) => "no such tasks; `owp admin import FILE` puts tasks in".to_owned(),
        (false, Some(_)) => format!("{}there are more: --all lists them\n", lists::tasks(&list.tasks)),
        (false, None) => lists::tasks(&list.tasks),
    })
}

#[cfg(test)]
mod tests {
    use super::STATES;

    #[test]
    fn every_state_of_the_contract_can_be_asked_for() {
        let contract: serde_json::Value = serde_json::from_str(owp_wire::CONTRACT_JSON).unwrap();
        let states = contract.pointer("/components/schemas/TaskState/enum").and_then(serde_json::Value::as_array);
        let mut states: Vec<&str> = states.unwrap().iter().filter_map(serde_json::Value::as_str).collect();
        let mut known = STATES.to_vec();
        states.sort_unstable();
        known.sort_unstable();
        assert_eq!(known, states);
    }
}
