//! `POST /v1/work/offers`

use crate::app::{AppState, Asked, Route};
use crate::auth::WorkerToken;
use crate::input::{BODY_BYTES_MAX, Params, bounded};
use crate::operation::REQUEST_OFFERS;
use crate::problem::Problem;
use crate::search::search;
use crate::views;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use owp_logic::operations::{Offers, RequestOffers};
use owp_wire::RequestOffersResponse;
use serde::Deserialize;

pub fn route() -> Route {
    Route::new(REQUEST_OFFERS, handle)
}

#[derive(Deserialize)]
struct Query {
    limit: usize,
}

async fn handle(
    State(app): State<AppState>,
    asked: Asked,
    worker: WorkerToken,
    Params(query): Params<Query>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<RequestOffersResponse>, Problem> {
    // Nothing is read from a body, but an endless one must not be swallowed.
    bounded(&headers, body, BODY_BYTES_MAX).await?;
    let caller = worker.0;
    let offers_max = query.limit;
    let looking_at = |candidates_max| RequestOffers { caller: caller.clone(), candidates_max, offers_max };
    let found: Offers = search(&app, &asked, &caller, looking_at).await?;
    Ok(Json(RequestOffersResponse {
        offers: found.offers.iter().filter_map(|(task, expected_s)| views::offer(task, *expected_s)).collect(),
        server_time: found.now,
        poll_after_s: app.settings.rules.poll_after_s(),
        worker_id: caller.worker_id,
    }))
}
