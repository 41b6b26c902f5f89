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
        page.into_iter().for_each(|placed| auditor.take(placed));
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
        match placed.1.task_id.clone() {
            Some(id) => self.take_task(id, placed),
            None => {
                self.history.add(&placed.1);
                self.settings.push(placed);
            }
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
            past.iter().for_each(|(_, event)| self.history.add(event));
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
        past.into_iter().for_each(|(_, event)| self.history.add(event));
        // Found before, by the one that ended.
        self.history.violations.clear();
    }
}
