//! What maintainers do to tasks and workers, from every state.

use crate::pool::{Pool, edit, release, report, strings};
use owp_logic::operations::{ReleaseLease, ReportTaskStatus, RevokeWorker, SendHeartbeat, UpdateTask};
use owp_logic::{Caller, EventKind, Refusal, TaskRef};
use owp_wire::{Artifact, AttemptOutcome, ReleaseReason, ReportedStatus, TaskAction, TaskId, TaskState, WorkerStatus};
use std::slice::from_ref;

const STATES: [TaskState; 13] = [
    TaskState::Ready,
    TaskState::Leased,
    TaskState::InProgress,
    TaskState::Blocked,
    TaskState::PrOpened,
    TaskState::ChangesRequested,
    TaskState::Merged,
    TaskState::Closed,
    TaskState::Failed,
    TaskState::Cancelled,
    TaskState::Waiting,
    TaskState::Offered,
    TaskState::NeedsInfo,
];

/// Where each action leads from each state of [`STATES`], in that order; `-` where it is refused.
const ACTIONS: [(TaskAction, TaskState, &str); 6] = [
    (TaskAction::Cancel, TaskState::Cancelled, "xxxxxx--x-xxx"),
    (TaskAction::Requeue, TaskState::Ready, "-xxxxx-xxx-xx"),
    (TaskAction::RequestChanges, TaskState::ChangesRequested, "----x--------"),
    (TaskAction::Merge, TaskState::Merged, "----xx-------"),
    (TaskAction::Close, TaskState::Closed, "----xx-------"),
    (TaskAction::Revert, TaskState::Closed, "------x------"),
];

pub async fn every_action_is_taken_or_refused_in_every_state(pool: &Pool) {
    pool.repo("demo", 100).await;
    for (action, to, from) in ACTIONS {
        for (state, allowed) in STATES.into_iter().zip(from.chars()) {
            let (task, _) = in_state(pool, state).await;
            let act = UpdateTask { action: Some(action), reason: Some("because".into()), ..edit(&task) };
            if allowed == 'x' {
                assert_eq!(pool.admin(act).await.state, to, "{action} from {state}");
            } else {
                let refusal = pool.refusal_admin(act).await;
                let fits = matches!(&refusal, Refusal::TransitionNotAllowed { from, to: asked, allowed }
                    if (*from, *asked) == (state, to) && !allowed.contains(&to));
                assert!(fits, "{action} from {state}: {refusal:?}");
            }
            // Out of the way of the tasks that come after it.
            pool.admin(UpdateTask { priority: Some(0), ..edit(&task) }).await;
        }
    }
}

pub async fn every_report_is_taken_or_refused_in_every_state(pool: &Pool) {
    pool.repo("demo", 100).await;
    let table = [
        (ReportedStatus::InProgress, TaskState::InProgress, "-xxx-x-------"),
        (ReportedStatus::Blocked, TaskState::Blocked, "-xxx-x-------"),
        (ReportedStatus::PrOpened, TaskState::PrOpened, "-xxxxx-------"),
        // After the end only its repetition is taken.
        (ReportedStatus::Merged, TaskState::Merged, "----x-x------"),
    ];
    for (status, to, from) in table {
        for (state, allowed) in STATES.into_iter().zip(from.chars()) {
            let (task, holder) = in_state(pool, state).await;
            if allowed == 'x' {
                assert_eq!(pool.report(&holder, &task, status).await.state, to, "{status} from {state}");
                assert_eq!(pool.state_of(&task).await, to);
            } else {
                let refusal = pool.refusal_by(&holder, report(&holder, &task, status)).await;
                let fits = matches!(refusal, Refusal::TransitionNotAllowed { .. } | Refusal::LeaseStale(_));
                assert!(fits, "{status} from {state}: {refusal:?}");
            }
            pool.admin(UpdateTask { priority: Some(0), ..edit(&task) }).await;
        }
    }
}

/// A task that has come to this state, and who holds or held it.
async fn in_state(pool: &Pool, state: TaskState) -> (TaskId, Caller) {
    let attempts = if state == TaskState::Failed { 1 } else { 3 };
    let task = pool.task_with("demo", "a", |spec| (spec.attempts_max, spec.priority) = (attempts, 1000)).await;
    let holder = pool.single().await;
    match state {
        TaskState::Ready => return (task, holder),
        TaskState::Waiting => {
            let first = pool.task_with("demo", "b", |spec| spec.priority = 0).await;
            let wait = UpdateTask { depends_on: Some(vec![TaskRef::Id(first)]), ..edit(&task) };
            assert_eq!(pool.admin(wait).await.state, state);
            return (task, holder);
        }
        TaskState::Offered => {
            assert_eq!(pool.offers(&holder).await[0].0, task);
            return (task, holder);
        }
        _ => {}
    }
    assert_eq!(pool.fetch(&holder).await, from_ref(&task));
    match state {
        TaskState::InProgress => drop(pool.report(&holder, &task, ReportedStatus::InProgress).await),
        TaskState::Blocked => drop(pool.report(&holder, &task, ReportedStatus::Blocked).await),
        TaskState::NeedsInfo => {
            release_as_unclear(pool, &holder, &task).await;
            let second = pool.single().await;
            pool.fetch(&second).await;
            release_as_unclear(pool, &second, &task).await;
        }
        TaskState::Failed => drop(pool.release(&holder, &task).await),
        TaskState::Cancelled => drop(pool.act(&task, TaskAction::Cancel).await),
        TaskState::PrOpened | TaskState::ChangesRequested | TaskState::Merged | TaskState::Closed => {
            pool.report(&holder, &task, ReportedStatus::PrOpened).await;
        }
        _ => {}
    }
    match state {
        TaskState::ChangesRequested => drop(pool.act(&task, TaskAction::RequestChanges).await),
        TaskState::Merged => drop(pool.report(&holder, &task, ReportedStatus::Merged).await),
        TaskState::Closed => drop(pool.act(&task, TaskAction::Close).await),
        _ => {}
    }
    assert_eq!(pool.state_of(&task).await, state);
    (task, holder)
}

async fn release_as_unclear(pool: &Pool, holder: &Caller, task: &TaskId) {
    let lease_id = pool.lease_of(task).await;
    let reason = ReleaseReason::UnclearRequirements;
    pool.by(holder, ReleaseLease { reason, ..release(holder, &lease_id) }).await;
}

pub async fn merged_twice_is_harmless(pool: &Pool) {
    pool.repo("demo", 1).await;
    let task = pool.task("demo", "a").await;
    let worker = pool.worker().await;
    pool.fetch(&worker).await;
    pool.report(&worker, &task, ReportedStatus::PrOpened).await;
    for _ in 0..2 {
        assert_eq!(pool.report(&worker, &task, ReportedStatus::Merged).await.state, TaskState::Merged);
    }
    let merged = pool.events().await.into_iter().filter(|event| event.kind == EventKind::TaskMerged);
    assert_eq!(merged.count(), 1);
    let stranger = pool.worker().await;
    let refusal = pool.refusal_by(&stranger, report(&stranger, &task, ReportedStatus::Merged)).await;
    assert!(matches!(refusal, Refusal::LeaseStale(_)));
}

pub async fn a_report_that_says_nothing_new_causes_no_event(pool: &Pool) {
    pool.repo("demo", 1).await;
    let task = pool.task("demo", "a").await;
    let worker = pool.worker().await;
    pool.fetch(&worker).await;
    pool.report(&worker, &task, ReportedStatus::InProgress).await;
    let before = pool.events().await.len();
    pool.report(&worker, &task, ReportedStatus::InProgress).await;
    assert_eq!(pool.events().await.len(), before);
    let note = || ReportTaskStatus {
        message: Some("half way".into()),
        notes: Some("see the branch".into()),
        branch: Some("owp/a".into()),
        ..report(&worker, &task, ReportedStatus::InProgress)
    };
    pool.by(&worker, note()).await;
    pool.by(&worker, note()).await;
    assert_eq!(pool.events().await.len(), before + 1);
    let now = pool.get_task(&task).await;
    assert_eq!((now.message.as_deref(), now.branch.as_deref()), (Some("half way"), Some("owp/a")));
}

pub async fn branch_notes_and_artifact_stay_for_the_next_holder(pool: &Pool) {
    pool.repo("demo", 1).await;
    let task = pool.task("demo", "a").await;
    let worker = pool.worker().await;
    pool.fetch(&worker).await;
    let artifact =
        Artifact { pr_url: Some("https://example.org/pull/1".into()), commit_sha: None, patch_url: None, extra: None };
    pool.by(
        &worker,
        ReportTaskStatus {
            artifact: Some(artifact.clone()),
            branch: Some("owp/a".into()),
            ..report(&worker, &task, ReportedStatus::PrOpened)
        },
    )
    .await;
    pool.act(&task, TaskAction::Requeue).await;
    let other = pool.worker().await;
    assert_eq!(pool.fetch(&other).await, from_ref(&task));
    let now = pool.get_task(&task).await;
    assert_eq!((now.artifact, now.branch.as_deref()), (Some(artifact), Some("owp/a")));
    assert_eq!(now.attempts[0].outcome, Some(AttemptOutcome::Requeued));
    assert_eq!(now.attempts[0].branch.as_deref(), Some("owp/a"));
}

pub async fn what_a_holder_relied_on_can_not_change_under_it(pool: &Pool) {
    pool.repo("demo", 5).await;
    let task = pool.task_with("demo", "a", |spec| spec.area = Some("auth".into())).await;
    let worker = pool.worker().await;
    pool.fetch(&worker).await;
    let edits = [
        (UpdateTask { estimate_points: Some(9), ..edit(&task) }, "estimate_points"),
        (UpdateTask { required_skills: Some(strings(&["rust"])), ..edit(&task) }, "required_skills"),
        (UpdateTask { area: Some(None), ..edit(&task) }, "area"),
        (UpdateTask { tier: Some(1), ..edit(&task) }, "tier"),
    ];
    for status in [None, Some(ReportedStatus::PrOpened)] {
        if let Some(status) = status {
            pool.report(&worker, &task, status).await;
        }
        for (edit, named) in edits.clone() {
            let refusal = pool.refusal_admin(edit).await;
            assert!(matches!(refusal, Refusal::TaskHeld { field, .. } if field == named), "{refusal:?}");
        }
    }
    let title = UpdateTask { title: Some("b".into()), priority: Some(7), tier: Some(0), ..edit(&task) };
    assert_eq!(pool.admin(title).await.spec.title, "b");
}

pub async fn a_ready_task_can_change_its_lane(pool: &Pool) {
    pool.repo("demo", 5).await;
    let held = pool.task_with("demo", "held", |spec| spec.area = Some("auth".into())).await;
    let task = pool.task_with("demo", "a", |spec| spec.area = Some("auth".into())).await;
    let (worker, other) = (pool.single().await, pool.single().await);
    assert_eq!(pool.fetch(&worker).await, from_ref(&held));
    assert!(pool.fetch(&other).await.is_empty());
    pool.admin(UpdateTask {
        required_skills: Some(strings(&["rust"])),
        area: Some(Some("docs".into())),
        ..edit(&task)
    })
    .await;
    assert!(pool.fetch(&other).await.is_empty());
    pool.admin(UpdateTask { required_skills: Some(vec![]), ..edit(&task) }).await;
    assert_eq!(pool.fetch(&other).await, from_ref(&task));
    pool.release(&other, &task).await;
    pool.admin(UpdateTask { area: Some(Some("auth".into())), tier: Some(0), ..edit(&task) }).await;
    let third = pool.single().await;
    assert!(pool.fetch(&third).await.is_empty());
    pool.act(&held, TaskAction::Cancel).await;
    assert_eq!(pool.fetch(&third).await, [task]);
}

pub async fn an_edit_with_a_refused_action_changes_nothing(pool: &Pool) {
    pool.repo("demo", 5).await;
    let task = pool.task("demo", "a").await;
    let both = UpdateTask { title: Some("b".into()), action: Some(TaskAction::Merge), ..edit(&task) };
    pool.refusal_admin(both).await;
    assert_eq!(pool.get_task(&task).await.spec.title, "a");
}

pub async fn a_revoked_worker_loses_its_tasks_and_its_token(pool: &Pool) {
    pool.repo("demo", 5).await;
    let (held, reviewed) = (pool.task("demo", "a").await, pool.task("demo", "b").await);
    let worker = pool.worker().await;
    assert_eq!(pool.fetch(&worker).await, [held.clone(), reviewed.clone()]);
    pool.report(&worker, &reviewed, ReportedStatus::PrOpened).await;
    let lease_id = pool.lease_of(&held).await;
    let revoke = || RevokeWorker { worker_id: worker.worker_id.clone(), reason: "spam".into() };
    assert_eq!(pool.admin(revoke()).await.tasks_requeued, from_ref(&held));
    assert!(pool.admin(revoke()).await.tasks_requeued.is_empty());
    let now = pool.get_task(&held).await;
    assert_eq!((now.state, now.attempts[0].outcome), (TaskState::Ready, Some(AttemptOutcome::Revoked)));
    assert_eq!(pool.state_of(&reviewed).await, TaskState::PrOpened);
    assert_eq!(pool.try_fetch(&worker).await.unwrap_err(), Refusal::TokenRevoked);
    let beat = SendHeartbeat { caller: worker.clone(), status: WorkerStatus::Idle, note: None };
    assert_eq!(pool.refusal_by(&worker, beat).await, Refusal::TokenRevoked);
    let write = report(&worker, &held, ReportedStatus::InProgress);
    assert_eq!(pool.refusal_by(&worker, write).await, Refusal::TokenRevoked);
    let release: ReleaseLease = crate::pool::release(&worker, &lease_id);
    assert_eq!(pool.refusal_by(&worker, release).await, Refusal::TokenRevoked);
    pool.act(&reviewed, TaskAction::Merge).await;
}

pub async fn requested_changes_of_a_revoked_worker_go_to_somebody_else(pool: &Pool) {
    pool.repo("demo", 5).await;
    let task = pool.task("demo", "a").await;
    let worker = pool.worker().await;
    pool.fetch(&worker).await;
    pool.report(&worker, &task, ReportedStatus::PrOpened).await;
    pool.admin(RevokeWorker { worker_id: worker.worker_id.clone(), reason: "spam".into() }).await;
    pool.act(&task, TaskAction::RequestChanges).await;
    pool.later(pool.rules().response_ttl_s);
    let other = pool.worker().await;
    assert_eq!(pool.fetch(&other).await, [task]);
}
