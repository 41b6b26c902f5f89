//! What is counted and timed of every call, under the names that operators meet. Where no recorder is installed it costs
//! next to nothing.
//!
//! Labels are operations, statuses and codes, of which there are few; never ids, names or addresses.

use axum::http::StatusCode;
use metrics::{Unit, counter, describe_counter, describe_histogram, histogram};
use owp_logic::{Event, EventKind};
use owp_wire::{AttemptOutcome, ProblemCode};
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub const CALLS: &str = "owp_http_requests_total";
pub const CALL_TIME: &str = "owp_http_request_duration_seconds";
pub const REFUSALS: &str = "owp_refusals_total";
pub const LEASES_GRANTED: &str = "owp_leases_granted_total";
pub const LEASES_ENDED: &str = "owp_leases_ended_total";

/// The operation of a call for which the contract has none.
const NO_OPERATION: &str = "none";

/// Says what each is; a recorder shows it.
pub fn describe() {
    describe_counter!(CALLS, "Calls answered, by operation and status.");
    describe_histogram!(
        CALL_TIME,
        Unit::Seconds,
        "Time until the answer began, by operation; calls that asked to wait for work stand apart as waits=\"yes\"."
    );
    describe_counter!(REFUSALS, "Calls refused or failed, by the code of the problem.");
    describe_counter!(LEASES_GRANTED, "Leases given to workers.");
    describe_counter!(
        LEASES_ENDED,
        "Leases that ended, by outcome: merged, closed, expired, released, worker_offline and so on."
    );
}

/// Has the counters that alarms and dashboards read begin at nothing: one that appears with its first count hides it.
pub fn begin() {
    counter!(LEASES_GRANTED).increment(0);
    for outcome in
        [AttemptOutcome::Merged, AttemptOutcome::Expired, AttemptOutcome::Released, AttemptOutcome::WorkerOffline]
    {
        counter!(LEASES_ENDED, "outcome" => outcome.to_string()).increment(0);
    }
    for code in [ProblemCode::RateLimited, ProblemCode::Unavailable, ProblemCode::Internal] {
        counter!(REFUSALS, "code" => code.to_string()).increment(0);
    }
}

/// A call that was answered. A long poll is meant to take long, so it is timed apart from the others.
pub fn answered(operation: Option<&'static str>, status: StatusCode, waits: bool, took: Duration) {
    let operation = operation.unwrap_or(NO_OPERATION);
    counter!(CALLS, "operation" => operation, "status" => status.as_str().to_owned()).increment(1);
    let waits = if waits { "yes" } else { "no" };
    histogram!(CALL_TIME, "operation" => operation, "waits" => waits).record(took.as_secs_f64());
}

pub fn refused(code: ProblemCode) {
    counter!(REFUSALS, "code" => code.to_string()).increment(1);
}

/// What a decision did to leases, counted once it is committed. A decision may be made more than once until then.
#[derive(Clone, Default)]
pub struct Tally(Arc<Mutex<Leases>>);

#[derive(Default)]
struct Leases {
    granted: u64,
    /// The outcome of each that ended.
    ended: Vec<String>,
}

impl Tally {
    /// Takes the place of what an earlier decision would have done.
    pub fn set(&self, events: &[Event]) {
        let granted = events.iter().filter(|event| event.kind == EventKind::TaskAssigned).count() as u64;
        // An attempt that comes to an end says how.
        let outcome = |event: &Event| Some(event.details.get("outcome")?.as_str()?.to_owned());
        let ended = events.iter().filter_map(outcome).collect();
        *self.0.lock().expect("nothing panics while it holds this") = Leases { granted, ended };
    }

    pub fn record(&self) {
        let leases = self.0.lock().expect("nothing panics while it holds this");
        if leases.granted > 0 {
            counter!(LEASES_GRANTED).increment(leases.granted);
        }
        for outcome in &leases.ended {
            counter!(LEASES_ENDED, "outcome" => outcome.clone()).increment(1);
        }
    }
}
