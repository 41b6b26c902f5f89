//! Decide, then commit: the one way to change anything.

use crate::{Store, StoreError};
use owp_logic::{Changes, Decided, Refusal, Scope, Snapshot};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use tracing::{Instrument, info_span};

/// The target of what is traced, and not logged. Who wants traces takes it; to the others it costs nothing.
pub const TRACES: &str = "owp_traces";

/// A decision as a store sees it.
pub trait Unit: Send {
    fn scope(&mut self) -> Scope;

    /// What to commit; nothing where it refuses.
    fn decide(&mut self, snapshot: &Snapshot) -> Changes;
}

struct Deciding<S, D, T> {
    scope: S,
    decide: D,
    verdict: Arc<Mutex<Option<Result<T, Refusal>>>>,
}

impl<S, D, T> Unit for Deciding<S, D, T>
where
    S: FnMut() -> Scope + Send,
    D: FnMut(&Snapshot) -> Decided<T> + Send,
    T: Send,
{
    fn scope(&mut self) -> Scope {
        (self.scope)()
    }

    fn decide(&mut self, snapshot: &Snapshot) -> Changes {
        let (changes, verdict) = match (self.decide)(snapshot) {
            Ok((changes, outcome)) => (changes, Ok(outcome)),
            Err(refusal) => (Changes::default(), Err(refusal)),
        };
        *self.verdict.lock().expect("no decision panics while it holds this") = Some(verdict);
        changes
    }
}

/// Loads the scope, decides and commits. A refusal is a result, and commits nothing.
pub async fn transact<T: Send + 'static>(
    store: &dyn Store,
    scope: impl FnMut() -> Scope + Send + 'static,
    decide: impl FnMut(&Snapshot) -> Decided<T> + Send + 'static,
) -> Result<Result<T, Refusal>, StoreError> {
    let verdict = Arc::new(Mutex::new(None));
    let span = info_span!(target: TRACES, "commit", owp.store = store.kind());
    store.run(Box::new(Deciding { scope, decide, verdict: verdict.clone() })).instrument(span).await?;
    let verdict = verdict.lock().expect("no decision panics while it holds this").take();
    Ok(verdict.expect("a unit that ran has decided"))
}

/// A decision that panics is a defect of its own and must not take the store along.
pub fn guarded<T>(decision: impl FnOnce() -> T) -> Result<T, StoreError> {
    catch_unwind(AssertUnwindSafe(decision)).map_err(|_| StoreError::Unavailable("a decision panicked".into()))
}
