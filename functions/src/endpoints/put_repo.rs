//! `POST /v1/admin/repos`

use crate::app::{AppState, Asked, Route};
use crate::auth::AdminToken;
use crate::input::Input;
use crate::operation::PUT_REPO;
use crate::problem::Problem;
use crate::quiet_hours;
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
        max_open_prs: body.max_open_prs,
        area_locks_enabled: body.area_locks_enabled,
        paused: body.paused,
        paused_until: body.paused_until,
        clone_url: body.clone_url,
        weight: body.weight,
        trust_tier_min: body.trust_tier_min,
        allow_listed_only: body.allow_listed_only,
        security_extra_slots: body.security_extra_slots,
        prs_per_hour_max: body.prs_per_hour_max,
        quiet_hours: body.quiet_hours.map(quiet_hours::to_record).transpose()?,
        review_idle_days: body.review_idle_days,
        reputation_bar: body.reputation_bar,
        reputation_window_s: body.reputation_window_s,
        reputation_priority_min: body.reputation_priority_min,
        ..PutRepo::named(body.repo)
    };
    let repo = app.carry_out(&asked, Actor::Admin, &digest, operation).await?;
    Ok(Json(PutRepoResponse { ok: true, repo: repo.name.clone(), settings: views::repo(&repo, app.clock.now()) }))
}
