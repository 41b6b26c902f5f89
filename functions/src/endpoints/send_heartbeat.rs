//! `POST /v1/workers/heartbeat`

use crate::app::{AppState, Asked, Route};
use crate::auth::WorkerToken;
use crate::input::Input;
use crate::operation::SEND_HEARTBEAT;
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use owp_logic::operations::SendHeartbeat;
use owp_wire::{SendHeartbeatRequest, SendHeartbeatResponse};

pub fn route() -> Route {
    Route::new(SEND_HEARTBEAT, handle)
}

async fn handle(
    State(app): State<AppState>,
    asked: Asked,
    worker: WorkerToken,
    Input { body, digest }: Input<SendHeartbeatRequest>,
) -> Result<Json<SendHeartbeatResponse>, Problem> {
    let actor = worker.actor();
    let operation = SendHeartbeat { caller: worker.0, status: body.status, note: body.note };
    let server_time = app.carry_out(&asked, actor, &digest, operation).await?;
    let heartbeat_interval_s = app.settings.rules.heartbeat_interval_s();
    Ok(Json(SendHeartbeatResponse { ok: true, server_time, heartbeat_interval_s }))
}
