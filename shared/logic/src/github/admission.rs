//! Which pull request may come in. The lease is the ticket: a maintainer said yes to a task, somebody leased it, and the pull
//! request does that task and no more.
//!
//! The verdict becomes a check on the newest commit, whose text says how to put right what is wrong. Nothing here closes a
//! pull request: that is for people.

use super::policy::{AdmissionMode, Policy, is_path_of};
use super::seen::{ChangedFile, Check, Conclusion, PullRequest};
use super::ticket::leases_named;
use owp_wire::{RepoName, TaskId, Timestamp};
use std::fmt::Write;

/// Under this name it stands among the checks of a pull request, and is chosen where checks are made required.
pub const CHECK_NAME: &str = "OWP admission";

/// Paths named in one case; who touches more has understood by then.
const PATHS_NAMED_MAX: usize = 10;
const QUOTED_CHARS_MAX: usize = 200;

/// The live lease that a pull request is made under, and the task that it is of.
#[derive(Clone, Copy, Debug)]
pub struct Ticket<'a> {
    pub task_id: &'a TaskId,
    pub repo: &'a RepoName,
    pub points: u32,
    pub tier: u32,
    /// The issue that the task was made of.
    pub issue: Option<u64>,
    /// Set while that issue says something else than what was leased.
    pub edited_at: Option<Timestamp>,
}

/// One thing that is wrong with a pull request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Case {
    NoLease,
    /// It names one that is not live: over, another's, or of another pull request.
    LeaseNotLive,
    WrongRepo {
        of: RepoName,
    },
    PathsNotAllowed {
        paths: Vec<String>,
    },
    /// Paths that are for tasks of a higher tier.
    PathsOfTier {
        tier: u32,
        paths: Vec<String>,
    },
    TooManyFiles {
        files: u32,
        most: u32,
    },
    TooManyLines {
        lines: u32,
        most: u32,
        points: u32,
    },
    /// GitHub doesn't list them all, so that some were not looked at.
    FilesUnseen {
        listed: usize,
    },
    IssueEdited {
        issue: Option<u64>,
    },
    NotDisclosed {
        line: String,
    },
}

/// Looks at a pull request and all its files. `mode` is the repository's; where the policy file says one, that counts.
pub fn judge(
    pull: &PullRequest,
    files: &[ChangedFile],
    ticket: Option<Ticket>,
    policy: &Policy,
    mode: AdmissionMode,
) -> Check {
    let mode = policy.admission.mode.unwrap_or(mode);
    let check = |conclusion, title: String, summary: String, text: String| Check {
        name: CHECK_NAME.to_owned(),
        head_sha: pull.head_sha.clone(),
        conclusion,
        title,
        summary,
        text,
    };
    if mode == AdmissionMode::Off {
        let summary = "Pull requests to this repository are not checked.".to_owned();
        return check(Conclusion::Skipped, "Admission is off".to_owned(), summary, String::new());
    }
    let Some(ticket) = ticket else {
        if is_exempt(pull, policy) {
            let summary = "Whoever belongs to this repository, or is named in its policy, needs no lease.".to_owned();
            return check(Conclusion::Skipped, "No lease is needed".to_owned(), summary, String::new());
        }
        // A template's `OWP-Lease: l_…` names none.
        let case = if leases_named(&pull.body).is_empty() { Case::NoLease } else { Case::LeaseNotLive };
        return put_right(&[case], None, mode, check);
    };
    let cases = cases_of(pull, files, &ticket, policy);
    if cases.is_empty() {
        let task = &ticket.task_id.0;
        let summary = format!("It is made under a live lease of the task {task}, and keeps to what was agreed on.");
        return check(Conclusion::Success, format!("Admitted for {task}"), summary, String::new());
    }
    put_right(&cases, Some(ticket.task_id), mode, check)
}

/// Tells whoever reads the check that the policy file has mistakes, so that the one before it counts.
pub fn tell_policy_faults(check: &mut Check, faults: &[String]) {
    if faults.is_empty() {
        return;
    }
    check.text.push_str("\nThe policy file `.github/owp.yml` has mistakes, so that what it said before counts:\n\n");
    for fault in faults {
        writeln!(check.text, "- {}", quoted(fault)).expect("a string takes everything");
    }
}

/// All that is wrong, in the order in which it is best put right.
pub fn cases_of(pull: &PullRequest, files: &[ChangedFile], ticket: &Ticket, policy: &Policy) -> Vec<Case> {
    let mut cases = Vec::new();
    if !pull.base_repo.0.eq_ignore_ascii_case(&ticket.repo.0) {
        cases.push(Case::WrongRepo { of: ticket.repo.clone() });
    }
    let touched = || files.iter().flat_map(|file| file.previous_path.iter().chain([&file.path]));
    let is_any = |patterns: &[String], path: &str| patterns.iter().any(|pattern| is_path_of(pattern, path));
    let rules = &policy.paths;
    let is_allowed = |path: &str| (rules.allow.is_empty() || is_any(&rules.allow, path)) && !is_any(&rules.deny, path);
    let refused: Vec<String> = touched().filter(|path| !is_allowed(path)).cloned().collect();
    if !refused.is_empty() {
        cases.push(Case::PathsNotAllowed { paths: refused });
    }
    let mut tiers: Vec<_> = policy.tiers.iter().filter(|rule| rule.tier > ticket.tier).collect();
    tiers.sort_by_key(|rule| std::cmp::Reverse(rule.tier));
    for rule in tiers {
        let paths: Vec<String> = touched().filter(|path| is_any(&rule.paths, path)).cloned().collect();
        if !paths.is_empty() {
            cases.push(Case::PathsOfTier { tier: rule.tier, paths });
        }
    }
    cases.extend(size_cases(pull, files, ticket, policy));
    if ticket.edited_at.is_some() {
        cases.push(Case::IssueEdited { issue: ticket.issue });
    }
    let line = policy.disclosure.as_ref().and_then(|disclosure| disclosure.line.as_ref());
    if let Some(line) = line.filter(|line| !discloses(&pull.body, line)) {
        cases.push(Case::NotDisclosed { line: line.clone() });
    }
    cases
}

fn size_cases(pull: &PullRequest, files: &[ChangedFile], ticket: &Ticket, policy: &Policy) -> Vec<Case> {
    let listed = u32::try_from(files.len()).unwrap_or(u32::MAX);
    let listed_lines = files.iter().fold(0_u32, |sum, file| sum.saturating_add(file.lines));
    // GitHub counts what it does not list, too.
    let count = pull.changes.map_or(listed, |changes| changes.files.max(listed));
    let lines = pull.changes.map_or(listed_lines, |changes| changes.lines.max(listed_lines));
    let mut cases = Vec::new();
    if let Some(most) = policy.size.files_max.filter(|most| count > *most) {
        cases.push(Case::TooManyFiles { files: count, most });
    }
    if let Some(most) = policy.size.lines_max_for(ticket.points).filter(|most| lines > *most) {
        cases.push(Case::TooManyLines { lines, most, points: ticket.points });
    }
    let has_path_rules = !policy.paths.allow.is_empty() || !policy.paths.deny.is_empty() || !policy.tiers.is_empty();
    if count > listed && has_path_rules {
        cases.push(Case::FilesUnseen { listed: files.len() });
    }
    cases
}

fn is_exempt(pull: &PullRequest, policy: &Policy) -> bool {
    let author = pull.author.as_ref().map(|author| author.to_lowercase());
    pull.author_belongs || author.is_some_and(|author| policy.admission.exempt.contains(&author))
}

fn discloses(body: &str, line: &str) -> bool {
    let begins = |text: &str| {
        text.trim_start()
            .to_lowercase()
            .strip_prefix(&line.to_lowercase())
            .map(str::trim)
            .is_some_and(|rest| !rest.is_empty())
    };
    super::text::clean(body).text.lines().any(begins)
}

fn put_right(
    cases: &[Case],
    task_id: Option<&TaskId>,
    mode: AdmissionMode,
    check: impl FnOnce(Conclusion, String, String, String) -> Check,
) -> Check {
    let (conclusion, lead) = match mode {
        AdmissionMode::Enforce => (Conclusion::Failure, "Not admitted"),
        AdmissionMode::Report | AdmissionMode::Off => (Conclusion::Neutral, "To put right"),
    };
    let title = match cases {
        [one] => format!("{lead}: {}", one.short()),
        several => format!("{lead}: {} things, first: {}", several.len(), several[0].short()),
    };
    let of_task =
        task_id.map(|task| format!(" It is made under a live lease of the task {}.", task.0)).unwrap_or_default();
    let holds_up = match mode {
        AdmissionMode::Enforce => "",
        AdmissionMode::Report | AdmissionMode::Off => " This check only tells: it holds nothing up.",
    };
    let summary = format!(
        "Work on this repository goes through a pool of tasks that its maintainers agreed to.{of_task}{holds_up}"
    );
    let mut text = String::new();
    for case in cases {
        writeln!(text, "- {}. {}", capitalised(&case.short()), case.remedy()).expect("a string takes everything");
    }
    text.push_str("\nThe check is made anew with every push and every edit of the description, or by **Re-run**.\n");
    check(conclusion, title, summary, text)
}

impl Case {
    /// In a few words, for a list of checks.
    pub fn short(&self) -> String {
        match self {
            Self::NoLease => "no lease".to_owned(),
            Self::LeaseNotLive => "the lease is not live".to_owned(),
            Self::WrongRepo { of } => format!("the task is of {}", of.0),
            Self::PathsNotAllowed { paths } => format!("{} not allowed", counted(paths.len(), "path")),
            Self::PathsOfTier { tier, paths } => format!("{} for tier {tier}", counted(paths.len(), "path")),
            Self::TooManyFiles { files, most } => format!("{files} files, at most {most}"),
            Self::TooManyLines { lines, most, .. } => format!("{lines} changed lines, at most {most}"),
            Self::FilesUnseen { listed } => format!("more files than the {listed} that GitHub lists"),
            Self::IssueEdited { .. } => "the issue was edited".to_owned(),
            Self::NotDisclosed { .. } => "no word on the tools used".to_owned(),
        }
    }

    /// How to put it right, in Markdown.
    pub fn remedy(&self) -> String {
        match self {
            Self::NoLease => "Lease the task first, and put a line `OWP-Lease: l_…` with the id of your lease into the \
                 description of the pull request. If there is no task for this yet, open an issue, and a maintainer may put it \
                 into the pool."
                .to_owned(),
            Self::LeaseNotLive => "The lease that the description names has ended, or belongs to another pull request. If the \
                 task is free, lease it again and name the new lease; what you have pushed is kept."
                .to_owned(),
            Self::WrongRepo { of } => format!("Open the pull request against {}, for which the task was leased.", of.0),
            Self::PathsNotAllowed { paths } => {
                format!("Take the changes to these out, or ask a maintainer: {}.", named(paths))
            }
            Self::PathsOfTier { tier, paths } => format!(
                "Tasks of tier {tier} and above may touch these, and this one may not: {}. Take the changes out, or ask a \
                 maintainer to raise the task's tier.",
                named(paths)
            ),
            Self::TooManyFiles { .. } | Self::FilesUnseen { .. } => {
                "Split it, or leave out what the task does not ask for.".to_owned()
            }
            Self::TooManyLines { points, .. } => format!(
                "The task is estimated at {}. Leave out what it does not ask for; if it can't be done in less, hand it back \
                 and say so, or ask a maintainer to raise the estimate.",
                counted(*points as usize, "point")
            ),
            Self::IssueEdited { issue } => {
                let which = issue.map(|number| format!(" #{number}")).unwrap_or_default();
                format!(
                    "The text of the issue{which} is not the one that was leased any more. Read it again; a maintainer takes \
                     the new text over, or puts the old one back."
                )
            }
            Self::NotDisclosed { line } => {
                format!("Put a line into the description that begins with {} and says which tools you used.", quoted(line))
            }
        }
    }
}

fn counted(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

fn named(paths: &[String]) -> String {
    let mut named: Vec<String> = paths.iter().take(PATHS_NAMED_MAX).map(|path| quoted(path)).collect();
    if let Some(more) = paths.len().checked_sub(PATHS_NAMED_MAX).filter(|more| *more > 0) {
        named.push(format!("and {more} more"));
    }
    named.join(", ")
}

/// As code, whatever stands in it: a path is chosen by whoever opens the pull request.
fn quoted(text: &str) -> String {
    let plain = text.chars().map(|letter| if letter == '`' || letter.is_control() { '?' } else { letter });
    format!("`{}`", plain.take(QUOTED_CHARS_MAX).collect::<String>())
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
