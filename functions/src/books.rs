//! Keeps the books: goes through the events in batches, seals each and adds it to the figures, and drops what is kept for
//! a time only.
//!
//! Called now and then, by a timer or a schedule. Several may do it at once; each batch is done by one of them.

use crate::app::AppState;
use crate::audit;
use crate::paging::cursor;
use crate::problem::Problem;
use owp_chain::Batch;
use owp_logic::analytics::Tally;
use owp_logic::operations::{KeepBooks, PruneBooks};
use owp_logic::{Actor, Book, BookName, Key, Need, Progress, Record, Seal, Snapshot};
use owp_store::{Cursor, StoreError};
use owp_wire::AuditSeal;

/// Events of one batch: enough that a seal costs little for each, few enough that a change is narrowed down.
const BATCH_MAX: usize = 1000;

/// Batches of one call, so that it ends within a function's time. A call for each minute keeps up with 3,000 events/s.
const ROUNDS_MAX: usize = 200;

/// Records that a batch writes beside its figures: progress, seal and the commit's own.
const WRITES_BESIDE: usize = 8;

/// How many events were gone through.
pub async fn keep(app: &AppState, request_id: &str) -> Result<usize, Problem> {
    let mut kept = 0;
    for _ in 0..ROUNDS_MAX {
        match keep_batch(app, request_id).await? {
            0 => break,
            events => kept += events,
        }
    }
    Ok(kept)
}

async fn keep_batch(app: &AppState, request_id: &str) -> Result<usize, Problem> {
    let progress = progress(app).await?;
    let behind = words_of(app, progress.batches).await?;
    let after = progress.until.clone().map(Cursor);
    let mut events = app.store.events(after.as_ref(), None, BATCH_MAX).await?;
    let keys_max = app.store.writes_max().map_or(usize::MAX, |most| most - WRITES_BESIDE);
    let (mut tally, mut batch, mut taken) = (Tally::default(), Batch::default(), 0);
    for (_, event) in &events {
        let before = (keys_max < usize::MAX && taken > 0).then(|| tally.clone());
        tally.count(event);
        if let Some(before) = before
            && tally.days.len() + tally.standings.len() > keys_max
        {
            tally = before;
            break;
        }
        batch.add(&audit::in_words(event));
        taken += 1;
    }
    events.truncate(taken);
    let Some((until, _)) = events.last() else { return Ok(0) };
    let times = events.iter().map(|(_, event)| event.at);
    let span = (times.clone().min().unwrap_or_default(), times.max().unwrap_or_default());
    let words = app.sealer.seal(behind.as_ref(), batch, span, cursor(&until.0), app.clock.now());
    let seal = Seal {
        batch: words.batch,
        after: progress.until,
        until: until.0.clone(),
        last_at: span.1,
        words: serde_json::to_value(&words).expect("a seal is plain data"),
    };
    // Where somebody else was faster, the next round goes on behind what they did.
    app.run(request_id, Actor::System, None, KeepBooks { seal, tally }).await??;
    Ok(taken)
}

/// Drops events that are older than they are kept, whole batches at a time. Their seals stay.
pub async fn prune(app: &AppState, request_id: &str) -> Result<usize, Problem> {
    let days = app.settings.events_kept_days;
    let progress = progress(app).await?;
    let (mut pruned, mut until) = (progress.pruned, None);
    let before = app.clock.now().minus_s(days.saturating_mul(24 * 3600));
    while days > 0 && pruned < progress.batches && pruned - progress.pruned < ROUNDS_MAX as u64 {
        let Some(seal) = seal(app, pruned + 1).await?.filter(|seal| seal.last_at < before) else { break };
        (pruned, until) = (pruned + 1, Some(seal.until));
    }
    if pruned > progress.pruned {
        app.run(request_id, Actor::System, None, PruneBooks { pruned }).await??;
    } else if let Some(last) = seal(app, pruned).await? {
        // Whoever said so may not have come to it.
        until = Some(last.until);
    }
    let Some(until) = until.map(Cursor) else { return Ok(0) };
    let mut dropped = 0;
    loop {
        match app.store.prune_events(&until).await? {
            0 => return Ok(dropped),
            more => dropped += more,
        }
    }
}

/// Drops what is kept for a time only, besides events.
pub async fn prune_past(app: &AppState) -> Result<usize, StoreError> {
    let mut dropped = 0;
    for _ in 0..ROUNDS_MAX {
        match app.store.prune(app.clock.now()).await? {
            0 => break,
            more => dropped += more,
        }
    }
    Ok(dropped)
}

/// How far the books are kept.
pub async fn progress(app: &AppState) -> Result<Progress, StoreError> {
    Ok(match book(app, BookName::Progress).await? {
        Some(Book::Progress(progress)) => progress,
        _ => Progress::default(),
    })
}

/// The same, of a snapshot that has it in scope.
pub fn progress_in(snapshot: &Snapshot) -> Progress {
    let found = snapshot.get(&Key::Book(BookName::Progress)).and_then(|(_, record)| record).and_then(Record::as_book);
    if let Some(Book::Progress(progress)) = found { progress.clone() } else { Progress::default() }
}

/// `None` for a batch that there is not.
pub async fn seal(app: &AppState, batch: u64) -> Result<Option<Seal>, StoreError> {
    Ok(match book(app, BookName::Seal(batch)).await? {
        Some(Book::Seal(seal)) => Some(seal),
        _ => None,
    })
}

async fn words_of(app: &AppState, batch: u64) -> Result<Option<AuditSeal>, StoreError> {
    let Some(seal) = seal(app, batch).await? else { return Ok(None) };
    serde_json::from_value(seal.words).map(Some).map_err(StoreError::Corrupt)
}

async fn book(app: &AppState, name: BookName) -> Result<Option<Book>, StoreError> {
    let key = Key::Book(name);
    let snapshot = app.store.look(vec![Need::Record(key.clone())]).await?;
    Ok(snapshot.get(&key).and_then(|(_, record)| record).and_then(Record::as_book).cloned())
}
