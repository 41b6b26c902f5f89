//! Where time and randomness come from. Everything further in is given both as arguments.

use owp_logic::Ids;
use owp_wire::Timestamp;
use std::time::{SystemTime, UNIX_EPOCH};
use ulid::Ulid;

/// Tells the time; tests bring one that they set.
pub trait Clock: Send + Sync + 'static {
    fn now(&self) -> Timestamp;
}

pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is where time enters")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
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
