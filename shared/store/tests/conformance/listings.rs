//! Lists, their filters and cursors, and counts.

use crate::pool::{Pool, strings};
use owp_logic::Task;
use owp_logic::operations::RevokeWorker;
use owp_store::{Page, StoreError, TaskFilter, WorkerFilter};
use owp_wire::{RepoName, ReportedStatus, TaskAction, TaskId, TaskState};
use std::slice::from_ref;

pub async fn every_filter_finds_what_it_names(pool: &Pool) {
    for name in ["a", "b"] {
        pool.repo(name, 10).await;
    }
    let mut all = Vec::new();
    for (repo, area, skills) in [
        ("a", None, vec![]),
        ("a", Some("auth"), vec!["rust"]),
        ("b", Some("auth"), vec!["rust", "sql"]),
        ("b", Some("docs"), vec!["sql"]),
    ] {
        let change = |spec: &mut owp_logic::TaskSpec| {
            (spec.area, spec.required_skills) = (area.map(str::to_owned), strings(&skills));
        };
        all.push(pool.task_with(repo, "a", change).await);
    }
    let worker = pool.worker().await;
    assert_eq!(pool.fetch(&worker).await, all[..1]);
    pool.report(&worker, &all[0], ReportedStatus::PrOpened).await;

    let none = TaskFilter::default;
    let repo = |name: &str| Some(RepoName(name.into()));
    let cases = [
        (none(), vec![0, 1, 2, 3]),
        (TaskFilter { repo: repo("a"), ..none() }, vec![0, 1]),
        (TaskFilter { repo: repo("nowhere"), ..none() }, vec![]),
        (TaskFilter { state: Some(TaskState::Ready), ..none() }, vec![1, 2, 3]),
        (TaskFilter { state: Some(TaskState::PrOpened), ..none() }, vec![0]),
        (TaskFilter { area: Some("auth".into()), ..none() }, vec![1, 2]),
        (TaskFilter { skill: Some("sql".into()), ..none() }, vec![2, 3]),
        (TaskFilter { worker_id: Some(worker.worker_id.clone()), ..none() }, vec![0]),
        (TaskFilter { repo: repo("b"), area: Some("auth".into()), skill: Some("rust".into()), ..none() }, vec![2]),
        (TaskFilter { state: Some(TaskState::Merged), skill: Some("rust".into()), ..none() }, vec![]),
    ];
    for (filter, expected) in cases {
        let expected: Vec<&TaskId> = expected.into_iter().map(|index: usize| &all[index]).collect();
        for limit in [1, 2, 3, 100] {
            let found = pool.list_tasks(filter.clone(), limit).await;
            assert_eq!(found.iter().map(|task| &task.id).collect::<Vec<_>>(), expected, "{filter:?} by {limit}");
        }
    }
    pool.act(&all[0], TaskAction::Close).await;
    let of_worker = TaskFilter { worker_id: Some(worker.worker_id), ..none() };
    assert!(pool.list_tasks(of_worker, 10).await.is_empty());
}

pub async fn a_walk_meets_every_task_once_while_new_ones_are_added(pool: &Pool) {
    pool.repo("demo", 10).await;
    let mut expected = Vec::new();
    for index in 0..25 {
        expected.push(pool.task("demo", &format!("{index}")).await);
    }
    let (mut seen, mut after): (Vec<Task>, Option<String>) = (Vec::new(), None);
    loop {
        let page = Page { after, limit: 4 };
        let listed = pool.store.list_tasks(TaskFilter::default(), page).await.unwrap();
        seen.extend(listed.items);
        pool.task("demo", "added meanwhile").await;
        after = listed.next;
        if after.is_none() {
            break;
        }
    }
    seen.reverse();
    assert_eq!(seen.into_iter().map(|task| task.id).collect::<Vec<_>>(), expected);
}

pub async fn a_walk_finds_rare_tasks_among_many(pool: &Pool) {
    pool.repo("demo", 10).await;
    let tasks = (0..2500).map(|index| {
        let skills = if index % 1250 == 7 { strings(&["rare"]) } else { vec![] };
        let spec = owp_logic::TaskSpec { required_skills: skills, ..crate::pool::spec(&format!("{index}")) };
        owp_logic::operations::TaskToImport { repo: RepoName("demo".into()), spec, depends_on: vec![] }
    });
    pool.import(owp_logic::operations::ImportTasks { tasks: tasks.collect() }).await;
    let filter = TaskFilter { skill: Some("rare".into()), ..TaskFilter::default() };
    assert_eq!(pool.list_tasks(filter.clone(), 1).await.len(), 2);
    assert_eq!(pool.list_tasks(filter, 100).await.len(), 2);
}

pub async fn workers_are_listed_by_whether_they_are_online(pool: &Pool) {
    let silent = pool.worker().await;
    pool.later(90);
    let revoked = pool.worker().await;
    let online = pool.worker().await;
    pool.admin(RevokeWorker { worker_id: revoked.worker_id.clone(), reason: String::new() }).await;
    let since = pool.now().minus_s(90);
    let ids = async |online| {
        let filter = WorkerFilter { online: Some((online, since)) };
        let workers = pool.list_workers(filter, 1).await;
        workers.into_iter().map(|worker| worker.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(true).await, from_ref(&online.worker_id));
    assert_eq!(ids(false).await, [silent.worker_id, revoked.worker_id]);
    let counts = pool.store.counts(since).await.unwrap();
    assert_eq!((counts.workers_online, counts.workers_total), (1, 3));
}

pub async fn repositories_are_listed_by_name(pool: &Pool) {
    for name in ["zeta", "alpha", "own/er", "Beta", "alpha-2"] {
        pool.repo(name, 1).await;
    }
    for limit in [1, 2, 100] {
        let names: Vec<String> = pool.list_repos(limit).await.into_iter().map(|repo| repo.name.0).collect();
        assert_eq!(names, ["Beta", "alpha", "alpha-2", "own/er", "zeta"]);
    }
}

pub async fn a_cursor_of_another_list_is_refused(pool: &Pool) {
    for after in ["demo", "-", "1.5", ""] {
        let page = || Page { after: Some(after.into()), limit: 5 };
        let refused = pool.store.list_tasks(TaskFilter::default(), page()).await;
        assert!(matches!(refused, Err(StoreError::BadCursor)), "{after:?}: {refused:?}");
        let refused = pool.store.list_workers(WorkerFilter::default(), page()).await;
        assert!(matches!(refused, Err(StoreError::BadCursor)), "{after:?}: {refused:?}");
    }
}

pub async fn an_empty_pool_has_empty_lists(pool: &Pool) {
    let everything = pool.everything().await;
    assert!(everything.tasks.is_empty() && everything.workers.is_empty());
    assert!(everything.repos.is_empty() && everything.events.is_empty());
    assert_eq!(pool.store.counts(pool.now()).await.unwrap(), owp_store::Counts::default());
    pool.store.ping().await.unwrap();
    assert!(!pool.store.kind().is_empty());
}
