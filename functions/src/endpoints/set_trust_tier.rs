//! `POST /v1/workers/{worker_id}/trust-tier`

use crate::app::{AppState, Asked, Route};
use crate::auth::AdminToken;
use crate::input::{Input, Params};
use crate::operation::SET_TRUST_TIER;
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use owp_logic::Actor;
use owp_logic::operations::SetTrustTier;
use owp_wire::{SetTrustTierRequest, SetTrustTierResponse, WorkerId};
use serde::Deserialize;

pub fn route() -> Route {
    Route::new(SET_TRUST_TIER, handle)
}

#[derive(Deserialize)]
struct Path {
    worker_id: WorkerId,
}

async fn handle(
    State(app): State<AppState>,
    asked: Asked,
    _: AdminToken,
    Params(path): Params<Path>,
    Input { body, digest }: Input<SetTrustTierRequest>,
) -> Result<Json<SetTrustTierResponse>, Problem> {
    let worker_id = path.worker_id;
    let operation = SetTrustTier {
        worker_id: worker_id.clone(),
        tier: body.tier,
        reason: body.reason,
        leases: body.leases,
        handle_verified: body.handle_verified,
    };
    let set = app.carry_out(&asked, Actor::Admin, &digest, operation.clone()).await?;
    let mut more = set.more;
    while more {
        more = app.carry_out(&asked.without_key(), Actor::Admin, &digest, operation.clone()).await?.more;
    }
    Ok(Json(SetTrustTierResponse {
        ok: true,
        worker_id,
        trust_tier: set.tier,
        offers_withdrawn: set.offers_withdrawn,
        tasks_requeued: set.tasks_requeued,
    }))
}
