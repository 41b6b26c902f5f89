//! `PATCH /v1/admin/tasks/{task_id}`

use super::create_task::area;
use crate::app::{App, AppState, Asked, Route};
use crate::auth::AdminToken;
use crate::input::{Input, Params};
use crate::operation::UPDATE_TASK;
use crate::problem::Problem;
use crate::task_refs::{is_of_same_repo, task_refs};
use crate::views;
use axum::Json;
use axum::extract::State;
use owp_logic::operations::{GetTask, UpdateTask};
use owp_logic::{Actor, TaskRef, normalize_skills};
use owp_wire::{RepoName, Task, TaskId, UpdateTaskRequest};
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
    let depends_on = match &body.depends_on {
        Some(named) => Some(named_tasks(&app, &asked, &path.task_id, named).await?),
        None => None,
    };
    let operation = UpdateTask {
        title: body.title.map(|title| title.trim_ascii().to_owned()),
        description: body.description,
        estimate_points: body.estimate_points,
        priority: body.priority,
        required_skills: body.required_skills.map(|skills| normalize_skills(&skills)),
        area: body.area.map(|named| area(Some(named))),
        tier: body.tier,
        attempts_max: body.attempts_max,
        depends_on,
        security: body.security,
        rating: body.rating.and_then(|rating| u8::try_from(rating).ok()),
        action: body.action,
        reason: body.reason,
        ..UpdateTask::named(path.task_id)
    };
    let task = app.carry_out(&asked, Actor::Admin, &digest, operation).await?;
    Ok(Json(views::task(&task, app.clock.now())))
}

/// The tasks that it shall depend on. A key alone is one of the task's own repository, which never changes, so it may be
/// read before the edit is decided.
async fn named_tasks(app: &App, asked: &Asked, task_id: &TaskId, named: &[String]) -> Result<Vec<TaskRef>, Problem> {
    let repo = if named.iter().any(|name| is_of_same_repo(name)) {
        app.try_out(asked, &GetTask { caller: None, task_id: task_id.clone() }).await?.repo
    } else {
        RepoName(String::new())
    };
    Ok(task_refs(named, &repo))
}
