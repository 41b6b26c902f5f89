//! Leases: when they end, what a late holder may not do, and what becomes of the task.

use crate::pool::{Pool, edit, release, report};
use owp_logic::limits::{CANDIDATES_FIRST, CANDIDATES_MORE, DECLINED_FOR_S, SETTLE_MAX};
use owp_logic::operations::{FetchWork, Fetched, ReleaseLease, RenewLease, ReportTaskStatus, UpdateTask};
use owp_logic::refusal::StaleBecause;
use owp_logic::{Caller, Refusal};
use owp_wire::{AttemptOutcome, LeaseId, ReleaseReason, ReportedStatus, TaskAction, TaskState, WorkerStatus};
use std::slice::from_ref;

pub async fn a_lease_lives_until_the_very_moment_of_its_end(pool: &Pool) {
    pool.repo("demo", 1).await;
    let task = pool.task("demo", "a").await;
    let (worker, other) = (pool.worker().await, pool.worker().await);
    pool.fetch(&worker).await;
    let end = pool.get_task(&task).await.lease.unwrap().expires_at;
    assert_eq!(end, pool.now().plus_s(pool.rules().lease_ttl_s));
    pool.go_to(end);
    pool.later_ms(-1);
    for caller in [&worker, &other] {
        pool.heartbeat(caller, WorkerStatus::Working).await;
    }
    assert!(pool.fetch(&other).await.is_empty());
    assert!(pool.settle().await.tasks.is_empty());
    assert_eq!(pool.fetch(&worker).await, from_ref(&task));
    pool.later_ms(1);
    let refusal = pool.refusal_by(&worker, report(&worker, &task, ReportedStatus::InProgress)).await;
    assert_eq!(refusal, Refusal::LeaseStale(StaleBecause::Expired));
    assert_eq!(pool.fetch(&other).await, from_ref(&task));
    let task = pool.get_task(&task).await;
    assert_eq!(task.attempts[0].outcome, Some(AttemptOutcome::Expired));
    assert_eq!((task.attempts_used, task.attempts.len()), (1, 2));
}

pub async fn a_fetch_settles_the_dead_first(pool: &Pool) {
    pool.repo("demo", 50).await;
    let count = SETTLE_MAX * 2 + 3;
    for index in 0..count {
        pool.task("demo", &format!("{index}")).await;
    }
    let mut holders = Vec::new();
    for _ in 0..count.div_ceil(20) {
        let holder = pool.worker().await;
        pool.fetch(&holder).await;
        holders.push(holder);
    }
    pool.repo("demo", 2).await;
    pool.later(pool.rules().lease_ttl_s);
    let worker = pool.single().await;
    let look = FetchWork { caller: worker.clone(), candidates_max: CANDIDATES_FIRST };
    assert_eq!(pool.by(&worker, look).await, Fetched::SettleFirst);
    assert_eq!(pool.fetch(&worker).await.len(), 1);
    assert_eq!(pool.get_repo("demo").await.slots_used(), 1);
}

pub async fn settling_is_bounded_and_says_whether_there_is_more(pool: &Pool) {
    pool.repo("demo", 50).await;
    for index in 0..20 {
        pool.task("demo", &format!("{index}")).await;
    }
    let worker = pool.worker().await;
    assert_eq!(pool.fetch(&worker).await.len(), 20);
    pool.later(pool.rules().lease_ttl_s);
    let first = pool.settle().await;
    assert_eq!((first.tasks.len(), first.more), (SETTLE_MAX, true));
    let second = pool.settle().await;
    assert_eq!((second.tasks.len(), second.more), (20 - SETTLE_MAX, false));
    assert!(pool.settle().await.tasks.is_empty());
}

pub async fn a_worker_silent_past_the_grace_period_loses_its_tasks(pool: &Pool) {
    pool.repo("demo", 10).await;
    let task = pool.task("demo", "a").await;
    let worker = pool.worker().await;
    pool.fetch(&worker).await;
    pool.later(pool.rules().silence_max_s());
    pool.later_ms(-1);
    assert!(pool.settle().await.tasks.is_empty());
    pool.later_ms(1);
    assert_eq!(pool.settle().await.tasks, from_ref(&task));
    let now = pool.get_task(&task).await;
    assert_eq!((now.state, now.attempts[0].outcome), (TaskState::Ready, Some(AttemptOutcome::WorkerOffline)));
}

pub async fn a_worker_that_returns_before_anybody_asked_keeps_its_tasks(pool: &Pool) {
    pool.repo("demo", 10).await;
    let task = pool.task("demo", "a").await;
    let worker = pool.worker().await;
    pool.fetch(&worker).await;
    pool.later(pool.rules().silence_max_s() + 5);
    assert_eq!(pool.fetch(&worker).await, from_ref(&task));
    assert!(pool.settle().await.tasks.is_empty());
}

pub async fn what_is_in_review_outlives_silence_and_the_lease(pool: &Pool) {
    pool.repo("demo", 10).await;
    let task = pool.task("demo", "a").await;
    let worker = pool.worker().await;
    pool.fetch(&worker).await;
    pool.report(&worker, &task, ReportedStatus::PrOpened).await;
    pool.later(30 * 24 * 3600);
    assert!(pool.settle().await.tasks.is_empty());
    assert_eq!(pool.report(&worker, &task, ReportedStatus::Merged).await.state, TaskState::Merged);
}

pub async fn changes_requested_have_a_response_clock_that_silence_does_not_shorten(pool: &Pool) {
    pool.repo("demo", 10).await;
    let task = pool.task("demo", "a").await;
    let worker = pool.worker().await;
    pool.fetch(&worker).await;
    pool.report(&worker, &task, ReportedStatus::PrOpened).await;
    pool.later(7 * 24 * 3600);
    pool.act(&task, TaskAction::RequestChanges).await;
    assert!(pool.settle().await.tasks.is_empty(), "a reviewer's answer must not end the task at once");
    pool.later(pool.rules().response_ttl_s);
    pool.later_ms(-1);
    assert!(pool.settle().await.tasks.is_empty());
    assert_eq!(pool.fetch(&worker).await, from_ref(&task));
    pool.later_ms(1);
    assert_eq!(pool.settle().await.tasks, from_ref(&task));
    assert_eq!(pool.state_of(&task).await, TaskState::Ready);
}

pub async fn who_takes_up_requested_changes_is_bound_to_its_presence_again(pool: &Pool) {
    pool.repo("demo", 10).await;
    let task = pool.task("demo", "a").await;
    let worker = pool.worker().await;
    pool.fetch(&worker).await;
    pool.report(&worker, &task, ReportedStatus::PrOpened).await;
    pool.act(&task, TaskAction::RequestChanges).await;
    pool.report(&worker, &task, ReportedStatus::InProgress).await;
    pool.later(pool.rules().silence_max_s());
    assert_eq!(pool.settle().await.tasks, from_ref(&task));
}

pub async fn a_clock_that_was_ahead_makes_nobody_present_until_then(pool: &Pool) {
    pool.repo("demo", 5).await;
    let (worker, other, right) = (pool.single().await, pool.single().await, pool.now());
    pool.later(30 * 24 * 3600);
    pool.heartbeat(&worker, WorkerStatus::Idle).await;
    pool.go_to(right);
    let task = pool.task("demo", "a").await;
    assert_eq!(pool.fetch(&worker).await, from_ref(&task));
    pool.later(pool.rules().silence_max_s());
    assert_eq!(pool.fetch(&other).await, from_ref(&task), "silent since the clock was right");
}

pub async fn a_late_write_is_refused_in_each_of_its_forms(pool: &Pool) {
    pool.repo("demo", 10).await;
    let task = pool.task("demo", "a").await;
    let (worker, other) = (pool.worker().await, pool.worker().await);
    let stale = |because| Refusal::LeaseStale(because);
    let write = |lease_id| ReportTaskStatus { lease_id, ..report(&worker, &task, ReportedStatus::InProgress) };
    assert_eq!(pool.refusal_by(&worker, write(None)).await, stale(StaleBecause::NotHeld));
    pool.fetch(&worker).await;
    let first = pool.lease_of(&task).await;
    let unknown = Some(LeaseId("l-unknown".into()));
    assert_eq!(pool.refusal_by(&worker, write(unknown)).await, stale(StaleBecause::Superseded));
    pool.later(pool.rules().lease_ttl_s);
    for lease_id in [None, Some(first.clone())] {
        assert_eq!(pool.refusal_by(&worker, write(lease_id)).await, stale(StaleBecause::Expired));
    }
    let renewal = || RenewLease { caller: worker.clone(), lease_id: first.clone() };
    assert_eq!(pool.refusal_by(&worker, renewal()).await, stale(StaleBecause::Expired));
    assert_eq!(pool.refusal_by(&worker, release(&worker, &first)).await, stale(StaleBecause::Expired));

    assert_eq!(pool.fetch(&other).await, from_ref(&task));
    for lease_id in [None, Some(first.clone())] {
        assert_eq!(pool.refusal_by(&worker, write(lease_id)).await, stale(StaleBecause::NotHeld));
    }
    assert_eq!(pool.refusal_by(&worker, renewal()).await, stale(StaleBecause::Superseded));
    assert_eq!(pool.refusal_by(&worker, release(&worker, &first)).await, stale(StaleBecause::Superseded));
    pool.release(&other, &task).await;
    assert_eq!(pool.fetch(&worker).await, from_ref(&task));
    assert_eq!(pool.refusal_by(&worker, write(Some(first))).await, stale(StaleBecause::Superseded));
    assert_eq!(pool.by(&worker, write(None)).await.state, TaskState::InProgress);
}

pub async fn a_released_task_goes_to_others_and_comes_back_after_an_hour(pool: &Pool) {
    pool.repo("demo", 10).await;
    let task = pool.task("demo", "a").await;
    let worker = pool.worker().await;
    pool.fetch(&worker).await;
    let handed_back = ReleaseLease {
        message: Some("no time".into()),
        branch: Some("owp/a".into()),
        notes: Some("the parser is done".into()),
        ..release(&worker, &pool.lease_of(&task).await)
    };
    assert_eq!(pool.by(&worker, handed_back).await.state, TaskState::Ready);
    let now = pool.get_task(&task).await;
    assert_eq!((now.branch.as_deref(), now.notes.as_deref()), (Some("owp/a"), Some("the parser is done")));
    let attempt = &now.attempts[0];
    assert_eq!((attempt.outcome, attempt.reason.as_deref()), (Some(AttemptOutcome::Released), Some("failed: no time")));
    assert!(pool.fetch(&worker).await.is_empty());
    pool.later(DECLINED_FOR_S);
    pool.later_ms(-1);
    assert!(pool.fetch(&worker).await.is_empty());
    pool.later_ms(1);
    assert_eq!(pool.fetch(&worker).await, [task]);
}

pub async fn declined_tasks_in_front_do_not_hide_others(pool: &Pool) {
    pool.repo("demo", 50).await;
    let worker = pool.worker().await;
    for index in 0..CANDIDATES_MORE + 3 {
        let task = pool.task_with("demo", &format!("{index}"), |spec| spec.priority = 500).await;
        assert_eq!(pool.fetch(&worker).await, from_ref(&task));
        pool.release(&worker, &task).await;
    }
    let last = pool.task("demo", "last").await;
    let look = FetchWork { caller: worker.clone(), candidates_max: CANDIDATES_FIRST };
    assert_eq!(pool.by(&worker, look).await, Fetched::LookWider);
    let look = FetchWork { caller: worker.clone(), candidates_max: CANDIDATES_MORE };
    assert_eq!(pool.by(&worker, look).await, Fetched::LookWider);
    assert_eq!(pool.fetch(&worker).await, [last]);
}

pub async fn a_task_out_of_attempts_fails_until_a_maintainer_reopens_it(pool: &Pool) {
    pool.repo("demo", 10).await;
    let task = pool.task_with("demo", "a", |spec| spec.attempts_max = 2).await;
    for state in [TaskState::Ready, TaskState::Failed] {
        let worker = pool.worker().await;
        assert_eq!(pool.fetch(&worker).await, from_ref(&task));
        assert_eq!(pool.release(&worker, &task).await, state);
    }
    let worker = pool.worker().await;
    assert!(pool.fetch(&worker).await.is_empty());
    pool.act(&task, TaskAction::Requeue).await;
    assert_eq!(pool.get_task(&task).await.attempts_used, 0);
    assert_eq!(pool.fetch(&worker).await, from_ref(&task));
    assert_eq!(pool.release(&worker, &task).await, TaskState::Ready);
}

pub async fn a_lease_can_be_renewed_up_to_its_maximum(pool: &Pool) {
    pool.repo("demo", 10).await;
    let task = pool.task("demo", "a").await;
    let worker = pool.worker().await;
    pool.fetch(&worker).await;
    let lease = pool.get_task(&task).await.lease.unwrap();
    let renewal = || RenewLease { caller: worker.clone(), lease_id: lease.id.clone() };
    let rules = pool.rules();
    let unchanged = pool.by(&worker, renewal()).await;
    assert_eq!((unchanged.expires_at, unchanged.renewable), (lease.expires_at, true));
    let last = lease.granted_at.plus_s(rules.lease_hold_max_s());
    let mut expires_at = lease.expires_at;
    while expires_at < last {
        pool.go_to(expires_at);
        pool.later_ms(-1);
        let renewed = pool.by(&worker, renewal()).await;
        let due = pool.now().plus_s(rules.lease_ttl_s).min(last);
        assert_eq!((renewed.expires_at, renewed.renewable), (due, due < last));
        assert_eq!(pool.get_task(&task).await.lease.unwrap().expires_at, due);
        expires_at = due;
    }
    pool.go_to(last);
    assert_eq!(pool.refusal_by(&worker, renewal()).await, Refusal::LeaseStale(StaleBecause::Expired));
}

pub async fn a_response_clock_can_not_be_renewed(pool: &Pool) {
    pool.repo("demo", 10).await;
    let task = pool.task("demo", "a").await;
    let worker = pool.worker().await;
    pool.fetch(&worker).await;
    pool.report(&worker, &task, ReportedStatus::PrOpened).await;
    pool.act(&task, TaskAction::RequestChanges).await;
    let lease = pool.get_task(&task).await.lease.unwrap();
    assert_eq!(lease.expires_at, pool.now().plus_s(pool.rules().response_ttl_s));
    pool.later(pool.rules().response_ttl_s - 1);
    let renewed = pool.by(&worker, RenewLease { caller: worker.clone(), lease_id: lease.id }).await;
    assert_eq!((renewed.expires_at, renewed.renewable), (lease.expires_at, false));
}

pub async fn a_task_that_two_holders_call_unclear_waits_for_its_maintainer(pool: &Pool) {
    pool.repo("demo", 10).await;
    let task = pool.task_with("demo", "a", |spec| (spec.area, spec.attempts_max) = (Some("auth".into()), 9)).await;
    let unclear = async |caller: &Caller| {
        assert_eq!(pool.fetch(caller).await, from_ref(&task));
        let reason = ReleaseReason::UnclearRequirements;
        let release = ReleaseLease { reason, ..release(caller, &pool.lease_of(&task).await) };
        pool.by(caller, release).await.state
    };
    let (worker, other) = (pool.worker().await, pool.worker().await);
    assert_eq!(unclear(&worker).await, TaskState::Ready);
    pool.later(DECLINED_FOR_S);
    assert_eq!(unclear(&worker).await, TaskState::Ready, "it is the same holder again");
    assert_eq!(unclear(&other).await, TaskState::NeedsInfo);
    let third = pool.worker().await;
    assert!(pool.fetch(&third).await.is_empty());
    pool.act(&task, TaskAction::Requeue).await;
    assert_eq!(unclear(&third).await, TaskState::Ready, "the maintainer has looked at it since");
    let title = Some("the same in plain words".to_owned());
    pool.later(DECLINED_FOR_S);
    pool.admin(UpdateTask { title, ..edit(&task) }).await;
    assert_eq!(unclear(&worker).await, TaskState::Ready, "the other meant a text that is gone");
}
