//! Who listens, what it is told, and in which words.

use crate::audit;
use owp_logic::{Actor, Event, EventKind, Subject};
use owp_store::Cursor;
use owp_wire::{RepoName, TaskId, WorkerId};
use serde_json::Map;
use std::collections::BTreeSet;

/// Who is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listener {
    Admin,
    Worker(WorkerId),
}

/// How much of an event somebody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    Whole,
    Public,
}

/// What somebody wants to be told; fields that are `None` exclude nothing.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub types: Option<BTreeSet<EventKind>>,
    pub repo: Option<RepoName>,
    pub task_id: Option<TaskId>,
    pub worker_id: Option<WorkerId>,
}

/// Of tasks and repositories, what is between a maintainer and a worker only.
const PRIVATE: [EventKind; 5] = [
    EventKind::RepoAdmissionChanged,
    EventKind::RepoLinked,
    EventKind::RepoLookDue,
    EventKind::TaskRated,
    EventKind::LeaseRenewed,
];

impl Listener {
    /// `None` where the event is not for it.
    pub fn sight_of(&self, event: &Event) -> Option<Sight> {
        let Self::Worker(id) = self else { return Some(Sight::Whole) };
        match &event.subject {
            _ if event.worker_id.as_ref() == Some(id) => Some(Sight::Whole),
            Subject::Task(_) | Subject::Repo(_) if !PRIVATE.contains(&event.kind) => Some(Sight::Public),
            _ => None,
        }
    }

    /// Its access has ended.
    pub fn is_ended_by(&self, event: &Event) -> bool {
        let Self::Worker(id) = self else { return false };
        event.kind == EventKind::WorkerRevoked && event.worker_id.as_ref() == Some(id)
    }
}

impl Filter {
    /// Judges by what is seen: a worker can't find out by a filter what it is not told.
    pub fn admits(&self, event: &Event, sight: Sight) -> bool {
        let worker_id = event.worker_id.as_ref().filter(|_| sight == Sight::Whole);
        self.types.as_ref().is_none_or(|types| types.contains(&event.kind))
            && self.repo.as_ref().is_none_or(|repo| event.repo.as_ref() == Some(repo))
            && self.task_id.as_ref().is_none_or(|task_id| event.task_id.as_ref() == Some(task_id))
            && self.worker_id.as_ref().is_none_or(|asked| worker_id == Some(asked))
    }
}

/// An event in the words of the contract.
pub fn in_words(place: &Cursor, event: &Event, sight: Sight) -> owp_wire::Event {
    let whole = owp_wire::Event {
        id: crate::paging::cursor(&place.0),
        type_: event.kind,
        at: event.at,
        actor: audit::actor(&event.actor).into_owned(),
        subject: event.subject.to_string(),
        seq: event.subject_seq,
        repo: event.repo.clone(),
        task_id: event.task_id.clone(),
        worker_id: event.worker_id.clone(),
        lease_id: event.lease_id.clone(),
        was: event.was,
        state: event.state,
        request_id: Some(event.request_id.clone()),
        details: event.details.clone(),
    };
    match sight {
        Sight::Whole => whole,
        Sight::Public => owp_wire::Event {
            actor: if matches!(event.actor, Actor::Worker(_)) { "worker".to_owned() } else { whole.actor },
            worker_id: None,
            lease_id: None,
            request_id: None,
            details: Map::new(),
            ..whole
        },
    }
}
