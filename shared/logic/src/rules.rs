//! The settings of a pool that decisions depend on.

use owp_wire::{Timestamp, TrustTier};

/// Times in seconds, and what a new worker starts as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// How long a lease lasts unless renewed.
    pub lease_ttl_s: u32,
    /// A worker not heard of for so long is offline.
    pub heartbeat_ttl_s: u32,
    /// A worker offline for so long loses its leases.
    pub offline_grace_s: u32,
    /// How long a holder has to answer a reviewer.
    pub response_ttl_s: u32,
    /// How long an offer waits for an answer.
    pub offer_ttl_s: u32,
    /// What one point of an estimate is taken to stand for, until a repository has shown how long its tasks take.
    pub point_s: u32,
    /// Since when workers can be heard. Before that nobody's silence means anything: the pool itself may have been away.
    pub listening_since: Timestamp,
    /// The trust tier of a new worker.
    pub new_worker_tier: TrustTier,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            lease_ttl_s: 4 * 3600,
            heartbeat_ttl_s: 90,
            offline_grace_s: 900,
            response_ttl_s: 72 * 3600,
            offer_ttl_s: 300,
            point_s: 45 * 60,
            listening_since: Timestamp::from_millis(i64::MIN),
            new_worker_tier: TrustTier::Untrusted,
        }
    }
}

impl Rules {
    /// How long a worker may hold one task in all, however often it is renewed or taken again: a task that takes six leases
    /// needs to be cut smaller.
    pub fn lease_hold_max_s(&self) -> u32 {
        self.lease_ttl_s.saturating_mul(6)
    }

    /// Two heartbeats may be lost before a worker counts as offline.
    pub fn heartbeat_interval_s(&self) -> u32 {
        (self.heartbeat_ttl_s / 3).max(1)
    }

    /// How old the record of a worker's last sign of life may grow before a call refreshes it. A write for every read
    /// would cost more than the precision is worth.
    pub fn presence_granularity_s(&self) -> u32 {
        self.heartbeat_ttl_s / 6
    }

    /// The longest wait that an explanation advises: things change that no clock foretells.
    pub fn retry_after_max_s(&self) -> u32 {
        3600
    }

    /// When a worker with nothing to do comes back.
    pub fn poll_after_s(&self) -> u32 {
        self.heartbeat_interval_s()
    }

    /// A worker not heard of since then is gone; nobody is while the pool has not listened for long enough itself.
    pub fn silent_since(&self, now: Timestamp) -> Timestamp {
        self.unheard_since(now, self.silence_max_s())
    }

    /// A worker not heard of since then does not count as there.
    pub fn absent_since(&self, now: Timestamp) -> Timestamp {
        self.unheard_since(now, self.heartbeat_ttl_s)
    }

    fn unheard_since(&self, now: Timestamp, silence_s: u32) -> Timestamp {
        let since = now.minus_s(silence_s);
        if since < self.listening_since { Timestamp::from_millis(i64::MIN) } else { since }
    }

    /// How long a worker may be silent before its leases go back.
    pub fn silence_max_s(&self) -> u32 {
        self.heartbeat_ttl_s.saturating_add(self.offline_grace_s)
    }
}

/// The highest task tier that a worker of this trust tier takes.
pub fn task_tier_max(trust: TrustTier) -> u32 {
    match trust {
        TrustTier::Untrusted => 0,
        TrustTier::Basic => 1,
        TrustTier::Trusted => 2,
        TrustTier::Maintainer => 3,
    }
}
