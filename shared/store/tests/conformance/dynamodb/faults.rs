//! What goes wrong between a function and DynamoDB, and what must come of it.

use super::proxy::{Fault, Proxy};
use super::{config, emulator, fresh_table};
use crate::pool::{Pool, report, spec};
use owp_logic::operations::CreateTask;
use owp_logic::{Actor, EventKind};
use owp_store::StoreError;
use owp_store::dynamodb::DynamoStore;
use owp_wire::{RepoName, ReportedStatus, TaskState};
use std::slice::from_ref;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// A pool whose store reaches the emulator through a proxy, and the same pool as others see it.
async fn spoiled() -> (Arc<Proxy>, Pool, Arc<DynamoStore>) {
    let table = fresh_table();
    let direct = Arc::new(DynamoStore::over(config(emulator::url()), &table));
    direct.create(8).await.expect("a new table");
    let (proxy, url) = Proxy::before(emulator::url()).await;
    let pool = Pool::over(Arc::new(DynamoStore::over(config(&url), &table)));
    pool.repo("demo", 5).await;
    (proxy, pool, direct)
}

fn create(title: &str) -> CreateTask {
    CreateTask { repo: RepoName("demo".into()), spec: spec(title), depends_on: vec![] }
}

#[tokio::test]
async fn throttling_that_passes_is_not_noticed() {
    let (proxy, pool, direct) = spoiled().await;
    proxy.spoil(&[Fault::Throttled; 3]);
    pool.task("demo", "a").await;
    assert_eq!(proxy.carried.load(Ordering::SeqCst), 2, "the repository and the task");
    pool.check().await;
    direct.delete().await.unwrap();
}

#[tokio::test]
async fn throttling_that_lasts_is_told_and_leaves_nothing_half_done() {
    let (proxy, pool, direct) = spoiled().await;
    let before = pool.everything().await;
    proxy.spoil_all(Some(Fault::Throttled));
    let failed = pool.run(Actor::Admin, None, create("a")).await;
    assert!(matches!(failed, Err(StoreError::Unavailable(_))), "{failed:?}");
    assert!(pool.everything().await == before);
    proxy.spoil_all(None);
    pool.task("demo", "a").await;
    pool.check().await;
    direct.delete().await.unwrap();
}

#[tokio::test]
async fn conflicts_for_a_while_are_not_noticed() {
    let (proxy, pool, direct) = spoiled().await;
    let worker = pool.worker().await;
    for faults in [1, 3, 6] {
        proxy.spoil(&vec![Fault::Conflict; faults]);
        let task = pool.task("demo", &format!("{faults}")).await;
        proxy.spoil(&vec![Fault::Conflict; faults]);
        assert_eq!(pool.fetch(&worker).await, from_ref(&task));
        pool.report(&worker, &task, ReportedStatus::PrOpened).await;
        pool.report(&worker, &task, ReportedStatus::Merged).await;
    }
    pool.check().await;
    direct.delete().await.unwrap();
}

#[tokio::test]
async fn conflicts_without_end_are_told_and_leave_nothing_half_done() {
    let (proxy, pool, direct) = spoiled().await;
    let before = pool.everything().await;
    proxy.spoil_all(Some(Fault::Conflict));
    let failed = pool.run(Actor::Admin, None, create("a")).await;
    assert!(matches!(failed, Err(StoreError::Contended)), "{failed:?}");
    assert!(pool.everything().await == before);
    direct.delete().await.unwrap();
}

#[tokio::test]
async fn what_was_carried_out_before_the_connection_broke_is_recognised() {
    for fault in [Fault::CutOff, Fault::CutOffForLong] {
        let (proxy, pool, direct) = spoiled().await;
        let before = pool.events().await.len();
        proxy.spoil(&[fault]);
        let task = pool.task("demo", "a").await;
        assert_eq!(proxy.carried.load(Ordering::SeqCst), 3, "the repository, and the task twice");
        proxy.spoil(&[fault]);
        let worker = pool.worker().await;
        proxy.spoil(&[fault]);
        assert_eq!(pool.fetch(&worker).await, from_ref(&task));
        for status in [ReportedStatus::InProgress, ReportedStatus::PrOpened, ReportedStatus::Merged] {
            proxy.spoil(&[fault]);
            pool.report(&worker, &task, status).await;
        }
        let kinds: Vec<EventKind> = pool.events().await[before..].iter().map(|event| event.kind).collect();
        let expected = [
            EventKind::TaskCreated,
            EventKind::WorkerRegistered,
            EventKind::TaskAssigned,
            EventKind::TaskStarted,
            EventKind::TaskPrOpened,
            EventKind::TaskMerged,
        ];
        assert_eq!(kinds, expected, "{fault:?}");
        let counts = pool.store.counts(pool.now()).await.unwrap();
        assert_eq!(counts.tasks, [(TaskState::Merged, 1)].into(), "{fault:?}");
        pool.check().await;
        direct.delete().await.unwrap();
    }
}

#[tokio::test]
async fn a_connection_that_always_breaks_is_told_and_the_caller_may_repeat() {
    let (proxy, pool, direct) = spoiled().await;
    let task = pool.task("demo", "a").await;
    let worker = pool.worker().await;
    pool.fetch(&worker).await;
    proxy.spoil_all(Some(Fault::CutOff));
    let actor = Actor::Worker(worker.worker_id.clone());
    let failed = pool.run(actor, None, report(&worker, &task, ReportedStatus::PrOpened)).await;
    assert!(matches!(failed, Err(StoreError::Unavailable(_))), "{failed:?}");
    proxy.spoil_all(None);
    pool.report(&worker, &task, ReportedStatus::PrOpened).await;
    let opened = pool.events().await.into_iter().filter(|event| event.kind == EventKind::TaskPrOpened);
    assert_eq!(opened.count(), 1);
    pool.check().await;
    direct.delete().await.unwrap();
}
