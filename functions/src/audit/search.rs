//! Finding events by what is asked of them.

use super::actor;
use crate::app::AppState;
use crate::books;
use owp_logic::{Event, EventKind, Subject};
use owp_store::{Cursor, StoreError};
use owp_wire::Timestamp;

/// What is looked for; fields that are `None` exclude nothing.
#[derive(Clone, Debug, Default)]
pub struct Search {
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
    pub kind: Option<EventKind>,
    pub actor: Option<String>,
    pub target: Option<String>,
}

/// Found events, and where to go on where there may be more.
pub struct Found {
    pub events: Vec<Event>,
    pub next: Option<Cursor>,
}

/// Events looked at for one page, however few of them fit.
const LOOKED_MAX: usize = 4000;
const LOOKED_AT_ONCE: usize = 500;

impl Search {
    pub fn admits(&self, event: &Event) -> bool {
        let target = match &event.subject {
            Subject::Task(id) => &id.0,
            Subject::Worker(id) => &id.0,
            Subject::Repo(name) => &name.0,
            Subject::Server => "server",
        };
        self.from.is_none_or(|from| event.at >= from)
            && self.to.is_none_or(|to| event.at < to)
            && self.kind.is_none_or(|kind| event.kind == kind)
            && self.actor.as_ref().is_none_or(|asked| actor(&event.actor) == asked.as_str())
            && self.target.as_ref().is_none_or(|asked| target == asked)
    }

    /// Whether it asks for more than a time.
    pub fn is_picky(&self) -> bool {
        self.kind.is_some() || self.actor.is_some() || self.target.is_some()
    }
}

/// A page, newest first, from a place back.
pub async fn pages_back(
    app: &AppState,
    search: &Search,
    from: Option<Cursor>,
    limit: usize,
) -> Result<Found, StoreError> {
    let mut place = match (from, search.to) {
        (None, Some(to)) => behind(app, to).await?,
        (from, _) => from,
    };
    let (mut events, mut looked) = (Vec::new(), 0);
    while events.len() < limit && looked < LOOKED_MAX {
        let read = app.store.events_back(place.as_ref(), LOOKED_AT_ONCE).await?;
        if read.is_empty() {
            return Ok(Found { events, next: None });
        }
        for (front, event) in read {
            if events.len() == limit {
                break;
            }
            if search.from.is_some_and(|from| event.at < from.minus_s(CLOCKS_DIFFER_S)) {
                return Ok(Found { events, next: None });
            }
            looked += 1;
            place = Some(front);
            events.extend(search.admits(&event).then_some(event));
        }
    }
    Ok(Found { events, next: place })
}

/// A page, oldest first, from a place on.
pub async fn pages_on(
    app: &AppState,
    search: &Search,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Found, StoreError> {
    let mut place = match (after, search.from) {
        (None, Some(from)) => in_front(app, from).await?,
        (after, _) => after,
    };
    let (mut events, mut looked) = (Vec::new(), 0);
    while events.len() < limit && looked < LOOKED_MAX {
        let read = app.store.events(place.as_ref(), None, LOOKED_AT_ONCE).await?;
        if read.is_empty() {
            return Ok(Found { events, next: None });
        }
        for (at, event) in read {
            if events.len() == limit {
                break;
            }
            if search.to.is_some_and(|to| event.at >= to.plus_s(CLOCKS_DIFFER_S)) {
                return Ok(Found { events, next: None });
            }
            looked += 1;
            place = Some(at);
            events.extend(search.admits(&event).then_some(event));
        }
    }
    Ok(Found { events, next: place })
}

/// Events are in the order of their commits, and the clocks of several servers may differ by so much.
const CLOCKS_DIFFER_S: u32 = 300;

/// A place behind everything that happened before `to`, found by the seals; none where that is the end.
async fn behind(app: &AppState, to: Timestamp) -> Result<Option<Cursor>, StoreError> {
    let batch = first_batch(app, to.plus_s(CLOCKS_DIFFER_S)).await?;
    Ok(books::seal(app, batch).await?.map(|seal| Cursor(seal.until)))
}

/// A place in front of everything that happened at `from` or later; none where that is the beginning.
pub async fn in_front(app: &AppState, from: Timestamp) -> Result<Option<Cursor>, StoreError> {
    let batch = first_batch(app, from.minus_s(CLOCKS_DIFFER_S)).await?;
    match books::seal(app, batch).await? {
        Some(seal) => Ok(seal.after.map(Cursor)),
        None => Ok(books::progress(app).await?.until.map(Cursor)),
    }
}

/// The first batch, of those whose events are kept, with something that happened at `at` or later; the one behind the last
/// where there is none.
pub async fn first_batch(app: &AppState, at: Timestamp) -> Result<u64, StoreError> {
    let progress = books::progress(app).await?;
    let (mut low, mut high) = (progress.pruned + 1, progress.batches + 1);
    while low < high {
        let middle = low.midpoint(high);
        let is_late = books::seal(app, middle).await?.is_none_or(|seal| seal.last_at >= at);
        if is_late {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Ok(low)
}
