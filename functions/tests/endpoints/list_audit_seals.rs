//! `GET /v1/audit/seals`

use crate::pool::{AUDIT_KEY, Ask, Pool, text};
use owp_chain::{Sealer, Verifier};
use owp_functions::books;
use serde_json::{Value, json};

#[tokio::test]
async fn seals_are_listed_newest_first_and_lead_from_one_to_the_next() {
    let pool = Pool::new();
    let empty = pool.get("/v1/audit/seals").await.ok(200);
    assert_eq!((&empty["seals"], &empty["batches"], &empty["pruned"]), (&json!([]), &json!(0), &json!(0)));
    for number in 0..5 {
        pool.repo(&format!("o/r{number}"), 1).await;
        books::keep(&pool.app, "r_test").await.unwrap();
    }
    let (mut seals, mut cursor): (Vec<Value>, _) = (Vec::new(), String::new());
    loop {
        let page = pool.get(&format!("/v1/audit/seals?limit=2{cursor}")).await.ok(200);
        assert_eq!(page["batches"], json!(5));
        seals.extend(page["seals"].as_array().unwrap().iter().cloned());
        if page["next_cursor"].is_null() {
            break;
        }
        cursor = format!("&cursor={}", text(&page["next_cursor"]));
    }
    let numbers: Vec<u64> = seals.iter().map(|seal| seal["batch"].as_u64().unwrap()).collect();
    assert_eq!(numbers, [5, 4, 3, 2, 1]);
    let mut verifier = Verifier::trusting([Sealer::from_secret(AUDIT_KEY).public_key()]);
    for seal in seals.into_iter().rev() {
        verifier.pruned(serde_json::from_value(seal).unwrap()).expect("each leads to the next");
    }
}

#[tokio::test]
async fn places_that_there_are_not_are_refused() {
    let pool = Pool::new();
    // "9" and "x"
    for cursor in ["OQ", "eA"] {
        pool.get(&format!("/v1/audit/seals?cursor={cursor}")).await.refused(404, "cursor_not_found");
    }
    pool.ask(Ask::get("/v1/audit/seals")).await.refused(401, "unauthenticated");
}
