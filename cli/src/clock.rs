//! The only place that reads the wall clock. Leases end by the server's clock, which need not be ours, so the difference
//! seen in its answers is kept here.

use owp_wire::Timestamp;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// The server's clock as far as its answers told it.
#[derive(Debug, Default)]
pub struct ServerClock {
    ahead_ms: AtomicI64,
}

impl ServerClock {
    pub fn hear(&self, server_time: Timestamp) {
        let ahead = server_time.as_millis().saturating_sub(now().as_millis());
        self.ahead_ms.store(ahead, Ordering::Relaxed);
    }

    pub fn now(&self) -> Timestamp {
        Timestamp::from_millis(now().as_millis().saturating_add(self.ahead_ms.load(Ordering::Relaxed)))
    }
}

#[cfg(test)]
mod tests {
    use super::{ServerClock, now};

    #[test]
    fn the_servers_clock_is_followed_where_it_differs_from_ours() {
        let clock = ServerClock::default();
        clock.hear(now().plus_s(3600));
        let ahead = clock.now().seconds_after(now());
        assert!((3599..=3601).contains(&ahead), "{ahead}");
    }
}
