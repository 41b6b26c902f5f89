//! Who calls too often is told so before anything is read, and nobody else notices.

use crate::pool::{ADMIN_TOKEN, Answer, Ask, Pool, Worker};
use axum::body::{Body, Bytes};
use owp_functions::limits::RateLimits;
use serde_json::json;

fn pool() -> Pool {
    Pool::with(|settings| {
        settings.rate_limits = RateLimits::Times(0.1);
        settings.trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()];
    })
}

/// Asks until refused, and says after how many calls that was.
async fn until_refused(pool: &Pool, ask: impl Fn() -> Ask) -> (usize, Answer) {
    for calls in 0..1000 {
        let answer = pool.ask(ask()).await;
        if answer.status == 429 {
            return (calls, answer);
        }
    }
    panic!("nothing limits this");
}

#[tokio::test]
async fn a_noisy_worker_is_refused_and_the_others_are_served() {
    let pool = pool();
    let (noisy, calm) = (pool.roomy_worker().await, pool.roomy_worker().await);
    let mut refused = 0;
    for minute_tenth in 0..10 {
        // Ten times what it may: 30 calls in a tenth of the minute.
        for _ in 0..30 {
            refused += usize::from(pool.ask(Ask::get("/v1/work").by(&noisy)).await.status == 429);
        }
        let served = pool.ask(Ask::get("/v1/work").by(&calm)).await;
        assert_eq!(served.status, 200, "in tenth {minute_tenth}");
        pool.ask(Ask::get("/healthz").by(&noisy)).await.ok(200);
        pool.ask(Ask::get("/readyz").by(&noisy)).await.ok(200);
        pool.clock.advance_s(6);
    }
    // The quota at once, and what came back of it in nine tenths of the minute.
    assert_eq!(refused, 300 - 30 - 27);
}

#[tokio::test]
async fn the_refusal_says_how_long_to_wait_and_waiting_so_long_helps() {
    let pool = pool();
    let worker = pool.roomy_worker().await;
    let (calls, refused) = until_refused(&pool, || Ask::get("/v1/work").by(&worker)).await;
    assert_eq!(calls, 30);
    assert_eq!(refused.header("retry-after"), Some("2"));
    assert_eq!(refused.header("ratelimit-policy"), Some("\"worker\";q=30;w=60"));
    assert_eq!(refused.header("ratelimit"), Some("\"worker\";r=0;t=60"));
    let problem = refused.refused(429, "rate_limited");
    assert_eq!(problem["detail"], "this worker has used its 30 calls in 60 s; try again in 2 s");
    pool.clock.advance_ms(1999);
    pool.ask(Ask::get("/v1/work").by(&worker)).await.refused(429, "rate_limited");
    pool.clock.advance_ms(1);
    pool.ask(Ask::get("/v1/work").by(&worker)).await.ok(200);
    pool.ask(Ask::get("/v1/work").by(&worker)).await.refused(429, "rate_limited");
}

#[tokio::test]
async fn answers_say_what_is_left_and_unlimited_ones_do_not() {
    let pool = pool();
    let worker = pool.roomy_worker().await;
    let first = pool.ask(Ask::get("/v1/work").by(&worker)).await;
    assert_eq!(first.header("ratelimit"), Some("\"worker\";r=29;t=2"));
    // A call that is refused for another reason counts too.
    let wrong = pool.ask(Ask::get("/v1/work?wait_s=soon").by(&worker)).await;
    assert_eq!((wrong.status, wrong.header("ratelimit")), (400, Some("\"worker\";r=28;t=4")));
    assert_eq!(pool.ask(Ask::get("/healthz").by(&worker)).await.header("ratelimit"), None);
    let told = pool.ask(Ask::get("/v1/server").by(&worker)).await.ok(200);
    assert_eq!(told["rate_left"], json!({ "policy": "worker", "remaining": 27, "resets_in_s": 6 }));
    assert_eq!(told["limits"]["rates"][0], json!({ "policy": "worker", "quota": 30, "window_s": 60 }));
    let unlimited = Pool::new().ask(Ask::get("/v1/server")).await;
    assert_eq!(unlimited.header("ratelimit-policy"), None);
    assert!(unlimited.body.get("rate_left").is_none() && unlimited.body["limits"].get("rates").is_none());
}

#[tokio::test]
async fn registration_has_a_limit_of_its_own_which_a_workers_token_does_not_lift() {
    let pool = pool();
    let body = json!({ "name": "Alice" });
    let worker = pool.roomy_worker().await;
    let register = || Ask::post("/v1/workers/register", &body);
    let (calls, refused) = until_refused(&pool, || register().by(&worker)).await;
    assert_eq!((calls, refused.header("retry-after")), (2, Some("1200")));
    pool.ask(register()).await.refused(429, "rate_limited");
    pool.ask(register().by_admin()).await.ok(201);
    pool.ask(register().from("192.0.2.1")).await.ok(201);
    pool.ask(Ask::get("/v1/work").by(&worker)).await.ok(200);
}

#[tokio::test]
async fn whoever_tries_tokens_is_counted_by_address() {
    let pool = pool();
    let worker = pool.roomy_worker().await;
    let guess = |number: usize| {
        let ask = match number % 4 {
            0 => Ask::get("/v1/admin/state").header("x-admin-token", &format!("{ADMIN_TOKEN}?")),
            1 => Ask::get("/v1/work").bearer("guessed"),
            2 => Ask::get("/nowhere"),
            // A worker's own token does not hide that it tries the administrator's.
            _ => Ask::get("/v1/work").by(&worker).header("x-admin-token", "guessed"),
        };
        ask.from("192.0.2.1")
    };
    for number in 0..12 {
        assert_ne!(pool.ask(guess(number)).await.status, 429, "{number}");
    }
    for number in 0..4 {
        pool.ask(guess(number)).await.refused(429, "rate_limited");
    }
    pool.ask(Ask::get("/v1/work").by(&worker).from("192.0.2.1")).await.ok(200);
    pool.ask(Ask::get("/v1/admin/state").by_admin().from("192.0.2.1")).await.ok(200);
    pool.ask(Ask::get("/v1/server").from("192.0.2.2")).await.ok(200);
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_client_has_its_own_limit_and_elsewhere_nobody_chooses_one() {
    let pool = pool();
    let ask = |peer: &str, said: &str| Ask::get("/v1/server").header("x-forwarded-for", said).from(peer);
    let (calls, _) = until_refused(&pool, || ask("10.0.0.1", "203.0.113.9, 198.51.100.7")).await;
    assert_eq!(calls, 12);
    pool.ask(ask("10.0.0.1", "198.51.100.8")).await.ok(200);
    pool.ask(ask("10.0.0.1", "a lie, 198.51.100.7, 10.0.0.2")).await.refused(429, "rate_limited");
    let mut number = 0;
    for _ in 0..12 {
        number += 1;
        pool.ask(ask("192.0.2.1", &format!("198.51.100.{number}"))).await.ok(200);
    }
    pool.ask(ask("192.0.2.1", "198.51.100.200")).await.refused(429, "rate_limited");
}

#[tokio::test]
async fn administrators_are_told_apart_by_address() {
    let pool = pool();
    let state = |address| Ask::get("/v1/admin/state").by_admin().from(address);
    let (calls, _) = until_refused(&pool, || state("192.0.2.1")).await;
    assert_eq!(calls, 120);
    pool.ask(state("192.0.2.2")).await.ok(200);
}

#[tokio::test]
async fn a_body_is_not_read_for_a_refusal() {
    let pool = pool();
    let worker = pool.roomy_worker().await;
    until_refused(&pool, || Ask::get("/v1/work").by(&worker)).await;
    // Whoever reads this body waits for ever.
    let endless = Body::from_stream(futures::stream::pending::<Result<Bytes, std::io::Error>>());
    let ask = Ask::new("POST", "/v1/workers/heartbeat").header("content-type", "application/json").body(endless);
    pool.ask(ask.by(&worker)).await.refused(429, "rate_limited");
    let before = pool.events().await;
    let report = json!({ "status": "paused" });
    pool.ask(Ask::post("/v1/workers/heartbeat", &report).by(&worker)).await.refused(429, "rate_limited");
    assert_eq!(pool.events().await, before);
}

#[tokio::test]
async fn who_is_revoked_or_calls_from_many_places_is_still_one_worker() {
    let pool = pool();
    let worker: Worker = pool.roomy_worker().await;
    pool.revoke(&worker).await;
    let mut place = 0_u8;
    for _ in 0..30 {
        place += 1;
        let ask = Ask::get("/v1/work").by(&worker).from(&format!("192.0.2.{place}"));
        pool.ask(ask).await.refused(401, "token_revoked");
    }
    pool.ask(Ask::get("/v1/work").by(&worker).from("192.0.2.99")).await.refused(429, "rate_limited");
}
