//! A backup of a server under load, put in the place of another pool on another machine: everything that was acknowledged
//! before is in it, the trail proves itself, no rule is broken, and work goes on there.

mod support;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use support::load::{Acknowledged, acknowledged_in, fill, work};
use support::{ADMIN_TOKEN, Pool, Server, events_in, until};
use tokio::task::JoinHandle;

const WORKERS: usize = 8;

/// More than are done in the time.
const TASKS: usize = 100_000;

/// Writes that there shall be, so that a backup is of something.
const LOAD: usize = 300;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restored_backup_has_all_that_was_acknowledged_and_goes_on() {
    let (here, there) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let server = Server::start(here.path(), &[("OWP_SWEEP_INTERVAL_S", "1")]);
    let pool = server.pool();
    pool.put_repo("owner/repo", 100).await;
    let mut tokens = Vec::new();
    for worker in 0..WORKERS {
        tokens.push(pool.register(json!({ "name": format!("worker {worker}"), "capacity_points": 3 })).await);
    }
    let acknowledged = Acknowledged::default();
    let load = start_load(&pool, &tokens, &acknowledged, 0);
    let (key, head) = until("a sealed trail of a busy pool", async || {
        (count(&acknowledged) > LOAD).then_some(())?;
        sealed(&pool.url).filter(|(_, head)| !head.is_empty())
    })
    .await;

    let before = acknowledged.lock().expect("not poisoned").clone();
    let file = there.path().join("backup.db");
    let answer = owp(&pool.url, &["--json", "admin", "backup", path(&file)]);
    let answer: Value = serde_json::from_slice(&answer.stdout).expect("JSON");
    until("the load to go on", async || (count(&acknowledged) > before.len() + LOAD).then_some(())).await;
    let (_, noted) = pool.admin(Method::GET, "/v1/audit/events?type=backup_taken", None).await;
    assert_eq!(noted["events"][0]["details"]["sha256"], answer["sha256"], "the trail names the file");
    server.process.terminate();
    for client in load {
        client.await.expect("a client ends when its server does");
    }

    replace_another_pool(there.path(), &file).await;
    for secret in ["jwt.secret", "audit.key"] {
        fs::copy(here.path().join(secret), there.path().join(secret)).expect("it is kept beside the database");
    }
    let server = Server::start(there.path(), &[("OWP_SWEEP_INTERVAL_S", "1")]);
    let pool = server.pool();
    owp(&pool.url, &["admin", "audit", "verify", "--key", &key, "--head", &head]);
    let since = Acknowledged::default();
    let load = start_load(&pool, &tokens, &since, 1);
    until("work to go on", async || (count(&since) > LOAD).then_some(())).await;
    until("what is done here to be sealed by the same key", async || {
        sealed(&pool.url).filter(|(found, last)| *found == key && *last != head)
    })
    .await;
    let db = server.db.clone();
    server.process.terminate();
    for client in load {
        client.await.expect("a client ends when its server does");
    }

    // Holds them against every rule.
    let (events, _) = events_in(&db).await;
    let held = acknowledged_in(&events);
    for (whose, told) in
        [("before the backup", &before), ("after it was restored", &*since.lock().expect("not poisoned"))]
    {
        let lost: Vec<_> = told.difference(&held).collect();
        assert!(lost.is_empty(), "lost of what was acknowledged {whose}: {lost:?}");
    }
}

/// On the other machine a pool runs already, and is killed without a word.
async fn replace_another_pool(folder: &Path, backup: &Path) {
    let other = Server::start(folder, &[]);
    other.pool().put_repo("other/repo", 1).await;
    let in_use = restore(folder, backup);
    assert!(!in_use.status.success() && said(&in_use).contains("stop its server first"), "{}", said(&in_use));
    let db = other.db.clone();
    other.process.kill();
    assert!(db.with_file_name("pool.db-wal").exists(), "a log is left that belongs to the other pool");
    fs::remove_file(folder.join("jwt.secret")).expect("it was made");
    let restored = restore(folder, backup);
    assert!(restored.status.success(), "{}", said(&restored));
    let (told, missing) = (said(&restored), folder.join("jwt.secret"));
    assert!(told.contains(&format!("missing      {}", path(&missing))), "{told}");
    assert!(!told.contains("audit.key") && !told.contains("admin.token"), "those are there or given: {told}");
    let kept = told.lines().find_map(|line| line.split("kept as ").nth(1)).expect("it says where the other pool is");
    let (events, _) = events_in(Path::new(kept)).await;
    assert!(events.iter().any(|event| event.repo.as_ref().is_some_and(|repo| repo.0 == "other/repo")));
}

#[tokio::test]
async fn a_server_without_a_file_of_its_own_refuses_to_restore() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, value) in [("OWP_LIBSQL_URL", "http://127.0.0.1:1"), ("OWP_DYNAMODB_TABLE", "pool")] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_owp-server"));
        let refused = command.current_dir(folder.path()).env(name, value).args(["restore", "backup.db"]).output();
        let refused = refused.expect("it runs");
        assert_eq!(refused.status.code(), Some(1));
        assert!(said(&refused).contains(&format!("{name} is set")), "{}", said(&refused));
    }
}

#[tokio::test]
async fn a_backup_is_the_file_itself_even_where_answers_are_compressed() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path(), &[]);
    let ask = server.pool().http.get(format!("{}/v1/admin/backup", server.url)).header("X-Admin-Token", ADMIN_TOKEN);
    let answer = ask.header("Accept-Encoding", "gzip").send().await.expect("an answer");
    assert_eq!((answer.status(), answer.headers().get("content-encoding")), (StatusCode::OK, None));
    let length = answer.headers()["content-length"].to_str().expect("ASCII").to_owned();
    let file = answer.bytes().await.expect("all of it");
    assert_eq!((file.len().to_string(), &file[..15]), (length, &b"SQLite format 3"[..]));
}

fn start_load(pool: &Pool, tokens: &[String], acknowledged: &Acknowledged, round: usize) -> Vec<JoinHandle<()>> {
    let workers = tokens.iter().map(|token| tokio::spawn(work(pool.clone(), token.clone(), acknowledged.clone())));
    std::iter::once(tokio::spawn(fill(pool.clone(), acknowledged.clone(), round, TASKS))).chain(workers).collect()
}

fn count(acknowledged: &Acknowledged) -> usize {
    acknowledged.lock().expect("not poisoned").len()
}

/// The key and the head of the trail so far.
fn sealed(url: &str) -> Option<(String, String)> {
    let proof = owp(url, &["--json", "admin", "audit", "verify"]);
    let proof: Value = serde_json::from_slice(&proof.stdout).expect("JSON");
    Some((proof["keys"][0].as_str()?.to_owned(), proof["head"].as_str()?.to_owned()))
}

fn owp(url: &str, args: &[&str]) -> Output {
    let owp = Path::new(env!("CARGO_BIN_EXE_owp-server")).with_file_name("owp");
    assert!(owp.exists(), "build the command line first: `cargo build -p owp` (`make test` does)");
    let mut command = Command::new(owp);
    let output = command.env("OWP_SERVER", url).env("OWP_ADMIN_TOKEN", ADMIN_TOKEN).args(args).output();
    let output = output.expect("it runs");
    assert!(output.status.success(), "{args:?}: {}", said(&output));
    output
}

fn restore(folder: &Path, backup: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_owp-server"));
    command.current_dir(folder).env("OWP_ADMIN_TOKEN", ADMIN_TOKEN);
    command.args(["--db", path(&folder.join("pool.db")), "restore", path(backup)]).output().expect("it runs")
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn path(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}
