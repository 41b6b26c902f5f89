//! `GET /v1/work?wait_s=…`: waiting for work. Time stands still in these tests and moves when everybody waits.

use crate::pool::{Ask, Pool, Worker};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

async fn empty_pool() -> (Pool, Worker) {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    let worker = pool.roomy_worker().await;
    (pool, worker)
}

/// Asks and says how long the answer took.
fn waiting(pool: &Pool, worker: &Worker, wait_s: u32) -> JoinHandle<(Value, Duration)> {
    let (pool, worker) = (pool.clone(), worker.clone());
    tokio::spawn(async move {
        let asked = Instant::now();
        let work = pool.ask(Ask::get(&format!("/v1/work?wait_s={wait_s}")).by(&worker)).await.ok(200);
        (work, asked.elapsed())
    })
}

fn held(work: &Value) -> usize {
    work["leases"].as_array().expect("a list").len()
}

#[tokio::test(start_paused = true)]
async fn without_work_the_answer_comes_when_the_wait_is_over() {
    let (pool, worker) = empty_pool().await;
    for wait_s in [0, 1, 60] {
        let (work, took) = waiting(&pool, &worker, wait_s).await.unwrap();
        assert_eq!(held(&work), 0);
        let expected = Duration::from_secs(wait_s.into());
        assert!((expected..expected + Duration::from_millis(50)).contains(&took), "{wait_s}: {took:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_may_wait_less_than_it_is_asked_to() {
    for (wait_max_s, poll_after_s) in [(20, 1), (0, 30)] {
        let pool = Pool::with(|settings| settings.wait_max_s = wait_max_s);
        let worker = pool.roomy_worker().await;
        let (work, took) = waiting(&pool, &worker, 60).await.unwrap();
        assert_eq!((took.as_secs(), &work["poll_after_s"]), (wait_max_s.into(), &json!(poll_after_s)));
    }
}

#[tokio::test(start_paused = true)]
async fn work_that_appears_is_given_at_once() {
    let (pool, worker) = empty_pool().await;
    let asking = waiting(&pool, &worker, 60);
    sleep(Duration::from_secs(20)).await;
    pool.task(json!({})).await;
    let (work, took) = asking.await.unwrap();
    assert_eq!(held(&work), 1);
    assert!(took < Duration::from_millis(20_500), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn work_that_becomes_possible_is_given_at_once() {
    let (pool, worker) = empty_pool().await;
    pool.repo("demo", 0).await;
    pool.task(json!({})).await;
    let asking = waiting(&pool, &worker, 60);
    sleep(Duration::from_secs(5)).await;
    // Something else happens first.
    pool.repo("owner/other", 1).await;
    sleep(Duration::from_secs(5)).await;
    pool.repo("demo", 1).await;
    let (work, took) = asking.await.unwrap();
    assert_eq!(held(&work), 1);
    assert!(took < Duration::from_millis(10_500), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn who_holds_work_does_not_wait() {
    let (pool, worker) = empty_pool().await;
    pool.task(json!({})).await;
    pool.fetch(&worker).await;
    let (work, took) = waiting(&pool, &worker, 60).await.unwrap();
    assert_eq!((held(&work), took.as_secs()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn of_many_who_wait_one_gets_the_task() {
    let (pool, worker) = empty_pool().await;
    let mut asking = vec![waiting(&pool, &worker, 30)];
    for _ in 0..7 {
        let worker = pool.roomy_worker().await;
        asking.push(waiting(&pool, &worker, 30));
    }
    sleep(Duration::from_secs(1)).await;
    pool.task(json!({})).await;
    let mut given = 0;
    for answer in asking {
        given += held(&answer.await.unwrap().0);
    }
    assert_eq!(given, 1);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_stops_answers_at_once_with_what_there_is() {
    let (pool, worker) = empty_pool().await;
    let asking = waiting(&pool, &worker, 60);
    sleep(Duration::from_secs(7)).await;
    pool.app.drain();
    let (work, took) = asking.await.unwrap();
    assert_eq!((held(&work), took.as_secs()), (0, 7));
    let (_, took) = waiting(&pool, &worker, 60).await.unwrap();
    assert_eq!(took.as_secs(), 0, "who asks now does not wait either");
}

#[tokio::test(start_paused = true)]
async fn a_worker_revoked_while_it_waits_is_told() {
    let (pool, worker) = empty_pool().await;
    let asking = {
        let (pool, worker) = (pool.clone(), worker.clone());
        tokio::spawn(async move { pool.ask(Ask::get("/v1/work?wait_s=60").by(&worker)).await })
    };
    sleep(Duration::from_secs(3)).await;
    pool.revoke(&worker).await;
    asking.await.unwrap().refused(401, "token_revoked");
}
