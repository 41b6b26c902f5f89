//! Records as the contract shows them.

use owp_logic::operations::ReasonTally;
use owp_logic::{Attempt, Repo, Rules, Task, TaskStands, Worker, fit};
use owp_wire::{self as wire, Timestamp};

pub fn worker(worker: &Worker, rules: &Rules, now: Timestamp) -> wire::Worker {
    wire::Worker {
        worker_id: worker.id.clone(),
        name: worker.name.clone(),
        github_handle: worker.github_handle.clone(),
        skills: worker.skills.clone(),
        capacity_points: worker.capacity_points,
        max_concurrent_tasks: worker.max_concurrent_tasks,
        trust_tier: worker.trust_tier,
        status: worker.status,
        note: worker.note.clone(),
        online: worker.is_online(rules, now),
        registered_at: worker.registered_at,
        last_seen_at: worker.last_seen_at,
        points_held: worker.points_held(),
        tasks_held: worker.held.iter().map(|held| held.task_id.clone()).collect(),
        tasks_in_review: worker.in_review.clone(),
        revoked: worker.revoked_at.is_some(),
    }
}

pub fn repo(repo: &Repo) -> wire::Repo {
    wire::Repo {
        repo: repo.name.clone(),
        max_open_prs: repo.max_open_prs,
        area_locks_enabled: repo.area_locks_enabled,
        paused: repo.paused,
        clone_url: repo.clone_url.clone(),
        leases_live: repo.leases_live,
        prs_open: repo.prs_open,
        slots_free: if repo.paused { 0 } else { repo.slots_free() },
        created_at: repo.created_at,
        updated_at: repo.updated_at,
    }
}

pub fn task(task: &Task, now: Timestamp) -> wire::Task {
    let lease = task.lease.as_ref();
    let clock_runs = task.holding() == owp_logic::Holding::Lease;
    wire::Task {
        task_id: task.id.clone(),
        repo: task.repo.clone(),
        key: task.spec.key.clone(),
        title: task.spec.title.clone(),
        description: task.spec.description.clone(),
        estimate_points: task.spec.estimate_points,
        priority: task.spec.priority,
        required_skills: task.spec.required_skills.clone(),
        area: task.spec.area.clone(),
        tier: task.spec.tier,
        state: task.state_at(now),
        state_since: task.state_since,
        holder: task.live_lease(now).map(|lease| lease.worker_id.clone()),
        lease_expires_at: lease.filter(|_| clock_runs && task.live_lease(now).is_some()).map(|lease| lease.expires_at),
        message: task.message.clone(),
        artifact: task.artifact.clone(),
        branch: task.branch.clone(),
        notes: task.notes.clone(),
        attempts_used: task.attempts_used,
        attempts_max: task.spec.attempts_max,
        attempts: task.attempts.iter().map(attempt).collect(),
        created_at: task.created_at,
        updated_at: task.updated_at,
    }
}

fn attempt(attempt: &Attempt) -> wire::Attempt {
    wire::Attempt {
        worker_id: attempt.worker_id.clone(),
        lease_id: attempt.lease_id.clone(),
        started_at: attempt.started_at,
        ended_at: attempt.ended_at,
        outcome: attempt.outcome,
        reason: attempt.reason.clone(),
        branch: attempt.branch.clone(),
        notes: attempt.notes.clone(),
    }
}

/// A task as its holder sees it; `None` where nobody holds it.
pub fn lease(task: &Task, clone_url: Option<&String>) -> Option<wire::Lease> {
    let lease = task.lease.as_ref()?;
    Some(wire::Lease {
        lease_id: lease.id.clone(),
        task_id: task.id.clone(),
        repo: task.repo.clone(),
        clone_url: clone_url.cloned(),
        title: task.spec.title.clone(),
        description: task.spec.description.clone(),
        estimate_points: task.spec.estimate_points,
        priority: task.spec.priority,
        area: task.spec.area.clone(),
        tier: task.spec.tier,
        required_skills: task.spec.required_skills.clone(),
        state: task.state,
        lease_expires_at: lease.expires_at,
        attempt: task.attempts_used + 1,
        message: task.message.clone(),
        branch: task.branch.clone(),
        notes: task.notes.clone(),
    })
}

pub fn in_review(task: &Task) -> wire::InReview {
    wire::InReview {
        task_id: task.id.clone(),
        repo: task.repo.clone(),
        title: task.spec.title.clone(),
        estimate_points: task.spec.estimate_points,
        pr_url: task.artifact.as_ref().and_then(|artifact| artifact.pr_url.clone()),
    }
}

pub fn task_stands(stands: TaskStands) -> wire::TaskStateResponse {
    wire::TaskStateResponse { ok: true, task_id: stands.task_id, state: stands.state }
}

pub fn reason(tally: &ReasonTally) -> wire::ReasonCount {
    wire::ReasonCount { code: tally.code, count: count(tally.count), detail: fit::remedy(tally.code).to_owned() }
}

/// Counts are far below what the type holds.
pub fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
