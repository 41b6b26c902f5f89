//! What a worker's past attempts say of its next one: a score from 0 to 100, built from outcomes only.
//!
//! Each attempt that counts has a value between 0 and 1 and a weight that halves every [`HALF_LIFE_DAYS`]. The score is
//! the lower bound of the Wilson score interval (E. B. Wilson, "Probable Inference, the Law of Succession, and
//! Statistical Inference", Journal of the American Statistical Association 22 (158), 1927, pages 209 to 212,
//! doi:10.1080/01621459.1927.10502953) over those sums and a prior of one good and one bad attempt (Laplace's rule of
//! succession). Few attempts leave the bound low, so one of one stays behind 95 of 100. Wilson speaks of shares of
//! successes; our values scatter at most as much as such a share with the same mean, so the bound errs to caution.
//!
//! `docs/reputation.md` says the same to people, and its examples are run by the tests. Nothing here gives or takes
//! anything: a tier is suggested, and a maintainer decides.

use owp_wire::{Timestamp, TrustTier};
use serde::{Deserialize, Serialize};

/// A quarter: long enough that one task a week keeps a sample of 19, short enough that after a year an outcome weighs a
/// sixteenth, for better or worse.
pub const HALF_LIFE_DAYS: u32 = 90;

/// Standard deviations of caution: the one-sided 90 % point of the normal distribution. With it a flawless newcomer
/// gets past 50 at the third merge; with 80 % it would be the second, which may be luck, and with 95 % the fifth.
pub const Z: f64 = 1.2816;

/// One good attempt of two that nobody made: Laplace's prior, the mildest that calls neither end certain.
pub const PRIOR_GOOD: f64 = 1.0;
pub const PRIOR_WEIGHT: f64 = 2.0;

/// A sample below this is called small: one more clean merge then moves even a flawless score by more than four points.
pub const SMALL_SAMPLE: f64 = 5.0;

/// What a merge without a maintainer's rating starts from, and the top of the scale for ratings.
pub const QUALITY_MAX: i32 = 5;

/// Sums are kept as whole millionths, so that a record survives being written and read exactly.
const ONE: i64 = 1_000_000;

/// A merge is worth at least this, however much work it made for others: it was wanted in the end.
const MERGED_LEAST: i64 = ONE / 2;

/// What a late pull request loses: less than one point of quality, as the wait costs a slot but no reviewer's time.
const LATE: i64 = ONE / 10;

/// Handing a task back costs a quarter of a failure: always better than letting the lease run out, but not free, or
/// taking tasks away from others would be. Its value is 0, because anything above would lift a low score.
const RELEASED_WEIGHT: i64 = ONE / 4;

/// What a trust tier takes to be suggested and to be kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TierBar {
    pub tier: TrustTier,
    /// Merged pull requests of any age, so that a few lucky days don't do.
    pub merged_min: u32,
    pub score_min: f64,
    /// Below this mean, in a sample that is not small, one tier less is suggested. At most one half: the mean of who
    /// does nothing tends to one half, so that idleness alone never lowers anybody.
    pub mean_min: f64,
}

/// Three clean merges make 51.4 and three of four 40.9, so that one mishap does not delay anybody.
pub const BASIC_BAR: TierBar = TierBar { tier: TrustTier::Basic, merged_min: 3, score_min: 40.0, mean_min: 0.3 };

/// Ten clean merges make 75.8, ten of eleven 68.0 and eleven of twelve 70.0: sensitive tasks are worth one more.
pub const TRUSTED_BAR: TierBar = TierBar { tier: TrustTier::Trusted, merged_min: 10, score_min: 70.0, mean_min: 0.5 };

/// How an attempt ended, as far as it says something about who made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    Merged,
    /// Its pull request was closed without a merge.
    Closed,
    /// Merged, and taken out again.
    Reverted,
    /// The lease expired, or its holder fell silent.
    RanOut,
    /// Handed back for the holder's own reasons.
    Released,
    /// Handed back for the task's fault: its text is unclear, or asks for other skills than it says.
    ReleasedFairly,
    /// Taken back by a maintainer, which says nothing about the holder.
    Withdrawn,
    /// The worker itself was turned away while it held the task.
    Revoked,
}

/// What one attempt counts for. It stays with the attempt, so that a later judgement can replace it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    pub ending: Ending,
    /// How often reviewers asked for changes.
    #[serde(default)]
    pub change_rounds: u32,
    /// A maintainer's judgement of the pull request, 1 to 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<u8>,
    /// Whether the pull request was open within one lease time; `None` where there was none, unless the lease ran out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_time: Option<bool>,
    /// The task was filed by who did it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub self_filed: bool,
    pub counted_at: Timestamp,
}

impl Delivery {
    /// The quality of a merged pull request, 1 to 5: its rating, or 5 less the rounds of changes it took.
    pub fn quality(&self) -> i32 {
        let unrated = QUALITY_MAX.saturating_sub_unsigned(self.change_rounds);
        self.rating.map_or(unrated, i32::from).clamp(1, QUALITY_MAX)
    }

    /// Value and weight in millionths, the value already weighted; `None` where the attempt says nothing.
    fn worth(&self) -> Option<(i64, i64)> {
        if self.self_filed {
            return None;
        }
        match self.ending {
            Ending::Merged => {
                let above_least = (ONE - MERGED_LEAST) * i64::from(self.quality() - 1) / i64::from(QUALITY_MAX - 1);
                let late = if self.on_time == Some(false) { LATE } else { 0 };
                Some((MERGED_LEAST + above_least - late, ONE))
            }
            Ending::Closed | Ending::Reverted | Ending::RanOut | Ending::Revoked => Some((0, ONE)),
            Ending::Released => Some((0, RELEASED_WEIGHT)),
            Ending::ReleasedFairly | Ending::Withdrawn => None,
        }
    }
}

/// What is kept of all attempts of a worker that count: two decayed sums, and plain counts for the metrics.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TrackRecord {
    /// Sum of weighted values in millionths, decayed up to `as_of`.
    pub good_millionths: i64,
    /// Sum of weights in millionths, decayed up to `as_of`.
    pub weight_millionths: i64,
    pub as_of: Timestamp,
    pub merged: u32,
    pub closed: u32,
    pub reverted: u32,
    /// Expired, offline or revoked.
    pub ran_out: u32,
    /// Handed back for the worker's own reasons.
    pub released: u32,
    /// Attempts of which it is known whether they were on time.
    pub timed: u32,
    pub on_time: u32,
    /// Over merged pull requests.
    pub quality_sum: u32,
}

/// What a track record amounts to at one moment. Rates are `None` where there is nothing to take them from.
#[derive(Clone, Debug, PartialEq)]
pub struct Reputation {
    /// 0 to 100, to one decimal.
    pub score: f64,
    /// Decayed sum of values, without the prior.
    pub good: f64,
    /// Decayed sum of weights, without the prior.
    pub weight: f64,
    /// Value of an attempt on average, with the prior; 0 to 1.
    pub mean: f64,
    /// The weight to one decimal: as many attempts of today would say as much.
    pub sample_size: f64,
    pub small_sample: bool,
    /// Merged among all that count, 0 to 1.
    pub completion_rate: Option<f64>,
    /// Over merged pull requests, 1 to 5.
    pub avg_pr_quality: Option<f64>,
    /// Pull requests opened within one lease time, 0 to 1; a lease that ran out was not on time.
    pub on_time_delivery: Option<f64>,
    /// Attempts that count, of any age.
    pub total_tasks: u32,
}

impl TrackRecord {
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// Lets an attempt count that has just ended.
    pub fn count(&mut self, delivery: &Delivery) {
        self.add(delivery, delivery.counted_at, 1);
    }

    /// Replaces a judgement that was counted by a later one, as if that had been the first: it is as old as the first.
    pub fn recount(&mut self, before: &Delivery, after: &Delivery, now: Timestamp) {
        self.add(before, now, -1);
        self.add(&Delivery { counted_at: before.counted_at, ..after.clone() }, now, 1);
    }

    /// Attempts that count, of any age.
    pub fn total_tasks(&self) -> u32 {
        [self.closed, self.reverted, self.ran_out, self.released].into_iter().fold(self.merged, u32::saturating_add)
    }

    /// The score alone, as it is shown: a bar is passed by what people see.
    pub fn score(&self, now: Timestamp) -> f64 {
        let (good, weight) = self.sums_at(now);
        score_of(good, weight)
    }

    pub fn reputation(&self, now: Timestamp) -> Reputation {
        let (good, weight) = self.sums_at(now);
        let sample_size = to_tenths(weight);
        Reputation {
            score: score_of(good, weight),
            good,
            weight,
            mean: to_thousandths(mean_of(good, weight)),
            sample_size,
            small_sample: sample_size < SMALL_SAMPLE,
            completion_rate: share(self.merged, self.total_tasks()),
            avg_pr_quality: share(self.quality_sum, self.merged),
            on_time_delivery: share(self.on_time, self.timed),
            total_tasks: self.total_tasks(),
        }
    }

    /// Adds or, with -1, takes away what an attempt counts for. What says nothing leaves no trace, not even the time.
    fn add(&mut self, delivery: &Delivery, now: Timestamp, times: i32) {
        let Some((good, weight)) = delivery.worth() else { return };
        let (sums_from, to) = (self.as_of, self.as_of.max(now));
        for (sum, part) in [(&mut self.good_millionths, good), (&mut self.weight_millionths, weight)] {
            *sum = decayed(*sum, sums_from, to) + i64::from(times) * decayed(part, delivery.counted_at, to);
        }
        self.as_of = to;
        self.tally(delivery, times);
    }

    fn tally(&mut self, delivery: &Delivery, times: i32) {
        let count = match delivery.ending {
            Ending::Merged => &mut self.merged,
            Ending::Closed => &mut self.closed,
            Ending::Reverted => &mut self.reverted,
            Ending::RanOut | Ending::Revoked => &mut self.ran_out,
            Ending::Released => &mut self.released,
            Ending::ReleasedFairly | Ending::Withdrawn => return,
        };
        *count = count.saturating_add_signed(times);
        if delivery.ending == Ending::Merged {
            self.quality_sum = self.quality_sum.saturating_add_signed(times * delivery.quality());
        }
        if let Some(on_time) = delivery.on_time {
            self.timed = self.timed.saturating_add_signed(times);
            self.on_time = self.on_time.saturating_add_signed(if on_time { times } else { 0 });
        }
    }

    /// Both sums, decayed up to now. Taking a judgement away can leave a millionth too little, which is nothing.
    #[allow(clippy::cast_precision_loss, reason = "sums of millionths are far below 2⁵³")]
    fn sums_at(&self, now: Timestamp) -> (f64, f64) {
        let at = |sum| decayed(sum, self.as_of, now);
        let weight = at(self.weight_millionths).max(0);
        let good = at(self.good_millionths).clamp(0, weight);
        (good as f64 / ONE as f64, weight as f64 / ONE as f64)
    }
}

/// The tier that the record speaks for, where that is one above or below the present one. It is for a maintainer to
/// read and never applied by itself; `maintainer` is neither suggested nor taken away.
///
/// The way up may rest on a small sample, since the score already allows for that. The way down may not: a low score
/// can come from few attempts as well as from bad ones, so it looks at the mean.
pub fn tier_suggested(present: TrustTier, record: &TrackRecord, now: Timestamp) -> Option<TrustTier> {
    let (next, kept, below) = match present {
        TrustTier::Untrusted => (Some(BASIC_BAR), None, present),
        TrustTier::Basic => (Some(TRUSTED_BAR), Some(BASIC_BAR), TrustTier::Untrusted),
        TrustTier::Trusted => (None, Some(TRUSTED_BAR), TrustTier::Basic),
        TrustTier::Maintainer => (None, None, present),
    };
    let reputation = record.reputation(now);
    let earned = next.filter(|bar| record.merged >= bar.merged_min && reputation.score >= bar.score_min);
    let lost = kept.filter(|bar| !reputation.small_sample && reputation.mean < bar.mean_min);
    earned.map(|bar| bar.tier).or(lost.map(|_| below))
}

/// A sum some time later. It does not grow where the time asked for is before.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "sums of millionths and ages in milliseconds are far below 2⁵³"
)]
fn decayed(millionths: i64, from: Timestamp, to: Timestamp) -> i64 {
    let age_ms = to.as_millis().saturating_sub(from.as_millis()).max(0);
    let half_lives = age_ms as f64 / (f64::from(HALF_LIFE_DAYS) * 86_400_000.0);
    (millionths as f64 * (-half_lives).exp2()).round() as i64
}

fn mean_of(good: f64, weight: f64) -> f64 {
    (good + PRIOR_GOOD) / (weight + PRIOR_WEIGHT)
}

fn score_of(good: f64, weight: f64) -> f64 {
    to_tenths(100.0 * wilson_lower_bound(mean_of(good, weight), weight + PRIOR_WEIGHT))
}

/// The lowest share p that would still give the observed mean within z standard deviations: the smaller root of
/// (mean − p)² = z² · p (1 − p) / n.
fn wilson_lower_bound(mean: f64, n: f64) -> f64 {
    let z2_n = Z * Z / n;
    let spread = Z * (mean * (1.0 - mean) / n + z2_n / (4.0 * n)).sqrt();
    (mean + z2_n / 2.0 - spread) / (1.0 + z2_n)
}

fn share(part: u32, whole: u32) -> Option<f64> {
    (whole > 0).then(|| to_thousandths(f64::from(part) / f64::from(whole)))
}

fn to_tenths(figure: f64) -> f64 {
    (figure * 10.0).round() / 10.0
}

fn to_thousandths(figure: f64) -> f64 {
    (figure * 1000.0).round() / 1000.0
}
