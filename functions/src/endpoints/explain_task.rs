//! `GET /v1/tasks/{task_id}/explain`

use crate::app::{AppState, Asked, Route};
use crate::auth::WorkerOrAdmin;
use crate::input::Params;
use crate::operation::EXPLAIN_TASK;
use crate::problem::Problem;
use crate::search::explain;
use crate::views;
use axum::Json;
use axum::extract::State;
use owp_logic::fit::remedy;
use owp_logic::operations::{ExplainTask, OpenDependency, TaskExplained};
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
    let operation = || ExplainTask { caller: who.answerable(), task_id: path.task_id.clone() };
    let explained = explain(&app, &asked, actor, operation).await?;
    Ok(Json(ExplainTaskResponse {
        task_id: path.task_id,
        state: explained.state,
        summary: summary(&explained),
        blockers: explained.blockers.clone(),
        waits_for: explained.waits_for.into_iter().map(views::open_dependency).collect(),
        workers_looked_at: views::count(explained.workers_looked_at),
        fitting: views::count(explained.fitting),
        reasons: explained.reasons.iter().map(views::reason).collect(),
        groups: explained.groups.into_iter().map(views::worker_group).collect(),
        truncated: explained.truncated,
    }))
}

fn summary(explained: &TaskExplained) -> String {
    let online = explained.workers_looked_at;
    match (explained.blockers.first(), online, explained.fitting, explained.reasons.first()) {
        (Some(FitCode::DependencyOpen), ..) => format!("it waits for {} to be merged", names(&explained.waits_for)),
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

/// Tasks named in a sentence; the rest are counted.
const NAMED_MAX: usize = 3;

fn names(waits_for: &[OpenDependency]) -> String {
    let mut names: Vec<String> =
        waits_for.iter().take(NAMED_MAX).map(|task| format!("{} ({})", task.task_id.0, task.state)).collect();
    if waits_for.len() > NAMED_MAX {
        names.push(format!("{} more", waits_for.len() - NAMED_MAX));
    }
    if names.is_empty() { "others".to_owned() } else { names.join(", ") }
}
