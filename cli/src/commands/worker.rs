//! What a contributor types: register, run, and the single steps for those who work by hand.

use super::reputation::word_reputation;
use super::{lists, offers, own_worker, register};
use crate::api::{self, Auth, operations};
use crate::cli::{Globals, is_id, parse_id, parsed};
use crate::clock::now;
use crate::errors::Failure;
use crate::output::{clean_line, distance, span};
use crate::runner::{self, RunArgs};
use crate::session::Session;
use clap::{Args, Subcommand};
use owp_wire::{
    Artifact, ExplainWorkResponse, FetchWorkResponse, FitCode, LeaseId, ReleaseLeaseRequest, ReleaseReason,
    ReportTaskStatusRequest, ReportedStatus, SendHeartbeatRequest, SendHeartbeatResponse, Task, TaskId,
    TaskStateResponse, Timestamp, Worker, WorkerId, WorkerStatus,
};
use std::fmt::Write as _;

#[derive(Subcommand)]
pub enum WorkerCommand {
    /// Take part: get an identity and a token for this machine
    Register(register::RegisterArgs),
    /// Take tasks one after the other and have a command do each
    Run(RunArgs),
    /// Show how the pool sees this worker
    Status,
    /// Change what you said when you registered, and when you have time and quota
    Set(own_worker::SetArgs),
    /// Show what your finished tasks amount to, and from how many
    Reputation,
    /// Take work once and list what is held
    Fetch,
    /// Ask what you could do; what is offered is kept for you for some minutes
    Offers(offers::OffersArgs),
    /// Take what was offered
    Accept(offers::AcceptArgs),
    /// Decline what was offered; it costs nothing and frees the task for others
    Reject(offers::RejectArgs),
    /// Report how a held task stands
    Report(ReportArgs),
    /// Hand a task back before its time is over
    Release(ReleaseArgs),
    /// Keep a task until your tool's quota is back, once for each lease
    Park(offers::ParkArgs),
    /// Say why there is no work for this worker
    Why,
    /// Say that this worker is there; `paused` gets no new tasks
    Heartbeat(HeartbeatArgs),
}

#[derive(Args)]
pub struct ReportArgs {
    /// The task's id, as `owp worker status` shows it
    #[arg(value_parser = |text: &str| parse_id(text, "t_", "a task"))]
    task: String,
    /// How it stands now; where the pool follows GitHub, a merge is told from there
    #[arg(value_parser = ["in_progress", "blocked", "pr_opened", "merged"])]
    status: String,
    /// The address of the pull request
    #[arg(long, value_name = "URL")]
    pr_url: Option<String>,
    /// The commit that holds the work
    #[arg(long, value_name = "SHA")]
    commit_sha: Option<String>,
    /// A word to the maintainer, such as what it waits for
    #[arg(long)]
    message: Option<String>,
    /// Where the work so far can be fetched from
    #[arg(long)]
    branch: Option<String>,
    /// What the next holder should know
    #[arg(long)]
    notes: Option<String>,
}

#[derive(Args)]
pub struct ReleaseArgs {
    /// The task's or the lease's id
    #[arg(value_name = "TASK_OR_LEASE")]
    target: String,
    /// Why it goes back; a reason that lies with the task costs no reputation
    #[arg(long, value_parser = ["insufficient_time", "unclear_requirements", "skill_mismatch", "quota_exhausted", "blocked", "failed", "shutdown"])]
    reason: String,
    /// More about that, for the maintainer
    #[arg(long)]
    message: Option<String>,
    /// Where the work so far can be fetched from
    #[arg(long)]
    branch: Option<String>,
    /// What the next holder should know
    #[arg(long)]
    notes: Option<String>,
}

#[derive(Args)]
pub struct HeartbeatArgs {
    /// `paused` gets no new tasks and keeps what it has
    #[arg(value_parser = ["idle", "working", "paused"])]
    status: String,
    /// What you are about, shown to maintainers
    #[arg(long)]
    note: Option<String>,
}

pub async fn run(globals: &Globals, command: WorkerCommand) -> Result<(), Failure> {
    if let WorkerCommand::Register(args) = command {
        return register::run(globals, args).await;
    }
    let session = Session::open(globals, Auth::Worker)?;
    match command {
        WorkerCommand::Register(_) => Ok(()),
        WorkerCommand::Run(args) => runner::run(session, args).await,
        WorkerCommand::Status => session.send_and_show(&operations::get_own_worker(), own_worker::word_worker).await,
        WorkerCommand::Set(args) => own_worker::set(&session, args).await,
        WorkerCommand::Reputation => {
            let me: Worker = api::decode(session.send(&operations::get_own_worker()).await?)?;
            let call = operations::get_reputation(Auth::Worker, &me.worker_id);
            session.send_and_show(&call, word_reputation).await
        }
        WorkerCommand::Fetch => session.send_and_show(&operations::fetch_work(0), word_work).await,
        WorkerCommand::Offers(args) => offers::ask(&session, args).await,
        WorkerCommand::Accept(args) => offers::accept(&session, args).await,
        WorkerCommand::Reject(args) => offers::reject(&session, args).await,
        WorkerCommand::Park(args) => offers::park(&session, args).await,
        WorkerCommand::Why => {
            session.send_and_show(&operations::explain_work(), |answer| word_reasons(answer, now())).await
        }
        WorkerCommand::Report(args) => report(&session, args).await,
        WorkerCommand::Release(args) => release(&session, args).await,
        WorkerCommand::Heartbeat(args) => {
            let status = parsed::<WorkerStatus>(&args.status);
            let call = operations::send_heartbeat(&SendHeartbeatRequest { status, note: args.note });
            let human = |answer: &SendHeartbeatResponse| {
                format!("{status}; say so again within {} s", answer.heartbeat_interval_s)
            };
            session.send_and_show(&call, human).await
        }
    }
}

async fn report(session: &Session, args: ReportArgs) -> Result<(), Failure> {
    let has_artifact = args.pr_url.is_some() || args.commit_sha.is_some();
    let request = ReportTaskStatusRequest {
        status: parsed::<ReportedStatus>(&args.status),
        message: args.message,
        artifact: has_artifact.then(|| Artifact {
            pr_url: args.pr_url,
            commit_sha: args.commit_sha,
            ..Artifact::default()
        }),
        lease_id: None,
        branch: args.branch,
        notes: args.notes,
    };
    let call = operations::report_task_status(&TaskId(args.task), &request);
    session.send_and_show(&call, word_state).await
}

async fn release(session: &Session, args: ReleaseArgs) -> Result<(), Failure> {
    let lease_id = lease_named(session, &args.target).await?;
    let request = ReleaseLeaseRequest {
        reason: parsed::<ReleaseReason>(&args.reason),
        message: args.message,
        branch: args.branch,
        notes: args.notes,
    };
    session.send_and_show(&operations::release_lease(&lease_id, &request), word_state).await
}

/// The lease that is meant by its own or its task's id.
pub async fn lease_named(session: &Session, target: &str) -> Result<LeaseId, Failure> {
    if is_id(target, "l_") {
        Ok(LeaseId(target.to_owned()))
    } else if is_id(target, "t_") {
        own_lease(session, &TaskId(target.to_owned())).await
    } else {
        Err(Failure::usage(
            format!("`{}` is neither a task nor a lease", clean_line(target)),
            "a task id looks like t_abc123, a lease id like l_abc123; `owp worker status` shows what you hold",
        ))
    }
}

/// Finds the caller's lease on a task by reading, because fetching work might take more of it.
async fn own_lease(session: &Session, task_id: &TaskId) -> Result<LeaseId, Failure> {
    let me: Worker = api::decode(session.send(&operations::get_own_worker()).await?)?;
    let task: Task = api::decode(session.send(&operations::get_task(Auth::Worker, task_id)).await?)?;
    live_lease(&task, &me.worker_id).ok_or_else(|| {
        Failure::local(format!("you hold no lease on {task_id}"), "`owp worker status` shows what you hold")
    })
}

fn live_lease(task: &Task, worker_id: &WorkerId) -> Option<LeaseId> {
    let running = task.attempts.iter().rev().find(|attempt| attempt.ended_at.is_none())?;
    running.lease_id.clone().filter(|_| running.worker_id.as_ref() == Some(worker_id))
}

pub fn word_state(answer: &TaskStateResponse) -> String {
    format!("{} is {} now", clean_line(&answer.task_id), answer.state)
}

fn word_work(work: &FetchWorkResponse) -> String {
    let mut text = lists::leases(work);
    if work.leases.is_empty() {
        text.push_str(
            "no work for you now; `owp worker why` says what keeps it back, and in mode `offer` `owp worker offers` asks\n",
        );
    } else {
        text.push_str(
            "\nnext: `owp worker report TASK in_progress`, then `owp worker report TASK pr_opened --pr-url URL`\n",
        );
    }
    text
}

fn word_reasons(answer: &ExplainWorkResponse, now: Timestamp) -> String {
    let mut text = format!("{}\n", clean_line(&answer.summary));
    text.push_str(&lists::reasons(&answer.reasons, "TASKS"));
    if answer.truncated {
        text.push_str("there are more ready tasks than were looked at\n");
    }
    if let Some(nearest) = &answer.nearest {
        let line = format!("first to change: {} {} ({})", nearest.code, distance(nearest.at, now), nearest.detail);
        let _ = writeln!(text, "{}", clean_line(&line));
    }
    if answer.reasons.iter().any(|reason| reason.code == FitCode::WorkerPaused) {
        text.push_str("next: `owp worker heartbeat idle` ends the pause\n");
    } else if answer.fitting > 0 {
        text.push_str(
            "next: `owp worker fetch` takes what fits, and in mode `offer` `owp worker offers` asks for it\n",
        );
    } else {
        let _ = writeln!(text, "asking again may bring another answer in {}", span(answer.retry_after_s));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::live_lease;
    use owp_wire::{LeaseId, Task, WorkerId};
    use serde_json::json;

    fn task(attempts: &serde_json::Value) -> Task {
        let moment = "2026-01-18T01:00:00.000Z";
        serde_json::from_value(json!({
            "task_id": "t_1", "repo": "demo", "title": "x", "description": "", "estimate_points": 1, "priority": 1,
            "required_skills": [], "area": null, "tier": 0, "state": "leased", "state_since": moment, "attempts_used": 1,
            "attempts_max": 3, "attempts": attempts, "created_at": moment, "updated_at": moment, "depends_on": [],
            "waits_for": [], "dependents": [], "security": false,
        }))
        .unwrap()
    }

    #[test]
    fn the_live_lease_is_the_attempt_that_has_not_ended_and_is_ours() {
        let (start, end) = ("2026-01-18T01:00:00.000Z", "2026-01-18T02:00:00.000Z");
        let over = json!({ "worker_id": "w_me", "lease_id": "l_1", "started_at": start, "ended_at": end });
        let live = json!({ "worker_id": "w_me", "lease_id": "l_2", "started_at": start });
        let me = WorkerId("w_me".into());
        assert_eq!(live_lease(&task(&json!([over, live])), &me), Some(LeaseId("l_2".into())));
        assert_eq!(live_lease(&task(&json!([over])), &me), None);
        assert_eq!(live_lease(&task(&json!([live])), &WorkerId("w_other".into())), None);
    }
}
