//! A plan turns what a decision read and changed into checks and puts with the versions that it saw.

use crate::records::{NOW, claim, repo, task};
use owp_logic::{Actor, Changes, Context, EventKind, Ids, Key, Plan, Record, Rules, Snapshot, Write};
use owp_wire::RepoName;
use serde_json::json;

struct NoIds;

impl Ids for NoIds {
    fn fresh(&mut self, _prefix: char) -> String {
        unreachable!("nothing here needs an id")
    }
}

fn demo() -> RepoName {
    RepoName("demo".into())
}

/// The repository at version 7, a task at 3, no claim on its area.
fn snapshot() -> Snapshot {
    let mut snapshot = Snapshot::default();
    snapshot.insert(Key::Repo(demo()), Some((7, Record::Repo(repo()).into())));
    snapshot.insert(Key::Task(task().id), Some((3, Record::Task(task()).into())));
    snapshot.insert(Key::Area(demo(), "auth".into()), None);
    snapshot
}

fn plan(decide: impl FnOnce(&mut Plan)) -> Changes {
    let (snapshot, rules) = (snapshot(), Rules::default());
    let context = Context { now: NOW, rules: &rules, actor: Actor::Admin, request_id: "r1", ids: &mut NoIds };
    let mut plan = Plan::new(&snapshot, context);
    decide(&mut plan);
    plan.finish()
}

#[test]
fn what_is_read_becomes_a_check_of_its_version() {
    let changes = plan(|plan| {
        plan.repo(&demo());
        plan.area(&demo(), "auth");
    });
    let expected = [(Key::Repo(demo()), (7, Write::Check)), (Key::Area(demo(), "auth".into()), (0, Write::Check))];
    assert_eq!(changes.writes, expected.into());
    assert!(changes.is_empty(), "checks alone change nothing");
}

#[test]
fn what_is_only_peeked_at_leaves_no_trace() {
    let changes = plan(|plan| {
        assert!(plan.peek_repo(&demo()).is_some());
        assert!(plan.peek_area(&demo(), "auth").is_none());
    });
    assert_eq!(changes, Changes::default());
}

#[test]
fn what_is_changed_becomes_a_put_over_the_version_seen() {
    let changes = plan(|plan| {
        plan.repo(&demo());
        plan.repo_mut(&demo()).paused = true;
        assert!(plan.repo(&demo()).unwrap().paused, "a plan sees its own changes");
        assert!(plan.peek_repo(&demo()).unwrap().paused);
    });
    // The gate is made anew by whoever commits.
    let gate = owp_logic::Gate { open: false, changes_at: None };
    let paused = owp_logic::Repo { paused: true, gate, ..repo() };
    let put = Write::Put(Box::new(Record::Repo(paused)));
    assert_eq!(changes.writes, [(Key::Repo(demo()), (7, put))].into());
    assert!(!changes.is_empty());
}

#[test]
fn what_is_new_is_put_where_nothing_is_expected() {
    let changes = plan(|plan| plan.put(Record::Area(claim(&["t1"]))));
    let put = Write::Put(Box::new(Record::Area(claim(&["t1"]))));
    assert_eq!(changes.writes, [(Key::Area(demo(), "auth".into()), (0, put))].into());
}

#[test]
fn deleting_what_was_never_there_is_nothing() {
    let key = || Key::Area(demo(), "auth".into());
    let changes = plan(|plan| {
        plan.put(Record::Area(claim(&["t1"])));
        plan.delete(key());
        assert!(plan.area(&demo(), "auth").is_none());
    });
    assert_eq!(changes, Changes::default());
    let changes = plan(|plan| plan.delete(Key::Repo(demo())));
    assert_eq!(changes.writes, [(Key::Repo(demo()), (7, Write::Delete))].into());
}

#[test]
fn an_event_counts_up_with_its_subject_and_leaves_out_what_is_null() {
    let changes = plan(|plan| {
        let details = json!({ "reason": null, "outcome": "closed" });
        plan.task_event(&task().id, EventKind::TaskClosed, None, details);
        plan.task_event(&task().id, EventKind::TaskRequeued, None, json!({}));
    });
    let seqs: Vec<u64> = changes.events.iter().map(|event| event.subject_seq).collect();
    assert_eq!(seqs, [2, 3]);
    assert_eq!(serde_json::to_value(&changes.events[0].details).unwrap(), json!({ "outcome": "closed" }));
    let written = owp_logic::Task { event_seq: 3, ..task() };
    let put = Write::Put(Box::new(Record::Task(written)));
    assert_eq!(changes.writes, [(Key::Task(task().id), (3, put))].into());
}

#[test]
#[should_panic(expected = "is outside the scope")]
fn reading_outside_the_scope_panics() {
    plan(|plan| drop(plan.repo(&RepoName("another".into())).cloned()));
}

#[test]
#[should_panic(expected = "is in scope and there")]
fn changing_what_is_not_there_panics() {
    plan(|plan| plan.repo_mut(&RepoName("another".into())).paused = true);
}
