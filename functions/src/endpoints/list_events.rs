//! `GET /v1/events`

use crate::app::{AppState, Asked, Route};
use crate::auth::WorkerOrAdmin;
use crate::input::{BodyDigest, Params, accepts};
use crate::live::{Filter, Listener, listen, tell};
use crate::operation::LIST_EVENTS;
use crate::paging;
use crate::problem::Problem;
use crate::settings::StreamTo;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use owp_logic::EventKind;
use owp_logic::operations::GetOwnWorker;
use owp_store::{Cursor, StoreError};
use owp_wire::{RepoName, TaskId, WorkerId};
use serde::Deserialize;
use std::collections::BTreeSet;

const LAST_EVENT_ID: &str = "Last-Event-ID";

const EARLIEST: &str = "earliest";
const LATEST: &str = "latest";

pub fn route() -> Route {
    Route::new(LIST_EVENTS, handle)
}

#[derive(Deserialize)]
struct Query {
    after: Option<String>,
    limit: u32,
    types: Option<String>,
    repo: Option<RepoName>,
    task_id: Option<TaskId>,
    worker_id: Option<WorkerId>,
}

async fn handle(
    State(app): State<AppState>,
    asked: Asked,
    who: WorkerOrAdmin,
    headers: HeaderMap,
    Params(query): Params<Query>,
) -> Result<Response, Problem> {
    let listener = listener(&app, &asked, who).await?;
    let filter = Filter {
        types: query.types.as_deref().map(types).transpose()?,
        repo: query.repo,
        task_id: query.task_id,
        worker_id: query.worker_id,
    };
    let resumed = headers.get(LAST_EVENT_ID).map(|id| (LAST_EVENT_ID, id.to_str().unwrap_or_default()));
    let (name, after) = resumed.or(query.after.as_deref().map(|after| ("after", after))).unzip();
    let misplaced = |error: StoreError| Problem::from(error).in_parameter(name.unwrap_or("after"));
    let may_stream =
        app.settings.stream_max_s > 0 && (listener == Listener::Admin || app.settings.stream_to == StreamTo::Everybody);
    if !(may_stream && accepts(&headers, "text/event-stream")) {
        let after = place(&app, after.unwrap_or(EARLIEST)).await.map_err(misplaced)?;
        let page = tell(&app, after, &listener, &filter, query.limit as usize).await.map_err(misplaced)?;
        return Ok(Json(page).into_response());
    }
    let Some(listening) = app.tail.listen(&app.store, &listener).await? else {
        return Err(Problem::too_many_streams());
    };
    let after = place(&app, after.unwrap_or(LATEST)).await.map_err(misplaced)?;
    // Once it streams, it is too late to say that there is no such place.
    app.store.events(after.as_ref(), None, 1).await.map_err(misplaced)?;
    let headers: [(HeaderName, HeaderValue); 2] = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        // Proxies that gather answers before they pass them on know this one.
        (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    Ok((headers, listen(&app, listening, after, listener, filter)).into_response())
}

/// A worker's token is looked at with its record, as with every call.
async fn listener(app: &AppState, asked: &Asked, who: WorkerOrAdmin) -> Result<Listener, Problem> {
    let Some(caller) = who.answerable() else { return Ok(Listener::Admin) };
    let worker_id = caller.worker_id.clone();
    app.carry_out(asked, who.actor(), &BodyDigest::none(), GetOwnWorker { caller }).await?;
    Ok(Listener::Worker(worker_id))
}

fn types(text: &str) -> Result<BTreeSet<EventKind>, Problem> {
    let unknown = |name: &str| Problem::invalid_parameter("types", format!("`{name}` is not a type of event"));
    text.split(',').map(|name| name.parse().map_err(|_| unknown(name))).collect()
}

/// `None` for the place before the earliest event.
async fn place(app: &AppState, text: &str) -> Result<Option<Cursor>, StoreError> {
    match text {
        EARLIEST => Ok(None),
        LATEST => app.store.latest().await.map(Some),
        cursor => paging::place(cursor).map(Some),
    }
}
