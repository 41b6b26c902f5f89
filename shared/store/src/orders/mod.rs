//! The orders in which records are looked for, kept in memory: ready tasks as they wait, and everything by when it is due.
//!
//! They are made from the records and follow every change of them. They find what a decision should look at; the records
//! themselves say what holds.

mod clocks;
mod queue;
mod waiting;

pub use clocks::Clocks;
#[cfg(feature = "libsql")]
pub use queue::Place;
pub use waiting::Waiting;

#[cfg(feature = "libsql")]
use owp_logic::{Changes, Snapshot, Write};
use owp_logic::{Key, Record};
use std::collections::BTreeSet;

#[derive(Default)]
pub struct Orders {
    pub waiting: Waiting,
    pub clocks: Clocks,
}

impl Orders {
    /// The record under this key is another now, or is new or gone.
    pub fn replace(&mut self, key: &Key, old: Option<&Record>, new: Option<&Record>) {
        match key {
            Key::Task(_) => {
                let (old, new) = (old.and_then(Record::as_task), new.and_then(Record::as_task));
                self.waiting.task(old, new);
                self.clocks.task(old, new);
            }
            Key::Worker(_) => self.clocks.worker(old.and_then(Record::as_worker), new.and_then(Record::as_worker)),
            Key::Repo(_) => {
                let (old, new) = (old.and_then(Record::as_repo), new.and_then(Record::as_repo));
                self.waiting.repo(new);
                self.clocks.repo(old, new);
            }
            Key::Area(repo, area) => self.waiting.area(repo, area, new.is_some()),
            Key::TaskKey(..) | Key::Admission(_) | Key::Idempotency(_) | Key::Book(_) => {}
        }
    }

    /// What was decided on this snapshot holds now.
    #[cfg(feature = "libsql")]
    pub fn follow(&mut self, snapshot: &Snapshot, changes: &Changes) {
        for (key, (_, write)) in &changes.writes {
            let old = || snapshot.get(key).and_then(|(_, record)| record);
            match write {
                Write::Check => {}
                Write::Put(record) => self.replace(key, old(), Some(record)),
                Write::Delete => self.replace(key, old(), None),
            }
        }
    }
}

/// Moves an entry of an ordered set.
pub fn replace<T: Ord>(set: &mut BTreeSet<T>, old: Option<T>, new: Option<T>) {
    if old != new {
        if let Some(old) = old {
            set.remove(&old);
        }
        set.extend(new);
    }
}
