//! `GET /v1/admin/workers`

use crate::app::{AppState, Route};
use crate::auth::AdminToken;
use crate::input::Params;
use crate::operation::LIST_WORKERS;
use crate::paging::{PageQuery, cursor};
use crate::problem::Problem;
use crate::views;
use axum::Json;
use axum::extract::State;
use owp_store::WorkerFilter;
use owp_wire::ListWorkersResponse;
use serde::Deserialize;

pub fn route() -> Route {
    Route::new(LIST_WORKERS, handle)
}

#[derive(Deserialize)]
struct Query {
    online: Option<bool>,
    #[serde(flatten)]
    page: PageQuery,
}

async fn handle(
    State(app): State<AppState>,
    _: AdminToken,
    Params(query): Params<Query>,
) -> Result<Json<ListWorkersResponse>, Problem> {
    let (now, rules) = (app.clock.now(), &app.settings.rules);
    let online_since = now.minus_s(rules.heartbeat_ttl_s);
    let filter = WorkerFilter { online: query.online.map(|online| (online, online_since)) };
    let listed = app.store.list_workers(filter, query.page.page()?).await?;
    Ok(Json(ListWorkersResponse {
        workers: listed.items.iter().map(|worker| views::worker(worker, rules, now)).collect(),
        next_cursor: listed.next.as_deref().map(cursor),
    }))
}
