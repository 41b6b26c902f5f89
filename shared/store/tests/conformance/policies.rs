//! The policy file of a repository: what of it counts, and from when.

use crate::following::{REPO, linked, repo};
use crate::pool::Pool;
use owp_logic::QuietHours;
use owp_logic::github::policy::{Budget, PathRules};
use owp_logic::github::{Place, Policy, PolicyFault};
use owp_logic::operations::{AcceptPolicy, LinkRepo};
use owp_wire::{RepoName, SyncType};

async fn accept(pool: &Pool, blob_sha: Option<&str>, read: Result<Policy, Vec<PolicyFault>>) -> bool {
    pool.admin(AcceptPolicy { repo: repo(), blob_sha: blob_sha.map(str::to_owned), read }).await
}

fn budget(max_open_prs: u32) -> Policy {
    Policy { budget: Budget { max_open_prs: Some(max_open_prs), ..Budget::default() }, ..Policy::default() }
}

fn fault(because: &str) -> PolicyFault {
    PolicyFault { pointer: "/size".into(), because: because.into(), place: Some(Place { line: 3, column: 1 }) }
}

pub async fn a_policy_counts_as_soon_as_it_is_accepted(pool: &Pool) {
    linked(pool).await;
    pool.task(REPO, "first").await;
    pool.task(REPO, "second").await;
    let worker = pool.worker().await;
    assert!(accept(pool, Some("a"), Ok(budget(0))).await);
    assert!(pool.fetch(&worker).await.is_empty(), "a budget of nothing gives nothing");
    assert!(accept(pool, Some("b"), Ok(budget(1))).await);
    assert_eq!(pool.fetch(&worker).await.len(), 1, "it is open again, for one");
    let paths = PathRules { allow: vec!["src/".into()], deny: vec![] };
    assert!(accept(pool, Some("c"), Ok(Policy { paths: paths.clone(), ..Policy::default() })).await);
    let found = pool.get_repo(REPO).await;
    assert_eq!(found.max_open_prs, 1, "what a file leaves out stays as it is set");
    let accepted = found.github.expect("it is linked").policy.expect("it was accepted");
    assert_eq!((accepted.policy.paths, accepted.blob_sha.as_deref()), (paths, Some("c")));
}

pub async fn quiet_hours_of_a_policy_close_the_repository(pool: &Pool) {
    linked(pool).await;
    pool.task(REPO, "a task").await;
    let worker = pool.worker().await;
    // Pools of these cases begin at one in the morning.
    let quiet = QuietHours { days: vec![], from_minute: 0, to_minute: 120 };
    let policy = Policy { quiet_hours: Some(vec![quiet]), ..Policy::default() };
    assert!(accept(pool, Some("a"), Ok(policy)).await);
    assert!(pool.fetch(&worker).await.is_empty());
    pool.later(3600);
    assert_eq!(pool.fetch(&worker).await.len(), 1);
}

pub async fn the_same_state_of_a_file_changes_nothing(pool: &Pool) {
    linked(pool).await;
    assert!(accept(pool, Some("a"), Ok(budget(2))).await);
    let before = pool.everything().await;
    assert!(!accept(pool, Some("a"), Ok(budget(2))).await);
    assert!(before == pool.everything().await, "accepted again, it wrote something");
    // What a maintainer sets afterwards stays until the file changes.
    pool.repo(REPO, 7).await;
    assert!(!accept(pool, Some("a"), Ok(budget(2))).await);
    assert_eq!(pool.get_repo(REPO).await.max_open_prs, 7);
}

pub async fn of_a_file_with_a_mistake_nothing_is_followed(pool: &Pool) {
    linked(pool).await;
    assert!(accept(pool, Some("a"), Ok(budget(2))).await);
    assert!(accept(pool, Some("b"), Err(vec![fault("is no mapping"), fault(&"x".repeat(5000))])).await);
    let found = pool.get_repo(REPO).await;
    let accepted = found.github.clone().expect("it is linked").policy.expect("one counts");
    assert_eq!((found.max_open_prs, &accepted.policy, accepted.blob_sha.as_deref()), (2, &budget(2), Some("b")));
    assert_eq!((accepted.faults.len(), accepted.faults[0].as_str()), (2, "line 3, column 1, /size: is no mapping"));
    assert!(accepted.faults[1].len() <= 500, "a record stays small");
    let many = accept(pool, Some("c"), Err(vec![fault("is no mapping"); 40])).await;
    assert!(many && pool.get_repo(REPO).await.github.expect("linked").policy.expect("one counts").faults.len() == 10);
    assert!(accept(pool, Some("d"), Ok(budget(3))).await);
    let found = pool.get_repo(REPO).await;
    assert_eq!((found.max_open_prs, found.github.expect("linked").policy.expect("one counts").faults), (3, vec![]));
    // One that is taken away leaves the settings that it made.
    assert!(accept(pool, None, Ok(Policy::default())).await);
    let found = pool.get_repo(REPO).await;
    assert_eq!((found.max_open_prs, found.github.expect("linked").policy), (3, None));
}

pub async fn where_nothing_is_linked_no_policy_counts(pool: &Pool) {
    pool.repo(REPO, 5).await;
    let before = pool.everything().await;
    assert!(!accept(pool, Some("a"), Ok(budget(2))).await);
    let elsewhere = AcceptPolicy { repo: RepoName("no/where".into()), blob_sha: Some("a".into()), read: Ok(budget(2)) };
    assert!(!pool.admin(elsewhere).await);
    assert!(before == pool.everything().await, "it wrote something");
    let link = LinkRepo { repo: repo(), sync: SyncType::Import, write: None, admission: None };
    pool.admin(link).await;
    assert!(accept(pool, Some("a"), Ok(budget(2))).await);
    assert_eq!(pool.get_repo(REPO).await.max_open_prs, 2);
}
