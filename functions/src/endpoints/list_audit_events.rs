//! `GET /v1/audit/events`

use crate::app::{AppState, Asked, Route};
use crate::audit::{Format, Search, export, in_words, pages_back, pages_on};
use crate::auth::AdminToken;
use crate::input::{BodyDigest, Params, accepts};
use crate::operation::LIST_AUDIT_EVENTS;
use crate::paging::{PageQuery, cursor};
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use owp_logic::operations::{Note, NoteAtServer};
use owp_logic::{Actor, EventKind};
use owp_store::Cursor;
use owp_wire::{AuditOrder, ListAuditEventsResponse, Timestamp};
use serde::Deserialize;
use serde_json::{Map, json};

pub fn route() -> Route {
    Route::new(LIST_AUDIT_EVENTS, handle)
}

#[derive(Deserialize)]
struct Query {
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    #[serde(rename = "type")]
    kind: Option<EventKind>,
    actor: Option<String>,
    target: Option<String>,
    order: AuditOrder,
    #[serde(flatten)]
    page: PageQuery,
}

async fn handle(
    State(app): State<AppState>,
    asked: Asked,
    _: AdminToken,
    headers: HeaderMap,
    Params(query): Params<Query>,
) -> Result<Response, Problem> {
    let Query { from, to, kind, actor, target, order, page } = query;
    let search = Search { from, to, kind, actor, target };
    let formats = [("application/x-ndjson", Format::Ndjson), ("text/csv", Format::Csv)];
    if let Some((media, format)) = formats.into_iter().find(|(media, _)| accepts(&headers, media)) {
        return exported(&app, &asked, search, format, media).await;
    }
    let page = page.page()?;
    let place = page.after.map(Cursor);
    let found = match order {
        AuditOrder::Desc => pages_back(&app, &search, place, page.limit).await?,
        AuditOrder::Asc => pages_on(&app, &search, place, page.limit).await?,
    };
    let events = found.events.iter().map(in_words).collect();
    let next_cursor = found.next.map(|place| cursor(&place.0));
    Ok(Json(ListAuditEventsResponse { events, next_cursor }).into_response())
}

/// Whoever takes the trail away leaves a trace in it.
async fn exported(
    app: &AppState,
    asked: &Asked,
    search: Search,
    format: Format,
    media: &'static str,
) -> Result<Response, Problem> {
    let mut details = Map::new();
    details.insert("format".to_owned(), json!(media));
    let asked_for = [
        ("from", json!(search.from)),
        ("to", json!(search.to)),
        ("type", json!(search.kind)),
        ("actor", json!(search.actor)),
        ("target", json!(search.target)),
    ];
    details.extend(asked_for.into_iter().map(|(name, value)| (name.to_owned(), value)));
    let request_id = asked.request_id.clone();
    let note = Note { kind: EventKind::AuditExported, actor: Actor::Admin, request_id, details };
    app.carry_out(asked, Actor::Admin, &BodyDigest::none(), NoteAtServer(vec![note])).await?;
    let body = export(app, search, format).await?;
    let name = if format == Format::Csv { "audit.csv" } else { "audit.ndjson" };
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")).expect("plain ASCII");
    let headers = [(header::CONTENT_TYPE, HeaderValue::from_static(media)), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, body).into_response())
}
