//! `POST /v1/admin/tasks/import`. What is wrong with a list is in `bad_input`.

use crate::pool::{Ask, Pool, text, texts};
use serde_json::{Value, json};

async fn import(pool: &Pool, list: &Value) -> Value {
    pool.post("/v1/admin/tasks/import", list.clone()).await.ok(200)
}

fn counts(answer: &Value) -> [u64; 4] {
    ["created", "updated", "unchanged", "kept"].map(|name| answer[name].as_u64().expect("a number"))
}

#[tokio::test]
async fn the_same_list_twice_changes_nothing() {
    let pool = Pool::new();
    pool.repo("demo", 3).await;
    let list = json!([{ "repo": "demo", "title": "One", "key": "k-1" }, { "repo": "demo", "title": "Two" }]);
    let first = import(&pool, &list).await;
    assert_eq!(counts(&first), [2, 0, 0, 0]);
    assert_eq!(texts(&first["tasks"], "title"), ["One", "Two"]);
    let before = pool.everything().await;
    let second = import(&pool, &list).await;
    assert_eq!(counts(&second), [0, 0, 2, 0]);
    assert_eq!(texts(&second["tasks"], "task_id"), texts(&first["tasks"], "task_id"));
    assert_eq!(pool.everything().await, before);
}

#[tokio::test]
async fn a_known_task_is_updated_by_its_key_or_its_title() {
    let pool = Pool::new();
    pool.repo("demo", 3).await;
    let first = json!([{ "repo": "demo", "title": "One", "key": "k-1" }, { "repo": "demo", "title": "Two" }]);
    let ids = texts(&import(&pool, &first).await["tasks"], "task_id");
    let second = json!([
        { "repo": "demo", "title": "Another title", "key": "k-1", "tier": 2 },
        { "repo": "demo", "title": "Two", "estimate_points": 5, "required_skills": ["sql"], "area": "db" },
        { "repo": "demo", "title": "One" },
    ]);
    let answer = import(&pool, &second).await;
    assert_eq!(counts(&answer), [1, 2, 0, 0]);
    assert_eq!(texts(&answer["tasks"], "task_id")[..2], ids);
    assert_eq!(texts(&answer["tasks"], "action"), ["updated", "updated", "created"]);
    assert_eq!(answer["tasks"][0]["changed"], json!(["title", "tier"]));
    assert_eq!(answer["tasks"][1]["changed"], json!(["estimate_points", "required_skills", "area"]));
    let task = pool.read(&ids[0]).await;
    assert_eq!((&task["title"], &task["tier"]), (&json!("Another title"), &json!(2)));
}

#[tokio::test]
async fn what_is_held_in_review_or_over_is_kept_as_it_is() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    let worker = pool.roomy_worker().await;
    let list = |priority: u32| json!([{ "repo": "demo", "title": "Known", "key": "k", "priority": priority }]);
    let id = texts(&import(&pool, &list(10)).await["tasks"], "task_id").remove(0);
    pool.fetch(&worker).await;
    let kept = async |state: &str| {
        let answer = import(&pool, &list(99)).await;
        assert_eq!(counts(&answer), [0, 0, 0, 1], "{state}");
        assert_eq!(answer["tasks"][0]["changed"], json!(["priority"]));
        assert_eq!(counts(&import(&pool, &list(10)).await), [0, 0, 1, 0], "{state}");
        let task = pool.read(&id).await;
        assert_eq!((text(&task["state"]), &task["priority"]), (state.to_owned(), &json!(10)));
    };
    kept("leased").await;
    for status in ["in_progress", "blocked", "pr_opened"] {
        pool.report(&worker, &id, json!({ "status": status })).await.ok(200);
        kept(status).await;
    }
    for (action, state) in [("request_changes", "changes_requested"), ("close", "closed")] {
        pool.update(&id, json!({ "action": action })).await.ok(200);
        kept(state).await;
    }
    pool.update(&id, json!({ "action": "requeue" })).await.ok(200);
    pool.update(&id, json!({ "action": "cancel" })).await.ok(200);
    kept("cancelled").await;
    pool.update(&id, json!({ "action": "requeue" })).await.ok(200);
    assert_eq!(counts(&import(&pool, &list(30)).await), [0, 1, 0, 0]);
    assert_eq!(counts(&import(&pool, &list(10)).await), [0, 1, 0, 0]);
    pool.fetch(&worker).await;
    for status in ["pr_opened", "merged"] {
        pool.report(&worker, &id, json!({ "status": status })).await.ok(200);
        kept(status).await;
    }
}

#[tokio::test]
async fn a_dry_run_tells_the_same_and_writes_nothing() {
    let pool = Pool::new();
    pool.repo("demo", 3).await;
    import(&pool, &json!([{ "repo": "demo", "title": "Same" }, { "repo": "demo", "title": "Other" }])).await;
    let list = json!([
        { "repo": "demo", "title": "Same" },
        { "repo": "demo", "title": "Other", "priority": 99 },
        { "repo": "demo", "title": "New" },
    ]);
    let before = pool.everything().await;
    let tried = pool.post("/v1/admin/tasks/import?dry_run=true", list.clone()).await.ok(200);
    assert_eq!(pool.everything().await, before);
    assert_eq!((&tried["dry_run"], counts(&tried)), (&json!(true), [1, 1, 1, 0]));
    let done = pool.post("/v1/admin/tasks/import?dry_run=false", list).await.ok(200);
    assert_eq!((&done["dry_run"], counts(&done)), (&json!(false), [1, 1, 1, 0]));
    for field in ["action", "title"] {
        assert_eq!(texts(&done["tasks"], field), texts(&tried["tasks"], field));
    }
    let unknown = json!([{ "repo": "owner/unknown", "title": "T" }]);
    pool.post("/v1/admin/tasks/import?dry_run=true", unknown).await.refused(404, "repo_not_found");
}

#[tokio::test]
async fn an_empty_list_is_a_list() {
    let pool = Pool::new();
    assert_eq!(counts(&import(&pool, &json!([])).await), [0; 4]);
    assert_eq!(
        counts(&pool.ask(Ask::new("POST", "/v1/admin/tasks/import").yaml("[]").by_admin()).await.ok(200)),
        [0; 4]
    );
}

#[tokio::test]
async fn yaml_says_the_same_as_json() {
    let pool = Pool::new();
    pool.repo("demo", 3).await;
    let text = "\
# Tasks for the evening
- repo: demo
  key: docs-1
  title: \"Describe: the configuration\"
  description: |
    Two lines,
    - not an item
  estimate_points: 2
  required_skills: [docs, Python]
  area: null
  x_source: by hand
- {repo: demo, title: Colour the output, priority: 80, tier: 1, area: cli}
";
    for media in ["application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml; charset=utf-8"] {
        let ask = Ask::new("POST", "/v1/admin/tasks/import").raw(media, text).by_admin();
        let answer = pool.ask(ask).await.ok(200);
        assert_eq!(counts(&answer).iter().sum::<u64>(), 2, "{media}");
    }
    let list = json!([
        { "repo": "demo", "key": "docs-1", "title": "Describe: the configuration", "estimate_points": 2,
          "description": "Two lines,\n- not an item\n", "required_skills": ["docs", "python"] },
        { "repo": "demo", "title": "Colour the output", "priority": 80, "tier": 1, "area": "cli" },
    ]);
    assert_eq!(counts(&import(&pool, &list).await), [0, 0, 2, 0]);
}

#[tokio::test]
async fn an_import_is_taken_whole_over_a_database_too() {
    let folder = tempfile::tempdir().unwrap();
    let pool = Pool::on_disk(folder.path()).await;
    pool.repo("demo", 3).await;
    let half = json!([{ "repo": "demo", "title": "One" }, { "repo": "owner/unknown", "title": "Two" }]);
    pool.post("/v1/admin/tasks/import", half).await.refused(404, "repo_not_found");
    assert_eq!(pool.state().await["tasks_total"], 0);
    let list: Vec<Value> = (0..300).map(|number| json!({ "repo": "demo", "title": format!("T {number}") })).collect();
    assert_eq!(counts(&import(&pool, &json!(list)).await), [300, 0, 0, 0]);
    assert_eq!(counts(&import(&pool, &json!(list)).await), [0, 0, 300, 0]);
}
