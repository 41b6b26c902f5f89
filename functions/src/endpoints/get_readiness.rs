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
    Ok(Json(Readiness { ok: true, store: app.store.kind().to_owned() }))
}
