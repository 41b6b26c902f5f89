//! `GET /v1/admin/admission`

use crate::app::{AppState, Asked, Route};
use crate::auth::AdminToken;
use crate::input::{BodyDigest, Params};
use crate::operation::GET_ADMISSION;
use crate::problem::Problem;
use crate::views;
use axum::Json;
use axum::extract::State;
use owp_logic::Actor;
use owp_logic::operations::GetAdmission;
use owp_wire::{Admission, RepoName};
use serde::Deserialize;

pub fn route() -> Route {
    Route::new(GET_ADMISSION, handle)
}

#[derive(Deserialize)]
struct Query {
    repo: RepoName,
}

async fn handle(
    State(app): State<AppState>,
    asked: Asked,
    _: AdminToken,
    Params(query): Params<Query>,
) -> Result<Json<Admission>, Problem> {
    let operation = GetAdmission { repo: query.repo };
    let done = app.carry_out(&asked, Actor::Admin, &BodyDigest::none(), operation).await;
    let (repo, lists) = done.map_err(|problem| problem.in_query("repo"))?;
    Ok(Json(views::admission(&repo, lists, Vec::new())))
}
