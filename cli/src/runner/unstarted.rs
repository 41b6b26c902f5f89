//! Leases that the runner was given and never began: others need not wait for them to expire.

use super::events::Event;
use super::shutdown::Phase;
use super::waiting::Waiting;
use super::{Runner, heartbeat};
use crate::api::operations;
use owp_wire::{FetchWorkResponse, ReleaseLeaseRequest, ReleaseReason, TaskStateResponse, WorkerStatus};

impl Runner {
    /// Gives back what was leased and never begun, so that others need not wait for it to expire.
    pub async fn hand_back_unstarted(&mut self) {
        let phase = self.link.shutdown.phase();
        if phase == Phase::Lost {
            return;
        }
        if phase > Phase::Running {
            self.link.set_status(WorkerStatus::Paused);
            heartbeat::last(&self.link, WorkerStatus::Paused).await;
            self.link.events.emit(&Event::Paused { running: self.running.len() });
            // A poll that was under way may have given us leases that we never saw; paused, we get no more.
            if let Ok(work) = self.link.send_once::<FetchWorkResponse>(&operations::fetch_work(0)).await {
                self.waiting = Waiting::default();
                let now = self.link.clock.now();
                work.leases
                    .iter()
                    .filter(|lease| !self.running.contains(&lease.lease_id))
                    .for_each(|lease| self.waiting.add(lease, now));
            }
        }
        self.release_unstarted(ReleaseReason::Shutdown, "the runner stops before it began this task").await;
    }

    pub async fn release_unstarted(&mut self, reason: ReleaseReason, message: &str) {
        let request = ReleaseLeaseRequest { reason, message: Some(message.to_owned()), branch: None, notes: None };
        for (task_id, lease_id) in self.waiting.take_unstarted() {
            let call = operations::release_lease(&lease_id, &request);
            match self.link.send_once::<TaskStateResponse>(&call).await {
                Ok(_) => {
                    self.link.events.emit(&Event::Released { task_id: &task_id, lease_id: &lease_id, reason, message });
                }
                Err(failure) => {
                    let events = self.link.events;
                    events.trouble(&task_id, "could not hand it back", &failure);
                }
            }
        }
    }
}
