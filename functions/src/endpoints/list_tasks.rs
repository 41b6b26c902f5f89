//! `GET /v1/admin/tasks`

use crate::app::{AppState, Route};
use crate::auth::AdminToken;
use crate::input::Params;
use crate::operation::LIST_TASKS;
use crate::paging::{PageQuery, cursor};
use crate::problem::Problem;
use crate::views;
use axum::Json;
use axum::extract::State;
use owp_logic::normalize_skills;
use owp_store::TaskFilter;
use owp_wire::{ListTasksResponse, RepoName, TaskState, WorkerId};
use serde::Deserialize;

pub fn route() -> Route {
    Route::new(LIST_TASKS, handle)
}

#[derive(Deserialize)]
struct Query {
    repo: Option<RepoName>,
    state: Option<TaskState>,
    area: Option<String>,
    skill: Option<String>,
    worker_id: Option<WorkerId>,
    #[serde(flatten)]
    page: PageQuery,
}

async fn handle(
    State(app): State<AppState>,
    _: AdminToken,
    Params(query): Params<Query>,
) -> Result<Json<ListTasksResponse>, Problem> {
    let page = query.page.page()?;
    let filter = TaskFilter {
        repo: query.repo,
        state: query.state,
        area: query.area,
        skill: query.skill.and_then(|skill| normalize_skills(&[skill]).pop()),
        worker_id: query.worker_id,
    };
    let listed = app.store.list_tasks(filter, page).await?;
    let now = app.clock.now();
    Ok(Json(ListTasksResponse {
        tasks: listed.items.iter().map(|task| views::task(task, now)).collect(),
        next_cursor: listed.next.as_deref().map(cursor),
    }))
}
