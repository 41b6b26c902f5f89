//! Events, the signal that work may have appeared, and decisions that go wrong.

use crate::pool::{Pool, report};
use owp_logic::{Actor, EventKind, Key, Need, Operation, Plan, Refusal, Rules, Scope};
use owp_store::{Cursor, StoreError};
use owp_wire::{RepoName, ReportedStatus, TaskAction, Timestamp};

pub async fn a_task_tells_its_whole_life_in_order(pool: &Pool) {
    pool.repo("demo", 5).await;
    let task = pool.task("demo", "a").await;
    let worker = pool.worker().await;
    pool.fetch(&worker).await;
    for status in [ReportedStatus::InProgress, ReportedStatus::Blocked, ReportedStatus::PrOpened] {
        pool.report(&worker, &task, status).await;
    }
    pool.act(&task, TaskAction::RequestChanges).await;
    pool.report(&worker, &task, ReportedStatus::PrOpened).await;
    pool.report(&worker, &task, ReportedStatus::Merged).await;
    let events = pool.events().await;
    let of_task: Vec<_> = events.iter().filter(|event| event.task_id.as_ref() == Some(&task)).collect();
    let kinds: Vec<EventKind> = of_task.iter().map(|event| event.kind).collect();
    let expected = [
        EventKind::TaskCreated,
        EventKind::TaskAssigned,
        EventKind::TaskStarted,
        EventKind::TaskBlocked,
        EventKind::TaskPrOpened,
        EventKind::TaskChangesRequested,
        EventKind::TaskPrOpened,
        EventKind::TaskMerged,
    ];
    assert_eq!(kinds, expected);
    assert_eq!(of_task.iter().map(|event| event.subject_seq).collect::<Vec<_>>(), (1..=8).collect::<Vec<u64>>());
    assert!(of_task.iter().all(|event| event.repo == Some(RepoName("demo".into())) && event.request_id == "r1"));
    assert_eq!(of_task[0].actor, Actor::Admin);
    assert_eq!(of_task[1].actor, Actor::Worker(worker.worker_id.clone()));
    pool.later(1);
    let second = pool.task("demo", "b").await;
    pool.fetch(&worker).await;
    pool.later(pool.rules().lease_ttl_s);
    pool.settle().await;
    let last = pool.events().await.pop().unwrap();
    assert_eq!((last.kind, last.actor, last.at), (EventKind::TaskRequeued, Actor::System, pool.now()));
    assert_eq!(last.task_id, Some(second));
}

pub async fn events_are_read_in_pages_from_any_place(pool: &Pool) {
    pool.repo("demo", 5).await;
    for index in 0..10 {
        pool.task("demo", &format!("{index}")).await;
    }
    let all = pool.store.events(None, 1000).await.unwrap();
    assert_eq!(all.len(), 11);
    for limit in [1, 3, 11] {
        let (mut walked, mut after) = (Vec::new(), None);
        loop {
            let page = pool.store.events(after.as_ref(), limit).await.unwrap();
            assert!(page.len() <= limit);
            let Some((place, _)) = page.last() else { break };
            after = Some(place.clone());
            walked.extend(page);
        }
        assert_eq!(walked, all);
    }
    let (middle, _) = all[4].clone();
    assert_eq!(pool.store.events(Some(&middle), 1000).await.unwrap(), all[5..]);
    let (last, _) = all[10].clone();
    assert!(pool.store.events(Some(&last), 10).await.unwrap().is_empty());
    for foreign in ["", "-1", "+1", "1.5", "demo", "1 1", "99999999999999999999"] {
        let refused = pool.store.events(Some(&Cursor(foreign.into())), 10).await;
        assert!(matches!(refused, Err(StoreError::BadCursor)), "{foreign:?}: {refused:?}");
    }
}

pub async fn the_signal_changes_after_a_commit_and_only_then(pool: &Pool) {
    let Some(mut signal) = pool.store.work_signal() else { return };
    pool.repo("demo", 5).await;
    assert!(signal.has_changed().unwrap());
    signal.mark_unchanged();
    let task = pool.task("demo", "a").await;
    assert!(signal.has_changed().unwrap());
    let worker = pool.worker().await;
    signal.mark_unchanged();
    pool.refusal_by(&worker, report(&worker, &task, ReportedStatus::Blocked)).await;
    pool.repo("demo", 5).await;
    assert!(!signal.has_changed().unwrap());
    pool.fetch(&worker).await;
    assert!(signal.has_changed().unwrap());
}

/// Where a decision goes wrong.
#[derive(Clone, Copy)]
enum Panicking {
    Scope,
    Decision,
}

impl Operation for Panicking {
    type Outcome = ();

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        assert!(!matches!(self, Self::Scope), "this scope panics on purpose");
        vec![Need::Record(Key::Repo(RepoName("demo".into())))]
    }

    fn decide(&self, plan: &mut Plan) -> Result<(), Refusal> {
        plan.repo_mut(&RepoName("demo".into())).paused = true;
        panic!("this decision panics on purpose")
    }
}

pub async fn a_decision_that_panics_stores_nothing_and_leaves_the_store_usable(pool: &Pool) {
    pool.repo("demo", 5).await;
    for panicking in [Panicking::Scope, Panicking::Decision] {
        let before = pool.everything().await;
        let result = pool.run(Actor::Admin, None, panicking).await;
        assert!(matches!(result, Err(StoreError::Unavailable(_))), "{result:?}");
        assert!(before == pool.everything().await);
        pool.task("demo", "a").await;
    }
}
