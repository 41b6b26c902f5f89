//! What a worker says about itself and how the pool sees it. An availability is replaced as a whole by the protocol, so
//! what a command leaves out is read first and sent along.

use super::reputation;
use crate::api::{self, operations};
use crate::cli::parsed;
use crate::clock::now;
use crate::errors::Failure;
use crate::output::{distance, facts, list_or_dash, or_dash};
use crate::session::Session;
use crate::when::{OrNone, When};
use clap::Args;
use owp_wire::{Availability, TaskId, Timestamp, UpdateOwnWorkerRequest, WorkMode, Worker};

/// The most that the contract takes.
const POINTS_PER_DAY_MAX: u32 = 1000;

const EXAMPLES: &str = "\
Examples:
  owp worker set --mode offer --until 3h --points-per-day 8
  owp worker set --until none --skills rust,docs
  owp worker set --quota-resets-at 2026-01-19T05:00:00Z

What is not named stays as it is, and what you hold stays yours. A runner takes a change of mode up when it is started \
again.";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
#[group(required = true, multiple = true)]
pub struct SetArgs {
    /// What you can do, separated by commas; all of it, the earlier list is replaced
    #[arg(long, value_delimiter = ',')]
    skills: Option<Vec<String>>,
    /// How many estimate points you take on at once
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100))]
    points: Option<u32>,
    /// How many tasks you take on at once
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=20))]
    max_tasks: Option<u32>,
    /// `auto`: tasks are given; `offer`: they are offered, and you accept or reject each
    #[arg(long, value_parser = ["auto", "offer"])]
    mode: Option<String>,
    /// Nothing that would not be done by then, such as 3h or 2026-01-18T23:00:00Z; `none` for no end
    #[arg(long, value_name = "WHEN")]
    until: Option<OrNone<When>>,
    /// Your tool's quota is spent until then, so nothing new comes; `none` when it is back
    #[arg(long, value_name = "WHEN")]
    quota_resets_at: Option<OrNone<When>>,
    /// How many estimate points are given to you in one day (UTC) at the most; `none` for no limit
    #[arg(long, value_name = "N", value_parser = parse_points_per_day)]
    points_per_day: Option<OrNone<u32>>,
}

pub async fn set(session: &Session, args: SetArgs) -> Result<(), Failure> {
    let mut request = UpdateOwnWorkerRequest {
        skills: args.skills.as_deref().map(trimmed),
        capacity_points: args.points,
        max_concurrent_tasks: args.max_tasks,
        work_mode: args.mode.as_deref().map(parsed::<WorkMode>),
        availability: None,
    };
    if args.changes_availability() {
        let me: Worker = api::decode(session.send(&operations::get_own_worker()).await?)?;
        request.availability = Some(args.availability(&me.availability, now()));
    }
    session.send_and_show(&operations::update_own_worker(&request), word_worker).await
}

impl SetArgs {
    fn changes_availability(&self) -> bool {
        self.until.is_some() || self.quota_resets_at.is_some() || self.points_per_day.is_some()
    }

    fn availability(&self, known: &Availability, now: Timestamp) -> Availability {
        let moment = |asked: Option<OrNone<When>>, known| match asked {
            Some(asked) => asked.into_option().map(|when| when.seen_from(now)),
            None => known,
        };
        Availability {
            until: moment(self.until, known.until),
            quota_resets_at: moment(self.quota_resets_at, known.quota_resets_at),
            points_per_day: self.points_per_day.map_or(known.points_per_day, OrNone::into_option),
        }
    }
}

/// Between commas may be spaces, and nothing at all.
pub fn trimmed(words: &[String]) -> Vec<String> {
    words.iter().map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect()
}

fn parse_points_per_day(text: &str) -> Result<OrNone<u32>, String> {
    match text.parse()? {
        OrNone::Some(points) if !(1..=POINTS_PER_DAY_MAX).contains(&points) => {
            Err(format!("a number from 1 to {POINTS_PER_DAY_MAX}; `none` takes it away"))
        }
        points => Ok(points),
    }
}

pub fn word_worker(worker: &Worker) -> String {
    let ids = |ids: &[TaskId]| list_or_dash(&ids.iter().map(ToString::to_string).collect::<Vec<_>>());
    let mut status = format!("{}, {}", worker.status, if worker.online { "online" } else { "offline" });
    if worker.revoked {
        status.push_str(", revoked");
    }
    let verified = if worker.github_handle_verified { " (verified)" } else { "" };
    facts(&[
        ("worker", worker.worker_id.to_string()),
        ("name", worker.name.clone()),
        ("github", format!("{}{verified}", or_dash(worker.github_handle.as_deref()))),
        ("status", status),
        ("note", worker.note.clone().unwrap_or_default()),
        ("mode", worker.work_mode.to_string()),
        ("available", word_availability(&worker.availability, worker.points_today, now())),
        ("trust tier", reputation::tier(worker.trust_tier, worker.trust_tier_suggested)),
        ("reputation", reputation::score(worker.reputation_score, &worker.reputation_sample)),
        ("skills", list_or_dash(&worker.skills)),
        ("points", format!("{} of {} held", worker.points_held, worker.capacity_points)),
        ("tasks", format!("{} of {} held", worker.tasks_held.len(), worker.max_concurrent_tasks)),
        ("held", ids(&worker.tasks_held)),
        ("offered", ids(&worker.tasks_offered)),
        ("in review", ids(&worker.tasks_in_review)),
    ])
}

/// Empty where nothing limits it.
fn word_availability(availability: &Availability, points_today: u32, now: Timestamp) -> String {
    let mut limits = Vec::new();
    match availability.until {
        Some(until) if until <= now => limits.push(format!(
            "no more: its time ended {}, and `owp worker set --until none` gives it more",
            distance(until, now)
        )),
        Some(until) => limits.push(format!("until {until}, {}", distance(until, now))),
        None => {}
    }
    if let Some(back) = availability.quota_resets_at.filter(|back| *back > now) {
        limits.push(format!("quota back {}", distance(back, now)));
    }
    if let Some(points) = availability.points_per_day {
        limits.push(format!("{points_today} of {points} points given today (UTC)"));
    }
    limits.join("; ")
}

#[cfg(test)]
mod tests {
    use super::{SetArgs, parse_points_per_day, word_availability};
    use crate::when::{OrNone, When};
    use owp_wire::{Availability, Timestamp};

    const NOW: Timestamp = Timestamp::from_millis(1_768_766_400_000);

    fn known() -> Availability {
        Availability { until: Some(NOW), quota_resets_at: Some(NOW.plus_s(60)), points_per_day: Some(8) }
    }

    fn args() -> SetArgs {
        SetArgs {
            skills: None,
            points: None,
            max_tasks: None,
            mode: None,
            until: None,
            quota_resets_at: None,
            points_per_day: None,
        }
    }

    #[test]
    fn a_limit_that_is_not_named_stays_and_none_takes_one_away() {
        let later = SetArgs { until: Some(OrNone::Some(When::In(3600))), ..args() };
        assert_eq!(later.availability(&known(), NOW), Availability { until: Some(NOW.plus_s(3600)), ..known() });
        let free = SetArgs { quota_resets_at: Some(OrNone::None), points_per_day: Some(OrNone::None), ..args() };
        let expected = Availability { until: Some(NOW), ..Availability::default() };
        assert_eq!(free.availability(&known(), NOW), expected);
        assert!(!args().changes_availability() && later.changes_availability());
    }

    #[test]
    fn points_for_a_day_are_within_the_contract() {
        assert_eq!(parse_points_per_day("1000"), Ok(OrNone::Some(1000)));
        assert_eq!(parse_points_per_day("none"), Ok(OrNone::None));
        for bad in ["0", "1001", "-1", "few"] {
            assert!(parse_points_per_day(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_limits_a_worker_is_said_and_a_time_that_is_over_is_called_so() {
        let text = word_availability(&known(), 3, NOW);
        assert!(text.starts_with("no more: its time ended 0s ago"), "{text}");
        assert!(text.ends_with("quota back in 1m; 3 of 8 points given today (UTC)"), "{text}");
        assert_eq!(word_availability(&Availability::default(), 3, NOW), "");
    }
}
