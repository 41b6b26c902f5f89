//! `POST /v1/tasks/{task_id}/status`

use crate::app::{AppState, Asked, Route};
use crate::auth::WorkerToken;
use crate::input::{Input, Params};
use crate::operation::REPORT_TASK_STATUS;
use crate::problem::Problem;
use crate::views;
use axum::Json;
use axum::extract::State;
use owp_logic::operations::ReportTaskStatus;
use owp_wire::{ReportTaskStatusRequest, TaskId, TaskStateResponse};
use serde::Deserialize;

pub fn route() -> Route {
    Route::new(REPORT_TASK_STATUS, handle)
}

#[derive(Deserialize)]
struct Path {
    task_id: TaskId,
}

async fn handle(
    State(app): State<AppState>,
    asked: Asked,
    worker: WorkerToken,
    Params(path): Params<Path>,
    Input { body, digest }: Input<ReportTaskStatusRequest>,
) -> Result<Json<TaskStateResponse>, Problem> {
    let actor = worker.actor();
    let operation = ReportTaskStatus {
        caller: worker.0,
        task_id: path.task_id,
        lease_id: body.lease_id,
        status: body.status,
        message: body.message,
        artifact: body.artifact,
        branch: body.branch,
        notes: body.notes,
    };
    let stands = app.carry_out(&asked, actor, &digest, operation).await?;
    Ok(Json(views::task_stands(stands)))
}
