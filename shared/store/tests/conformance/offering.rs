//! Offers: what they hold, how they end, and that nobody loses by them.

use crate::pool::{Pool, edit, strings};
use owp_logic::operations::{
    AcceptOffer, ExplainTask, Fetched, PutAdmission, PutRepo, RegisterWorker, RejectOffer, RequestOffers, RevokeWorker,
    SetTrustTier, UpdateOwnWorker, UpdateTask,
};
use owp_logic::refusal::OfferGoneBecause;
use owp_logic::{Caller, EventKind, QuietHours, Refusal};
use owp_wire::{
    FitCode, OfferId, RejectReason, ReleaseReason, RepoName, ReportedStatus, RunningLeases, TaskAction, TaskId,
    TaskState, TrustTier, WorkMode,
};
use std::slice::from_ref;

pub fn accept(caller: &Caller, offer_id: &OfferId) -> AcceptOffer {
    AcceptOffer { caller: caller.clone(), offer_id: offer_id.clone() }
}

fn reject(caller: &Caller, offer_id: &OfferId, reason: RejectReason) -> RejectOffer {
    RejectOffer { caller: caller.clone(), offer_id: offer_id.clone(), reason, message: None }
}

/// The one task that is offered to the caller.
async fn the_offer(pool: &Pool, caller: &Caller) -> (TaskId, OfferId) {
    let mut offers = pool.offers(caller).await;
    assert_eq!(offers.len(), 1, "{offers:?}");
    offers.remove(0)
}

fn gone(because: OfferGoneBecause) -> Refusal {
    Refusal::OfferGone(because)
}

pub async fn an_accepted_offer_is_a_lease_like_any_other(pool: &Pool) {
    pool.repo("demo", 1).await;
    let (task, worker) = (pool.task("demo", "a").await, pool.single().await);
    let (offered, offer) = the_offer(pool, &worker).await;
    assert_eq!((offered, pool.state_of(&task).await), (task.clone(), TaskState::Offered));
    pool.later(299);
    let accepted = pool.by(&worker, accept(&worker, &offer)).await;
    let lease = accepted.task.lease.clone().expect("it was accepted");
    assert_eq!(lease.expires_at, pool.now().plus_s(pool.rules().lease_ttl_s), "the lease starts when it is accepted");
    assert_eq!(pool.by(&worker, accept(&worker, &offer)).await, accepted, "an answer that was lost is given again");
    assert_eq!(pool.fetch(&worker).await, from_ref(&task));
    pool.report(&worker, &task, ReportedStatus::PrOpened).await;
    pool.report(&worker, &task, ReportedStatus::Merged).await;
    let refusal = pool.refusal_by(&worker, accept(&worker, &offer)).await;
    assert_eq!(refusal, gone(OfferGoneBecause::NotOffered));
}

pub async fn an_offer_holds_budget_area_and_capacity(pool: &Pool) {
    pool.repo("demo", 2).await;
    for title in ["a", "b"] {
        pool.task_with("demo", title, |spec| (spec.area, spec.estimate_points) = (Some("auth".into()), 3)).await;
    }
    pool.task_with("demo", "c", |spec| spec.estimate_points = 3).await;
    pool.task_with("demo", "d", |spec| spec.estimate_points = 1).await;
    let worker = pool.worker_with(|worker| worker.capacity_points = 4).await;
    let offers = pool.offers(&worker).await;
    assert_eq!(offers.len(), 2, "3 points and 1, by the worker's capacity: {offers:?}");
    assert_eq!(pool.offers(&worker).await, offers, "asking again changes nothing");
    let other = pool.worker().await;
    assert_eq!(pool.fetch(&other).await, [], "the budget of two is offered");
    assert_eq!(pool.get_repo("demo").await.offers_open, 2);
    pool.repo("demo", 9).await;
    let given = pool.fetch(&other).await;
    assert_eq!(given.len(), 1, "the area stays with whom it is offered: {given:?}");
}

pub async fn an_unanswered_offer_is_free_for_others_at_once(pool: &Pool) {
    pool.repo("demo", 1).await;
    let task = pool.task("demo", "a").await;
    let (slow, other) = (pool.single().await, pool.single().await);
    let (_, offer) = the_offer(pool, &slow).await;
    pool.later(pool.rules().offer_ttl_s - 1);
    assert_eq!(pool.fetch(&other).await, []);
    pool.later(1);
    let late = pool.refusal_by(&slow, accept(&slow, &offer)).await;
    assert_eq!(late, gone(OfferGoneBecause::Expired), "however late the sweep is");
    assert_eq!(pool.fetch(&other).await, from_ref(&task), "nobody swept");
    assert_eq!(pool.get_task(&task).await.attempts_used, 0, "an offer is no attempt");
}

pub async fn who_declined_is_not_offered_the_same_again_for_an_hour(pool: &Pool) {
    pool.repo("demo", 5).await;
    let task = pool.task("demo", "a").await;
    let worker = pool.single().await;
    let (_, offer) = the_offer(pool, &worker).await;
    let stands = pool.by(&worker, reject(&worker, &offer, RejectReason::InsufficientTime)).await;
    assert_eq!(stands.state, TaskState::Ready);
    assert_eq!(pool.offers(&worker).await, []);
    let again = pool.refusal_by(&worker, reject(&worker, &offer, RejectReason::InsufficientTime)).await;
    assert_eq!(again, gone(OfferGoneBecause::NotOffered));
    pool.later(3600);
    assert_eq!(the_offer(pool, &worker).await.0, task);
    // Not answering is declining.
    pool.later(pool.rules().offer_ttl_s);
    assert_eq!(pool.offers(&worker).await, []);
    pool.later(3600);
    assert_eq!(the_offer(pool, &worker).await.0, task);
    // However late it is settled.
    pool.later(pool.rules().offer_ttl_s + 3600);
    assert_eq!(the_offer(pool, &worker).await.0, task);
}

pub async fn two_workers_who_find_it_unclear_set_it_aside(pool: &Pool) {
    pool.repo("demo", 5).await;
    let task = pool.task("demo", "a").await;
    let (first, second) = (pool.single().await, pool.single().await);
    for (worker, state) in [(&first, TaskState::Ready), (&second, TaskState::NeedsInfo)] {
        let (_, offer) = the_offer(pool, worker).await;
        assert_eq!(pool.by(worker, reject(worker, &offer, RejectReason::UnclearRequirements)).await.state, state);
    }
    let told = pool.events().await.into_iter().filter(|event| event.kind == EventKind::TaskNeedsInfo);
    assert_eq!(told.count(), 1, "the maintainer is told");
    pool.admin(UpdateTask { description: Some("more".into()), action: Some(TaskAction::Requeue), ..edit(&task) }).await;
    assert_eq!(pool.get_task(&task).await.declines, [], "what was said of the old text is over");
    pool.later(3600);
    let (_, offer) = the_offer(pool, &first).await;
    let stands = pool.by(&first, reject(&first, &offer, RejectReason::UnclearRequirements)).await;
    assert_eq!(stands.state, TaskState::Ready, "one is not enough, again");
}

pub async fn a_holder_and_one_who_was_offered_it_are_two_who_find_it_unclear(pool: &Pool) {
    pool.repo("demo", 5).await;
    let task = pool.task("demo", "a").await;
    let (holder, other) = (pool.single().await, pool.single().await);
    pool.fetch(&holder).await;
    let mut release = crate::pool::release(&holder, &pool.lease_of(&task).await);
    release.reason = ReleaseReason::UnclearRequirements;
    pool.by(&holder, release).await;
    let (_, offer) = the_offer(pool, &other).await;
    let stands = pool.by(&other, reject(&other, &offer, RejectReason::UnclearRequirements)).await;
    assert_eq!(stands.state, TaskState::NeedsInfo);
}

pub async fn what_a_maintainer_takes_back_in_between_is_no_word_on_the_text(pool: &Pool) {
    pool.set_rules(|rules| rules.new_worker_tier = TrustTier::Basic);
    pool.repo("demo", 5).await;
    let task = pool.task_with("demo", "a", |spec| spec.tier = 1).await;
    let (first, second, third) = (pool.single().await, pool.single().await, pool.single().await);
    let unclear = async |worker: &Caller| {
        let mut release = crate::pool::release(worker, &pool.lease_of(&task).await);
        release.reason = ReleaseReason::UnclearRequirements;
        pool.by(worker, release).await.state
    };
    pool.fetch(&first).await;
    assert_eq!(unclear(&first).await, TaskState::Ready);
    pool.fetch(&second).await;
    let set = SetTrustTier {
        worker_id: second.worker_id.clone(),
        tier: TrustTier::Untrusted,
        reason: "two reviews ignored".into(),
        leases: RunningLeases::TakeBack,
        handle_verified: None,
    };
    assert_eq!(pool.admin(set).await.tasks_requeued, from_ref(&task));
    pool.fetch(&third).await;
    assert_eq!(unclear(&third).await, TaskState::NeedsInfo, "two have said so, whoever held it in between");
}

pub async fn a_worker_chooses_between_being_given_and_being_offered(pool: &Pool) {
    pool.repo("demo", 5).await;
    let task = pool.task("demo", "a").await;
    let worker = pool.worker_with(|worker| worker.work_mode = WorkMode::Offer).await;
    assert_eq!(pool.fetch(&worker).await, [], "nothing is given to who wants to be asked");
    let (_, offer) = the_offer(pool, &worker).await;
    pool.by(&worker, accept(&worker, &offer)).await;
    assert_eq!(pool.fetch(&worker).await, from_ref(&task), "what it holds is told");
    let next = pool.task("demo", "b").await;
    assert_eq!(pool.fetch(&worker).await, from_ref(&task));
    let change = UpdateOwnWorker {
        caller: worker.clone(),
        skills: None,
        capacity_points: None,
        max_concurrent_tasks: None,
        work_mode: Some(WorkMode::Auto),
        availability: None,
    };
    assert_eq!(pool.by(&worker, change).await.work_mode, WorkMode::Auto);
    assert_eq!(pool.fetch(&worker).await, [task, next]);
}

pub async fn offers_come_in_the_order_in_which_tasks_are_given(pool: &Pool) {
    pool.repo("demo", 9).await;
    pool.repo("owner/other", 9).await;
    let low = pool.task_with("demo", "low", |spec| spec.priority = 1).await;
    let high = pool.task_with("demo", "high", |spec| spec.priority = 9).await;
    let other = pool.task_with("owner/other", "other", |spec| spec.priority = 1).await;
    let worker = pool.worker_with(|worker| worker.max_concurrent_tasks = 2).await;
    let mut offered: Vec<TaskId> = pool.offers(&worker).await.into_iter().map(|(task, _)| task).collect();
    offered.sort();
    let mut expected = vec![high, other];
    expected.sort();
    assert_eq!(offered, expected, "the best, then the other repository's turn before {low:?}");
}

pub async fn what_is_offered_and_can_not_be_accepted_any_more_goes_back_when_its_worker_asks(pool: &Pool) {
    pool.repo("demo", 1).await;
    let task = pool.task_with("demo", "a", |spec| spec.required_skills = strings(&["rust"])).await;
    let alike = |handle: &str| {
        let handle = handle.to_owned();
        move |worker: &mut RegisterWorker| {
            (worker.github_handle, worker.skills) = (Some(handle), strings(&["rust"]));
            worker.max_concurrent_tasks = 1;
        }
    };
    let demo = || RepoName("demo".into());
    let (alice, bob) = (pool.worker_with(alike("alice")).await, pool.worker_with(alike("bob")).await);
    let skills = |skills: &[&str]| UpdateOwnWorker {
        caller: alice.clone(),
        skills: Some(strings(skills)),
        capacity_points: None,
        max_concurrent_tasks: None,
        work_mode: None,
        availability: None,
    };
    let lists = |denied: &[&str]| PutAdmission { repo: demo(), allowed: None, denied: Some(strings(denied)) };
    let trust = |tier| PutRepo { trust_tier_min: Some(tier), ..PutRepo::named(demo()) };
    let pause = |paused| PutRepo { paused: Some(paused), ..PutRepo::named(demo()) };
    for round in 0..4 {
        let (_, offer) = the_offer(pool, &alice).await;
        match round {
            0 => drop(pool.admin(lists(&["alice"])).await),
            1 => drop(pool.admin(trust(TrustTier::Basic)).await),
            2 => drop(pool.admin(pause(true)).await),
            _ => drop(pool.by(&alice, skills(&["docs"])).await),
        }
        let refusal = pool.refusal_by(&alice, accept(&alice, &offer)).await;
        assert_eq!(refusal, gone(OfferGoneBecause::NoLongerFits), "round {round}");
        assert_eq!(pool.offers(&alice).await, [], "round {round}");
        let freed = pool.get_task(&task).await;
        assert_eq!((freed.state, freed.declines.len()), (TaskState::Ready, 0), "nobody declined it, round {round}");
        pool.admin(trust(TrustTier::Untrusted)).await;
        pool.admin(pause(false)).await;
        assert_eq!(the_offer(pool, &bob).await.0, task, "it is for others, round {round}");
        pool.act(&task, TaskAction::Requeue).await;
        pool.admin(lists(&[])).await;
        pool.by(&alice, skills(&["rust"])).await;
    }
    assert_eq!(the_offer(pool, &alice).await.0, task, "and for the same worker where it fits again");
}

/// The clock starts at one in the night.
pub async fn no_offer_outlives_the_hours_in_which_work_may_begin(pool: &Pool) {
    pool.repo("demo", 5).await;
    let quiet = QuietHours { days: vec![], from_minute: 62, to_minute: 120 };
    pool.admin(PutRepo { quiet_hours: Some(vec![quiet]), ..PutRepo::named(RepoName("demo".into())) }).await;
    let task = pool.task("demo", "a").await;
    let (early, late) = (pool.single().await, pool.single().await);
    let begins = pool.now().plus_s(120);
    let (_, offer) = the_offer(pool, &early).await;
    assert_eq!(pool.get_task(&task).await.offer.expect("it is offered").expires_at, begins);
    pool.go_to(begins);
    assert_eq!(pool.refusal_by(&early, accept(&early, &offer)).await, gone(OfferGoneBecause::Expired));
    assert_eq!(pool.offers(&late).await, []);
    pool.later(58 * 60);
    assert_eq!(the_offer(pool, &late).await.0, task);
    assert_eq!(
        pool.get_task(&task).await.offer.expect("it is offered").expires_at,
        pool.now().plus_s(pool.rules().offer_ttl_s)
    );
}

pub async fn a_worker_may_ask_for_few_offers(pool: &Pool) {
    pool.repo("demo", 9).await;
    for _ in 0..3 {
        pool.task("demo", "a").await;
    }
    let worker = pool.worker().await;
    for (offers_max, expected) in [(0, 0), (1, 1), (1, 1), (2, 2)] {
        let ask = RequestOffers { caller: worker.clone(), candidates_max: 32, offers_max };
        match pool.by(&worker, ask).await {
            Fetched::Found(found) => assert_eq!(found.offers.len(), expected),
            other => panic!("{other:?}"),
        }
    }
}

pub async fn nobody_else_can_answer_an_offer(pool: &Pool) {
    pool.repo("demo", 5).await;
    pool.task("demo", "a").await;
    let (worker, other) = (pool.single().await, pool.single().await);
    let (_, offer) = the_offer(pool, &worker).await;
    assert_eq!(pool.refusal_by(&other, accept(&other, &offer)).await, gone(OfferGoneBecause::NotOffered));
    let refusal = pool.refusal_by(&other, reject(&other, &offer, RejectReason::Quota)).await;
    assert_eq!(refusal, gone(OfferGoneBecause::NotOffered));
}

pub async fn a_maintainer_can_take_an_offered_task_back_or_away(pool: &Pool) {
    pool.repo("demo", 5).await;
    let worker = pool.single().await;
    for (action, state) in [(TaskAction::Requeue, TaskState::Ready), (TaskAction::Cancel, TaskState::Cancelled)] {
        let task = pool.task("demo", "a").await;
        let (offered, offer) = the_offer(pool, &worker).await;
        assert_eq!((offered, pool.act(&task, action).await.state), (task.clone(), state));
        assert_eq!(pool.refusal_by(&worker, accept(&worker, &offer)).await, gone(OfferGoneBecause::NotOffered));
        if state == TaskState::Ready {
            pool.act(&task, TaskAction::Cancel).await;
        }
    }
}

pub async fn an_offer_ends_with_its_worker(pool: &Pool) {
    pool.repo("demo", 1).await;
    let task = pool.task("demo", "a").await;
    let (worker, other) = (pool.single().await, pool.single().await);
    pool.offers(&worker).await;
    pool.admin(RevokeWorker { worker_id: worker.worker_id.clone(), reason: "spam".into() }).await;
    assert_eq!(pool.fetch(&other).await, from_ref(&task));
    assert_eq!(pool.get_task(&task).await.declines, [], "the task is not to blame");
}

pub async fn a_lowered_tier_takes_back_offers_and_leaves_leases(pool: &Pool) {
    pool.repo("demo", 9).await;
    pool.set_rules(|rules| rules.new_worker_tier = TrustTier::Trusted);
    let worker = pool.worker_with(|worker| worker.max_concurrent_tasks = 3).await;
    let held = pool.task_with("demo", "held", |spec| spec.tier = 2).await;
    pool.fetch(&worker).await;
    let offered = pool.task_with("demo", "offered", |spec| spec.tier = 1).await;
    let low = pool.task_with("demo", "low", |spec| spec.tier = 0).await;
    assert_eq!(pool.offers(&worker).await.len(), 2);
    let set = |tier, leases| SetTrustTier {
        worker_id: worker.worker_id.clone(),
        tier,
        reason: "two reviews ignored".into(),
        leases,
        handle_verified: None,
    };
    let done = pool.admin(set(TrustTier::Untrusted, RunningLeases::LetRun)).await;
    assert_eq!((done.offers_withdrawn, done.tasks_requeued), (vec![offered.clone()], vec![]));
    assert_eq!(pool.state_of(&offered).await, TaskState::Ready);
    assert_eq!(pool.state_of(&low).await, TaskState::Offered, "what still fits stays");
    pool.report(&worker, &held, ReportedStatus::InProgress).await;
    let done = pool.admin(set(TrustTier::Untrusted, RunningLeases::TakeBack)).await;
    assert_eq!((done.offers_withdrawn, done.tasks_requeued), (vec![], vec![held.clone()]));
    assert_eq!(pool.get_task(&held).await.attempts_used, 0, "it is not the task's fault");
    let changed = pool.events().await.into_iter().filter(|event| event.kind == EventKind::WorkerTrustChanged);
    assert_eq!(changed.count(), 1, "the second time the tier was what it is");
}

pub async fn an_offered_task_says_why_others_do_not_get_it(pool: &Pool) {
    pool.repo("demo", 5).await;
    let task = pool.task("demo", "a").await;
    let worker = pool.worker_with(|worker| worker.skills = strings(&["rust"])).await;
    pool.offers(&worker).await;
    let explain = || ExplainTask { caller: None, task_id: task.clone() };
    let explained = pool.admin(explain()).await;
    assert_eq!((explained.state, explained.blockers), (TaskState::Offered, vec![FitCode::TaskNotReady]));
    pool.later(pool.rules().offer_ttl_s);
    let explained = pool.admin(explain()).await;
    assert_eq!((explained.state, explained.blockers), (TaskState::Ready, vec![]), "by the clock it is free");
}
