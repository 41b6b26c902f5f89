//! `POST /v1/leases/{lease_id}/renew`

use crate::app::{AppState, Asked, Route};
use crate::auth::WorkerToken;
use crate::input::{BODY_BYTES_MAX, BodyDigest, Params, bounded};
use crate::operation::RENEW_LEASE;
use crate::problem::Problem;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use owp_logic::operations::RenewLease;
use owp_wire::{LeaseId, RenewLeaseResponse};
use serde::Deserialize;

pub fn route() -> Route {
    Route::new(RENEW_LEASE, handle)
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
    headers: HeaderMap,
    body: Body,
) -> Result<Json<RenewLeaseResponse>, Problem> {
    // Nothing is read from a body, but an endless one must not be swallowed.
    bounded(&headers, body, BODY_BYTES_MAX).await?;
    let actor = worker.actor();
    let lease_id = path.lease_id;
    let operation = RenewLease { caller: worker.0, lease_id: lease_id.clone() };
    let renewed = app.carry_out(&asked, actor, &BodyDigest::none(), operation).await?;
    Ok(Json(RenewLeaseResponse {
        ok: true,
        lease_id,
        task_id: renewed.task_id,
        lease_expires_at: renewed.expires_at,
        renewable: renewed.renewable,
    }))
}
