//! How the answers to a maintainer's commands are worded, where a plain table would not do.

use super::lists;
use crate::clock::now;
use crate::output::{clean_block, clean_line, distance, facts, list_or_dash, or_dash};
use owp_wire::{Attempt, ExplainTaskResponse, GetStateResponse, Task, TaskId};
use std::fmt::Write as _;

pub fn word_pool(state: &GetStateResponse) -> String {
    let mut text = facts(&[
        ("workers online", format!("{} of {}", state.workers_online, state.workers_total)),
        ("repositories", state.repos_total.to_string()),
        ("review slots", format!("{} of {} used", state.review_slots_used, state.review_slots_total)),
        ("tasks", state.tasks_total.to_string()),
        ("  waiting", state.tasks_waiting.to_string()),
        ("  ready", state.tasks_ready.to_string()),
        ("  offered", state.tasks_offered.to_string()),
        ("  leased", state.tasks_leased.to_string()),
        ("  in progress", state.tasks_in_progress.to_string()),
        ("  blocked", state.tasks_blocked.to_string()),
        ("  in review", state.tasks_pr_opened.to_string()),
        ("  sent back", state.tasks_changes_requested.to_string()),
        ("  merged", state.tasks_merged.to_string()),
        ("  closed", state.tasks_closed.to_string()),
        ("  failed", state.tasks_failed.to_string()),
        ("  need info", state.tasks_needs_info.to_string()),
        ("  cancelled", state.tasks_cancelled.to_string()),
    ]);
    if state.repos_total == 0 {
        text.push_str("next: `owp admin init-repo OWNER/NAME` registers a repository\n");
    } else if state.tasks_total == 0 {
        text.push_str("next: `owp admin import FILE` puts tasks in\n");
    }
    text
}

pub fn word_task(task: &Task) -> String {
    let now = now();
    let ids = |ids: &[TaskId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let artifact = task.artifact.clone().unwrap_or_default();
    let mut text = facts(&[
        ("task", task.task_id.to_string()),
        ("title", task.title.clone()),
        ("repo", task.repo.to_string()),
        ("key", task.key.clone().unwrap_or_default()),
        ("state", format!("{}, since {}", task.state, distance(task.state_since, now))),
        ("holder", task.holder.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("offered to", task.offered_to.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("offer ends", task.offer_expires_at.map(|end| distance(end, now)).unwrap_or_default()),
        ("parked", task.parked_until.map(|end| format!("until {end}")).unwrap_or_default()),
        ("lease ends", task.lease_expires_at.map(|end| distance(end, now)).unwrap_or_default()),
        ("points", task.estimate_points.to_string()),
        ("priority", task.priority.to_string()),
        ("tier", task.tier.to_string()),
        ("area", or_dash(task.area.as_deref())),
        ("skills", list_or_dash(&task.required_skills)),
        ("security", if task.security { "yes" } else { "" }.to_owned()),
        ("filed by", task.filed_by.clone().unwrap_or_default()),
        ("depends on", ids(&task.depends_on)),
        ("waits for", ids(&task.waits_for)),
        ("needed by", ids(&task.dependents)),
        ("message", task.message.clone().unwrap_or_default()),
        ("pull request", artifact.pr_url.unwrap_or_default()),
        ("review slot", if task.budget_freed == Some(true) { "none, idle for too long" } else { "" }.to_owned()),
        ("commit", artifact.commit_sha.unwrap_or_default()),
        ("branch", task.branch.clone().unwrap_or_default()),
        ("notes", task.notes.clone().unwrap_or_default()),
        ("attempts", format!("{} of {} used", task.attempts_used, task.attempts_max)),
    ]);
    for attempt in &task.attempts {
        let who = attempt.worker_id.as_ref().map_or("another worker", |id| id.as_str());
        let line = format!("{who} {}, {}", distance(attempt.started_at, now), word_end(attempt));
        let _ = writeln!(text, "  {}", clean_line(&line));
    }
    if !task.description.trim().is_empty() {
        let _ = write!(text, "\n{}", clean_block(&task.description));
    }
    text
}

/// What became of an attempt, and how it was judged.
fn word_end(attempt: &Attempt) -> String {
    let mut text = attempt.outcome.map_or_else(|| "running".to_owned(), |outcome| outcome.to_string());
    match attempt.change_rounds.unwrap_or(0) {
        0 => {}
        1 => text.push_str(", after 1 round of changes"),
        rounds => {
            let _ = write!(text, ", after {rounds} rounds of changes");
        }
    }
    if let Some(rating) = attempt.rating {
        let _ = write!(text, ", rated {rating} of 5");
    }
    if let Some(reason) = &attempt.reason {
        let _ = write!(text, ": {reason}");
    }
    text
}

/// A task after a decision about it.
pub fn word_moved(task: &Task) -> String {
    clean_line(&format!("{} is {} now: {}", task.task_id, task.state, task.title))
}

pub fn word_reasons(answer: &ExplainTaskResponse) -> String {
    let mut text = format!("{}\n", clean_line(&answer.summary));
    text.push_str(&facts(&[
        ("state", answer.state.to_string()),
        ("blocked for all", answer.blockers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
        ("fits", format!("{} of {} workers online", answer.fitting, answer.workers_looked_at)),
    ]));
    text.push_str(&lists::dependencies(&answer.waits_for));
    text.push_str(&lists::reasons(&answer.reasons, "WORKERS"));
    text.push_str(&lists::groups(&answer.groups));
    if answer.truncated {
        text.push_str("there are more workers online than were looked at\n");
    }
    text
}
