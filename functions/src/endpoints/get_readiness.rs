//! `GET /readyz`

use crate::app::{AppState, Route};
use crate::operation::GET_READINESS;
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use owp_wire::Readiness;

pub fn route() -> Route {
    Route::new(GET_READINESS, handle)
}

async fn handle(State(app): State<AppState>) -> Result<Json<Readiness>, Problem> {
    app.store.ping().await?;
    let replica_lag_s = app.store.lag().map(|lag| lag.as_secs_f64());
    Ok(Json(Readiness { ok: true, store: app.store.kind().to_owned(), replica_lag_s }))
}
