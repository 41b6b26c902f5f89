//! How an operation becomes a Lambda function. Clients and stores are made once per cold start.

use crate::app::{App, AppState, Route, router};
use crate::settings::Settings;
use crate::stores;
use anyhow::anyhow;
use lambda_http::tracing::{self, init_default_subscriber};
use lambda_runtime::{LambdaEvent, service_fn};
use serde_json::{Value, json};
use std::process::ExitCode;
use std::sync::Arc;

/// Commits in one run of the scheduled function, so that it ends well within its time.
const SETTLE_ROUNDS_MAX: usize = 200;

/// Serves one operation over the Lambda runtime API.
pub async fn serve(route: Route) -> ExitCode {
    ended(async {
        let app = app().await?;
        lambda_http::run(router(app, vec![route])).await.map_err(|error| anyhow!(error))
    })
    .await
}

/// Settles dead leases whenever the schedule says so, and prunes what is kept for a time only.
pub async fn serve_expiry() -> ExitCode {
    ended(async {
        let app = app().await?;
        let settle = |event: LambdaEvent<Value>| {
            let app = app.clone();
            async move { settle_all(&app, &event.context.request_id).await }
        };
        lambda_runtime::run(service_fn(settle)).await.map_err(|error| anyhow!(error))
    })
    .await
}

async fn settle_all(app: &AppState, request_id: &str) -> Result<Value, lambda_runtime::Error> {
    let mut settled = 0;
    for _ in 0..SETTLE_ROUNDS_MAX {
        let round = app.settle(request_id).await.map_err(|problem| problem.detail)?;
        settled += round.tasks.len() + round.repos.len();
        if !round.more {
            break;
        }
    }
    let pruned = app.store.prune(app.clock.now()).await?;
    Ok(json!({ "settled": settled, "pruned": pruned }))
}

async fn ended(run: impl Future<Output = anyhow::Result<()>>) -> ExitCode {
    init_default_subscriber();
    match run.await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn app() -> anyhow::Result<AppState> {
    let get = |name: &str| std::env::var(name).ok();
    let settings = Settings::read(get)?;
    let store = stores::open(get).await?;
    Ok(Arc::new(App::new(store, settings)))
}
