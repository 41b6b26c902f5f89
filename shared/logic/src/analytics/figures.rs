//! The numbers of one day.

use super::Durations;
use crate::periods::{SPENT, Spent};
use crate::record::{Event, EventKind};
use owp_wire::{AttemptOutcome, TaskState};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Counts of what happened on a day, and times of what ended on it. Those of several days add up.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Figures {
    #[serde(skip_serializing_if = "is_zero")]
    pub created: u64,
    #[serde(skip_serializing_if = "is_zero")]
    pub merged: u64,
    #[serde(skip_serializing_if = "is_zero")]
    pub closed: u64,
    #[serde(skip_serializing_if = "is_zero")]
    pub cancelled: u64,
    #[serde(skip_serializing_if = "is_zero")]
    pub failed: u64,
    #[serde(skip_serializing_if = "is_zero")]
    pub reverted: u64,
    #[serde(skip_serializing_if = "is_zero")]
    pub leases_granted: u64,
    /// Ran out, or their holder fell silent.
    #[serde(skip_serializing_if = "is_zero")]
    pub leases_expired: u64,
    #[serde(skip_serializing_if = "is_zero")]
    pub leases_released: u64,
    /// Came to nothing for whatever reason, so that the task was free again or failed.
    #[serde(skip_serializing_if = "is_zero")]
    pub requeued: u64,
    #[serde(skip_serializing_if = "is_zero")]
    pub offers_made: u64,
    #[serde(skip_serializing_if = "is_zero")]
    pub offers_declined: u64,
    #[serde(skip_serializing_if = "is_zero")]
    pub prs_opened: u64,
    #[serde(skip_serializing_if = "is_zero")]
    pub changes_requested: u64,
    /// Of tasks that were merged: from creation on, and its parts.
    #[serde(skip_serializing_if = "Durations::is_empty")]
    pub lead: Durations,
    #[serde(skip_serializing_if = "Durations::is_empty")]
    pub wait: Durations,
    #[serde(skip_serializing_if = "Durations::is_empty")]
    pub lease: Durations,
    #[serde(skip_serializing_if = "Durations::is_empty")]
    pub work: Durations,
    #[serde(skip_serializing_if = "Durations::is_empty")]
    pub review: Durations,
    /// How long every slot of a repository was taken; over the pool, added up over repositories.
    #[serde(skip_serializing_if = "is_zero")]
    pub full_ms: u64,
    /// How long a worker held at least one task; over the pool, added up over workers.
    #[serde(skip_serializing_if = "is_zero")]
    pub busy_ms: u64,
    /// How long a worker was there; over the pool, added up over workers.
    #[serde(skip_serializing_if = "is_zero")]
    pub online_ms: u64,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Figures {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What the event itself counts for; periods that end with it are counted apart.
    pub fn count(&mut self, event: &Event) {
        match event.kind {
            EventKind::TaskCreated => self.created += 1,
            EventKind::TaskMerged => self.count_merged(event),
            EventKind::TaskClosed => self.closed += 1,
            EventKind::TaskCancelled => self.cancelled += 1,
            EventKind::TaskReverted => self.reverted += 1,
            EventKind::TaskAssigned => self.leases_granted += 1,
            EventKind::TaskOffered => self.offers_made += 1,
            EventKind::TaskDeclined => self.offers_declined += 1,
            EventKind::TaskPrOpened if event.was.is_some() => self.prs_opened += 1,
            EventKind::TaskChangesRequested => self.changes_requested += 1,
            EventKind::TaskRequeued => self.count_ended(event),
            EventKind::TaskFailed => {
                self.failed += 1;
                self.count_ended(event);
            }
            _ => {}
        }
    }

    fn count_merged(&mut self, event: &Event) {
        self.merged += 1;
        let spent = event.details.get(SPENT).and_then(|spent| serde_json::from_value::<Spent>(spent.clone()).ok());
        // Tasks merged by a version that did not measure say nothing.
        let Some(spent) = spent else { return };
        self.lead.note_ms(spent.total_ms());
        self.wait.note_ms(spent.wait_ms);
        self.lease.note_ms(spent.lease_ms);
        self.work.note_ms(spent.work_ms);
        self.review.note_ms(spent.review_ms);
    }

    fn count_ended(&mut self, event: &Event) {
        let outcome = event.details.get("outcome").and_then(|said| serde_json::from_value(said.clone()).ok());
        match outcome {
            Some(AttemptOutcome::Expired | AttemptOutcome::WorkerOffline) => self.leases_expired += 1,
            Some(AttemptOutcome::Released) => self.leases_released += 1,
            _ => {}
        }
        self.requeued += u64::from(outcome.is_some());
    }

    pub fn add(&mut self, other: &Self) {
        let counts: [(&mut u64, u64); 17] = [
            (&mut self.created, other.created),
            (&mut self.merged, other.merged),
            (&mut self.closed, other.closed),
            (&mut self.cancelled, other.cancelled),
            (&mut self.failed, other.failed),
            (&mut self.reverted, other.reverted),
            (&mut self.leases_granted, other.leases_granted),
            (&mut self.leases_expired, other.leases_expired),
            (&mut self.leases_released, other.leases_released),
            (&mut self.requeued, other.requeued),
            (&mut self.offers_made, other.offers_made),
            (&mut self.offers_declined, other.offers_declined),
            (&mut self.prs_opened, other.prs_opened),
            (&mut self.changes_requested, other.changes_requested),
            (&mut self.full_ms, other.full_ms),
            (&mut self.busy_ms, other.busy_ms),
            (&mut self.online_ms, other.online_ms),
        ];
        for (sum, more) in counts {
            *sum += more;
        }
        self.lead.add(&other.lead);
        self.wait.add(&other.wait);
        self.lease.add(&other.lease);
        self.work.add(&other.work);
        self.review.add(&other.review);
    }
}

/// How many tasks are in each state, as the events tell it. Tasks from before events told states are not counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    pub tasks: BTreeMap<TaskState, i64>,
}

impl Standing {
    pub fn moved(&mut self, was: Option<TaskState>, state: TaskState, is_new: bool) {
        if was.is_none() && !is_new {
            return;
        }
        if let Some(was) = was {
            *self.tasks.entry(was).or_default() -= 1;
        }
        *self.tasks.entry(state).or_default() += 1;
        self.tasks.retain(|_, count| *count != 0);
    }

    pub fn add(&mut self, other: &Self) {
        for (state, count) in &other.tasks {
            *self.tasks.entry(*state).or_default() += count;
        }
        self.tasks.retain(|_, count| *count != 0);
    }

    /// Tasks that somebody still has to do something for.
    pub fn unfinished(&self) -> u64 {
        let finished = [TaskState::Merged, TaskState::Closed, TaskState::Cancelled, TaskState::Failed];
        let unfinished = self.tasks.iter().filter(|(state, _)| !finished.contains(state));
        u64::try_from(unfinished.map(|(_, count)| count).sum::<i64>()).unwrap_or_default()
    }
}
