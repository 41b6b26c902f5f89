//! `POST /v1/admin/workers/{worker_id}/revoke`

use crate::app::{AppState, Asked, Route};
use crate::auth::AdminToken;
use crate::input::{Input, Params};
use crate::operation::REVOKE_WORKER;
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use owp_logic::Actor;
use owp_logic::operations::RevokeWorker;
use owp_wire::{RevokeWorkerRequest, RevokeWorkerResponse, WorkerId};
use serde::Deserialize;

pub fn route() -> Route {
    Route::new(REVOKE_WORKER, handle)
}

#[derive(Deserialize)]
struct Path {
    worker_id: WorkerId,
}

async fn handle(
    State(app): State<AppState>,
    asked: Asked,
    _: AdminToken,
    Params(path): Params<Path>,
    Input { body, digest }: Input<RevokeWorkerRequest>,
) -> Result<Json<RevokeWorkerResponse>, Problem> {
    let worker_id = path.worker_id;
    let operation = RevokeWorker { worker_id: worker_id.clone(), reason: body.reason };
    let revoked = app.carry_out(&asked, Actor::Admin, &digest, operation.clone()).await?;
    let mut more = revoked.more;
    while more {
        more = app.carry_out(&asked.without_key(), Actor::Admin, &digest, operation.clone()).await?.more;
    }
    Ok(Json(RevokeWorkerResponse { ok: true, worker_id, tasks_requeued: revoked.tasks_requeued }))
}
