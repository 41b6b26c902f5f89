//! `POST /v1/admin/tasks`

use crate::pool::{Pool, text};
use serde_json::{Value, json};

#[tokio::test]
async fn a_new_task_is_ready_and_has_an_id_of_its_own() {
    let pool = Pool::new();
    pool.repo("demo", 3).await;
    let body = json!({ "repo": "demo", "title": "T" });
    let first = pool.post("/v1/admin/tasks", body.clone()).await.ok(201);
    let second = pool.post("/v1/admin/tasks", body).await.ok(201);
    assert_eq!(first["state"], "ready");
    assert_ne!(first["task_id"], second["task_id"]);
}

#[tokio::test]
async fn what_is_said_is_kept_in_the_form_in_which_it_is_compared() {
    let pool = Pool::new();
    pool.repo("demo", 3).await;
    let skills = json!([" Python ", "SQL", "python"]);
    let task_id = pool.task(json!({ "title": "  T  ", "area": "  ", "required_skills": skills })).await;
    let task = pool.read(&task_id).await;
    assert_eq!((&task["title"], &task["area"]), (&json!("T"), &Value::Null));
    assert_eq!(task["required_skills"], json!(["python", "sql"]));
    let description = "  # Markdown\n\n    code\n";
    let task_id = pool.task(json!({ "description": description, "area": " auth " })).await;
    let task = pool.read(&task_id).await;
    assert_eq!((&task["description"], &task["area"]), (&json!(description), &json!("auth")));
}

#[tokio::test]
async fn a_key_belongs_to_one_task_of_a_repository() {
    let pool = Pool::new();
    pool.repo("demo", 3).await;
    pool.repo("owner/name", 3).await;
    let first = pool.task(json!({ "key": "k-1" })).await;
    let before = pool.everything().await;
    let refused = pool.post("/v1/admin/tasks", json!({ "repo": "demo", "title": "U", "key": "k-1" })).await;
    assert!(text(&refused.refused(409, "key_taken")["detail"]).contains(&first));
    assert_eq!(pool.everything().await, before);
    pool.task(json!({ "repo": "owner/name", "key": "k-1" })).await;
    pool.update(&first, json!({ "action": "cancel" })).await.ok(200);
    pool.post("/v1/admin/tasks", json!({ "repo": "demo", "title": "U", "key": "k-1" })).await.refused(409, "key_taken");
}
