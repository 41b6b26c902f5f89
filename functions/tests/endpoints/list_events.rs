//! `GET /v1/events`. Time stands still in the tests of streams and moves when everybody waits.

use crate::event_stream::Met;
use crate::pool::{Ask, Pool, Worker, text, texts};
use owp_functions::settings::StreamTo;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// A repository, a worker, and the life of a task: seven events.
async fn lively_pool() -> (Pool, Worker, String) {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    let worker = pool.roomy_worker().await;
    let task = pool.task(json!({ "title": "a" })).await;
    pool.fetch(&worker).await;
    pool.report(&worker, &task, json!({ "status": "in_progress" })).await.ok(200);
    pool.merge(&worker, &task).await;
    (pool, worker, task)
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

async fn page(pool: &Pool, query: &str) -> Value {
    pool.get(&format!("/v1/events{query}")).await.ok(200)
}

fn types(page: &Value) -> Vec<String> {
    texts(&page["events"], "type")
}

#[tokio::test]
async fn pages_hold_every_event_once_whatever_their_size() {
    let folder = tempfile::tempdir().unwrap();
    for pool in [lively_pool().await.0, Pool::on_disk(folder.path()).await] {
        if pool.events().await.is_empty() {
            pool.repo("demo", 9).await;
        }
        let expected = types(&page(&pool, "?limit=1000").await);
        assert!(!expected.is_empty());
        for limit in [1, 2, 3, 1000] {
            let (mut found, mut after) = (Vec::new(), "earliest".to_owned());
            loop {
                let page = page(&pool, &format!("?limit={limit}&after={after}")).await;
                found.extend(types(&page));
                after = text(&page["cursor"]);
                if page["more"] == false {
                    break;
                }
            }
            assert_eq!(found, expected, "{limit} a page");
        }
    }
}

#[tokio::test]
async fn who_starts_with_the_latest_meets_what_comes_next() {
    let (pool, ..) = lively_pool().await;
    assert_eq!(types(&page(&pool, "").await), LIFE);
    let latest = page(&pool, "?after=latest").await;
    assert_eq!((types(&latest).len(), &latest["more"]), (0, &json!(false)));
    pool.repo("o/later", 1).await;
    let next = page(&pool, &format!("?after={}", text(&latest["cursor"]))).await;
    assert_eq!(types(&next), ["repo_created"]);
    let event = &next["events"][0];
    assert_eq!(
        (&event["actor"], &event["subject"], &event["seq"]),
        (&json!("admin"), &json!("repo:o/later"), &json!(1))
    );
    let resumed = Ask::get("/v1/events").by_admin().header("last-event-id", event["id"].as_str().unwrap());
    assert!(types(&pool.ask(resumed).await.ok(200)).is_empty());
}

#[tokio::test]
async fn each_filter_narrows_what_is_told_and_they_add_up() {
    let (pool, worker, task) = lively_pool().await;
    pool.repo("owner/name", 1).await;
    let other = pool.task(json!({ "repo": "owner/name", "title": "b" })).await;
    for (query, expected) in [
        ("?types=task_merged".to_owned(), vec!["task_merged"]),
        (
            "?types=task_created,repo_created".to_owned(),
            vec!["repo_created", "task_created", "repo_created", "task_created"],
        ),
        ("?repo=owner/name".to_owned(), vec!["repo_created", "task_created"]),
        (format!("?task_id={other}"), vec!["task_created"]),
        (format!("?task_id={task}&types=task_started,task_created"), vec!["task_created", "task_started"]),
        (format!("?worker_id={}&types=worker_registered,task_created", worker.id), vec!["worker_registered"]),
        ("?worker_id=w_nobody".to_owned(), vec![]),
    ] {
        let page = page(&pool, &query).await;
        assert_eq!(types(&page), expected, "{query}");
        // What was looked at is behind the cursor, told or not.
        let rest = pool.get(&format!("/v1/events?after={}", text(&page["cursor"]))).await.ok(200);
        assert!(types(&rest).is_empty());
    }
}

#[tokio::test]
async fn bad_places_and_filters_are_refused() {
    let (pool, ..) = lively_pool().await;
    for (query, status, code, parameter) in [
        ("?types=task_exploded", 400, "invalid_request", "types"),
        ("?types=", 400, "invalid_request", "types"),
        ("?limit=0", 400, "invalid_request", "limit"),
        ("?limit=1001", 400, "invalid_request", "limit"),
        ("?after=%20", 400, "invalid_request", "after"),
        ("?after=bm9uc2Vuc2U", 404, "cursor_not_found", "after"),
        ("?type=task_merged", 400, "invalid_request", "type"),
    ] {
        for accept in ["application/json", "text/event-stream"] {
            let ask = Ask::get(&format!("/v1/events{query}")).by_admin().header("accept", accept);
            let problem = pool.ask(ask).await.refused(status, code);
            assert_eq!(problem["errors"][0]["parameter"], parameter, "{query}");
        }
    }
    let resumed = Ask::get("/v1/events").by_admin().header("last-event-id", "nonsense");
    let problem = pool.ask(resumed).await.refused(404, "cursor_not_found");
    assert_eq!(problem["errors"][0]["parameter"], "Last-Event-ID");
    pool.ask(Ask::get("/v1/events")).await.refused(401, "unauthenticated");
}

#[tokio::test]
async fn a_worker_meets_its_own_events_whole_and_of_others_what_is_public() {
    let (pool, worker, task) = lively_pool().await;
    pool.update(&task, json!({ "rating": 4 })).await.ok(200);
    let stranger = pool.roomy_worker().await;
    pool.trust(&worker, "basic", json!({})).await;
    let seen = async |worker: &Worker, query: &str| {
        pool.ask(Ask::get(&format!("/v1/events{query}")).by(worker)).await.ok(200)["events"].clone()
    };
    let (own, foreign) = (seen(&worker, "").await, seen(&stranger, "").await);
    let of = |events: &Value, kind: &str| {
        let events = events.as_array().unwrap().iter();
        events.filter(|event| event["type"] == kind).cloned().collect::<Vec<Value>>()
    };
    assert_eq!(of(&own, "task_started")[0]["worker_id"], json!(worker.id));
    assert_eq!(of(&own, "worker_trust_changed").len(), 1);
    assert_eq!(of(&own, "worker_registered").len(), 1, "its own");
    assert_eq!(of(&foreign, "worker_trust_changed").len(), 0);
    assert_eq!(of(&foreign, "task_rated").len(), 0);
    assert_eq!(of(&foreign, "worker_registered").len(), 1, "its own");
    for event in foreign.as_array().unwrap().iter().filter(|event| event["type"] != "worker_registered") {
        let told = event.as_object().unwrap();
        assert!(["worker_id", "lease_id", "request_id"].iter().all(|name| !told.contains_key(*name)), "{event}");
        assert_eq!(event["details"], json!({}));
        assert!(!event.to_string().contains(&worker.id), "{event}");
    }
    let merged = &of(&foreign, "task_merged")[0];
    assert_eq!(
        (&merged["actor"], &merged["was"], &merged["state"]),
        (&json!("admin"), &json!("pr_opened"), &json!("merged"))
    );
    assert_eq!(of(&foreign, "task_started")[0]["actor"], "worker");
    assert_eq!(seen(&stranger, &format!("?worker_id={}", worker.id)).await, json!([]), "a filter tells nothing either");
}

#[tokio::test(start_paused = true)]
async fn a_stream_brings_what_happens_and_resumes_where_it_was_left() {
    let (pool, ..) = lively_pool().await;
    let mut stream = pool.stream(Ask::get("/v1/events").by_admin()).await;
    for name in ["o/a", "o/b", "o/c", "o/d"] {
        pool.repo(name, 1).await;
    }
    let first = stream.take(2).await;
    assert_eq!(texts(&json!(first), "repo"), ["o/a", "o/b"]);
    let left_at = stream.last_id.clone();
    drop(stream);
    pool.repo("o/e", 1).await;
    let resumed = Ask::get("/v1/events").by_admin().header("last-event-id", &left_at);
    let mut stream = pool.stream(resumed).await;
    assert_eq!(texts(&json!(stream.take(3).await), "repo"), ["o/c", "o/d", "o/e"]);
    pool.repo("o/f", 1).await;
    assert_eq!(texts(&json!(stream.take(1).await), "repo"), ["o/f"]);
    let mut whole = pool.stream(Ask::get("/v1/events?after=earliest").by_admin()).await;
    assert_eq!(texts(&json!(whole.take(13).await), "type")[..7], LIFE);
}

#[tokio::test(start_paused = true)]
async fn a_quiet_stream_says_that_it_is_alive_and_where_it_has_looked() {
    let (pool, worker, _) = lively_pool().await;
    let mut stream = pool.raw_stream(Ask::get("/v1/events?types=task_merged").by(&worker)).await;
    let begun = Instant::now();
    let hello = stream.chunk().await;
    assert!(hello.starts_with("retry: ") && hello.contains("\n: alive\nid: "), "{hello}");
    pool.repo("o/not-asked-for", 1).await;
    let alive = stream.chunk().await;
    assert_eq!(begun.elapsed().as_secs(), 15);
    assert!(alive.starts_with(": alive\nid: ") && alive.ends_with("\n\n"), "{alive}");
    assert_ne!(hello.split("id: ").nth(1), alive.split("id: ").nth(1), "who resumes need not look again");
}

#[tokio::test]
async fn who_lost_a_stream_is_not_told_to_come_back_with_all_the_others() {
    let pool = Pool::new();
    let mut waits_ms = Vec::new();
    for _ in 0..100 {
        let hello = pool.raw_stream(Ask::get("/v1/events").by_admin()).await.chunk().await;
        let wait = hello.lines().find_map(|line| line.strip_prefix("retry: ")).expect("it is told when");
        waits_ms.push(wait.parse::<u32>().expect("milliseconds"));
    }
    assert!(waits_ms.iter().all(|wait| (1000..=5000).contains(wait)), "{waits_ms:?}");
    // Each second gets a quarter of them, give or take; that it gets none is as likely as 0.75 to the power of 100.
    let seconds: BTreeSet<u32> = waits_ms.iter().map(|wait| (wait / 1000).min(4)).collect();
    assert_eq!(seconds.len(), 4, "{waits_ms:?}");
}

#[tokio::test(start_paused = true)]
async fn a_stream_ends_by_itself_with_a_reason() {
    let pool = Pool::with(|settings| settings.stream_max_s = 600);
    pool.repo("demo", 1).await;
    let begun = Instant::now();
    let mut stream = pool.stream(Ask::get("/v1/events?after=earliest").by_admin()).await;
    let (events, reason) = stream.rest().await;
    assert_eq!((events.len(), &*reason, begun.elapsed().as_secs()), (1, "lifetime", 600));

    let worker = pool.roomy_worker().await;
    let mut stream = pool.stream(Ask::get("/v1/events").by(&worker)).await;
    pool.revoke(&worker).await;
    let (events, reason) = stream.rest().await;
    assert_eq!(
        (texts(&json!(events), "type"), &*reason),
        (vec!["worker_offline".to_owned(), "worker_revoked".to_owned()], "revoked")
    );

    let mut stream = pool.stream(Ask::get("/v1/events").by_admin()).await;
    pool.app.drain();
    assert_eq!(stream.rest().await, (vec![], "stopping".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn who_reads_too_slowly_is_told_to_resume_and_misses_nothing() {
    let pool = Pool::new();
    let mut stream = pool.stream(Ask::get("/v1/events").by_admin()).await;
    let mut quick = pool.stream(Ask::get("/v1/events").by_admin()).await;
    pool.repo("o/first", 1).await;
    let mut met = stream.take(1).await;
    let written = 300;
    for number in 0..written {
        pool.repo(&format!("o/r{number}"), 1).await;
        // Somebody who keeps up makes time pass: each of these is a page of its own.
        quick.take(1).await;
    }
    let (more, reason) = stream.rest().await;
    met.extend(more);
    assert_eq!(reason, "slow");
    assert!(met.len() < written, "it was not read on for: {}", met.len());
    let mut stream = pool.stream(Ask::get("/v1/events").by_admin().header("last-event-id", &stream.last_id)).await;
    met.extend(stream.take(written + 1 - met.len()).await);
    let expected: Vec<String> =
        std::iter::once("o/first".to_owned()).chain((0..written).map(|number| format!("o/r{number}"))).collect();
    assert_eq!(texts(&json!(met), "repo"), expected);
}

#[tokio::test(start_paused = true)]
async fn a_stream_whose_next_events_are_gone_ends_instead_of_waiting_for_them() {
    let pool = Pool::new();
    let mut stream = pool.stream(Ask::get("/v1/events").by_admin()).await;
    pool.repo("o/kept", 1).await;
    stream.take(1).await;
    pool.repo("o/dropped", 1).await;
    let latest = pool.app.store.latest().await.unwrap();
    pool.app.store.prune_events(&latest).await.unwrap();
    assert_eq!(stream.rest().await, (vec![], "slow".to_owned()));
    let resume = Ask::get("/v1/events").by_admin().header("last-event-id", &stream.last_id);
    pool.ask(resume).await.refused(410, "cursor_gone");
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_a_slow_reader_is_bounded_however_much_happened() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    let worker = pool.roomy_worker().await;
    let task = pool.task(json!({ "title": "a" })).await;
    pool.fetch(&worker).await;
    let message = "x".repeat(4000);
    for number in 0..200 {
        let status = if number % 2 == 0 { "in_progress" } else { "blocked" };
        pool.report(&worker, &task, json!({ "status": status, "message": message })).await.ok(200);
    }
    let expected = pool.events().await.len();
    let mut stream = pool.raw_stream(Ask::get("/v1/events?after=earliest").by_admin()).await;
    let mut told = 0;
    while told < expected {
        let chunk = stream.chunk().await;
        assert!(chunk.len() < 140 * 1024, "{} bytes at once", chunk.len());
        told += chunk.matches("\ndata: ").count();
    }
    assert_eq!(told, expected);
}

#[tokio::test(start_paused = true)]
async fn where_answers_cannot_be_streamed_there_are_pages() {
    let asked = || Ask::get("/v1/events").header("accept", "text/event-stream");
    let pool = Pool::with(|settings| settings.stream_max_s = 0);
    pool.repo("demo", 1).await;
    assert_eq!(types(&pool.ask(asked().by_admin()).await.ok(200)), ["repo_created"]);
    let pool = Pool::with(|settings| settings.stream_to = StreamTo::Admins);
    let worker = pool.roomy_worker().await;
    assert_eq!(types(&pool.ask(asked().by(&worker)).await.ok(200)), ["worker_registered"]);
    let mut stream = pool.stream(Ask::get("/v1/events").by_admin()).await;
    pool.repo("demo", 1).await;
    stream.take(1).await;
}

#[tokio::test]
async fn many_streams_tell_the_same_story() {
    let pool = Pool::new();
    let mut streams = Vec::new();
    for _ in 0..100 {
        streams.push(pool.stream(Ask::get("/v1/events").by_admin()).await);
    }
    for number in 0..50 {
        pool.repo(&format!("o/r{number}"), 1).await;
    }
    let expected = pool.events().await.len();
    let mut stories = Vec::new();
    for stream in &mut streams {
        let story = timeout(Duration::from_secs(30), stream.take(expected)).await.expect("it is told soon");
        stories.push(texts(&json!(story), "id"));
    }
    assert!(stories.iter().all(|story| *story == stories[0]));
    assert_eq!(pool.app.tail.streams(), 100);
    drop(streams);
    assert_eq!(pool.app.tail.streams(), 0);
}

#[tokio::test]
async fn one_worker_has_so_many_streams_and_takes_nobody_elses() {
    let pool = Pool::new();
    let (worker, other) = (pool.roomy_worker().await, pool.roomy_worker().await);
    let ask = |of: &Worker| Ask::get("/v1/events").header("accept", "text/event-stream").by(of);
    let mut streams = Vec::new();
    for _ in 0..16 {
        streams.push(pool.stream(Ask::get("/v1/events").by(&worker)).await);
    }
    pool.ask(ask(&worker)).await.refused(503, "unavailable");
    pool.ask(Ask::get("/v1/events").by(&worker)).await.ok(200);
    let of_others =
        [pool.stream(Ask::get("/v1/events").by(&other)).await, pool.stream(Ask::get("/v1/events").by_admin()).await];
    assert_eq!(pool.app.tail.streams(), 18);
    streams.pop();
    streams.push(pool.stream(Ask::get("/v1/events").by(&worker)).await);
    pool.ask(ask(&worker)).await.refused(503, "unavailable");
    drop((streams, of_others));
    pool.stream(Ask::get("/v1/events").by(&worker)).await;
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_was_closed_says_nothing_more() {
    let pool = Pool::new();
    let mut stream = pool.stream(Ask::get("/v1/events").by_admin()).await;
    pool.app.drain();
    assert_eq!(stream.next().await, Met::End("stopping".into()));
    assert_eq!(stream.next().await, Met::Closed);
}
