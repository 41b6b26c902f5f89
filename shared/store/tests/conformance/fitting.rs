//! Which worker a task fits: points, concurrency, skills, tier, presence.

use crate::pool::{Pool, strings};
use owp_logic::limits::IN_REVIEW_MAX;
use owp_logic::operations::{ExplainTask, ExplainWork, RevokeWorker};
use owp_wire::{FitCode, ReportedStatus, TaskAction, TaskId, TrustTier, WorkerStatus};
use std::slice::from_ref;

pub async fn points_count_what_is_held_now(pool: &Pool) {
    pool.repo("demo", 20).await;
    let mut tasks = Vec::new();
    for points in [3, 2, 1] {
        tasks.push(pool.task_with("demo", &format!("{points}"), |spec| spec.estimate_points = points).await);
        pool.later(1);
    }
    let worker = pool.worker_with(|worker| worker.capacity_points = 4).await;
    assert_eq!(pool.fetch(&worker).await, [tasks[0].clone(), tasks[2].clone()]);
    pool.report(&worker, &tasks[0], ReportedStatus::PrOpened).await;
    assert_eq!(pool.fetch(&worker).await, [tasks[2].clone(), tasks[1].clone()]);
}

pub async fn a_task_of_exactly_the_free_points_fits(pool: &Pool) {
    pool.repo("demo", 20).await;
    let fits = pool.task_with("demo", "fits", |spec| spec.estimate_points = 5).await;
    pool.task_with("demo", "too big", |spec| (spec.estimate_points, spec.priority) = (6, 99)).await;
    let worker = pool.worker_with(|worker| worker.capacity_points = 5).await;
    assert_eq!(pool.fetch(&worker).await, [fits]);
}

pub async fn no_worker_holds_more_tasks_than_it_may(pool: &Pool) {
    pool.repo("demo", 20).await;
    for title in ["a", "b", "c"] {
        pool.task("demo", title).await;
    }
    let worker = pool.worker_with(|worker| worker.max_concurrent_tasks = 2).await;
    let held = pool.fetch(&worker).await;
    assert_eq!(held.len(), 2);
    assert_eq!(pool.fetch(&worker).await, held, "repeating a fetch is harmless");
    pool.report(&worker, &held[0], ReportedStatus::Blocked).await;
    assert_eq!(pool.fetch(&worker).await, held, "a blocked task keeps its capacity");
}

pub async fn changes_requested_takes_capacity_again(pool: &Pool) {
    pool.repo("demo", 20).await;
    let first = pool.task("demo", "a").await;
    let worker = pool.single().await;
    assert_eq!(pool.fetch(&worker).await, from_ref(&first));
    pool.report(&worker, &first, ReportedStatus::PrOpened).await;
    pool.act(&first, TaskAction::RequestChanges).await;
    pool.task("demo", "b").await;
    assert_eq!(pool.fetch(&worker).await, [first]);
}

pub async fn who_has_too_many_in_review_gets_no_more(pool: &Pool) {
    pool.repo("demo", 100).await;
    for index in 0..=IN_REVIEW_MAX {
        pool.task("demo", &format!("{index}")).await;
    }
    let worker = pool.worker().await;
    let mut opened = 0;
    while opened < IN_REVIEW_MAX {
        let held = pool.fetch(&worker).await;
        for task in held.iter().take(IN_REVIEW_MAX - opened) {
            pool.report(&worker, task, ReportedStatus::PrOpened).await;
            opened += 1;
        }
    }
    let rest = pool.fetch(&worker).await;
    for task in &rest {
        pool.act(task, TaskAction::Requeue).await;
    }
    assert!(pool.fetch(&worker).await.is_empty());
    assert_eq!(why_no_work(pool, &worker.worker_id).await, [FitCode::ConcurrencyExceeded]);
}

pub async fn skills_compare_trimmed_and_lower_case(pool: &Pool) {
    pool.repo("demo", 20).await;
    let task = pool.task_with("demo", "a", |spec| spec.required_skills = strings(&["rust", "sql"])).await;
    let lacks = pool.worker_with(|worker| worker.skills = strings(&["rust"])).await;
    assert!(pool.fetch(&lacks).await.is_empty());
    let has = pool.worker_with(|worker| worker.skills = strings(&[" SQL ", "Rust", "docs", "rust"])).await;
    assert_eq!(pool.get_worker(&has).await.skills, ["docs", "rust", "sql"]);
    assert_eq!(pool.fetch(&has).await, [task]);
}

pub async fn every_required_skill_counts_and_not_only_the_leading_one(pool: &Pool) {
    pool.repo("demo", 20).await;
    pool.task_with("demo", "lacks sql", |spec| {
        spec.required_skills = strings(&["rust", "sql"]);
        spec.priority = 90;
    })
    .await;
    pool.task_with("demo", "lacks python", |spec| spec.required_skills = strings(&["python", "rust"])).await;
    let plain = pool.task("demo", "asks for none").await;
    let rust = pool.task_with("demo", "fits", |spec| spec.required_skills = strings(&["rust"])).await;
    let worker = pool.worker_with(|worker| worker.skills = strings(&["rust"])).await;
    let mut given = pool.fetch(&worker).await;
    given.sort();
    assert_eq!(given, [plain, rust]);
}

pub async fn trust_bounds_the_tier(pool: &Pool) {
    let tiers = [TrustTier::Untrusted, TrustTier::Basic, TrustTier::Trusted, TrustTier::Maintainer];
    pool.repo("demo", 100).await;
    for (trust, reach) in tiers.into_iter().zip(1..) {
        let mut tasks = Vec::new();
        for tier in 0..4 {
            tasks.push(pool.task_with("demo", &format!("{tier}"), |spec| spec.tier = tier).await);
        }
        pool.set_rules(|rules| rules.new_worker_tier = trust);
        let worker = pool.worker().await;
        assert_eq!(pool.fetch(&worker).await, tasks[..reach]);
        for task in &tasks[..reach] {
            pool.act(task, TaskAction::Cancel).await;
        }
        for task in &tasks[reach..] {
            pool.act(task, TaskAction::Cancel).await;
        }
    }
}

pub async fn a_paused_worker_keeps_what_it_holds_and_gets_nothing_new(pool: &Pool) {
    pool.repo("demo", 20).await;
    let first = pool.task("demo", "first").await;
    let worker = pool.worker().await;
    assert_eq!(pool.fetch(&worker).await, from_ref(&first));
    pool.heartbeat(&worker, WorkerStatus::Paused).await;
    let second = pool.task("demo", "second").await;
    assert_eq!(pool.fetch(&worker).await, from_ref(&first));
    pool.heartbeat(&worker, WorkerStatus::Working).await;
    assert_eq!(pool.fetch(&worker).await, [first, second]);
}

pub async fn any_call_is_a_sign_of_life(pool: &Pool) {
    pool.repo("demo", 20).await;
    let task = pool.task("demo", "a").await;
    let worker = pool.worker().await;
    pool.later(pool.rules().heartbeat_ttl_s);
    assert_eq!(why_no_work(pool, &worker.worker_id).await, [FitCode::WorkerOffline]);
    assert_eq!(pool.fetch(&worker).await, [task]);
    assert_eq!(pool.get_worker(&worker).await.last_seen_at, pool.now());
}

pub async fn every_reason_is_named(pool: &Pool) {
    pool.repo("demo", 20).await;
    let task = pool
        .task_with("demo", "a", |spec| {
            (spec.tier, spec.estimate_points) = (1, 10);
            spec.required_skills = strings(&["rust"]);
            spec.area = Some("auth".into());
        })
        .await;
    let worker = pool.worker_with(|worker| worker.capacity_points = 5).await;
    pool.heartbeat(&worker, WorkerStatus::Paused).await;
    let expected = [FitCode::WorkerPaused, FitCode::SkillsMissing, FitCode::TierTooLow, FitCode::PointsExceeded];
    assert_eq!(sorted(why_no_work(pool, &worker.worker_id).await), sorted(expected.to_vec()));

    let explained = pool.admin(ExplainTask { caller: None, task_id: task.clone() }).await;
    let codes = explained.reasons.iter().map(|reason| reason.code).collect();
    assert_eq!(sorted(codes), sorted(expected.to_vec()));
    assert_eq!((explained.workers_looked_at, explained.fitting), (1, 0));
    assert!(explained.blockers.is_empty());
}

pub async fn what_keeps_a_task_from_everybody_is_named(pool: &Pool) {
    pool.repo("demo", 1).await;
    let held = pool.task_with("demo", "a", |spec| spec.area = Some("auth".into())).await;
    let task = pool.task_with("demo", "b", |spec| spec.area = Some("auth".into())).await;
    let worker = pool.worker().await;
    assert_eq!(pool.fetch(&worker).await, from_ref(&held));
    let blockers = async |task: &TaskId| pool.admin(ExplainTask { caller: None, task_id: task.clone() }).await.blockers;
    assert_eq!(blockers(&task).await, [FitCode::ReviewBudgetSpent, FitCode::AreaLocked]);
    assert_eq!(blockers(&held).await, [FitCode::TaskNotReady, FitCode::ReviewBudgetSpent, FitCode::AreaLocked]);
    pool.admin(owp_logic::operations::PutRepo {
        paused: Some(true),
        max_open_prs: Some(5),
        area_locks_enabled: Some(false),
        ..crate::pool::repo("demo")
    })
    .await;
    assert_eq!(blockers(&task).await, [FitCode::RepoPaused]);
}

pub async fn only_workers_that_are_online_are_looked_at(pool: &Pool) {
    pool.repo("demo", 1).await;
    let task = pool.task("demo", "a").await;
    let revoked = pool.worker().await;
    pool.worker().await;
    pool.later(pool.rules().heartbeat_ttl_s);
    pool.heartbeat(&revoked, WorkerStatus::Idle).await;
    pool.worker().await;
    pool.admin(RevokeWorker { worker_id: revoked.worker_id, reason: "spam".into() }).await;
    let explained = pool.admin(ExplainTask { caller: None, task_id: task }).await;
    assert_eq!((explained.workers_looked_at, explained.fitting, explained.truncated), (1, 1, false));
}

async fn why_no_work(pool: &Pool, worker_id: &owp_wire::WorkerId) -> Vec<FitCode> {
    let explained = pool.admin(ExplainWork { caller: None, worker_id: worker_id.clone() }).await;
    explained.reasons.into_iter().map(|reason| reason.code).collect()
}

fn sorted(mut codes: Vec<FitCode>) -> Vec<FitCode> {
    codes.sort();
    codes
}
