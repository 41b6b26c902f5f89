//! `GET /v1/workers/{worker_id}/reputation`

use crate::app::{AppState, Asked, Route};
use crate::auth::WorkerOrAdmin;
use crate::input::{BodyDigest, Params};
use crate::operation::GET_REPUTATION;
use crate::problem::Problem;
use crate::views;
use axum::Json;
use axum::extract::State;
use owp_logic::operations::GetReputation;
use owp_wire::{GetReputationResponse, ProblemCode, WorkerId};
use serde::Deserialize;

pub fn route() -> Route {
    Route::new(GET_REPUTATION, handle)
}

#[derive(Deserialize)]
struct Path {
    worker_id: WorkerId,
}

async fn handle(
    State(app): State<AppState>,
    asked: Asked,
    who: WorkerOrAdmin,
    Params(path): Params<Path>,
) -> Result<Json<GetReputationResponse>, Problem> {
    let actor = who.actor();
    let caller = who.answerable();
    if caller.as_ref().is_some_and(|caller| caller.worker_id != path.worker_id) {
        return Err(Problem::new(ProblemCode::Forbidden, "a worker may only ask about itself"));
    }
    let operation = GetReputation { caller, worker_id: path.worker_id };
    let worker = app.carry_out(&asked, actor, &BodyDigest::none(), operation).await?;
    Ok(Json(views::reputation(&worker, app.clock.now())))
}
