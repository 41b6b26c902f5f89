//! `GET /v1/workers/me`

use crate::app::{AppState, Asked, Route};
use crate::auth::WorkerToken;
use crate::input::BodyDigest;
use crate::operation::GET_OWN_WORKER;
use crate::problem::Problem;
use crate::views;
use axum::Json;
use axum::extract::State;
use owp_logic::operations::GetOwnWorker;
use owp_wire::Worker;

pub fn route() -> Route {
    Route::new(GET_OWN_WORKER, handle)
}

async fn handle(State(app): State<AppState>, asked: Asked, worker: WorkerToken) -> Result<Json<Worker>, Problem> {
    let actor = worker.actor();
    let worker = app.carry_out(&asked, actor, &BodyDigest::none(), GetOwnWorker { caller: worker.0 }).await?;
    Ok(Json(views::worker(&worker, &app.settings.rules, app.clock.now())))
}
