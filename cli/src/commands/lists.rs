//! How lists look: one table per kind of thing. What to do where a list is empty is said by the command that asked.

use crate::clock::now;
use crate::output::{Table, distance, list_or_dash, or_dash, span};
use owp_wire::{
    FetchWorkResponse, OpenDependency, ReasonCount, Repo, RequestOffersResponse, Task, Worker, WorkerGroup,
};

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

pub fn offers(answer: &RequestOffersResponse) -> String {
    let mut table = Table::new(&["OFFER", "TASK", "ANSWER", "POINTS", "TAKES ABOUT", "REPO", "AREA", "TITLE"]);
    for offer in &answer.offers {
        table.row([
            offer.offer_id.to_string(),
            offer.task_id.to_string(),
            format!("within {}", span(offer.expires_at.seconds_after(answer.server_time))),
            offer.estimate_points.to_string(),
            span(offer.expected_s),
            offer.repo.to_string(),
            or_dash(offer.area.as_deref()),
            offer.title.clone(),
        ]);
    }
    table.render()
}

/// Tasks that another waits for.
pub fn dependencies(tasks: &[OpenDependency]) -> String {
    if tasks.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["WAITS FOR", "STATE", "REPO", "TITLE"]);
    for task in tasks {
        table.row([task.task_id.to_string(), task.state.to_string(), task.repo.to_string(), task.title.clone()]);
    }
    table.render()
}

/// Workers by what keeps a task from them.
pub fn groups(groups: &[WorkerGroup]) -> String {
    if groups.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["WORKERS", "FOR EXAMPLE", "WHAT KEEPS IT FROM THEM"]);
    for group in groups {
        let codes = group.codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let codes = if codes.is_empty() { "nothing, it could be given to them".to_owned() } else { codes };
        table.row([group.workers.to_string(), group.example.to_string(), codes]);
    }
    table.render()
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
    let mut table = Table::new(&[
        "WORKER", "NAME", "STATUS", "MODE", "TIER", "SCORE", "FROM", "POINTS", "HELD", "OFFERED", "REVIEW", "SEEN",
        "SKILLS",
    ]);
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
            worker.work_mode.to_string(),
            worker.trust_tier.to_string(),
            format!("{:.1}", worker.reputation_score),
            format!("{:.1}", worker.reputation_sample.size),
            format!("{}/{}", worker.points_held, worker.capacity_points),
            format!("{}/{}", worker.tasks_held.len(), worker.max_concurrent_tasks),
            worker.tasks_offered.len().to_string(),
            worker.tasks_in_review.len().to_string(),
            distance(worker.last_seen_at, now),
            list_or_dash(&worker.skills),
        ]);
    }
    table.render()
}

pub fn repos(repos: &[Repo]) -> String {
    let mut table = Table::new(&["REPO", "BUDGET", "LEASES", "OFFERS", "OPEN PRS", "FREE", "WEIGHT", "TRUST", "NOW"]);
    for repo in repos {
        table.row([
            repo.repo.to_string(),
            repo.max_open_prs.to_string(),
            repo.leases_live.to_string(),
            repo.offers_open.to_string(),
            repo.prs_open.to_string(),
            repo.slots_free.to_string(),
            repo.weight.to_string(),
            repo.trust_tier_min.to_string(),
            repo.closed.as_ref().map_or_else(|| "open".to_owned(), |closed| closed.code.to_string()),
        ]);
    }
    table.render()
}
