//! The desk at which what GitHub is told is worked off: one works at it at a time, and what it keeps is kept whole.

use crate::pool::Pool;
use owp_logic::operations::{DESK_HELD_S, KeepDesk, TakeDesk};
use owp_logic::{Actor, Book, BookName, Desk, ErrandKind, Key, Record, Told};
use owp_wire::{RepoName, TaskId};

fn repo() -> RepoName {
    RepoName("owner/repo".into())
}

async fn sit_down(pool: &Pool, holder: &str) -> Option<Desk> {
    pool.run(Actor::System, None, TakeDesk { holder: holder.into() })
        .await
        .expect("the store works")
        .expect("not refused")
}

async fn keep(pool: &Pool, holder: &str, desk: &Desk, told: Vec<Told>, leaves: bool) -> bool {
    let operation = KeepDesk { holder: holder.into(), desk: desk.clone(), told, leaves };
    pool.run(Actor::System, None, operation).await.expect("the store works").expect("not refused")
}

async fn told(pool: &Pool, number: u64) -> Option<Told> {
    match pool.record(Key::Book(BookName::Told(repo(), number))).await {
        Some(Record::Book(Book::Told(told))) => Some(*told),
        _ => None,
    }
}

pub async fn one_works_at_the_desk_until_it_leaves_or_is_not_heard_of(pool: &Pool) {
    assert_eq!(sit_down(pool, "a").await.expect("nobody is there").holder.as_deref(), Some("a"));
    assert_eq!(sit_down(pool, "b").await, None);
    let mut desk = sit_down(pool, "a").await.expect("it is its own");
    pool.later(DESK_HELD_S - 1);
    assert_eq!(sit_down(pool, "b").await, None, "it is held to the last second");
    // Whoever is heard of keeps it for as long again.
    assert!(keep(pool, "a", &desk, vec![], false).await);
    pool.later(DESK_HELD_S - 1);
    assert_eq!(sit_down(pool, "b").await, None);
    pool.later(1);
    desk = sit_down(pool, "b").await.expect("nobody has heard of the other");
    assert!(!keep(pool, "a", &desk, vec![], true).await, "what it says now is too late");
    assert_eq!(sit_down(pool, "a").await, None);
    assert!(keep(pool, "b", &desk, vec![], true).await);
    assert!(sit_down(pool, "a").await.is_some(), "it was left");
}

pub async fn a_desk_is_found_as_it_was_left(pool: &Pool) {
    let mut desk = sit_down(pool, "a").await.expect("nobody is there");
    assert_eq!(
        Desk { holder: None, held_until: pool.now(), ..desk.clone() },
        Desk { held_until: pool.now(), ..Desk::default() }
    );
    let kinds = [
        ErrandKind::Tell { task_id: TaskId("t_1".into()) },
        ErrandKind::Issues { repo: repo() },
        ErrandKind::Policy { repo: repo() },
        ErrandKind::PullRequest { repo: repo(), number: 12, again: false },
        ErrandKind::PullRequest { repo: repo(), number: 12, again: true },
        ErrandKind::Commit { repo: repo(), head_sha: "c0ffee".into() },
        ErrandKind::CatchUp { repo: repo(), since: pool.now(), after: None },
        ErrandKind::CatchUp { repo: repo(), since: pool.now(), after: Some("a place".into()) },
    ];
    for kind in kinds {
        desk.add(kind, pool.now());
    }
    assert_eq!(desk.errands.len(), 8, "each is another one");
    desk.errands[0].tries = 3;
    desk.errands[0].not_before = pool.now().plus_s(60);
    desk.until = Some("a place of the store's own".into());
    desk.rests_until = Some(pool.now().plus_s(30));
    desk.reads_at = pool.now().plus_s(3600);
    desk.take_write(pool.now()).expect("the first");
    let whole = Told {
        comment_id: Some(1),
        comment: Some("said".into()),
        label: Some("pool:in-review".into()),
        assignee: Some("alice".into()),
        check_id: Some(u64::MAX >> 1),
        check: Some("judged".into()),
        check_sha: Some("c0ffee".into()),
        ..Told::nothing(repo(), 12)
    };
    let other = Told { comment_id: Some(2), ..Told::nothing(repo(), 7) };
    assert!(keep(pool, "a", &desk, vec![whole.clone(), other.clone()], true).await);
    let found = sit_down(pool, "b").await.expect("it was left");
    assert_eq!(Desk { holder: desk.holder.clone(), held_until: desk.held_until, ..found }, desk);
    assert_eq!((told(pool, 12).await, told(pool, 7).await, told(pool, 8).await), (Some(whole), Some(other), None));
}

pub async fn who_has_lost_the_desk_keeps_nothing_of_what_it_was_about_to(pool: &Pool) {
    let desk = sit_down(pool, "a").await.expect("nobody is there");
    pool.later(DESK_HELD_S);
    let mut others = sit_down(pool, "b").await.expect("nobody has heard of the other");
    others.add(ErrandKind::Issues { repo: repo() }, pool.now());
    assert!(keep(pool, "b", &others, vec![], false).await);
    let late = Told { comment_id: Some(9), ..Told::nothing(repo(), 12) };
    assert!(!keep(pool, "a", &desk, vec![late], false).await);
    assert_eq!(told(pool, 12).await, None);
    assert_eq!(sit_down(pool, "b").await.expect("it is its own").errands, others.errands);
}
