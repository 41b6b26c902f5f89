//! How lists look: one table per kind of thing. What to do where a list is empty is said by the command that asked.

use crate::clock::now;
use crate::output::{Table, distance, list_or_dash, or_dash};
use owp_wire::{FetchWorkResponse, ReasonCount, Repo, Task, Worker};

pub fn leases(work: &FetchWorkResponse) -> String {
    let mut text = String::new();
    if !work.leases.is_empty() {
        let mut table = Table::new(&["TASK", "STATE", "POINTS", "REPO", "AREA", "LEASE ENDS", "TITLE"]);
        for lease in &work.leases {
            table.row([
                lease.task_id.to_string(),
                lease.state.to_string(),
                lease.estimate_points.to_string(),
                lease.repo.to_string(),
                or_dash(lease.area.as_deref()),
                distance(lease.lease_expires_at, work.server_time),
                lease.title.clone(),
            ]);
        }
        text.push_str(&table.render());
    }
    if !work.in_review.is_empty() {
        let mut table = Table::new(&["IN REVIEW", "REPO", "PULL REQUEST", "TITLE"]);
        for task in &work.in_review {
            table.row([
                task.task_id.to_string(),
                task.repo.to_string(),
                or_dash(task.pr_url.as_deref()),
                task.title.clone(),
            ]);
        }
        text.push_str(&table.render());
    }
    text
}

/// Counts with what they count in the second heading.
pub fn reasons(reasons: &[ReasonCount], counted: &str) -> String {
    if reasons.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["REASON", counted, "WHAT WOULD CHANGE IT"]);
    for reason in reasons {
        table.row([reason.code.to_string(), reason.count.to_string(), reason.detail.clone()]);
    }
    table.render()
}

pub fn tasks(tasks: &[Task]) -> String {
    let mut table = Table::new(&["TASK", "STATE", "PRIORITY", "POINTS", "REPO", "AREA", "SKILLS", "HOLDER", "TITLE"]);
    for task in tasks {
        table.row([
            task.task_id.to_string(),
            task.state.to_string(),
            task.priority.to_string(),
            task.estimate_points.to_string(),
            task.repo.to_string(),
            or_dash(task.area.as_deref()),
            list_or_dash(&task.required_skills),
            or_dash(task.holder.as_ref().map(|holder| holder.as_str())),
            task.title.clone(),
        ]);
    }
    table.render()
}

pub fn workers(workers: &[Worker]) -> String {
    let now = now();
    let mut table = Table::new(&["WORKER", "NAME", "STATUS", "TIER", "POINTS", "HELD", "REVIEW", "SEEN", "SKILLS"]);
    for worker in workers {
        let status = match (worker.revoked, worker.online) {
            (true, _) => "revoked".to_owned(),
            (false, false) => "offline".to_owned(),
            (false, true) => worker.status.to_string(),
        };
        table.row([
            worker.worker_id.to_string(),
            worker.name.clone(),
            status,
            worker.trust_tier.to_string(),
            format!("{}/{}", worker.points_held, worker.capacity_points),
            format!("{}/{}", worker.tasks_held.len(), worker.max_concurrent_tasks),
            worker.tasks_in_review.len().to_string(),
            distance(worker.last_seen_at, now),
            list_or_dash(&worker.skills),
        ]);
    }
    table.render()
}

pub fn repos(repos: &[Repo]) -> String {
    let mut table = Table::new(&["REPO", "BUDGET", "LEASES", "OPEN PRS", "FREE", "AREA LOCKS", "PAUSED"]);
    let yes_or_no = |flag| if flag { "yes" } else { "no" }.to_owned();
    for repo in repos {
        table.row([
            repo.repo.to_string(),
            repo.max_open_prs.to_string(),
            repo.leases_live.to_string(),
            repo.prs_open.to_string(),
            repo.slots_free.to_string(),
            yes_or_no(repo.area_locks_enabled),
            yes_or_no(repo.paused),
        ]);
    }
    table.render()
}
