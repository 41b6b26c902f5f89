//! `GET /v1/admin/limits`

use crate::app::{AppState, Route};
use crate::auth::AdminToken;
use crate::limits::RateLimits;
use crate::live::STREAMS_MAX;
use crate::operation::GET_LIMITS;
use crate::views::count;
use axum::Json;
use axum::extract::State;
use owp_wire::{ConnectionsInUse, GetLimitsResponse, LimitsEnforcer, StreamsInUse};

/// Callers told of each limit: who shuts somebody out is among the first few.
const CALLERS_TOLD: usize = 10;

pub fn route() -> Route {
    Route::new(GET_LIMITS, handle)
}

async fn handle(State(app): State<AppState>, _: AdminToken) -> Json<GetLimitsResponse> {
    let connections = &app.connections;
    Json(GetLimitsResponse {
        enforced_by: match app.settings.rate_limits {
            RateLimits::Off => LimitsEnforcer::Nobody,
            RateLimits::Gateway => LimitsEnforcer::Gateway,
            RateLimits::Times(_) => LimitsEnforcer::Server,
        },
        rates: app.limits.in_use(),
        most_used: app.limits.most_used(CALLERS_TOLD),
        connections: (connections.max > 0).then(|| ConnectionsInUse {
            open: count(connections.open()),
            max: count(connections.max),
            per_address_max: count(connections.per_address_max),
        }),
        streams: StreamsInUse { open: count(app.tail.streams()), max: count(STREAMS_MAX) },
    })
}
