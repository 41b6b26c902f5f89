//! Many durations in little space: their number, their sum, and how many were about how long.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A histogram in seconds with buckets that grow with what they hold, as in HdrHistogram (Tene): each power of two is
/// divided into eight. A quantile is off by one part in sixteen at the most; two histograms add up to one exactly.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Durations {
    #[serde(rename = "n")]
    pub count: u64,
    #[serde(rename = "ms")]
    pub sum_ms: u64,
    /// How many are in each bucket.
    #[serde(rename = "b")]
    buckets: BTreeMap<u32, u64>,
}

/// Parts of each power of two, and durations in seconds below which each has a bucket of its own.
const PARTS: u64 = 8;
const PARTS_LOG2: u32 = PARTS.ilog2();

impl Durations {
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    pub fn note_ms(&mut self, lasted_ms: u64) {
        self.count += 1;
        self.sum_ms += lasted_ms;
        *self.buckets.entry(bucket_of(lasted_ms / 1000)).or_default() += 1;
    }

    pub fn add(&mut self, other: &Self) {
        self.count += other.count;
        self.sum_ms += other.sum_ms;
        for (bucket, count) in &other.buckets {
            *self.buckets.entry(*bucket).or_default() += count;
        }
    }

    /// In whole seconds, rounded down.
    pub fn mean_s(&self) -> Option<u64> {
        (self.count > 0).then(|| self.sum_ms / self.count / 1000)
    }

    /// The middle, in seconds, of the bucket in which the duration is that so many percent do not exceed (nearest rank).
    pub fn percentile_s(&self, percent: u64) -> Option<u64> {
        let rank = (self.count * percent).div_ceil(100).max(1);
        let mut seen = 0;
        let found = self.buckets.iter().find(|(_, count)| {
            seen += **count;
            seen >= rank
        });
        found.map(|(bucket, _)| middle_of(*bucket))
    }
}

fn bucket_of(seconds: u64) -> u32 {
    if seconds < PARTS {
        return u32::try_from(seconds).expect("a small number");
    }
    let power = seconds.ilog2();
    let part = (seconds >> (power - PARTS_LOG2)) - PARTS;
    (power - PARTS_LOG2 + 1) * u32::try_from(PARTS).expect("a small number") + u32::try_from(part).expect("below 8")
}

fn middle_of(bucket: u32) -> u64 {
    let (row, part) = (u64::from(bucket) / PARTS, u64::from(bucket) % PARTS);
    if row == 0 {
        return part;
    }
    let width = 1 << (row - 1);
    (PARTS + part) * width + width / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_holds_what_is_near_its_middle() {
        let longest = 400 * 24 * 3600;
        let mut seconds = 0;
        while seconds < longest {
            let middle = middle_of(bucket_of(seconds));
            assert!(middle.abs_diff(seconds) * 16 <= seconds.max(1), "{seconds} is told as {middle}");
            seconds += 1 + seconds / 100;
        }
    }

    #[test]
    fn percentiles_are_those_of_the_nearest_rank() {
        let mut durations = Durations::default();
        assert_eq!((durations.percentile_s(50), durations.mean_s()), (None, None));
        for seconds in [1, 2, 3, 4] {
            durations.note_ms(seconds * 1000 + 999);
        }
        let told = [0, 25, 26, 50, 75, 90, 100].map(|percent| durations.percentile_s(percent).expect("there are some"));
        assert_eq!(told, [1, 1, 2, 2, 3, 4, 4]);
        assert_eq!(durations.mean_s(), Some(3));
        let mut twice = durations.clone();
        twice.add(&durations);
        assert_eq!((twice.count, twice.percentile_s(50), twice.mean_s()), (8, Some(2), Some(3)));
    }
}
