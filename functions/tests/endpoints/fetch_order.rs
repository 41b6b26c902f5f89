//! `GET /v1/work`: which of the fitting tasks comes first. Priority, then the repository that was served least for its weight, then
//! age.

use crate::pool::{Pool, Worker};
use serde_json::json;

/// Takes one task after the other, each by a worker with room for one, and answers with their titles.
async fn titles_in_order(pool: &Pool, count: usize) -> Vec<String> {
    let mut titles = Vec::new();
    for _ in 0..count {
        pool.clock.advance_ms(1);
        let worker = single(pool).await;
        let work = pool.fetch(&worker).await;
        let held = work["leases"].as_array().expect("a list");
        assert_eq!(held.len(), 1, "after {titles:?}");
        titles.push(held[0]["title"].as_str().expect("a title").to_owned());
    }
    titles
}

async fn single(pool: &Pool) -> Worker {
    pool.worker(json!({ "capacity_points": 100, "max_concurrent_tasks": 1, "skills": ["rust", "sql"] })).await
}

async fn put(pool: &Pool, repo: &str, title: &str, priority: u32) {
    pool.clock.advance_ms(1);
    pool.task(json!({ "repo": repo, "title": title, "priority": priority })).await;
}

#[tokio::test]
async fn a_higher_priority_goes_first_and_then_the_older_task() {
    let pool = Pool::new();
    pool.repo("demo", 100).await;
    for (title, priority) in [("old", 10), ("low", 0), ("high", 100), ("new", 10), ("higher", 1000), ("high too", 100)]
    {
        put(&pool, "demo", title, priority).await;
    }
    let order = titles_in_order(&pool, 6).await;
    assert_eq!(order, ["higher", "high", "high too", "old", "new", "low"]);
}

#[tokio::test]
async fn repositories_take_turns_however_long_their_backlogs_are() {
    let pool = Pool::new();
    for repo in ["a/a", "b/b", "c/c"] {
        pool.repo(repo, 100).await;
    }
    for number in 1..=4 {
        put(&pool, "a/a", &format!("a{number}"), 10).await;
    }
    put(&pool, "b/b", "b1", 10).await;
    put(&pool, "c/c", "c1", 10).await;
    put(&pool, "b/b", "b2", 10).await;
    let order = titles_in_order(&pool, 7).await;
    assert_eq!(order[..3].iter().map(|title| &title[..1]).collect::<Vec<_>>(), ["a", "b", "c"]);
    assert_eq!(order[3..], ["a2", "b2", "a3", "a4"]);
}

#[tokio::test]
async fn a_higher_priority_goes_before_a_repository_that_has_waited_longer() {
    let pool = Pool::new();
    pool.repo("a/a", 100).await;
    pool.repo("b/b", 100).await;
    put(&pool, "b/b", "waiting", 10).await;
    for title in ["first", "second"] {
        put(&pool, "a/a", title, 11).await;
    }
    assert_eq!(titles_in_order(&pool, 3).await, ["first", "second", "waiting"]);
}

#[tokio::test]
async fn the_order_holds_across_areas_skills_and_sizes() {
    let pool = Pool::new();
    pool.repo("demo", 100).await;
    for (title, priority, rest) in [
        ("plain", 40, json!({})),
        ("rust", 70, json!({ "required_skills": ["rust"] })),
        ("large", 60, json!({ "estimate_points": 9 })),
        ("docs", 50, json!({ "area": "docs" })),
        ("both", 80, json!({ "required_skills": ["sql", "rust"], "area": "db" })),
    ] {
        let mut body = rest;
        body["title"] = json!(title);
        body["priority"] = json!(priority);
        pool.task(body).await;
    }
    assert_eq!(titles_in_order(&pool, 5).await, ["both", "rust", "large", "docs", "plain"]);
}

#[tokio::test]
async fn a_task_that_comes_back_keeps_its_place() {
    let pool = Pool::new();
    pool.repo("demo", 100).await;
    put(&pool, "demo", "first", 10).await;
    put(&pool, "demo", "second", 10).await;
    let worker = single(&pool).await;
    let lease = pool.fetch(&worker).await["leases"][0].take();
    assert_eq!(lease["title"], "first");
    let lease_id = lease["lease_id"].as_str().unwrap();
    pool.release(&worker, lease_id, json!({ "reason": "shutdown" })).await.ok(200);
    assert_eq!(titles_in_order(&pool, 2).await, ["first", "second"]);
}

#[tokio::test]
async fn an_edited_priority_counts_at_once() {
    let pool = Pool::new();
    pool.repo("demo", 100).await;
    put(&pool, "demo", "first", 10).await;
    pool.clock.advance_ms(1);
    let second = pool.task(json!({ "title": "second" })).await;
    pool.update(&second, json!({ "priority": 11 })).await.ok(200);
    assert_eq!(titles_in_order(&pool, 2).await, ["second", "first"]);
}

#[tokio::test]
async fn the_order_is_the_same_over_a_database() {
    let folder = tempfile::tempdir().unwrap();
    let pool = Pool::on_disk(folder.path()).await;
    pool.repo("a/a", 100).await;
    pool.repo("b/b", 100).await;
    for (repo, title, priority) in
        [("a/a", "a1", 10), ("a/a", "a2", 10), ("b/b", "b1", 10), ("b/b", "urgent", 80), ("a/a", "a3", 10)]
    {
        put(&pool, repo, title, priority).await;
    }
    // After `a1` both were served alike, so the older task goes first.
    assert_eq!(titles_in_order(&pool, 5).await, ["urgent", "a1", "a2", "b1", "a3"]);
}
