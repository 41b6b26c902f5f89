//! The one place that reads a clock: how long something took, and how such times are spread.

use hdrhistogram::Histogram;
use std::time::{Duration, Instant};

/// Two significant digits: the machines this runs on are noisier than that.
const DIGITS: u8 = 2;

/// In microseconds; whatever takes longer counts as this long.
const LONGEST_US: u64 = 60_000_000;

#[derive(Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    #[allow(clippy::disallowed_methods, reason = "measuring time is what a load generator is for")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

/// How long calls took.
#[derive(Clone)]
pub struct Latencies(Histogram<u64>);

impl Default for Latencies {
    fn default() -> Self {
        Self(Histogram::new_with_bounds(1, LONGEST_US, DIGITS).expect("these bounds are a histogram's"))
    }
}

impl Latencies {
    pub fn record(&mut self, took: Duration) {
        self.0.saturating_record(u64::try_from(took.as_micros()).unwrap_or(LONGEST_US));
    }

    pub fn merge(&mut self, other: &Self) {
        self.0.add(&other.0).expect("all histograms here have the same bounds");
    }

    pub fn count(&self) -> u64 {
        self.0.len()
    }

    /// In milliseconds, such as 99.0 for the time within which 99 of 100 calls were answered.
    pub fn percentile_ms(&self, percentile: f64) -> f64 {
        Duration::from_micros(self.0.value_at_quantile(percentile / 100.0)).as_secs_f64() * 1000.0
    }
}

/// Of several runs.
#[derive(Clone, Copy, Debug)]
pub struct Spread {
    pub median: f64,
    pub least: f64,
    pub most: f64,
}

impl Spread {
    /// Of at least one value.
    pub fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let (last, middle) = (values.len() - 1, values.len() / 2);
        let median =
            if values.len() % 2 == 1 { values[middle] } else { f64::midpoint(values[middle - 1], values[middle]) };
        Self { median, least: values[0], most: values[last] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_count_lies_between_the_middle_two() {
        let spread = Spread::of(vec![4.0, 1.0, 3.0, 2.0]);
        assert!((spread.median - 2.5).abs() < 1e-9 && spread.least < 1.5 && spread.most > 3.5, "{spread:?}");
    }

    #[test]
    fn percentiles_are_in_milliseconds() {
        let mut latencies = Latencies::default();
        (1..=100).for_each(|ms| latencies.record(Duration::from_millis(ms)));
        assert!((98.0..101.0).contains(&latencies.percentile_ms(99.0)), "{}", latencies.percentile_ms(99.0));
    }
}
