//! `POST /v1/admin/tasks/import`

use super::create_task::spec;
use crate::app::{AppState, Asked, Route};
use crate::auth::AdminToken;
use crate::input::{BodyDigest, Input, Params};
use crate::operation::IMPORT_TASKS;
use crate::problem::Problem;
use crate::task_refs::task_refs;
use crate::views::count;
use axum::Json;
use axum::extract::State;
use owp_logic::Actor;
use owp_logic::operations::{ImportInParts, ImportTasks, Imported, KeepOutcome, TaskToImport};
use owp_store::StoreError;
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
        import(&app, &asked, &digest, operation).await?
    };
    Ok(Json(answer(imported, query.dry_run)))
}

/// In one commit, or in as many as the store needs. Which of them are done is seen from the tasks, so whoever is cut off
/// repeats the call; an answer is kept under the client's key once all are done.
async fn import(app: &AppState, asked: &Asked, digest: &BodyDigest, whole: ImportTasks) -> Result<Imported, Problem> {
    let Some(writes_max) = app.store.writes_max() else {
        return app.carry_out(asked, Actor::Admin, digest, whole).await;
    };
    if let Some(earlier) = app.answered_before(asked, &Actor::Admin, digest).await? {
        return Ok(earlier);
    }
    let tried = app.try_out(asked, &whole).await?;
    let mut parts = ImportInParts::new(whole, &tried, writes_max);
    while let Some(part) = parts.next_part() {
        match app.commit(&asked.without_key(), Actor::Admin, digest, part).await {
            Ok(imported) => parts.take(imported?),
            Err(StoreError::TooManyWrites { .. }) if parts.shrink() => {}
            Err(error) => return Err(error.into()),
        }
    }
    let imported = parts.finish();
    if serde_json::to_vec(&imported).is_ok_and(|outcome| outcome.len() > KEPT_BYTES_MAX) {
        return Ok(imported);
    }
    app.carry_out(asked, Actor::Admin, digest, KeepOutcome(imported)).await
}

/// An answer that is longer is not kept: a DynamoDB item takes 400 KB. Whoever repeats such an import under its key has it
/// carried out again, which changes nothing.
const KEPT_BYTES_MAX: usize = 300 * 1024;

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
