//! The one writer: commands queue up, each is loaded, decided and applied inside one open transaction, one fsync commits the
//! batch, then all are answered.
//!
//! Full durability at a fraction of a commit per command, and no conflicts, because nobody else writes.

use super::apply::apply;
use super::connection::Sql;
use super::known::Known;
use super::reader::View;
use crate::transact::guarded;
use crate::{StoreError, Unit, load};
use metrics::{Histogram, Unit as Measure, describe_histogram, histogram};
use owp_wire::Timestamp;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;
use tracing::error;

/// Commands in one transaction. More would make the first of them wait long for its answer.
pub const BATCH_MAX: usize = 256;

/// After so many a batch is committed, so that while some are answered and ask again, the next are decided. With more, those
/// of 64 busy workers all stand in one batch, and the writer waits for them when it is done: a fifth fewer are carried out.
/// With a third as many, the syncs take back what that gains.
const BATCH_ENOUGH: usize = 48;

pub enum Command {
    Run(Box<dyn Unit>),
    /// Drop a bounded number of what is kept for a time only.
    Prune(Stale),
}

#[derive(Clone, Copy)]
pub enum Stale {
    /// Idempotency records that are honoured no more, and figures of days long past.
    Past(Timestamp),
    /// Events up to a place.
    Events(u64),
}

/// A command, and where to say how many records it wrote or dropped.
pub struct Queued {
    pub command: Command,
    pub reply: Reply,
}

impl Queued {
    /// Whoever asked may have gone; what was asked is done all the same.
    pub fn answer(self, answer: Result<usize, StoreError>) {
        drop(self.reply.send(answer));
    }
}

type Reply = oneshot::Sender<Result<usize, StoreError>>;

/// How far a failure reaches.
enum Failure {
    /// Nothing was written; the others of the batch go on.
    Alone(StoreError),
    /// Something may be half written; the whole transaction is given up.
    Batch(StoreError),
}

/// What a process that shows its figures is told; where it shows none, recording does nothing.
struct Figures {
    commit_time: Histogram,
    batch_size: Histogram,
}

impl Figures {
    fn new() -> Self {
        const COMMIT_TIME: &str = "owp_store_commit_duration_seconds";
        const BATCH_SIZE: &str = "owp_store_commit_batch_commands";
        describe_histogram!(
            COMMIT_TIME,
            Measure::Seconds,
            "Time from the first command of a batch to its sync to disk, loading and deciding included."
        );
        describe_histogram!(BATCH_SIZE, "Commands decided and committed together.");
        Self { commit_time: histogram!(COMMIT_TIME), batch_size: histogram!(BATCH_SIZE) }
    }
}

pub struct Writer {
    sql: Sql,
    known: Known,
    work: watch::Sender<u64>,
    figures: Figures,
    /// How long the last commit took.
    sync_time: Duration,
}

type Answers = Vec<(Reply, Result<usize, StoreError>)>;

impl Writer {
    pub fn new(sql: Sql, known: Known, work: watch::Sender<u64>) -> Self {
        Self { sql, known, work, figures: Figures::new(), sync_time: Duration::ZERO }
    }

    /// Works until every sender of the queue is gone, then returns with everything committed.
    pub async fn write(mut self, mut queue: mpsc::Receiver<Queued>) {
        if let Err(failure) = self.known.catch_up(&mut self.sql).await {
            error!(
                error = &failure as &dyn std::error::Error,
                "the orders can't be read yet; the first command tries again"
            );
        }
        while let Some(first) = queue.recv().await {
            // Whoever asked may have gone; what was asked is done all the same, so a reply that nobody takes is no failure.
            let mut answers = Answers::new();
            let begun_at = Instant::now();
            match self.commit_batch(first, &mut queue, &mut answers).await {
                Ok(()) => {
                    self.figures.commit_time.record(begun_at.elapsed().as_secs_f64());
                    self.figures.batch_size.record(u32::try_from(answers.len()).unwrap_or(u32::MAX));
                    if answers.iter().any(|(_, answer)| matches!(answer, Ok(1..))) {
                        self.work.send_modify(|count| *count += 1);
                    }
                    answers.into_iter().for_each(|(reply, answer)| drop(reply.send(answer)));
                }
                Err(failure) => {
                    error!(error = &failure as &dyn std::error::Error, "a batch was not committed");
                    self.known.forget();
                    give_up(&mut self.sql).await;
                    let told = || StoreError::Unavailable(failure.to_string().into());
                    answers.into_iter().for_each(|(reply, _)| drop(reply.send(Err(told()))));
                }
            }
        }
    }

    async fn commit_batch(
        &mut self,
        first: Queued,
        queue: &mut mpsc::Receiver<Queued>,
        answers: &mut Answers,
    ) -> Result<(), StoreError> {
        let mut next = Some(first);
        let begun_at = Instant::now();
        let begun = match self.sql.execute("BEGIN IMMEDIATE", vec![]).await {
            Ok(_) => self.known.catch_up(&mut self.sql).await,
            Err(error) => Err(error),
        };
        while let Some(Queued { command, reply }) = next {
            let result = if begun.is_ok() { self.carry_out(command).await } else { Ok(0) };
            match result {
                Ok(count) => answers.push((reply, Ok(count))),
                Err(Failure::Alone(error)) => answers.push((reply, Err(error))),
                Err(Failure::Batch(error)) => {
                    answers.push((reply, Ok(0)));
                    return Err(error);
                }
            }
            let room = begun.is_ok() && self.has_room(answers.len(), begun_at);
            next = if room { queue.try_recv().ok() } else { None };
        }
        begun?;
        let decided_at = Instant::now();
        self.sql.execute("COMMIT", vec![]).await?;
        self.sync_time = decided_at.elapsed();
        Ok(())
    }

    /// Where the disk is slow, a batch goes on until as much time went into its commands as will go into its sync.
    fn has_room(&self, commands: usize, begun_at: Instant) -> bool {
        commands < BATCH_ENOUGH || commands < BATCH_MAX && begun_at.elapsed() < self.sync_time
    }

    async fn carry_out(&mut self, command: Command) -> Result<usize, Failure> {
        match command {
            Command::Run(unit) => self.run(unit).await,
            Command::Prune(stale) => self.sql.prune(stale).await.map_err(Failure::Batch),
        }
    }

    async fn run(&mut self, mut unit: Box<dyn Unit>) -> Result<usize, Failure> {
        let Self { sql, known, .. } = self;
        let scope = guarded(|| unit.scope()).map_err(Failure::Alone)?;
        let mut view = View { sql, orders: &known.orders, recent: Some(&mut known.recent) };
        let snapshot = load(&mut view, &scope).await.map_err(|error| match error {
            StoreError::Corrupt(_) => Failure::Alone(error),
            // The database may have given up the transaction by itself.
            _ => Failure::Batch(error),
        })?;
        let changes = guarded(|| unit.decide(&snapshot)).map_err(Failure::Alone)?;
        if changes.is_empty() {
            return Ok(0);
        }
        match apply(sql, &snapshot, &changes).await {
            Ok(true) => {
                known.take_over(&snapshot, changes);
                Ok(1)
            }
            Ok(false) => Err(Failure::Batch(StoreError::Contended)),
            Err(error) => Err(Failure::Batch(error)),
        }
    }
}

/// The transaction may be gone already, as after a full disk; then there is nothing to give up.
async fn give_up(sql: &mut Sql) {
    if let Err(error) = sql.execute("ROLLBACK", vec![]).await {
        error!(error = &error as &dyn std::error::Error, "there was no transaction to give up");
    }
}
