//! Settles what the clock has decided and prunes what is kept for a time only, whenever the timer says so.
//!
//! Nothing depends on it being in time; see `docs/architecture.md`.

use owp_functions::{App, books};
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
        note(&app).await;
    }
}

pub async fn note(app: &Arc<App>) {
    if let Err(problem) = app.note_turned_away().await {
        let cause = problem.cause.as_deref().map(tracing::field::display);
        error!(cause, "who was turned away could not be noted; the log has it");
    }
}

/// Those who try passwords are noted together, each second at the most.
const NOTE_EVERY: Duration = Duration::from_secs(1);

async fn once(app: &Arc<App>) {
    let request_id = owp_functions::clock::fresh_request_id();
    let mut settled = 0;
    loop {
        match app.settle(&request_id).await {
            Ok(round) => {
                settled += round.count();
                if !round.more {
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
    if let Err(error) = app.store.prune(app.clock.now()).await {
        error!(request_id, error = &error as &dyn std::error::Error, "old idempotency records could not be pruned");
    }
}
