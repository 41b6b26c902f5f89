//! Times that are measured: since when a repository's budget is spent, a worker is busy, a worker is there.
//!
//! A record says since when a period lasts; the event that ends it says since when it lasted. So what was measured can be
//! added up from the events alone, and costs no event of its own.

use crate::plan::Plan;
use crate::record::{Event, EventKind};
use owp_wire::{TaskState, Timestamp, WorkerId};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// In the details of the event that ends it: since when every slot of its repository was taken.
pub const FULL_SINCE: &str = "full_since";
/// Since when its worker held at least one task.
pub const BUSY_SINCE: &str = "busy_since";
/// Since when and until when the worker was there.
pub const ONLINE_SINCE: &str = "online_since";
pub const ONLINE_UNTIL: &str = "online_until";
/// Of a task that is merged or closed: the parts of its life.
pub const SPENT: &str = "spent";

/// How long a task was in each part of its life so far, in milliseconds; what follows a close is not counted until it is
/// taken up again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spent {
    /// Waiting, ready or offered, or back with the maintainer.
    pub wait_ms: u64,
    /// Leased, and not begun.
    pub lease_ms: u64,
    /// In progress, blocked, or sent back by reviewers.
    pub work_ms: u64,
    /// With the reviewers.
    pub review_ms: u64,
}

impl Spent {
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    pub fn total_ms(&self) -> u64 {
        self.wait_ms + self.lease_ms + self.work_ms + self.review_ms
    }

    /// The task was in this state from one time to another. A clock that was set back makes it no time at all.
    pub fn add(&mut self, state: TaskState, from: Timestamp, to: Timestamp) {
        let part = match state {
            TaskState::Waiting | TaskState::Ready | TaskState::Offered | TaskState::NeedsInfo | TaskState::Failed => {
                &mut self.wait_ms
            }
            TaskState::Leased => &mut self.lease_ms,
            TaskState::InProgress | TaskState::Blocked | TaskState::ChangesRequested => &mut self.work_ms,
            TaskState::PrOpened => &mut self.review_ms,
            TaskState::Merged | TaskState::Closed | TaskState::Cancelled => return,
        };
        *part += u64::try_from(to.as_millis() - from.as_millis()).unwrap_or_default();
    }
}

/// Begins or ends a period; says since when it lasted, where it ends now.
pub fn turn(since: &mut Option<Timestamp>, lasts: bool, now: Timestamp) -> Option<Timestamp> {
    if lasts {
        since.get_or_insert(now);
        return None;
    }
    since.take()
}

/// Has the last event that is about it say since when a period lasted.
pub fn tell(events: &mut [Event], is_about: impl Fn(&Event) -> bool, what: &str, since: Timestamp) {
    if let Some(event) = events.iter_mut().rev().find(|event| is_about(event)) {
        event.details.insert(what.to_owned(), json!(since));
    }
}

impl Plan<'_> {
    /// The worker is there, and was not a moment ago.
    pub fn arrive(&mut self, worker_id: &WorkerId) {
        let now = self.now();
        self.worker_mut(worker_id).online_since = Some(now);
        self.worker_event(worker_id, EventKind::WorkerOnline, json!({}));
    }

    /// The worker counts as there no more.
    pub fn leave(&mut self, worker_id: &WorkerId, until: Timestamp) {
        let since = self.worker_mut(worker_id).online_since.take();
        let details = json!({ ONLINE_SINCE: since, ONLINE_UNTIL: until });
        self.worker_event(worker_id, EventKind::WorkerOffline, details);
    }
}
