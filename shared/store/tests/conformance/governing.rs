//! What a maintainer settles for a repository beyond its budget: when it gives work, how much in an hour, who goes first.

use crate::pool::{Pool, edit, repo};
use owp_logic::operations::{ExplainWork, PutRepo, UpdateTask};
use owp_logic::{EventKind, QuietHours};
use owp_wire::{FitCode, ReportedStatus, TaskAction, TaskState};
use std::slice::from_ref;

fn put(name: &str) -> PutRepo {
    PutRepo { max_open_prs: Some(50), ..repo(name) }
}

pub async fn a_pause_ends_by_itself(pool: &Pool) {
    pool.admin(PutRepo { paused_until: Some(pool.now().plus_s(600)), ..put("demo") }).await;
    let task = pool.task("demo", "a").await;
    let worker = pool.single().await;
    assert_eq!(pool.fetch(&worker).await, []);
    let explain = ExplainWork { caller: None, worker_id: worker.worker_id.clone() };
    let explained = pool.admin(explain).await;
    assert_eq!(explained.nearest, Some((FitCode::RepoPaused, pool.now().plus_s(600))));
    pool.later(599);
    assert_eq!(pool.fetch(&worker).await, []);
    pool.later(1);
    assert_eq!(pool.fetch(&worker).await, [task], "nobody swept");
    let opened = pool.events().await.into_iter().filter(|event| event.kind == EventKind::RepoOpened);
    assert_eq!(opened.count(), 1);
}

pub async fn a_pause_can_be_ended_early_or_made_lasting(pool: &Pool) {
    let until = pool.now().plus_s(600);
    let pause = || PutRepo { paused_until: Some(until), ..put("demo") };
    pool.admin(pause()).await;
    let task = pool.task("demo", "a").await;
    pool.admin(PutRepo { paused: Some(false), ..repo("demo") }).await;
    let worker = pool.single().await;
    assert_eq!(pool.fetch(&worker).await, [task]);
    pool.task("demo", "b").await;
    pool.admin(pause()).await;
    pool.admin(PutRepo { paused: Some(true), ..repo("demo") }).await;
    pool.later(601);
    let other = pool.single().await;
    assert_eq!(pool.fetch(&other).await, []);
}

/// The pool's clock starts at one in the night.
pub async fn no_new_work_starts_in_quiet_hours(pool: &Pool) {
    let night = QuietHours { days: vec![], from_minute: 22 * 60, to_minute: 2 * 60 };
    pool.admin(PutRepo { quiet_hours: Some(vec![night]), ..put("demo") }).await;
    let (first, second) = (pool.task("demo", "a").await, pool.task("demo", "b").await);
    let worker = pool.single().await;
    assert_eq!(pool.fetch(&worker).await, []);
    pool.later(3600);
    assert_eq!(pool.fetch(&worker).await, from_ref(&first));
    pool.later(20 * 3600);
    let other = pool.single().await;
    assert_eq!(pool.fetch(&other).await, [], "the next night has begun");
    assert_eq!(pool.offers(&other).await, []);
    pool.later(4 * 3600);
    assert_eq!(pool.fetch(&other).await.len(), 1);
    let moved: Vec<EventKind> = pool.events().await.into_iter().map(|event| event.kind).collect();
    let moved = moved.into_iter().filter(|kind| matches!(kind, EventKind::RepoOpened | EventKind::RepoClosed));
    assert_eq!(moved.collect::<Vec<_>>(), [EventKind::RepoOpened, EventKind::RepoClosed, EventKind::RepoOpened]);
    assert_ne!(first, second);
}

pub async fn what_is_held_goes_on_in_quiet_hours(pool: &Pool) {
    let from_two = QuietHours { days: vec![], from_minute: 2 * 60, to_minute: 3 * 60 };
    pool.admin(PutRepo { quiet_hours: Some(vec![from_two]), ..put("demo") }).await;
    let task = pool.task("demo", "a").await;
    let worker = pool.single().await;
    let (offered, offer) = pool.offers(&worker).await.remove(0);
    pool.later(250);
    pool.by(&worker, crate::offering::accept(&worker, &offer)).await;
    pool.later(3600);
    assert_eq!(pool.fetch(&worker).await, from_ref(&task));
    pool.report(&worker, &task, ReportedStatus::PrOpened).await;
    assert_eq!(offered, task);
}

pub async fn an_hourly_limit_counts_what_led_to_a_pull_request(pool: &Pool) {
    pool.admin(PutRepo { prs_per_hour_max: Some(2), ..put("demo") }).await;
    for title in ["a", "b", "c", "d"] {
        pool.task("demo", title).await;
    }
    let worker = pool.worker().await;
    let held = pool.fetch(&worker).await;
    assert_eq!(held.len(), 2);
    pool.report(&worker, &held[0], ReportedStatus::PrOpened).await;
    pool.act(&held[0], TaskAction::Merge).await;
    assert_eq!(pool.fetch(&worker).await, held[1..], "what is merged still was an hour's work for the maintainer");
    pool.release(&worker, &held[1]).await;
    assert_eq!(pool.fetch(&worker).await.len(), 1, "what came to nothing did not use it up");
    pool.later(1799);
    assert_eq!(pool.fetch(&worker).await.len(), 1);
    pool.later(1);
    assert_eq!(pool.fetch(&worker).await.len(), 2, "one more each half hour, without a sweep");
}

pub async fn a_limit_does_not_starve_a_repository_that_was_closed(pool: &Pool) {
    let until = pool.now().plus_s(24 * 3600);
    pool.admin(PutRepo { prs_per_hour_max: Some(3), paused_until: Some(until), ..put("demo") }).await;
    for title in ["a", "b", "c", "d"] {
        pool.task("demo", title).await;
    }
    pool.later(24 * 3600);
    let worker = pool.worker().await;
    assert_eq!(pool.fetch(&worker).await.len(), 3, "an hour's worth at once");
}

pub async fn weight_shares_the_workers(pool: &Pool) {
    pool.admin(PutRepo { weight: Some(30), ..put("demo") }).await;
    pool.admin(PutRepo { weight: Some(10), ..put("owner/other") }).await;
    for _ in 0..40 {
        pool.task("demo", "a").await;
        pool.task("owner/other", "b").await;
    }
    let worker = pool.worker().await;
    let given = pool.fetch(&worker).await;
    let mut of_demo = 0;
    for task in &given {
        of_demo += usize::from(pool.get_task(task).await.repo.0 == "demo");
    }
    assert_eq!((given.len(), of_demo), (20, 15));
}

pub async fn size_counts_in_a_repositorys_share(pool: &Pool) {
    pool.admin(put("demo")).await;
    pool.admin(put("owner/other")).await;
    for _ in 0..12 {
        pool.task_with("demo", "large", |spec| spec.estimate_points = 3).await;
        pool.task("owner/other", "small").await;
    }
    let worker = pool.worker_with(|worker| worker.max_concurrent_tasks = 12).await;
    let given = pool.fetch(&worker).await;
    let mut large = 0;
    for task in &given {
        large += usize::from(pool.get_task(task).await.repo.0 == "demo");
    }
    assert_eq!((given.len(), large), (12, 3));
}

pub async fn a_new_repository_does_not_starve_the_others(pool: &Pool) {
    pool.admin(put("demo")).await;
    for _ in 0..30 {
        pool.task("demo", "old").await;
    }
    let busy = pool.worker().await;
    assert_eq!(pool.fetch(&busy).await.len(), 20);
    pool.admin(put("owner/new")).await;
    for _ in 0..20 {
        pool.task("owner/new", "new").await;
    }
    let worker = pool.worker_with(|worker| worker.max_concurrent_tasks = 12).await;
    let mut of_new = 0;
    for task in pool.fetch(&worker).await {
        of_new += usize::from(pool.get_task(&task).await.repo.0 == "owner/new");
    }
    assert!((8..=11).contains(&of_new), "{of_new} of 12: it catches up on eight points, then they take turns");
}

pub async fn security_tasks_have_slots_of_their_own(pool: &Pool) {
    pool.admin(PutRepo { max_open_prs: Some(1), security_extra_slots: Some(1), ..repo("demo") }).await;
    let usual = pool.task_with("demo", "a", |spec| spec.priority = 99).await;
    let more = pool.task_with("demo", "b", |spec| spec.priority = 50).await;
    let security = pool.task_with("demo", "c", |spec| (spec.security, spec.priority) = (true, 1)).await;
    let later = pool.task_with("demo", "d", |spec| (spec.security, spec.priority) = (true, 0)).await;
    let worker = pool.worker().await;
    let mut given = pool.fetch(&worker).await;
    given.sort();
    let mut expected = vec![usual.clone(), security];
    expected.sort();
    assert_eq!(given, expected, "one by budget and one beyond it");
    pool.report(&worker, &usual, ReportedStatus::PrOpened).await;
    pool.report(&worker, &usual, ReportedStatus::Merged).await;
    let next = pool.fetch(&worker).await;
    assert!(next.contains(&later) && !next.contains(&more), "the slots of security are full first");
    pool.admin(PutRepo { max_open_prs: Some(0), ..repo("demo") }).await;
    pool.admin(PutRepo { security_extra_slots: Some(20), ..repo("demo") }).await;
    pool.task_with("demo", "e", |spec| spec.security = true).await;
    assert_eq!(pool.fetch(&worker).await.len(), 2, "a budget of 0 stops all");
}

pub async fn an_idle_pull_request_frees_its_slot_once(pool: &Pool) {
    pool.admin(PutRepo { max_open_prs: Some(1), review_idle_days: Some(7), ..repo("demo") }).await;
    let idle = pool.task_with("demo", "a", |spec| spec.area = Some("auth".into())).await;
    let in_area = pool.task_with("demo", "b", |spec| (spec.area, spec.priority) = (Some("auth".into()), 99)).await;
    let next = pool.task("demo", "c").await;
    pool.admin(UpdateTask { priority: Some(500), ..edit(&idle) }).await;
    let (worker, other) = (pool.single().await, pool.single().await);
    assert_eq!(pool.fetch(&worker).await, from_ref(&idle));
    pool.report(&worker, &idle, ReportedStatus::PrOpened).await;
    pool.later(6 * 24 * 3600);
    let mut sign = crate::pool::report(&worker, &idle, ReportedStatus::PrOpened);
    sign.message = Some("rebased".into());
    pool.by(&worker, sign).await;
    pool.later(7 * 24 * 3600 - 1);
    assert_eq!(pool.fetch(&other).await, [], "a sign of life starts the days anew");
    pool.later(1);
    assert_eq!(pool.fetch(&other).await, from_ref(&next), "its slot is free, its area is not: {in_area:?}");
    let repo = pool.get_repo("demo").await;
    assert_eq!((repo.prs_open, repo.prs_idle, repo.leases_live), (0, 1, 1));
    // It may come to life again without taking a slot from anybody.
    pool.act(&idle, TaskAction::RequestChanges).await;
    assert_eq!(pool.get_repo("demo").await.slots_used(), 1);
    pool.report(&worker, &idle, ReportedStatus::PrOpened).await;
    pool.act(&idle, TaskAction::Merge).await;
    let repo = pool.get_repo("demo").await;
    assert_eq!((repo.prs_idle, repo.slots_used(), pool.state_of(&idle).await), (0, 1, TaskState::Merged));
}

pub async fn reviews_stay_in_the_budget_where_nobody_said_otherwise(pool: &Pool) {
    pool.repo("demo", 1).await;
    let task = pool.task("demo", "a").await;
    pool.task("demo", "b").await;
    let (worker, other) = (pool.single().await, pool.single().await);
    pool.fetch(&worker).await;
    pool.report(&worker, &task, ReportedStatus::PrOpened).await;
    pool.later(4_000_000);
    assert_eq!(pool.fetch(&other).await, []);
}

pub async fn days_set_later_count_for_reviews_that_are_open_already(pool: &Pool) {
    pool.repo("demo", 1).await;
    let task = pool.task("demo", "a").await;
    let next = pool.task("demo", "b").await;
    let (worker, other) = (pool.single().await, pool.single().await);
    pool.fetch(&worker).await;
    pool.report(&worker, &task, ReportedStatus::PrOpened).await;
    pool.later(30 * 24 * 3600);
    assert_eq!(pool.fetch(&other).await, []);
    pool.admin(PutRepo { review_idle_days: Some(7), ..repo("demo") }).await;
    pool.later(24 * 3600);
    assert_eq!(pool.fetch(&other).await, from_ref(&next));
    let repo = pool.get_repo("demo").await;
    assert_eq!((repo.prs_open, repo.prs_idle, repo.leases_live), (0, 1, 1));
}

pub async fn no_review_leaves_the_budget_once_its_maintainer_said_never(pool: &Pool) {
    pool.admin(PutRepo { max_open_prs: Some(1), review_idle_days: Some(7), ..repo("demo") }).await;
    let task = pool.task("demo", "a").await;
    pool.task("demo", "b").await;
    let (worker, other) = (pool.single().await, pool.single().await);
    pool.fetch(&worker).await;
    pool.report(&worker, &task, ReportedStatus::PrOpened).await;
    pool.admin(PutRepo { review_idle_days: Some(10), ..repo("demo") }).await;
    pool.later(7 * 24 * 3600);
    assert_eq!(pool.fetch(&other).await, [], "ten days are not over");
    pool.admin(PutRepo { review_idle_days: Some(0), ..repo("demo") }).await;
    pool.later(30 * 24 * 3600);
    assert_eq!(pool.fetch(&other).await, []);
}
