//! `POST /v1/leases/{lease_id}/park`

use crate::app::{AppState, Asked, Route};
use crate::auth::WorkerToken;
use crate::input::{Input, Params};
use crate::operation::PARK_LEASE;
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use owp_logic::operations::ParkLease;
use owp_wire::{LeaseId, ParkLeaseRequest, ParkLeaseResponse};
use serde::Deserialize;

pub fn route() -> Route {
    Route::new(PARK_LEASE, handle)
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
    Input { body, digest }: Input<ParkLeaseRequest>,
) -> Result<Json<ParkLeaseResponse>, Problem> {
    let actor = worker.actor();
    let lease_id = path.lease_id;
    let operation = ParkLease {
        caller: worker.0,
        lease_id: lease_id.clone(),
        quota_resets_at: body.quota_resets_at,
        branch: body.branch,
        notes: body.notes,
    };
    let parked = app.carry_out(&asked, actor, &digest, operation).await?;
    Ok(Json(ParkLeaseResponse {
        ok: true,
        lease_id,
        task_id: parked.task_id,
        parked_until: parked.parked_until,
        lease_expires_at: parked.expires_at,
    }))
}
