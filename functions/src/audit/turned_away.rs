//! Who was turned away, gathered until it is noted: a stream of wrong passwords must not become a stream of writes.

use crate::limits::Network;
use owp_logic::operations::Note;
use owp_logic::{Actor, EventKind};
use owp_wire::{ProblemCode, Timestamp};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Mutex;

/// Different refusals that are told apart within [`AGAIN_AFTER_S`]; more than these are noted as one.
const KINDS_MAX: usize = 200;

/// How long a kind of refusal is gathered once it was noted, in seconds. With the number of kinds it bounds what somebody who
/// is let in nowhere can have written down: a few notes a second, whoever they are and however often they try.
const AGAIN_AFTER_S: u32 = 60;

#[derive(Default)]
pub struct TurnedAway(Mutex<BTreeMap<Kind, Gathered>>);

/// Who seems to be calling, and from where as far as that is known.
pub struct Caller {
    pub actor: Actor,
    pub address: Option<Network>,
}

impl Caller {
    /// Of whom nothing is known but where the call came from.
    pub fn stranger(address: Network) -> Self {
        Self { actor: Actor::Anonymous, address: Some(address) }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    operation: String,
    code: String,
    is_sign_in: bool,
    actor: String,
    /// Of who could not sign in; others are known by who they are.
    address: Option<Network>,
}

#[derive(Default)]
struct Gathered {
    times: Option<Times>,
    noted_at: Option<Timestamp>,
}

struct Times {
    actor: Actor,
    count: u64,
    request_id: String,
    first_at: Timestamp,
    last_at: Timestamp,
}

impl TurnedAway {
    pub fn count(&self, operation: &str, code: ProblemCode, caller: Caller, request_id: &str, at: Timestamp) {
        let is_sign_in =
            matches!(code, ProblemCode::Unauthenticated | ProblemCode::TokenExpired | ProblemCode::TokenRevoked);
        let kind = |operation: &str, code: &str, actor: &Actor, address: Option<Network>| Kind {
            operation: operation.to_owned(),
            code: code.to_owned(),
            is_sign_in,
            actor: super::actor(actor).into_owned(),
            address,
        };
        let Caller { actor, address } = caller;
        let mut gathered = self.0.lock().expect("nothing panics while it holds this");
        let mut key = kind(operation, &code.to_string(), &actor, address.filter(|_| is_sign_in));
        if gathered.len() >= KINDS_MAX && !gathered.contains_key(&key) {
            key = kind("", "", &Actor::Anonymous, None);
        }
        let first = || Times { actor, count: 0, request_id: request_id.to_owned(), first_at: at, last_at: at };
        let times = gathered.entry(key).or_default().times.get_or_insert_with(first);
        times.count += 1;
        times.last_at = at;
    }

    /// What was gathered and is to be noted now: at once what is new, and once in a while what goes on.
    pub fn due(&self, now: Timestamp) -> Vec<Note> {
        let mut gathered = self.0.lock().expect("nothing panics while it holds this");
        gathered.retain(|_, of_kind| of_kind.times.is_some() || of_kind.was_noted_lately(now));
        let due = gathered.iter_mut().filter(|(_, of_kind)| !of_kind.was_noted_lately(now));
        let noted = due.filter_map(|(kind, of_kind)| {
            of_kind.noted_at = Some(now);
            Some(note(kind, of_kind.times.take()?))
        });
        noted.collect()
    }

    /// Everything that was gathered, for a process that ends or is put to sleep.
    pub fn all(&self) -> Vec<Note> {
        let gathered = std::mem::take(&mut *self.0.lock().expect("nothing panics while it holds this"));
        gathered.into_iter().filter_map(|(kind, of_kind)| Some(note(&kind, of_kind.times?))).collect()
    }
}

impl Gathered {
    fn was_noted_lately(&self, now: Timestamp) -> bool {
        self.noted_at.is_some_and(|at| now < at.plus_s(AGAIN_AFTER_S))
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
    if let Some(address) = kind.address {
        say("address", json!(address.to_string()));
    }
    if times.count > 1 {
        say("first_at", json!(times.first_at));
        say("last_at", json!(times.last_at));
    }
    let kind = if kind.is_sign_in { EventKind::SignInFailed } else { EventKind::RequestRefused };
    Note { kind, actor: times.actor, request_id: times.request_id, details }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{IpAddr, Ipv4Addr};

    const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    fn try_from_address(turned_away: &TurnedAway, number: u32, at: Timestamp) {
        let address = Some(IpAddr::V4(Ipv4Addr::from(number)).into());
        let caller = Caller { actor: Actor::Anonymous, address };
        turned_away.count("getState", ProblemCode::Unauthenticated, caller, "r_1", at);
    }

    #[test]
    fn what_goes_on_is_noted_at_once_and_then_once_a_minute_with_how_often() {
        let turned_away = TurnedAway::default();
        let mut notes = Vec::new();
        for second in 0..=120 {
            let now = NOW.plus_s(second);
            try_from_address(&turned_away, 1, now);
            notes.extend(turned_away.due(now));
        }
        let counts: Vec<u64> = notes.iter().map(|note| note.details["count"].as_u64().unwrap()).collect();
        assert_eq!(counts, [1, 60, 60]);
        try_from_address(&turned_away, 1, NOW.plus_s(121));
        assert_eq!(turned_away.all().len(), 1, "nothing is lost at the end");
    }

    #[test]
    fn however_many_addresses_try_a_bounded_number_is_noted_and_remembered() {
        let turned_away = TurnedAway::default();
        let (mut notes, mut tries) = (Vec::new(), 0);
        for second in 0..180 {
            let now = NOW.plus_s(second);
            for _ in 0..1000 {
                tries += 1;
                try_from_address(&turned_away, tries, now);
            }
            notes.extend(turned_away.due(now));
            assert!(turned_away.0.lock().unwrap().len() <= KINDS_MAX + 1);
        }
        notes.extend(turned_away.all());
        assert!(notes.len() <= 3 * (KINDS_MAX + 1) + 1, "{}", notes.len());
        let counted: u64 = notes.iter().map(|note| note.details["count"].as_u64().unwrap()).sum();
        assert_eq!(counted, u64::from(tries), "each is counted, named or not");
    }
}
