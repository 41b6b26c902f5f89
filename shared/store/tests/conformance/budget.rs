//! The review budget, area locks, and repositories that are paused.

use crate::pool::{Pool, repo};
use owp_logic::operations::PutRepo;
use owp_logic::{Key, Record};
use owp_wire::{RepoName, ReportedStatus, TaskAction, TaskState};
use std::slice::from_ref;

pub async fn live_leases_and_open_prs_share_the_budget(pool: &Pool) {
    pool.repo("demo", 2).await;
    for title in ["a", "b", "c", "d"] {
        pool.task("demo", title).await;
    }
    let worker = pool.worker().await;
    let held = pool.fetch(&worker).await;
    assert_eq!(held.len(), 2);
    pool.report(&worker, &held[0], ReportedStatus::PrOpened).await;
    let other = pool.worker().await;
    assert!(pool.fetch(&other).await.is_empty());
    let repo = pool.get_repo("demo").await;
    assert_eq!((repo.leases_live, repo.prs_open, repo.slots_free()), (1, 1, 0));

    pool.report(&worker, &held[0], ReportedStatus::Merged).await;
    assert_eq!(pool.fetch(&other).await.len(), 1);
}

pub async fn a_closed_pr_makes_room(pool: &Pool) {
    pool.repo("demo", 1).await;
    let first = pool.task("demo", "first").await;
    let second = pool.task("demo", "second").await;
    let worker = pool.single().await;
    assert_eq!(pool.fetch(&worker).await, from_ref(&first));
    pool.report(&worker, &first, ReportedStatus::PrOpened).await;
    assert!(pool.fetch(&worker).await.is_empty());
    pool.act(&first, TaskAction::Close).await;
    assert_eq!(pool.fetch(&worker).await, [second]);
}

pub async fn a_budget_lowered_below_its_use_stops_assignment_until_enough_is_merged(pool: &Pool) {
    pool.repo("demo", 3).await;
    for title in ["a", "b", "c", "d", "e"] {
        pool.task("demo", title).await;
    }
    let worker = pool.worker().await;
    let held = pool.fetch(&worker).await;
    assert_eq!(held.len(), 3);
    pool.repo("demo", 1).await;
    assert_eq!(pool.fetch(&worker).await, held);
    for task in &held {
        let other = pool.single().await;
        assert!(pool.fetch(&other).await.is_empty());
        pool.report(&worker, task, ReportedStatus::PrOpened).await;
        assert!(pool.fetch(&other).await.is_empty());
        pool.report(&worker, task, ReportedStatus::Merged).await;
    }
    assert_eq!(pool.fetch(&worker).await.len(), 1);
    pool.repo("demo", 2).await;
    assert_eq!(pool.fetch(&worker).await.len(), 2);
}

pub async fn a_budget_of_zero_stops_assignment(pool: &Pool) {
    pool.repo("demo", 0).await;
    let task = pool.task("demo", "a").await;
    let worker = pool.worker().await;
    assert!(pool.fetch(&worker).await.is_empty());
    pool.repo("demo", 1).await;
    assert_eq!(pool.fetch(&worker).await, [task]);
}

pub async fn a_paused_repository_gives_nothing_and_takes_nothing_away(pool: &Pool) {
    pool.repo("demo", 5).await;
    let first = pool.task("demo", "first").await;
    let worker = pool.worker().await;
    assert_eq!(pool.fetch(&worker).await, from_ref(&first));
    let second = pool.task("demo", "second").await;
    pool.admin(PutRepo { paused: Some(true), ..repo("demo") }).await;
    assert_eq!(pool.fetch(&worker).await, from_ref(&first));
    pool.report(&worker, &first, ReportedStatus::PrOpened).await;
    pool.admin(PutRepo { paused: Some(false), ..repo("demo") }).await;
    assert_eq!(pool.fetch(&worker).await, [second]);
}

pub async fn an_area_has_one_holder_until_its_pr_is_merged_or_closed(pool: &Pool) {
    pool.repo("demo", 10).await;
    let mut auth = Vec::new();
    for title in ["a", "b", "c"] {
        auth.push(pool.task_with("demo", title, |spec| spec.area = Some("auth".into())).await);
    }
    let docs = pool.task_with("demo", "docs", |spec| spec.area = Some("docs".into())).await;
    let worker = pool.worker().await;
    assert_eq!(pool.fetch(&worker).await, [auth[0].clone(), docs.clone()]);
    pool.report(&worker, &auth[0], ReportedStatus::PrOpened).await;
    assert_eq!(pool.fetch(&worker).await, from_ref(&docs));
    pool.act(&auth[0], TaskAction::RequestChanges).await;
    let other = pool.worker().await;
    assert!(pool.fetch(&other).await.is_empty());
    pool.act(&auth[0], TaskAction::Merge).await;
    assert_eq!(pool.fetch(&other).await, from_ref(&auth[1]));
    pool.report(&other, &auth[1], ReportedStatus::PrOpened).await;
    pool.act(&auth[1], TaskAction::Close).await;
    assert_eq!(pool.fetch(&other).await, from_ref(&auth[2]));
}

pub async fn the_same_area_of_another_repository_is_another_area(pool: &Pool) {
    for name in ["a", "b"] {
        pool.repo(name, 10).await;
        pool.task_with(name, "auth", |spec| spec.area = Some("auth".into())).await;
    }
    let worker = pool.worker().await;
    assert_eq!(pool.fetch(&worker).await.len(), 2);
}

pub async fn a_released_or_expired_task_frees_its_area(pool: &Pool) {
    pool.repo("demo", 10).await;
    let first = pool.task_with("demo", "first", |spec| spec.area = Some("auth".into())).await;
    let second = pool.task_with("demo", "second", |spec| spec.area = Some("auth".into())).await;
    let worker = pool.worker().await;
    assert_eq!(pool.fetch(&worker).await, from_ref(&first));
    assert_eq!(pool.release(&worker, &first).await, TaskState::Ready);
    assert_eq!(pool.fetch(&worker).await, from_ref(&second));
    pool.later(pool.rules().lease_ttl_s);
    let other = pool.worker().await;
    assert_eq!(pool.fetch(&other).await, [first]);
    assert_eq!(pool.state_of(&second).await, TaskState::Ready);
}

pub async fn locks_can_be_switched_off_and_on_with_tasks_in_flight(pool: &Pool) {
    pool.repo("demo", 10).await;
    let mut tasks = Vec::new();
    for title in ["a", "b", "c", "d"] {
        tasks.push(pool.task_with("demo", title, |spec| spec.area = Some("auth".into())).await);
    }
    let worker = pool.worker_with(|worker| worker.max_concurrent_tasks = 3).await;
    assert_eq!(pool.fetch(&worker).await, tasks[..1]);
    pool.admin(PutRepo { area_locks_enabled: Some(false), ..repo("demo") }).await;
    assert_eq!(pool.fetch(&worker).await, tasks[..3]);
    let key = Key::Area(RepoName("demo".into()), "auth".into());
    match pool.record(key.clone()).await {
        Some(Record::Area(claim)) => assert_eq!(claim.tasks, tasks[..3]),
        other => panic!("{other:?} is no claim"),
    }
    pool.admin(PutRepo { area_locks_enabled: Some(true), ..repo("demo") }).await;
    let other = pool.worker().await;
    for task in &tasks[..3] {
        assert!(pool.fetch(&other).await.is_empty());
        pool.report(&worker, task, ReportedStatus::PrOpened).await;
        pool.report(&worker, task, ReportedStatus::Merged).await;
    }
    assert_eq!(pool.record(key).await, None);
    assert_eq!(pool.fetch(&other).await, tasks[3..]);
}

pub async fn tasks_without_an_area_lock_nothing(pool: &Pool) {
    pool.repo("demo", 10).await;
    for title in ["a", "b", "c"] {
        pool.task("demo", title).await;
    }
    let worker = pool.worker().await;
    assert_eq!(pool.fetch(&worker).await.len(), 3);
}

pub async fn putting_a_repository_again_changes_only_what_is_said(pool: &Pool) {
    pool.admin(repo("demo")).await;
    let fresh = pool.get_repo("demo").await;
    assert_eq!((fresh.max_open_prs, fresh.area_locks_enabled, fresh.paused), (3, true, false));
    let url = Some("https://example.org/demo.git".to_owned());
    pool.admin(PutRepo { clone_url: url.clone(), max_open_prs: Some(7), ..repo("demo") }).await;
    pool.admin(PutRepo { paused: Some(true), ..repo("demo") }).await;
    let events = pool.events().await.len();
    pool.admin(PutRepo { paused: Some(true), ..repo("demo") }).await;
    assert_eq!(pool.events().await.len(), events, "nothing changed, so nothing happened");
    let now = pool.get_repo("demo").await;
    assert_eq!((now.max_open_prs, now.area_locks_enabled, now.paused, now.clone_url), (7, true, true, url));
}
