//! `PATCH /v1/admin/tasks/{task_id}`

use super::create_task::area;
use crate::app::{AppState, Asked, Route};
use crate::auth::AdminToken;
use crate::input::{Input, Params};
use crate::operation::UPDATE_TASK;
use crate::problem::Problem;
use crate::views;
use axum::Json;
use axum::extract::State;
use owp_logic::operations::UpdateTask;
use owp_logic::{Actor, normalize_skills};
use owp_wire::{Task, TaskId, UpdateTaskRequest};
use serde::Deserialize;

pub fn route() -> Route {
    Route::new(UPDATE_TASK, handle)
}

#[derive(Deserialize)]
struct Path {
    task_id: TaskId,
}

async fn handle(
    State(app): State<AppState>,
    asked: Asked,
    _: AdminToken,
    Params(path): Params<Path>,
    Input { body, digest }: Input<UpdateTaskRequest>,
) -> Result<Json<Task>, Problem> {
    let operation = UpdateTask {
        task_id: path.task_id,
        title: body.title.map(|title| title.trim_ascii().to_owned()),
        description: body.description,
        estimate_points: body.estimate_points,
        priority: body.priority,
        required_skills: body.required_skills.map(|skills| normalize_skills(&skills)),
        area: body.area.map(|named| area(Some(named))),
        tier: body.tier,
        attempts_max: body.attempts_max,
        action: body.action,
        reason: body.reason,
    };
    let task = app.carry_out(&asked, Actor::Admin, &digest, operation).await?;
    Ok(Json(views::task(&task, app.clock.now())))
}
