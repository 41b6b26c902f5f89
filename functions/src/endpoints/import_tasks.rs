//! `POST /v1/admin/tasks/import`

use super::create_task::spec;
use crate::app::{AppState, Asked, Route};
use crate::auth::AdminToken;
use crate::input::{Input, Params};
use crate::operation::IMPORT_TASKS;
use crate::problem::Problem;
use crate::task_refs::task_refs;
use crate::views::count;
use axum::Json;
use axum::extract::State;
use owp_logic::Actor;
use owp_logic::operations::{ImportTasks, Imported, TaskToImport};
use owp_wire::{ImportAction, ImportTasksRequest, ImportTasksResponse, ImportedTask};
use serde::Deserialize;

pub fn route() -> Route {
    Route::new(IMPORT_TASKS, handle)
}

#[derive(Deserialize)]
struct Query {
    dry_run: bool,
}

async fn handle(
    State(app): State<AppState>,
    asked: Asked,
    _: AdminToken,
    Params(query): Params<Query>,
    Input { body, digest }: Input<ImportTasksRequest>,
) -> Result<Json<ImportTasksResponse>, Problem> {
    let tasks = body.0.into_iter().map(|task| TaskToImport {
        repo: task.repo.clone(),
        depends_on: task_refs(&task.depends_on, &task.repo),
        spec: spec(task),
    });
    let operation = ImportTasks { tasks: tasks.collect() };
    let imported = if query.dry_run {
        app.try_out(&asked, &operation).await?
    } else {
        app.carry_out(&asked, Actor::Admin, &digest, operation).await?
    };
    Ok(Json(answer(imported, query.dry_run)))
}

fn answer(imported: Imported, dry_run: bool) -> ImportTasksResponse {
    let number = |action| count(imported.tasks.iter().filter(|task| task.action == action).count());
    ImportTasksResponse {
        ok: true,
        dry_run,
        created: number(ImportAction::Created),
        updated: number(ImportAction::Updated),
        unchanged: number(ImportAction::Unchanged),
        kept: number(ImportAction::Kept),
        tasks: imported
            .tasks
            .into_iter()
            .map(|task| ImportedTask {
                task_id: task.task_id,
                title: task.title,
                action: task.action,
                changed: task.changed,
            })
            .collect(),
    }
}
