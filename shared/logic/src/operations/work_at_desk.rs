//! Work at the desk at which is done what GitHub's side asks for. One does at a time: who finds it taken leaves it.

use super::Operation;
use crate::plan::Plan;
use crate::record::{Book, BookName, Desk, Told};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::{Key, Need, Record, Scope};
use owp_wire::Timestamp;

/// How long a desk is somebody's who is not heard of any more. Longer than the few calls between two words of it may take.
pub const DESK_HELD_S: u32 = 180;

/// Sits down.
pub struct TakeDesk {
    /// Whoever sits down, by a name of its own.
    pub holder: String,
}

impl Operation for TakeDesk {
    /// The desk; `None` where somebody else works at it.
    type Outcome = Option<Desk>;

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        vec![Need::Record(Key::Book(BookName::Desk))]
    }

    fn decide(&self, plan: &mut Plan) -> Result<Option<Desk>, Refusal> {
        let now = plan.now();
        let desk = desk(plan);
        if desk.holder.as_ref().is_some_and(|holder| *holder != self.holder) && now < desk.held_until {
            return Ok(None);
        }
        let desk = Desk { holder: Some(self.holder.clone()), held_until: now.plus_s(DESK_HELD_S), ..desk };
        plan.put(Record::Book(Book::Desk(Box::new(desk.clone()))));
        Ok(Some(desk))
    }
}

/// Puts the desk in order after something was done, with what was written at GitHub.
pub struct KeepDesk {
    pub holder: String,
    pub desk: Desk,
    pub told: Vec<Told>,
    /// Nothing more is done for now.
    pub leaves: bool,
}

impl Operation for KeepDesk {
    /// Whether it was still the holder's. Where it was not, somebody else has gone on with it.
    type Outcome = bool;

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        let told = self.told.iter().map(|told| BookName::Told(told.repo.clone(), told.number));
        [BookName::Desk].into_iter().chain(told).map(|name| Need::Record(Key::Book(name))).collect()
    }

    fn decide(&self, plan: &mut Plan) -> Result<bool, Refusal> {
        let now = plan.now();
        if desk(plan).holder.as_ref() != Some(&self.holder) {
            return Ok(false);
        }
        let holder = Some(self.holder.clone()).filter(|_| !self.leaves);
        let held_until = if self.leaves { now } else { now.plus_s(DESK_HELD_S) };
        plan.put(Record::Book(Book::Desk(Box::new(Desk { holder, held_until, ..self.desk.clone() }))));
        for told in &self.told {
            plan.put(Record::Book(Book::Told(Box::new(told.clone()))));
        }
        Ok(true)
    }
}

fn desk(plan: &mut Plan) -> Desk {
    match plan.book(BookName::Desk) {
        Some(Book::Desk(desk)) => (**desk).clone(),
        _ => Desk::default(),
    }
}
