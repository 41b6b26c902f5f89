//! `kill -9` of the server under load, again and again: what was acknowledged is there after the restart, and no invariant
//! is broken.

mod support;

use serde_json::json;
use std::time::Duration;
use support::load::{Acknowledged, acknowledged_in, fill, work};
use support::{Server, events_in};

const ROUNDS: usize = 20;
const WORKERS: usize = 8;
const TASKS_PER_ROUND: usize = 40;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_a_kill() {
    let folder = tempfile::tempdir().expect("a folder");
    let acknowledged = Acknowledged::default();
    let mut tokens: Vec<String> = Vec::new();
    let mut written_in_last_round = 0;
    for round in 0..ROUNDS {
        let server = Server::start(folder.path(), &[]);
        let pool = server.pool();
        if tokens.is_empty() {
            pool.put_repo("owner/repo", 100).await;
            for worker in 0..WORKERS {
                tokens.push(pool.register(json!({ "name": format!("worker {worker}"), "capacity_points": 3 })).await);
            }
        }
        let load: Vec<_> =
            std::iter::once(tokio::spawn(fill(pool.clone(), acknowledged.clone(), round, TASKS_PER_ROUND)))
                .chain(tokens.iter().map(|token| tokio::spawn(work(pool.clone(), token.clone(), acknowledged.clone()))))
                .collect();
        // Each round is cut off at another moment.
        tokio::time::sleep(Duration::from_millis(60 + 23 * round as u64)).await;
        let db = server.db.clone();
        server.process.kill();
        for client in load {
            client.await.expect("a client ends when its server does");
        }
        let (events, _) = events_in(&db).await;
        let there = acknowledged_in(&events);
        let acknowledged = acknowledged.lock().expect("not poisoned");
        let lost: Vec<_> = acknowledged.difference(&there).collect();
        assert!(lost.is_empty(), "round {round} lost {lost:?}");
        written_in_last_round = acknowledged.len();
    }
    assert!(written_in_last_round > ROUNDS * 10, "there was a load to speak of: {written_in_last_round} writes");
}
