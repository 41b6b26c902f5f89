//! Each reason why a task does not fit, alone.

use crate::records::{NOW, attempt, claim, repo, task, worker};
use owp_logic::fit::{closed_to_all, remedy, unfit_for};
use owp_logic::limits::{DECLINED_FOR_S, IN_REVIEW_MAX};
use owp_logic::rules::task_tier_max;
use owp_logic::{Held, Repo, Rules, Task, Worker, normalize_skills};
use owp_wire::{AttemptOutcome, FitCode, LeaseId, TaskId, TaskState, TrustTier, WorkerStatus};

fn check_worker(expected: &[FitCode], change: impl FnOnce(&mut Worker, &mut Task)) {
    let (mut worker, mut task) = (worker(), task());
    change(&mut worker, &mut task);
    assert_eq!(unfit_for(&worker, &task, &Rules::default(), NOW), expected);
}

fn check_repo(expected: &[FitCode], claimed: Option<&[&str]>, change: impl FnOnce(&mut Repo, &mut Task)) {
    let (mut repo, mut task) = (repo(), task());
    change(&mut repo, &mut task);
    assert_eq!(closed_to_all(&task, &repo, claimed.map(claim).as_ref()), expected);
}

fn held(points: u32) -> Held {
    Held { task_id: TaskId("t0".into()), lease_id: LeaseId("l0".into()), points, response_due: false }
}

#[test]
fn a_task_fits_where_nothing_speaks_against_it() {
    check_worker(&[], |_, _| ());
    check_repo(&[], None, |_, _| ());
}

#[test]
fn a_worker_is_offline_from_the_end_of_its_heartbeat() {
    let ttl = Rules::default().heartbeat_ttl_s;
    check_worker(&[], |worker, _| worker.last_seen_at = NOW.minus_s(ttl - 1));
    check_worker(&[FitCode::WorkerOffline], |worker, _| worker.last_seen_at = NOW.minus_s(ttl));
    check_worker(&[FitCode::WorkerOffline], |worker, _| worker.revoked_at = Some(NOW));
}

#[test]
fn a_paused_worker_gets_nothing() {
    check_worker(&[FitCode::WorkerPaused], |worker, _| worker.status = WorkerStatus::Paused);
    check_worker(&[], |worker, _| worker.status = WorkerStatus::Working);
}

#[test]
fn every_required_skill_is_needed() {
    check_worker(&[], |_, task| task.spec.required_skills = vec!["sql".into(), "rust".into()]);
    check_worker(&[], |_, task| task.spec.required_skills = vec![]);
    check_worker(&[FitCode::SkillsMissing], |_, task| task.spec.required_skills.push("docs".into()));
}

#[test]
fn the_trust_tier_bounds_the_task_tier() {
    check_worker(&[FitCode::TierTooLow], |_, task| task.spec.tier = 2);
    check_worker(&[FitCode::TierTooLow], |worker, _| worker.trust_tier = TrustTier::Untrusted);
    let tiers = [TrustTier::Untrusted, TrustTier::Basic, TrustTier::Trusted, TrustTier::Maintainer];
    assert_eq!(tiers.map(task_tier_max), [0, 1, 2, 3]);
}

#[test]
fn points_and_tasks_count_what_is_held() {
    check_worker(&[], |_, task| task.spec.estimate_points = 5);
    check_worker(&[FitCode::PointsExceeded], |_, task| task.spec.estimate_points = 6);
    check_worker(&[], |worker, _| worker.held = vec![held(2)]);
    check_worker(&[FitCode::PointsExceeded], |worker, _| worker.held = vec![held(3)]);
    check_worker(&[FitCode::ConcurrencyExceeded], |worker, _| worker.held = vec![held(1), held(1)]);
    check_worker(&[], |worker, _| worker.in_review = vec![TaskId("t0".into()); IN_REVIEW_MAX - 1]);
    check_worker(&[FitCode::ConcurrencyExceeded], |worker, _| {
        worker.in_review = vec![TaskId("t0".into()); IN_REVIEW_MAX];
    });
}

#[test]
fn a_task_handed_back_stays_away_for_an_hour() {
    let ended = |ago: u32, outcome, by: &str| {
        let attempt = owp_logic::Attempt { ended_at: Some(NOW.minus_s(ago)), outcome: Some(outcome), ..attempt(by) };
        move |_: &mut Worker, task: &mut Task| task.attempts.push(attempt)
    };
    check_worker(&[FitCode::DeclinedRecently], ended(DECLINED_FOR_S - 1, AttemptOutcome::Released, "w1"));
    check_worker(&[], ended(DECLINED_FOR_S, AttemptOutcome::Released, "w1"));
    check_worker(&[], ended(1, AttemptOutcome::Released, "w2"));
    check_worker(&[], ended(1, AttemptOutcome::Expired, "w1"));
    // Only the worker's last attempt counts, and not that of others after it.
    check_worker(&[FitCode::DeclinedRecently], |worker, task| {
        ended(9, AttemptOutcome::Released, "w1")(worker, task);
        ended(1, AttemptOutcome::Expired, "w2")(worker, task);
    });
    check_worker(&[], |worker, task| {
        ended(9, AttemptOutcome::Released, "w1")(worker, task);
        ended(1, AttemptOutcome::Expired, "w1")(worker, task);
    });
}

#[test]
fn all_reasons_against_a_worker_are_named_at_once() {
    let all = [
        FitCode::WorkerOffline,
        FitCode::WorkerPaused,
        FitCode::SkillsMissing,
        FitCode::TierTooLow,
        FitCode::PointsExceeded,
        FitCode::ConcurrencyExceeded,
    ];
    check_worker(&all, |worker, task| {
        (worker.status, worker.revoked_at) = (WorkerStatus::Paused, Some(NOW));
        (worker.skills, worker.held) = (vec![], vec![held(5), held(1)]);
        task.spec.tier = 3;
    });
}

#[test]
fn what_closes_a_task_to_everybody_is_named() {
    check_repo(&[FitCode::TaskNotReady], None, |_, task| task.state = TaskState::Waiting);
    check_repo(&[FitCode::RepoPaused], None, |repo, _| repo.paused = true);
    check_repo(&[FitCode::ReviewBudgetSpent], None, |repo, _| repo.max_open_prs = 0);
    check_repo(&[FitCode::ReviewBudgetSpent], None, |repo, _| (repo.leases_live, repo.prs_open) = (1, 1));
    check_repo(&[FitCode::ReviewBudgetSpent], None, |repo, _| repo.prs_open = 7);
    check_repo(&[], None, |repo, _| repo.leases_live = 1);
    check_repo(&[FitCode::AreaLocked], Some(&["t0"]), |_, _| ());
    check_repo(&[], Some(&["t0"]), |repo, _| repo.area_locks_enabled = false);
    check_repo(&[], Some(&[]), |_, _| ());
}

#[test]
fn every_code_has_a_remedy() {
    for code in [FitCode::WorkerOffline, FitCode::AreaLocked, FitCode::DependencyOpen, FitCode::TaskNotReady] {
        let text = remedy(code);
        assert!(!text.is_empty() && !text.ends_with('.'), "{code}: {text}");
    }
}

#[test]
fn a_worker_that_can_take_nothing_wants_nothing() {
    let wants = |change: fn(&mut Worker)| {
        let mut worker = worker();
        change(&mut worker);
        worker.wanted()
    };
    assert_eq!(wants(|worker| worker.status = WorkerStatus::Paused), None);
    assert_eq!(wants(|worker| worker.revoked_at = Some(NOW)), None);
    assert_eq!(wants(|worker| worker.held = vec![held(5)]), None);
    assert_eq!(wants(|worker| worker.held = vec![held(1), held(1)]), None);
    let wanted = wants(|worker| worker.held = vec![held(2)]).unwrap();
    assert_eq!((wanted.tier_max, wanted.points_max, wanted.tasks_max), (1, 3, 1));
}

#[test]
fn skills_keep_their_order_and_lose_what_says_nothing_new() {
    let check = |given: &[&str], expected: &[&str]| {
        let given: Vec<String> = given.iter().map(ToString::to_string).collect();
        assert_eq!(normalize_skills(&given), expected);
    };
    check(&[], &[]);
    check(&["", "  ", "\t"], &[]);
    check(&["Zig", "ada", " ZIG ", "Ada"], &["zig", "ada"]);
    check(&["Ünïcode", "ünïcode"], &["ünïcode"]);
    check(&["c sharp", "c  sharp"], &["c sharp", "c  sharp"]);
}
