//! The largest decisions still fit into one transaction.

use crate::pool::{Pool, edit};
use owp_logic::limits::DEPENDENTS_MAX;
use owp_logic::operations::{RevokeWorker, UpdateTask};
use owp_logic::{Caller, TaskRef};
use owp_wire::{ReportedStatus, TaskId, TaskState};
use std::slice::from_ref;

/// Tasks each in a repository, an area and a lane of its own, which is what writes most.
async fn scattered(pool: &Pool, count: usize) -> Vec<TaskId> {
    let mut tasks = Vec::new();
    for index in 0..count {
        let repo = format!("owner/repo-{index}");
        pool.repo(&repo, 5).await;
        let change = |spec: &mut owp_logic::TaskSpec| spec.area = Some(format!("area {index}"));
        tasks.push(pool.task_with(&repo, "a", change).await);
    }
    tasks
}

async fn holding(pool: &Pool, tasks: &[TaskId]) -> Caller {
    let worker = pool.worker().await;
    let mut held = pool.fetch(&worker).await;
    held.sort();
    assert_eq!(held, tasks);
    worker
}

#[tokio::test]
async fn a_fetch_of_twenty_and_their_end() {
    let store = super::store().await;
    let pool = Pool::over(store.clone());
    let tasks = scattered(&pool, 20).await;
    holding(&pool, &tasks).await;
    pool.check().await;
    pool.later(pool.rules().lease_ttl_s);
    while pool.settle().await.more {}
    for task in &tasks {
        assert_eq!(pool.state_of(task).await, TaskState::Ready);
    }
    pool.check().await;
    store.delete().await.unwrap();
}

#[tokio::test]
async fn a_worker_with_many_tasks_is_revoked_in_several_commits() {
    let store = super::store().await;
    let pool = Pool::over(store.clone());
    let tasks = scattered(&pool, 20).await;
    let worker = holding(&pool, &tasks).await;
    let revoke = || RevokeWorker { worker_id: worker.worker_id.clone(), reason: "spam".into() };
    let first = pool.admin(revoke()).await;
    assert_eq!((first.tasks_requeued.len(), first.more), (20, true));
    assert!(pool.get_worker(&worker).await.revoked_at.is_some(), "nothing new is given to it");
    let rest = pool.admin(revoke()).await;
    assert_eq!((rest.tasks_requeued.len(), rest.more), (4, false));
    assert!(pool.admin(revoke()).await.tasks_requeued.is_empty());
    assert!(pool.get_worker(&worker).await.held.is_empty());
    pool.check().await;
    store.delete().await.unwrap();
}

#[tokio::test]
async fn a_merge_sets_as_many_free_as_may_depend_on_one() {
    let store = super::store().await;
    let pool = Pool::over(store.clone());
    pool.repo("demo", 5).await;
    let first = pool.task("demo", "first").await;
    let worker = pool.single().await;
    assert_eq!(pool.fetch(&worker).await, from_ref(&first));
    pool.report(&worker, &first, ReportedStatus::PrOpened).await;
    let dependents = scattered(&pool, DEPENDENTS_MAX).await;
    for task in &dependents {
        pool.admin(UpdateTask { depends_on: Some(vec![TaskRef::Id(first.clone())]), ..edit(task) }).await;
        assert_eq!(pool.state_of(task).await, TaskState::Waiting);
    }
    pool.report(&worker, &first, ReportedStatus::Merged).await;
    for task in &dependents {
        assert_eq!(pool.state_of(task).await, TaskState::Ready);
    }
    holding(&pool, &dependents).await;
    pool.check().await;
    store.delete().await.unwrap();
}

#[tokio::test]
async fn an_edit_that_drops_twenty_dependencies_and_adds_twenty() {
    let store = super::store().await;
    let pool = Pool::over(store.clone());
    let tasks = scattered(&pool, 40).await;
    pool.repo("demo", 5).await;
    let task = pool.task("demo", "last").await;
    for on in [&tasks[..20], &tasks[20..]] {
        let depends_on = Some(on.iter().cloned().map(TaskRef::Id).collect());
        pool.admin(UpdateTask { depends_on, ..edit(&task) }).await;
        assert_eq!(pool.get_task(&task).await.waits_for, on);
    }
    pool.check().await;
    store.delete().await.unwrap();
}
