//! `GET /v1/audit/events`: the trail, what it is searched for, and that it proves itself.

use crate::pool::{AUDIT_KEY, Ask, Pool, Worker, text, texts};
use owp_chain::{Fault, Proof, Sealer, Verifier};
use owp_functions::books;
use serde_json::{Value, json};
use std::path::Path;

/// The life of a task in a pool on disk.
async fn lived_in(folder: &Path) -> (Pool, Worker, String) {
    let pool = Pool::on_disk(folder).await;
    pool.repo("demo", 9).await;
    let worker = pool.roomy_worker().await;
    let task = pool.task(json!({ "title": "a" })).await;
    pool.clock.advance_s(60);
    pool.fetch(&worker).await;
    pool.report(&worker, &task, json!({ "status": "in_progress" })).await.ok(200);
    pool.clock.advance_s(60);
    pool.merge(&worker, &task).await;
    (pool, worker, task)
}

async fn found(pool: &Pool, query: &str) -> Vec<String> {
    texts(&pool.get(&format!("/v1/audit/events{query}")).await.ok(200)["events"], "event_type")
}

async fn keep(pool: &Pool) -> usize {
    books::keep(&pool.app, "r_test").await.expect("the books can be kept")
}

pub async fn exported(pool: &Pool, query: &str) -> Vec<String> {
    let ask = Ask::get(&format!("/v1/audit/events{query}")).by_admin().header("accept", "application/x-ndjson");
    pool.download(ask, "application/x-ndjson").await.lines().map(str::to_owned).collect()
}

/// What an export proves by itself.
pub fn verify(lines: &[String]) -> Result<Proof, Fault> {
    let mut verifier = Verifier::trusting([Sealer::from_secret(AUDIT_KEY).public_key()]);
    for line in lines {
        let mut line: Value = serde_json::from_str(line).expect("JSON");
        match (line.get_mut("seal").map(Value::take), line.get_mut("pruned").map(Value::take)) {
            (Some(seal), _) => verifier.seal(serde_json::from_value(seal).expect("a seal"))?,
            (_, Some(seal)) => verifier.pruned(serde_json::from_value(seal).expect("a seal"))?,
            _ => verifier.event(&line),
        }
    }
    Ok(verifier.finish())
}

const LIFE: [&str; 7] = [
    "repo_created",
    "worker_registered",
    "task_created",
    "task_assigned",
    "task_started",
    "task_pr_opened",
    "task_merged",
];

#[tokio::test]
async fn pages_are_newest_first_or_oldest_first_and_hold_every_event_once() {
    let folder = tempfile::tempdir().unwrap();
    let (pool, ..) = lived_in(folder.path()).await;
    for sealed in [false, true] {
        if sealed {
            assert_eq!(keep(&pool).await, 7);
        }
        for (order, newest_first) in [("asc", false), ("desc", true)] {
            for limit in [1, 3, 7, 1000] {
                let (mut all, mut cursor) = (Vec::new(), String::new());
                loop {
                    let page = pool.get(&format!("/v1/audit/events?order={order}&limit={limit}{cursor}")).await.ok(200);
                    all.extend(texts(&page["events"], "event_type"));
                    if page["next_cursor"].is_null() {
                        break;
                    }
                    cursor = format!("&cursor={}", text(&page["next_cursor"]));
                }
                if newest_first {
                    all.reverse();
                }
                assert_eq!(all, LIFE, "{order}, {limit} a page, sealed: {sealed}");
            }
        }
    }
}

#[tokio::test]
async fn an_event_says_who_did_what_to_whom_when_and_by_which_request() {
    let folder = tempfile::tempdir().unwrap();
    let (pool, worker, task) = lived_in(folder.path()).await;
    let page = pool.get("/v1/audit/events?type=task_started").await.ok(200);
    let event = &page["events"][0];
    assert_eq!(event["actor"], json!(worker.id));
    assert_eq!((&event["target"], &event["target_kind"]), (&json!(task), &json!("task")));
    assert_eq!(event["id"], json!(format!("task:{task}/3")));
    assert_eq!((&event["was"], &event["state"]), (&json!("leased"), &json!("in_progress")));
    assert!(!text(&event["request_id"]).is_empty());
}

#[tokio::test]
async fn each_filter_narrows_the_search_and_they_add_up() {
    let folder = tempfile::tempdir().unwrap();
    let (pool, worker, task) = lived_in(folder.path()).await;
    keep(&pool).await;
    pool.repo("o/later", 1).await;
    let at =
        |seconds: i64| owp_wire::Timestamp::from_millis(crate::pool::START.as_millis() + seconds * 1000).to_string();
    for (query, mut expected) in [
        ("type=task_merged".to_owned(), vec!["task_merged"]),
        (format!("actor={}", worker.id), vec!["task_assigned", "task_started", "task_pr_opened"]),
        ("actor=anonymous".to_owned(), vec!["worker_registered"]),
        ("actor=system".to_owned(), vec![]),
        ("target=demo".to_owned(), vec!["repo_created"]),
        (format!("target={task}&actor=admin"), vec!["task_created", "task_merged"]),
        (
            format!("from={}", at(60)),
            vec!["task_assigned", "task_started", "task_pr_opened", "task_merged", "repo_created"],
        ),
        (format!("to={}", at(60)), vec!["repo_created", "worker_registered", "task_created"]),
        (format!("from={}&to={}", at(30), at(120)), vec!["task_assigned", "task_started"]),
        (format!("from={}", at(900)), vec![]),
    ] {
        assert_eq!(found(&pool, &format!("?order=asc&{query}")).await, expected, "{query}");
        expected.reverse();
        assert_eq!(found(&pool, &format!("?{query}")).await, expected, "{query}, newest first");
    }
    pool.get("/v1/audit/events?type=nothing").await.refused(400, "invalid_request");
    pool.get("/v1/audit/events?cursor=bm9uc2Vuc2U").await.refused(404, "cursor_not_found");
    pool.ask(Ask::get("/v1/audit/events").by(&worker)).await.refused(401, "unauthenticated");
}

#[tokio::test]
async fn an_export_proves_itself_and_says_what_is_not_sealed_yet() {
    let folder = tempfile::tempdir().unwrap();
    let (pool, ..) = lived_in(folder.path()).await;
    keep(&pool).await;
    pool.repo("o/later", 1).await;
    assert_eq!(keep(&pool).await, 1);
    pool.repo("o/latest", 1).await;
    let lines = exported(&pool, "").await;
    let proof = verify(&lines).unwrap();
    // The export itself leaves a trace in the trail.
    assert_eq!((proof.batches, proof.events, proof.unsealed), (Some((1, 2)), 8, 2));
    assert!(lines.last().unwrap().contains("audit_exported"));
    let since = exported(&pool, &format!("?from={}", crate::pool::START)).await;
    assert_eq!(verify(&since).unwrap().events, 8);
    let picked = exported(&pool, "?type=repo_created").await;
    assert_eq!(picked.len(), 3, "{picked:?}");
}

/// Does something to the stored events, behind the server's back.
async fn tamper(folder: &Path, statements: &str) {
    let database = libsql::Builder::new_local(folder.join("pool.db")).build().await.unwrap();
    database.connect().unwrap().execute_batch(statements).await.unwrap();
}

#[tokio::test]
async fn whatever_is_done_to_a_stored_event_shows() {
    for (deed, expected) in [
        (
            "UPDATE events SET body = replace(body, 'task_merged', 'task_closed') WHERE seq = 7",
            Fault::Changed { batch: 2 },
        ),
        (
            "UPDATE events SET body = replace(body, '\"admin\"', '\"anonymous\"') WHERE seq = 1",
            Fault::Changed { batch: 1 },
        ),
        ("DELETE FROM events WHERE seq = 2", Fault::Count { batch: 1, sealed: 3, found: 2 }),
        (
            "UPDATE events SET seq = -2 WHERE seq = 2; UPDATE events SET seq = 2 WHERE seq = 3;
             UPDATE events SET seq = 3 WHERE seq = -2",
            Fault::Changed { batch: 1 },
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let pool = Pool::on_disk(folder.path()).await;
        pool.repo("demo", 9).await;
        let worker = pool.roomy_worker().await;
        let task = pool.task(json!({ "title": "a" })).await;
        keep(&pool).await;
        pool.fetch(&worker).await;
        pool.report(&worker, &task, json!({ "status": "in_progress" })).await.ok(200);
        pool.merge(&worker, &task).await;
        keep(&pool).await;
        assert!(verify(&exported(&pool, "").await).is_ok());
        tamper(folder.path(), deed).await;
        assert_eq!(verify(&exported(&pool, "").await), Err(expected), "{deed}");
    }
}

#[tokio::test]
async fn events_are_dropped_when_they_are_old_and_the_chain_stays_whole() {
    let folder = tempfile::tempdir().unwrap();
    let (pool, ..) = lived_in(folder.path()).await;
    keep(&pool).await;
    let prune = async || books::prune(&pool.app, "r_test").await.unwrap();
    pool.clock.advance_s(400 * 24 * 3600 - 60);
    assert_eq!(prune().await, 0, "not yet");
    pool.repo("o/later", 1).await;
    keep(&pool).await;
    pool.clock.advance_s(120);
    assert_eq!(prune().await, 7);
    assert_eq!(prune().await, 0);
    let proof = verify(&exported(&pool, "").await).unwrap();
    assert_eq!((proof.batches, proof.events, proof.pruned), (Some((1, 2)), 1, 1));
    assert_eq!(found(&pool, "?order=asc").await, ["repo_created", "audit_exported"]);
    let gone = pool.get("/v1/events?after=MA").await;
    gone.refused(410, "cursor_gone");
}

#[tokio::test]
async fn csv_is_for_spreadsheets_and_brings_no_formula() {
    let pool = Pool::new();
    pool.repo("demo", 1).await;
    let worker = pool.worker(json!({ "name": "=1+1" })).await;
    pool.post(&format!("/v1/admin/workers/{}/revoke", worker.id), json!({ "reason": "=cmd|' /C calc'!A0" }))
        .await
        .ok(200);
    let hostile = Ask::get("/v1/audit/events").by_admin().header("accept", "text/csv").header("x-request-id", "-2.3");
    let csv = pool.download(hostile, "text/csv").await;
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(reader.headers().unwrap().iter().next(), Some("id"));
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 5, "{csv}");
    let cells: Vec<&str> = rows.iter().flatten().collect();
    assert!(cells.contains(&"'-2.3"), "{csv}");
    let dangerous = |cell: &&&str| cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    assert_eq!(cells.iter().find(dangerous), None);
}

#[tokio::test]
async fn who_is_turned_away_is_in_the_trail() {
    let pool = Pool::new();
    pool.repo("demo", 1).await;
    let worker = pool.roomy_worker().await;
    for _ in 0..5 {
        pool.ask(Ask::get("/v1/admin/tasks").header("x-admin-token", "a guess")).await.refused(401, "unauthenticated");
    }
    let from_home = |path: &str| Ask::get(path).from("2001:db8:1:2:3:4:5:6");
    pool.ask(from_home("/v1/work").bearer("nonsense")).await.refused(401, "unauthenticated");
    pool.ask(from_home("/v1/tasks/t_none").by(&worker)).await.refused(404, "task_not_found");
    pool.report(&worker, "t_none", json!({ "status": "blocked" })).await.refused(404, "task_not_found");
    pool.ask(Ask::get("/nowhere")).await.refused(404, "not_found");
    assert_eq!(found(&pool, "").await.len(), 2, "they are gathered first");
    pool.app.note_turned_away().await.unwrap();
    pool.app.note_turned_away().await.unwrap();
    let page = pool.get("/v1/audit/events?target=server&order=asc").await.ok(200);
    let said = |event: &Value| {
        let details = &event["details"];
        (
            text(&event["event_type"]),
            text(&event["actor"]),
            text(&details["operation"]),
            details["count"].as_u64().unwrap(),
            details["address"].as_str().unwrap_or("nowhere").to_owned(),
        )
    };
    let mut noted: Vec<_> = page["events"].as_array().unwrap().iter().map(said).collect();
    noted.sort();
    let expected = [
        // Who is known is named by name and not by address.
        ("request_refused".into(), worker.id.clone(), "getTask".into(), 1, "nowhere".into()),
        ("request_refused".into(), worker.id.clone(), "reportTaskStatus".into(), 1, "nowhere".into()),
        ("sign_in_failed".into(), "anonymous".into(), "fetchWork".into(), 1, "2001:db8:1:2::/64".into()),
        ("sign_in_failed".into(), "anonymous".into(), "listTasks".into(), 5, "nowhere".into()),
    ];
    assert_eq!(noted, expected);
}

#[tokio::test]
async fn many_at_once_seal_each_event_once() {
    let folder = tempfile::tempdir().unwrap();
    let pool = Pool::on_disk(folder.path()).await;
    for number in 0..200 {
        pool.repo(&format!("o/r{number}"), 1).await;
    }
    let keepers = (0..8).map(|_| keep(&pool));
    let kept: Vec<usize> = futures::future::join_all(keepers).await;
    assert!(kept.iter().all(|count| *count > 0));
    let proof = verify(&exported(&pool, "").await).unwrap();
    assert_eq!((proof.events, proof.unsealed), (200, 1));
}
