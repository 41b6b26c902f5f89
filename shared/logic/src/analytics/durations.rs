//! Many durations in little space: their number, their sum, and how many were about how long.

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A histogram in seconds with buckets that grow with what they hold, as in HdrHistogram (Tene): each power of two is
/// divided into eight. A quantile is off by one part in sixteen at the most; two histograms add up to one exactly.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Durations {
    #[serde(rename = "n")]
    pub count: u64,
    #[serde(rename = "ms")]
    pub sum_ms: u64,
    #[serde(rename = "b")]
    buckets: Buckets,
}

/// How many durations are in each bucket that has some, in order. A year adds up thousands of histograms while somebody
/// waits, most of them with the same buckets: side by side in memory they add up many times as fast as in a tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Buckets(Vec<(u32, u64)>);

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
        self.buckets.note(bucket_of(lasted_ms / 1000), 1);
    }

    pub fn add(&mut self, other: &Self) {
        self.count += other.count;
        self.sum_ms += other.sum_ms;
        self.buckets.add(&other.buckets);
    }

    /// In whole seconds, rounded down.
    pub fn mean_s(&self) -> Option<u64> {
        (self.count > 0).then(|| self.sum_ms / self.count / 1000)
    }

    /// The middle, in seconds, of the bucket in which the duration is that so many percent do not exceed (nearest rank).
    pub fn percentile_s(&self, percent: u64) -> Option<u64> {
        let rank = (self.count * percent).div_ceil(100).max(1);
        let mut seen = 0;
        let found = self.buckets.0.iter().find(|(_, count)| {
            seen += count;
            seen >= rank
        });
        found.map(|(bucket, _)| middle_of(*bucket))
    }
}

impl Buckets {
    fn note(&mut self, bucket: u32, count: u64) {
        match self.0.binary_search_by_key(&bucket, |(bucket, _)| *bucket) {
            Ok(at) => self.0[at].1 += count,
            Err(at) => self.0.insert(at, (bucket, count)),
        }
    }

    /// Goes through both once; only what is new makes it move anything.
    fn add(&mut self, other: &Self) {
        let mut at = 0;
        for (bucket, count) in &other.0 {
            at += self.0[at..].iter().take_while(|(ours, _)| ours < bucket).count();
            match self.0.get_mut(at) {
                Some((ours, sum)) if ours == bucket => *sum += count,
                _ => self.0.insert(at, (*bucket, *count)),
            }
        }
    }
}

/// As a map from bucket to number.
impl Serialize for Buckets {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(bucket, count)| (bucket, count)))
    }
}

impl<'de> Deserialize<'de> for Buckets {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reading;
        impl<'de> Visitor<'de> for Reading {
            type Value = Buckets;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map from bucket to number")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Buckets, A::Error> {
                let mut buckets = Buckets::default();
                while let Some((bucket, count)) = map.next_entry::<u32, u64>()? {
                    match buckets.0.last() {
                        // In order, as they are written; a database may have sorted them as text.
                        Some((last, _)) if *last >= bucket => buckets.note(bucket, count),
                        _ => buckets.0.push((bucket, count)),
                    }
                }
                Ok(buckets)
            }
        }
        deserializer.deserialize_map(Reading)
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

    #[test]
    fn histograms_add_up_to_that_of_all_durations_whichever_buckets_they_have() {
        let of = |seconds: &[u64]| {
            let mut durations = Durations::default();
            seconds.iter().for_each(|seconds| durations.note_ms(seconds * 1000));
            durations
        };
        let parts: [&[u64]; 5] = [&[], &[5, 900, 3], &[900, 7, 86_400], &[1], &[2_000_000, 900]];
        let mut sum = Durations::default();
        parts.iter().for_each(|part| sum.add(&of(part)));
        let all = of(&parts.concat());
        assert_eq!(sum, all);
        let buckets: Vec<u32> = all.buckets.0.iter().map(|(bucket, _)| *bucket).collect();
        assert!(buckets.is_sorted() && buckets.len() == 7, "each has one place: {buckets:?}");
    }

    #[test]
    fn a_histogram_is_stored_as_a_map_and_read_in_any_order() {
        let mut durations = Durations::default();
        [3, 12, 12, 400].into_iter().for_each(|seconds| durations.note_ms(seconds * 1000));
        let text = serde_json::to_string(&durations).unwrap();
        assert_eq!(text, r#"{"n":4,"ms":427000,"b":{"3":1,"12":2,"52":1}}"#);
        for text in [&text, r#"{"n":4,"ms":427000,"b":{"12":2,"3":1,"52":1}}"#] {
            assert_eq!(serde_json::from_str::<Durations>(text).unwrap(), durations);
        }
    }
}
