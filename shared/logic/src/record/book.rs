//! What is kept about what happened: how far it was gone through, the seals of its batches, and its figures by day.
//!
//! Events are the truth; books are made from them afterwards, in batches and in order, and could be made again.

use super::desk::{Desk, Told};
use crate::analytics::{Figures, Standing, Whose, day_of};
use crate::limits::FIGURES_KEPT_DAYS;
use owp_wire::{RepoName, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// Names a book.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BookName {
    /// Counts the events about the server itself.
    Server,
    Progress,
    Seal(u64),
    /// Figures of one day, counted from 1970-01-01 in UTC.
    Day(Whose, i64),
    Standing(Whose),
    /// Where what GitHub's side asks for is done.
    Desk,
    /// What was written there about an issue or a pull request.
    Told(RepoName, u64),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Book {
    Server { event_seq: u64 },
    Progress(Progress),
    Seal(Seal),
    Day { whose: Whose, day: i64, figures: Box<Figures> },
    Standing { whose: Whose, standing: Standing },
    Desk(Box<Desk>),
    Told(Box<Told>),
}

/// How far the events were gone through.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Batches so far.
    pub batches: u64,
    /// The place behind the last of them; its meaning is the store's own.
    pub until: Option<String>,
    /// Of so many, the oldest, the events are not kept any more.
    #[serde(default)]
    pub pruned: u64,
}

/// A batch of events that would show any change of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Seal {
    pub batch: u64,
    /// The place in front of it; none for the first.
    pub after: Option<String>,
    /// The place behind it.
    pub until: String,
    pub last_at: Timestamp,
    /// The seal in the words of the contract. What it says is not looked at here.
    pub words: Value,
}

impl Book {
    /// The day whose figures it holds.
    pub fn day(&self) -> Option<i64> {
        if let Self::Day { day, .. } = self { Some(*day) } else { None }
    }

    pub fn name(&self) -> BookName {
        match self {
            Self::Server { .. } => BookName::Server,
            Self::Progress(_) => BookName::Progress,
            Self::Seal(seal) => BookName::Seal(seal.batch),
            Self::Day { whose, day, .. } => BookName::Day(whose.clone(), *day),
            Self::Standing { whose, .. } => BookName::Standing(whose.clone()),
            Self::Desk(_) => BookName::Desk,
            Self::Told(told) => BookName::Told(told.repo.clone(), told.number),
        }
    }
}

/// The first day, counted as in [`BookName::Day`], whose figures are kept; those of earlier days are dropped.
pub fn first_day_kept(now: Timestamp) -> i64 {
    day_of(now) - i64::from(FIGURES_KEPT_DAYS)
}

/// As it is stored.
impl fmt::Display for BookName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server => f.write_str("server"),
            Self::Progress => f.write_str("progress"),
            Self::Seal(batch) => write!(f, "seal/{batch:012}"),
            Self::Day(whose, day) => write!(f, "day/{whose}/{day}"),
            Self::Standing(whose) => write!(f, "standing/{whose}"),
            Self::Desk => f.write_str("desk"),
            Self::Told(repo, number) => write!(f, "told/{}/{number}", repo.0),
        }
    }
}
