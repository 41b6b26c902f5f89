//! Go through the next batch of events: seal it, and add it to the numbers.
//!
//! The events and their seal are given. Whoever else has gone through them meanwhile was faster, and nothing is done: each
//! event is counted once.

use super::Operation;
use crate::analytics::{Standing, Tally};
use crate::plan::Plan;
use crate::record::{Book, BookName, Progress, Seal};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::{Key, Need, Record, Scope};
use owp_wire::Timestamp;

pub struct KeepBooks {
    pub seal: Seal,
    pub tally: Tally,
}

impl Operation for KeepBooks {
    /// Whether it was this call that did it.
    type Outcome = bool;

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        let mut names = vec![BookName::Progress, BookName::Seal(self.seal.batch)];
        names.extend(self.tally.days.keys().map(|(whose, day)| BookName::Day(whose.clone(), *day)));
        names.extend(self.tally.standings.keys().cloned().map(BookName::Standing));
        names.into_iter().map(|name| Need::Record(Key::Book(name))).collect()
    }

    fn decide(&self, plan: &mut Plan) -> Result<bool, Refusal> {
        let progress = match plan.book(BookName::Progress) {
            Some(Book::Progress(progress)) => progress.clone(),
            _ => Progress::default(),
        };
        if progress.until != self.seal.after || progress.batches + 1 != self.seal.batch {
            return Ok(false);
        }
        plan.put(Record::Book(Book::Seal(self.seal.clone())));
        let until = Some(self.seal.until.clone());
        plan.put(Record::Book(Book::Progress(Progress { batches: self.seal.batch, until, ..progress })));
        for ((whose, day), more) in &self.tally.days {
            let mut figures = match plan.book(BookName::Day(whose.clone(), *day)) {
                Some(Book::Day { figures, .. }) => figures.clone(),
                _ => Box::default(),
            };
            figures.add(more);
            plan.put(Record::Book(Book::Day { whose: whose.clone(), day: *day, figures }));
        }
        for (whose, more) in &self.tally.standings {
            let mut standing = match plan.book(BookName::Standing(whose.clone())) {
                Some(Book::Standing { standing, .. }) => standing.clone(),
                _ => Standing::default(),
            };
            standing.add(more);
            plan.put(Record::Book(Book::Standing { whose: whose.clone(), standing }));
        }
        Ok(true)
    }
}
