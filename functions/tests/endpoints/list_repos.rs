//! `GET /v1/admin/repos`

use crate::pool::{Pool, text, texts};
use serde_json::json;

#[tokio::test]
async fn repositories_are_listed_by_name_with_their_budgets() {
    let pool = Pool::new();
    for (repo, budget) in [("owner/b", 2), ("demo", 3), ("owner/a", 0)] {
        pool.repo(repo, budget).await;
    }
    pool.task(json!({})).await;
    pool.task(json!({})).await;
    let worker = pool.roomy_worker().await;
    let held = pool.fetched(&worker).await;
    pool.report(&worker, &held[0], json!({ "status": "pr_opened" })).await.ok(200);
    let listed = pool.get("/v1/admin/repos").await.ok(200);
    assert_eq!(texts(&listed["repos"], "repo"), ["demo", "owner/a", "owner/b"]);
    assert_eq!(listed.get("next_cursor"), None);
    let demo = &listed["repos"][0];
    assert_eq!((&demo["leases_live"], &demo["prs_open"], &demo["slots_free"]), (&json!(1), &json!(1), &json!(1)));
}

#[tokio::test]
async fn pages_hold_each_repository_once_while_others_are_added() {
    let folder = tempfile::tempdir().unwrap();
    for pool in [Pool::new(), Pool::on_disk(folder.path()).await] {
        let names: Vec<String> = (0..25).map(|number| format!("owner/r{number:02}")).collect();
        for name in &names {
            pool.repo(name, 1).await;
        }
        let (mut found, mut path) = (Vec::new(), "/v1/admin/repos?limit=4".to_owned());
        for page in 0.. {
            let listed = pool.get(&path).await.ok(200);
            found.extend(texts(&listed["repos"], "repo"));
            pool.repo(&format!("another/r{page}"), 1).await;
            let Some(next) = listed.get("next_cursor") else { break };
            path = format!("/v1/admin/repos?limit=4&cursor={}", text(next));
        }
        assert_eq!(found, names);
    }
}
