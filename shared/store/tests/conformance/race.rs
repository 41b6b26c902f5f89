//! Many workers, one task, all at once: exactly one of them gets it.

use crate::pool::Pool;
use owp_logic::Caller;
use owp_store::memory::MemoryStore;
use owp_wire::TaskAction;
use std::slice::from_ref;
use std::sync::Arc;
use tokio::task::JoinSet;

const WORKERS: usize = 64;

/// Unless `RACE_ROUNDS` says how many: `make race ROUNDS=10000` runs more of them, optimized.
const ROUNDS: usize = 1000;

/// Each round is some commits over the network.
#[cfg(feature = "test-libsql-server")]
const ROUNDS_ON_A_SERVER: usize = 100;

/// Each round is more than a thousand calls over the network.
#[cfg(feature = "dynamodb")]
const ROUNDS_ON_DYNAMODB: usize = 10;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_many_gets_the_one_task_in_memory() {
    race(&Pool::over(Arc::new(MemoryStore::default())), rounds(ROUNDS)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_many_gets_the_one_task_in_libsql() {
    let (store, _folder) = crate::libsql().await;
    race(&Pool::over(store.clone()), rounds(ROUNDS)).await;
    store.close().await;
}

#[cfg(feature = "test-libsql-server")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_many_gets_the_one_task_on_a_libsql_server() {
    let server = crate::libsql_server::alone().await;
    let store = server.remote().await;
    race(&Pool::over(store.clone()), rounds(ROUNDS_ON_A_SERVER)).await;
    store.close().await;
}

#[cfg(feature = "dynamodb")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_many_gets_the_one_task_in_dynamodb() {
    let store = crate::dynamodb::store().await;
    race(&Pool::over(store.clone()), rounds(ROUNDS_ON_DYNAMODB)).await;
    store.delete().await.expect("the table goes with its case");
}

fn rounds(unless_said: usize) -> usize {
    std::env::var("RACE_ROUNDS").map_or(unless_said, |rounds| rounds.parse().expect("a number of rounds"))
}

/// Half the workers ask to be given work, half to be offered some.
async fn race(pool: &Pool, rounds: usize) {
    pool.repo("demo", 100).await;
    let mut workers: Vec<Caller> = Vec::new();
    for _ in 0..WORKERS {
        workers.push(pool.single().await);
    }
    for round in 0..rounds {
        let task = pool.task("demo", &format!("{round}")).await;
        let mut asking = JoinSet::new();
        for (index, worker) in workers.iter().cloned().enumerate() {
            let pool = pool.clone();
            asking.spawn(async move {
                if (index + round) % 2 == 0 {
                    pool.fetch(&worker).await
                } else {
                    pool.offers(&worker).await.into_iter().map(|(task, _)| task).collect()
                }
            });
        }
        let given = asking.join_all().await.concat();
        assert_eq!(given, from_ref(&task), "round {round}");
        pool.act(&task, TaskAction::Cancel).await;
    }
    pool.check().await;
}
