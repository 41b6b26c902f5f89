//! `GET /v1/work`

use crate::app::{AppState, Asked, Route};
use crate::auth::WorkerToken;
use crate::input::Params;
use crate::operation::FETCH_WORK;
use crate::problem::Problem;
use crate::search::search;
use crate::views;
use axum::Json;
use axum::extract::State;
use owp_logic::Caller;
use owp_logic::operations::{FetchWork, Work};
use owp_wire::FetchWorkResponse;
use serde::Deserialize;
use std::time::Duration;
use tokio::time::{Instant, sleep, sleep_until, timeout_at};

/// A waiting worker looks again at most this often, however much happens in the pool.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// How often it looks where the store can't tell when something has changed.
const LOOK_BLINDLY: Duration = Duration::from_secs(2);

/// A second, so that a client which does not wait after all is no burden.
const POLL_AFTER_WAIT_S: u32 = 1;

pub fn route() -> Route {
    Route::new(FETCH_WORK, handle)
}

#[derive(Deserialize)]
struct Query {
    wait_s: u32,
}

async fn handle(
    State(app): State<AppState>,
    asked: Asked,
    worker: WorkerToken,
    Params(query): Params<Query>,
) -> Result<Json<FetchWorkResponse>, Problem> {
    let caller = &worker.0;
    let looking_at = |candidates_max| FetchWork { caller: caller.clone(), candidates_max };
    let wait_s = query.wait_s.min(app.settings.wait_max_s);
    let until = Instant::now() + Duration::from_secs(wait_s.into());
    let mut signal = app.store.work_signal();
    let mut draining = app.draining();
    let work = loop {
        let work: Work = search(&app, &asked, caller, looking_at).await?;
        if !work.leases.is_empty() || Instant::now() >= until || *draining.borrow() {
            break work;
        }
        let news = async {
            match &mut signal {
                Some(signal) => {
                    sleep(LOOK_AGAIN).await;
                    // An error means that the store has closed; then the next look says so.
                    let _ = signal.changed().await;
                }
                None => sleep(LOOK_BLINDLY).await,
            }
        };
        tokio::select! {
            () = news => {}
            () = sleep_until(until) => {}
            _ = timeout_at(until, draining.changed()) => {}
        }
    };
    // Who has waited here may come back at once and wait again.
    let poll_after_s = if wait_s > 0 { POLL_AFTER_WAIT_S } else { app.settings.rules.poll_after_s() };
    Ok(Json(answer(worker.0, &work, poll_after_s)))
}

fn answer(caller: Caller, work: &Work, poll_after_s: u32) -> FetchWorkResponse {
    FetchWorkResponse {
        worker_id: caller.worker_id,
        leases: work
            .leases
            .iter()
            .filter_map(|(task, place)| views::lease(task, place.clone_url.as_ref(), place.policy.as_ref()))
            .collect(),
        in_review: work.in_review.iter().map(views::in_review).collect(),
        server_time: work.now,
        poll_after_s,
    }
}
