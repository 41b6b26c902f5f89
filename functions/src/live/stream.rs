//! Events as server-sent events (WHATWG HTML, 9.2), and a stream of them from a place on.

use super::HEARTBEAT;
use super::listener::{Filter, Listener, in_words};
use super::tail::{Behind, Listening, PAGE_MAX};
use super::told::Told;
use crate::app::AppState;
use crate::paging::cursor;
use axum::body::{Body, Bytes};
use futures::StreamExt;
use owp_store::{Cursor, StoreError};
use std::convert::Infallible;
use std::ops::RangeInclusive;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};
use tracing::warn;

/// When a client that lost its stream comes back. Each is told another time, because browsers wait just as long as they are
/// told, and a restart would bring all of them back in the same moment.
const RETRY_MS: RangeInclusive<u32> = 1000..=5000;

/// A stream hands on so much at once, or one event. More would wait for a slow reader in memory instead of in the log.
const CHUNK_BYTES_MAX: usize = 128 * 1024;

/// A stream that can't read on tries again so often; meanwhile it says that it is alive.
const TRY_AGAIN: Duration = Duration::from_secs(1);

/// Why a stream ends.
#[derive(Clone, Copy)]
enum End {
    Lifetime,
    Stopping,
    Slow,
    Revoked,
    Gone,
}

struct Stream {
    app: AppState,
    listening: Listening,
    draining: watch::Receiver<bool>,
    listener: Listener,
    filter: Filter,
    /// Behind what was looked at so far; none before the earliest event.
    place: Option<Cursor>,
    /// It has been at the end of the log: from now on it has to keep up.
    is_live: bool,
    ends_at: Instant,
    alive_at: Instant,
    has_begun: bool,
    has_ended: bool,
}

/// Streams what is behind a place, and then what happens.
pub fn listen(app: &AppState, listening: Listening, place: Option<Cursor>, listener: Listener, filter: Filter) -> Body {
    let lasts = Duration::from_secs(app.settings.stream_max_s.into());
    let stream = Stream {
        app: app.clone(),
        draining: app.draining(),
        listening,
        listener,
        filter,
        place,
        is_live: false,
        ends_at: Instant::now() + lasts,
        alive_at: Instant::now(),
        has_begun: false,
        has_ended: false,
    };
    Body::from_stream(
        // Some layers ask once more after the end.
        futures::stream::unfold(stream, |mut stream| async move {
            let chunk = stream.next().await?;
            Some((Ok::<Bytes, Infallible>(chunk), stream))
        })
        .fuse(),
    )
}

impl Stream {
    async fn next(&mut self) -> Option<Bytes> {
        if self.has_ended {
            return None;
        }
        if !self.has_begun {
            self.has_begun = true;
            return Some(self.alive(&format!("retry: {}\n", rand::random_range(RETRY_MS))));
        }
        loop {
            if let Some(end) = self.is_over() {
                return Some(self.end(end));
            }
            let chunk = match self.listening.behind(self.place.as_ref()) {
                Behind::Page(page, from) => {
                    self.is_live = true;
                    self.frames(&page.events[from..])
                }
                Behind::Nothing => {
                    self.is_live = true;
                    self.wait().await
                }
                Behind::Unknown if self.is_live => Some(self.end(End::Slow)),
                Behind::Unknown => self.catch_up().await,
            };
            if chunk.is_some() {
                return chunk;
            }
        }
    }

    fn is_over(&self) -> Option<End> {
        if *self.draining.borrow() {
            Some(End::Stopping)
        } else if Instant::now() >= self.ends_at {
            Some(End::Lifetime)
        } else {
            None
        }
    }

    /// Until something may have changed, or it is time to say that it is alive.
    async fn wait(&mut self) -> Option<Bytes> {
        let alive_at = self.alive_at + HEARTBEAT;
        tokio::select! {
            // An error would mean that the tail is gone, which this stream holds.
            _ = self.listening.grown.changed() => None,
            _ = self.draining.changed() => None,
            () = sleep_until(self.ends_at) => None,
            () = sleep_until(alive_at) => Some(self.alive("")),
        }
    }

    /// Reads the store where its place is further back than what is kept for all.
    async fn catch_up(&mut self) -> Option<Bytes> {
        match self.app.store.events(self.place.as_ref(), None, PAGE_MAX).await {
            // It is ahead of what was read on for all.
            Ok(events) if events.is_empty() => self.wait().await,
            Ok(events) => {
                let events: Vec<Told> = events.into_iter().map(Told::from).collect();
                self.frames(&events)
            }
            Err(StoreError::CursorGone) => Some(self.end(End::Gone)),
            Err(failure) => {
                warn!(error = &failure as &dyn std::error::Error, "a stream can't read on; it tries again");
                sleep_until(Instant::now() + TRY_AGAIN).await;
                Some(self.alive(""))
            }
        }
    }

    /// Moves on behind these events, or as many as are handed on at once; `None` where none of them is told.
    fn frames(&mut self, events: &[Told]) -> Option<Bytes> {
        let mut text = String::new();
        for told in events {
            let event = &told.event;
            self.place = Some(told.place.clone());
            let sight = self.listener.sight_of(event).filter(|sight| self.filter.admits(event, *sight));
            if let Some(sight) = sight {
                text.push_str(told.frame(sight));
            }
            if self.listener.is_ended_by(event) {
                text.push_str(&self.last_words(End::Revoked));
                break;
            }
            if text.len() >= CHUNK_BYTES_MAX {
                break;
            }
        }
        if text.is_empty() {
            return None;
        }
        self.alive_at = Instant::now();
        Some(text.into())
    }

    /// A comment, and the place so far: who resumes need not look again at what was not for it.
    fn alive(&mut self, with: &str) -> Bytes {
        self.alive_at = Instant::now();
        format!("{with}: alive\n{}\n", self.id()).into()
    }

    fn id(&self) -> String {
        self.place.as_ref().map_or_else(String::new, |place| format!("id: {}\n", cursor(&place.0)))
    }

    fn end(&mut self, end: End) -> Bytes {
        self.last_words(end).into()
    }

    fn last_words(&mut self, end: End) -> String {
        self.has_ended = true;
        let reason = match end {
            End::Lifetime => "lifetime",
            End::Stopping => "stopping",
            End::Slow => "slow",
            End::Revoked => "revoked",
            End::Gone => "gone",
        };
        format!("{}event: end\ndata: {{\"reason\":\"{reason}\"}}\n\n", self.id())
    }
}

/// A page of what is behind a place, as far as it was looked.
pub async fn tell(
    app: &AppState,
    after: Option<Cursor>,
    listener: &Listener,
    filter: &Filter,
    limit: usize,
) -> Result<owp_wire::ListEventsResponse, StoreError> {
    let (mut place, mut told, mut looked) = (after, Vec::new(), 0);
    let mut more = true;
    while told.len() < limit && looked < LOOKED_MAX {
        let events = app.store.events(place.as_ref(), None, limit.max(PAGE_MAX)).await?;
        if events.is_empty() {
            more = false;
            break;
        }
        for (at, event) in events {
            if told.len() == limit {
                break;
            }
            looked += 1;
            let sight = listener.sight_of(&event).filter(|sight| filter.admits(&event, *sight));
            told.extend(sight.map(|sight| in_words(&at, &event, sight)));
            place = Some(at);
        }
    }
    let place = match place {
        Some(place) => place,
        None => app.store.latest().await?,
    };
    Ok(owp_wire::ListEventsResponse { events: told, cursor: cursor(&place.0), more })
}

/// Events looked at for one page, however few of them are told.
const LOOKED_MAX: usize = 4000;
