//! Note what concerns the server itself: who was turned away, and what an administrator took out of it.

use super::Operation;
use crate::plan::Plan;
use crate::record::{Actor, BookName, EventKind};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::{Key, Need, Scope};
use owp_wire::Timestamp;
use serde_json::{Map, Value};

pub struct NoteAtServer(pub Vec<Note>);

#[derive(Clone, Debug)]
pub struct Note {
    pub kind: EventKind,
    pub actor: Actor,
    /// Of the first of several.
    pub request_id: String,
    pub details: Map<String, Value>,
}

impl Operation for NoteAtServer {
    type Outcome = ();

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        vec![Need::Record(Key::Book(BookName::Server))]
    }

    fn decide(&self, plan: &mut Plan) -> Result<(), Refusal> {
        self.0.iter().for_each(|note| plan.server_event(note));
        Ok(())
    }
}
