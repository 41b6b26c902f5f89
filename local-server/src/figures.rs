//! `/metrics`: what the process has counted and timed, and how the pool stands, as Prometheus reads it.
//!
//! It is of this process and no part of the protocol. It tells nothing of single workers, tasks or repositories, but how
//! busy a pool is concerns those who run it: it answers to the admin token, or to a token of its own.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use metrics::{Unit, counter, describe_counter, describe_gauge, gauge};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use owp_functions::audit::Caller;
use owp_functions::clock::fresh_request_id;
use owp_functions::limits::{Peer, client_of};
use owp_functions::{App, auth, meters};
use owp_store::Counts;
use owp_wire::{ProblemCode, RatePolicy, TaskState};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;
use subtle::ConstantTimeEq;
use tokio::sync::Mutex;
use tokio::time::{Instant, interval};
use tracing::{info, warn};

/// Between the quickest answer and the longest that is no long poll.
const SECONDS: [f64; 13] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0];

/// Commits take from a tenth of a millisecond.
const COMMIT_SECONDS: [f64; 11] = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 5.0];

/// Up to the most that a batch holds.
const COMMANDS: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// Counting the pool is a query over its records; however many look at the figures, it is made so often.
const COUNT_INTERVAL: Duration = Duration::from_secs(5);

/// Samples wait in memory until they are sorted into buckets.
const UPKEEP_INTERVAL: Duration = Duration::from_secs(5);

pub struct Figures {
    app: Arc<App>,
    shown: PrometheusHandle,
    token: Option<String>,
    counted_at: Mutex<Option<Instant>>,
}

/// From now on what is recorded anywhere in the process is kept. Comes first: whoever got hold of a metric before that
/// records into the void.
pub fn install() -> anyhow::Result<PrometheusHandle> {
    let shown = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Prefix("owp_http".to_owned()), &SECONDS)?
        .set_buckets_for_metric(Matcher::Suffix("commit_duration_seconds".to_owned()), &COMMIT_SECONDS)?
        .set_buckets_for_metric(Matcher::Suffix("batch_commands".to_owned()), &COMMANDS)?
        .install_recorder()?;
    meters::describe();
    describe();
    meters::begin();
    for bound in ["all", "address"] {
        counter!("owp_connections_refused_total", "bound" => bound).increment(0);
    }
    gauge!("owp_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    Ok(shown)
}

fn describe() {
    describe_gauge!("owp_build_info", "Always 1; the version is a label.");
    describe_gauge!("owp_store_up", "Whether the store answered when the pool was counted: 1 or 0.");
    describe_gauge!("owp_tasks", "Tasks by state.");
    describe_gauge!("owp_workers", "Workers that ever registered.");
    describe_gauge!("owp_workers_online", "Workers heard of lately.");
    describe_gauge!("owp_review_slots", "Slots of all review budgets.");
    describe_gauge!("owp_review_slots_free", "Slots that no lease, offer or open pull request takes.");
    describe_gauge!(
        "owp_replica_lag_seconds",
        Unit::Seconds,
        "How long ago the replica had everything of its primary."
    );
    describe_gauge!("owp_event_streams", "Streams of live events that are open.");
    describe_gauge!("owp_connections", "Connections that are open.");
    describe_gauge!("owp_connections_max", "Connections that may be open; those beyond are closed at once.");
    describe_counter!("owp_connections_refused_total", "Connections closed at once, by which bound was reached.");
    describe_gauge!(
        "owp_sweep_overdue_seconds",
        Unit::Seconds,
        "How long what was due had waited when the last sweep came to settle it."
    );
    describe_gauge!(
        "owp_sweep_last_success_timestamp_seconds",
        Unit::Seconds,
        "When a sweep last settled all that was due."
    );
}

pub fn routes(app: Arc<App>, shown: PrometheusHandle, token: Option<String>) -> Router {
    let figures = Arc::new(Figures { app, shown, token, counted_at: Mutex::default() });
    Router::new().route("/metrics", get(answer)).with_state(figures)
}

/// Never returns; dropped when the server ends.
pub async fn keep_up(shown: PrometheusHandle) {
    let mut timer = interval(UPKEEP_INTERVAL);
    loop {
        timer.tick().await;
        shown.run_upkeep();
    }
}

async fn answer(State(figures): State<Arc<Figures>>, request: Request) -> Response {
    let headers = request.headers();
    if !figures.may_look(headers) {
        return figures.turn_away(&request);
    }
    figures.look().await;
    let headers: [(HeaderName, &str); 3] = [
        (header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, figures.shown.render()).into_response()
}

impl Figures {
    fn may_look(&self, headers: &HeaderMap) -> bool {
        let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        let is_ours = |token: &String| bearer.is_some_and(|sent| sent.as_bytes().ct_eq(token.as_bytes()).into());
        matches!(auth::admin(headers, &self.app), Ok(true)) || self.token.as_ref().is_some_and(is_ours)
    }

    /// Whoever tries tokens here is counted as at any other door, and noted.
    fn turn_away(&self, request: &Request) -> Response {
        let peer = request.extensions().get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0);
        let address = client_of(peer, request.headers(), &self.app.settings.trusted_proxies);
        if let Some(Err(exceeded)) = self.app.limits.count(RatePolicy::Address, &address.to_string()) {
            let headers = [(header::RETRY_AFTER, exceeded.retry_after_s.to_string())];
            return (StatusCode::TOO_MANY_REQUESTS, headers, "too many calls without a valid token\n").into_response();
        }
        let (app, request_id) = (&self.app, fresh_request_id());
        let (caller, code) = (Caller::stranger(address), ProblemCode::Unauthenticated);
        app.turned_away.count("metrics", code, caller, &request_id, app.clock.now());
        info!(request_id, path = "/metrics", status = 401, "refused");
        let headers = [(header::WWW_AUTHENTICATE, "Bearer realm=\"owp\"")];
        let hint = "send OWP_METRICS_TOKEN as `Authorization: Bearer …`, or the admin token as `X-Admin-Token`\n";
        (StatusCode::UNAUTHORIZED, headers, hint).into_response()
    }

    /// Brings up to date what is looked up, not counted.
    async fn look(&self) {
        let app = &self.app;
        gauge!("owp_event_streams").set(number(app.tail.streams()));
        gauge!("owp_connections").set(number(app.connections.open()));
        gauge!("owp_connections_max").set(number(app.connections.max));
        if let Some(lag) = app.store.lag() {
            gauge!("owp_replica_lag_seconds").set(lag.as_secs_f64());
        }
        let mut counted_at = self.counted_at.lock().await;
        if counted_at.is_some_and(|at| at.elapsed() < COUNT_INTERVAL) {
            return;
        }
        let online_since = app.clock.now().minus_s(app.settings.rules.heartbeat_ttl_s);
        match app.store.counts(online_since).await {
            Ok(counts) => {
                gauge!("owp_store_up").set(1.0);
                tell(&counts);
            }
            Err(error) => {
                warn!(error = &error as &dyn std::error::Error, "the pool can't be counted for its figures");
                gauge!("owp_store_up").set(0.0);
            }
        }
        *counted_at = Some(Instant::now());
    }
}

/// Every state, so that none keeps an old figure when its last task leaves it.
const STATES: [TaskState; 13] = [
    TaskState::Waiting,
    TaskState::Ready,
    TaskState::Offered,
    TaskState::Leased,
    TaskState::InProgress,
    TaskState::Blocked,
    TaskState::PrOpened,
    TaskState::ChangesRequested,
    TaskState::Merged,
    TaskState::Closed,
    TaskState::Failed,
    TaskState::NeedsInfo,
    TaskState::Cancelled,
];

fn tell(counts: &Counts) {
    for state in STATES {
        let tasks = counts.tasks.get(&state).copied().unwrap_or_default();
        gauge!("owp_tasks", "state" => state.to_string()).set(number(tasks));
    }
    gauge!("owp_workers").set(number(counts.workers_total));
    gauge!("owp_workers_online").set(number(counts.workers_online));
    let (used, total) = (counts.slots_used, counts.slots_total);
    gauge!("owp_review_slots").set(number(total));
    gauge!("owp_review_slots_free").set(number(total.saturating_sub(used)));
}

#[allow(clippy::cast_precision_loss, reason = "what a pool counts is far below 2^52")]
fn number(value: impl TryInto<u64>) -> f64 {
    value.try_into().unwrap_or_default() as f64
}
