//! `POST /v1/work/offers/{offer_id}/reject`

use crate::app::{AppState, Asked, Route};
use crate::auth::WorkerToken;
use crate::input::{Input, Params};
use crate::operation::REJECT_OFFER;
use crate::problem::Problem;
use crate::views;
use axum::Json;
use axum::extract::State;
use owp_logic::operations::RejectOffer;
use owp_wire::{OfferId, RejectOfferRequest, TaskStateResponse};
use serde::Deserialize;

pub fn route() -> Route {
    Route::new(REJECT_OFFER, handle)
}

#[derive(Deserialize)]
struct Path {
    offer_id: OfferId,
}

async fn handle(
    State(app): State<AppState>,
    asked: Asked,
    worker: WorkerToken,
    Params(path): Params<Path>,
    Input { body, digest }: Input<RejectOfferRequest>,
) -> Result<Json<TaskStateResponse>, Problem> {
    let actor = worker.actor();
    let operation =
        RejectOffer { caller: worker.0, offer_id: path.offer_id, reason: body.reason, message: body.message };
    let stands = app.carry_out(&asked, actor, &digest, operation).await?;
    Ok(Json(views::task_stands(stands)))
}
