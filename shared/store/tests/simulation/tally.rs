//! What happened in a simulation, so that a reader sees that it was not nothing.

use crate::action::KINDS;
use crate::violation::REFUSALS;
use owp_logic::EventKind;
use std::collections::BTreeMap;
use std::fmt;

#[derive(Clone, Default)]
pub struct Tally {
    actions: BTreeMap<&'static str, Answers>,
    refusals: BTreeMap<&'static str, usize>,
    events: BTreeMap<EventKind, usize>,
}

#[derive(Clone, Default)]
struct Answers {
    accepted: usize,
    refused: usize,
}

impl Tally {
    pub fn count(&mut self, kind: &'static str, refusal: Option<&'static str>) {
        let answers = self.actions.entry(kind).or_default();
        match refusal {
            None => answers.accepted += 1,
            Some(refusal) => {
                answers.refused += 1;
                *self.refusals.entry(refusal).or_default() += 1;
            }
        }
    }

    pub fn happened(&mut self, kind: EventKind) {
        *self.events.entry(kind).or_default() += 1;
    }

    pub fn add(&mut self, other: &Self) {
        for (kind, answers) in &other.actions {
            let sum = self.actions.entry(kind).or_default();
            sum.accepted += answers.accepted;
            sum.refused += answers.refused;
        }
        other.refusals.iter().for_each(|(refusal, count)| *self.refusals.entry(refusal).or_default() += count);
        other.events.iter().for_each(|(kind, count)| *self.events.entry(*kind).or_default() += count);
    }

    /// Kinds of actions that were never accepted, refusals that were never seen and events that never happened.
    pub fn missing(&self) -> Vec<String> {
        let accepted = |kind: &&str| self.actions.get(kind).is_some_and(|answers| answers.accepted > 0);
        let never_accepted = KINDS.iter().filter(|kind| !accepted(kind)).map(|kind| format!("no {kind} was accepted"));
        let refused = |refusal: &&&str| !self.refusals.contains_key(**refusal);
        let never_refused = REFUSALS.iter().filter(refused).map(|refusal| format!("nothing was refused as {refusal}"));
        let happened = |kind: &&EventKind| !self.events.contains_key(kind);
        let never_happened = EVENTS.iter().filter(happened).map(|kind| format!("no event was a {kind:?}"));
        never_accepted.chain(never_refused).chain(never_happened).collect()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<24} {:>10} {:>10}", "action", "accepted", "refused")?;
        for (kind, Answers { accepted, refused }) in &self.actions {
            writeln!(f, "{kind:<24} {accepted:>10} {refused:>10}")?;
        }
        writeln!(f, "\n{:<24} {:>10}", "refused because", "times")?;
        self.refusals.iter().try_for_each(|(refusal, count)| writeln!(f, "{refusal:<24} {count:>10}"))?;
        writeln!(f, "\n{:<24} {:>10}", "event", "times")?;
        self.events.iter().try_for_each(|(kind, count)| writeln!(f, "{:<24} {count:>10}", format!("{kind:?}")))
    }
}

/// Every kind of event that decides something, where no repository is linked to GitHub.
const EVENTS: [EventKind; 35] = [
    EventKind::WorkerOnline,
    EventKind::WorkerOffline,
    EventKind::RepoCreated,
    EventKind::RepoUpdated,
    EventKind::WorkerRegistered,
    EventKind::WorkerStatusChanged,
    EventKind::WorkerRevoked,
    EventKind::TaskCreated,
    EventKind::TaskUpdated,
    EventKind::TaskAssigned,
    EventKind::TaskStarted,
    EventKind::TaskBlocked,
    EventKind::TaskNoted,
    EventKind::LeaseRenewed,
    EventKind::TaskPrOpened,
    EventKind::TaskChangesRequested,
    EventKind::TaskMerged,
    EventKind::TaskClosed,
    EventKind::TaskCancelled,
    EventKind::TaskNeedsInfo,
    EventKind::TaskRequeued,
    EventKind::TaskFailed,
    EventKind::RepoAdmissionChanged,
    EventKind::RepoOpened,
    EventKind::RepoClosed,
    EventKind::WorkerUpdated,
    EventKind::WorkerTrustChanged,
    EventKind::TaskOffered,
    EventKind::TaskDeclined,
    EventKind::TaskReady,
    EventKind::TaskWaiting,
    EventKind::TaskParked,
    EventKind::TaskReviewIdle,
    EventKind::TaskRated,
    EventKind::TaskReverted,
];
