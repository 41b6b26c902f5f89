//! `GET /v1/tasks/{task_id}/explain`

use crate::app::{AppState, Asked, Route};
use crate::auth::WorkerOrAdmin;
use crate::input::{BodyDigest, Params};
use crate::operation::EXPLAIN_TASK;
use crate::problem::Problem;
use crate::views;
use axum::Json;
use axum::extract::State;
use owp_logic::fit::remedy;
use owp_logic::operations::{ExplainTask, TaskExplained};
use owp_wire::{ExplainTaskResponse, FitCode, TaskId};
use serde::Deserialize;

pub fn route() -> Route {
    Route::new(EXPLAIN_TASK, handle)
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
) -> Result<Json<ExplainTaskResponse>, Problem> {
    let actor = who.actor();
    let operation = ExplainTask { caller: who.answerable(), task_id: path.task_id.clone() };
    let explained = app.carry_out(&asked, actor, &BodyDigest::none(), operation).await?;
    Ok(Json(ExplainTaskResponse {
        task_id: path.task_id,
        state: explained.state,
        summary: summary(&explained),
        blockers: explained.blockers.clone(),
        workers_looked_at: views::count(explained.workers_looked_at),
        fitting: views::count(explained.fitting),
        reasons: explained.reasons.iter().map(views::reason).collect(),
        truncated: explained.truncated,
    }))
}

fn summary(explained: &TaskExplained) -> String {
    let online = explained.workers_looked_at;
    match (explained.blockers.first(), online, explained.fitting, explained.reasons.first()) {
        (Some(FitCode::TaskNotReady), ..) => format!("the task is {}, not ready to be given", explained.state),
        (Some(code), ..) => format!("nobody gets it now: {}", remedy(*code)),
        (None, 0, ..) => "no worker is online".to_owned(),
        (None, _, 0, Some(first)) => {
            format!("it fits none of {online} workers online, most often because {}", remedy(first.code))
        }
        (None, _, fitting, _) => {
            format!("it fits {fitting} of {online} workers online; the next of them to ask may get it")
        }
    }
}
