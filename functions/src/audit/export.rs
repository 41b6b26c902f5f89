//! The trail as a file: NDJSON that proves itself, or CSV for a spreadsheet. Streamed, so its size does not matter.

use super::in_words;
use super::search::{Search, first_batch, in_front};
use crate::app::AppState;
use crate::books;
use axum::body::{Body, Bytes};
use futures::{StreamExt, stream};
use owp_logic::Event;
use owp_store::{Cursor, StoreError};
use owp_wire::{AuditEvent, Timestamp};
use serde_json::json;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Ndjson,
    Csv,
}

/// Events read and written at once.
const CHUNK: usize = 500;

struct Export {
    app: AppState,
    search: Search,
    format: Format,
    /// Behind what was written so far.
    place: Option<Cursor>,
    /// The batch that is written, while whole batches with their seals are.
    batch: Option<u64>,
    has_begun: bool,
    has_ended: bool,
}

/// Everything that is asked for, oldest first. Fails before anything is written where the store can't be read.
pub async fn export(app: &AppState, search: Search, format: Format) -> Result<Body, StoreError> {
    let seals = format == Format::Ndjson && !search.is_picky();
    let (place, batch) = match search.from {
        None if seals => (None, Some(1)),
        None => (None, None),
        Some(from) if seals => {
            let batch = first_batch(app, from).await?;
            let seal = books::seal(app, batch).await?;
            let place = match seal {
                Some(seal) => seal.after,
                None => books::progress(app).await?.until,
            };
            (place.map(Cursor), Some(batch))
        }
        Some(from) => (in_front(app, from).await?, None),
    };
    let export = Export { app: app.clone(), search, format, place, batch, has_begun: false, has_ended: false };
    Ok(Body::from_stream(
        // Some layers ask once more after the end.
        stream::unfold(export, |mut export| async move {
            let chunk = export.next().await?;
            Some((chunk, export))
        })
        .fuse(),
    ))
}

impl Export {
    /// A failure half-way ends the transfer without its end, so nobody takes a part for the whole.
    async fn next(&mut self) -> Option<Result<Bytes, StoreError>> {
        if !self.has_begun {
            self.has_begun = true;
            if self.format == Format::Csv {
                return Some(Ok(csv_head()));
            }
        }
        while !self.has_ended {
            let chunk = match self.batch {
                Some(batch) => self.write_batch(batch).await,
                None => self.write_events().await,
            };
            match chunk {
                Ok(chunk) if chunk.is_empty() => {}
                Ok(chunk) => return Some(Ok(chunk.into())),
                Err(error) => {
                    self.has_ended = true;
                    tracing::error!(error = &error as &dyn std::error::Error, "an export was cut off");
                    return Some(Err(error));
                }
            }
        }
        None
    }

    /// One batch with its seal; behind the last one, what is not sealed yet.
    async fn write_batch(&mut self, batch: u64) -> Result<Vec<u8>, StoreError> {
        let Some(seal) = books::seal(&self.app, batch).await? else {
            self.batch = None;
            return Ok(Vec::new());
        };
        let (mut text, mut place, until) = (Vec::new(), seal.after.clone().map(Cursor), Cursor(seal.until.clone()));
        loop {
            let events = match self.app.store.events(place.as_ref(), Some(&until), CHUNK).await {
                // What is too old was dropped; anything else that is gone is missed by the seal.
                Err(StoreError::CursorGone) => break,
                events => events?,
            };
            let Some((last, _)) = events.last() else { break };
            place = Some(last.clone());
            events.iter().for_each(|(_, event)| line(&mut text, &in_words(event)));
        }
        // Asked last, because it may be dropped while it is read.
        let is_pruned = batch <= books::progress(&self.app).await?.pruned;
        if is_pruned {
            text.clear();
        }
        line(&mut text, &if is_pruned { json!({ "pruned": seal.words }) } else { json!({ "seal": seal.words }) });
        self.place = Some(until);
        self.batch = Some(batch + 1);
        // What follows happened later.
        self.has_ended = self.search.to.is_some_and(|to| seal.last_at >= to);
        Ok(text)
    }

    async fn write_events(&mut self) -> Result<Vec<u8>, StoreError> {
        let events = self.app.store.events(self.place.as_ref(), None, CHUNK).await?;
        let Some((last, _)) = events.last() else {
            self.has_ended = true;
            return Ok(Vec::new());
        };
        self.place = Some(last.clone());
        let mut text = Vec::new();
        for (_, event) in events.iter().filter(|(_, event)| self.search.admits(event)) {
            match self.format {
                Format::Ndjson => line(&mut text, &in_words(event)),
                Format::Csv => row(&mut text, event),
            }
        }
        Ok(text)
    }
}

fn line(text: &mut Vec<u8>, value: &impl serde::Serialize) {
    serde_json::to_writer(&mut *text, value).expect("what is exported is plain data");
    text.push(b'\n');
}

const COLUMNS: [&str; 12] = [
    "id",
    "timestamp",
    "event_type",
    "actor",
    "target_kind",
    "target",
    "repo",
    "worker_id",
    "was",
    "state",
    "request_id",
    "details",
];

fn csv_head() -> Bytes {
    let mut text = Vec::new();
    cells(&mut text, COLUMNS.iter().map(|name| (*name).to_owned()));
    text.into()
}

fn row(text: &mut Vec<u8>, event: &Event) {
    let AuditEvent {
        id,
        timestamp,
        event_type,
        actor,
        target_kind,
        target,
        repo,
        worker_id,
        was,
        state,
        request_id,
        details,
        ..
    } = in_words(event);
    let moment = |at: Timestamp| at.to_string();
    let details = if details.is_empty() { String::new() } else { serde_json::Value::Object(details).to_string() };
    let words = [
        id,
        moment(timestamp),
        event_type.to_string(),
        actor,
        target_kind.to_string(),
        target,
        repo.map(|repo| repo.0).unwrap_or_default(),
        worker_id.map(|id| id.0).unwrap_or_default(),
        was.map(|state| state.to_string()).unwrap_or_default(),
        state.map(|state| state.to_string()).unwrap_or_default(),
        request_id,
        details,
    ];
    cells(text, words.into_iter());
}

fn cells(text: &mut Vec<u8>, words: impl Iterator<Item = String>) {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut *text);
    writer.write_record(words.map(|word| harmless(&word))).expect("memory takes everything");
    writer.flush().expect("memory takes everything");
}

/// What a spreadsheet would take for a formula is text for it with an apostrophe in front (OWASP, CSV injection).
fn harmless(word: &str) -> String {
    if word.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{word}") } else { word.to_owned() }
}
