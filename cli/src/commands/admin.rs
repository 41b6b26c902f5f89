//! What a maintainer types: repositories and their budgets, tasks and what becomes of them, workers.

use super::admin_answers::{word_pool, word_reasons, word_revoked, word_task};
use super::{import, lists, register};
use crate::api::{Auth, Call, operations};
use crate::cli::{Globals, parse_id};
use crate::errors::Failure;
use crate::output::clean_line;
use crate::session::Session;
use clap::{Args, Subcommand};
use owp_wire::{
    ListReposResponse, ListTasksResponse, ListWorkersResponse, PutRepoRequest, PutRepoResponse, RepoName,
    RevokeWorkerRequest, Task, TaskAction, TaskId, UpdateTaskRequest, WorkerId,
};
use serde_json::{Value, json};

/// As many as a page may hold.
const PAGE_MAX: u32 = 100;

#[derive(Subcommand)]
pub enum AdminCommand {
    /// Save the admin token for a server, so that it need not be given each time
    Login {
        #[arg(long)]
        token: String,
    },
    /// Register a repository or change its settings
    InitRepo(InitRepoArgs),
    /// Put a file of tasks in; importing it again updates them
    Import(import::ImportArgs),
    /// List tasks, newest first
    Tasks(TasksArgs),
    /// List workers, newest first
    Workers {
        /// Only those heard of lately
        #[arg(long)]
        online: bool,
    },
    /// List repositories with their review budgets
    Repos,
    /// Show the pool in numbers
    State,
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
    Merge(TaskArgs),
    /// Say that a task's pull request was closed without merging
    Close(MoveArgs),
    /// Shut a worker out and give its tasks back
    Revoke {
        #[arg(value_parser = |text: &str| parse_id(text, "w_", "worker"))]
        worker: String,
        #[arg(long)]
        reason: String,
    },
}

#[derive(Args)]
pub struct TaskArgs {
    #[arg(value_parser = |text: &str| parse_id(text, "t_", "task"))]
    task: String,
}

#[derive(Args)]
pub struct MoveArgs {
    #[command(flatten)]
    task: TaskArgs,
    #[arg(long)]
    reason: Option<String>,
}

#[derive(Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own; the pairs exclude each other")]
pub struct InitRepoArgs {
    /// `owner/name`, or `demo`
    repo: String,
    /// How many leases and open pull requests at once; 0 stops assignment [default for a new one: 3]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=100))]
    max_open_prs: Option<u32>,
    /// Let several tasks of one area be worked on at once
    #[arg(long, conflicts_with = "area_locks")]
    no_area_locks: bool,
    /// One task per area at a time
    #[arg(long)]
    area_locks: bool,
    /// Stop assignment and keep the budget as it is
    #[arg(long, conflicts_with = "resume")]
    paused: bool,
    /// End a pause
    #[arg(long)]
    resume: bool,
    /// Where workers clone it from
    #[arg(long, value_name = "URL")]
    clone_url: Option<String>,
}

#[derive(Args)]
pub struct TasksArgs {
    #[arg(long)]
    repo: Option<String>,
    /// Such as `ready`, `in_progress` or `pr_opened`
    #[arg(long)]
    state: Option<owp_wire::TaskState>,
    #[arg(long)]
    area: Option<String>,
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
        AdminCommand::InitRepo(args) => init_repo(&session, args).await,
        AdminCommand::Import(args) => import::run(&session, args).await,
        AdminCommand::Tasks(args) => tasks(&session, args).await,
        AdminCommand::Workers { online } => workers(&session, online).await,
        AdminCommand::Repos => repos(&session).await,
        AdminCommand::State => session.send_and_show(&operations::get_state(), word_pool).await,
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
        AdminCommand::Merge(task) => move_task(&session, task, TaskAction::Merge, None).await,
        AdminCommand::Close(args) => move_task(&session, args.task, TaskAction::Close, args.reason).await,
        AdminCommand::Revoke { worker, reason } => {
            let call = operations::revoke_worker(&WorkerId(worker), &RevokeWorkerRequest { reason });
            session.send_and_show(&call, word_revoked).await
        }
    }
}

async fn init_repo(session: &Session, args: InitRepoArgs) -> Result<(), Failure> {
    let either = |yes: bool, no: bool| if yes { Some(true) } else { no.then_some(false) };
    let request = PutRepoRequest {
        repo: RepoName(args.repo),
        max_open_prs: args.max_open_prs,
        area_locks_enabled: either(args.area_locks, args.no_area_locks),
        paused: either(args.paused, args.resume),
        clone_url: args.clone_url,
    };
    let human = |answer: &PutRepoResponse| {
        format!("{}\nnext: `owp admin import FILE` puts tasks in", lists::repos(std::slice::from_ref(&answer.settings)))
    };
    session.send_and_show(&operations::put_repo(&request), human).await
}

async fn move_task(
    session: &Session,
    task: TaskArgs,
    action: TaskAction,
    reason: Option<String>,
) -> Result<(), Failure> {
    let request = UpdateTaskRequest { action: Some(action), reason, ..UpdateTaskRequest::default() };
    let human = |task: &Task| clean_line(&format!("{} is {} now: {}", task.task_id, task.state, task.title));
    session.send_and_show(&operations::update_task(&TaskId(task.task), &request), human).await
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

async fn workers(session: &Session, online: bool) -> Result<(), Failure> {
    let call = operations::list_workers().with_query("online", online.then_some(true));
    let answer = pages(session, &call, "workers", None).await?;
    session.show(answer, |list: &ListWorkersResponse| {
        if list.workers.is_empty() {
            return "no workers; one joins with `owp worker register --name NAME`".to_owned();
        }
        lists::workers(&list.workers)
    })
}

async fn repos(session: &Session) -> Result<(), Failure> {
    let answer = pages(session, &operations::list_repos(), "repos", None).await?;
    session.show(answer, |list: &ListReposResponse| {
        if list.repos.is_empty() {
            return "no repositories; `owp admin init-repo OWNER/NAME` registers one".to_owned();
        }
        lists::repos(&list.repos)
    })
}

/// Follows the cursors until there are as many as wanted, because a page may be short while more follows. The answer has
/// the shape of one page.
async fn pages(session: &Session, call: &Call, field: &str, wanted: Option<u32>) -> Result<Value, Failure> {
    let mut items = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let missing =
            wanted.map_or(PAGE_MAX, |wanted| wanted.saturating_sub(u32::try_from(items.len()).unwrap_or(u32::MAX)));
        let page =
            call.clone().with_query("limit", Some(missing.min(PAGE_MAX))).with_query("cursor", cursor.as_deref());
        let mut answer = session.send(&page).await?;
        items.extend(answer.get_mut(field).and_then(Value::as_array_mut).map(std::mem::take).unwrap_or_default());
        let next = answer.get("next_cursor").and_then(Value::as_str).map(str::to_owned);
        // A cursor that stands still would keep us here for ever.
        let over = next.is_none() || next == cursor || wanted.is_some_and(|wanted| items.len() >= wanted as usize);
        cursor = next;
        if over {
            break;
        }
    }
    Ok(match cursor {
        Some(cursor) => json!({ field: items, "next_cursor": cursor }),
        None => json!({ field: items }),
    })
}
