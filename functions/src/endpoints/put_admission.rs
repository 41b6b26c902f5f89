//! `POST /v1/admin/admission`

use crate::app::{AppState, Asked, Route};
use crate::auth::AdminToken;
use crate::input::Input;
use crate::operation::PUT_ADMISSION;
use crate::problem::Problem;
use crate::views;
use crate::vouched;
use axum::Json;
use axum::extract::State;
use owp_logic::Actor;
use owp_logic::operations::PutAdmission;
use owp_wire::{Admission, PutAdmissionRequest};

pub fn route() -> Route {
    Route::new(PUT_ADMISSION, handle)
}

async fn handle(
    State(app): State<AppState>,
    asked: Asked,
    _: AdminToken,
    Input { body, digest }: Input<PutAdmissionRequest>,
) -> Result<Json<Admission>, Problem> {
    let from_file = body.vouched.is_some();
    let (operation, left_out) = read(body)?;
    let done = app.carry_out(&asked, Actor::Admin, &digest, operation).await;
    let (repo, lists) = done.map_err(|problem| if from_file { in_the_file(problem) } else { problem })?;
    Ok(Json(views::admission(&repo, lists, left_out)))
}

/// The lists that are asked for, and the lines of the file that are on neither.
fn read(body: PutAdmissionRequest) -> Result<(PutAdmission, Vec<String>), Problem> {
    let Some(text) = body.vouched else {
        return Ok((PutAdmission { repo: body.repo, allowed: body.allowed, denied: body.denied }, Vec::new()));
    };
    if body.allowed.is_some() || body.denied.is_some() {
        let detail = "replaces both lists, so send either the file or the lists";
        return Err(Problem::invalid_at("/vouched", detail));
    }
    let read = vouched::parse(&text).map_err(Problem::invalid)?;
    Ok((PutAdmission { repo: body.repo, allowed: Some(read.allowed), denied: Some(read.denied) }, read.left_out))
}

/// A list that is too long came out of the file.
fn in_the_file(mut problem: Problem) -> Problem {
    for error in &mut problem.errors {
        if matches!(error.pointer.as_deref(), Some("/allowed" | "/denied")) {
            error.pointer = Some("/vouched".to_owned());
        }
    }
    problem
}
