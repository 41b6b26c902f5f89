//! `GET /v1/analytics/repositories/{owner}/{repo}`

use crate::app::{AppState, Route};
use crate::auth::AdminToken;
use crate::figures::{PeriodQuery, analytics};
use crate::input::Params;
use crate::operation::GET_REPO_ANALYTICS;
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use owp_logic::analytics::Whose;
use owp_wire::{Analytics, RepoName};
use serde::Deserialize;

/// In the place of an owner that a name does not have.
const NO_OWNER: &str = "-";

pub fn route() -> Route {
    Route::new(GET_REPO_ANALYTICS, handle)
}

#[derive(Deserialize)]
struct Query {
    owner: String,
    repo: String,
    #[serde(flatten)]
    period: PeriodQuery,
}

async fn handle(
    State(app): State<AppState>,
    _: AdminToken,
    Params(Query { owner, repo, period }): Params<Query>,
) -> Result<Json<Analytics>, Problem> {
    let name = if owner == NO_OWNER { repo } else { format!("{owner}/{repo}") };
    Ok(Json(analytics(&app, &Whose::Repo(RepoName(name)), &period).await?))
}
