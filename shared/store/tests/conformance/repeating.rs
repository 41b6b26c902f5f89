//! Calls under an idempotency key, and what else is kept for a time only.

use crate::pool::{Pool, spec};
use owp_logic::analytics::{DAY_MS, Figures, Tally, Whose, day_of};
use owp_logic::idempotency::IdempotentCall;
use owp_logic::limits::{FIGURES_KEPT_DAYS, IDEMPOTENCY_TTL_S};
use owp_logic::operations::{CreateTask, KeepBooks, TaskStands};
use owp_logic::{Actor, BookName, Key, Refusal, Seal};
use owp_wire::{RepoName, Timestamp};
use serde_json::json;

pub async fn a_repeated_call_is_answered_again_and_carried_out_once(pool: &Pool) {
    pool.repo("demo", 5).await;
    let first = create(pool, "k1", "f1", "demo").await.unwrap();
    let events = pool.events().await.len();
    assert_eq!(create(pool, "k1", "f1", "demo").await.unwrap(), first);
    assert_eq!(pool.events().await.len(), events);
    assert_ne!(create(pool, "k2", "f1", "demo").await.unwrap(), first);
}

pub async fn a_key_used_for_another_request_is_refused(pool: &Pool) {
    pool.repo("demo", 5).await;
    create(pool, "k1", "f1", "demo").await.unwrap();
    let before = pool.everything().await;
    assert_eq!(create(pool, "k1", "f2", "demo").await.unwrap_err(), Refusal::IdempotencyKeyReused);
    assert!(before == pool.everything().await);
}

pub async fn a_refused_call_leaves_its_key_unused(pool: &Pool) {
    create(pool, "k1", "f1", "demo").await.unwrap_err();
    assert_eq!(pool.record(Key::Idempotency("k1".into())).await, None);
    pool.repo("demo", 5).await;
    create(pool, "k1", "f1", "demo").await.unwrap();
}

pub async fn a_key_is_honoured_for_a_day(pool: &Pool) {
    pool.repo("demo", 5).await;
    let first = create(pool, "k1", "f1", "demo").await.unwrap();
    pool.later(IDEMPOTENCY_TTL_S);
    pool.later_ms(-1);
    assert_eq!(create(pool, "k1", "f1", "demo").await.unwrap(), first);
    pool.later_ms(1);
    let second = create(pool, "k1", "f2", "demo").await.unwrap();
    assert_ne!(second, first);
    assert_eq!(create(pool, "k1", "f2", "demo").await.unwrap(), second, "it is honoured anew");
}

pub async fn pruning_drops_only_what_is_honoured_no_more(pool: &Pool) {
    pool.repo("demo", 5).await;
    for index in 0..5 {
        create(pool, &format!("old {index}"), "f", "demo").await.unwrap();
    }
    pool.later(1);
    create(pool, "young", "f", "demo").await.unwrap();
    pool.later(IDEMPOTENCY_TTL_S - 1);
    pool.later_ms(-1);
    assert_eq!(pool.store.prune(pool.now()).await.unwrap(), 0);
    pool.later_ms(1);
    // A database that drops what is old by itself has nothing to prune.
    let pruned = pool.store.prune(pool.now()).await.unwrap();
    assert!([0, 5].contains(&pruned), "{pruned} were pruned");
    assert_eq!(pool.store.prune(pool.now()).await.unwrap(), 0);
    assert_eq!(pool.record(Key::Idempotency("old 3".into())).await.is_none(), pruned == 5);
    let events = pool.events().await.len();
    create(pool, "young", "f", "demo").await.unwrap();
    assert_eq!(pool.events().await.len(), events, "it is honoured still");
    create(pool, "old 3", "another", "demo").await.unwrap();
    assert_eq!(pool.events().await.len(), events + 1, "it can be used anew");
}

pub async fn figures_of_a_day_are_kept_for_two_years(pool: &Pool) {
    let (first, mut after) = (day_of(pool.now()), None);
    for batch in 1..=3 {
        let day = first + i64::try_from(batch).unwrap();
        let figures = Figures { created: 1, ..Figures::default() };
        let tally = Tally { days: [((Whose::Pool, day), figures)].into(), ..Tally::default() };
        let (until, last_at, words) = (batch.to_string(), pool.now(), json!({}));
        let seal = Seal { batch, after: after.replace(until.clone()), until, last_at, words };
        assert!(pool.run(Actor::System, None, KeepBooks { seal, tally }).await.unwrap().unwrap());
    }
    let kept = async || {
        let mut kept = 0;
        for day in first + 1..=first + 3 {
            kept += usize::from(pool.record(Key::Book(BookName::Day(Whose::Pool, day))).await.is_some());
        }
        kept
    };
    pool.go_to(Timestamp::from_millis((first + 1 + i64::from(FIGURES_KEPT_DAYS)) * DAY_MS));
    assert_eq!((pool.store.prune(pool.now()).await.unwrap(), kept().await), (0, 3));
    pool.later(24 * 3600);
    let pruned = pool.store.prune(pool.now()).await.unwrap();
    assert!([0, 1].contains(&pruned), "{pruned} were pruned");
    assert_eq!((pool.store.prune(pool.now()).await.unwrap(), kept().await), (0, 3 - pruned));
    let seal = pool.record(Key::Book(BookName::Seal(1))).await;
    assert!(seal.is_some(), "what holds the trail together stays");
}

async fn create(pool: &Pool, key: &str, fingerprint: &str, repo: &str) -> Result<TaskStands, Refusal> {
    let call = IdempotentCall { key: key.into(), fingerprint: fingerprint.into() };
    let operation = CreateTask { repo: RepoName(repo.into()), spec: spec("a"), depends_on: vec![] };
    pool.run(Actor::Admin, Some(call), operation).await.expect("the store works")
}
