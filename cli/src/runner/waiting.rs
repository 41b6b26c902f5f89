//! Leases that the server gave and that wait for their turn, because it gives as many as the worker's capacity allows and
//! the runner does fewer at once. They are renewed like the others, or they would expire unseen.

use super::link::Link;
use super::renewal::renew_in;
use crate::api::operations;
use owp_wire::{Lease, LeaseId, RenewLeaseResponse, TaskId, TaskState, Timestamp};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// Long enough to count as never.
const NEVER: Duration = Duration::from_hours(30 * 24);

#[derive(Default)]
pub struct Waiting {
    leases: Vec<WaitingLease>,
}

struct WaitingLease {
    task_id: TaskId,
    lease_id: LeaseId,
    state: TaskState,
    expires_at: Timestamp,
    due: Instant,
}

impl Waiting {
    pub fn add(&mut self, lease: &Lease, now: Timestamp) {
        self.leases.push(WaitingLease {
            task_id: lease.task_id.clone(),
            lease_id: lease.lease_id.clone(),
            state: lease.state,
            expires_at: lease.lease_expires_at,
            due: Instant::now() + renew_in(lease.lease_expires_at, now),
        });
    }

    /// Returns when the first of them is to be renewed.
    pub async fn until_due(&self) {
        let due = self.leases.iter().map(|lease| lease.due).min();
        sleep_until(due.unwrap_or_else(|| Instant::now() + NEVER)).await;
    }

    /// One try each; what fails is tried again after a third of what is left then.
    pub async fn renew_due(&mut self, link: &Link) {
        let now = Instant::now();
        let mut gone = Vec::new();
        for lease in self.leases.iter_mut().filter(|lease| lease.due <= now) {
            match link.send_once::<RenewLeaseResponse>(&operations::renew_lease(&lease.lease_id)).await {
                Ok(renewed) if !renewed.renewable => lease.due = now + NEVER,
                Ok(renewed) => {
                    lease.expires_at = renewed.lease_expires_at;
                    lease.due = now + renew_in(lease.expires_at, link.clock.now());
                }
                Err(failure) if failure.is_stale_lease() => gone.push(lease.lease_id.clone()),
                Err(_) => lease.due = now + renew_in(lease.expires_at, link.clock.now()),
            }
        }
        self.leases.retain(|lease| !gone.contains(&lease.lease_id));
    }

    /// Those that nobody has begun; one in progress is taken up again at the next start.
    pub fn take_unstarted(&mut self) -> Vec<(TaskId, LeaseId)> {
        let unstarted = self.leases.extract_if(.., |lease| lease.state == TaskState::Leased);
        unstarted.map(|lease| (lease.task_id, lease.lease_id)).collect()
    }
}
