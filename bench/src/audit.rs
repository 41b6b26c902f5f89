//! Reads a stopped server's event log and has it checked against the invariants, every event of it.

use owp_logic::history::History;
use owp_logic::{Event, EventKind};
use owp_store::Store;
use owp_store::libsql::LibsqlStore;
use std::path::Path;

/// Events read in one go.
const PAGE: usize = 1000;

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

    fn take(&mut self, history: &mut History, event: &Event) {
        self.events += 1;
        match event.kind {
            EventKind::TaskAssigned => self.assigned += 1,
            EventKind::TaskMerged => self.merged += 1,
            _ => {}
        }
        history.add(event);
    }
}

pub async fn audit(database: &Path) -> anyhow::Result<Audit> {
    audit_each(database, |_| {}).await
}

/// Also shows every event, in the order of the log.
pub async fn audit_each(database: &Path, mut show: impl FnMut(&Event)) -> anyhow::Result<Audit> {
    let store = LibsqlStore::open(database).await?;
    let (mut audit, mut history) = (Audit::default(), History::default());
    let mut after = None;
    loop {
        let page = store.events(after.as_ref(), None, PAGE).await?;
        let Some((last, _)) = page.last() else { break };
        after = Some(last.clone());
        for (_, event) in &page {
            audit.take(&mut history, event);
            show(event);
        }
    }
    store.close().await;
    audit.violations = history.violations;
    audit.violations.truncate(VIOLATIONS_MAX);
    Ok(audit)
}
