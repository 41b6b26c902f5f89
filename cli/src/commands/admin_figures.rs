//! What happened, in numbers.

use crate::api::operations;
use crate::cli::parse_repo;
use crate::errors::Failure;
use crate::output::{facts, span};
use crate::session::Session;
use clap::Args;
use owp_wire::{Analytics, RepoName, TimeSpread};

const EXAMPLES: &str = "\
Examples:
  owp admin figures
  owp admin figures owner/name --days 90";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct FiguresArgs {
    /// `owner/name`, or `demo`; the whole pool without it
    #[arg(value_parser = parse_repo)]
    repo: Option<String>,
    /// How many days, today among them
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=366))]
    days: u32,
}

pub async fn run(session: &Session, args: FiguresArgs) -> Result<(), Failure> {
    let call = match args.repo {
        Some(repo) => operations::get_repo_analytics(&RepoName(repo)),
        None => operations::get_pool_analytics(),
    };
    session.send_and_show(&call.with_query("days", Some(args.days)), word_figures).await
}

fn word_figures(told: &Analytics) -> String {
    let figures = &told.metrics;
    let mut pairs = vec![
        ("period", format!("{} to {}", told.from, told.to)),
        (
            "tasks",
            format!(
                "{} created, {} completed, {} closed unmerged, {} failed",
                figures.tasks_created, figures.tasks_completed, figures.tasks_closed, figures.tasks_failed
            ),
        ),
        (
            "leases",
            format!(
                "{} granted, {} expired ({}), {} released",
                figures.leases_granted,
                figures.leases_expired,
                percent(figures.lease_expiry_rate),
                figures.leases_released
            ),
        ),
        (
            "reviews",
            format!(
                "{} asked for, {} sent back; {} merged of those decided",
                figures.prs_opened,
                figures.changes_requested,
                percent(figures.pr_merge_rate)
            ),
        ),
        ("throttled", format!("{} of the time every review slot was taken", percent(figures.throttled_share))),
        ("workers", format!("{} of their time online they were busy", percent(figures.worker_utilization))),
        ("lead time", word_spread(&figures.lead_time)),
        ("  waiting", word_spread(&figures.wait_time)),
        ("  leased", word_spread(&figures.lease_time)),
        ("  work", word_spread(&figures.work_time)),
        ("  review", word_spread(&figures.review_time)),
    ];
    let names: Vec<String> = figures.bottlenecks.iter().map(ToString::to_string).collect();
    pairs.push(("held up by", if names.is_empty() { "nothing that stands out".to_owned() } else { names.join(", ") }));
    if let Some(forecast) = &told.forecast {
        let when = match forecast.days {
            Some(days) => format!("done in {days:.1} days at the present rate"),
            None => "nothing was completed in the last 28 days, so there is no telling when".to_owned(),
        };
        pairs.push(("backlog", format!("{} unfinished; {when}", forecast.unfinished)));
    }
    facts(&pairs)
}

fn word_spread(spread: &TimeSpread) -> String {
    let word = |seconds: Option<u64>| {
        seconds.map_or("-".to_owned(), |seconds| span(u32::try_from(seconds).unwrap_or(u32::MAX)))
    };
    format!("half within {}, nine in ten within {}", word(spread.p50_s), word(spread.p90_s))
}

fn percent(share: Option<f64>) -> String {
    share.map_or("-".to_owned(), |share| format!("{:.0} %", share * 100.0))
}
