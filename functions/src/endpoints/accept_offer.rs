//! `POST /v1/work/offers/{offer_id}/accept`

use crate::app::{AppState, Asked, Route};
use crate::auth::WorkerToken;
use crate::input::{BODY_BYTES_MAX, BodyDigest, Params, bounded};
use crate::operation::ACCEPT_OFFER;
use crate::problem::Problem;
use crate::views;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use owp_logic::operations::AcceptOffer;
use owp_wire::{AcceptOfferResponse, OfferId};
use serde::Deserialize;

pub fn route() -> Route {
    Route::new(ACCEPT_OFFER, handle)
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
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<AcceptOfferResponse>), Problem> {
    // Nothing is read from a body, but an endless one must not be swallowed.
    bounded(&headers, body, BODY_BYTES_MAX).await?;
    let actor = worker.actor();
    let operation = AcceptOffer { caller: worker.0, offer_id: path.offer_id };
    let accepted = app.carry_out(&asked, actor, &BodyDigest::none(), operation).await?;
    let lease = views::lease(&accepted.task, accepted.clone_url.as_ref(), accepted.policy.as_ref())
        .expect("what was accepted is leased");
    let answer = AcceptOfferResponse {
        ok: true,
        task_id: lease.task_id.clone(),
        lease_id: lease.lease_id.clone(),
        lease_expires_at: lease.lease_expires_at,
        lease,
    };
    Ok((StatusCode::CREATED, Json(answer)))
}
