//! `POST /v1/admin/repos`

use crate::app::{AppState, Asked, Route};
use crate::auth::AdminToken;
use crate::input::Input;
use crate::operation::PUT_REPO;
use crate::problem::Problem;
use crate::views;
use axum::Json;
use axum::extract::State;
use owp_logic::Actor;
use owp_logic::operations::PutRepo;
use owp_wire::{PutRepoRequest, PutRepoResponse};

pub fn route() -> Route {
    Route::new(PUT_REPO, handle)
}

async fn handle(
    State(app): State<AppState>,
    asked: Asked,
    _: AdminToken,
    Input { body, digest }: Input<PutRepoRequest>,
) -> Result<Json<PutRepoResponse>, Problem> {
    let operation = PutRepo {
        name: body.repo,
        max_open_prs: body.max_open_prs,
        area_locks_enabled: body.area_locks_enabled,
        paused: body.paused,
        clone_url: body.clone_url,
    };
    let repo = app.carry_out(&asked, Actor::Admin, &digest, operation).await?;
    Ok(Json(PutRepoResponse { ok: true, repo: repo.name.clone(), settings: views::repo(&repo) }))
}
