//! The writer where the primary is elsewhere, and others may write to it too: decides on what is known here, and sends each
//! batch of commands there as one conditional commit.
//!
//! What is known here may be old. A commit that rests on something old is refused by the primary; it is decided again on what
//! is new. A decision that changes nothing has nobody to refuse it, so it is only told when it was made on what was known
//! after it was asked for.

use super::apply::steps;
use super::connection::Sql;
use super::known::{Known, locked, read_orders};
use super::primary::{Primary, SYNC_INTERVAL};
use super::reader::View;
use super::script::Script;
use super::writer::{BATCH_MAX, Command, Queued};
use crate::transact::guarded;
use crate::{StoreError, load};
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, timeout};
use tracing::{info, warn};

/// How often a command is decided by itself, after it met with others' commits in a batch.
const TRIES_MAX: u32 = 8;

/// The orders are read anew when others have written. Where that takes longer than this, as in a pool with very many tasks,
/// it is done less often, so that it takes a bounded share of the time; what others made ready is then given later.
const READING_QUICK: Duration = Duration::from_millis(50);
const READING_SHARE: u32 = 20;

pub struct Delegate {
    primary: Primary,
    reading: Sql,
    known: Known,
    work: watch::Sender<u64>,
    /// The last event that is known here.
    last_event: i64,
    orders: OrdersRead,
    away: bool,
}

/// When the orders were read last, how long it took, and whether others have written since.
struct OrdersRead {
    at: Instant,
    took: Duration,
    are_old: bool,
}

impl OrdersRead {
    fn may_be_read(&self) -> bool {
        self.took <= READING_QUICK || self.at.elapsed() >= self.took * READING_SHARE
    }
}

/// A command with what its decision writes.
type Decided = (Queued, usize);

impl Delegate {
    pub fn new(primary: Primary, reading: Sql, known: Known, work: watch::Sender<u64>) -> Self {
        let orders = OrdersRead { at: Instant::now(), took: Duration::ZERO, are_old: true };
        Self { primary, reading, known, work, last_event: -1, orders, away: false }
    }

    /// Works until every sender of the queue is gone, then returns with everything committed.
    pub async fn write(mut self, mut queue: mpsc::Receiver<Queued>) {
        self.look_around().await;
        loop {
            match timeout(SYNC_INTERVAL, queue.recv()).await {
                Ok(Some(first)) => {
                    let mut batch = vec![first];
                    while batch.len() < BATCH_MAX
                        && let Ok(next) = queue.try_recv()
                    {
                        batch.push(next);
                    }
                    self.carry_out(batch).await;
                }
                Ok(None) => break,
                Err(_) => self.look_around().await,
            }
        }
    }

    /// While nobody asks for anything: sees what others wrote, and says once when the primary goes away or is back.
    async fn look_around(&mut self) {
        match self.catch_up().await {
            Ok(()) if self.away => info!("the primary is back"),
            Err(failure) if !self.away => {
                warn!(
                    error = &failure as &dyn std::error::Error,
                    "the primary is away; reading goes on, writing waits for it"
                );
            }
            _ => return,
        }
        self.away = !self.away;
    }

    async fn carry_out(&mut self, batch: Vec<Queued>) {
        let mut rest = self.attempt(batch, false).await;
        if rest.is_empty() {
            return;
        }
        if self.caught_up_for(&mut rest).await {
            rest = self.attempt(rest, true).await;
        }
        // Whoever meets with others is decided alone, so that nobody else is held up by it.
        for queued in rest {
            self.insist(queued).await;
        }
    }

    async fn insist(&mut self, queued: Queued) {
        let mut rest = vec![queued];
        for tried in 0..TRIES_MAX {
            if !self.caught_up_for(&mut rest).await {
                return;
            }
            rest = self.attempt(rest, true).await;
            if rest.is_empty() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(2 << tried)).await;
        }
        rest.into_iter().for_each(|queued| queued.answer(Err(StoreError::Contended)));
    }

    /// Where the primary is away, all are told so.
    async fn caught_up_for(&mut self, waiting: &mut Vec<Queued>) -> bool {
        let Err(failure) = self.catch_up().await else { return true };
        let text = failure.to_string();
        waiting.drain(..).for_each(|queued| queued.answer(Err(StoreError::Unavailable(text.clone().into()))));
        false
    }

    /// Decides all of them and commits what they decided. Returns those to be decided again, on what is known by then.
    async fn attempt(&mut self, batch: Vec<Queued>, is_caught_up: bool) -> Vec<Queued> {
        let mut script = Script::default();
        let mut events = 0;
        let (mut decided, mut again): (Vec<Decided>, Vec<Queued>) = (Vec::new(), Vec::new());
        for mut queued in batch {
            match self.decide(&mut queued.command, &mut script, &mut events).await {
                Ok(0) if !is_caught_up => again.push(queued),
                Ok(wrote) => decided.push((queued, wrote)),
                Err(failure) => queued.answer(Err(failure)),
            }
        }
        if script.is_empty() {
            decided.into_iter().for_each(|(queued, wrote)| queued.answer(Ok(wrote)));
            return again;
        }
        match self.primary.commit(&script).await {
            Ok(()) => {
                self.last_event += events;
                // What was just written has to be there for whoever is told so. If it can't be brought here now, it is in
                // the primary all the same.
                if let Err(failure) = self.catch_up().await {
                    warn!(error = &failure as &dyn std::error::Error, "committed, but not yet seen here");
                }
                self.work.send_modify(|count| *count += 1);
                decided.into_iter().for_each(|(queued, wrote)| queued.answer(Ok(wrote)));
            }
            Err(StoreError::Contended) => {
                self.forget();
                again.extend(decided.into_iter().map(|(queued, _)| queued));
            }
            Err(failure) => {
                self.forget();
                let text = failure.to_string();
                let refused = || Err(StoreError::Unavailable(text.clone().into()));
                decided.into_iter().for_each(|(queued, _)| queued.answer(refused()));
            }
        }
        again
    }

    async fn decide(
        &mut self,
        command: &mut Command,
        script: &mut Script,
        events: &mut i64,
    ) -> Result<usize, StoreError> {
        let unit = match command {
            Command::Run(unit) => unit,
            Command::Prune(stale) => return self.primary.writing()?.prune(*stale).await,
        };
        let scope = guarded(|| unit.scope())?;
        let orders = self.known.orders.clone();
        let mut view = View { sql: &mut self.reading, orders: &orders, recent: Some(&mut self.known.recent) };
        let snapshot = match load(&mut view, &scope).await {
            Ok(snapshot) => snapshot,
            Err(failure) => {
                self.reading = self.primary.reading()?;
                return Err(failure);
            }
        };
        let changes = guarded(|| unit.decide(&snapshot))?;
        if changes.is_empty() {
            return Ok(0);
        }
        for step in steps(&snapshot, &changes)? {
            script.push(&step);
        }
        *events += i64::try_from(changes.events.len()).unwrap_or(i64::MAX);
        self.known.take_over(&snapshot, changes);
        Ok(1)
    }

    /// What was decided did not happen.
    fn forget(&mut self) {
        self.known.recent.clear();
        self.orders.are_old = true;
    }

    /// Sees what the primary has now.
    async fn catch_up(&mut self) -> Result<(), StoreError> {
        self.primary.sync().await?;
        const LAST: &str = "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'events'), 0)";
        let last = match self.reading.rows(LAST, vec![], |row| row.get::<i64>(0)).await {
            Ok(found) => found.first().copied().unwrap_or_default(),
            Err(failure) => {
                self.reading = self.primary.reading()?;
                return Err(failure);
            }
        };
        // What was decided here is in the database now, or is not to be.
        self.known.recent.settle();
        if last != self.last_event {
            self.known.recent.clear();
            self.orders.are_old = true;
            self.last_event = last;
            self.work.send_modify(|count| *count += 1);
        }
        if self.orders.are_old && self.orders.may_be_read() {
            let begun = Instant::now();
            let orders = read_orders(&mut self.reading).await?;
            *locked(&self.known.orders) = orders;
            self.orders = OrdersRead { at: Instant::now(), took: begun.elapsed(), are_old: false };
        }
        Ok(())
    }
}
