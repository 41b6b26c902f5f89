//! Where time and randomness come from. Everything further in is given both as arguments.

use owp_logic::Ids;
use owp_wire::Timestamp;
use std::sync::LazyLock;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use ulid::Ulid;

/// Tells the time; tests bring one that they set.
pub trait Clock: Send + Sync + 'static {
    fn now(&self) -> Timestamp;

    /// How long it has run, since whenever. Unlike the time of day it is never set back.
    fn running_for(&self) -> Duration;
}

pub struct SystemClock;

#[allow(clippy::disallowed_methods, reason = "this is where time enters")]
static BEGUN_AT: LazyLock<Instant> = LazyLock::new(Instant::now);

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is where time enters")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    fn running_for(&self) -> Duration {
        BEGUN_AT.elapsed()
    }
}

/// Ids that sort by the time they were made and can't be guessed.
pub struct RandomIds;

impl Ids for RandomIds {
    #[allow(clippy::disallowed_methods, reason = "this is where randomness enters")]
    fn fresh(&mut self, prefix: char) -> String {
        format!("{prefix}_{}", Ulid::generate().to_string().to_lowercase())
    }
}

/// Names a request that has not brought a fitting name of its own.
#[allow(clippy::disallowed_methods, reason = "this is where randomness enters")]
pub fn fresh_request_id() -> String {
    format!("r_{}", Ulid::generate().to_string().to_lowercase())
}
