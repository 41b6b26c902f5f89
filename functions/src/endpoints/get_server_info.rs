//! `GET /v1/server`

use crate::app::{App, AppState, Route};
use crate::input::{BODY_BYTES_MAX, IMPORT_BYTES_MAX};
use crate::limits::Admitted;
use crate::operation::GET_SERVER_INFO;
use crate::views::count;
use axum::extract::State;
use axum::{Extension, Json};
use owp_logic::limits::{IMPORT_TASKS_MAX, PARK_MAX_S};
use owp_wire::{RateLeft, ServerInfo, ServerIntervals, ServerLimits};

/// The most that the contract allows for a page and for a wait.
const PAGE_MAX: u32 = 100;
const WAIT_MAX_S: u32 = 60;

/// The parts that a server of this protocol may lack.
const FEATURES: [&str; 13] = [
    "admission",
    "analytics",
    "audit",
    "dependencies",
    "events",
    "explain",
    "idempotency",
    "import",
    "limits",
    "long_poll",
    "offers",
    "park",
    "reputation",
];

/// Where the records are in a file of the server's own.
const BACKUP: &str = "backup";

pub fn route() -> Route {
    Route::new(GET_SERVER_INFO, handle)
}

async fn handle(State(app): State<AppState>, admitted: Option<Extension<Admitted>>) -> Json<ServerInfo> {
    let rules = &app.settings.rules;
    Json(ServerInfo {
        name: "OWP Pool".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        protocol_versions: vec!["0.1".to_owned(), "0.2".to_owned()],
        features: features(&app),
        registration: app.settings.registration,
        limits: ServerLimits {
            body_bytes: count(BODY_BYTES_MAX),
            import_bytes: count(IMPORT_BYTES_MAX),
            import_tasks: count(IMPORT_TASKS_MAX),
            page: PAGE_MAX,
            wait_s: WAIT_MAX_S,
            rates: app.limits.rates(),
        },
        rate_left: admitted.map(|Extension(Admitted(standing))| RateLeft {
            policy: standing.policy,
            remaining: standing.remaining,
            resets_in_s: standing.resets_in_s,
        }),
        intervals: ServerIntervals {
            lease_ttl_s: rules.lease_ttl_s,
            lease_hold_max_s: rules.lease_hold_max_s(),
            offer_ttl_s: rules.offer_ttl_s,
            park_max_s: PARK_MAX_S,
            heartbeat_ttl_s: rules.heartbeat_ttl_s,
            heartbeat_interval_s: rules.heartbeat_interval_s(),
            offline_grace_s: rules.offline_grace_s,
            response_ttl_s: rules.response_ttl_s,
        },
    })
}

fn features(app: &App) -> Vec<String> {
    let mut features = FEATURES.to_vec();
    features.extend(app.backs_up().then_some(BACKUP));
    features.sort_unstable();
    features.into_iter().map(str::to_owned).collect()
}
