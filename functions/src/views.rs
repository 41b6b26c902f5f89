//! Records as the contract shows them.

use crate::quiet_hours;
use owp_logic::github::Policy;
use owp_logic::operations::{self, ReasonTally};
use owp_logic::reputation::{HALF_LIFE_DAYS, PRIOR_GOOD, PRIOR_WEIGHT, Reputation, Z, tier_suggested};
use owp_logic::{
    Admission, Attempt, Availability, Closed, PullRequest, Repo, RepoLink, Rules, Task, TaskSource, TaskStands, Worker,
    fit,
};
use owp_wire::{self as wire, FitCode, Timestamp, WorkerId};

pub fn worker(worker: &Worker, rules: &Rules, now: Timestamp) -> wire::Worker {
    let reputation = worker.track.reputation(now);
    wire::Worker {
        worker_id: worker.id.clone(),
        name: worker.name.clone(),
        github_handle: worker.github_handle.clone(),
        github_handle_verified: worker.handle_verified,
        skills: worker.skills.clone(),
        capacity_points: worker.capacity_points,
        max_concurrent_tasks: worker.max_concurrent_tasks,
        work_mode: worker.work_mode,
        availability: availability(&worker.availability),
        trust_tier: worker.trust_tier,
        trust_tier_suggested: tier_suggested(worker.trust_tier, &worker.track, now),
        status: worker.status,
        note: worker.note.clone(),
        online: worker.is_online(rules, now),
        registered_at: worker.registered_at,
        last_seen_at: worker.last_seen_at,
        points_held: worker.points_held(),
        points_today: worker.day.on(now),
        tasks_held: worker.held.iter().map(|held| held.task_id.clone()).collect(),
        tasks_offered: worker.offered.iter().map(|offered| offered.task_id.clone()).collect(),
        tasks_in_review: worker.in_review.clone(),
        reputation_score: reputation.score,
        reputation_sample: sample(&reputation),
        revoked: worker.revoked_at.is_some(),
    }
}

fn availability(availability: &Availability) -> wire::Availability {
    wire::Availability {
        until: availability.until,
        quota_resets_at: availability.quota_resets_at,
        points_per_day: availability.points_per_day,
    }
}

/// The other way round: what a worker said of itself.
pub fn availability_said(said: &wire::Availability) -> Availability {
    Availability { until: said.until, quota_resets_at: said.quota_resets_at, points_per_day: said.points_per_day }
}

fn sample(reputation: &Reputation) -> wire::ReputationSample {
    wire::ReputationSample { size: reputation.sample_size, small: reputation.small_sample }
}

pub fn reputation(worker: &Worker, now: Timestamp) -> wire::GetReputationResponse {
    let (track, reputation) = (&worker.track, worker.track.reputation(now));
    wire::GetReputationResponse {
        worker_id: worker.id.clone(),
        reputation_score: reputation.score,
        trust_tier: worker.trust_tier,
        trust_tier_suggested: tier_suggested(worker.trust_tier, track, now),
        metrics: wire::ReputationMetrics {
            completion_rate: reputation.completion_rate,
            avg_pr_quality: reputation.avg_pr_quality,
            on_time_delivery: reputation.on_time_delivery,
            total_tasks: reputation.total_tasks,
        },
        sample: sample(&reputation),
        parts: wire::ReputationParts {
            good: reputation.good,
            weight: reputation.weight,
            prior_good: PRIOR_GOOD,
            prior_weight: PRIOR_WEIGHT,
            mean: reputation.mean,
            z: Z,
            half_life_days: HALF_LIFE_DAYS,
            outcomes: wire::ReputationOutcomes {
                merged: track.merged,
                closed: track.closed,
                reverted: track.reverted,
                ran_out: track.ran_out,
                released: track.released,
            },
        },
    }
}

pub fn repo(repo: &Repo, now: Timestamp) -> wire::Repo {
    let (policy, window) = (&repo.policy, &repo.policy.reputation);
    wire::Repo {
        repo: repo.name.clone(),
        max_open_prs: repo.max_open_prs,
        area_locks_enabled: repo.area_locks_enabled,
        paused: repo.is_paused(now),
        paused_until: repo.paused_until.filter(|until| now < *until),
        clone_url: repo.clone_url.clone(),
        weight: policy.weight,
        trust_tier_min: policy.trust_tier_min,
        allow_listed_only: policy.allow_listed_only,
        security_extra_slots: policy.security_extra_slots,
        prs_per_hour_max: policy.prs_per_hour_max,
        quiet_hours: policy.quiet_hours.iter().map(quiet_hours::to_wire).collect(),
        review_idle_days: policy.review_idle_days,
        reputation_bar: window.bar,
        reputation_window_s: window.window_s,
        reputation_priority_min: window.priority_min,
        offers_open: repo.offers_open,
        leases_live: repo.leases_live,
        prs_open: repo.prs_open,
        prs_idle: repo.prs_idle,
        slots_free: repo.slots_free(),
        closed: closed(repo, now),
        github: repo.github.as_deref().map(link),
        created_at: repo.created_at,
        updated_at: repo.updated_at,
    }
}

pub fn link(link: &RepoLink) -> wire::GithubLink {
    wire::GithubLink {
        sync_type: link.sync,
        write_permissions: link.write.clone(),
        admission: link.admission,
        linked_at: link.linked_at,
        synced_at: link.synced_at,
        suspended: link.suspended.then_some(true),
        suspended_because: link.suspended_because.clone(),
        policy: link.policy.as_deref().map(|accepted| work_policy(&accepted.policy)),
        policy_faults: link.policy.as_deref().map(|accepted| accepted.faults.clone()).unwrap_or_default(),
    }
}

/// Why nothing new is given, not even what may use the security slots.
fn closed(repo: &Repo, now: Timestamp) -> Option<wire::RepoClosed> {
    let spent = (repo.slots_free_for(true) == 0).then_some(Closed { code: FitCode::ReviewBudgetSpent, until: None });
    let closed = repo.closed(now).into_iter().next().or(spent)?;
    Some(wire::RepoClosed { code: closed.code, until: closed.until, detail: fit::remedy(closed.code).to_owned() })
}

pub fn admission(repo: &Repo, lists: Admission, left_out: Vec<String>) -> wire::Admission {
    wire::Admission {
        repo: lists.repo,
        allow_listed_only: repo.policy.allow_listed_only,
        allowed: lists.allowed,
        denied: lists.denied,
        left_out,
    }
}

pub fn task(task: &Task, now: Timestamp) -> wire::Task {
    let lease = task.live_lease(now);
    let offer = task.live_offer(now);
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
        holder: lease.map(|lease| lease.worker_id.clone()),
        lease_expires_at: lease.filter(|_| clock_runs).map(|lease| lease.expires_at),
        parked_until: lease.and_then(|lease| lease.parked_until),
        offered_to: offer.map(|offer| offer.worker_id.clone()),
        offer_expires_at: offer.map(|offer| offer.expires_at),
        depends_on: task.spec.depends_on.clone(),
        waits_for: task.waits_for.clone(),
        dependents: task.dependents.clone(),
        security: task.spec.security,
        filed_by: task.spec.filed_by.clone(),
        source: task.source.as_deref().map(source),
        pull_request: task.pull_request.as_deref().map(pull_request),
        budget_freed: task.off_budget.then_some(true),
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

/// A task as this worker may see it: its own attempts whole, and of others' that they were, when, and how they ended. Who
/// holds it goes on where they stopped, so it is told their branches and notes. Whose lease a pull request names is taken for
/// its author, so nobody is told a lease of somebody else; and a rating is between a maintainer and whom it is about.
pub fn task_for(worker_id: &WorkerId, seen: &Task, now: Timestamp) -> wire::Task {
    let mut shown = task(seen, now);
    let holds = shown.holder.as_ref() == Some(worker_id);
    // What the task says of its work is the last holder's word.
    let had_it_last = seen.attempts.last().is_some_and(|last| last.worker_id == *worker_id);
    for attempt in &mut shown.attempts {
        if attempt.worker_id.as_ref() != Some(worker_id) {
            *attempt = wire::Attempt {
                worker_id: None,
                lease_id: None,
                change_rounds: None,
                rating: None,
                reason: None,
                branch: attempt.branch.take().filter(|_| holds),
                notes: attempt.notes.take().filter(|_| holds),
                ..attempt.clone()
            };
        }
    }
    if !holds && !had_it_last {
        (shown.message, shown.artifact, shown.branch, shown.notes) = (None, None, None, None);
    }
    if !holds {
        (shown.holder, shown.parked_until) = (None, None);
    }
    shown.offered_to = shown.offered_to.filter(|offered_to| offered_to == worker_id);
    shown
}

fn source(source: &TaskSource) -> wire::TaskSource {
    wire::TaskSource {
        issue: source.issue,
        url: source.url.clone(),
        author: source.author.clone(),
        text_hash: source.text_hash.clone(),
        edited_at: source.edited_at,
    }
}

fn pull_request(pull: &PullRequest) -> wire::TaskPullRequest {
    wire::TaskPullRequest {
        number: pull.number,
        url: pull.url.clone(),
        author: pull.author.clone(),
        head_sha: pull.head_sha.clone(),
    }
}

fn attempt(attempt: &Attempt) -> wire::Attempt {
    wire::Attempt {
        worker_id: Some(attempt.worker_id.clone()),
        lease_id: Some(attempt.lease_id.clone()),
        started_at: attempt.started_at,
        pr_opened_at: attempt.pr_opened_at,
        change_rounds: Some(attempt.change_rounds),
        rating: attempt.rating.map(u32::from),
        ended_at: attempt.ended_at,
        outcome: attempt.outcome,
        reason: attempt.reason.clone(),
        branch: attempt.branch.clone(),
        notes: attempt.notes.clone(),
    }
}

/// A task as its holder sees it; `None` where nobody holds it.
pub fn lease(task: &Task, clone_url: Option<&String>, policy: Option<&Policy>) -> Option<wire::Lease> {
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
        parked_until: lease.parked_until,
        attempt: task.attempts_used + 1,
        message: task.message.clone(),
        branch: task.branch.clone(),
        notes: task.notes.clone(),
        source: task.source.as_deref().map(source),
        policy: policy.map(work_policy),
    })
}

fn work_policy(policy: &Policy) -> wire::WorkPolicy {
    let disclosure = policy.disclosure.clone().unwrap_or_default();
    let tiers = policy.tiers.iter().map(|rule| wire::PathTier { paths: rule.paths.clone(), tier: rule.tier });
    wire::WorkPolicy {
        paths_allowed: policy.paths.allow.clone(),
        paths_denied: policy.paths.deny.clone(),
        tiers: tiers.collect(),
        setup: policy.commands.setup.clone(),
        test: policy.commands.test.clone(),
        files_max: policy.size.files_max,
        lines_max: policy.size.lines_max,
        lines_per_point_max: policy.size.lines_per_point_max,
        disclosure: disclosure.text,
        disclosure_line: disclosure.line,
    }
}

/// A task as the worker sees it to whom it is offered; `None` where it is offered to nobody.
pub fn offer(task: &Task, expected_s: u32) -> Option<wire::Offer> {
    let offer = task.offer.as_ref()?;
    Some(wire::Offer {
        offer_id: offer.id.clone(),
        task_id: task.id.clone(),
        repo: task.repo.clone(),
        title: task.spec.title.clone(),
        description: task.spec.description.clone(),
        estimate_points: task.spec.estimate_points,
        expected_s,
        priority: task.spec.priority,
        required_skills: task.spec.required_skills.clone(),
        area: task.spec.area.clone(),
        tier: task.spec.tier,
        attempt: task.attempts_used + 1,
        expires_at: offer.expires_at,
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

pub fn open_dependency(open: operations::OpenDependency) -> wire::OpenDependency {
    wire::OpenDependency { task_id: open.task_id, repo: open.repo, title: open.title, state: open.state }
}

pub fn worker_group(group: operations::WorkerGroup) -> wire::WorkerGroup {
    wire::WorkerGroup { workers: count(group.workers), codes: group.codes, example: group.example }
}

/// Counts are far below what the type holds.
pub fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
