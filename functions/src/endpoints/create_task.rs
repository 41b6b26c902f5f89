//! `POST /v1/admin/tasks`

use crate::app::{AppState, Asked, Route};
use crate::auth::AdminToken;
use crate::input::Input;
use crate::operation::CREATE_TASK;
use crate::problem::Problem;
use crate::task_refs::task_refs;
use crate::views;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use owp_logic::operations::CreateTask;
use owp_logic::{Actor, TaskSpec, normalize_skills};
use owp_wire::{NewTask, TaskStateResponse};

pub fn route() -> Route {
    Route::new(CREATE_TASK, handle)
}

async fn handle(
    State(app): State<AppState>,
    asked: Asked,
    _: AdminToken,
    Input { body, digest }: Input<NewTask>,
) -> Result<(StatusCode, Json<TaskStateResponse>), Problem> {
    let depends_on = task_refs(&body.depends_on, &body.repo);
    let operation = CreateTask { repo: body.repo.clone(), depends_on, spec: spec(body) };
    let stands = app.carry_out(&asked, Actor::Admin, &digest, operation).await?;
    Ok((StatusCode::CREATED, Json(views::task_stands(stands))))
}

/// What a maintainer said, in the form in which it is compared. What it depends on is named apart, until it is known which
/// tasks that are.
pub fn spec(task: NewTask) -> TaskSpec {
    TaskSpec {
        key: task.key,
        title: task.title.trim_ascii().to_owned(),
        description: task.description,
        estimate_points: task.estimate_points,
        priority: task.priority,
        required_skills: normalize_skills(&task.required_skills),
        area: area(task.area),
        tier: task.tier,
        attempts_max: task.attempts_max,
        depends_on: Vec::new(),
        security: task.security,
        filed_by: task.filed_by,
    }
}

/// An area that is empty is none.
pub fn area(area: Option<String>) -> Option<String> {
    area.map(|area| area.trim_ascii().to_owned()).filter(|area| !area.is_empty())
}
