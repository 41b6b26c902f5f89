//! `GET /healthz`

use crate::app::Route;
use crate::operation::GET_HEALTH;
use axum::Json;
use owp_wire::Health;

pub fn route() -> Route {
    Route::new(GET_HEALTH, handle)
}

async fn handle() -> Json<Health> {
    Json(Health { ok: true })
}
