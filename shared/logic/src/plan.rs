//! A decision in the making: a working copy of the records it touches, and the events it causes.
//!
//! Whatever a decision reads or changes through its plan ends up in [`Changes`] as a check or a put with the version it
//! was based on, so a commit either rests on exactly what the decision saw or does not happen. A decision can't forget to.

use crate::operations::Note;
use crate::periods::{BUSY_SINCE, FULL_SINCE, tell, turn};
use crate::record::{Actor, Admission, AreaClaim, Book, BookName, Event, EventKind, Repo, Subject, Task, Worker};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::{Key, Record, Snapshot, Version};
use owp_wire::{LeaseId, RepoName, TaskId, TaskState, Timestamp, WorkerId};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Where fresh ids come from: the edge, or a counter in tests.
pub trait Ids {
    /// A new id with this prefix: `t`, `w`, `l` or `o`.
    fn fresh(&mut self, prefix: char) -> String;
}

/// Everything a decision gets beside the snapshot.
pub struct Context<'a> {
    pub now: Timestamp,
    pub rules: &'a Rules,
    pub actor: Actor,
    pub request_id: &'a str,
    pub ids: &'a mut dyn Ids,
}

/// What a record must be at when the commit happens: its version, 0 for absent.
pub type Expected = Version;

#[derive(Clone, Debug, PartialEq)]
pub enum Write {
    Put(Box<Record>),
    Delete,
    /// Relied on, unchanged.
    Check,
}

/// What to commit, all or nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    pub writes: BTreeMap<Key, (Expected, Write)>,
    pub events: Vec<Event>,
}

impl Changes {
    /// Whether a commit would change nothing.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty() && self.writes.values().all(|(_, write)| *write == Write::Check)
    }
}

pub struct Plan<'a> {
    pub context: Context<'a>,
    snapshot: &'a Snapshot,
    /// `None` inside: deleted.
    touched: BTreeMap<Key, Touched>,
    events: Vec<Event>,
    /// The states of tasks as the events so far have told them.
    told: BTreeMap<TaskId, TaskState>,
}

enum Touched {
    Read,
    Written(Box<Record>),
    Deleted,
}

macro_rules! accessors {
    ($get:ident, $get_mut:ident, $peek:ident, $record:ident, $id:ty, $key:expr) => {
        /// The record as this plan has it, without relying on it: for what is only shown, or is looked at again before
        /// it is acted on.
        pub fn $peek(&self, id: &$id) -> Option<&$record> {
            match self.peek(&$key(id)) {
                Some(Record::$record(record)) => Some(record),
                _ => None,
            }
        }

        /// The record as this plan has it, if there is one.
        pub fn $get(&mut self, id: &$id) -> Option<&$record> {
            match self.read($key(id)) {
                Some(Record::$record(record)) => Some(record),
                Some(_) => unreachable!("a key names a record of its own kind"),
                None => None,
            }
        }

        /// The record to change; it must be there.
        pub fn $get_mut(&mut self, id: &$id) -> &mut $record {
            match self.change($key(id)) {
                Record::$record(record) => record,
                _ => unreachable!("a key names a record of its own kind"),
            }
        }
    };
}

impl<'a> Plan<'a> {
    pub fn new(snapshot: &'a Snapshot, context: Context<'a>) -> Self {
        Self { context, snapshot, touched: BTreeMap::new(), events: Vec::new(), told: BTreeMap::new() }
    }

    pub fn now(&self) -> Timestamp {
        self.context.now
    }

    pub fn rules(&self) -> &'a Rules {
        self.context.rules
    }

    pub fn snapshot(&self) -> &'a Snapshot {
        self.snapshot
    }

    accessors!(worker, worker_mut, peek_worker, Worker, WorkerId, |id: &WorkerId| Key::Worker(id.clone()));
    accessors!(repo, repo_mut, peek_repo, Repo, RepoName, |name: &RepoName| Key::Repo(name.clone()));
    accessors!(task, task_mut, peek_task, Task, TaskId, |id: &TaskId| Key::Task(id.clone()));

    pub fn area(&mut self, repo: &RepoName, area: &str) -> Option<&AreaClaim> {
        match self.read(Key::Area(repo.clone(), area.to_owned())) {
            Some(Record::Area(claim)) => Some(claim),
            _ => None,
        }
    }

    pub fn peek_area(&self, repo: &RepoName, area: &str) -> Option<&AreaClaim> {
        match self.peek(&Key::Area(repo.clone(), area.to_owned())) {
            Some(Record::Area(claim)) => Some(claim),
            _ => None,
        }
    }

    pub fn book(&mut self, name: BookName) -> Option<&Book> {
        self.read(Key::Book(name)).and_then(Record::as_book)
    }

    /// The lists of a repository that has some.
    pub fn peek_admission(&self, repo: &RepoName) -> Option<&Admission> {
        match self.peek(&Key::Admission(repo.clone())) {
            Some(Record::Admission(admission)) => Some(admission),
            _ => None,
        }
    }

    fn peek(&self, key: &Key) -> Option<&Record> {
        match self.touched.get(key) {
            Some(Touched::Written(record)) => Some(record),
            Some(Touched::Deleted) => None,
            Some(Touched::Read) | None => self.snapshot.get(key).and_then(|(_, record)| record),
        }
    }

    /// Reads a record and relies on it: it will be checked when this plan is committed.
    pub fn read(&mut self, key: Key) -> Option<&Record> {
        let stored = self.snapshot.get(&key).map(|(_, stored)| stored);
        assert!(stored.is_some() || self.touched.contains_key(&key), "{key:?} is outside the scope");
        match self.touched.entry(key).or_insert(Touched::Read) {
            Touched::Read => stored.flatten(),
            Touched::Written(record) => Some(record),
            Touched::Deleted => None,
        }
    }

    fn change(&mut self, key: Key) -> &mut Record {
        let stored = self.snapshot.get(&key).and_then(|(_, record)| record);
        let entry = self.touched.entry(key).or_insert(Touched::Read);
        if !matches!(entry, Touched::Written(_)) {
            *entry = Touched::Written(Box::new(stored.expect("what is changed is in scope and there").clone()));
        }
        match entry {
            Touched::Written(record) => record,
            Touched::Read | Touched::Deleted => unreachable!("it was just written"),
        }
    }

    /// Writes a record that is new or replaces the one in scope.
    pub fn put(&mut self, record: Record) {
        self.touched.insert(record.key(), Touched::Written(Box::new(record)));
    }

    pub fn delete(&mut self, key: Key) {
        self.touched.insert(key, Touched::Deleted);
    }

    /// Appends an event about a task to its own order.
    pub fn task_event(
        &mut self,
        task_id: &TaskId,
        kind: EventKind,
        worker: Option<(&WorkerId, &LeaseId)>,
        details: Value,
    ) {
        let now = self.now();
        let task = self.task_mut(task_id);
        task.event_seq += 1;
        task.updated_at = now.max(task.created_at);
        let (seq, repo, state) = (task.event_seq, task.repo.clone(), task.state);
        let stored = || self.snapshot.get(&Key::Task(task_id.clone())).and_then(|(_, record)| record?.as_task());
        let was = self.told.insert(task_id.clone(), state).or_else(|| Some(stored()?.state));
        let mut event = self.event(Subject::Task(task_id.clone()), seq, kind, details);
        event.repo = Some(repo);
        event.task_id = Some(task_id.clone());
        event.worker_id = worker.map(|(worker_id, _)| worker_id.clone());
        event.lease_id = worker.map(|(_, lease_id)| lease_id.clone());
        event.was = was.filter(|was| *was != state);
        event.state = Some(state);
        self.events.push(event);
    }

    /// Appends an event about an offer to its task's order.
    pub fn offer_event(&mut self, task_id: &TaskId, kind: EventKind, worker_id: &WorkerId, details: Value) {
        self.task_event(task_id, kind, None, details);
        if let Some(event) = self.events.last_mut() {
            event.worker_id = Some(worker_id.clone());
        }
    }

    pub fn worker_event(&mut self, worker_id: &WorkerId, kind: EventKind, details: Value) {
        let worker = self.worker_mut(worker_id);
        worker.event_seq += 1;
        let seq = worker.event_seq;
        let mut event = self.event(Subject::Worker(worker_id.clone()), seq, kind, details);
        event.worker_id = Some(worker_id.clone());
        self.events.push(event);
    }

    pub fn repo_event(&mut self, repo: &RepoName, kind: EventKind, details: Value) {
        let record = self.repo_mut(repo);
        record.event_seq += 1;
        let seq = record.event_seq;
        let mut event = self.event(Subject::Repo(repo.clone()), seq, kind, details);
        event.repo = Some(repo.clone());
        self.events.push(event);
    }

    pub fn server_event(&mut self, note: &Note) {
        let last = match self.book(BookName::Server) {
            Some(Book::Server { event_seq }) => *event_seq,
            _ => 0,
        };
        self.put(Record::Book(Book::Server { event_seq: last + 1 }));
        let event = self.event(Subject::Server, last + 1, note.kind, Value::Object(note.details.clone()));
        let worker_id = if let Actor::Worker(id) = &note.actor { Some(id.clone()) } else { None };
        let (actor, request_id) = (note.actor.clone(), note.request_id.clone());
        self.events.push(Event { actor, request_id, worker_id, ..event });
    }

    fn event(&self, subject: Subject, subject_seq: u64, kind: EventKind, details: Value) -> Event {
        let details = match details {
            Value::Object(map) => map.into_iter().filter(|(_, value)| !value.is_null()).collect(),
            _ => Map::new(),
        };
        Event {
            subject,
            subject_seq,
            kind,
            at: self.context.now,
            actor: self.context.actor.clone(),
            request_id: self.context.request_id.to_owned(),
            repo: None,
            task_id: None,
            worker_id: None,
            lease_id: None,
            was: None,
            state: None,
            details,
        }
    }

    /// The worker behind a token, which must be of the present version. Any call is a sign of life.
    pub fn authenticate(&mut self, worker_id: &WorkerId, token_version: u32) -> Result<(), Refusal> {
        let (now, rules) = (self.now(), self.rules());
        let worker = self.worker(worker_id).ok_or(Refusal::TokenRevoked)?;
        if worker.revoked_at.is_some() || worker.token_version != token_version {
            return Err(Refusal::TokenRevoked);
        }
        let (last_seen_at, was_online) = (worker.last_seen_at, worker.is_online(rules, now));
        let counts_as_online = worker.online_since.is_some();
        let granularity_s = rules.presence_granularity_s();
        // One that is to come was noted by a clock that was ahead, and nobody would be missed until then.
        if now > last_seen_at.plus_s(granularity_s) || last_seen_at > now.plus_s(granularity_s) {
            self.worker_mut(worker_id).last_seen_at = now;
        }
        if counts_as_online && !was_online {
            self.leave(worker_id, last_seen_at.plus_s(rules.heartbeat_ttl_s));
        }
        if !counts_as_online || !was_online {
            self.arrive(worker_id);
        }
        Ok(())
    }

    /// Periods that begin or end with this commit.
    fn turn_periods(&mut self) {
        let now = self.context.now;
        for touched in self.touched.values_mut() {
            let Touched::Written(record) = touched else { continue };
            if let Record::Repo(repo) = record.as_mut()
                && let full = repo.is_full()
                && let Some(since) = turn(&mut repo.full_since, full, now)
            {
                tell(&mut self.events, |event| event.repo.as_ref() == Some(&repo.name), FULL_SINCE, since);
            }
            if let Record::Worker(worker) = record.as_mut()
                && let busy = !worker.held.is_empty()
                && let Some(since) = turn(&mut worker.busy_since, busy, now)
            {
                tell(&mut self.events, |event| event.worker_id.as_ref() == Some(&worker.id), BUSY_SINCE, since);
            }
        }
    }

    pub fn finish(mut self) -> Changes {
        self.turn_periods();
        let (snapshot, now) = (self.snapshot, self.context.now);
        let writes = self
            .touched
            .into_iter()
            .filter_map(|(key, touched)| {
                let expected = snapshot.get(&key).map_or(0, |(version, _)| version);
                let write = match touched {
                    Touched::Read => Write::Check,
                    Touched::Written(mut record) => {
                        if let Record::Repo(repo) = record.as_mut() {
                            repo.gate = repo.gate_at(now);
                        }
                        Write::Put(record)
                    }
                    Touched::Deleted if expected == 0 => return None,
                    Touched::Deleted => Write::Delete,
                };
                Some((key, (expected, write)))
            })
            .collect();
        Changes { writes, events: self.events }
    }
}
