//! Single tasks by hand: put one in, change it, judge what came of it.

use super::admin::TaskArgs;
use super::admin_answers::{word_moved, word_task};
use super::own_worker::trimmed;
use crate::api::operations;
use crate::cli::parse_repo;
use crate::errors::Failure;
use crate::output::clean_line;
use crate::session::Session;
use clap::Args;
use owp_wire::{NewTask, RepoName, Task, TaskAction, TaskId, TaskStateResponse, UpdateTaskRequest};

const EXAMPLES: &str = "\
Examples:
  owp admin add owner/repo 'Describe the configuration' --skills docs --points 2 --key docs-1
  owp admin add owner/repo 'Colour the output' --area cli --depends-on docs-1,lib-4@owner/other
  owp admin add owner/repo 'Check tokens in constant time' --security --priority 90 --tier 1";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct AddArgs {
    /// `owner/name`, or `demo`
    #[arg(value_parser = parse_repo)]
    repo: String,
    /// What it is about, in a line
    title: String,
    /// What is to be done, and when it is done; Markdown
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    description: String,
    /// Names the task within its repository, for imports and dependencies
    #[arg(long)]
    key: Option<String>,
    /// How much work it is, 1 to 100
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100))]
    points: u32,
    /// Higher first
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(0..=1000))]
    priority: u32,
    /// What a worker must know, separated by commas
    #[arg(long, value_delimiter = ',')]
    skills: Vec<String>,
    /// The part of the repository that it is about; of one area, one task at a time is worked on
    #[arg(long)]
    area: Option<String>,
    /// How sensitive it is, 0 to 3
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=3))]
    tier: u32,
    /// After so many leases that came to nothing it has failed
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    attempts_max: u32,
    /// Tasks that have to be merged first, separated by commas: t_abc123, a key, or key@owner/name
    #[arg(long, value_name = "TASKS", value_delimiter = ',')]
    depends_on: Vec<String>,
    /// It may use the extra slots that its repository keeps for security
    #[arg(long)]
    security: bool,
    /// GitHub handle of who asked for it; doing one's own tasks earns no reputation
    #[arg(long, value_name = "HANDLE")]
    filed_by: Option<String>,
}

#[derive(Args)]
pub struct EditArgs {
    #[command(flatten)]
    task: TaskArgs,
    #[command(flatten)]
    edits: Edits,
}

/// While a task is held or in review, what its holder relied on can't be changed; the server says which.
#[derive(Args)]
#[group(required = true, multiple = true)]
struct Edits {
    /// What it is about, in a line
    #[arg(long)]
    title: Option<String>,
    /// What is to be done, and when it is done; Markdown
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// How much work it is, 1 to 100
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100))]
    points: Option<u32>,
    /// Higher first
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=1000))]
    priority: Option<u32>,
    /// All that a worker must know, separated by commas; an empty list for none
    #[arg(long, value_delimiter = ',')]
    skills: Option<Vec<String>>,
    /// The part of the repository that it is about; an empty one for none
    #[arg(long)]
    area: Option<String>,
    /// How sensitive it is, 0 to 3
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=3))]
    tier: Option<u32>,
    /// After so many leases that came to nothing it has failed
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    attempts_max: Option<u32>,
    /// All tasks that have to be merged first: t_abc123, a key, or key@owner/name; an empty list for none
    #[arg(long, value_name = "TASKS", value_delimiter = ',')]
    depends_on: Option<Vec<String>>,
    /// Let it use the extra slots that its repository keeps for security
    #[arg(long, conflicts_with = "no_security")]
    security: bool,
    /// Keep it from those slots
    #[arg(long)]
    no_security: bool,
}

pub async fn add(session: &Session, args: AddArgs) -> Result<(), Failure> {
    let title = args.title.clone();
    let request = NewTask {
        repo: RepoName(args.repo),
        key: args.key,
        title: args.title,
        description: args.description,
        estimate_points: args.points,
        priority: args.priority,
        required_skills: trimmed(&args.skills),
        area: args.area,
        tier: args.tier,
        attempts_max: args.attempts_max,
        depends_on: trimmed(&args.depends_on),
        security: args.security,
        filed_by: args.filed_by,
    };
    let human =
        |answer: &TaskStateResponse| clean_line(&format!("{} is in and {}: {title}", answer.task_id, answer.state));
    session.send_and_show(&operations::create_task(&request), human).await
}

pub async fn edit(session: &Session, args: EditArgs) -> Result<(), Failure> {
    let edits = args.edits;
    let request = UpdateTaskRequest {
        title: edits.title,
        description: edits.description,
        estimate_points: edits.points,
        priority: edits.priority,
        required_skills: edits.skills.as_deref().map(trimmed),
        area: edits.area,
        tier: edits.tier,
        attempts_max: edits.attempts_max,
        depends_on: edits.depends_on.as_deref().map(trimmed),
        security: if edits.security { Some(true) } else { edits.no_security.then_some(false) },
        ..UpdateTaskRequest::default()
    };
    session.send_and_show(&operations::update_task(&TaskId(args.task.task), &request), word_task).await
}

pub async fn merge(session: &Session, task: TaskArgs, rating: Option<u32>) -> Result<(), Failure> {
    let request = UpdateTaskRequest { action: Some(TaskAction::Merge), rating, ..UpdateTaskRequest::default() };
    session.send_and_show(&operations::update_task(&TaskId(task.task), &request), word_moved).await
}

pub async fn rate(session: &Session, task: TaskArgs, rating: u32) -> Result<(), Failure> {
    let request = UpdateTaskRequest { rating: Some(rating), ..UpdateTaskRequest::default() };
    let human = |task: &Task| clean_line(&format!("{} is rated {rating} of 5: {}", task.task_id, task.title));
    session.send_and_show(&operations::update_task(&TaskId(task.task), &request), human).await
}
