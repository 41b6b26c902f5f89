//! Events, the signal that work may have appeared, and decisions that go wrong.

use crate::pool::{Pool, report};
use owp_logic::{Actor, Event, EventKind, Key, Need, Operation, Plan, Refusal, Rules, Scope};
use owp_store::{Cursor, StoreError};
use owp_wire::{RepoName, ReportedStatus, TaskAction, TaskState, Timestamp};
use serde_json::json;

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
    let of_second = pool.events().await.into_iter().rfind(|event| event.task_id.as_ref() == Some(&second));
    let last = of_second.unwrap();
    assert_eq!((last.kind, last.actor, last.at), (EventKind::TaskRequeued, Actor::System, pool.now()));
    assert_eq!((last.was, last.state), (Some(TaskState::Leased), Some(TaskState::Ready)));
}

pub async fn what_lies_between_two_places_is_read_alike(pool: &Pool) {
    let mut places = vec![pool.store.latest().await.unwrap()];
    for name in ["a", "b", "c", "d"] {
        pool.repo(name, 5).await;
        pool.task(name, "one").await;
        pool.worker().await;
        places.push(pool.store.latest().await.unwrap());
    }
    let all = pool.store.events(None, None, 1000).await.unwrap();
    assert_eq!(all.len(), 12);
    for (from, to) in [(0, 4), (0, 1), (1, 3), (2, 4), (2, 2)] {
        let (after, until) = (&places[from], &places[to]);
        let whole = pool.store.events(Some(after), Some(until), 1000).await.unwrap();
        assert_eq!(whole.len(), 3 * (to - from));
        let (mut walked, mut place) = (Vec::new(), after.clone());
        while let Some((next, event)) = pool.store.events(Some(&place), Some(until), 1).await.unwrap().pop() {
            walked.push(event);
            place = next;
        }
        assert_eq!(walked, whole.into_iter().map(|(_, event)| event).collect::<Vec<_>>());
    }
    let nothing_new = pool.store.events(Some(&places[4]), None, 10).await.unwrap();
    assert!(nothing_new.is_empty());
}

pub async fn events_are_read_backwards_from_any_place(pool: &Pool) {
    for name in ["a", "b", "c", "d"] {
        pool.repo(name, 5).await;
        pool.task(name, "one").await;
        pool.later(1);
    }
    let middle = pool.store.latest().await.unwrap();
    pool.worker().await;
    let before_middle = pool.store.events(None, Some(&middle), 1000).await.unwrap().len();
    for (until, expected) in [(None, 9), (Some(&middle), before_middle)] {
        let whole = pool.store.events_back(until, 1000).await.unwrap();
        assert_eq!(whole.len(), expected);
        let mut forward = pool.store.events(None, until, 1000).await.unwrap();
        forward.reverse();
        let events = |told: &[(Cursor, Event)]| told.iter().map(|(_, event)| event.clone()).collect::<Vec<_>>();
        assert_eq!(events(&whole), events(&forward));
        for limit in [1, 2, 3] {
            let (mut walked, mut place) = (Vec::new(), until.cloned());
            loop {
                let page = pool.store.events_back(place.as_ref(), limit).await.unwrap();
                let Some((front, _)) = page.last() else { break };
                place = Some(front.clone());
                walked.extend(events(&page));
            }
            assert_eq!(walked, events(&whole));
        }
        // What is in front of an event is where one goes on to meet it.
        for (front, event) in &whole {
            let met = pool.store.events(Some(front), None, 1000).await.unwrap();
            assert!(met.iter().any(|(_, met)| met == event));
        }
    }
}

pub async fn events_that_were_dropped_are_gone_and_the_others_stay(pool: &Pool) {
    let before = pool.store.latest().await.unwrap();
    for name in ["a", "b", "c", "d"] {
        pool.repo(name, 5).await;
        pool.task(name, "one").await;
    }
    let middle = pool.store.latest().await.unwrap();
    pool.task("a", "two").await;
    pool.task("c", "two").await;
    let kept = pool.store.events(Some(&middle), None, 1000).await.unwrap();
    while pool.store.prune_events(&middle).await.unwrap() > 0 {}
    let gone = pool.store.events(Some(&before), None, 10).await;
    assert!(matches!(gone, Err(StoreError::CursorGone)), "{gone:?}");
    assert_eq!(pool.store.events(Some(&middle), None, 1000).await.unwrap(), kept);
    let events = |told: Vec<(Cursor, Event)>| told.into_iter().map(|(_, event)| event).collect::<Vec<_>>();
    let kept = events(kept);
    let left = events(pool.store.events(None, None, 1000).await.unwrap());
    assert!(left.ends_with(&kept), "{left:?}");
    assert!(left.len() <= kept.len() + 2, "a store may keep the last of a shard: {left:?}");
    pool.task("b", "two").await;
    let last = events(pool.store.events_back(None, 1).await.unwrap());
    assert_eq!(last[0].repo, Some(RepoName("b".into())));
    pool.forget_events();
}

pub async fn who_falls_silent_is_seen_off_and_welcomed_back(pool: &Pool) {
    let (quiet, other) = (pool.worker().await, pool.worker().await);
    let registered_at = pool.now();
    let ttl = pool.rules().heartbeat_ttl_s;
    pool.later(ttl - 1);
    pool.fetch(&quiet).await;
    let heard_at = pool.now();
    pool.later(1);
    let gone = pool.settle().await.workers;
    assert_eq!(gone, std::slice::from_ref(&other.worker_id));
    assert!(pool.settle().await.workers.is_empty(), "once is enough");
    pool.later(ttl);
    // Nobody has noticed yet that it was away: both are told when it comes back.
    pool.fetch(&quiet).await;
    let events = pool.events().await;
    let of_quiet: Vec<_> = events.iter().filter(|event| event.worker_id.as_ref() == Some(&quiet.worker_id)).collect();
    let kinds: Vec<EventKind> = of_quiet.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [EventKind::WorkerRegistered, EventKind::WorkerOffline, EventKind::WorkerOnline]);
    let told = |name: &str| of_quiet[1].details[name].as_str().unwrap().parse::<Timestamp>().unwrap();
    assert_eq!((told("online_since"), told("online_until")), (registered_at, heard_at.plus_s(ttl)));
    assert_eq!(pool.get_worker(&quiet).await.online_since, Some(pool.now()));
}

pub async fn periods_are_told_by_what_ends_them(pool: &Pool) {
    pool.repo("demo", 1).await;
    let (task, _second) = (pool.task("demo", "a").await, pool.task("demo", "b").await);
    let worker = pool.worker().await;
    pool.later(10);
    pool.fetch(&worker).await;
    let given_at = pool.now();
    pool.later(20);
    pool.report(&worker, &task, ReportedStatus::InProgress).await;
    pool.later(30);
    pool.report(&worker, &task, ReportedStatus::PrOpened).await;
    pool.later(40);
    assert_eq!(pool.get_repo("demo").await.full_since, Some(given_at));
    pool.act(&task, TaskAction::Merge).await;
    let events = pool.events().await;
    let told = |kind: EventKind| events.iter().rfind(|event| event.kind == kind).unwrap().details.clone();
    assert_eq!(told(EventKind::TaskPrOpened)["busy_since"], json!(given_at));
    let merged = told(EventKind::TaskMerged);
    assert_eq!(merged["full_since"], json!(given_at));
    let spent = json!({ "wait_ms": 10_000, "lease_ms": 20_000, "work_ms": 30_000, "review_ms": 40_000 });
    assert_eq!(merged["spent"], spent);
    assert_eq!(pool.get_repo("demo").await.full_since, None);
    assert_eq!(pool.get_worker(&worker).await.busy_since, None);
}

pub async fn events_are_read_in_pages_from_any_place(pool: &Pool) {
    pool.repo("demo", 5).await;
    for index in 0..10 {
        pool.task("demo", &format!("{index}")).await;
    }
    let all = pool.store.events(None, None, 1000).await.unwrap();
    assert_eq!(all.len(), 11);
    for limit in [1, 3, 11] {
        let (mut walked, mut after) = (Vec::new(), None);
        loop {
            let page = pool.store.events(after.as_ref(), None, limit).await.unwrap();
            assert!(page.len() <= limit);
            let Some((place, _)) = page.last() else { break };
            after = Some(place.clone());
            walked.extend(page);
        }
        assert_eq!(walked, all);
    }
    let (middle, _) = all[4].clone();
    assert_eq!(pool.store.events(Some(&middle), None, 1000).await.unwrap(), all[5..]);
    let (last, _) = all[10].clone();
    assert!(pool.store.events(Some(&last), None, 10).await.unwrap().is_empty());
    for foreign in ["", "-1", "+1", "1.5", "demo", "1 1", "99999999999999999999"] {
        let refused = pool.store.events(Some(&Cursor(foreign.into())), None, 10).await;
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
