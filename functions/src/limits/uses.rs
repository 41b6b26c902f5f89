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

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts a call at this second that keeps its caller's bucket from being full for a minute.
    fn call(uses: &Uses, caller: &str, now_s: u64) -> Option<Nanos> {
        let full_at = Nanos::from(Duration::from_secs(now_s + 60));
        uses.measure_and_replace(&caller.to_owned(), |before| Ok::<_, ()>((before, full_at))).expect("never refused")
    }

    #[test]
    fn newcomers_beyond_the_bound_share_one_bucket_and_take_nobodys_place() {
        let uses = Uses::starting_at(Duration::ZERO);
        (0..CALLERS_MAX).for_each(|number| assert_eq!(call(&uses, &format!("w_{number}"), 0), None));
        assert_eq!(call(&uses, "one more", 0), None);
        assert!(call(&uses, "another", 0).is_some(), "the first of them was there");
        assert!(call(&uses, "w_7", 0).is_some(), "who was known still is");
        assert_eq!(uses.locked().len(), CALLERS_MAX + 1);
        assert!(uses.locked().contains_key(OTHERS));
    }

    #[test]
    fn whose_bucket_is_full_again_is_forgotten_with_the_memory_it_took() {
        let uses = Uses::starting_at(Duration::ZERO);
        (0..10_000).for_each(|number| assert!(call(&uses, &format!("w_{number}"), 0).is_none()));
        call(&uses, "late", 30);
        uses.forget_before(Duration::from_mins(1));
        assert_eq!(uses.latest(10, Duration::from_mins(1)), [("late".to_owned(), Duration::from_secs(30))]);
        assert_eq!(uses.count_after(Duration::from_secs(90)), 0);
        assert!(uses.locked().capacity() < 1000);
        assert!(call(&uses, "w_1", 61).is_none(), "it begins anew");
    }
}
