//! What happened in a simulation, so that a reader sees that it was not nothing.

use crate::kinds::KINDS;
use crate::violation::REFUSALS;
use owp_logic::EventKind;
use std::collections::BTreeMap;
use std::fmt;

#[derive(Clone, Default)]
pub struct Tally {
    actions: BTreeMap<&'static str, Answers>,
    refusals: BTreeMap<&'static str, usize>,
    events: BTreeMap<EventKind, usize>,
    /// What things came to, by name.
    came: BTreeMap<&'static str, usize>,
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

    pub fn came(&mut self, what: &'static str) {
        *self.came.entry(what).or_default() += 1;
    }

    pub fn add(&mut self, other: &Self) {
        for (kind, answers) in &other.actions {
            let sum = self.actions.entry(kind).or_default();
            sum.accepted += answers.accepted;
            sum.refused += answers.refused;
        }
        other.refusals.iter().for_each(|(refusal, count)| *self.refusals.entry(refusal).or_default() += count);
        other.events.iter().for_each(|(kind, count)| *self.events.entry(*kind).or_default() += count);
        other.came.iter().for_each(|(what, count)| *self.came.entry(what).or_default() += count);
    }

    /// Kinds of actions that were never accepted, refusals that were never seen and events that never happened.
    pub fn missing(&self) -> Vec<String> {
        let accepted = |kind: &&str| self.actions.get(kind).is_some_and(|answers| answers.accepted > 0);
        let never_accepted = KINDS.iter().filter(|kind| !accepted(kind)).map(|kind| format!("no {kind} was accepted"));
        let refused = |refusal: &&&str| !self.refusals.contains_key(**refusal);
        let never_refused = REFUSALS.iter().filter(refused).map(|refusal| format!("nothing was refused as {refusal}"));
        let happened = |kind: &&EventKind| !self.events.contains_key(kind);
        let never_happened = EVENTS.iter().filter(happened).map(|kind| format!("no event was a {kind:?}"));
        let came = |what: &&&str| !self.came.contains_key(**what);
        let never_came = CAME.iter().filter(came).map(|what| format!("it never came to this: {what}"));
        never_accepted.chain(never_refused).chain(never_happened).chain(never_came).collect()
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
        self.events.iter().try_for_each(|(kind, count)| writeln!(f, "{:<24} {count:>10}", format!("{kind:?}")))?;
        writeln!(f, "\n{:<48} {:>10}", "came to this", "times")?;
        self.came.iter().try_for_each(|(what, count)| writeln!(f, "{what:<48} {count:>10}"))
    }
}

/// Every kind of event that decides something.
const EVENTS: [EventKind; 38] = [
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
    EventKind::RepoLinked,
    EventKind::RepoLookDue,
    EventKind::TaskSourceEdited,
];

/// What is done at GitHub, and everything that it may come to; and what comes of a task by rules that meet.
const CAME: [&str; 69] = [
    "an offer goes back when its worker asks",
    "a change is foretold",
    "a task of one's own is done",
    "a clock is put right by an hour or more",
    "issue opened",
    "issue edited",
    "issue labelled",
    "issue made ready",
    "issue not ready",
    "issue closed",
    "issue reopened",
    "issue deleted",
    "pull opened",
    "pull names lease",
    "pull pushed to",
    "pull drafted",
    "pull reviewed",
    "pull closed",
    "pull reopened",
    "pull merged",
    "pull reverted",
    "a delivery is made",
    "a delivery is made again",
    "a delivery is made again much later",
    "an issue is left alone",
    "an issue is not followed",
    "an issue's past is ignored",
    "an issue becomes a task",
    "an issue takes its task along",
    "an issue's task is over",
    "a task in hand stays",
    "a task in hand is kept",
    "a task comes back",
    "a task comes back with a new text",
    "a text is taken over",
    "an edit is flagged",
    "an edit is flagged for a holder",
    "labels are followed",
    "a look is asked for",
    "a pull request is nobody's",
    "a pull request finds its task",
    "a pull request's past is ignored",
    "a replaced pull request is ignored",
    "a pull request opens the review",
    "a pull request that is closed ends its task",
    "a pull request ends a dead lease",
    "a draft begins the work",
    "a push answers the review",
    "a review sends it back",
    "a review is content after all",
    "a review changes nothing",
    "a merge is followed",
    "a late merge is followed",
    "noted",
    "a merge is reverted",
    "a revert is of something else",
    "an account is proven",
    "an access changes",
    "an access stays",
    "a policy file says nothing new",
    "a policy file has a mistake",
    "a policy file is followed",
    "a policy file is gone",
    "a desk is taken",
    "a desk is free",
    "a desk is left",
    "a desk is kept",
    "a desk is left without a word",
    "a desk was taken meanwhile",
];
