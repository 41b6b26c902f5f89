//! `GET /v1/admin/backup`

use crate::app::{AppState, Asked, Route};
use crate::auth::AdminToken;
use crate::input::BodyDigest;
use crate::operation::GET_BACKUP;
use crate::problem::Problem;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures::stream;
use owp_chain::hexadecimal;
use owp_logic::operations::{Note, NoteAtServer};
use owp_logic::{Actor, EventKind};
use owp_store::Backup;
use serde_json::{Map, json};
use std::io;

const REPR_DIGEST: HeaderName = HeaderName::from_static("repr-digest");

const SQLITE: HeaderValue = HeaderValue::from_static("application/vnd.sqlite3");

pub fn route() -> Route {
    Route::new(GET_BACKUP, handle)
}

/// Whoever takes the pool away leaves a trace before the first byte goes out, with the digest by which the file is known.
/// Who only asks whether there is something to take gets no copy made for that: how long it would be is known when it is there.
async fn handle(State(app): State<AppState>, asked: Asked, method: Method, _: AdminToken) -> Result<Response, Problem> {
    if method == Method::HEAD && app.backs_up() {
        // Of a body that is known to be empty the router would say that the file has no length.
        let unknown = Body::from_stream(stream::empty::<io::Result<Bytes>>());
        return Ok(([(header::CONTENT_TYPE, SQLITE)], unknown).into_response());
    }
    let now = app.clock.now();
    let backup = app.store.back_up().await?;
    let (bytes, digest) = (backup.bytes, STANDARD.encode(backup.sha256));
    let details =
        Map::from_iter([("bytes".to_owned(), json!(bytes)), ("sha256".to_owned(), json!(hexadecimal(&backup.sha256)))]);
    let note =
        Note { kind: EventKind::BackupTaken, actor: Actor::Admin, request_id: asked.request_id.clone(), details };
    app.carry_out(&asked, Actor::Admin, &BodyDigest::none(), NoteAtServer(vec![note])).await?;
    let name = format!("pool-{}.db", now.in_file_names());
    let text = |text: String| HeaderValue::from_str(&text).expect("plain ASCII");
    let headers = [
        (header::CONTENT_TYPE, SQLITE),
        (header::CONTENT_LENGTH, bytes.into()),
        (header::CONTENT_DISPOSITION, text(format!("attachment; filename=\"{name}\""))),
        (REPR_DIGEST, text(format!("sha-256=:{digest}:"))),
    ];
    Ok((headers, Body::from_stream(stream::unfold(Some(backup), piece))).into_response())
}

/// A failure half-way ends the transfer before its length is reached, so nobody takes a part for the whole.
async fn piece(backup: Option<Backup>) -> Option<(io::Result<Bytes>, Option<Backup>)> {
    let mut backup = backup?;
    let read = tokio::task::spawn_blocking(move || backup.read().map(|chunk| (chunk, backup))).await;
    match read.unwrap_or_else(|stopped| Err(io::Error::other(stopped))) {
        Ok((chunk, _)) if chunk.is_empty() => None,
        Ok((chunk, backup)) => Some((Ok(chunk.into()), Some(backup))),
        Err(error) => {
            tracing::error!(%error, "a backup was cut off");
            Some((Err(error), None))
        }
    }
}
