//! `POST /v1/github/repos/{owner}/{repo}/sync`

use crate::fake_github::{REPO, issue};
use crate::pool::{Ask, Pool, START, text};
use owp_github::Error;
use serde_json::{Value, json};

const PATH: &str = "/v1/github/repos/owner/repo/sync";

async fn sync(pool: &Pool, body: Value) -> Value {
    pool.post(PATH, body).await.ok(200)
}

fn counts(answer: &Value) -> [u64; 6] {
    ["created", "updated", "unchanged", "kept", "cancelled", "skipped"].map(|name| answer[name].as_u64().unwrap())
}

#[tokio::test]
async fn a_thousand_issues_come_over_pages_and_again_change_nothing() {
    let (pool, github) = Pool::with_github();
    pool.repo(REPO, 3).await;
    let issues = (1..=1000).map(|number| (number, issue(number, START, &["pool:ready", "size:2"])));
    github.there().issues.extend(issues);
    github.there().issues.insert(1001, issue(1001, START, &["bug"]));
    let first = sync(&pool, json!({ "sync_type": "import" })).await;
    assert_eq!(counts(&first), [1000, 0, 0, 0, 0, 0]);
    assert_eq!(first["issues"].as_array().unwrap().len(), 500, "as many as an answer tells");
    assert_eq!(first["webhook_url"], "https://pool.example.org/webhooks/github");
    assert_eq!(first["permissions_missing"], json!([]));
    assert_eq!(first["link"]["admission"], "report");
    let before = pool.events().await.len();
    let again = sync(&pool, json!({ "sync_type": "import" })).await;
    assert_eq!(counts(&again), [0, 0, 1000, 0, 0, 0]);
    assert_eq!(pool.events().await.len(), before);
    assert_eq!(pool.state().await["tasks_ready"], 1000);
    pool.assert_history_is_sound().await;
}

#[tokio::test]
async fn a_dry_run_says_what_would_change_and_writes_nothing() {
    let (pool, github) = Pool::with_github();
    pool.repo(REPO, 3).await;
    github.there().issues.insert(1, issue(1, START, &["pool:ready", "size:XXL"]));
    let before = pool.everything().await;
    let path = format!("{PATH}?dry_run=true");
    let answer =
        pool.post(&path, json!({ "sync_type": "bidirectional", "write_permissions": ["status"] })).await.ok(200);
    assert_eq!(pool.everything().await, before);
    assert_eq!((&answer["dry_run"], &answer["created"]), (&json!(true), &json!(1)));
    let told = &answer["issues"][0];
    assert_eq!((&told["number"], &told["action"], told.get("task_id")), (&json!(1), &json!("created"), None));
    assert!(text(&told["faults"][0]).starts_with("size:XXL"), "{told}");
    assert!(pool.get("/v1/admin/repos").await.ok(200)["repos"][0].get("github").is_none());
}

#[tokio::test]
async fn an_issue_that_lost_its_label_or_is_gone_takes_its_task_along() {
    let (pool, github) = Pool::with_github();
    pool.repo(REPO, 3).await;
    for number in 1..=3 {
        github.there().issues.insert(number, issue(number, START, &["pool:ready"]));
    }
    sync(&pool, json!({ "sync_type": "import" })).await;
    github.there().issues.insert(1, issue(1, START.plus_s(5), &[]));
    github.there().issues.remove(&2);
    let answer = sync(&pool, json!({ "sync_type": "import" })).await;
    assert_eq!(counts(&answer), [0, 0, 1, 0, 2, 0]);
    assert_eq!(pool.state().await["tasks_ready"], 1);
}

#[tokio::test]
async fn an_edited_text_is_taken_over_when_the_maintainer_says_so() {
    let (pool, github) = Pool::with_github();
    pool.repo(REPO, 3).await;
    github.there().issues.insert(1, issue(1, START, &["pool:ready"]));
    let task_id = text(&sync(&pool, json!({ "sync_type": "import" })).await["issues"][0]["task_id"]);
    github.there().issues.insert(
        1,
        owp_logic::github::Issue { body: "Something else.".to_owned(), ..issue(1, START.plus_s(5), &["pool:ready"]) },
    );
    let flagged = sync(&pool, json!({ "sync_type": "import" })).await;
    assert_eq!((counts(&flagged), &flagged["issues"][0]["changed"]), ([0, 0, 0, 1, 0, 0], &json!(["text"])));
    let task = pool.read(&task_id).await;
    assert_eq!(task["description"], "What to do.");
    assert_eq!(task["source"]["edited_at"], START.plus_s(5).to_string());
    sync(&pool, json!({ "sync_type": "import", "accept_edits": true })).await;
    let task = pool.read(&task_id).await;
    assert_eq!((&task["description"], task["source"].get("edited_at")), (&json!("Something else."), None));
}

#[tokio::test]
async fn an_export_reads_no_issues_and_settings_left_out_stay() {
    let (pool, github) = Pool::with_github();
    pool.repo(REPO, 3).await;
    github.there().issues.insert(1, issue(1, START, &["pool:ready"]));
    let body =
        json!({ "sync_type": "export", "write_permissions": ["status", "comments", "comments"], "admission": "off" });
    let first = sync(&pool, body).await;
    assert_eq!(counts(&first), [0; 6]);
    assert_eq!(first["link"]["write_permissions"], json!(["comments", "status"]));
    let second = sync(&pool, json!({ "sync_type": "bidirectional" })).await;
    assert_eq!(counts(&second), [1, 0, 0, 0, 0, 0]);
    assert_eq!(
        (&second["link"]["write_permissions"], &second["link"]["admission"]),
        (&json!(["comments", "status"]), &json!("off"))
    );
}

#[tokio::test]
async fn what_github_answers_is_told_and_nothing_is_half_done() {
    let (pool, github) = Pool::with_github();
    pool.repo(REPO, 3).await;
    let before = pool.everything().await;
    for error in [Error::Unauthorized, Error::NotFound, Error::Forbidden { permission: Some("issues=read".to_owned()) }]
    {
        github.there().failures.push_back(error.clone());
        let answer = pool.post(PATH, json!({ "sync_type": "import" })).await;
        assert_eq!(answer.body["detail"], error.to_string());
        assert_eq!(answer.header("retry-after"), None, "asking again is in vain: {error}");
        answer.refused(502, "github_failed");
    }
    github.there().failures.push_back(Error::Unavailable { because: "it is asleep".to_owned() });
    let answer = pool.post(PATH, json!({ "sync_type": "import" })).await;
    assert!(answer.header("retry-after").is_some(), "GitHub may be back in a moment");
    answer.refused(502, "github_failed");
    github.there().failures.push_back(Error::Limited { until: START.plus_s(90) });
    let answer = pool.post(PATH, json!({ "sync_type": "import" })).await;
    assert_eq!(answer.headers["retry-after"], "90");
    answer.refused(503, "unavailable");
    assert_eq!(pool.everything().await, before);
}

#[tokio::test]
async fn it_takes_a_registered_repository_and_a_server_that_is_set_up() {
    let (pool, _) = Pool::with_github();
    pool.post(PATH, json!({ "sync_type": "import" })).await.refused(404, "repo_not_found");
    let without = Pool::new();
    without.repo(REPO, 3).await;
    without.post(PATH, json!({ "sync_type": "import" })).await.refused(404, "github_off");
}

#[tokio::test]
async fn the_same_call_under_its_key_is_carried_out_once() {
    let (pool, github) = Pool::with_github();
    pool.repo(REPO, 3).await;
    github.there().issues.insert(1, issue(1, START, &["pool:ready"]));
    let ask = || Ask::post(PATH, &json!({ "sync_type": "import" })).by_admin().key("k");
    let first = pool.ask(ask()).await.ok(200);
    github.there().issues.insert(2, issue(2, START, &["pool:ready"]));
    let calls = github.there().calls;
    assert_eq!(pool.ask(ask()).await.ok(200), first);
    assert_eq!(github.there().calls, calls);
}
