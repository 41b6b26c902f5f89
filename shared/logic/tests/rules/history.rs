//! A history that breaks a rule is noticed: otherwise every test that relies on it would prove nothing.

use crate::records::NOW;
use owp_logic::history::History;
use owp_logic::{Actor, Event, EventKind, Subject};
use owp_wire::{LeaseId, RepoName, TaskId, Timestamp, WorkerId};
use serde_json::{Value, json};

#[derive(Default)]
struct Told {
    events: Vec<Event>,
}

impl Told {
    fn repo(self, max_open_prs: u32) -> Self {
        self.repo_with(json!({
            "max_open_prs": max_open_prs, "area_locks_enabled": true, "paused": false, "policy": {},
        }))
    }

    fn repo_with(self, details: Value) -> Self {
        self.push(Subject::Repo(RepoName("demo".into())), EventKind::RepoCreated, None, None, details)
    }

    fn worker(self, id: &str, points: u32, tasks: u32) -> Self {
        let details = json!({
            "skills": ["rust"], "capacity_points": points, "max_concurrent_tasks": tasks, "trust_tier": "basic",
        });
        self.push(Subject::Worker(WorkerId(id.into())), EventKind::WorkerRegistered, Some((id, None)), None, details)
    }

    fn task(self, id: &str, area: Option<&str>) -> Self {
        self.task_with(id, json!({ "area": area }))
    }

    fn task_with(self, id: &str, special: Value) -> Self {
        let mut details = json!({
            "title": "a", "estimate_points": 2, "required_skills": ["rust"], "tier": 1, "state": "ready",
            "security": false, "depends_on": [],
        });
        let (Value::Object(all), Value::Object(special)) = (&mut details, special) else { unreachable!() };
        all.extend(special.into_iter().filter(|(_, value)| !value.is_null()));
        self.of_task(id, EventKind::TaskCreated, None, details)
    }

    fn given(self, task: &str, worker: &str, lease: &str) -> Self {
        self.of_task(task, EventKind::TaskAssigned, Some((worker, Some(lease))), json!({}))
    }

    /// The same, said by the worker itself.
    fn by_itself(mut self) -> Self {
        let last = self.events.last_mut().expect("something was told");
        last.actor = Actor::Worker(last.worker_id.clone().expect("a worker did it"));
        self
    }

    fn of_task(self, id: &str, kind: EventKind, by: Option<(&str, Option<&str>)>, details: Value) -> Self {
        self.push(Subject::Task(TaskId(id.into())), kind, by, Some(id), details)
    }

    fn push(
        mut self,
        subject: Subject,
        kind: EventKind,
        by: Option<(&str, Option<&str>)>,
        task: Option<&str>,
        details: Value,
    ) -> Self {
        let seq = self.events.iter().filter(|event| event.subject == subject).count() as u64 + 1;
        let Value::Object(details) = details else { unreachable!("details are an object") };
        self.events.push(Event {
            subject,
            subject_seq: seq,
            kind,
            at: NOW,
            actor: Actor::System,
            request_id: "r1".into(),
            repo: Some(RepoName("demo".into())),
            task_id: task.map(|id| TaskId(id.into())),
            worker_id: by.map(|(worker, _)| WorkerId(worker.into())),
            lease_id: by.and_then(|(_, lease)| lease).map(|lease| LeaseId(lease.into())),
            was: None,
            state: None,
            details,
        });
        self
    }

    #[track_caller]
    fn breaks(self, what: &str) {
        let history = History::of(&self.events);
        assert_eq!(history.violations.len(), 1, "{:?}", history.violations);
        assert!(history.violations[0].contains(what), "{:?}", history.violations);
    }
}

fn two_tasks() -> Told {
    Told::default().repo(5).worker("w1", 10, 5).worker("w2", 10, 5).task("t1", None).task("t2", None)
}

#[test]
fn a_history_that_keeps_the_rules_has_no_violation() {
    let history = two_tasks()
        .given("t1", "w1", "l1")
        .of_task("t1", EventKind::TaskPrOpened, Some(("w1", Some("l1"))), json!({}))
        .of_task("t1", EventKind::TaskMerged, Some(("w1", Some("l1"))), json!({ "outcome": "merged" }))
        .given("t2", "w2", "l2");
    assert_eq!(History::of(&history.events).violations, Vec::<String>::new());
}

#[test]
fn a_task_given_twice_is_noticed() {
    two_tasks().given("t1", "w1", "l1").given("t1", "w2", "l2").breaks("it was not ready");
}

#[test]
fn a_spent_budget_is_noticed() {
    let told = Told::default().repo(1).worker("w1", 10, 5).task("t1", None).task("t2", None);
    told.given("t1", "w1", "l1").given("t2", "w1", "l2").breaks("the review budget was spent");
    let told = Told::default().repo(1).worker("w1", 10, 5).task("t1", None).task("t2", None).given("t1", "w1", "l1");
    let told = told.of_task("t1", EventKind::TaskPrOpened, Some(("w1", Some("l1"))), json!({}));
    told.given("t2", "w1", "l2").breaks("the review budget was spent");
}

#[test]
fn a_paused_repository_is_noticed() {
    let details = json!({ "max_open_prs": 5, "area_locks_enabled": true, "paused": true, "policy": {} });
    let told = Told::default().repo_with(details).worker("w1", 10, 5).task("t1", None);
    told.given("t1", "w1", "l1").breaks("its repository was paused");
}

#[test]
fn two_holders_of_an_area_are_noticed() {
    let told = Told::default().repo(5).worker("w1", 10, 5).task("t1", Some("auth")).task("t2", Some("auth"));
    told.given("t1", "w1", "l1").given("t2", "w1", "l2").breaks("its area was taken");
}

#[test]
fn an_exceeded_capacity_is_noticed() {
    let told = |points, tasks| {
        let told = Told::default().repo(5).worker("w1", points, tasks).task("t1", None).task("t2", None);
        told.given("t1", "w1", "l1").given("t2", "w1", "l2")
    };
    told(3, 5).breaks("the worker had too few points");
    told(9, 1).breaks("the worker held too many tasks");
}

#[test]
fn a_missing_skill_or_tier_is_noticed() {
    let told = || Told::default().repo(5).worker("w1", 10, 5);
    let lacks = told().task_with("t1", json!({ "required_skills": ["rust", "sql"] }));
    lacks.given("t1", "w1", "l1").breaks("the worker lacked a skill");
    told().task_with("t1", json!({ "tier": 2 })).given("t1", "w1", "l1").breaks("the worker's tier was too low");
}

#[test]
fn a_revoked_worker_is_noticed() {
    let worker = Subject::Worker(WorkerId("w1".into()));
    let told = two_tasks().push(worker, EventKind::WorkerRevoked, Some(("w1", None)), None, json!({}));
    told.given("t1", "w1", "l1").breaks("the worker was revoked");
}

#[test]
fn a_write_from_a_dead_lease_is_noticed() {
    let told =
        two_tasks().given("t1", "w1", "l1").of_task("t1", EventKind::TaskRequeued, None, json!({ "state": "ready" }));
    let told = told.given("t1", "w2", "l2");
    told.of_task("t1", EventKind::TaskStarted, Some(("w1", Some("l1"))), json!({})).breaks("not the live one");
}

#[test]
fn an_offer_that_does_not_fit_or_goes_to_another_is_noticed() {
    let offered = |told: Told, task: &str, to: &str| {
        told.of_task(task, EventKind::TaskOffered, Some((to, None)), json!({ "offer_id": "o1" }))
    };
    let told = Told::default().repo(1).worker("w1", 10, 5).worker("w2", 10, 5).task("t1", None).task("t2", None);
    let told = offered(told, "t1", "w1");
    offered(told, "t2", "w1").breaks("the review budget was spent");
    offered(two_tasks(), "t1", "w1").given("t1", "w2", "l1").breaks("was offered to w1 and given to w2");
    let accepted = offered(two_tasks(), "t1", "w1").given("t1", "w1", "l1");
    assert_eq!(History::of(&accepted.events).violations, Vec::<String>::new());
}

#[test]
fn a_task_given_before_what_it_depends_on_is_noticed() {
    let told = two_tasks().task_with("t3", json!({ "depends_on": ["t1"] }));
    told.given("t3", "w1", "l3").breaks("it depends on tasks that are not merged");
}

#[test]
fn a_write_from_a_lease_that_has_ended_is_noticed() {
    let given = |ends_at: Timestamp| {
        let details = json!({ "expires_at": ends_at });
        two_tasks().of_task("t1", EventKind::TaskAssigned, Some(("w1", Some("l1"))), details)
    };
    let started = |told: Told| told.of_task("t1", EventKind::TaskStarted, Some(("w1", Some("l1"))), json!({}));
    started(given(NOW)).by_itself().breaks("a lease that had ended");
    // Not the holder but time or a maintainer: nothing is wrong with that.
    assert_eq!(History::of(&started(given(NOW)).events).violations, Vec::<String>::new());
    assert_eq!(History::of(&started(given(NOW.plus_s(1))).by_itself().events).violations, Vec::<String>::new());
    let renewed = given(NOW).of_task("t1", EventKind::LeaseRenewed, None, json!({ "expires_at": NOW.plus_s(1) }));
    assert_eq!(History::of(&started(renewed).by_itself().events).violations, Vec::<String>::new());
}

#[test]
fn what_is_out_is_counted_where_it_counts() {
    let told = two_tasks().task("t3", Some("auth")).given("t1", "w1", "l1").given("t3", "w1", "l3");
    let told = told.of_task("t1", EventKind::TaskPrOpened, Some(("w1", Some("l1"))), json!({}));
    let check = |told: &Told, leases: usize, prs: usize, areas: usize| {
        let history = History::of(&told.events);
        let repo = history.repo(&RepoName("demo".into())).unwrap();
        let worker = history.worker(&WorkerId("w1".into())).unwrap();
        assert_eq!((repo.leases, repo.prs, repo.areas.len()), (leases, prs, areas));
        assert_eq!((worker.held.len(), worker.in_review.len()), (leases, prs));
    };
    check(&told, 1, 1, 1);
    let told = told.of_task("t3", EventKind::TaskCancelled, Some(("w1", Some("l3"))), json!({}));
    let told = told.of_task("t1", EventKind::TaskMerged, Some(("w1", Some("l1"))), json!({}));
    check(&told, 0, 0, 0);
}

#[test]
fn a_second_merge_is_noticed() {
    let merged = |told: Told| told.of_task("t1", EventKind::TaskMerged, None, json!({}));
    merged(merged(two_tasks().given("t1", "w1", "l1"))).breaks("merged more than once");
}

#[test]
fn a_gap_or_a_repeat_in_the_events_of_a_subject_is_noticed() {
    for wrong in [1, 3] {
        let mut told = two_tasks().given("t1", "w1", "l1");
        told.events.last_mut().unwrap().subject_seq = wrong;
        told.breaks("comes after 1");
    }
}
