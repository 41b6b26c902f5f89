//! What is kept of the work that GitHub's side asks for: what is to be done there, and what was written so far.

use owp_wire::{RepoName, TaskId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Writes in two minutes of the clock together, which is at least one whole minute: GitHub's secondary limit is 80.
const WRITES_A_MINUTE: u32 = 80;

/// GitHub's secondary limit is 500 in an hour.
const WRITES_AN_HOUR: u32 = 500;

const MINUTE_MS: i64 = 60_000;
const HOUR_MINUTES: i64 = 60;

/// One works at it at a time. It follows the log, and what it finds to do waits here, each thing once.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Desk {
    /// Who works at it; nobody else may before `held_until`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<String>,
    #[serde(default)]
    pub held_until: Timestamp,
    /// The place behind the last event that was looked at; its meaning is the store's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errands: Vec<Errand>,
    /// GitHub asked for a rest, or does not take the credentials.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rests_until: Option<Timestamp>,
    /// Writes by the minute, of the last hour.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub writes: BTreeMap<i64, u32>,
    /// When issues are read again without anybody asking.
    #[serde(default)]
    pub reads_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Errand {
    #[serde(flatten)]
    pub what: ErrandKind,
    /// How often it has failed.
    #[serde(default, skip_serializing_if = "is_first")]
    pub tries: u32,
    #[serde(default)]
    pub not_before: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum ErrandKind {
    /// Say at GitHub how a task stands.
    Tell { task_id: TaskId },
    /// Read all issues.
    Issues { repo: RepoName },
    /// Read the policy file.
    Policy { repo: RepoName },
    /// Look at a pull request.
    PullRequest {
        repo: RepoName,
        number: u64,
        /// Make its check again, also where it says the same.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        again: bool,
    },
    /// Find the pull requests of a commit whose checks are to be made again.
    Commit { repo: RepoName, head_sha: String },
    /// Say how those of a repository's tasks stand that have changed while its link was suspended.
    CatchUp {
        repo: RepoName,
        since: Timestamp,
        /// Behind the page of its tasks that was looked at last; its meaning is the store's own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<String>,
    },
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
fn is_first(tries: &u32) -> bool {
    *tries == 0
}

impl Desk {
    /// Puts something on the desk; what lies there already stays as it is, with its failures.
    pub fn add(&mut self, what: ErrandKind, now: Timestamp) {
        if !self.errands.iter().any(|errand| errand.what == what) {
            self.errands.push(Errand { what, tries: 0, not_before: now });
        }
    }

    /// The first thing whose time has come; the longest due goes first.
    pub fn next_due(&self, now: Timestamp) -> Option<&Errand> {
        let due = self.errands.iter().filter(|errand| errand.not_before <= now);
        due.min_by_key(|errand| errand.not_before)
    }

    pub fn remove(&mut self, what: &ErrandKind) {
        self.errands.retain(|errand| errand.what != *what);
    }

    /// Counts a write, or says when there may be another.
    pub fn take_write(&mut self, now: Timestamp) -> Result<(), Timestamp> {
        let minute = now.as_millis().div_euclid(MINUTE_MS);
        self.writes.retain(|then, _| *then >= minute - HOUR_MINUTES);
        let recent: u32 = self.writes.range(minute - 1..).map(|(_, count)| count).sum();
        if recent >= WRITES_A_MINUTE {
            return Err(Timestamp::from_millis((minute + 1) * MINUTE_MS));
        }
        if self.writes.values().sum::<u32>() >= WRITES_AN_HOUR {
            let first = self.writes.keys().next().copied().unwrap_or(minute);
            return Err(Timestamp::from_millis((first + HOUR_MINUTES + 1) * MINUTE_MS));
        }
        *self.writes.entry(minute).or_default() += 1;
        Ok(())
    }
}

/// What was written about an issue or a pull request, so that nothing is written twice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Told {
    pub repo: RepoName,
    pub number: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment_id: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check_id: Option<u64>,
    /// Of the check, with the commit that it is on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// The commit that `check_id` is on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check_sha: Option<String>,
}

impl Told {
    pub fn nothing(repo: RepoName, number: u64) -> Self {
        Self {
            repo,
            number,
            comment_id: None,
            comment: None,
            label: None,
            assignee: None,
            check_id: None,
            check: None,
            check_sha: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_keep_under_the_limits_of_a_minute_and_of_an_hour() {
        let mut desk = Desk::default();
        let start = Timestamp::from_millis(1_800_000_000_000);
        let (mut now, mut taken) = (start, Vec::new());
        while now < start.plus_s(2 * 3600) {
            match desk.take_write(now) {
                Ok(()) => taken.push(now),
                Err(until) => {
                    assert!(until > now, "waiting helps");
                    now = until;
                }
            }
        }
        let most = |seconds: u32| {
            let within =
                |from: &Timestamp| taken.iter().filter(|at| **at >= *from && **at < from.plus_s(seconds)).count();
            taken.iter().map(within).max().unwrap_or_default()
        };
        assert!(most(60) <= 80 && most(3600) <= 500, "{} {}", most(60), most(3600));
        assert!(taken.len() >= 900, "no more waiting than it takes: {}", taken.len());
    }

    #[test]
    fn what_lies_on_the_desk_already_is_put_there_once() {
        let mut desk = Desk::default();
        let what = |number| ErrandKind::PullRequest { repo: RepoName("a/b".into()), number, again: false };
        let now = Timestamp::from_millis(1000);
        desk.add(what(1), now);
        desk.errands[0].tries = 3;
        desk.errands[0].not_before = now.plus_s(60);
        desk.add(what(1), now);
        desk.add(what(2), now);
        assert_eq!((desk.errands.len(), desk.errands[0].tries), (2, 3));
        assert_eq!(desk.next_due(now).map(|errand| &errand.what), Some(&what(2)));
        desk.remove(&what(2));
        assert_eq!(desk.next_due(now), None);
    }
}
