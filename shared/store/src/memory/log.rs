//! The events, counted from 1.

use crate::{BATCH_MAX, Cursor, StoreError};
use owp_logic::Event;
use std::collections::VecDeque;

#[derive(Default)]
pub struct Log {
    events: VecDeque<Event>,
    /// How many were dropped.
    pruned: u64,
}

impl Log {
    pub fn extend(&mut self, events: Vec<Event>) {
        self.events.extend(events);
    }

    /// The number of the last one.
    pub fn last(&self) -> u64 {
        self.pruned + self.events.len() as u64
    }

    pub fn between(&self, after: Option<u64>, until: u64, limit: usize) -> Result<Vec<(Cursor, Event)>, StoreError> {
        if after.is_some_and(|after| after < self.pruned) {
            return Err(StoreError::CursorGone);
        }
        let (first, end) = (self.index_behind(after.unwrap_or(0)), self.index_behind(until));
        let found = self.events.range(first.min(end)..end).take(limit).cloned();
        let places = (self.pruned + first as u64 + 1..).map(Cursor::from);
        Ok(places.zip(found).collect())
    }

    pub fn back(&self, until: u64, limit: usize) -> Vec<(Cursor, Event)> {
        let end = self.index_behind(until);
        let places = (0..self.pruned + end as u64).rev().map(Cursor::from);
        places.zip(self.events.range(..end).rev().take(limit).cloned()).collect()
    }

    pub fn prune(&mut self, until: u64) -> usize {
        let dropped = self.index_behind(until).min(BATCH_MAX);
        self.events.drain(..dropped);
        self.pruned += dropped as u64;
        dropped
    }

    fn index_behind(&self, number: u64) -> usize {
        usize::try_from(number.saturating_sub(self.pruned)).unwrap_or(usize::MAX).min(self.events.len())
    }
}
