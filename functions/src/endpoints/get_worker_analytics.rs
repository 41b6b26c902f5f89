//! `GET /v1/analytics/workers/{worker_id}`

use crate::app::{AppState, Asked, Route};
use crate::auth::WorkerOrAdmin;
use crate::figures::{PeriodQuery, analytics};
use crate::input::{BodyDigest, Params};
use crate::operation::GET_WORKER_ANALYTICS;
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use owp_logic::analytics::Whose;
use owp_logic::operations::GetOwnWorker;
use owp_wire::{Analytics, ProblemCode, WorkerId};
use serde::Deserialize;

pub fn route() -> Route {
    Route::new(GET_WORKER_ANALYTICS, handle)
}

#[derive(Deserialize)]
struct Query {
    worker_id: WorkerId,
    #[serde(flatten)]
    period: PeriodQuery,
}

async fn handle(
    State(app): State<AppState>,
    asked: Asked,
    who: WorkerOrAdmin,
    Params(Query { worker_id, period }): Params<Query>,
) -> Result<Json<Analytics>, Problem> {
    if let Some(caller) = who.answerable() {
        if caller.worker_id != worker_id {
            return Err(Problem::new(ProblemCode::Forbidden, "a worker may see its own figures only"));
        }
        app.carry_out(&asked, who.actor(), &BodyDigest::none(), GetOwnWorker { caller }).await?;
    }
    Ok(Json(analytics(&app, &Whose::Worker(worker_id), &period).await?))
}
