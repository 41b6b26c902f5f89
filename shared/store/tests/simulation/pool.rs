//! A pool over the memory store: a clock that only the simulation moves, ids that count, and operations carried out as the
//! handlers do, but without a runtime: memory never waits.

use crate::defect::Defect;
use crate::violation::Violation;
use owp_logic::idempotency::IdempotentCall;
use owp_logic::{
    Actor, Context, Event, Ids, Key, Need, Operation, Record, Refusal, Rules, Scope, Snapshot, Write, decide, scope_of,
};
use owp_store::memory::MemoryStore;
use owp_store::{Cursor, Store, StoreError, transact};
use owp_wire::{Timestamp, TrustTier};
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};

/// 2026-01-18T01:00:00Z
const START: Timestamp = Timestamp::from_millis(1_768_698_000_000);

/// Events read in one go.
const PAGE: usize = 256;

pub struct Pool {
    pub store: MemoryStore,
    now: Timestamp,
    /// The latest that the clock ever showed.
    latest: Timestamp,
    rules: Arc<Rules>,
    ids: Arc<AtomicU64>,
    defect: Option<Defect>,
    /// The place of the last event that was read.
    read_to: Option<Cursor>,
    /// What the decisions since the last look have written.
    written: Arc<Mutex<Vec<Key>>>,
}

struct CountingIds<'a>(&'a AtomicU64);

impl Ids for CountingIds<'_> {
    fn fresh(&mut self, prefix: char) -> String {
        format!("{prefix}_{:08}", self.0.fetch_add(1, Ordering::Relaxed))
    }
}

impl Pool {
    pub fn new(defect: Option<Defect>) -> Self {
        let (store, rules, ids, written) = Default::default();
        Self { store, now: START, latest: START, rules, ids, defect, read_to: None, written }
    }

    pub fn now(&self) -> Timestamp {
        self.now
    }

    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    pub fn wait(&mut self, millis: i64) {
        self.now = Timestamp::from_millis(self.now.as_millis().saturating_add(millis));
        self.latest = self.latest.max(self.now);
    }

    /// Whatever the clock showed before, so much later than that.
    pub fn wait_past_all(&mut self, seconds: u32) {
        self.now = self.latest.plus_s(seconds);
        self.latest = self.now;
    }

    /// What an operation would answer at another time, if by then nothing had happened but what this changes.
    pub fn foresee<O: Operation>(
        &self,
        operation: &O,
        at: Timestamp,
        change: impl FnOnce(&mut Snapshot),
    ) -> Result<O::Outcome, Refusal> {
        let scope = scope_of(operation, None, self.now, &self.rules);
        let mut snapshot = at_once(self.store.look(scope)).expect("memory can be looked at");
        change(&mut snapshot);
        let ids = &mut CountingIds(&self.ids);
        let context = Context { now: at, rules: &self.rules, actor: Actor::Admin, request_id: "r1", ids };
        decide(operation, None, &snapshot, context).map(|(_, outcome)| outcome)
    }

    pub fn set_new_worker_tier(&mut self, tier: TrustTier) {
        if self.rules.new_worker_tier != tier {
            Arc::make_mut(&mut self.rules).new_worker_tier = tier;
        }
    }

    /// Has an operation decided and committed.
    pub fn ask<O>(
        &mut self,
        actor: Actor,
        call: Option<IdempotentCall>,
        operation: O,
    ) -> Result<Result<O::Outcome, Refusal>, Violation>
    where
        O: Operation + 'static,
        O::Outcome: 'static,
    {
        let (now, rules, asked) = (self.now, self.rules.clone(), Arc::new((operation, call)));
        let scope = {
            let (rules, asked) = (rules.clone(), asked.clone());
            move || scope_of(&asked.0, asked.1.as_ref(), now, &rules)
        };
        let (ids, written, defect) = (self.ids.clone(), self.written.clone(), self.defect);
        let decide = move |snapshot: &Snapshot| {
            let tampered = defect.map(|defect| defect.before(snapshot, &actor, now));
            let seen = tampered.as_ref().unwrap_or(snapshot);
            let ids = &mut CountingIds(&ids);
            let context = Context { now, rules: &rules, actor: actor.clone(), request_id: "r1", ids };
            let mut decided = decide(&asked.0, asked.1.as_ref(), seen, context);
            if let Ok((changes, _)) = &mut decided {
                defect.iter().for_each(|defect| defect.after(snapshot, changes));
                let changed = changes.writes.iter().filter(|(_, (_, write))| !matches!(write, Write::Check));
                written.lock().expect("nothing panics here").extend(changed.map(|(key, _)| key.clone()));
            }
            decided
        };
        at_once(transact(&self.store, scope, decide)).map_err(|error| Violation::new(failed(&error)))
    }

    /// Records as they are stored.
    pub fn look(&self, keys: impl IntoIterator<Item = Key>) -> Snapshot {
        let scope: Scope = keys.into_iter().map(Need::Record).collect();
        at_once(self.store.look(scope)).expect("memory can be looked at")
    }

    pub fn record(&self, key: &Key) -> Option<Arc<Record>> {
        self.look([key.clone()]).shared(key)
    }

    /// The events since the last look.
    pub fn new_events(&mut self) -> Vec<Event> {
        let (events, read_to) = self.unread();
        self.read_to = read_to;
        events
    }

    /// The same, to be looked at again.
    pub fn unread_events(&self) -> Vec<Event> {
        self.unread().0
    }

    fn unread(&self) -> (Vec<Event>, Option<Cursor>) {
        let (mut events, mut place) = (Vec::new(), self.read_to.clone());
        loop {
            let page = at_once(self.store.events(place.as_ref(), None, PAGE)).expect("memory has its events");
            let more = page.len() == PAGE;
            for (at, event) in page {
                place = Some(at);
                events.push(event);
            }
            if !more {
                return (events, place);
            }
        }
    }

    /// What was written since the last look.
    pub fn written(&mut self) -> Vec<Key> {
        std::mem::take(&mut *self.written.lock().expect("nothing panics here"))
    }
}

fn failed(error: &StoreError) -> String {
    match crate::violation::last_panic() {
        Some(panic) => format!("a decision panicked: {panic}"),
        None => format!("the store failed: {error}"),
    }
}

/// What a future comes to that has nothing to wait for.
pub fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut std::task::Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("the memory store waited for something"),
    }
}
