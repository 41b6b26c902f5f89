//! Faults put in on purpose, to see that the simulation finds them and tells a short story.
//!
//! A fault changes what a decision sees or what it commits; the rules and the store themselves stay as they are.

use owp_logic::{Actor, Changes, EventKind, Key, Lease, Record, Snapshot, Withdrawn, Write};
use owp_wire::{TaskId, TaskState, Timestamp};

/// The last moment of the year 9999.
const NEVER: Timestamp = Timestamp::from_millis(253_402_300_799_999);

/// More than any repository is given.
const BUDGET_TOO_MUCH: u32 = 1000;

/// Before anything was told.
const NEVER_SEEN: Timestamp = Timestamp::from_millis(0);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defect {
    /// Decisions see far more review budget than there is.
    BudgetIgnored,
    /// A lease never ends by the clock.
    DeadLeasesWrite,
    /// A merged task goes on taking budget.
    BudgetNotGivenBack,
    /// Taking an area is not recorded.
    AreaNotTaken,
    /// Nothing is said of a task that is blocked.
    EventLeftOut,
    /// What is requeued is lost.
    ReleaseForgotten,
    /// Urgent tasks are given to nobody.
    Stuck,
    /// A decision that panics.
    Panic,
    /// Whatever an issue says now is taken over, whoever has written it.
    EditsTakenOver,
    /// What GitHub told of an issue before is news again.
    OldNewsFollowed,
}

impl Defect {
    /// What a decision sees instead of what there is.
    pub fn before(self, snapshot: &Snapshot, actor: &Actor, now: Timestamp) -> Snapshot {
        let mut tampered = snapshot.clone();
        if self == Self::Stuck {
            let urgent = |id: &TaskId| {
                let found = snapshot.shared(&Key::Task(id.clone()));
                found.as_deref().and_then(Record::as_task).is_some_and(|task| task.spec.priority == 100)
            };
            tampered.candidates.retain(|id| !urgent(id));
        }
        for (key, version, record) in snapshot.records() {
            let mut record = record.clone();
            match (self, &mut record) {
                (Self::BudgetIgnored, Record::Repo(repo)) => repo.max_open_prs += BUDGET_TOO_MUCH,
                (Self::EditsTakenOver, Record::Task(task)) if task.state == TaskState::Ready => {
                    task.source.iter_mut().for_each(|source| source.withdrawn = Some(Withdrawn::Unlabelled));
                }
                (Self::OldNewsFollowed, Record::Task(task)) => {
                    task.source.iter_mut().for_each(|source| source.seen_at = NEVER_SEEN);
                }
                (Self::DeadLeasesWrite, Record::Task(task)) if matches!(actor, Actor::Worker(_)) => {
                    let dead = |lease: &&mut Lease| lease.expires_at <= now;
                    task.lease.iter_mut().filter(dead).for_each(|lease| lease.expires_at = NEVER);
                }
                _ => continue,
            }
            tampered.insert(key.clone(), Some((version, record.into())));
        }
        tampered
    }

    /// What is committed instead of what was decided.
    pub fn after(self, snapshot: &Snapshot, changes: &mut Changes) {
        let happened = |kind| changes.events.iter().any(|event| event.kind == kind);
        match self {
            Self::BudgetIgnored | Self::DeadLeasesWrite | Self::EditsTakenOver | Self::OldNewsFollowed => {
                self.hide(snapshot, changes);
            }
            Self::BudgetNotGivenBack if happened(EventKind::TaskMerged) => {
                for_each_put(changes, |record| {
                    if let Record::Repo(repo) = record {
                        repo.prs_open += 1;
                    }
                });
            }
            Self::AreaNotTaken => {
                let taken = |(_, write): &(u64, Write)| matches!(write, Write::Put(_));
                changes.writes.retain(|key, write| !(matches!(key, Key::Area(..)) && taken(write)));
            }
            Self::EventLeftOut => changes.events.retain(|event| event.kind != EventKind::TaskBlocked),
            Self::ReleaseForgotten if happened(EventKind::TaskRequeued) => {
                changes.writes.retain(|key, _| !matches!(key, Key::Task(_)));
            }
            Self::Panic => assert!(!happened(EventKind::TaskClosed), "a closed task is too much"),
            _ => {}
        }
    }

    /// Puts back what [`Self::before`] changed in records that are written.
    fn hide(self, snapshot: &Snapshot, changes: &mut Changes) {
        for_each_put(changes, |record| {
            let stored = snapshot.get(&record.key()).and_then(|(_, stored)| stored);
            match (self, record, stored) {
                (Self::BudgetIgnored, Record::Repo(repo), Some(Record::Repo(stored))) => {
                    let is_untouched = repo.max_open_prs == stored.max_open_prs + BUDGET_TOO_MUCH;
                    repo.max_open_prs = if is_untouched { stored.max_open_prs } else { repo.max_open_prs };
                }
                (Self::EditsTakenOver, Record::Task(task), Some(Record::Task(stored))) => {
                    let tampered = stored.state == TaskState::Ready && task.state != TaskState::Cancelled;
                    if let (Some(source), Some(stored), true) = (&mut task.source, &stored.source, tampered) {
                        source.withdrawn = stored.withdrawn;
                    }
                }
                (Self::OldNewsFollowed, Record::Task(task), Some(Record::Task(stored))) => {
                    if let (Some(source), Some(stored)) = (&mut task.source, &stored.source)
                        && source.seen_at == NEVER_SEEN
                    {
                        source.seen_at = stored.seen_at;
                    }
                }
                (Self::DeadLeasesWrite, Record::Task(task), Some(Record::Task(stored))) => {
                    let forever = |lease: &&mut Lease| lease.expires_at == NEVER;
                    if let Some((lease, stored)) = task.lease.as_mut().filter(forever).zip(stored.lease.as_ref()) {
                        lease.expires_at = stored.expires_at;
                    }
                }
                _ => {}
            }
        });
    }
}

fn for_each_put(changes: &mut Changes, mut change: impl FnMut(&mut Record)) {
    for (_, write) in changes.writes.values_mut() {
        if let Write::Put(record) = write {
            change(record);
        }
    }
}
