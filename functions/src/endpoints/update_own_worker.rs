//! `PATCH /v1/workers/me`

use crate::app::{AppState, Asked, Route};
use crate::auth::WorkerToken;
use crate::input::Input;
use crate::operation::UPDATE_OWN_WORKER;
use crate::problem::Problem;
use crate::views;
use axum::Json;
use axum::extract::State;
use owp_logic::operations::UpdateOwnWorker;
use owp_wire::{UpdateOwnWorkerRequest, Worker};

pub fn route() -> Route {
    Route::new(UPDATE_OWN_WORKER, handle)
}

async fn handle(
    State(app): State<AppState>,
    asked: Asked,
    worker: WorkerToken,
    Input { body, digest }: Input<UpdateOwnWorkerRequest>,
) -> Result<Json<Worker>, Problem> {
    let actor = worker.actor();
    let operation = UpdateOwnWorker {
        caller: worker.0,
        skills: body.skills,
        capacity_points: body.capacity_points,
        max_concurrent_tasks: body.max_concurrent_tasks,
        work_mode: body.work_mode,
        availability: body.availability.as_ref().map(views::availability_said),
    };
    let worker = app.carry_out(&asked, actor, &digest, operation).await?;
    Ok(Json(views::worker(&worker, &app.settings.rules, app.clock.now())))
}
