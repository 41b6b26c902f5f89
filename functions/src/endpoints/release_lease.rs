//! `POST /v1/leases/{lease_id}/release`

use crate::app::{AppState, Asked, Route};
use crate::auth::WorkerToken;
use crate::input::{Input, Params};
use crate::operation::RELEASE_LEASE;
use crate::problem::Problem;
use crate::views;
use axum::Json;
use axum::extract::State;
use owp_logic::operations::ReleaseLease;
use owp_wire::{LeaseId, ReleaseLeaseRequest, TaskStateResponse};
use serde::Deserialize;

pub fn route() -> Route {
    Route::new(RELEASE_LEASE, handle)
}

#[derive(Deserialize)]
struct Path {
    lease_id: LeaseId,
}

async fn handle(
    State(app): State<AppState>,
    asked: Asked,
    worker: WorkerToken,
    Params(path): Params<Path>,
    Input { body, digest }: Input<ReleaseLeaseRequest>,
) -> Result<Json<TaskStateResponse>, Problem> {
    let actor = worker.actor();
    let operation = ReleaseLease {
        caller: worker.0,
        lease_id: path.lease_id,
        reason: body.reason,
        message: body.message,
        branch: body.branch,
        notes: body.notes,
    };
    let stands = app.carry_out(&asked, actor, &digest, operation).await?;
    Ok(Json(views::task_stands(stands)))
}
