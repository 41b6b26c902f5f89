//! How an operation becomes a Lambda function. Clients and stores are made once per cold start.

use crate::app::{App, AppState, Route, router};
use crate::books;
use crate::embedded::Embedded;
use crate::github::{self, desk};
use crate::limits::RateLimits;
use crate::logs;
use crate::settings::Settings;
use crate::stores;
use anyhow::anyhow;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state, map_response};
use axum::response::Response;
use lambda_runtime::{LambdaEvent, service_fn};
use owp_wire::Timestamp;
use serde_json::{Value, json};
use std::process::ExitCode;
use std::sync::Arc;
use tracing::{error, info};

/// Commits in one run of the scheduled function, so that it ends well within its time.
const SETTLE_ROUNDS_MAX: usize = 200;

/// Serves one operation over the Lambda runtime API.
pub async fn serve(route: Route) -> ExitCode {
    ended(async { serve_over(route, Arc::new(app().await?)).await }).await
}

/// The same for one that asks GitHub.
pub async fn serve_asking_github(route: Route) -> ExitCode {
    ended(async { serve_over(route, Arc::new(asking_github(app().await?)?)).await }).await
}

fn asking_github(app: App) -> anyhow::Result<App> {
    let github = github::connect(&app.settings.github, app.clock.clone())?;
    Ok(github.into_iter().fold(app, App::asking))
}

async fn serve_over(route: Route, app: AppState) -> anyhow::Result<()> {
    let embedded = Embedded::install(environment)?;
    let streams = app.settings.stream_max_s > 0;
    let router = router(app.clone(), vec![route]).layer(from_fn_with_state(app, note));
    let router = router.layer(map_response(move |response: Response| async move {
        embedded.write_to(std::io::stdout());
        response
    }));
    if streams {
        lambda_http::run_with_streaming_response(router).await.map_err(|error| anyhow!(error))
    } else {
        lambda_http::run(router).await.map_err(|error| anyhow!(error))
    }
}

/// A function may be stopped as soon as it has answered, so who was turned away is noted before.
async fn note(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    if let Err(problem) = app.note_all_turned_away().await {
        let cause = problem.cause.as_deref().map(tracing::field::display);
        error!(cause, "who was turned away could not be noted; this log has it");
    }
    response
}

/// Settles dead leases whenever the schedule says so, and prunes what is kept for a time only.
pub async fn serve_expiry() -> ExitCode {
    ended(async {
        let embedded = Embedded::install(environment)?;
        let app = Arc::new(asking_github(app().await?)?);
        let settle = |event: LambdaEvent<Value>| {
            let app = app.clone();
            async move {
                let settled = settle_all(&app, &event.context.request_id).await;
                embedded.write_to(std::io::stdout());
                settled
            }
        };
        lambda_runtime::run(service_fn(settle)).await.map_err(|error| anyhow!(error))
    })
    .await
}

async fn settle_all(app: &AppState, request_id: &str) -> Result<Value, lambda_runtime::Error> {
    let started_at = app.clock.now();
    let mut settled = 0;
    let mut oldest_due_at: Option<Timestamp> = None;
    for _ in 0..SETTLE_ROUNDS_MAX {
        let round = app.settle(request_id).await.map_err(|problem| problem.detail)?;
        settled += round.count();
        oldest_due_at = oldest_due_at.into_iter().chain(round.oldest_due_at).min();
        if !round.more {
            break;
        }
    }
    let sealed = books::keep(app, request_id).await.map_err(|problem| problem.detail)?;
    let dropped = books::prune(app, request_id).await.map_err(|problem| problem.detail)?;
    let told = desk::work(app, request_id).await.map_err(|problem| problem.detail)?;
    let pruned = books::prune_past(app).await?;
    // The deployment makes a metric of `overdue_s`; when these lines stop, its alarm says so.
    let overdue_s = oldest_due_at.map_or(0, |at| started_at.seconds_after(at));
    info!(request_id, settled, pruned, sealed, dropped, told, overdue_s, "settled what was due");
    Ok(json!({ "settled": settled, "pruned": pruned, "overdue_s": overdue_s }))
}

async fn ended(run: impl Future<Output = anyhow::Result<()>>) -> ExitCode {
    if let Err(error) = logs::init(environment) {
        eprintln!("error: {error:#}");
        return ExitCode::FAILURE;
    }
    match run.await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

async fn app() -> anyhow::Result<App> {
    let mut settings = Settings::read(environment)?;
    // Only a function behind an address of its own, set up for it, can stream its answers.
    if environment("OWP_STREAM_MAX_S").is_none() {
        settings.stream_max_s = 0;
    }
    // A function sees one call at a time and nothing of the others; the API before it limits them.
    settings.rate_limits = RateLimits::Gateway;
    settings.connections_max = 0;
    let store = Box::pin(stores::open(environment)).await?;
    Ok(App::new(store, settings))
}
