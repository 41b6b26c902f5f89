//! Live events over a kill and a restart of the server: whoever resumes is told everything, once and in order, however slowly
//! it reads.

mod support;

use eventsource_stream::Eventsource;
use futures::StreamExt;
use futures::future::join_all;
use futures::stream::unfold;
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use support::{ADMIN_TOKEN, PATIENCE, Pool, Server, events_in};
use tokio::sync::watch;
use tokio::time::timeout;

const READERS: usize = 50;
/// Of these, so many go deaf for a while.
const SLOW: usize = 3;

/// With a long message each, more than sockets and buffers hold for somebody who doesn't read.
const LONG_REPORTS: usize = 300;
const MESSAGE_LENGTH: usize = 4000;

/// Each is read on by itself for all streams, and more of them than are kept for those who are behind.
const MORE: usize = 80;

/// Long after the streams have told everything so far, and long before they have told all.
const UNDER_LOAD: usize = 30;

/// Whoever meets this one has met everything.
const LAST: &str = "repo:owner/last";

/// What all readers share. A test doesn't wait as long as a stream says.
#[derive(Clone)]
struct Told {
    url: watch::Receiver<String>,
    may_be_slow: watch::Receiver<bool>,
}

#[derive(Default)]
struct Reader {
    /// Subject, number and type of each event.
    story: Vec<String>,
    last_id: String,
    ends: Vec<String>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_reader_is_told_the_same_over_a_kill_and_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut server = Server::start(folder.path(), &[]);
    let (url, urls) = watch::channel(server.url.clone());
    let (may_be_slow, slowness) = watch::channel(true);
    let told = Told { url: urls, may_be_slow: slowness };
    let mut pool = server.pool();
    pool.put_repo("owner/repo", 9).await;
    let (progress, readers): (Vec<_>, Vec<_>) = (0..READERS)
        .map(|index| {
            let (met, progress) = watch::channel(Reader::default());
            (progress, tokio::spawn(read(told.clone(), index < SLOW, met)))
        })
        .unzip();
    // Whoever has met these listens to what is read on for all.
    for number in 0..3 {
        announce(&pool, &format!("owner/begun{number}"), &progress).await;
    }
    long_reports(&pool).await;
    for number in 0..MORE {
        announce(&pool, &format!("owner/more{number}"), &progress[SLOW..=SLOW]).await;
    }
    may_be_slow.send_replace(false);
    for slow in &progress[..SLOW] {
        wait_for(slow, |reader| reader.ends.contains(&"slow".to_owned())).await;
    }

    for kill in [true, false] {
        let load = tokio::spawn(load(pool.clone(), kill));
        let so_far = progress[SLOW].borrow().story.len();
        wait_for(&progress[SLOW], |reader| reader.story.len() > so_far + UNDER_LOAD).await;
        if kill {
            server.process.kill();
        } else {
            let status = tokio::task::spawn_blocking(move || server.process.terminate()).await.expect("it ends");
            assert!(status.success());
        }
        load.await.expect("the load ends with the server");
        server = Server::start(folder.path(), &[]);
        pool = server.pool();
        url.send_replace(server.url.clone());
        announce(&pool, &format!("owner/back-from-kill-{kill}"), &progress).await;
    }
    pool.put_repo(LAST.trim_start_matches("repo:"), 1).await;
    let readers = timeout(PATIENCE, join_all(readers)).await.expect("all are told in time");
    readers.into_iter().for_each(|reader| reader.expect("a reader ends well"));
    let db = server.db.clone();
    let status = tokio::task::spawn_blocking(move || server.process.terminate()).await.expect("it ends");
    assert!(status.success());

    let (events, _) = events_in(&db).await;
    let mut log: Vec<String> = events
        .iter()
        .map(|event| in_short(&event.subject.to_string(), event.subject_seq, &event.kind.to_string()))
        .collect();
    let last = log.iter().position(|event| event.starts_with(LAST)).expect("it was put");
    log.truncate(last + 1);
    for (index, reader) in progress.iter().enumerate() {
        let reader = reader.borrow();
        let same = reader.story.iter().zip(&log).take_while(|(told, logged)| told == logged).count();
        assert!(
            reader.story == log,
            "reader {index} was told {} events of {}, the first {same} right; its streams ended {:?}",
            reader.story.len(),
            log.len(),
            reader.ends
        );
        assert!(reader.ends.contains(&"stopping".to_owned()), "reader {index}: {:?}", reader.ends);
    }
}

/// Makes an event and waits until each of these has met it.
async fn announce(pool: &Pool, repo: &str, progress: &[watch::Receiver<Reader>]) {
    pool.put_repo(repo, 1).await;
    let expected = in_short(&format!("repo:{repo}"), 1, "repo_created");
    for reader in progress {
        wait_for(reader, |reader| reader.story.last() == Some(&expected)).await;
    }
}

async fn wait_for(reader: &watch::Receiver<Reader>, condition: impl FnMut(&Reader) -> bool) {
    let mut reader = reader.clone();
    timeout(PATIENCE, reader.wait_for(condition)).await.expect("it is told in time").expect("it reads on");
}

async fn long_reports(pool: &Pool) {
    let token = pool.register(json!({ "name": "Alice" })).await;
    let task = pool.create_task(json!({ "repo": "owner/repo", "title": "a long story" })).await;
    assert_eq!(pool.fetch(&token).await.len(), 1);
    let message = "x".repeat(MESSAGE_LENGTH);
    for number in 0..LONG_REPORTS {
        let status = if number % 2 == 0 { "in_progress" } else { "blocked" };
        let body = json!({ "status": status, "message": message });
        let (code, answer) = pool.worker(&token, Method::POST, &format!("/v1/tasks/{task}/status"), Some(body)).await;
        assert_eq!(code, StatusCode::OK, "{answer}");
    }
}

/// Puts tasks in until the server is gone.
async fn load(pool: Pool, before_the_kill: bool) {
    for number in 0.. {
        let body = json!({ "repo": "owner/repo", "title": format!("task {before_the_kill} {number}") });
        let sent = pool.try_admin(Method::POST, "/v1/admin/tasks", Some(body)).await;
        let Ok((StatusCode::CREATED, _)) = sent else { return };
    }
}

/// Reads and resumes until it has met the last event. A slow one goes deaf once it has met the first.
async fn read(told: Told, is_slow: bool, met: watch::Sender<Reader>) {
    let http = Client::new();
    loop {
        let (url, last_id) = (told.url.borrow().clone(), met.borrow().last_id.clone());
        let mut ask = http.get(format!("{url}/v1/events?after=earliest"));
        if !last_id.is_empty() {
            ask = ask.header("Last-Event-ID", last_id);
        }
        let sent = ask.header("X-Admin-Token", ADMIN_TOKEN).header("Accept", "text/event-stream").send().await;
        // While the server is away, its next address is waited for.
        let Ok(response) = sent else {
            told.url.clone().wait_for(|now| *now != url).await.expect("the test goes on");
            continue;
        };
        assert_eq!(response.status(), StatusCode::OK);
        let chunks = unfold(response, async |mut response| Some((response.chunk().await.transpose()?, response)));
        let mut events = Box::pin(chunks.eventsource());
        // A server that is killed breaks its streams.
        while let Some(Ok(event)) = events.next().await {
            let data: Value = serde_json::from_str(&event.data).expect("JSON");
            if event.event == "end" {
                let reason = data["reason"].as_str().expect("a reason").to_owned();
                met.send_modify(|reader| reader.ends.push(reason));
                continue;
            }
            let subject = data["subject"].as_str().expect("a subject");
            let seq = data["seq"].as_u64().expect("a number");
            met.send_modify(|reader| {
                reader.story.push(in_short(subject, seq, &event.event));
                reader.last_id = event.id;
            });
            if subject == LAST {
                return;
            }
            if is_slow && subject == "repo:owner/begun2" {
                told.may_be_slow.clone().wait_for(|may| !may).await.expect("the test goes on");
            }
        }
    }
}

fn in_short(subject: &str, seq: u64, kind: &str) -> String {
    format!("{subject} {seq} {kind}")
}
