//! Who gets what first: priority, then the repository that has waited longest, then age. And that nothing which can't be
//! given hides what can.

use crate::pool::{Pool, edit, repo, spec, strings};
use owp_logic::TaskSpec;
use owp_logic::limits::SHELVES_MAX;
use owp_logic::operations::{ImportTasks, PutRepo, TaskToImport, UpdateTask};
use owp_wire::{RepoName, TaskAction, TaskId};
use std::slice::from_ref;

pub async fn higher_priority_goes_first(pool: &Pool) {
    pool.repo("demo", 10).await;
    for priority in [10, 1000, 0, 50] {
        pool.task_with("demo", &format!("p{priority}"), |spec| spec.priority = priority).await;
    }
    assert_eq!(titles(pool, 4).await, ["p1000", "p50", "p10", "p0"]);
}

pub async fn among_equals_the_repository_that_waited_longest_goes_first(pool: &Pool) {
    for name in ["a", "b", "c"] {
        pool.repo(name, 10).await;
        for round in 0..3 {
            pool.task(name, &format!("{name}{round}")).await;
        }
        pool.later(1);
    }
    assert_eq!(titles(pool, 9).await, ["a0", "b0", "c0", "a1", "b1", "c1", "a2", "b2", "c2"]);
}

pub async fn among_equals_of_one_repository_the_oldest_goes_first(pool: &Pool) {
    pool.repo("demo", 20).await;
    // The classes and areas differ, so that they wait on different shelves and in different lanes.
    for (index, points) in [9, 3, 7, 1, 8, 2, 6].into_iter().enumerate() {
        let change = |spec: &mut owp_logic::TaskSpec| {
            spec.estimate_points = points;
            spec.area = Some(format!("area {points}"));
        };
        pool.task_with("demo", &format!("{index}"), change).await;
        pool.later(1);
    }
    assert_eq!(titles(pool, 7).await, ["0", "1", "2", "3", "4", "5", "6"]);
}

pub async fn age_decides_between_repositories_that_were_never_served(pool: &Pool) {
    pool.repo("a", 5).await;
    pool.repo("z", 5).await;
    pool.task("z", "older").await;
    pool.later(1);
    pool.task("a", "younger").await;
    assert_eq!(titles(pool, 2).await, ["older", "younger"]);
}

pub async fn a_repository_with_many_kinds_of_tasks_gets_no_more_turns_than_one_with_few(pool: &Pool) {
    pool.repo("few", 20).await;
    pool.repo("many", 20).await;
    for points in 1..=12 {
        pool.task_with("many", &format!("many {points}"), |spec| spec.estimate_points = points).await;
    }
    pool.later(1);
    for round in 0..3 {
        pool.task("few", &format!("few {round}")).await;
    }
    let order = titles(pool, 6).await;
    let of_many = order.iter().filter(|title| title.starts_with("many")).count();
    assert_eq!(of_many, 3, "{order:?}");
}

pub async fn a_fetch_of_several_takes_the_best_of_all_shelves(pool: &Pool) {
    pool.repo("demo", 20).await;
    pool.task_with("demo", "best", |spec| spec.priority = 100).await;
    for index in 0..6 {
        pool.task_with("demo", &format!("low {index}"), |spec| spec.priority = 10).await;
    }
    for index in 0..3 {
        let change = |spec: &mut owp_logic::TaskSpec| (spec.priority, spec.estimate_points) = (50, 2);
        pool.task_with("demo", &format!("mid {index}"), change).await;
    }
    let worker = pool.worker_with(|worker| worker.max_concurrent_tasks = 4).await;
    assert_eq!(titles_of(pool, &pool.fetch(&worker).await).await, ["best", "mid 0", "mid 1", "mid 2"]);
}

pub async fn a_fetch_of_several_takes_turns_between_repositories(pool: &Pool) {
    for name in ["a", "b", "c"] {
        pool.repo(name, 10).await;
        for round in 0..6 {
            pool.task(name, &format!("{name}{round}")).await;
        }
        pool.later(1);
    }
    let worker = pool.worker_with(|worker| worker.max_concurrent_tasks = 3).await;
    assert_eq!(titles_of(pool, &pool.fetch(&worker).await).await, ["a0", "b0", "c0"]);
}

pub async fn a_fetch_tops_up_to_all_that_the_worker_can_hold(pool: &Pool) {
    pool.repo("demo", 100).await;
    for index in 0..30 {
        pool.task_with("demo", &format!("{index}"), |spec| spec.area = Some(format!("area {index}"))).await;
    }
    let worker = pool.worker().await;
    assert_eq!(pool.fetch(&worker).await.len(), 20);
    pool.repo("other", 100).await;
    for index in 0..30 {
        pool.task("other", &format!("{index}")).await;
    }
    let worker = pool.worker().await;
    assert_eq!(pool.fetch(&worker).await.len(), 20);
}

pub async fn repositories_that_have_nothing_for_a_worker_hide_no_other(pool: &Pool) {
    for name in ["a", "b", "c"] {
        pool.admin(PutRepo { max_open_prs: Some(9), allow_listed_only: Some(true), ..repo(name) }).await;
    }
    pool.repo("open", 9).await;
    let shelves = u32::try_from(SHELVES_MAX).expect("few");
    let tasks = (0..=shelves).map(|index| TaskToImport {
        repo: RepoName(["a", "b", "c"][index as usize / 100].into()),
        spec: TaskSpec { priority: 90, estimate_points: index % 100 + 1, ..spec(&format!("{index}")) },
        depends_on: vec![],
    });
    pool.import(ImportTasks { tasks: tasks.collect() }).await;
    let shown = pool.task("open", "shown").await;
    let worker = pool.single().await;
    assert_eq!(pool.fetch(&worker).await, [shown]);
}

pub async fn a_task_that_comes_back_keeps_its_place(pool: &Pool) {
    pool.repo("demo", 5).await;
    let first = pool.task("demo", "first").await;
    pool.later(10);
    pool.task("demo", "second").await;
    let worker = pool.single().await;
    assert_eq!(pool.fetch(&worker).await, from_ref(&first));
    pool.later(10);
    pool.act(&first, TaskAction::Requeue).await;
    let other = pool.single().await;
    assert_eq!(pool.fetch(&other).await, [first]);
}

pub async fn an_edited_priority_counts_at_once(pool: &Pool) {
    pool.repo("demo", 5).await;
    pool.task("demo", "first").await;
    let second = pool.task("demo", "second").await;
    pool.admin(UpdateTask { priority: Some(11), ..edit(&second) }).await;
    assert_eq!(titles(pool, 2).await, ["second", "first"]);
}

pub async fn nothing_that_asks_for_more_hides_what_fits(pool: &Pool) {
    pool.repo("demo", 5).await;
    for index in 0..300 {
        // The worker has the leading skill of each and lacks the other, which is a kind of its own.
        let skills = strings(&["rust", &format!("rare {index}")]);
        let change = |spec: &mut owp_logic::TaskSpec| (spec.priority, spec.required_skills) = (900, skills);
        pool.task_with("demo", "further skill", change).await;
        let points = 10 + index % 90;
        pool.task_with("demo", "too big", |spec| (spec.priority, spec.estimate_points) = (900, points)).await;
    }
    for index in 0..300 {
        pool.task_with("demo", "tier", |spec| (spec.priority, spec.tier) = (800, 1 + index % 3)).await;
        let skills = strings(&["cobol"]);
        pool.task_with("demo", "skill", |spec| (spec.priority, spec.required_skills) = (800, skills)).await;
    }
    let fitting = pool.task_with("demo", "fits", |spec| spec.required_skills = strings(&["rust"])).await;
    let worker = pool.worker_with(|worker| (worker.skills, worker.capacity_points) = (strings(&["rust"]), 5)).await;
    assert_eq!(pool.fetch(&worker).await, [fitting]);
}

pub async fn nothing_that_is_locked_or_throttled_hides_what_can_be_given(pool: &Pool) {
    pool.repo("locked", 100).await;
    for area in 0..40 {
        let change = |spec: &mut owp_logic::TaskSpec| (spec.priority, spec.area) = (1000, Some(format!("{area}")));
        pool.task_with("locked", "holds the area", change).await;
    }
    for _ in 0..2 {
        let holder = pool.worker().await;
        assert_eq!(pool.fetch(&holder).await.len(), 20);
    }
    for index in 0..500 {
        let change = |spec: &mut owp_logic::TaskSpec| {
            (spec.priority, spec.area) = (900, Some(format!("{}", index % 40)));
            spec.estimate_points = 1 + index % 7;
        };
        pool.task_with("locked", "locked", change).await;
    }
    for (name, slots) in [("closed", 0), ("paused", 5)] {
        pool.repo(name, slots).await;
        for _ in 0..50 {
            pool.task_with(name, name, |spec| spec.priority = 950).await;
        }
    }
    pool.admin(PutRepo { paused: Some(true), ..repo("paused") }).await;
    let free = pool.task("locked", "free").await;
    let worker = pool.worker().await;
    assert_eq!(pool.fetch(&worker).await, [free]);
}

/// The titles in the order in which workers, who take one each, get them.
async fn titles(pool: &Pool, count: usize) -> Vec<String> {
    let mut titles = Vec::new();
    for _ in 0..count {
        let worker = pool.single().await;
        let given = pool.fetch(&worker).await;
        assert_eq!(given.len(), 1);
        titles.extend(titles_of(pool, &given).await);
        pool.later(1);
    }
    titles
}

async fn titles_of(pool: &Pool, tasks: &[TaskId]) -> Vec<String> {
    let mut titles = Vec::new();
    for task in tasks {
        titles.push(pool.get_task(task).await.spec.title);
    }
    titles
}
