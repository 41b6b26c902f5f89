//! `GET /v1/admin/repos`

use crate::app::{AppState, Route};
use crate::auth::AdminToken;
use crate::input::Params;
use crate::operation::LIST_REPOS;
use crate::paging::{PageQuery, cursor};
use crate::problem::Problem;
use crate::views;
use axum::Json;
use axum::extract::State;
use owp_wire::ListReposResponse;

pub fn route() -> Route {
    Route::new(LIST_REPOS, handle)
}

async fn handle(
    State(app): State<AppState>,
    _: AdminToken,
    Params(query): Params<PageQuery>,
) -> Result<Json<ListReposResponse>, Problem> {
    let listed = app.store.list_repos(query.page()?).await?;
    let now = app.clock.now();
    Ok(Json(ListReposResponse {
        repos: listed.items.iter().map(|repo| views::repo(repo, now)).collect(),
        next_cursor: listed.next.as_deref().map(cursor),
    }))
}
