//! What a maintainer decides about workers: how far each is trusted, and who is shut out.

use super::lists;
use super::pages::pages;
use super::reputation::word_reputation;
use crate::api::{Auth, operations};
use crate::cli::{parse_id, parsed};
use crate::errors::Failure;
use crate::output::clean_line;
use crate::session::Session;
use clap::Args;
use owp_wire::{
    ListWorkersResponse, RevokeWorkerRequest, RevokeWorkerResponse, RunningLeases, SetTrustTierRequest,
    SetTrustTierResponse, TaskId, TrustTier, WorkerId,
};
use std::fmt::Write as _;

#[derive(Args)]
pub struct WorkerArgs {
    /// The worker's id, as `owp admin workers` shows it
    #[arg(value_parser = |text: &str| parse_id(text, "w_", "a worker"))]
    worker: String,
}

const EXAMPLES: &str = "\
Examples:
  owp admin trust w_abc123 trusted --reason 'ten merged without a round of changes'
  owp admin trust w_abc123 untrusted --reason 'ignored two reviews' --take-back";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct TrustArgs {
    #[command(flatten)]
    worker: WorkerArgs,
    /// `untrusted`, `basic`, `trusted` or `maintainer`, who take tasks up to tier 0, 1, 2, 3
    #[arg(value_parser = ["untrusted", "basic", "trusted", "maintainer"])]
    tier: String,
    /// Why, kept in the audit trail
    #[arg(long)]
    reason: String,
    /// Take tasks back at once that the worker holds and may no longer take; else those are left to end
    #[arg(long)]
    take_back: bool,
    /// You made sure that the GitHub handle is the worker's own, which allow-lists ask for
    #[arg(long, conflicts_with = "handle_unverified")]
    handle_verified: bool,
    /// Take that back
    #[arg(long)]
    handle_unverified: bool,
}

pub async fn list(session: &Session, online: bool) -> Result<(), Failure> {
    let call = operations::list_workers().with_query("online", online.then_some(true));
    let answer = pages(session, &call, "workers", None).await?;
    session.show(answer, |list: &ListWorkersResponse| {
        if list.workers.is_empty() {
            return "no workers; one joins with `owp worker register --name NAME`".to_owned();
        }
        lists::workers(&list.workers)
    })
}

pub async fn reputation(session: &Session, args: WorkerArgs) -> Result<(), Failure> {
    session.send_and_show(&operations::get_reputation(Auth::Admin, &args.id()), word_reputation).await
}

pub async fn trust(session: &Session, args: TrustArgs) -> Result<(), Failure> {
    let request = SetTrustTierRequest {
        tier: parsed::<TrustTier>(&args.tier),
        reason: args.reason,
        leases: if args.take_back { RunningLeases::TakeBack } else { RunningLeases::LetRun },
        handle_verified: if args.handle_verified { Some(true) } else { args.handle_unverified.then_some(false) },
    };
    session.send_and_show(&operations::set_trust_tier(&args.worker.id(), &request), word_trust).await
}

pub async fn revoke(session: &Session, args: WorkerArgs, reason: String) -> Result<(), Failure> {
    let call = operations::revoke_worker(&args.id(), &RevokeWorkerRequest { reason });
    session.send_and_show(&call, word_revoked).await
}

impl WorkerArgs {
    fn id(self) -> WorkerId {
        WorkerId(self.worker)
    }
}

fn word_trust(answer: &SetTrustTierResponse) -> String {
    let mut text = format!("the trust tier of {} is {} now\n", clean_line(&answer.worker_id), answer.trust_tier);
    if !answer.offers_withdrawn.is_empty() {
        let _ = writeln!(text, "offers taken back: {}", joined(&answer.offers_withdrawn));
    }
    if !answer.tasks_requeued.is_empty() {
        let _ = writeln!(text, "back in the queue: {}", joined(&answer.tasks_requeued));
    }
    text
}

fn word_revoked(answer: &RevokeWorkerResponse) -> String {
    let back = if answer.tasks_requeued.is_empty() {
        "it held no tasks".to_owned()
    } else {
        format!("back in the queue: {}", joined(&answer.tasks_requeued))
    };
    clean_line(&format!("{} is shut out; {back}", answer.worker_id))
}

fn joined(tasks: &[TaskId]) -> String {
    clean_line(&tasks.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
}
