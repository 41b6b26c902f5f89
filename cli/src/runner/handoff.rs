//! Saving progress while the command still runs: its branch and notes go to the server when they change, for whoever comes
//! next if this worker vanishes.

use super::events::Event;
use super::lease_work::StopCause;
use super::link::Link;
use super::result_files::{self, Handoff};
use crate::api::{Call, operations, retry};
use owp_wire::{Artifact, Lease, ReportTaskStatusRequest, ReportedStatus, TaskStateResponse};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::sleep;

/// How often the branch and notes of a running command are looked at.
const HANDOFF_LOOK_EVERY: Duration = Duration::from_secs(1);

/// Passes branch and notes on when they change, so that what a vanished worker did is not lost. Ends when told that the
/// command is over, or with a reason to stop it.
pub async fn pass_on_handoff(
    link: Arc<Link>,
    lease: Lease,
    directory: PathBuf,
    mut is_over: watch::Receiver<bool>,
) -> Option<StopCause> {
    let mut passed_on = Handoff::default();
    loop {
        tokio::select! {
            () = sleep(HANDOFF_LOOK_EVERY) => {}
            _ = is_over.wait_for(|over| *over) => return None,
        }
        let handoff = result_files::read(&directory).handoff;
        if handoff == passed_on || handoff == Handoff::default() {
            continue;
        }
        let call = report(&lease, ReportedStatus::InProgress, None, None, handoff.clone());
        match link.send_once::<TaskStateResponse>(&call).await {
            Ok(_) => {
                let (branch, notes) = (handoff.branch.as_deref(), handoff.notes.as_deref());
                link.events.emit(&Event::HandoffSaved { task_id: &lease.task_id, branch, notes });
                passed_on = handoff;
            }
            Err(failure) if failure.is_stale_lease() => {
                return Some(StopCause::Stale(failure.what()));
            }
            // No answer, or a busy server: the next look tries again.
            Err(failure) if retry::is_transient(&failure, 1) => {}
            Err(failure) => {
                link.events.trouble(&lease.task_id, "its progress was refused", &failure);
                passed_on = handoff;
            }
        }
    }
}

/// A report that names the lease, so that one which comes too late is refused.
pub fn report(
    lease: &Lease,
    status: ReportedStatus,
    artifact: Option<Artifact>,
    message: Option<String>,
    handoff: Handoff,
) -> Call {
    let lease_id = Some(lease.lease_id.clone());
    let request =
        ReportTaskStatusRequest { status, message, artifact, lease_id, branch: handoff.branch, notes: handoff.notes };
    operations::report_task_status(&lease.task_id, &request)
}
