//! Each reason why a task does not fit, alone.

use crate::records::{NOW, attempt, claim, repo, task, worker};
use owp_logic::fit::{View, closed_to_all, nearest_change, remedy, unfit_for};
use owp_logic::limits::{DECLINED_FOR_S, IN_REVIEW_MAX};
use owp_logic::rules::task_tier_max;
use owp_logic::{
    Admission, Availability, DayPoints, Decline, Held, Offered, QuietHours, Repo, Rules, Task, Worker, normalize_skills,
};
use owp_wire::{
    AttemptOutcome, FitCode, LeaseId, OfferId, RepoName, TaskId, TaskState, Timestamp, TrustTier, WorkerId,
    WorkerStatus,
};

fn check_worker(expected: &[FitCode], change: impl FnOnce(&mut Worker, &mut Task)) {
    check(expected, None, |worker, task, _| change(worker, task));
}

/// What keeps the task from the worker, with the repository's lists where there are some.
fn check(expected: &[FitCode], lists: Option<&Admission>, change: impl FnOnce(&mut Worker, &mut Task, &mut Repo)) {
    let (mut worker, mut task, mut repo) = (worker(), task(), repo());
    change(&mut worker, &mut task, &mut repo);
    let view = View { task: &task, repo: &repo, claim: None, admission: lists };
    assert_eq!(unfit_for(&worker, view, &Rules::default(), NOW), expected);
}

fn check_repo(expected: &[FitCode], claimed: Option<&[&str]>, change: impl FnOnce(&mut Repo, &mut Task)) {
    let (mut repo, mut task) = (repo(), task());
    change(&mut repo, &mut task);
    let claim = claimed.map(claim);
    let view = View { task: &task, repo: &repo, claim: claim.as_ref(), admission: None };
    assert_eq!(closed_to_all(view, NOW), expected);
}

fn held(points: u32) -> Held {
    Held { task_id: TaskId("t0".into()), lease_id: LeaseId("l0".into()), points, may_be_silent: false }
}

fn offered(points: u32) -> Offered {
    Offered { task_id: TaskId("t0".into()), offer_id: OfferId("o0".into()), points }
}

fn lists(allowed: &[&str], denied: &[&str]) -> Admission {
    let strings = |handles: &[&str]| handles.iter().map(ToString::to_string).collect();
    Admission { repo: RepoName("demo".into()), allowed: strings(allowed), denied: strings(denied) }
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
fn offers_take_capacity_as_leases_do() {
    check_worker(&[], |worker, _| worker.offered = vec![offered(2)]);
    check_worker(&[FitCode::PointsExceeded], |worker, _| worker.offered = vec![offered(3)]);
    check_worker(&[FitCode::ConcurrencyExceeded], |worker, _| {
        (worker.held, worker.offered) = (vec![held(1)], vec![offered(1)]);
    });
}

#[test]
fn a_repository_may_ask_everybody_for_trust() {
    check(&[], None, |_, _, repo| repo.policy.trust_tier_min = TrustTier::Basic);
    check(&[FitCode::TierTooLow], None, |_, _, repo| repo.policy.trust_tier_min = TrustTier::Trusted);
}

#[test]
fn lists_admit_by_handle() {
    let alice = |worker: &mut Worker, verified| {
        (worker.github_handle, worker.handle_verified) = (Some("Alice-Dev".into()), verified);
    };
    let denied = &[FitCode::NotAdmitted];
    check(&[], Some(&lists(&[], &["bob"])), |worker, _, _| alice(worker, false));
    check(denied, Some(&lists(&[], &["alice-dev"])), |worker, _, _| alice(worker, false));
    check(denied, Some(&lists(&["alice-dev"], &["alice-dev"])), |worker, _, _| alice(worker, true));
    check(&[], Some(&lists(&[], &["alice-dev"])), |_, _, _| ());
    let listed_only = |repo: &mut Repo| repo.policy.allow_listed_only = true;
    check(denied, None, |_, _, repo| listed_only(repo));
    check(denied, Some(&lists(&["alice-dev"], &[])), |_, _, repo| listed_only(repo));
    check(denied, Some(&lists(&["alice-dev"], &[])), |worker, _, repo| {
        alice(worker, false);
        listed_only(repo);
    });
    check(&[], Some(&lists(&["alice-dev"], &[])), |worker, _, repo| {
        alice(worker, true);
        listed_only(repo);
    });
}

#[test]
fn a_task_that_matters_is_shown_to_the_reputable_first() {
    // Without a record the score is 16.4, so a bar of 50 is passed after 1 - 16.4/50, about 67 %, of the window.
    let window = |repo: &mut Repo| (repo.policy.reputation.bar, repo.policy.reputation.window_s) = (50, 1000);
    let waits = |seconds: u32, priority: u32| {
        move |_: &mut Worker, task: &mut Task, repo: &mut Repo| {
            (task.spec.priority, task.ready_at) = (priority, NOW.minus_s(seconds));
            window(repo);
        }
    };
    check(&[FitCode::ReputationWindow], None, waits(0, 50));
    check(&[FitCode::ReputationWindow], None, waits(660, 50));
    check(&[], None, waits(680, 50));
    check(&[], None, waits(0, 49));
}

#[test]
fn a_worker_gets_what_its_time_and_quota_allow() {
    let per_point = Rules::default().point_s;
    let until =
        |seconds| move |worker: &mut Worker, _: &mut Task| worker.availability.until = Some(NOW.plus_s(seconds));
    check_worker(&[], until(3 * per_point));
    check_worker(&[FitCode::WindowTooShort], until(3 * per_point - 1));
    check_worker(&[FitCode::QuotaExhausted], |worker, _| {
        worker.availability.quota_resets_at = Some(NOW.plus_s(1));
    });
    check_worker(&[], |worker, _| worker.availability.quota_resets_at = Some(NOW));
    let today = |limit, points| {
        move |worker: &mut Worker, _: &mut Task| {
            worker.availability = Availability { points_per_day: Some(limit), ..Availability::default() };
            worker.day.add(NOW, points);
        }
    };
    check_worker(&[], today(5, 2));
    check_worker(&[FitCode::QuotaExhausted], today(5, 3));
    check_worker(&[], |worker, task| {
        today(5, 3)(worker, task);
        worker.day = DayPoints { day: worker.day.day - 1, ..worker.day };
    });
}

#[test]
fn measured_durations_count_once_there_are_enough() {
    let in_time = |worker: &mut Worker, repo: &mut Repo, durations: &[u32]| {
        worker.availability.until = Some(NOW.plus_s(300));
        repo.durations = durations.to_vec();
    };
    check(&[FitCode::WindowTooShort], None, |worker, _, repo| in_time(worker, repo, &[90; 4]));
    check(&[], None, |worker, _, repo| in_time(worker, repo, &[90; 5]));
    // Three in four are done in that time: 3 points of 101 seconds.
    check(&[FitCode::WindowTooShort], None, |worker, _, repo| {
        in_time(worker, repo, &[5, 101, 5, 101, 101, 101, 5, 900]);
    });
    check(&[], None, |worker, _, repo| in_time(worker, repo, &[5, 100, 5, 100, 100, 100, 5, 900]));
}

#[test]
fn who_declined_an_offer_is_not_offered_it_again_for_an_hour() {
    let declined = |ago, by: &'static str| {
        move |_: &mut Worker, task: &mut Task| {
            task.declines.push(Decline { worker_id: WorkerId(by.into()), at: NOW.minus_s(ago), reason: None });
        }
    };
    check_worker(&[FitCode::DeclinedRecently], declined(DECLINED_FOR_S - 1, "w1"));
    check_worker(&[], declined(DECLINED_FOR_S, "w1"));
    check_worker(&[], declined(1, "w2"));
}

#[test]
fn nobody_holds_a_task_again_and_again() {
    let max = Rules::default().lease_hold_max_s();
    let held = |seconds| {
        move |_: &mut Worker, task: &mut Task| {
            let (start, end) = (NOW.minus_s(2 * max), NOW.minus_s(2 * max).plus_s(seconds));
            task.attempts = vec![owp_logic::Attempt { started_at: start, ended_at: Some(end), ..attempt("w1") }];
        }
    };
    check_worker(&[], held(max - 600));
    check_worker(&[FitCode::HoldTimeSpent], held(max - 599));
}

/// What the clock changes first, where the worker, the task and the repository are like this.
#[track_caller]
fn check_nearest(expected: Option<(FitCode, Timestamp)>, change: impl FnOnce(&mut Worker, &mut Task, &mut Repo)) {
    let (mut worker, mut task, mut repo) = (worker(), task(), repo());
    change(&mut worker, &mut task, &mut repo);
    let view = View { task: &task, repo: &repo, claim: None, admission: None };
    let rules = Rules::default();
    let nearest = nearest_change(&worker, view, &rules, NOW);
    assert_eq!(nearest.map(|nearest| (nearest.code, nearest.at)), expected);
    let Some((_, at)) = expected else { return };
    // A moment before it is not free, and then it is.
    let mut codes_at = |at: Timestamp| {
        worker.last_seen_at = at;
        worker.offered.retain(|_| at < NOW.plus_s(rules.offer_ttl_s));
        let mut codes = closed_to_all(view, at);
        codes.extend(unfit_for(&worker, view, &rules, at));
        codes
    };
    assert_ne!(codes_at(Timestamp::from_millis(at.as_millis() - 1)), []);
    assert_eq!(codes_at(at), []);
}

#[test]
fn an_explanation_names_what_the_clock_changes_first() {
    let paused = |repo: &mut Repo, seconds| repo.paused_until = Some(NOW.plus_s(seconds));
    check_nearest(None, |_, _, _| ());
    check_nearest(Some((FitCode::RepoPaused, NOW.plus_s(60))), |_, _, repo| paused(repo, 60));
    check_nearest(Some((FitCode::QuotaExhausted, NOW.plus_s(90))), |worker, _, repo| {
        paused(repo, 60);
        worker.availability.quota_resets_at = Some(NOW.plus_s(90));
    });
    // A maintainer has to act.
    check_nearest(None, |_, _, repo| {
        paused(repo, 60);
        repo.max_open_prs = 0;
    });
    check_nearest(None, |worker, _, repo| {
        paused(repo, 60);
        worker.last_seen_at = NOW.minus_s(1000);
    });
}

/// `NOW` is 01:00.
#[test]
fn what_begins_before_another_reason_has_ended_is_foretold_with_it() {
    let quiet = |from: u32, to: u32| vec![QuietHours { days: vec![], from_minute: from * 60, to_minute: to * 60 }];
    let hours = |hours: u32| NOW.plus_s(hours * 3600);
    // The pause ends in quiet hours that have not begun.
    check_nearest(Some((FitCode::QuietHours, hours(4))), |_, _, repo| {
        (repo.paused_until, repo.policy.quiet_hours) = (Some(hours(2)), quiet(2, 5));
    });
    // The quiet hours end while the hourly limit is spent, and a pause lasts longer than both.
    check_nearest(Some((FitCode::RepoPaused, hours(5))), |_, _, repo| {
        (repo.paused_until, repo.policy.quiet_hours) = (Some(hours(5)), quiet(0, 3));
        repo.policy.prs_per_hour_max = 1;
        repo.count_towards_rate(NOW);
    });
    // A security task waits for the same clocks as any other.
    check_nearest(Some((FitCode::QuietHours, hours(2))), |_, task, repo| {
        (task.spec.security, repo.policy.security_extra_slots) = (true, 1);
        (repo.prs_open, repo.policy.quiet_hours) = (2, quiet(0, 3));
    });
    // The quota is back after the time is over.
    check_nearest(None, |worker, _, _| {
        worker.availability =
            Availability { until: Some(hours(3)), quota_resets_at: Some(hours(2)), points_per_day: None };
    });
    // The quota is back before the day is over, and the points of the day are spent.
    check_nearest(Some((FitCode::QuotaExhausted, hours(23))), |worker, _, _| {
        worker.availability = Availability { until: None, quota_resets_at: Some(hours(2)), points_per_day: Some(3) };
        worker.day.add(NOW, 1);
    });
    // No day has room for it.
    check_nearest(None, |worker, _, _| worker.availability.points_per_day = Some(2));
    // What it is offered is over in five minutes.
    let offers_end = NOW.plus_s(Rules::default().offer_ttl_s);
    check_nearest(Some((FitCode::QuotaExhausted, offers_end)), |worker, _, _| {
        (worker.availability.points_per_day, worker.offered) = (Some(3), vec![offered(1)]);
    });
    check_nearest(Some((FitCode::ConcurrencyExceeded, offers_end)), |worker, _, _| {
        (worker.max_concurrent_tasks, worker.offered) = (1, vec![offered(1)]);
    });
    check_nearest(None, |worker, _, _| (worker.held, worker.offered) = (vec![held(4)], vec![offered(1)]));
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
    check_repo(&[FitCode::TaskNotReady], None, |_, task| task.state = TaskState::Failed);
    check_repo(&[FitCode::DependencyOpen], None, |_, task| task.state = TaskState::Waiting);
    check_repo(&[FitCode::RepoPaused], None, |repo, _| repo.paused = true);
    check_repo(&[FitCode::ReviewBudgetSpent], None, |repo, _| repo.max_open_prs = 0);
    check_repo(&[FitCode::ReviewBudgetSpent], None, |repo, _| (repo.leases_live, repo.prs_open) = (1, 1));
    check_repo(&[FitCode::ReviewBudgetSpent], None, |repo, _| repo.prs_open = 7);
    check_repo(&[FitCode::ReviewBudgetSpent], None, |repo, _| (repo.leases_live, repo.offers_open) = (1, 1));
    check_repo(&[], None, |repo, _| repo.leases_live = 1);
    check_repo(&[], None, |repo, _| repo.prs_idle = 7);
    check_repo(&[FitCode::RepoPaused], None, |repo, _| repo.paused_until = Some(NOW.plus_s(1)));
    check_repo(&[], None, |repo, _| repo.paused_until = Some(NOW));
    let all_day = QuietHours { days: vec![], from_minute: 0, to_minute: 0 };
    check_repo(&[FitCode::QuietHours], None, |repo, _| repo.policy.quiet_hours = vec![all_day]);
    let security = |budget: u32| {
        move |repo: &mut Repo, task: &mut Task| {
            (repo.max_open_prs, repo.prs_open, repo.policy.security_extra_slots) = (budget, 2, 1);
            task.spec.security = true;
        }
    };
    check_repo(&[], None, security(2));
    check_repo(&[FitCode::ReviewBudgetSpent], None, security(1));
    check_repo(&[FitCode::ReviewBudgetSpent], None, |repo, task| {
        security(0)(repo, task);
        (repo.prs_open, repo.policy.security_extra_slots) = (0, 20);
    });
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
        worker.wanted(NOW)
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
