//! Who may work where: trust, lists by handle, and the reputation that comes of what workers did.

use crate::pool::{Pool, edit, repo};
use owp_logic::operations::{GetAdmission, GetReputation, PutAdmission, PutRepo, SetTrustTier, UpdateTask};
use owp_logic::refusal::OfferGoneBecause;
use owp_logic::reputation::Reputation;
use owp_logic::{Caller, Refusal};
use owp_wire::{ReleaseReason, RepoName, ReportedStatus, RunningLeases, TaskAction, TaskId, TrustTier};
use std::slice::from_ref;

fn put(name: &str) -> PutRepo {
    PutRepo { max_open_prs: Some(50), ..repo(name) }
}

fn lists(allowed: Option<&[&str]>, denied: Option<&[&str]>) -> PutAdmission {
    let handles = |list: Option<&[&str]>| list.map(crate::pool::strings);
    PutAdmission { repo: RepoName("demo".into()), allowed: handles(allowed), denied: handles(denied) }
}

async fn named(pool: &Pool, handle: &str, verified: bool) -> Caller {
    pool.worker_with(|worker| {
        (worker.github_handle, worker.handle_verified) = (Some(handle.into()), verified);
        worker.max_concurrent_tasks = 1;
    })
    .await
}

pub async fn a_repository_can_ask_for_trust(pool: &Pool) {
    pool.admin(PutRepo { trust_tier_min: Some(TrustTier::Basic), ..put("demo") }).await;
    let task = pool.task("demo", "a").await;
    let worker = pool.single().await;
    assert_eq!(pool.fetch(&worker).await, []);
    let (worker_id, reason) = (worker.worker_id.clone(), "three merged".into());
    let tier = TrustTier::Basic;
    let set = SetTrustTier { worker_id, tier, reason, leases: RunningLeases::LetRun, handle_verified: None };
    pool.admin(set).await;
    assert_eq!(pool.fetch(&worker).await, [task]);
    // And it can stop asking for it.
    pool.task("demo", "b").await;
    let other = pool.single().await;
    assert_eq!(pool.fetch(&other).await, []);
    pool.admin(PutRepo { trust_tier_min: Some(TrustTier::Untrusted), ..repo("demo") }).await;
    assert_eq!(pool.fetch(&other).await.len(), 1);
}

pub async fn a_denied_handle_gets_nothing_of_the_repository(pool: &Pool) {
    pool.admin(put("demo")).await;
    pool.admin(put("owner/other")).await;
    pool.task_with("demo", "a", |spec| spec.priority = 99).await;
    let elsewhere = pool.task("owner/other", "b").await;
    pool.admin(lists(None, Some(&["Spam-Bot", "other"]))).await;
    let denied = named(pool, "spam-BOT", false).await;
    assert_eq!(pool.fetch(&denied).await, [elsewhere]);
    let anybody = pool.single().await;
    assert_eq!(pool.fetch(&anybody).await.len(), 1);
}

pub async fn an_allow_list_lets_verified_handles_in(pool: &Pool) {
    pool.admin(PutRepo { allow_listed_only: Some(true), ..put("demo") }).await;
    for title in ["a", "b"] {
        pool.task("demo", title).await;
    }
    let (claims, proves) = (named(pool, "alice", false).await, named(pool, "alice", true).await);
    assert_eq!(pool.fetch(&proves).await, [], "nobody is on the list yet");
    pool.admin(lists(Some(&["Alice"]), None)).await;
    assert_eq!(pool.fetch(&claims).await, []);
    assert_eq!(pool.fetch(&proves).await.len(), 1);
    let (tier, leases) = (TrustTier::Untrusted, RunningLeases::LetRun);
    let worker_id = claims.worker_id.clone();
    let set = SetTrustTier { worker_id, tier, reason: "I know her".into(), leases, handle_verified: Some(true) };
    pool.admin(set).await;
    assert_eq!(pool.fetch(&claims).await.len(), 1);
}

pub async fn lists_are_replaced_one_by_one(pool: &Pool) {
    pool.admin(put("demo")).await;
    let read = || GetAdmission { repo: RepoName("demo".into()) };
    assert_eq!(pool.admin(read()).await.1.allowed, Vec::<String>::new());
    pool.admin(lists(Some(&["b", "A", "a"]), Some(&["z"]))).await;
    let (repo, both) = pool.admin(lists(None, Some(&[]))).await;
    assert_eq!((both.allowed.clone(), both.denied), (vec!["a".to_owned(), "b".to_owned()], vec![]));
    assert!(repo.has_lists);
    assert_eq!(pool.admin(read()).await.1.allowed, both.allowed);
    assert!(!pool.admin(lists(Some(&[]), None)).await.0.has_lists, "an empty list costs nobody a look");
    let many: Vec<String> = (0..1001).map(|index| format!("h{index}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert!(matches!(pool.refusal_admin(lists(Some(&many), None)).await, Refusal::TooMany { .. }));
    let nowhere = GetAdmission { repo: RepoName("owner/none".into()) };
    assert!(matches!(pool.refusal_admin(nowhere).await, Refusal::RepoNotFound { .. }));
}

async fn reputation(pool: &Pool, caller: &Caller) -> Reputation {
    let get = GetReputation { caller: Some(caller.clone()), worker_id: caller.worker_id.clone() };
    pool.by(caller, get).await.track.reputation(pool.now())
}

/// Has a task of its own done by the worker up to its pull request.
async fn open(pool: &Pool, worker: &Caller) -> TaskId {
    let task = pool.task("demo", "a").await;
    assert_eq!(pool.fetch(worker).await, from_ref(&task));
    pool.report(worker, &task, ReportedStatus::PrOpened).await;
    task
}

pub async fn every_ending_counts_as_the_docs_say(pool: &Pool) {
    pool.admin(put("demo")).await;
    let worker = pool.single().await;
    let task = open(pool, &worker).await;
    assert_eq!(reputation(pool, &worker).await.total_tasks, 0, "nothing has come of it yet");
    pool.act(&task, TaskAction::Merge).await;
    let merged = reputation(pool, &worker).await;
    assert_eq!((merged.score, merged.completion_rate, merged.avg_pr_quality), (32.1, Some(1.0), Some(5.0)));
    assert_eq!((merged.on_time_delivery, merged.small_sample), (Some(1.0), true));

    let task = open(pool, &worker).await;
    pool.act(&task, TaskAction::RequestChanges).await;
    pool.report(&worker, &task, ReportedStatus::PrOpened).await;
    pool.act(&task, TaskAction::RequestChanges).await;
    pool.report(&worker, &task, ReportedStatus::PrOpened).await;
    pool.act(&task, TaskAction::Merge).await;
    assert_eq!(reputation(pool, &worker).await.avg_pr_quality, Some(4.0), "5, and 3 after two rounds");

    let task = open(pool, &worker).await;
    pool.act(&task, TaskAction::Close).await;
    assert_eq!(reputation(pool, &worker).await.completion_rate, Some(0.667));

    let task = pool.task("demo", "a").await;
    pool.fetch(&worker).await;
    pool.later(pool.rules().lease_ttl_s);
    pool.settle().await;
    assert_eq!(reputation(pool, &worker).await.completion_rate, Some(0.5), "what ran out counts against it");
    pool.act(&task, TaskAction::Cancel).await;

    let task = pool.task("demo", "a").await;
    pool.fetch(&worker).await;
    let mut fair = crate::pool::release(&worker, &pool.lease_of(&task).await);
    fair.reason = ReleaseReason::UnclearRequirements;
    pool.by(&worker, fair).await;
    assert_eq!(reputation(pool, &worker).await.total_tasks, 4, "a fair release counts for nothing");
}

pub async fn a_rating_counts_whenever_it_is_given(pool: &Pool) {
    pool.admin(put("demo")).await;
    let (early, late, unrated) = (pool.single().await, pool.single().await, pool.single().await);
    let rate = |task: &TaskId, rating| UpdateTask { rating: Some(rating), ..edit(task) };
    let task = open(pool, &early).await;
    pool.admin(UpdateTask { action: Some(TaskAction::Merge), ..rate(&task, 2) }).await;
    let task = open(pool, &late).await;
    pool.act(&task, TaskAction::Merge).await;
    pool.admin(rate(&task, 4)).await;
    pool.admin(rate(&task, 2)).await;
    let task = open(pool, &unrated).await;
    pool.act(&task, TaskAction::Merge).await;
    let (early, late) = (reputation(pool, &early).await, reputation(pool, &late).await);
    assert_eq!(early, late);
    assert_eq!(early.avg_pr_quality, Some(2.0));
    assert!(early.score < reputation(pool, &unrated).await.score);
    let nothing = pool.task("demo", "b").await;
    assert_eq!(pool.refusal_admin(rate(&nothing, 3)).await, Refusal::NothingToRate);
}

pub async fn a_revert_counts_as_if_it_had_never_been_merged(pool: &Pool) {
    pool.admin(put("demo")).await;
    let (reverted, closed) = (pool.single().await, pool.single().await);
    let task = open(pool, &reverted).await;
    pool.act(&task, TaskAction::Merge).await;
    let before = reputation(pool, &reverted).await.score;
    pool.act(&task, TaskAction::Revert).await;
    let task = open(pool, &closed).await;
    pool.act(&task, TaskAction::Close).await;
    let after = reputation(pool, &reverted).await;
    assert!(after.score < before);
    assert!(after.score.total_cmp(&reputation(pool, &closed).await.score).is_eq());
}

pub async fn doing_tasks_one_filed_oneself_earns_nothing(pool: &Pool) {
    pool.admin(put("demo")).await;
    let worker = named(pool, "alice", false).await;
    for _ in 0..20 {
        let task = pool.task_with("demo", "trivial", |spec| spec.filed_by = Some("Alice".into())).await;
        assert_eq!(pool.fetch(&worker).await, from_ref(&task));
        pool.report(&worker, &task, ReportedStatus::PrOpened).await;
        pool.report(&worker, &task, ReportedStatus::Merged).await;
    }
    let newcomer = pool.single().await;
    assert_eq!(reputation(pool, &worker).await, reputation(pool, &newcomer).await);
}

pub async fn what_matters_is_shown_to_the_reputable_first(pool: &Pool) {
    pool.admin(put("demo")).await;
    let proven = pool.single().await;
    for _ in 0..5 {
        let task = open(pool, &proven).await;
        pool.act(&task, TaskAction::Merge).await;
    }
    // Five clean merges are a score of 62.2, none is 16.4.
    let window = PutRepo { reputation_bar: Some(60), reputation_window_s: Some(1000), ..repo("demo") };
    pool.admin(window).await;
    let newcomer = pool.single().await;
    let urgent = pool.task_with("demo", "urgent", |spec| spec.priority = 90).await;
    let usual = pool.task_with("demo", "usual", |spec| spec.priority = 10).await;
    assert_eq!(pool.fetch(&newcomer).await, [usual], "what is below the line is shown to all at once");
    let another = pool.single().await;
    assert_eq!(pool.fetch(&another).await, []);
    pool.later(726);
    assert_eq!(pool.fetch(&another).await, [], "the bar is at 16.44");
    pool.later(1);
    assert_eq!(pool.fetch(&another).await, [urgent], "the bar has fallen to 16.4");
    let next = pool.task_with("demo", "next", |spec| spec.priority = 90).await;
    assert_eq!(pool.fetch(&proven).await, [next], "who passes the bar sees it at once");
}

pub async fn hidden_tasks_in_front_do_not_hide_others(pool: &Pool) {
    pool.admin(PutRepo { reputation_bar: Some(90), ..put("demo") }).await;
    pool.admin(put("owner/other")).await;
    for index in 0..60 {
        pool.task_with("demo", &format!("hidden {index}"), |spec| spec.priority = 100).await;
    }
    let shown = pool.task_with("demo", "shown", |spec| spec.priority = 1).await;
    let elsewhere = pool.task_with("owner/other", "elsewhere", |spec| spec.priority = 1).await;
    let worker = pool.worker_with(|worker| worker.max_concurrent_tasks = 3).await;
    let mut given = pool.fetch(&worker).await;
    given.sort();
    let mut expected = vec![shown, elsewhere];
    expected.sort();
    assert_eq!(given, expected);
}

pub async fn hidden_areas_in_front_do_not_hide_others(pool: &Pool) {
    pool.admin(PutRepo { reputation_bar: Some(90), ..put("demo") }).await;
    for area in 0..8 {
        pool.task_with("demo", "hidden", |spec| (spec.area, spec.priority) = (Some(format!("a{area}")), 80)).await;
    }
    for _ in 0..80 {
        pool.task_with("demo", "hidden", |spec| (spec.area, spec.priority) = (Some("behind".into()), 60)).await;
    }
    let behind = pool.task_with("demo", "shown", |spec| (spec.area, spec.priority) = (Some("behind".into()), 20)).await;
    let shown = pool.task_with("demo", "shown", |spec| (spec.area, spec.priority) = (Some("z".into()), 10)).await;
    let worker = pool.worker().await;
    let mut given = pool.fetch(&worker).await;
    given.sort();
    let mut expected = vec![behind, shown];
    expected.sort();
    assert_eq!(given, expected);
}

pub async fn who_was_shut_out_meanwhile_can_not_accept(pool: &Pool) {
    pool.admin(put("demo")).await;
    pool.task("demo", "a").await;
    let worker = named(pool, "alice", false).await;
    let (_, offer) = pool.offers(&worker).await.remove(0);
    pool.admin(lists(None, Some(&["alice"]))).await;
    let refusal = pool.refusal_by(&worker, crate::offering::accept(&worker, &offer)).await;
    assert_eq!(refusal, Refusal::OfferGone(OfferGoneBecause::NoLongerFits));
}
