//! Work by offer: ask what there is, take it or leave it. And keeping a task over the time without quota.

use super::lists;
use super::worker::{lease_named, word_state};
use crate::api::operations;
use crate::cli::{parse_id, parsed};
use crate::clock::now;
use crate::errors::Failure;
use crate::output::{clean_block, clean_line, distance};
use crate::session::Session;
use crate::when::When;
use clap::Args;
use owp_wire::{
    AcceptOfferResponse, OfferId, ParkLeaseRequest, ParkLeaseResponse, RejectOfferRequest, RejectReason,
    RequestOffersResponse, Timestamp,
};
use std::fmt::Write as _;

#[derive(Args)]
pub struct OffersArgs {
    /// Have so many open offers at the most; 0 only shows those that are open [default: what your capacity allows]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(..=20))]
    limit: Option<u32>,
    /// Show the text of each task too
    #[arg(long)]
    full: bool,
}

#[derive(Args)]
pub struct AcceptArgs {
    /// The offer's id, as `owp worker offers` shows it
    #[arg(value_parser = |text: &str| parse_id(text, "o_", "an offer"))]
    offer: String,
}

#[derive(Args)]
pub struct RejectArgs {
    /// The offer's id, as `owp worker offers` shows it
    #[arg(value_parser = |text: &str| parse_id(text, "o_", "an offer"))]
    offer: String,
    /// Why not; a text that several call unclear goes back to its maintainer
    #[arg(long, value_parser = ["insufficient_time", "unclear_requirements", "skill_mismatch", "quota"])]
    reason: String,
    /// What is unclear, or anything else the maintainer should know
    #[arg(long)]
    message: Option<String>,
}

#[derive(Args)]
pub struct ParkArgs {
    /// The task's or the lease's id
    #[arg(value_name = "TASK_OR_LEASE")]
    target: String,
    /// When your quota is back, such as 3h or 2026-01-18T05:00:00Z
    #[arg(long, value_name = "WHEN")]
    until: When,
    /// Where the work so far can be fetched from
    #[arg(long)]
    branch: Option<String>,
    /// What the next holder should know, should it come to one
    #[arg(long)]
    notes: Option<String>,
}

pub async fn ask(session: &Session, args: OffersArgs) -> Result<(), Failure> {
    session.send_and_show(&operations::request_offers(args.limit), |answer| word_offers(answer, &args)).await
}

pub async fn accept(session: &Session, args: AcceptArgs) -> Result<(), Failure> {
    let human = |answer: &AcceptOfferResponse| {
        let task_id = clean_line(&answer.task_id);
        format!(
            "{task_id} is leased to you, and the lease ends {}\nnext: `owp worker report {task_id} in_progress`, then \
             `owp worker report {task_id} pr_opened --pr-url URL`",
            distance(answer.lease_expires_at, now())
        )
    };
    session.send_and_show(&operations::accept_offer(&OfferId(args.offer)), human).await
}

pub async fn reject(session: &Session, args: RejectArgs) -> Result<(), Failure> {
    let request = RejectOfferRequest { reason: parsed::<RejectReason>(&args.reason), message: args.message };
    session.send_and_show(&operations::reject_offer(&OfferId(args.offer), &request), word_state).await
}

pub async fn park(session: &Session, args: ParkArgs) -> Result<(), Failure> {
    let lease_id = lease_named(session, &args.target).await?;
    let until = args.until.seen_from(now());
    let request = ParkLeaseRequest { quota_resets_at: until, branch: args.branch, notes: args.notes };
    let call = operations::park_lease(&lease_id, &request);
    session.send_and_show(&call, |answer| word_parked(answer, until, now())).await
}

fn word_offers(answer: &RequestOffersResponse, args: &OffersArgs) -> String {
    if answer.offers.is_empty() && args.limit == Some(0) {
        return "none of your offers is open".to_owned();
    }
    if answer.offers.is_empty() {
        return "no offers for you now; `owp worker why` says what keeps them back".to_owned();
    }
    let mut text = lists::offers(answer);
    for offer in answer.offers.iter().filter(|_| args.full) {
        let _ = write!(text, "\n{} {}\n", offer.offer_id, clean_line(&offer.title));
        let _ = writeln!(text, "{}", clean_block(&offer.description).trim_end());
    }
    text.push_str(
        "\nnext: `owp worker accept OFFER`, or `owp worker reject OFFER --reason insufficient_time`, which costs nothing\n",
    );
    text
}

fn word_parked(answer: &ParkLeaseResponse, asked: Timestamp, now: Timestamp) -> String {
    let task_id = clean_line(&answer.task_id);
    let mut text =
        format!("{task_id} is parked until {}, {}\n", answer.parked_until, distance(answer.parked_until, now));
    if answer.parked_until < asked {
        text.push_str(
            "that is as long as a lease may be parked, and your quota is back later: consider handing it back\n",
        );
    }
    let _ = write!(
        text,
        "next: `owp worker report {task_id} in_progress` takes it up again; its lease ends {}",
        distance(answer.lease_expires_at, now)
    );
    text
}

#[cfg(test)]
mod tests {
    use super::word_parked;
    use owp_wire::{LeaseId, ParkLeaseResponse, TaskId, Timestamp};

    #[test]
    fn parking_for_less_than_was_asked_is_said() {
        let now = Timestamp::from_millis(1_768_766_400_000);
        let answer = ParkLeaseResponse {
            ok: true,
            lease_id: LeaseId("l_1".into()),
            task_id: TaskId("t_1".into()),
            parked_until: now.plus_s(3600),
            lease_expires_at: now.plus_s(7200),
        };
        let text = word_parked(&answer, now.plus_s(3600), now);
        assert!(text.starts_with("t_1 is parked until 2026-01-18T21:00:00.000Z, in 1h 0m\nnext: "), "{text}");
        assert!(word_parked(&answer, now.plus_s(3601), now).contains("your quota is back later"));
    }
}
