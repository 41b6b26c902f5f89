//! Telling the server that this worker is there, on a task of its own: work on a task must never make its worker look
//! dead.

use super::events::Event;
use super::link::Link;
use crate::api::operations;
use crate::errors::Failure;
use owp_wire::{SendHeartbeatRequest, SendHeartbeatResponse, WorkerStatus};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;

/// The first one, which also tells whether the server knows us; answers when to send the next.
pub async fn first(link: &Link) -> Result<u32, Failure> {
    let answer: SendHeartbeatResponse = link.send(&heartbeat(WorkerStatus::Idle)).await?;
    link.clock.hear(answer.server_time);
    Ok(answer.heartbeat_interval_s)
}

/// One as often as the server asks for, and one when the status changes. Never returns.
pub async fn keep_up(link: Arc<Link>, mut interval_s: u32) {
    let mut status = link.status.subscribe();
    status.mark_unchanged();
    loop {
        tokio::select! {
            () = sleep(spread(interval_s)) => {}
            _ = status.changed() => {}
        }
        let call = heartbeat(*status.borrow_and_update());
        match link.send::<SendHeartbeatResponse>(&call).await {
            Ok(answer) => {
                link.clock.hear(answer.server_time);
                interval_s = answer.heartbeat_interval_s;
            }
            Err(failure) => {
                link.events.emit(&Event::Trouble { task_id: None, what: "heartbeat refused", error: failure.what() });
            }
        }
    }
}

/// The last word before leaving; nobody waits for a server that does not hear it.
pub async fn last(link: &Link, status: WorkerStatus) {
    if let Err(failure) = link.send_once::<SendHeartbeatResponse>(&heartbeat(status)).await {
        link.events.emit(&Event::Trouble { task_id: None, what: "could not say goodbye", error: failure.what() });
    }
}

fn heartbeat(status: WorkerStatus) -> crate::api::Call {
    operations::send_heartbeat(&SendHeartbeatRequest { status, note: None })
}

/// A little early and never late, so that workers started together drift apart and none looks offline.
fn spread(interval_s: u32) -> Duration {
    Duration::from_secs(interval_s.max(1).into()).mul_f64(rand::random_range(0.8..1.0))
}
