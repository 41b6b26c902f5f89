//! What a maintainer sets for a repository: its budget, when and how fast new work starts, and whom it is given to.

use super::lists;
use super::pages::pages;
use crate::api::{self, operations};
use crate::cli::{parse_repo, parsed};
use crate::clock::now;
use crate::errors::Failure;
use crate::output::{clean_line, distance, facts, list_or_dash, span};
use crate::session::Session;
use crate::when::{OrNone, When};
use clap::Args;
use owp_wire::{
    Admission, ListReposResponse, PutAdmissionRequest, PutRepoRequest, PutRepoResponse, QuietHours, Repo, RepoName,
    Timestamp, TrustTier, Weekday,
};
use serde_json::json;
use std::collections::BTreeSet;

const REPO_EXAMPLES: &str = "\
Examples:
  owp admin init-repo owner/repo --max-open-prs 3
  owp admin set-repo owner/repo --paused-until 3h
  owp admin set-repo owner/repo --quiet-hours 22:00-07:00 --quiet-hours 'sat,sun 00:00-24:00'
  owp admin set-repo owner/repo --trust-tier-min basic --security-extra-slots 1 --reputation-bar 60

Pauses, quiet hours and the hourly limit hold back new work only; nothing is taken from anybody.";

const ADMISSION_EXAMPLES: &str = "\
Examples:
  owp admin admission owner/repo
  owp admin admission owner/repo --allow alice-dev --deny spam-bot
  owp admin admission owner/repo --vouched VOUCHED.td

A handle moves to the list it is named for. Allowed ones matter where `--allow-listed-only` is set for the repository, \
and only with a handle that is verified: `owp admin trust WORKER TIER --reason R --handle-verified`.";

#[derive(Args)]
#[command(after_help = REPO_EXAMPLES)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own; the pairs exclude each other")]
pub struct InitRepoArgs {
    /// `owner/name`, or `demo`
    #[arg(value_parser = parse_repo)]
    repo: String,
    /// How many leases, offers and open pull requests at once; 0 stops assignment [default for a new one: 3]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=100))]
    max_open_prs: Option<u32>,
    /// Let several tasks of one area be worked on at once
    #[arg(long, conflicts_with = "area_locks")]
    no_area_locks: bool,
    /// One task per area at a time
    #[arg(long)]
    area_locks: bool,
    /// Stop assignment and keep the budget as it is
    #[arg(long, conflicts_with_all = ["resume", "paused_until"])]
    paused: bool,
    /// Stop assignment until then, such as 3h or 2026-01-19T07:00:00Z; it begins again by itself
    #[arg(long, value_name = "WHEN", conflicts_with = "resume")]
    paused_until: Option<When>,
    /// End a pause
    #[arg(long)]
    resume: bool,
    /// Where workers clone it from
    #[arg(long, value_name = "URL")]
    clone_url: Option<String>,
    /// Share among repositories that compete for workers: twice the weight, twice the points [default for a new one: 10]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100), help_heading = "Pace")]
    weight: Option<u32>,
    /// How many tasks are given in an hour at the most; 0 for no limit
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=100), help_heading = "Pace")]
    prs_per_hour_max: Option<u32>,
    /// When no new work starts, in UTC, such as "22:00-07:00" or "sat,sun 00:00-24:00"; once for each, or `none`
    #[arg(long, value_name = "HOURS", value_parser = parse_quiet_hours, help_heading = "Pace")]
    quiet_hours: Vec<OrNone<QuietHours>>,
    /// A pull request without a sign of life for so many days takes no slot any more; 0 for never
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(0..=365), help_heading = "Pace")]
    review_idle_days: Option<u32>,
    /// How many slots beyond the budget are for tasks marked security
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=20), help_heading = "Pace")]
    security_extra_slots: Option<u32>,
    /// The least trusted workers that get tasks of it
    #[arg(long, value_name = "TIER", value_parser = ["untrusted", "basic", "trusted", "maintainer"], help_heading = "Whom it is for")]
    trust_tier_min: Option<String>,
    /// Only for workers whose verified GitHub handle is listed, see `owp admin admission`
    #[arg(long, conflicts_with = "no_allow_listed_only", help_heading = "Whom it is for")]
    allow_listed_only: bool,
    /// For all who are not denied
    #[arg(long, help_heading = "Whom it is for")]
    no_allow_listed_only: bool,
    /// The reputation that sees a new task at once; 0 shows tasks to all at once
    #[arg(long, value_name = "SCORE", value_parser = clap::value_parser!(u32).range(0..=100), help_heading = "Whom it is for")]
    reputation_bar: Option<u32>,
    /// In how many seconds that bar falls to zero [default for a new one: 3600]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(0..=604_800), help_heading = "Whom it is for")]
    reputation_window_s: Option<u32>,
    /// Tasks of lower priority are shown to all at once [default for a new one: 50]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=1000), help_heading = "Whom it is for")]
    reputation_priority_min: Option<u32>,
}

#[derive(Args)]
#[command(after_help = ADMISSION_EXAMPLES)]
pub struct AdmissionArgs {
    /// `owner/name`, or `demo`
    #[arg(value_parser = parse_repo)]
    repo: String,
    /// Handles that may work on it where only listed ones may, separated by commas
    #[arg(long, value_name = "HANDLES", value_delimiter = ',')]
    allow: Vec<String>,
    /// Handles that never get its tasks, separated by commas
    #[arg(long, value_name = "HANDLES", value_delimiter = ',')]
    deny: Vec<String>,
    /// Handles to take off both lists, separated by commas
    #[arg(long, value_name = "HANDLES", value_delimiter = ',')]
    forget: Vec<String>,
    /// Replace both lists by those of a VOUCHED.td file: a handle a line, with `-` in front to deny it
    #[arg(long, value_name = "FILE", conflicts_with_all = ["allow", "deny", "forget"])]
    vouched: Option<String>,
}

pub async fn init_repo(session: &Session, args: InitRepoArgs) -> Result<(), Failure> {
    let request = args.request(now())?;
    let human = |answer: &PutRepoResponse| {
        let is_new = answer.settings.created_at == answer.settings.updated_at;
        let next = if is_new { "\nnext: `owp admin import FILE` puts tasks in" } else { "" };
        format!("{}{next}", word_repo(&answer.settings, now()))
    };
    session.send_and_show(&operations::put_repo(&request), human).await
}

pub async fn show(session: &Session, repo: Option<String>) -> Result<(), Failure> {
    let mut answer = pages(session, &operations::list_repos(), "repos", None).await?;
    let Some(name) = repo else {
        return session.show(answer, |list: &ListReposResponse| {
            if list.repos.is_empty() {
                return "no repositories; `owp admin init-repo OWNER/NAME` registers one".to_owned();
            }
            lists::repos(&list.repos)
        });
    };
    let repos = answer["repos"].as_array_mut().map(std::mem::take).unwrap_or_default();
    let found = repos
        .into_iter()
        .find(|repo| repo["repo"] == json!(name))
        .ok_or_else(|| Failure::local(format!("there is no repository {name}"), "list them with `owp admin repos`"))?;
    session.show(found, |repo: &Repo| word_repo(repo, now()))
}

pub async fn admission(session: &Session, args: AdmissionArgs) -> Result<(), Failure> {
    let repo = RepoName(args.repo.clone());
    let call = if let Some(file) = &args.vouched {
        let vouched = std::fs::read_to_string(file).map_err(|cause| {
            Failure::local(format!("cannot read {file}: {cause}"), "name a VOUCHED.td file, a handle a line")
        })?;
        operations::put_admission(&PutAdmissionRequest { repo, allowed: None, denied: None, vouched: Some(vouched) })
    } else if args.changes_lists() {
        let known: Admission = api::decode(session.send(&operations::get_admission(&repo)).await?)?;
        operations::put_admission(&args.request(&known))
    } else {
        operations::get_admission(&repo)
    };
    session.send_and_show(&call, word_admission).await
}

impl InitRepoArgs {
    fn request(self, now: Timestamp) -> Result<PutRepoRequest, Failure> {
        let either = |yes: bool, no: bool| if yes { Some(true) } else { no.then_some(false) };
        Ok(PutRepoRequest {
            repo: RepoName(self.repo),
            max_open_prs: self.max_open_prs,
            area_locks_enabled: either(self.area_locks, self.no_area_locks),
            paused: either(self.paused, self.resume),
            paused_until: self.paused_until.map(|until| until.seen_from(now)),
            clone_url: self.clone_url,
            weight: self.weight,
            trust_tier_min: self.trust_tier_min.as_deref().map(parsed::<TrustTier>),
            allow_listed_only: either(self.allow_listed_only, self.no_allow_listed_only),
            security_extra_slots: self.security_extra_slots,
            prs_per_hour_max: self.prs_per_hour_max,
            quiet_hours: all_quiet_hours(self.quiet_hours)?,
            review_idle_days: self.review_idle_days,
            reputation_bar: self.reputation_bar,
            reputation_window_s: self.reputation_window_s,
            reputation_priority_min: self.reputation_priority_min,
        })
    }
}

/// None where none are named: they stay as they are.
fn all_quiet_hours(named: Vec<OrNone<QuietHours>>) -> Result<Option<Vec<QuietHours>>, Failure> {
    let count = named.len();
    let hours: Vec<QuietHours> = named.into_iter().filter_map(OrNone::into_option).collect();
    if count > 1 && hours.len() < count {
        return Err(Failure::usage("`none` stands beside other quiet hours", "give either `none` or the hours"));
    }
    Ok((count > 0).then_some(hours))
}

fn parse_quiet_hours(text: &str) -> Result<OrNone<QuietHours>, String> {
    if text.trim() == "none" {
        return Ok(OrNone::None);
    }
    quiet_hours(text).map(OrNone::Some).ok_or_else(|| {
        "quiet hours look like 22:00-07:00 or \"sat,sun 00:00-24:00\", in UTC; `none` takes them all away".to_owned()
    })
}

fn quiet_hours(text: &str) -> Option<QuietHours> {
    let text = text.trim();
    let (days, hours) = text.rsplit_once(char::is_whitespace).unwrap_or(("", text));
    let days = days.split(',').map(str::trim).filter(|day| !day.is_empty());
    let days = days.map(|day| day.to_lowercase().parse::<Weekday>().ok()).collect::<Option<Vec<_>>>()?;
    let (from, to) = hours.split_once('-')?;
    (is_time_of_day(from) && is_time_of_day(to)).then(|| QuietHours { days, from: from.to_owned(), to: to.to_owned() })
}

fn is_time_of_day(text: &str) -> bool {
    let number = |digits: &str| digits.parse::<u32>().ok().filter(|_| digits.len() == 2);
    let clock = text.split_once(':').and_then(|(hours, minutes)| Some((number(hours)?, number(minutes)?)));
    matches!(clock, Some((0..=23, 0..=59) | (24, 0)))
}

impl AdmissionArgs {
    fn changes_lists(&self) -> bool {
        !(self.allow.is_empty() && self.deny.is_empty() && self.forget.is_empty())
    }

    /// The protocol replaces a list as a whole; a handle that is named leaves the other list.
    fn request(&self, known: &Admission) -> PutAdmissionRequest {
        let (allow, deny, forget) = (handles(&self.allow), handles(&self.deny), handles(&self.forget));
        let changed = |list: &[String], add: &BTreeSet<String>, other: &BTreeSet<String>| {
            let before = handles(list);
            let mut after: BTreeSet<_> = before.union(add).cloned().collect();
            after.retain(|handle| !other.contains(handle) && !forget.contains(handle));
            (after != before).then(|| after.into_iter().collect())
        };
        PutAdmissionRequest {
            repo: RepoName(self.repo.clone()),
            allowed: changed(&known.allowed, &allow, &deny),
            denied: changed(&known.denied, &deny, &allow),
            vouched: None,
        }
    }
}

/// As GitHub compares them.
fn handles(named: &[String]) -> BTreeSet<String> {
    let named = named.iter().map(|handle| handle.trim().trim_start_matches('@').to_lowercase());
    named.filter(|handle| !handle.is_empty()).collect()
}

fn word_admission(admission: &Admission) -> String {
    let mut text = facts(&[
        ("repo", admission.repo.to_string()),
        (
            "open to",
            if admission.allow_listed_only { "allowed handles only" } else { "all who are not denied" }.to_owned(),
        ),
        ("allowed", list_or_dash(&admission.allowed)),
        ("denied", list_or_dash(&admission.denied)),
        ("left out", admission.left_out.join("; ")),
    ]);
    if !admission.allow_listed_only && !admission.allowed.is_empty() {
        text.push_str(&clean_line(&format!(
            "next: `owp admin init-repo {} --allow-listed-only` makes the allowed ones matter",
            admission.repo
        )));
    }
    text
}

fn word_repo(repo: &Repo, now: Timestamp) -> String {
    let or_nothing = |count: u32, text: String| if count == 0 { String::new() } else { text };
    let closed = repo.closed.as_ref().map(|closed| {
        let until = closed.until.map(|until| format!(", until {until}, {}", distance(until, now))).unwrap_or_default();
        format!("nothing new is given ({}): {}{until}", closed.code, closed.detail)
    });
    let paused = match repo.paused_until {
        Some(until) if repo.paused => format!("until {until}"),
        _ if repo.paused => "until `--resume`".to_owned(),
        _ => String::new(),
    };
    let bar = format!(
        "a score of {} sees tasks of priority {} and above at once, everybody after {}",
        repo.reputation_bar,
        repo.reputation_priority_min,
        span(repo.reputation_window_s)
    );
    facts(&[
        ("repo", repo.repo.to_string()),
        ("now", closed.unwrap_or_else(|| "open".to_owned())),
        (
            "review budget",
            format!(
                "{}: {} leased, {} offered, {} in review, {} free",
                repo.max_open_prs, repo.leases_live, repo.offers_open, repo.prs_open, repo.slots_free
            ),
        ),
        ("idle in review", or_nothing(repo.prs_idle, format!("{}, which take no slot", repo.prs_idle))),
        ("for security", or_nothing(repo.security_extra_slots, format!("{} slots more", repo.security_extra_slots))),
        ("area locks", if repo.area_locks_enabled { "yes" } else { "no" }.to_owned()),
        ("paused", paused),
        ("quiet hours", word_quiet_hours(&repo.quiet_hours)),
        ("tasks an hour", or_nothing(repo.prs_per_hour_max, format!("{} at the most", repo.prs_per_hour_max))),
        ("review idle", or_nothing(repo.review_idle_days, format!("after {} days", repo.review_idle_days))),
        ("weight", repo.weight.to_string()),
        ("trust tier", format!("{} and above", repo.trust_tier_min)),
        ("open to", if repo.allow_listed_only { "allowed handles only" } else { "" }.to_owned()),
        ("reputation", or_nothing(repo.reputation_bar, bar)),
        ("clone url", repo.clone_url.clone().unwrap_or_default()),
    ])
}

/// In the form in which they are given.
fn word_quiet_hours(hours: &[QuietHours]) -> String {
    let word = |hours: &QuietHours| {
        let days = hours.days.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        format!("{days} {}-{}", hours.from, hours.to).trim_start().to_owned()
    };
    let text = hours.iter().map(word).collect::<Vec<_>>().join("; ");
    if text.is_empty() { text } else { format!("{text} (UTC)") }
}

#[cfg(test)]
mod tests {
    use super::{AdmissionArgs, all_quiet_hours, parse_quiet_hours, word_quiet_hours};
    use crate::when::OrNone;
    use owp_wire::{Admission, RepoName};

    #[test]
    fn quiet_hours_are_read_in_the_form_in_which_they_are_shown() {
        for text in ["22:00-07:00", "sat,sun 00:00-24:00"] {
            let OrNone::Some(hours) = parse_quiet_hours(text).unwrap() else { panic!("{text}") };
            assert_eq!(word_quiet_hours(&[hours]), format!("{text} (UTC)"));
        }
        assert!(
            matches!(parse_quiet_hours(" Sat, Sun  00:00-24:00"), Ok(OrNone::Some(hours)) if hours.days.len() == 2)
        );
        for bad in ["", "22-7", "22:00", "24:30-01:00", "someday 00:00-01:00", "7:00-8:00"] {
            assert!(parse_quiet_hours(bad).unwrap_err().contains("sat,sun"), "{bad}");
        }
    }

    #[test]
    fn none_takes_quiet_hours_away_and_stands_alone() {
        let hours = || parse_quiet_hours("22:00-07:00").unwrap();
        assert_eq!(all_quiet_hours(vec![]).unwrap(), None);
        assert_eq!(all_quiet_hours(vec![OrNone::None]).unwrap(), Some(vec![]));
        assert_eq!(all_quiet_hours(vec![hours(), hours()]).unwrap().map(|hours| hours.len()), Some(2));
        assert!(all_quiet_hours(vec![hours(), OrNone::None]).is_err());
    }

    #[test]
    fn a_handle_is_on_one_list_and_only_changed_lists_are_sent() {
        let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
        let known = Admission {
            repo: RepoName("demo".into()),
            allow_listed_only: true,
            allowed: words(&["alice", "bob"]),
            denied: words(&["spam"]),
            left_out: Vec::new(),
        };
        let asked = |allow: &[&str], deny: &[&str], forget: &[&str]| {
            let args = AdmissionArgs {
                repo: "demo".into(),
                allow: words(allow),
                deny: words(deny),
                forget: words(forget),
                vouched: None,
            };
            let request = args.request(&known);
            (request.allowed, request.denied)
        };
        assert_eq!(asked(&["@Carol"], &[], &[]), (Some(words(&["alice", "bob", "carol"])), None));
        assert_eq!(asked(&[], &["Bob"], &[]), (Some(words(&["alice"])), Some(words(&["bob", "spam"]))));
        assert_eq!(asked(&["alice"], &[], &["spam"]), (None, Some(vec![])));
    }
}
