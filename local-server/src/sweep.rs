//! Settles what the clock has decided and prunes what is kept for a time only, whenever the timer says so.
//!
//! Nothing depends on it being in time; see `docs/architecture.md`.

use metrics::gauge;
use owp_functions::github::desk;
use owp_functions::problem::Problem;
use owp_functions::{App, books};
use owp_wire::Timestamp;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};
use tracing::{error, info};

/// Never returns; dropped when the server ends.
pub async fn sweep(app: Arc<App>, every: Duration) {
    let mut timer = interval(every);
    timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        timer.tick().await;
        once(&app).await;
        keep_books(&app).await;
    }
}

/// Seals what happened, adds it up, and drops what is too old.
async fn keep_books(app: &Arc<App>) {
    let request_id = owp_functions::clock::fresh_request_id();
    for done in [books::keep(app, &request_id).await, books::prune(app, &request_id).await] {
        if let Err(problem) = done {
            let cause = problem.cause.as_deref().map(tracing::field::display);
            error!(request_id, cause, "the books could not be kept; the next sweep tries again");
        }
    }
}

/// Notes who was turned away, soon after it happened. Never returns; dropped when the server ends.
pub async fn note_turned_away(app: Arc<App>) {
    let mut timer = interval(NOTE_EVERY);
    timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        timer.tick().await;
        tell_if_failed(app.note_turned_away().await);
    }
}

/// At the end, whoever is not noted yet.
pub async fn note_the_rest(app: &Arc<App>) {
    tell_if_failed(app.note_all_turned_away().await);
}

fn tell_if_failed(noted: Result<(), Problem>) {
    if let Err(problem) = noted {
        let cause = problem.cause.as_deref().map(tracing::field::display);
        error!(cause, "who was turned away could not be noted; the log has it");
    }
}

/// Does at GitHub what is to be done there, where the server is set up for it. Never returns; dropped when the server ends.
pub async fn work_at_desk(app: Arc<App>) {
    let mut timer = interval(DESK_EVERY);
    timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        timer.tick().await;
        let request_id = owp_functions::clock::fresh_request_id();
        if let Err(problem) = desk::work(&app, &request_id).await {
            let cause = problem.cause.as_deref().map(tracing::field::display);
            error!(request_id, detail = problem.detail, cause, "what GitHub asks for was not done; it is tried again");
        }
    }
}

/// Soon enough that people see what they do, and several changes of a moment are one.
const DESK_EVERY: Duration = Duration::from_secs(3);

/// Those who try passwords are noted together, soon after the first.
const NOTE_EVERY: Duration = Duration::from_secs(1);

async fn once(app: &Arc<App>) {
    let request_id = owp_functions::clock::fresh_request_id();
    let begun_at = app.clock.now();
    let (mut settled, mut overdue_s) = (0, 0);
    loop {
        match app.settle(&request_id).await {
            Ok(round) => {
                settled += round.count();
                overdue_s = overdue_s.max(round.oldest_due_at.map_or(0, |at| begun_at.seconds_after(at)));
                if !round.more {
                    tell(app.clock.now(), overdue_s);
                    break;
                }
            }
            Err(problem) => {
                error!(
                    request_id,
                    detail = problem.detail,
                    "what was due could not be settled; the next sweep tries again"
                );
                break;
            }
        }
    }
    if settled > 0 {
        info!(request_id, settled, "settled what was due");
    }
    if let Err(error) = books::prune_past(app).await {
        error!(
            request_id,
            error = &error as &dyn std::error::Error,
            "what is kept for a time only could not be pruned"
        );
    }
}

/// For the figures: alarms read them, and notice when they stop.
#[allow(clippy::cast_precision_loss, reason = "milliseconds are whole numbers below 2^52 for a long time")]
fn tell(now: Timestamp, overdue_s: u32) {
    gauge!("owp_sweep_overdue_seconds").set(overdue_s);
    gauge!("owp_sweep_last_success_timestamp_seconds").set(now.as_millis() as f64 / 1000.0);
}
