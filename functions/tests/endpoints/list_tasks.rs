//! `GET /v1/admin/tasks`

use crate::pool::{Pool, text, texts};
use serde_json::json;

async fn titles(pool: &Pool, query: &str) -> Vec<String> {
    texts(&pool.get(&format!("/v1/admin/tasks{query}")).await.ok(200)["tasks"], "title")
}

#[tokio::test]
async fn each_filter_narrows_the_list_and_they_add_up() {
    let folder = tempfile::tempdir().unwrap();
    for pool in [Pool::new(), Pool::on_disk(folder.path()).await] {
        pool.repo("demo", 9).await;
        pool.repo("owner/name", 9).await;
        pool.task(json!({ "title": "a", "area": "auth", "required_skills": ["Rust", "sql"] })).await;
        pool.task(json!({ "title": "b", "area": "docs" })).await;
        let c = pool.task(json!({ "title": "c", "repo": "owner/name", "area": "auth" })).await;
        pool.task(json!({ "title": "d", "repo": "owner/name", "required_skills": ["sql"] })).await;
        let worker = pool.worker(json!({ "max_concurrent_tasks": 2 })).await;
        pool.fetch(&worker).await;
        pool.report(&worker, &c, json!({ "status": "pr_opened" })).await.ok(200);
        for (query, expected) in [
            ("", vec!["d", "c", "b", "a"]),
            ("?repo=demo", vec!["b", "a"]),
            ("?repo=owner/name", vec!["d", "c"]),
            ("?repo=owner%2Fname", vec!["d", "c"]),
            ("?repo=owner/unknown", vec![]),
            ("?state=ready", vec!["d", "a"]),
            ("?state=leased", vec!["b"]),
            ("?state=pr_opened", vec!["c"]),
            ("?state=merged", vec![]),
            ("?area=auth", vec!["c", "a"]),
            ("?area=AUTH", vec![]),
            ("?skill=sql", vec!["d", "a"]),
            ("?skill=%20RUST", vec!["a"]),
            ("?skill=sq", vec![]),
            ("?area=auth&repo=demo&skill=sql&state=ready", vec!["a"]),
            ("?area=auth&repo=demo&skill=sql&state=leased", vec![]),
        ] {
            assert_eq!(titles(&pool, query).await, expected, "{query}");
        }
        assert_eq!(titles(&pool, &format!("?worker_id={}", worker.id)).await, ["c", "b"]);
        assert_eq!(titles(&pool, &format!("?worker_id={}&state=leased", worker.id)).await, ["b"]);
        assert!(titles(&pool, "?worker_id=w_nobody").await.is_empty());
    }
}

#[tokio::test]
async fn pages_hold_each_task_once_while_others_are_added_and_moved() {
    let folder = tempfile::tempdir().unwrap();
    for pool in [Pool::new(), Pool::on_disk(folder.path()).await] {
        pool.repo("demo", 9).await;
        let mut expected = Vec::new();
        for number in 0..23 {
            let area = if number % 3 == 0 { "auth" } else { "docs" };
            expected.push(pool.task(json!({ "title": format!("{number}"), "area": area })).await);
        }
        expected.reverse();
        for filter in ["", "&area=docs", "&area=auth&state=ready"] {
            let of_area = |id: &&String| {
                let number = 22 - expected.iter().position(|known| known == *id).expect("known");
                filter.is_empty() || (number % 3 == 0) == filter.contains("auth")
            };
            let known: Vec<String> = expected.iter().filter(of_area).cloned().collect();
            let (mut found, mut path) = (Vec::new(), format!("/v1/admin/tasks?limit=5{filter}"));
            loop {
                let listed = pool.get(&path).await.ok(200);
                let page = texts(&listed["tasks"], "task_id");
                assert!(page.len() <= 5);
                found.extend(page);
                pool.task(json!({ "title": "new", "area": "auth" })).await;
                let Some(next) = listed.get("next_cursor") else { break };
                path = format!("/v1/admin/tasks?limit=5{filter}&cursor={}", text(next));
            }
            found.retain(|id| expected.contains(id));
            assert_eq!(found, known, "{filter}");
        }
    }
}

#[tokio::test]
async fn a_page_holds_fifty_unless_told_otherwise() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    let list: Vec<_> = (0..120).map(|number| json!({ "repo": "demo", "title": format!("T {number}") })).collect();
    pool.post("/v1/admin/tasks/import", json!(list)).await.ok(200);
    for (query, count) in [("", 50), ("?limit=1", 1), ("?limit=100", 100)] {
        assert_eq!(titles(&pool, query).await.len(), count, "{query}");
    }
    let last = pool.get("/v1/admin/tasks?limit=100").await.ok(200);
    let rest = pool.get(&format!("/v1/admin/tasks?limit=100&cursor={}", text(&last["next_cursor"]))).await.ok(200);
    assert_eq!(rest["tasks"].as_array().unwrap().len(), 20);
    assert_eq!(rest.get("next_cursor"), None);
}
