//! Records to start from.

use owp_logic::periods::Spent;
use owp_logic::reputation::TrackRecord;
use owp_logic::{AreaClaim, Attempt, Availability, DayPoints, Gate, Repo, RepoPolicy, Task, TaskSpec, Worker};
use owp_wire::{LeaseId, RepoName, TaskId, TaskState, Timestamp, TrustTier, WorkMode, WorkerId, WorkerStatus};

pub const NOW: Timestamp = Timestamp::from_millis(1_768_698_000_000);

pub fn worker() -> Worker {
    Worker {
        id: WorkerId("w1".into()),
        name: "Ada".into(),
        github_handle: None,
        handle_verified: false,
        skills: vec!["rust".into(), "sql".into()],
        capacity_points: 5,
        max_concurrent_tasks: 2,
        work_mode: WorkMode::Auto,
        availability: Availability::default(),
        trust_tier: TrustTier::Basic,
        status: WorkerStatus::Idle,
        note: None,
        registered_at: NOW,
        last_seen_at: NOW,
        token_version: 1,
        revoked_at: None,
        held: vec![],
        offered: vec![],
        day: DayPoints::default(),
        track: TrackRecord::default(),
        in_review: vec![],
        online_since: None,
        busy_since: None,
        event_seq: 0,
    }
}

pub fn repo() -> Repo {
    Repo {
        name: RepoName("demo".into()),
        max_open_prs: 2,
        area_locks_enabled: true,
        paused: false,
        paused_until: None,
        clone_url: None,
        policy: RepoPolicy::default(),
        has_lists: false,
        github: None,
        leases_live: 0,
        offers_open: 0,
        prs_open: 0,
        prs_idle: 0,
        service: 0,
        rate_mark: Timestamp::default(),
        durations: vec![],
        gate: Gate::default(),
        full_since: None,
        created_at: NOW,
        updated_at: NOW,
        event_seq: 0,
    }
}

pub fn task() -> Task {
    Task {
        id: TaskId("t1".into()),
        repo: RepoName("demo".into()),
        spec: TaskSpec {
            key: None,
            title: "a".into(),
            description: String::new(),
            estimate_points: 3,
            priority: 10,
            required_skills: vec!["rust".into()],
            area: Some("auth".into()),
            tier: 1,
            attempts_max: 3,
            depends_on: vec![],
            security: false,
            filed_by: None,
        },
        state: TaskState::Ready,
        state_since: NOW,
        lease: None,
        offer: None,
        message: None,
        artifact: None,
        branch: None,
        notes: None,
        attempts_used: 0,
        attempts: vec![],
        declines: vec![],
        waits_for: vec![],
        dependents: vec![],
        review_alive_at: None,
        review_look_at: None,
        text_changed_at: None,
        off_budget: false,
        source: None,
        pull_request: None,
        spent: Spent::default(),
        created_at: NOW,
        updated_at: NOW,
        ready_at: NOW,
        event_seq: 1,
    }
}

pub fn claim(tasks: &[&str]) -> AreaClaim {
    let tasks = tasks.iter().map(|id| TaskId((*id).into())).collect();
    AreaClaim { repo: RepoName("demo".into()), area: "auth".into(), tasks }
}

pub fn attempt(worker: &str) -> Attempt {
    Attempt {
        worker_id: WorkerId(worker.into()),
        lease_id: LeaseId("l1".into()),
        started_at: NOW,
        pr_opened_at: None,
        on_time: None,
        change_rounds: 0,
        parked_s: 0,
        rating: None,
        ended_at: None,
        outcome: None,
        reason: None,
        branch: None,
        notes: None,
        delivery: None,
    }
}
