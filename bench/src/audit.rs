//! Reads a stopped server's event log and has it checked against the invariants, every event of it.
//!
//! `History` looks at all tasks it knows for each assignment, so it is shown only those that could matter: a task's events
//! from the moment it is first given; and when many have been merged, a new `History` is told the past of the tasks still
//! open. Tasks that hold nothing count in none of its checks, so no violation is lost by this.

use owp_logic::history::History;
use owp_logic::{Event, EventKind, Subject};
use owp_store::Store;
use owp_store::libsql::LibsqlStore;
use owp_wire::TaskId;
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// Events read in one go.
const PAGE: usize = 1000;

/// Merged tasks that a `History` may know before a new one takes over.
const MERGED_MAX: usize = 500;

/// Violations told; one fault may cause many.
const VIOLATIONS_MAX: usize = 20;

#[derive(Default)]
pub struct Audit {
    pub events: usize,
    pub assigned: usize,
    pub merged: usize,
    pub violations: Vec<String>,
}

impl Audit {
    pub fn summary(&self) -> String {
        let Self { events, assigned, merged, violations } = self;
        format!(
            "{events} events, {assigned} assignments, {merged} merges, {} violations; all events were checked",
            violations.len()
        )
    }
}

/// An event with its place in the log.
type Placed = (u64, Event);

#[derive(Default)]
struct Auditor {
    audit: Audit,
    last_seq: HashMap<Subject, u64>,
    history: History,
    /// What is told to every `History`: events of repositories and workers.
    settings: Vec<Placed>,
    /// Tasks that were never given.
    waiting: HashMap<TaskId, Vec<Placed>>,
    /// Tasks that were given and have not been merged.
    open: HashMap<TaskId, Vec<Placed>>,
    merged: HashSet<TaskId>,
}

pub async fn audit(database: &Path) -> anyhow::Result<Audit> {
    let store = LibsqlStore::open(database).await?;
    let mut auditor = Auditor::default();
    let mut after = 0;
    loop {
        let page = store.events(after, PAGE).await?;
        let Some((last, _)) = page.last() else { break };
        after = *last;
        for placed in page {
            auditor.take(placed);
        }
    }
    store.close().await;
    auditor.renew();
    let mut audit = auditor.audit;
    audit.violations.truncate(VIOLATIONS_MAX);
    Ok(audit)
}

impl Auditor {
    fn take(&mut self, placed: Placed) {
        self.check_order(&placed.1);
        self.audit.events += 1;
        match placed.1.kind {
            EventKind::TaskAssigned => self.audit.assigned += 1,
            EventKind::TaskMerged => self.audit.merged += 1,
            _ => {}
        }
        if let Some(id) = placed.1.task_id.clone() {
            self.take_task(id, placed);
        } else {
            self.history.add(&placed.1);
            self.settings.push(placed);
        }
        if self.history.tasks().len() > self.open.len() + MERGED_MAX {
            self.renew();
        }
    }

    /// Each subject's events are numbered 1, 2, 3 …
    fn check_order(&mut self, event: &Event) {
        let last = self.last_seq.entry(event.subject.clone()).or_default();
        if event.subject_seq != *last + 1 {
            let text = format!("event {} of {} comes after {last}", event.subject_seq, event.subject);
            self.audit.violations.push(text);
        }
        *last = event.subject_seq;
    }

    fn take_task(&mut self, id: TaskId, placed: Placed) {
        let kind = placed.1.kind;
        if self.merged.contains(&id) {
            self.audit.violations.push(format!("{kind:?} of {} comes after it was merged", id.0));
            return;
        }
        if let Some(told) = self.open.get_mut(&id) {
            self.history.add(&placed.1);
            told.push(placed);
        } else if matches!(kind, EventKind::TaskCreated | EventKind::TaskUpdated) {
            self.waiting.entry(id).or_default().push(placed);
            return;
        } else {
            let mut past = self.waiting.remove(&id).unwrap_or_default();
            past.push(placed);
            for (_, event) in &past {
                self.history.add(event);
            }
            self.open.insert(id.clone(), past);
        }
        if kind == EventKind::TaskMerged {
            self.open.remove(&id);
            self.merged.insert(id);
        }
    }

    /// Takes over what was found and begins a new `History`, which is told what it needs to know in the log's order.
    fn renew(&mut self) {
        let ended = std::mem::take(&mut self.history);
        self.audit.violations.extend(ended.violations);
        let mut past: Vec<&Placed> = self.settings.iter().chain(self.open.values().flatten()).collect();
        past.sort_by_key(|(place, _)| *place);
        for (_, event) in past {
            self.history.add(event);
        }
        // Found before, by the one that ended.
        self.history.violations.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use owp_logic::Actor;
    use owp_wire::{LeaseId, RepoName, Timestamp, WorkerId};
    use serde_json::{Value, json};

    fn event(subject: Subject, subject_seq: u64, kind: EventKind, details: &Value) -> Event {
        Event {
            kind,
            subject_seq,
            at: Timestamp::from_millis(0),
            actor: Actor::Admin,
            request_id: "r".into(),
            repo: Some(RepoName("demo".into())),
            task_id: None,
            worker_id: None,
            lease_id: None,
            details: details.as_object().unwrap().clone(),
            subject,
        }
    }

    fn of_task(task: usize, subject_seq: u64, kind: EventKind, details: &Value) -> Event {
        let id = TaskId(format!("t_{task}"));
        Event { task_id: Some(id.clone()), ..event(Subject::Task(id), subject_seq, kind, details) }
    }

    fn assigned(task: usize, subject_seq: u64) -> Event {
        let (worker_id, lease_id) = (Some(WorkerId("w_1".into())), Some(LeaseId(format!("l_{task}"))));
        Event { worker_id, lease_id, ..of_task(task, subject_seq, EventKind::TaskAssigned, &json!({})) }
    }

    /// A repository with room for two, a worker, and so many tasks.
    fn beginning(tasks: usize) -> Vec<Event> {
        let worker = WorkerId("w_1".into());
        let registered =
            json!({ "skills": [], "capacity_points": 9, "max_concurrent_tasks": 9, "trust_tier": "basic" });
        let registered = event(Subject::Worker(worker.clone()), 1, EventKind::WorkerRegistered, &registered);
        let settings = json!({ "max_open_prs": 2, "area_locks_enabled": true, "paused": false });
        let created = json!({ "title": "a task", "estimate_points": 1, "required_skills": [], "tier": 0 });
        let mut events = vec![
            event(Subject::Repo(RepoName("demo".into())), 1, EventKind::RepoCreated, &settings),
            Event { worker_id: Some(worker), ..registered },
        ];
        events.extend((0..tasks).map(|task| of_task(task, 1, EventKind::TaskCreated, &created)));
        events
    }

    fn violations(events: Vec<Event>) -> Vec<String> {
        let mut auditor = Auditor::default();
        for placed in (1..).zip(events) {
            auditor.take(placed);
        }
        auditor.renew();
        auditor.audit.violations
    }

    #[test]
    fn what_was_given_long_ago_still_counts() {
        let tasks = 3 * MERGED_MAX;
        let mut events = beginning(tasks);
        events.push(assigned(0, 2));
        for task in 2..tasks {
            events.extend([assigned(task, 2), of_task(task, 3, EventKind::TaskMerged, &json!({}))]);
        }
        assert_eq!(violations(events.clone()), Vec::<String>::new());
        events.push(assigned(1, 2));
        assert_eq!(violations(events.clone()), Vec::<String>::new());
        events.extend(beginning(0).into_iter().map(|again| Event { subject_seq: 2, ..again }));
        events.push(assigned(1, 3));
        let found = violations(events);
        assert!(found.iter().any(|text| text.contains("the review budget was spent")), "{found:?}");
        assert!(found.iter().any(|text| text.contains("it was not ready")), "{found:?}");
    }

    #[test]
    fn a_gap_is_found_in_the_events_of_a_task_that_was_never_given() {
        let mut events = beginning(1);
        events.last_mut().unwrap().subject_seq = 2;
        assert_eq!(violations(events), ["event 2 of task:t_0 comes after 0"]);
    }

    #[test]
    fn nothing_may_happen_to_a_merged_task() {
        let mut events = beginning(1);
        events.extend([assigned(0, 2), of_task(0, 3, EventKind::TaskMerged, &json!({})), assigned(0, 4)]);
        assert_eq!(violations(events), ["TaskAssigned of t_0 comes after it was merged"]);
    }
}
