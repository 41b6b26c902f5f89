//! What the command's end means for the task: a pure decision.

use super::result_files::Results;
use crate::output::{bounded, clean_block};
use crate::when::When;
use owp_wire::{Artifact, ReleaseReason};
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

/// `EX_TEMPFAIL` of `sysexits.h`: nothing is wrong with the task, the means have run out for now.
const EXIT_TEMPFAIL: i32 = 75;
/// What a maintainer reads of a failure.
const MESSAGE_CHARS_MAX: usize = 1000;

#[derive(Debug, PartialEq)]
pub enum Verdict {
    Open {
        artifact: Artifact,
        message: Option<String>,
    },
    Release {
        reason: ReleaseReason,
        message: String,
    },
    /// Nothing is wrong but the quota, and the command knows when that is back.
    Park {
        until: When,
        message: String,
    },
}

impl Verdict {
    pub fn release(reason: ReleaseReason, message: impl AsRef<str>) -> Self {
        Self::Release { reason, message: bounded(message.as_ref(), MESSAGE_CHARS_MAX) }
    }

    fn out_of_quota(results: &Results, message: &str) -> Self {
        match results.quota_resets_at {
            Some(until) => Self::Park { until, message: bounded(message, MESSAGE_CHARS_MAX) },
            None => Self::release(ReleaseReason::QuotaExhausted, message),
        }
    }
}

pub fn judge(status: ExitStatus, results: &Results, last_words: &str) -> Verdict {
    if let Some(reason) = results.release {
        let message = results.message.as_deref().unwrap_or("the command handed the task back");
        return match reason {
            ReleaseReason::QuotaExhausted => Verdict::out_of_quota(results, message),
            reason => Verdict::release(reason, message),
        };
    }
    match status.code() {
        Some(0) if results.pr_url.is_some() || results.commit_sha.is_some() => {
            let artifact = Artifact {
                pr_url: results.pr_url.clone(),
                commit_sha: results.commit_sha.clone(),
                patch_url: results.patch_url.clone(),
                extra: None,
            };
            Verdict::Open { artifact, message: results.message.clone() }
        }
        Some(0) => {
            let faults =
                if results.faults.is_empty() { String::new() } else { format!(" ({})", results.faults.join("; ")) };
            Verdict::release(
                ReleaseReason::Failed,
                format!("the command ended well and left no pr_url or commit_sha{faults}"),
            )
        }
        Some(EXIT_TEMPFAIL) => {
            let message = results.message.as_deref().unwrap_or("the command asked to try again later (exit code 75)");
            Verdict::out_of_quota(results, message)
        }
        _ => Verdict::release(ReleaseReason::Failed, failure(status, results, last_words)),
    }
}

fn failure(status: ExitStatus, results: &Results, last_words: &str) -> String {
    let mut text = match (status.code(), status.signal()) {
        (Some(code), _) => format!("the command failed with exit code {code}"),
        (None, Some(signal)) => format!("the command was ended by signal {signal}"),
        (None, None) => "the command failed".to_owned(),
    };
    if let Some(pr_url) = &results.pr_url {
        text.push_str(", having left ");
        text.push_str(&bounded(pr_url, 200));
    }
    let last_words = clean_block(last_words);
    let last_words = last_words.trim();
    if last_words.is_empty() {
        return text;
    }
    text.push_str(":\n");
    let room = MESSAGE_CHARS_MAX.saturating_sub(text.chars().count());
    let surplus = last_words.chars().count().saturating_sub(room);
    text.extend(last_words.chars().skip(surplus));
    text
}

#[cfg(test)]
mod tests {
    use super::{Results, Verdict, judge};
    use crate::when::When;
    use owp_wire::ReleaseReason;
    use std::os::unix::process::ExitStatusExt;
    use std::process::ExitStatus;

    fn exit(code: i32) -> ExitStatus {
        ExitStatus::from_raw(code << 8)
    }

    fn with_pr() -> Results {
        Results { pr_url: Some("https://x.example/pull/1".into()), ..Results::default() }
    }

    fn reason_and_message(verdict: Verdict) -> (ReleaseReason, String) {
        match verdict {
            Verdict::Release { reason, message } => (reason, message),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_good_end_with_a_pull_request_or_commit_is_a_success() {
        assert!(matches!(judge(exit(0), &with_pr(), ""), Verdict::Open { .. }));
        let commit = Results { commit_sha: Some("abcd".into()), ..Results::default() };
        assert!(matches!(judge(exit(0), &commit, ""), Verdict::Open { .. }));
    }

    #[test]
    fn a_good_end_with_nothing_to_show_is_a_failure_that_says_so() {
        let results =
            Results { faults: vec!["pr_url is not of the form that the server takes".into()], ..Results::default() };
        let (reason, message) = reason_and_message(judge(exit(0), &results, ""));
        assert_eq!(reason, ReleaseReason::Failed);
        assert!(message.contains("no pr_url") && message.contains("form"));
    }

    #[test]
    fn exit_code_75_says_that_the_quota_is_used_up() {
        assert_eq!(reason_and_message(judge(exit(75), &with_pr(), "")).0, ReleaseReason::QuotaExhausted);
    }

    #[test]
    fn a_quota_that_is_known_to_come_back_keeps_the_task() {
        let until = When::In(3600);
        let spent = Results { quota_resets_at: Some(until), ..Results::default() };
        assert!(matches!(judge(exit(75), &spent, ""), Verdict::Park { until: When::In(3600), .. }));
        let said = Results { release: Some(ReleaseReason::QuotaExhausted), message: Some("at noon".into()), ..spent };
        assert_eq!(judge(exit(0), &said, ""), Verdict::Park { until, message: "at noon".into() });
        let other = Results { release: Some(ReleaseReason::Blocked), ..said };
        assert_eq!(reason_and_message(judge(exit(75), &other, "")).0, ReleaseReason::Blocked);
    }

    #[test]
    fn a_reason_that_the_command_gave_wins_over_its_exit_code() {
        let results = Results {
            release: Some(ReleaseReason::UnclearRequirements),
            message: Some("which auth?".into()),
            ..with_pr()
        };
        for code in [0, 1, 75] {
            assert_eq!(
                reason_and_message(judge(exit(code), &results, "")),
                (ReleaseReason::UnclearRequirements, "which auth?".into())
            );
        }
    }

    #[test]
    fn a_failure_carries_the_code_and_the_end_of_what_was_said() {
        let words = format!("{}the end\u{1b}[0m", "x".repeat(5000));
        let (reason, message) = reason_and_message(judge(exit(3), &Results::default(), &words));
        assert_eq!(reason, ReleaseReason::Failed);
        assert!(
            message.starts_with("the command failed with exit code 3:\nx") && message.ends_with("the end\u{fffd}[0m")
        );
        assert_eq!(message.chars().count(), 1000);
    }

    #[test]
    fn a_command_that_was_killed_is_told_by_its_signal() {
        let (_, message) = reason_and_message(judge(ExitStatus::from_raw(9), &Results::default(), ""));
        assert_eq!(message, "the command was ended by signal 9");
    }
}
