//! The audit trail: events in words that prove themselves, found by what is asked, page by page or exported whole.

mod export;
mod search;
mod turned_away;

pub use export::{Format, export};
pub use search::{Search, pages_back, pages_on};
pub use turned_away::{Caller, TurnedAway};

use owp_logic::{Actor, Event, Subject};
use owp_wire::{AuditEvent, AuditTarget};
use std::borrow::Cow;

/// An event in the words of the contract. These words are sealed: what is added to them must be left out where it is absent.
pub fn in_words(event: &Event) -> AuditEvent {
    let (target_kind, target) = match &event.subject {
        Subject::Task(id) => (AuditTarget::Task, &*id.0),
        Subject::Worker(id) => (AuditTarget::Worker, &*id.0),
        Subject::Repo(name) => (AuditTarget::Repo, &*name.0),
        Subject::Server => (AuditTarget::Server, "server"),
    };
    AuditEvent {
        id: format!("{}/{}", event.subject, event.subject_seq),
        timestamp: event.at,
        event_type: event.kind,
        actor: actor(&event.actor).into_owned(),
        target: target.to_owned(),
        target_kind,
        seq: event.subject_seq,
        repo: event.repo.clone(),
        worker_id: event.worker_id.clone(),
        lease_id: event.lease_id.clone(),
        was: event.was,
        state: event.state,
        request_id: event.request_id.clone(),
        details: event.details.clone(),
    }
}

/// Who did it, in a word.
pub fn actor(actor: &Actor) -> Cow<'_, str> {
    match actor {
        Actor::Worker(id) => Cow::Borrowed(&id.0),
        Actor::Admin => "admin".into(),
        Actor::Anonymous => "anonymous".into(),
        Actor::System => "system".into(),
        Actor::Github(login) => format!("github:{login}").into(),
    }
}
