//! Say that the events of the oldest batches are not kept any more. Said before they are dropped, so that nobody takes a
//! batch for broken that is being dropped.

use super::Operation;
use crate::plan::Plan;
use crate::record::{Book, BookName, Progress};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::{Key, Need, Record, Scope};
use owp_wire::Timestamp;

pub struct PruneBooks {
    /// The last batch of them.
    pub pruned: u64,
}

impl Operation for PruneBooks {
    type Outcome = ();

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        vec![Need::Record(Key::Book(BookName::Progress))]
    }

    fn decide(&self, plan: &mut Plan) -> Result<(), Refusal> {
        let Some(Book::Progress(progress)) = plan.book(BookName::Progress) else { return Ok(()) };
        let progress = progress.clone();
        if progress.pruned < self.pruned && self.pruned <= progress.batches {
            plan.put(Record::Book(Book::Progress(Progress { pruned: self.pruned, ..progress })));
        }
        Ok(())
    }
}
