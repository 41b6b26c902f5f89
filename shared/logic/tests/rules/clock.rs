//! What the clock alone says about a repository: quiet hours, pauses with an end, the hourly limit; and how fairness counts.

use crate::records::{NOW, repo};
use owp_logic::{Gate, QuietHours, Repo, ReputationWindow, quiet_at};
use owp_wire::{Timestamp, Weekday};

fn at(moment: &str) -> Timestamp {
    moment.parse().expect("a moment")
}

fn hours(days: &[Weekday], from: (u32, u32), to: (u32, u32)) -> QuietHours {
    QuietHours { days: days.to_vec(), from_minute: from.0 * 60 + from.1, to_minute: to.0 * 60 + to.1 }
}

/// 2026-01-18 is a Sunday.
#[test]
fn quiet_hours_begin_and_end_by_the_clock() {
    let night = hours(&[], (22, 0), (7, 0));
    let lunch = hours(&[], (12, 0), (13, 30));
    let weekend = hours(&[Weekday::Sat, Weekday::Sun], (0, 0), (24, 0));
    let friday_night = hours(&[Weekday::Fri], (22, 0), (7, 0));
    let table: [(&[QuietHours], &str, bool, &str); 13] = [
        (std::slice::from_ref(&night), "2026-01-18T21:59:59.999Z", false, "2026-01-18T22:00:00.000Z"),
        (std::slice::from_ref(&night), "2026-01-18T22:00:00.000Z", true, "2026-01-19T07:00:00.000Z"),
        (std::slice::from_ref(&night), "2026-01-18T03:00:00.000Z", true, "2026-01-18T07:00:00.000Z"),
        (std::slice::from_ref(&night), "2026-01-18T07:00:00.000Z", false, "2026-01-18T22:00:00.000Z"),
        (std::slice::from_ref(&lunch), "2026-01-18T13:29:59.999Z", true, "2026-01-18T13:30:00.000Z"),
        (std::slice::from_ref(&lunch), "2026-01-18T13:30:00.000Z", false, "2026-01-19T12:00:00.000Z"),
        (&[lunch.clone(), night.clone()], "2026-01-18T13:30:00.000Z", false, "2026-01-18T22:00:00.000Z"),
        (std::slice::from_ref(&weekend), "2026-01-16T23:59:59.999Z", false, "2026-01-17T00:00:00.000Z"),
        (std::slice::from_ref(&weekend), "2026-01-17T12:00:00.000Z", true, "2026-01-19T00:00:00.000Z"),
        (std::slice::from_ref(&weekend), "2026-01-19T00:00:00.000Z", false, "2026-01-24T00:00:00.000Z"),
        (std::slice::from_ref(&friday_night), "2026-01-17T06:59:00.000Z", true, "2026-01-17T07:00:00.000Z"),
        (std::slice::from_ref(&friday_night), "2026-01-18T06:59:00.000Z", false, "2026-01-23T22:00:00.000Z"),
        // What touches is one span.
        (&[weekend.clone(), friday_night.clone()], "2026-01-16T22:00:00.000Z", true, "2026-01-19T00:00:00.000Z"),
    ];
    for (hours, now, quiet, changes_at) in table {
        assert_eq!(quiet_at(hours, at(now)), (quiet, Some(at(changes_at))), "{hours:?} at {now}");
    }
    assert_eq!(quiet_at(&[], NOW), (false, None));
    let always = [hours(&[], (9, 0), (10, 0)), hours(&[], (10, 0), (9, 0))];
    assert_eq!(quiet_at(&always, NOW), (true, None), "it never ends");
    let before_1970 = at("1969-12-31T23:00:00.000Z");
    assert_eq!(quiet_at(&[night], before_1970), (true, Some(at("1970-01-01T07:00:00.000Z"))));
}

#[test]
fn a_gate_says_when_it_moves_next() {
    let gate = |change: fn(&mut Repo)| {
        let mut repo = repo();
        change(&mut repo);
        repo.gate_at(NOW)
    };
    assert_eq!(gate(|_| ()), Gate { open: true, changes_at: None });
    assert_eq!(gate(|repo| repo.paused = true), Gate { open: false, changes_at: None });
    let minute = Some(NOW.plus_s(60));
    assert_eq!(gate(|repo| repo.paused_until = Some(NOW.plus_s(60))), Gate { open: false, changes_at: minute });
    let both = gate(|repo| (repo.paused, repo.paused_until) = (true, Some(NOW.plus_s(60))));
    assert_eq!(both, Gate { open: false, changes_at: None }, "a pause without an end lasts");
    // NOW is 2026-01-18T01:00:00Z.
    let quiet = gate(|repo| {
        repo.policy.quiet_hours = vec![QuietHours { days: vec![], from_minute: 120, to_minute: 180 }];
        repo.paused_until = Some(NOW.plus_s(7200));
    });
    assert_eq!(quiet, Gate { open: false, changes_at: Some(NOW.plus_s(3600)) }, "looked at again when the first moves");
}

/// Tasks given one after the other at these seconds; the last one is the first that is not given, with when it would be.
fn check_rate(limit: u32, given_at: &[u32], refused_at: u32, opens_at: u32) {
    let mut repo = repo();
    repo.policy.prs_per_hour_max = limit;
    for second in given_at {
        assert_eq!(repo.closed(NOW.plus_s(*second)), [], "at {second} of {given_at:?}");
        repo.count_towards_rate(NOW.plus_s(*second));
    }
    let closed = repo.closed(NOW.plus_s(refused_at));
    assert_eq!(closed.first().and_then(|closed| closed.until), Some(NOW.plus_s(opens_at)), "{given_at:?}");
}

#[test]
fn the_hourly_limit_lets_an_hours_worth_through_and_no_more() {
    check_rate(1, &[0], 3599, 3600);
    check_rate(4, &[0, 0, 0, 0], 0, 900);
    check_rate(4, &[0, 0, 0, 0, 900], 900, 1800);
    // What was not used adds up to an hour's worth, however long nothing was given.
    check_rate(2, &[0, 50_000, 50_000], 50_000, 51_800);
    let unlimited = repo();
    assert_eq!(unlimited.closed(NOW), []);
}

#[test]
fn a_mark_that_a_wrong_clock_has_set_closes_nothing() {
    let mut repo = repo();
    repo.policy.prs_per_hour_max = 1;
    repo.count_towards_rate(NOW.plus_s(30 * 24 * 3600));
    assert_eq!(repo.closed(NOW), [], "it was a month ahead");
    repo.count_towards_rate(NOW);
    assert_eq!(repo.closed(NOW).first().and_then(|closed| closed.until), Some(NOW.plus_s(3600)));
}

#[test]
fn a_task_that_came_to_nothing_within_the_hour_does_not_count() {
    let mut repo = repo();
    repo.policy.prs_per_hour_max = 1;
    repo.count_towards_rate(NOW);
    repo.uncount_from_rate(NOW, NOW.plus_s(10));
    assert_eq!(repo.closed(NOW.plus_s(10)), []);
    repo.count_towards_rate(NOW.plus_s(10));
    // One that was given long ago frees nothing now.
    repo.uncount_from_rate(NOW.minus_s(3600), NOW.plus_s(10));
    assert_ne!(repo.closed(NOW.plus_s(10)), []);
}

#[test]
fn twice_the_weight_is_served_twice_the_points() {
    let mut repos = [10, 20].map(|weight| {
        let mut repo = repo();
        repo.policy.weight = weight;
        repo
    });
    let mut points = [0, 0];
    for round in 0..3000 {
        let next = usize::from(repos[1].service < repos[0].service);
        let rival = Some(repos[1 - next].service);
        let size = 1 + round % 5;
        repos[next].serve(size, rival);
        points[next] += size;
    }
    let share = f64::from(points[1]) / f64::from(points[0]);
    assert!((1.95..2.05).contains(&share), "{points:?}");
}

#[test]
fn a_repository_that_was_idle_catches_up_on_a_few_points_only() {
    let (mut idle, mut busy) = (repo(), repo());
    (0..1000).for_each(|_| busy.serve(3, None));
    let mut in_a_row = 0;
    while idle.service < busy.service {
        idle.serve(1, Some(busy.service));
        in_a_row += 1;
    }
    assert_eq!(in_a_row, 8, "the points of CATCH_UP_POINTS");
}

#[test]
fn the_bar_of_a_reputation_window_falls_to_zero() {
    let window = ReputationWindow { bar: 80, window_s: 3600, priority_min: 50 };
    let shown = |score: f64, priority| window.shown_at(score, priority, NOW).seconds_after(NOW);
    let table = [(80.0, 50, 0), (100.0, 90, 0), (60.0, 50, 900), (40.0, 50, 1800), (0.0, 50, 3600), (0.0, 49, 0)];
    for (score, priority, after) in table {
        assert_eq!(shown(score, priority), after, "score {score}, priority {priority}");
    }
    assert!(window.hides_from(79.9) && !window.hides_from(80.0));
    assert!(!ReputationWindow::default().hides_from(0.0));
}
