//! `GET /v1/analytics/pool`

use crate::app::{AppState, Route};
use crate::auth::AdminToken;
use crate::figures::{PeriodQuery, analytics};
use crate::input::Params;
use crate::operation::GET_POOL_ANALYTICS;
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use owp_logic::analytics::Whose;
use owp_wire::Analytics;

pub fn route() -> Route {
    Route::new(GET_POOL_ANALYTICS, handle)
}

async fn handle(
    State(app): State<AppState>,
    _: AdminToken,
    Params(query): Params<PeriodQuery>,
) -> Result<Json<Analytics>, Problem> {
    Ok(Json(analytics(&app, &Whose::Pool, &query).await?))
}
