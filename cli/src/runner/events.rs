//! What the runner tells as it goes: a line for a person, or with `--json` one event per line.

use crate::clock;
use crate::errors::Failure;
use crate::output::{self, clean_line};
use owp_wire::{LeaseId, OfferId, ReleaseReason, TaskId, Timestamp, WorkMode, WorkerStatus};
use serde::Serialize;

#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event<'a> {
    Started {
        server: &'a str,
        work_dir: &'a str,
    },
    Agreed {
        work_mode: WorkMode,
        until: Option<Timestamp>,
    },
    Idle {
        poll_after_s: u32,
    },
    OfferAccepted {
        task_id: &'a TaskId,
        offer_id: &'a OfferId,
        lease_id: &'a LeaseId,
        expected_s: u32,
    },
    OfferDeclined {
        task_id: &'a TaskId,
        offer_id: &'a OfferId,
    },
    TaskStarted {
        task_id: &'a TaskId,
        lease_id: &'a LeaseId,
        repo: &'a str,
        title: &'a str,
        attempt: u32,
        lease_expires_at: Timestamp,
        directory: &'a str,
    },
    Renewed {
        task_id: &'a TaskId,
        lease_id: &'a LeaseId,
        lease_expires_at: Timestamp,
    },
    HandoffSaved {
        task_id: &'a TaskId,
        branch: Option<&'a str>,
        notes: Option<&'a str>,
    },
    CommandStopped {
        task_id: &'a TaskId,
        lease_id: &'a LeaseId,
        why: &'a str,
    },
    PrOpened {
        task_id: &'a TaskId,
        lease_id: &'a LeaseId,
        pr_url: Option<&'a str>,
        commit_sha: Option<&'a str>,
    },
    Released {
        task_id: &'a TaskId,
        lease_id: &'a LeaseId,
        reason: ReleaseReason,
        message: &'a str,
    },
    Parked {
        task_id: &'a TaskId,
        lease_id: &'a LeaseId,
        until: Timestamp,
        message: &'a str,
    },
    LeaseLost {
        task_id: &'a TaskId,
        lease_id: &'a LeaseId,
        why: &'a str,
    },
    LeftAlone {
        task_id: &'a TaskId,
        lease_id: &'a LeaseId,
        why: &'a str,
    },
    Kept {
        task_id: &'a TaskId,
        directory: &'a str,
    },
    Retrying {
        error: String,
        hint: String,
        wait_ms: u64,
    },
    Trouble {
        task_id: Option<&'a TaskId>,
        what: &'a str,
        error: String,
    },
    QuotaSpent {
        until: Timestamp,
    },
    SlowedDown {
        failures: u32,
        wait_s: u32,
    },
    Draining,
    Stopping,
    Paused {
        running: usize,
    },
    Error {
        error: String,
        hint: String,
    },
    Finished {
        tasks: u32,
        status: WorkerStatus,
    },
}

#[derive(Serialize)]
struct Line<'a> {
    at: Timestamp,
    #[serde(flatten)]
    event: &'a Event<'a>,
}

#[derive(Clone, Copy)]
pub struct Events {
    pub in_json: bool,
}

impl Events {
    pub fn emit(self, event: &Event<'_>) {
        if self.in_json {
            let line = serde_json::to_string(&Line { at: clock::now(), event })
                .expect("events are plain data and always serialise");
            output::print(&output::escape_controls_in_json(&line));
        } else if let Some(text) = in_words(event) {
            output::print(&clean_line(&text));
        }
    }

    pub fn trouble(self, task_id: &TaskId, what: &str, failure: &Failure) {
        self.emit(&Event::Trouble { task_id: Some(task_id), what, error: failure.what() });
    }
}

/// None for what a person need not see, and for errors, which are told at the very end with their hint.
fn in_words(event: &Event<'_>) -> Option<String> {
    Some(match event {
        Event::Started { server, work_dir } => {
            format!("working for {server} in {work_dir}; Ctrl-C finishes the current task, twice stops it")
        }
        Event::Agreed { work_mode, until } if *work_mode == WorkMode::Offer || until.is_some() => {
            let end = until.map(|until| format!(", and none that would not be done by {until}")).unwrap_or_default();
            match work_mode {
                WorkMode::Auto => format!("tasks are given{end}"),
                WorkMode::Offer => format!("tasks are offered, and those that can begin at once are accepted{end}"),
            }
        }
        Event::OfferAccepted { task_id, expected_s, .. } => {
            format!("{task_id} is accepted, likely to take {}", output::span(*expected_s))
        }
        Event::OfferDeclined { task_id, .. } => format!("{task_id} is declined, so that others may have it"),
        Event::Idle { .. } => "no work now, waiting; `owp worker why` says what keeps it back".to_owned(),
        Event::TaskStarted { task_id, repo, title, attempt, lease_expires_at, .. } => {
            format!("{task_id} begins: {title} ({repo}, attempt {attempt}, lease until {lease_expires_at})")
        }
        Event::HandoffSaved { task_id, branch, .. } => {
            format!(
                "{task_id} progress is kept for whoever comes next{}",
                branch.map(|branch| format!(" (branch {branch})")).unwrap_or_default()
            )
        }
        Event::CommandStopped { task_id, why, .. } => {
            format!("{task_id} stopping the command: {why}")
        }
        Event::PrOpened { task_id, pr_url, commit_sha, .. } => {
            format!("{task_id} is in review: {}", pr_url.or(*commit_sha).unwrap_or_default())
        }
        Event::Released { task_id, reason, message, .. } => format!("{task_id} handed back ({reason}): {message}"),
        Event::Parked { task_id, until, message, .. } => {
            format!("{task_id} is parked until {until}, when the quota is back: {message}")
        }
        Event::LeaseLost { task_id, why, .. } => format!("{task_id} is no longer ours: {why}"),
        Event::LeftAlone { task_id, why, .. } => format!("{task_id} is left alone: {why}"),
        Event::Kept { task_id, directory } => format!("{task_id} its directory stays: {directory}"),
        Event::Retrying { error, hint, wait_ms } => format!(
            "{error}; trying again in {:.1} s (hint: {hint})",
            std::time::Duration::from_millis(*wait_ms).as_secs_f64()
        ),
        Event::Trouble { task_id: Some(task_id), what, error } => format!("{task_id} {what}: {error}"),
        Event::Trouble { task_id: None, what, error } => format!("{what}: {error}"),
        Event::QuotaSpent { until } => format!("no task begins before the quota is back at {until}"),
        Event::SlowedDown { failures, wait_s } => {
            format!("{failures} in a row came to nothing; the next begins in about {wait_s} s")
        }
        Event::Draining => "finishing the current task and taking no new ones; once more to stop now".to_owned(),
        Event::Stopping => "stopping now and handing the task back".to_owned(),
        Event::Paused { running: 0 } => "paused: no new tasks come to this worker".to_owned(),
        Event::Paused { running } => {
            format!("paused: no new tasks come to this worker; {running} still being worked on")
        }
        Event::Finished { tasks, .. } => format!("done: {tasks} tasks worked on"),
        Event::Agreed { .. } | Event::Renewed { .. } | Event::Error { .. } => {
            return None;
        }
    })
}
