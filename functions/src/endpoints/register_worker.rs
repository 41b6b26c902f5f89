//! `POST /v1/workers/register`

use crate::app::{AppState, Asked, Route};
use crate::auth;
use crate::input::Input;
use crate::operation::REGISTER_WORKER;
use crate::problem::Problem;
use crate::views;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use owp_logic::Actor;
use owp_logic::operations::RegisterWorker;
use owp_wire::{ProblemCode, RegisterWorkerRequest, RegisterWorkerResponse, ServerInfoRegistration};
use subtle::ConstantTimeEq;

pub fn route() -> Route {
    Route::new(REGISTER_WORKER, handle)
}

async fn handle(
    State(app): State<AppState>,
    asked: Asked,
    headers: HeaderMap,
    Input { body, digest }: Input<RegisterWorkerRequest>,
) -> Result<(StatusCode, Json<RegisterWorkerResponse>), Problem> {
    // A maintainer may register workers whatever the setting, and is taken to know whose handle it is.
    let by_admin = auth::admin(&headers, &app)?;
    if !by_admin {
        admit(&app, body.invite_code.as_deref())?;
    }
    let operation = RegisterWorker {
        name: body.name,
        github_handle: body.github_handle,
        skills: body.skills,
        capacity_points: body.capacity_points,
        max_concurrent_tasks: body.max_concurrent_tasks,
        work_mode: body.work_mode,
        availability: views::availability_said(&body.availability.unwrap_or_default()),
        handle_verified: by_admin,
    };
    let actor = if by_admin { Actor::Admin } else { Actor::Anonymous };
    let registered = app.carry_out(&asked, actor, &digest, operation).await?;
    let token = app.tokens.sign(&registered.worker_id, registered.token_version, registered.registered_at);
    let answer = RegisterWorkerResponse {
        worker_id: registered.worker_id,
        token,
        trust_tier: registered.trust_tier,
        heartbeat_interval_s: app.settings.rules.heartbeat_interval_s(),
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

fn admit(app: &AppState, invite_code: Option<&str>) -> Result<(), Problem> {
    match app.settings.registration {
        ServerInfoRegistration::Open => Ok(()),
        ServerInfoRegistration::Closed => {
            let detail = "this pool takes no new workers; ask its maintainer";
            Err(Problem::new(ProblemCode::RegistrationClosed, detail))
        }
        ServerInfoRegistration::Invite => {
            let expected = app.settings.invite_code.as_deref().unwrap_or_default();
            let right: bool = invite_code.unwrap_or_default().as_bytes().ct_eq(expected.as_bytes()).into();
            if right && !expected.is_empty() {
                return Ok(());
            }
            let detail = "send the invite_code that the maintainer of this pool gave you";
            Err(Problem::new(ProblemCode::InviteNeeded, detail))
        }
    }
}
