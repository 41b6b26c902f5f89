//! What the next holder gets, how long one may hold on, and what a worker's time and quota have to do with it.

use crate::pool::{Pool, edit, report};
use owp_logic::limits::{ATTEMPTS_KEPT_MAX, DECLINED_FOR_S, PARK_MAX_S};
use owp_logic::operations::{ParkLease, RenewLease, UpdateOwnWorker, UpdateTask};
use owp_logic::refusal::NotParkableBecause;
use owp_logic::{Availability, Caller, Refusal};
use owp_wire::{AttemptOutcome, ReportedStatus, TaskAction, TaskId, TaskState, Timestamp};
use std::slice::from_ref;

async fn park(pool: &Pool, caller: &Caller, task: &TaskId, until: Timestamp) -> ParkLease {
    ParkLease {
        caller: caller.clone(),
        lease_id: pool.lease_of(task).await,
        quota_resets_at: until,
        branch: Some("owp/half".into()),
        notes: Some("the tests are written".into()),
    }
}

async fn available(pool: &Pool, caller: &Caller, availability: Availability) {
    let change = UpdateOwnWorker {
        caller: caller.clone(),
        skills: None,
        capacity_points: None,
        max_concurrent_tasks: None,
        work_mode: None,
        availability: Some(availability),
    };
    pool.by(caller, change).await;
}

pub async fn a_parked_lease_stands_still_until_the_quota_is_back(pool: &Pool) {
    pool.repo("demo", 5).await;
    let task = pool.task("demo", "a").await;
    let worker = pool.single().await;
    pool.fetch(&worker).await;
    pool.later(3600);
    let (ttl, until) = (pool.rules().lease_ttl_s, pool.now().plus_s(8 * 3600));
    let parked = pool.by(&worker, park(pool, &worker, &task, until).await).await;
    assert_eq!((parked.parked_until, parked.expires_at), (until, until.plus_s(ttl - 3600)));
    assert_eq!(pool.state_of(&task).await, TaskState::Blocked);
    assert_eq!(pool.get_task(&task).await.branch.as_deref(), Some("owp/half"));
    pool.go_to(until);
    assert_eq!(pool.settle().await.tasks, [], "silence does not end it");
    assert_eq!(pool.fetch(&worker).await, from_ref(&task));
    pool.report(&worker, &task, ReportedStatus::InProgress).await;
    pool.later(pool.rules().silence_max_s());
    assert_eq!(pool.settle().await.tasks, from_ref(&task), "who goes on is bound to its presence again");
    assert_eq!(pool.get_task(&task).await.attempts[0].outcome, Some(AttemptOutcome::WorkerOffline));
}

pub async fn a_lease_is_parked_once_and_not_for_ever(pool: &Pool) {
    pool.repo("demo", 5).await;
    let task = pool.task("demo", "a").await;
    let worker = pool.single().await;
    pool.fetch(&worker).await;
    let past = park(pool, &worker, &task, pool.now()).await;
    let nothing = Refusal::NotParkable(NotParkableBecause::NothingToWaitFor);
    assert_eq!(pool.refusal_by(&worker, past).await, nothing);
    let parked = pool.by(&worker, park(pool, &worker, &task, pool.now().plus_s(40 * 3600)).await).await;
    assert_eq!(parked.parked_until, pool.now().plus_s(PARK_MAX_S));
    let again = park(pool, &worker, &task, pool.now().plus_s(50 * 3600)).await;
    assert_eq!(pool.refusal_by(&worker, again).await, Refusal::NotParkable(NotParkableBecause::ParkedBefore));
    pool.go_to(parked.expires_at);
    let (other, expected) = (pool.single().await, [task.clone()]);
    assert_eq!(pool.fetch(&other).await, expected, "its time is up");
    let next = pool.get_task(&task).await;
    assert_eq!((next.branch.as_deref(), next.notes.as_deref()), (Some("owp/half"), Some("the tests are written")));
    pool.report(&other, &task, ReportedStatus::PrOpened).await;
    pool.act(&task, TaskAction::RequestChanges).await;
    let respond = park(pool, &other, &task, pool.now().plus_s(3600)).await;
    assert_eq!(pool.refusal_by(&other, respond).await, Refusal::NotParkable(NotParkableBecause::ResponseDue));
}

pub async fn who_goes_on_early_has_parked_for_that_long_only(pool: &Pool) {
    pool.repo("demo", 5).await;
    let task = pool.task("demo", "a").await;
    let worker = pool.single().await;
    pool.fetch(&worker).await;
    let before = pool.get_task(&task).await.lease.expect("it was given");
    pool.by(&worker, park(pool, &worker, &task, pool.now().plus_s(10 * 3600)).await).await;
    pool.later(1800);
    pool.report(&worker, &task, ReportedStatus::InProgress).await;
    let after = pool.get_task(&task).await;
    let lease = after.lease.clone().expect("it is held");
    assert_eq!(lease.expires_at, before.expires_at.plus_s(1800));
    assert_eq!((lease.hold_until, lease.parked_until), (before.hold_until.map(|end| end.plus_s(1800)), None));
    assert_eq!(after.held_ms_by(&worker.worker_id, pool.now()), 0, "what it was parked for was not held");
    let again = park(pool, &worker, &task, pool.now().plus_s(3600)).await;
    assert_eq!(pool.refusal_by(&worker, again).await, Refusal::NotParkable(NotParkableBecause::ParkedBefore));
    pool.report(&worker, &task, ReportedStatus::Blocked).await;
    pool.later(pool.rules().silence_max_s());
    assert_eq!(pool.settle().await.tasks, from_ref(&task), "blocked is not parked");
}

pub async fn who_parked_gets_nothing_new_until_the_quota_is_back(pool: &Pool) {
    pool.repo("demo", 5).await;
    let first = pool.task("demo", "a").await;
    let worker = pool.worker().await;
    pool.fetch(&worker).await;
    let until = pool.now().plus_s(3600);
    pool.by(&worker, park(pool, &worker, &first, until).await).await;
    let second = pool.task("demo", "b").await;
    assert_eq!(pool.fetch(&worker).await, from_ref(&first));
    pool.go_to(until);
    assert_eq!(pool.fetch(&worker).await, [first, second]);
}

pub async fn holding_a_task_again_does_not_start_its_time_anew(pool: &Pool) {
    pool.repo("demo", 5).await;
    let task = pool.task_with("demo", "a", |spec| spec.attempts_max = 20).await;
    let worker = pool.single().await;
    let (ttl, most) = (pool.rules().lease_ttl_s, pool.rules().lease_hold_max_s());
    for round in 1..=5 {
        pool.go_to(pool.now().plus_s(24 * 3600));
        assert_eq!(pool.fetch(&worker).await, from_ref(&task), "round {round}");
        pool.later(ttl);
        pool.settle().await;
    }
    pool.fetch(&worker).await;
    pool.later(ttl - 1000);
    let lease_id = pool.lease_of(&task).await;
    let renewed = pool.by(&worker, RenewLease { caller: worker.clone(), lease_id }).await;
    assert_eq!((renewed.expires_at, renewed.renewable), (pool.now().plus_s(1000), false), "{most} s in all");
    pool.later(1000);
    assert_eq!(pool.fetch(&worker).await, [], "it is for others now");
    let other = pool.single().await;
    assert_eq!(pool.fetch(&other).await, [task]);
}

pub async fn a_short_rest_of_the_time_is_a_short_lease(pool: &Pool) {
    pool.repo("demo", 5).await;
    let task = pool.task_with("demo", "a", |spec| spec.attempts_max = 20).await;
    let worker = pool.single().await;
    let (ttl, most) = (pool.rules().lease_ttl_s, pool.rules().lease_hold_max_s());
    pool.fetch(&worker).await;
    let lease_id = pool.lease_of(&task).await;
    while pool.now() < pool.get_task(&task).await.created_at.plus_s(most - 700) {
        pool.later(700);
        pool.by(&worker, RenewLease { caller: worker.clone(), lease_id: lease_id.clone() }).await;
    }
    pool.release(&worker, &task).await;
    let left = pool.get_task(&task).await.created_at.plus_s(most).seconds_after(pool.now());
    pool.later(3600);
    let again = pool.fetch(&worker).await;
    if left < 600 {
        assert_eq!(again, []);
    } else {
        let lease = pool.get_task(&task).await.lease.expect("it was given");
        assert_eq!(lease.expires_at, pool.now().plus_s(left.min(ttl)));
    }
}

pub async fn every_attempt_is_kept_with_what_it_left(pool: &Pool) {
    pool.repo("demo", 5).await;
    let task = pool.task("demo", "a").await;
    let (first, second) = (pool.single().await, pool.single().await);
    pool.fetch(&first).await;
    let mut started = report(&first, &task, ReportedStatus::InProgress);
    (started.branch, started.notes) = (Some("owp/one".into()), Some("start here".into()));
    pool.by(&first, started).await;
    pool.release(&first, &task).await;
    pool.fetch(&second).await;
    let handed = pool.get_task(&task).await;
    assert_eq!((handed.branch.as_deref(), handed.notes.as_deref()), (Some("owp/one"), Some("start here")));
    pool.later(60);
    pool.report(&second, &task, ReportedStatus::PrOpened).await;
    let opened = pool.now();
    pool.later(60);
    pool.act(&task, TaskAction::RequestChanges).await;
    pool.report(&second, &task, ReportedStatus::PrOpened).await;
    pool.admin(UpdateTask { action: Some(TaskAction::Merge), rating: Some(4), ..edit(&task) }).await;
    let attempts = pool.get_task(&task).await.attempts;
    let told: Vec<_> = attempts
        .iter()
        .map(|attempt| (attempt.outcome, attempt.pr_opened_at, attempt.change_rounds, attempt.rating))
        .collect();
    let merged = (Some(AttemptOutcome::Merged), Some(opened), 1, Some(4));
    assert_eq!(told, [(Some(AttemptOutcome::Released), None, 0, None), merged]);
    assert_eq!(attempts[0].branch.as_deref(), Some("owp/one"));
}

pub async fn a_task_keeps_its_latest_attempts_only(pool: &Pool) {
    pool.repo("demo", 5).await;
    let task = pool.task("demo", "a").await;
    let worker = pool.single().await;
    let mut begun = Vec::new();
    for _ in 0..ATTEMPTS_KEPT_MAX + 5 {
        assert_eq!(pool.fetch(&worker).await, from_ref(&task));
        begun.push(pool.now());
        pool.release(&worker, &task).await;
        if pool.state_of(&task).await == TaskState::Failed {
            pool.act(&task, TaskAction::Requeue).await;
        }
        pool.later(DECLINED_FOR_S);
    }
    let kept: Vec<Timestamp> = pool.get_task(&task).await.attempts.iter().map(|attempt| attempt.started_at).collect();
    assert_eq!(kept, begun[5..]);
}

pub async fn what_would_not_be_finished_in_time_is_not_given(pool: &Pool) {
    pool.repo("demo", 50).await;
    let large = pool.task_with("demo", "large", |spec| (spec.estimate_points, spec.priority) = (4, 99)).await;
    let small = pool.task_with("demo", "small", |spec| spec.estimate_points = 2).await;
    let worker = pool.single().await;
    let two_points = pool.rules().point_s * 2;
    let until = Some(pool.now().plus_s(two_points));
    available(pool, &worker, Availability { until, ..Availability::default() }).await;
    assert_eq!(pool.fetch(&worker).await, from_ref(&small));
    pool.report(&worker, &small, ReportedStatus::PrOpened).await;
    pool.later(two_points);
    assert_eq!(pool.fetch(&worker).await, [], "its evening is over");
    available(pool, &worker, Availability::default()).await;
    assert_eq!(pool.fetch(&worker).await, [large]);
}

pub async fn measured_durations_decide_once_there_are_enough(pool: &Pool) {
    pool.repo("demo", 50).await;
    let quick = pool.worker().await;
    for _ in 0..5 {
        let task = pool.task("demo", "a").await;
        pool.fetch(&quick).await;
        pool.later(60);
        pool.report(&quick, &task, ReportedStatus::PrOpened).await;
    }
    assert_eq!(pool.get_repo("demo").await.durations, [60; 5]);
    let large = pool.task_with("demo", "large", |spec| spec.estimate_points = 10).await;
    let worker = pool.single().await;
    let until = Some(pool.now().plus_s(600));
    available(pool, &worker, Availability { until, ..Availability::default() }).await;
    assert_eq!(pool.fetch(&worker).await, [large], "ten minutes are enough for ten points here");
}

pub async fn points_per_day_bound_what_is_given_in_a_day(pool: &Pool) {
    pool.repo("demo", 50).await;
    for title in ["a", "b", "c", "d"] {
        pool.task_with("demo", title, |spec| spec.estimate_points = 2).await;
    }
    let worker = pool.worker().await;
    available(pool, &worker, Availability { points_per_day: Some(5), ..Availability::default() }).await;
    let held = pool.fetch(&worker).await;
    assert_eq!(held.len(), 2);
    for task in &held {
        pool.report(&worker, task, ReportedStatus::PrOpened).await;
    }
    assert_eq!(pool.fetch(&worker).await, [], "what was finished was worked on today as well");
    // The clock started at one in the night, and the day ends in UTC.
    pool.later(23 * 3600);
    assert_eq!(pool.fetch(&worker).await.len(), 2);
}

pub async fn parking_at_the_end_wins_no_time(pool: &Pool) {
    pool.repo("demo", 5).await;
    let task = pool.task("demo", "a").await;
    let worker = pool.single().await;
    pool.fetch(&worker).await;
    pool.later(7200);
    pool.by(&worker, park(pool, &worker, &task, pool.now().plus_s(16 * 3600)).await).await;
    pool.later(60);
    pool.release(&worker, &task).await;
    let held_ms = pool.get_task(&task).await.held_ms_by(&worker.worker_id, pool.now());
    assert_eq!(held_ms, 7_200_000, "only the minute for which it was parked does not count");
}

pub async fn a_parked_task_that_is_taken_away_brings_no_quota_back(pool: &Pool) {
    pool.repo("demo", 9).await;
    let worker = pool.single().await;
    let until = pool.now().plus_s(3 * 3600);
    let actions = [Some(TaskAction::Cancel), Some(TaskAction::Requeue), None];
    for action in actions {
        let task = pool.task("demo", "a").await;
        available(pool, &worker, Availability::default()).await;
        assert_eq!(pool.fetch(&worker).await, from_ref(&task));
        pool.by(&worker, park(pool, &worker, &task, until).await).await;
        match action {
            Some(action) => drop(pool.act(&task, action).await),
            None => drop(pool.release(&worker, &task).await),
        }
        assert_eq!(pool.get_worker(&worker).await.availability.quota_resets_at, Some(until), "{action:?}");
        let next = pool.task("demo", "b").await;
        assert_eq!(pool.fetch(&worker).await, [], "it has said that it can do nothing until then");
        pool.act(&next, TaskAction::Cancel).await;
        if pool.state_of(&task).await == TaskState::Ready {
            pool.act(&task, TaskAction::Cancel).await;
        }
    }
    let task = pool.task("demo", "c").await;
    pool.go_to(until);
    assert_eq!(pool.fetch(&worker).await, [task]);
}

pub async fn nobody_is_gone_because_the_pool_was_away(pool: &Pool) {
    pool.repo("demo", 5).await;
    let task = pool.task("demo", "a").await;
    let (worker, other) = (pool.single().await, pool.single().await);
    pool.fetch(&worker).await;
    pool.later(3600);
    pool.set_rules(|rules| rules.listening_since = pool.now());
    assert_eq!(pool.fetch(&other).await, [], "it may be the pool that was silent");
    pool.later(pool.rules().silence_max_s());
    assert_eq!(pool.fetch(&other).await, from_ref(&task), "now it could have been heard");
}
