//! How often somebody may call, who calls most, and how many connections one server holds.
//!
//! A limit is a leaky bucket (GCRA, by `governor`): its whole quota at once, and back evenly over the window. It is checked
//! before a body is read and before the store is asked anything. What is kept of a caller is one number, for as long as its
//! bucket is not full again.

mod address;
mod connections;
mod gate;
mod uses;

pub use address::{Network, Peer, client_of};
pub use connections::{Connection, Connections, Refused};
pub use gate::{Admitted, admit, client};

use crate::clock::Clock;
use governor::clock::Clock as GovernorClock;
use governor::middleware::StateInformationMiddleware;
use governor::{Quota, RateLimiter};
use owp_wire::RatePolicy;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use uses::Uses;

/// Whether calls are limited, and how generously.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RateLimits {
    Off,
    /// Something before this process does it.
    Gateway,
    /// The quotas below, times this.
    Times(f64),
}

pub const POLICIES: [RatePolicy; 5] =
    [RatePolicy::Worker, RatePolicy::Admin, RatePolicy::Address, RatePolicy::Registration, RatePolicy::Webhook];

/// Calls within how many seconds.
const fn quota_of(policy: RatePolicy) -> (u32, u32) {
    match policy {
        // A worker with twenty tasks calls about once in two seconds: a poll and a heartbeat each half minute, and for each
        // task a renewal and a report now and then. Ten times that is no worker any more.
        RatePolicy::Worker => (300, 60),
        // A dashboard asks about once a second where it can't stream. This is for ten windows of it, or for an import
        // of a million tasks at once.
        RatePolicy::Admin => (1200, 60),
        // Nothing that is done often works without a token; an office of workers behind one address asks `/v1/server` at
        // its start. Guessing a token at this rate is hopeless.
        RatePolicy::Address => (120, 60),
        // A room full of people who begin together register at once. From then on one in two minutes: whoever makes up
        // workers to be given more than their share does not get far.
        RatePolicy::Registration => (30, 3600),
        // GitHub calls from few addresses, in bursts, and does not call again for what was turned away. A signature costs
        // little to check.
        RatePolicy::Webhook => (3000, 60),
    }
}

/// What is forgotten of those whose buckets are full again is forgotten so often.
const PRUNE_INTERVAL_S: u64 = 30;

/// How much of a quota is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub policy: RatePolicy,
    pub quota: u32,
    pub window_s: u32,
    pub remaining: u32,
    /// Until the quota is whole again.
    pub resets_in_s: u32,
}

/// None of it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exceeded {
    pub standing: Standing,
    pub retry_after_s: u32,
}

/// All limits of one process.
pub struct Limits {
    all: Vec<Limit>,
    clock: Running,
    pruned_at_s: AtomicU64,
}

struct Limit {
    policy: RatePolicy,
    quota: u32,
    window_s: u32,
    limiter: RateLimiter<String, Uses, Running, StateInformationMiddleware>,
    uses: Uses,
    refused: AtomicU64,
}

/// The pool's clock as the limiter reads it: it must never go back.
#[derive(Clone)]
struct Running(Arc<dyn Clock>);

impl GovernorClock for Running {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.running_for()
    }
}

impl Limits {
    pub fn new(rate_limits: RateLimits, clock: Arc<dyn Clock>) -> Self {
        let clock = Running(clock);
        let all = match rate_limits {
            RateLimits::Off | RateLimits::Gateway => Vec::new(),
            RateLimits::Times(factor) => POLICIES.map(|policy| Limit::new(policy, factor, &clock)).into(),
        };
        Self { all, clock, pruned_at_s: AtomicU64::new(0) }
    }

    /// Whether there are any.
    pub fn are_on(&self) -> bool {
        !self.all.is_empty()
    }

    /// Counts a call for a caller; `None` where nothing is limited.
    pub fn count(&self, policy: RatePolicy, caller: &str) -> Option<Result<Standing, Exceeded>> {
        let limit = self.all.iter().find(|limit| limit.policy == policy)?;
        self.prune();
        Some(limit.count(caller, &self.clock))
    }

    /// What each allows.
    pub fn rates(&self) -> Vec<owp_wire::Rate> {
        let rate =
            |limit: &Limit| owp_wire::Rate { policy: limit.policy, quota: limit.quota, window_s: limit.window_s };
        self.all.iter().map(rate).collect()
    }

    /// What each allows: its name, quota and window, how many are using it and how many calls were refused.
    pub fn in_use(&self) -> Vec<owp_wire::RateInUse> {
        self.all
            .iter()
            .map(|limit| owp_wire::RateInUse {
                policy: limit.policy,
                quota: limit.quota,
                window_s: limit.window_s,
                callers: u32::try_from(limit.uses.count_after(limit.now(&self.clock))).unwrap_or(u32::MAX),
                refused: limit.refused.load(Ordering::Relaxed),
            })
            .collect()
    }

    /// Those who have least left, so many of each limit.
    pub fn most_used(&self, of_each: usize) -> Vec<owp_wire::RateOfCaller> {
        self.all.iter().flat_map(|limit| limit.most_used(of_each, &self.clock)).collect()
    }

    fn prune(&self) {
        let now_s = self.clock.now().as_secs();
        let pruned_at_s = self.pruned_at_s.load(Ordering::Relaxed);
        let is_due = now_s >= pruned_at_s + PRUNE_INTERVAL_S;
        let mine = |at_s| self.pruned_at_s.compare_exchange(at_s, now_s, Ordering::Relaxed, Ordering::Relaxed).is_ok();
        if is_due && mine(pruned_at_s) {
            self.all.iter().for_each(|limit| limit.uses.forget_before(limit.now(&self.clock)));
        }
    }
}

impl Limit {
    fn new(policy: RatePolicy, factor: f64, clock: &Running) -> Self {
        let (quota, window_s) = quota_of(policy);
        let quota = scaled(quota, factor);
        let uses = Uses::starting_at(clock.now());
        let each = Duration::from_secs(window_s.into()) / quota.get();
        let rate = Quota::with_period(each).expect("a factor is bounded").allow_burst(quota);
        let limiter = RateLimiter::new(rate, uses.clone(), clock.clone());
        Self { policy, quota: quota.get(), window_s, limiter, uses, refused: AtomicU64::new(0) }
    }

    fn count(&self, caller: &str, clock: &Running) -> Result<Standing, Exceeded> {
        match self.limiter.check_key(&caller.to_owned()) {
            Ok(left) => Ok(self.standing(left.remaining_burst_capacity())),
            Err(not_until) => {
                self.refused.fetch_add(1, Ordering::Relaxed);
                let wait = not_until.wait_time_from(clock.now());
                Err(Exceeded { standing: self.standing(0), retry_after_s: whole_seconds(wait).max(1) })
            }
        }
    }

    fn standing(&self, remaining: u32) -> Standing {
        let Self { policy, quota, window_s, .. } = *self;
        let used = u64::from(quota.saturating_sub(remaining));
        let resets_in_s = (used * u64::from(window_s)).div_ceil(u64::from(quota));
        Standing { policy, quota, window_s, remaining, resets_in_s: u32::try_from(resets_in_s).unwrap_or(u32::MAX) }
    }

    fn now(&self, clock: &Running) -> Duration {
        clock.now().saturating_sub(self.uses.since)
    }

    fn most_used(&self, of_each: usize, clock: &Running) -> Vec<owp_wire::RateOfCaller> {
        let each = Duration::from_secs(self.window_s.into()) / self.quota;
        let most = self.uses.latest(of_each, self.now(clock));
        let told = most.into_iter().map(|(caller, until_whole)| {
            let used = until_whole.as_nanos().div_ceil(each.as_nanos());
            let used = u32::try_from(used).unwrap_or(u32::MAX).min(self.quota);
            owp_wire::RateOfCaller {
                policy: self.policy,
                caller,
                remaining: self.quota - used,
                resets_in_s: whole_seconds(until_whole),
            }
        });
        told.collect()
    }
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float becomes the nearest number there is"
)]
fn scaled(quota: u32, factor: f64) -> NonZeroU32 {
    NonZeroU32::new((f64::from(quota) * factor).round() as u32).unwrap_or(NonZeroU32::MIN)
}

fn whole_seconds(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis().div_ceil(1000)).unwrap_or(u32::MAX)
}
