//! Who was turned away, gathered until it is noted: a stream of wrong passwords must not become a stream of writes.

use owp_logic::operations::Note;
use owp_logic::{Actor, EventKind};
use owp_wire::{ProblemCode, Timestamp};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Mutex;

/// Different refusals that are told apart between two notes; more than these are noted as one.
const KINDS_MAX: usize = 200;

#[derive(Default)]
pub struct TurnedAway(Mutex<BTreeMap<Kind, Times>>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    operation: String,
    code: String,
    is_sign_in: bool,
    actor: String,
}

struct Times {
    actor: Actor,
    count: u64,
    request_id: String,
    first_at: Timestamp,
    last_at: Timestamp,
}

impl TurnedAway {
    pub fn count(&self, operation: &str, code: ProblemCode, actor: Actor, request_id: &str, at: Timestamp) {
        let is_sign_in =
            matches!(code, ProblemCode::Unauthenticated | ProblemCode::TokenExpired | ProblemCode::TokenRevoked);
        let kind = |operation: &str, code: &str, actor: &Actor| Kind {
            operation: operation.to_owned(),
            code: code.to_owned(),
            is_sign_in,
            actor: super::actor(actor).to_owned(),
        };
        let mut gathered = self.0.lock().expect("nothing panics while it holds this");
        let mut key = kind(operation, &code.to_string(), &actor);
        if gathered.len() >= KINDS_MAX && !gathered.contains_key(&key) {
            key = kind("", "", &Actor::Anonymous);
        }
        let first = || Times { actor, count: 0, request_id: request_id.to_owned(), first_at: at, last_at: at };
        let times = gathered.entry(key).or_insert_with(first);
        times.count += 1;
        times.last_at = at;
    }

    /// What was gathered since it was taken last.
    pub fn take(&self) -> Vec<Note> {
        let gathered = std::mem::take(&mut *self.0.lock().expect("nothing panics while it holds this"));
        gathered.into_iter().map(|(kind, times)| note(&kind, times)).collect()
    }
}

fn note(kind: &Kind, times: Times) -> Note {
    let mut details = Map::new();
    let mut say = |name: &str, value: Value| details.insert(name.to_owned(), value);
    say("count", json!(times.count));
    if kind.operation.is_empty() {
        say("of", json!("several operations and codes"));
    } else {
        say("operation", json!(kind.operation));
        say("code", json!(kind.code));
    }
    if times.count > 1 {
        say("first_at", json!(times.first_at));
        say("last_at", json!(times.last_at));
    }
    let kind = if kind.is_sign_in { EventKind::SignInFailed } else { EventKind::RequestRefused };
    Note { kind, actor: times.actor, request_id: times.request_id, details }
}
