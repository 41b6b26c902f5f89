//! What is kept of each caller: when its bucket will be full again. Bounded, and forgotten once it is full.

use governor::nanos::Nanos;
use governor::state::StateStore;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

/// Callers kept apart in each limit: more than a pool has workers, and a few megabytes. Who comes after them shares one
/// bucket with all others who do, so that somebody with many addresses can fill the memory of nobody but other newcomers.
pub const CALLERS_MAX: usize = 50_000;

/// The caller that stands for all of those.
pub const OTHERS: &str = "others";

#[derive(Clone)]
pub struct Uses {
    known: Arc<Mutex<HashMap<String, Nanos>>>,
    /// Moments are told from here.
    pub since: Duration,
}

impl Uses {
    pub fn starting_at(since: Duration) -> Self {
        Self { known: Arc::default(), since }
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<String, Nanos>> {
        self.known.lock().expect("nothing panics while it holds this")
    }

    pub fn count_after(&self, now: Duration) -> usize {
        self.locked().values().filter(|full_at| Duration::from(**full_at) > now).count()
    }

    pub fn forget_before(&self, now: Duration) {
        let mut known = self.locked();
        known.retain(|_, full_at| Duration::from(*full_at) > now);
        // What a flood took is given back.
        if known.capacity() > 4 * known.len() {
            known.shrink_to_fit();
        }
    }

    /// Those whose buckets take longest to be full again, and how long.
    pub fn latest(&self, count: usize, now: Duration) -> Vec<(String, Duration)> {
        let known = self.locked();
        let mut found: Vec<(&String, Duration)> = known
            .iter()
            .map(|(caller, full_at)| (caller, Duration::from(*full_at).saturating_sub(now)))
            .filter(|(_, left)| !left.is_zero())
            .collect();
        found.sort_by(|(one, left), (other, also_left)| also_left.cmp(left).then_with(|| one.cmp(other)));
        found.into_iter().take(count).map(|(caller, left)| (caller.clone(), left)).collect()
    }
}

impl StateStore for Uses {
    type Key = String;

    fn measure_and_replace<T, F, E>(&self, caller: &String, measure: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let mut known = self.locked();
        if let Some(full_at) = known.get_mut(caller) {
            let (outcome, next) = measure(Some(*full_at))?;
            *full_at = next;
            return Ok(outcome);
        }
        let caller = if known.len() < CALLERS_MAX { caller } else { OTHERS };
        let (outcome, next) = measure(known.get(caller).copied())?;
        known.insert(caller.to_owned(), next);
        Ok(outcome)
    }
}
