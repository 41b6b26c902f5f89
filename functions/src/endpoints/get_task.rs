//! `GET /v1/tasks/{task_id}`

use crate::app::{AppState, Asked, Route};
use crate::auth::WorkerOrAdmin;
use crate::input::{BodyDigest, Params};
use crate::operation::GET_TASK;
use crate::problem::Problem;
use crate::views;
use axum::Json;
use axum::extract::State;
use owp_logic::operations::GetTask;
use owp_wire::{Task, TaskId};
use serde::Deserialize;

pub fn route() -> Route {
    Route::new(GET_TASK, handle)
}

#[derive(Deserialize)]
struct Path {
    task_id: TaskId,
}

async fn handle(
    State(app): State<AppState>,
    asked: Asked,
    who: WorkerOrAdmin,
    Params(path): Params<Path>,
) -> Result<Json<Task>, Problem> {
    let actor = who.actor();
    let reader = who.answerable().map(|caller| caller.worker_id);
    let operation = GetTask { caller: who.answerable(), task_id: path.task_id };
    let task = app.carry_out(&asked, actor, &BodyDigest::none(), operation).await?;
    let now = app.clock.now();
    Ok(Json(match reader {
        Some(worker_id) => views::task_for(&worker_id, &task, now),
        None => views::task(&task, now),
    }))
}
