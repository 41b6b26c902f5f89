//! The policy file of a repository, and which pull request may come in: told as a check, and never by closing anything.

use crate::fake_github::{FakeGithub, REPO, issue, pull};
use crate::pool::{Pool, START, Worker, text};
use crate::receive_github_webhook::delivery;
use owp_functions::github::desk;
use owp_logic::EventKind;
use owp_logic::github::{ChangedFile, Check, Conclusion, PullRequest};
use serde_json::{Value, json};

const FILE: &str = ".github/owp.yml";

const POLICY: &str = "\
version: 1
budget: { max_open_prs: 2 }
quiet_hours: [{ from: '22:00', to: '23:00' }]
paths: { allow: ['src/', 'docs/'] }
commands: { setup: [npm ci], test: [npm test] }
size: { lines_per_point_max: 100 }
disclosure: { line: 'Assisted-by:' }
";

async fn work(pool: &Pool) {
    while desk::work(&pool.app, "r1").await.expect("the store works") > 0 {}
}

async fn sync(pool: &Pool, admission: &str) {
    let body = json!({ "sync_type": "bidirectional", "write_permissions": ["status"], "admission": admission });
    pool.post("/v1/github/repos/owner/repo/sync", body).await.ok(200);
    work(pool).await;
}

async fn settings(pool: &Pool) -> Value {
    pool.get("/v1/admin/repos").await.ok(200)["repos"][0].clone()
}

/// A linked repository with this policy file, in which `alice` holds the task of issue 7, of one point.
async fn held(admission: &str, policy: &str) -> (Pool, FakeGithub, Worker, String) {
    let (pool, github) = Pool::with_github();
    pool.repo(REPO, 3).await;
    github.there().issues.insert(7, issue(7, START, &["pool:ready"]));
    github.there().files.insert(FILE.to_owned(), policy.to_owned());
    sync(&pool, admission).await;
    let worker = pool.worker(json!({ "name": "Alice", "github_handle": "alice" })).await;
    let task_id = pool.fetched(&worker).await.remove(0);
    (pool, github, worker, task_id)
}

fn changed(path: &str, lines: u32) -> ChangedFile {
    ChangedFile { path: path.to_owned(), previous_path: None, lines }
}

/// Opens a pull request, has GitHub tell of it, and answers with the check on it.
async fn checked(pool: &Pool, github: &FakeGithub, opened: &PullRequest, files: Vec<ChangedFile>) -> Option<Check> {
    github.there().pulls.insert(opened.number, (opened.clone(), files));
    let payload = json!({
        "action": "opened", "number": opened.number, "sender": { "login": "x", "id": 1, "type": "User" },
        "repository": { "full_name": REPO, "default_branch": "main", "owner": { "login": "owner", "id": 1 } },
        "pull_request": {
            "number": opened.number, "html_url": opened.url, "title": opened.title, "body": opened.body, "state": "open",
            "merged": false, "draft": false, "merged_at": null, "author_association": "NONE", "merge_commit_sha": null,
            "user": { "login": opened.author, "id": 1, "type": "User" }, "updated_at": opened.updated_at,
            "head": { "sha": opened.head_sha, "ref": "x", "repo": { "full_name": "x/repo", "default_branch": "main" } },
            "base": { "sha": "0", "ref": "main", "repo": { "full_name": REPO, "default_branch": "main" } },
        },
    });
    pool.ask(delivery("pull_request", &format!("d{}", opened.number), &payload)).await.ok(202);
    work(pool).await;
    let there = github.there();
    let checks = there.checks.get(&opened.head_sha)?;
    assert_eq!(checks.len(), 1, "{checks:#?}");
    Some(checks[0].1.clone())
}

#[tokio::test]
async fn a_policy_file_counts_once_it_is_there_and_comes_with_the_lease() {
    let (pool, github, worker, _) = held("report", POLICY).await;
    let repo = settings(&pool).await;
    assert_eq!((&repo["max_open_prs"], &repo["quiet_hours"][0]["from"]), (&json!(2), &json!("22:00")));
    let lease = pool.fetch(&worker).await["leases"][0].clone();
    assert_eq!(lease["policy"]["paths_allowed"], json!(["src/", "docs/"]));
    assert_eq!((&lease["policy"]["setup"], &lease["policy"]["test"]), (&json!(["npm ci"]), &json!(["npm test"])));
    assert_eq!(
        (&lease["policy"]["lines_per_point_max"], &lease["policy"]["disclosure_line"]),
        (&json!(100), &json!("Assisted-by:"))
    );
    assert_eq!(lease["source"]["issue"], 7);

    // One with a mistake is told of, and what was accepted goes on.
    github.there().files.insert(FILE.to_owned(), "version: 1\nsize: { lines: 3 }\n".to_owned());
    sync(&pool, "report").await;
    let link = settings(&pool).await["github"].take();
    assert_eq!(link["policy_faults"], json!(["line 2, column 9, /size/lines: is unknown; did you mean lines_max?"]));
    assert_eq!(link["policy"]["setup"], json!(["npm ci"]));
    let told = pool.events().await.into_iter().rev().find(|event| event.kind == EventKind::RepoUpdated);
    assert_eq!(told.expect("it is told").details["policy_file"]["faults"], link["policy_faults"]);
    let events = pool.events().await.len();
    sync(&pool, "report").await;
    assert_eq!(pool.events().await.len(), events, "the same file again changes nothing");
    github.there().files.insert(FILE.to_owned(), "a: [\n".to_owned());
    sync(&pool, "report").await;
    let faults = settings(&pool).await["github"]["policy_faults"].take();
    assert!(text(&faults[0]).starts_with("line 1, column 4, the file: is not YAML: "), "{faults}");
    github.there().files.clear();
    sync(&pool, "report").await;
    assert!(settings(&pool).await["github"].get("policy").is_none());
    pool.assert_history_is_sound().await;
}

#[tokio::test]
async fn who_has_no_lease_is_told_how_to_get_one() {
    for (mode, conclusion) in
        [("report", Some(Conclusion::Neutral)), ("enforce", Some(Conclusion::Failure)), ("off", None)]
    {
        let (pool, github, _, _) = held(mode, "version: 1\n").await;
        let check = checked(&pool, &github, &pull(12, START, "stranger", "Here."), vec![changed("src/a.rs", 5)]).await;
        assert_eq!(check.as_ref().map(|check| check.conclusion), conclusion, "{mode}");
        if let Some(check) = check {
            assert!(check.text.contains("OWP-Lease"), "it says how to put it right: {}", check.text);
        }
        assert_eq!(github.there().pulls[&12].0.state, owp_logic::github::PullState::Open);
    }
}

#[tokio::test]
async fn who_holds_a_lease_is_admitted_and_told_what_goes_beyond_it() {
    for (number, files, body, conclusion, said) in [
        (12, vec![changed("src/a.rs", 5)], "Assisted-by: a tool", Conclusion::Success, ""),
        (13, vec![changed("ci/a.yml", 5)], "Assisted-by: a tool", Conclusion::Failure, "ci/a.yml"),
        (14, vec![changed("src/a.rs", 101)], "Assisted-by: a tool", Conclusion::Failure, "100"),
        (15, vec![changed("src/a.rs", 5)], "", Conclusion::Failure, "Assisted-by:"),
    ] {
        let (pool, github, worker, task_id) = held("enforce", POLICY).await;
        let lease_id = pool.lease_of(&worker, &task_id).await;
        let opened = pull(number, START, "alice", &format!("OWP-Lease: {lease_id}\n{body}"));
        let check = checked(&pool, &github, &opened, files).await.expect("a check");
        assert_eq!(check.conclusion, conclusion, "{check:#?}");
        assert!(check.text.contains(said) || check.summary.contains(said), "{check:#?}");
        assert_eq!(pool.state_of(&task_id).await, "pr_opened", "a check moves no task");
    }
}

#[tokio::test]
async fn a_check_tells_of_mistakes_in_the_policy_file() {
    let (pool, github, _, _) = held("report", "version: 1\nsize:\n  lines: 3\n").await;
    let check = checked(&pool, &github, &pull(12, START, "stranger", "Here."), vec![]).await.expect("a check");
    assert!(
        check.text.contains("- `line 3, column 3, /size/lines: is unknown; did you mean lines_max?`"),
        "{check:#?}"
    );
}

/// GitHub names no pull request from a fork where its check is asked for again.
#[tokio::test]
async fn a_check_is_made_again_where_somebody_asks_also_on_a_pull_request_from_a_fork() {
    let (pool, github, _, _) = held("report", "version: 1\n").await;
    let opened = pull(12, START, "stranger", "Here.");
    checked(&pool, &github, &opened, vec![]).await.expect("a check");
    let again = async |event: &str, name: &str, numbers: Value| {
        let what = json!({ "name": name, "head_sha": opened.head_sha, "pull_requests": numbers });
        let payload = json!({
            "action": "rerequested", "sender": { "login": "x" }, "check_run": what, "check_suite": what,
            "repository": { "full_name": REPO, "default_branch": "main" },
        });
        let id = format!("again-{}", pool.events().await.len());
        let before = github.there().writes;
        pool.ask(delivery(event, &id, &payload)).await.ok(202);
        work(&pool).await;
        github.there().writes - before
    };
    // The same is said again, without which GitHub would wait for it.
    assert_eq!(again("check_run", "OWP admission", json!([{ "number": 12 }])).await, 1);
    assert_eq!(again("check_run", "OWP admission", json!([])).await, 1);
    assert_eq!(again("check_suite", "", json!([])).await, 1);
    assert_eq!(again("check_run", "another's check", json!([])).await, 0);
    github.there().pulls.get_mut(&12).expect("it is open").0.state = owp_logic::github::PullState::Closed;
    assert_eq!(again("check_suite", "", json!([])).await, 0);
    assert_eq!(github.there().checks[&opened.head_sha].len(), 1);
}

#[tokio::test]
async fn a_pull_request_against_the_name_in_another_case_is_against_the_same_repository() {
    let (pool, github, worker, task_id) = held("enforce", "version: 1\n").await;
    let body = format!("OWP-Lease: {}", pool.lease_of(&worker, &task_id).await);
    let mut opened = pull(12, START, "alice", &body);
    opened.base_repo = owp_wire::RepoName("Owner/Repo".to_owned());
    let check = checked(&pool, &github, &opened, vec![]).await.expect("a check");
    assert_eq!(check.conclusion, Conclusion::Success, "{check:#?}");
}

#[tokio::test]
async fn a_policy_stays_where_the_repository_can_not_be_seen_any_more() {
    let (pool, github, _, _) = held("report", POLICY).await;
    github.there().files.clear();
    github.there().is_gone = true;
    let push = json!({
        "ref": "refs/heads/main", "repository": { "full_name": REPO, "default_branch": "main" }, "sender": { "login": "x" },
        "commits": [{ "message": "x", "modified": [FILE] }],
    });
    pool.ask(delivery("push", "u1", &push)).await.ok(202);
    work(&pool).await;
    let link = settings(&pool).await["github"].take();
    assert_eq!(link["policy"]["setup"], json!(["npm ci"]));
    assert_eq!(link["suspended"], true);
}

#[tokio::test]
async fn an_issue_that_was_edited_meanwhile_is_told() {
    let (pool, github, worker, task_id) = held("enforce", "version: 1\n").await;
    let lease_id = pool.lease_of(&worker, &task_id).await;
    github.there().issues.get_mut(&7).unwrap().body = "Something else.".to_owned();
    github.there().issues.get_mut(&7).unwrap().updated_at = START.plus_s(5);
    sync(&pool, "enforce").await;
    let opened = pull(12, START, "alice", &format!("OWP-Lease: {lease_id}"));
    let check = checked(&pool, &github, &opened, vec![]).await.expect("a check");
    assert_eq!(check.conclusion, Conclusion::Failure, "{check:#?}");
    assert!(check.text.contains("#7") && check.text.contains("edited"), "{check:#?}");
}
