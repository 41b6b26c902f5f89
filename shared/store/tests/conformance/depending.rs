//! Tasks that wait for others.

use crate::pool::{Pool, edit, report, spec};
use owp_logic::limits::DEPENDENTS_MAX;
use owp_logic::operations::{CreateTask, ExplainTask, ImportTasks, TaskToImport, UpdateTask};
use owp_logic::{EventKind, Refusal, TaskRef, TaskSpec};
use owp_wire::{FitCode, ImportAction, RepoName, ReportedStatus, TaskAction, TaskId, TaskState};
use std::slice::from_ref;

fn key(repo: &str, key: &str) -> TaskRef {
    TaskRef::Key(RepoName(repo.into()), key.into())
}

fn listed(name: &str, on: &[&str]) -> TaskToImport {
    let spec = TaskSpec { key: Some(name.into()), ..spec(name) };
    let depends_on = on.iter().map(|name| key("demo", name)).collect();
    TaskToImport { repo: RepoName("demo".into()), spec, depends_on }
}

async fn import(pool: &Pool, tasks: Vec<TaskToImport>) -> Vec<(TaskId, ImportAction)> {
    let imported = pool.import(ImportTasks { tasks }).await;
    imported.tasks.into_iter().map(|one| (one.task_id, one.action)).collect()
}

/// Has a ready task done and merged by a worker of its own.
async fn merge(pool: &Pool, task: &TaskId) {
    pool.admin(UpdateTask { priority: Some(1000), ..edit(task) }).await;
    let worker = pool.single().await;
    assert_eq!(pool.fetch(&worker).await, from_ref(task));
    pool.report(&worker, task, ReportedStatus::PrOpened).await;
    pool.report(&worker, task, ReportedStatus::Merged).await;
}

pub async fn a_task_waits_until_all_it_depends_on_is_merged(pool: &Pool) {
    pool.repo("demo", 9).await;
    pool.repo("owner/other", 9).await;
    let (first, second) = (pool.task("demo", "a").await, pool.task("owner/other", "b").await);
    let last = pool.task_after("demo", "c", &[&first, &second]).await;
    assert_eq!(pool.state_of(&last).await, TaskState::Waiting);
    merge(pool, &first).await;
    assert_eq!(pool.state_of(&last).await, TaskState::Waiting);
    pool.later(60);
    merge(pool, &second).await;
    let task = pool.get_task(&last).await;
    assert_eq!((task.state, task.ready_at), (TaskState::Ready, pool.now()), "it waits for a worker since now");
    let worker = pool.single().await;
    assert_eq!(pool.fetch(&worker).await, from_ref(&last));
    let kinds: Vec<EventKind> = pool
        .events()
        .await
        .into_iter()
        .filter(|event| event.task_id.as_ref() == Some(&last))
        .map(|event| event.kind)
        .collect();
    assert_eq!(kinds, [EventKind::TaskCreated, EventKind::TaskReady, EventKind::TaskAssigned]);
}

pub async fn what_is_merged_already_is_not_waited_for(pool: &Pool) {
    pool.repo("demo", 9).await;
    let done = pool.task("demo", "a").await;
    merge(pool, &done).await;
    let after = pool.task_after("demo", "b", &[&done, &done]).await;
    let task = pool.get_task(&after).await;
    assert_eq!((task.state, task.spec.depends_on), (TaskState::Ready, vec![done]));
}

pub async fn a_maintainers_merge_sets_free_as_a_reported_one(pool: &Pool) {
    pool.repo("demo", 9).await;
    let first = pool.task("demo", "a").await;
    let after = pool.task_after("demo", "b", &[&first]).await;
    let worker = pool.single().await;
    pool.fetch(&worker).await;
    pool.report(&worker, &first, ReportedStatus::PrOpened).await;
    pool.act(&first, TaskAction::Merge).await;
    assert_eq!(pool.state_of(&after).await, TaskState::Ready);
}

pub async fn what_waits_for_a_cancelled_task_says_so(pool: &Pool) {
    pool.repo("demo", 9).await;
    let first = pool.task("demo", "a").await;
    let after = pool.task_after("demo", "b", &[&first]).await;
    pool.act(&first, TaskAction::Cancel).await;
    assert_eq!(pool.state_of(&after).await, TaskState::Waiting);
    let explained = pool.admin(ExplainTask { caller: None, task_id: after.clone() }).await;
    assert_eq!(explained.blockers, [FitCode::DependencyOpen]);
    let open: Vec<(TaskId, TaskState)> =
        explained.waits_for.into_iter().map(|open| (open.task_id, open.state)).collect();
    assert_eq!(open, [(first.clone(), TaskState::Cancelled)]);
    let cancelled = pool.events().await.into_iter().find(|event| event.kind == EventKind::TaskCancelled).unwrap();
    assert_eq!(cancelled.details["dependents"], serde_json::json!([after.0]), "whoever reads the events sees it");
    // Two ways out: what it waits for comes back, or it waits for it no more.
    pool.act(&first, TaskAction::Requeue).await;
    assert_eq!(pool.state_of(&first).await, TaskState::Ready);
    let edited = pool.admin(UpdateTask { depends_on: Some(vec![]), ..edit(&after) }).await;
    assert_eq!((edited.state, edited.waits_for), (TaskState::Ready, vec![]));
    assert_eq!(pool.get_task(&first).await.dependents, []);
}

pub async fn a_reverted_merge_is_waited_for_again(pool: &Pool) {
    pool.repo("demo", 9).await;
    let first = pool.task("demo", "a").await;
    let (held, ready) = (pool.task_after("demo", "b", &[&first]).await, pool.task_after("demo", "c", &[&first]).await);
    merge(pool, &first).await;
    pool.admin(UpdateTask { priority: Some(99), ..edit(&held) }).await;
    let worker = pool.single().await;
    assert_eq!(pool.fetch(&worker).await, from_ref(&held));
    assert_eq!(pool.act(&first, TaskAction::Revert).await.state, TaskState::Closed);
    assert_eq!(pool.state_of(&ready).await, TaskState::Waiting);
    assert_eq!(pool.state_of(&held).await, TaskState::Leased, "who is at it goes on");
    assert_eq!(pool.release(&worker, &held).await, TaskState::Waiting, "and who comes after waits");
    pool.act(&first, TaskAction::Requeue).await;
    merge(pool, &first).await;
    assert_eq!(pool.state_of(&ready).await, TaskState::Ready);
    assert_eq!(pool.state_of(&held).await, TaskState::Ready);
}

pub async fn a_task_gains_and_loses_dependencies_while_nobody_holds_it(pool: &Pool) {
    pool.repo("demo", 9).await;
    let (first, second) = (pool.task("demo", "a").await, pool.task("demo", "b").await);
    let wait = |on: &[&TaskId]| UpdateTask {
        depends_on: Some(on.iter().map(|id| TaskRef::Id((*id).clone())).collect()),
        ..edit(&second)
    };
    assert_eq!(pool.admin(wait(&[&first])).await.state, TaskState::Waiting);
    let worker = pool.single().await;
    assert_eq!(pool.fetch(&worker).await, from_ref(&first));
    assert_eq!(pool.admin(wait(&[])).await.state, TaskState::Ready);
    let other = pool.single().await;
    assert_eq!(pool.fetch(&other).await, from_ref(&second));
    let refusal = pool.refusal_admin(wait(&[&first])).await;
    assert_eq!(refusal, Refusal::TaskHeld { state: TaskState::Leased, field: "depends_on" });
}

pub async fn a_cycle_is_refused_and_named(pool: &Pool) {
    pool.repo("demo", 9).await;
    let refusal = pool.refusal_admin(ImportTasks {
        tasks: vec![listed("a", &["b"]), listed("x", &[]), listed("b", &["c"]), listed("c", &["a"])],
    });
    let named = |refusal: Refusal| match refusal {
        Refusal::DependencyCycle { cycle, pointer } => (cycle.join(" "), pointer),
        other => panic!("{other:?}"),
    };
    assert_eq!(named(refusal.await), ("a b c a".into(), "/0/depends_on".into()));
    let refusal = pool.refusal_admin(ImportTasks { tasks: vec![listed("a", &["a"])] }).await;
    assert_eq!(named(refusal).0, "a a");
    // Over tasks that were there before, of which one is not in the list.
    let before = import(pool, vec![listed("a", &["b"]), listed("b", &["c"]), listed("c", &[])]).await;
    let refusal = pool.refusal_admin(ImportTasks { tasks: vec![listed("c", &["new"]), listed("new", &["a"])] }).await;
    assert_eq!(named(refusal), ("c new a b c".into(), "/0/depends_on".into()));
    let edit = UpdateTask { depends_on: Some(vec![key("demo", "a")]), ..edit(&before[2].0) };
    assert_eq!(named(pool.refusal_admin(edit).await), ("c a b c".into(), "/depends_on".into()));
}

pub async fn an_import_may_name_tasks_further_down(pool: &Pool) {
    pool.repo("demo", 9).await;
    let list = || vec![listed("last", &["first", "second"]), listed("first", &[]), listed("second", &["first"])];
    let tasks = import(pool, list()).await;
    let states = [TaskState::Waiting, TaskState::Ready, TaskState::Waiting];
    for ((id, action), state) in tasks.iter().zip(states) {
        assert_eq!((*action, pool.state_of(id).await), (ImportAction::Created, state));
    }
    let again = import(pool, list()).await;
    assert!(again.iter().all(|(_, action)| *action == ImportAction::Unchanged), "{again:?}");
    let events = pool.events().await.len();
    let changed = import(pool, vec![listed("last", &["second"])]).await;
    assert_eq!(changed[0].1, ImportAction::Updated);
    assert_eq!(pool.events().await.len(), events + 1);
    merge(pool, &tasks[1].0).await;
    merge(pool, &tasks[2].0).await;
    merge(pool, &tasks[0].0).await;
}

pub async fn a_long_chain_can_be_imported(pool: &Pool) {
    pool.repo("demo", 9).await;
    let names: Vec<String> = (0..300).map(|index| format!("k{index}")).collect();
    let after = |index: usize| index.checked_sub(1).map(|before| names[before].as_str());
    let list = names.iter().enumerate().map(|(index, name)| listed(name, after(index).as_slice()));
    let tasks = import(pool, list.collect()).await;
    merge(pool, &tasks[0].0).await;
    assert_eq!(pool.state_of(&tasks[1].0).await, TaskState::Ready);
    assert_eq!(pool.state_of(&tasks[2].0).await, TaskState::Waiting);
}

pub async fn a_task_that_does_not_exist_can_not_be_waited_for(pool: &Pool) {
    pool.repo("demo", 9).await;
    for reference in [TaskRef::Id(TaskId("t_none".into())), key("demo", "none"), key("owner/none", "a")] {
        let (repo, spec) = (RepoName("demo".into()), spec("a"));
        let refusal = pool.refusal_admin(CreateTask { repo, spec, depends_on: vec![reference.clone()] }).await;
        let (reference, pointer) = (reference.to_string(), "/depends_on/0".into());
        assert_eq!(refusal, Refusal::DependencyNotFound { reference, pointer });
    }
    let refusal = pool.refusal_admin(ImportTasks { tasks: vec![listed("a", &[]), listed("b", &["a", "none"])] }).await;
    assert!(matches!(refusal, Refusal::DependencyNotFound { pointer, .. } if pointer == "/1/depends_on/1"));
}

pub async fn no_more_tasks_wait_for_one_than_one_commit_can_free(pool: &Pool) {
    pool.repo("demo", 9).await;
    let first = pool.task("demo", "first").await;
    let mut waiting = Vec::new();
    for _ in 0..DEPENDENTS_MAX {
        waiting.push(pool.task_after("demo", "a", &[&first]).await);
    }
    let depends_on = vec![TaskRef::Id(first.clone())];
    let one_more = CreateTask { repo: RepoName("demo".into()), spec: spec("b"), depends_on };
    assert!(matches!(pool.refusal_admin(one_more).await, Refusal::TooMany { .. }));
    merge(pool, &first).await;
    for task in waiting {
        assert_eq!(pool.state_of(&task).await, TaskState::Ready);
    }
}

pub async fn a_waiting_task_can_be_cancelled_and_comes_back_waiting(pool: &Pool) {
    pool.repo("demo", 9).await;
    let first = pool.task("demo", "a").await;
    let after = pool.task_after("demo", "b", &[&first]).await;
    let worker = pool.single().await;
    pool.refusal_by(&worker, report(&worker, &after, ReportedStatus::InProgress)).await;
    pool.act(&after, TaskAction::Cancel).await;
    assert_eq!(pool.act(&after, TaskAction::Requeue).await.state, TaskState::Waiting);
    pool.act(&after, TaskAction::Cancel).await;
    merge(pool, &first).await;
    assert_eq!(pool.state_of(&after).await, TaskState::Cancelled, "a merge does not bring back what was withdrawn");
    assert_eq!(pool.act(&after, TaskAction::Requeue).await.state, TaskState::Ready);
}
