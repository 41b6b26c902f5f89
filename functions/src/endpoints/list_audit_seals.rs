//! `GET /v1/audit/seals`

use crate::app::{AppState, Route};
use crate::auth::AdminToken;
use crate::books;
use crate::input::Params;
use crate::operation::LIST_AUDIT_SEALS;
use crate::paging::{PageQuery, cursor};
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use owp_logic::{Book, BookName, Key, Need, Record};
use owp_store::StoreError;
use owp_wire::ListAuditSealsResponse;

pub fn route() -> Route {
    Route::new(LIST_AUDIT_SEALS, handle)
}

async fn handle(
    State(app): State<AppState>,
    _: AdminToken,
    Params(query): Params<PageQuery>,
) -> Result<Json<ListAuditSealsResponse>, Problem> {
    let page = query.page()?;
    let progress = books::progress(&app).await?;
    let newest = match page.after {
        Some(after) => after.parse().ok().filter(|batch| *batch <= progress.batches).ok_or(StoreError::BadCursor)?,
        None => progress.batches,
    };
    let oldest = newest.saturating_sub(page.limit as u64);
    let keys: Vec<Key> = (oldest + 1..=newest).rev().map(|batch| Key::Book(BookName::Seal(batch))).collect();
    let snapshot = app.store.look(keys.iter().cloned().map(Need::Record).collect()).await?;
    let mut seals = Vec::with_capacity(keys.len());
    for key in keys {
        let found = snapshot.get(&key).and_then(|(_, record)| record).and_then(Record::as_book);
        if let Some(Book::Seal(seal)) = found {
            seals.push(serde_json::from_value(seal.words.clone()).map_err(StoreError::Corrupt)?);
        }
    }
    let next_cursor = (oldest > 0).then(|| cursor(&oldest.to_string()));
    Ok(Json(ListAuditSealsResponse { seals, batches: progress.batches, pruned: progress.pruned, next_cursor }))
}
