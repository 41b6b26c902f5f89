//! Whether a failed call is worth another try, and after how long: exponential backoff with full jitter, so that many
//! clients do not come back at the same moment, and never earlier than the server asked for.

use super::{Api, Call};
use crate::errors::Failure;
use serde_json::Value;
use std::time::Duration;

const BACKOFF_FIRST: Duration = Duration::from_millis(500);
const BACKOFF_MAX: Duration = Duration::from_secs(30);
/// A person waits at the prompt: a busy server gets a few seconds, then they are told.
const PROMPT_TRIES_MAX: u32 = 4;
/// A server's own fault may pass, but one that comes with each try will not.
const SERVER_FAULT_TRIES_MAX: u32 = 5;

/// How long to wait before the try after `tries` failed ones; `chance` is between 0 and 1.
pub fn backoff(tries: u32, retry_after_s: Option<u64>, chance: f64) -> Duration {
    let ceiling = BACKOFF_FIRST.saturating_mul(1 << tries.saturating_sub(1).min(10)).min(BACKOFF_MAX);
    Duration::from_secs(retry_after_s.unwrap_or(0)) + ceiling.mul_f64(chance.clamp(0.0, 1.0))
}

pub fn wait_after(failure: &Failure, tries: u32) -> Duration {
    let retry_after_s = if let Failure::Refused(refusal) = failure { refusal.retry_after_s } else { None };
    backoff(tries, retry_after_s, rand::random())
}

/// Whether the same call may succeed later although nothing about it changes.
pub fn is_transient(failure: &Failure, tries: u32) -> bool {
    match failure {
        Failure::Unreachable { .. } => true,
        Failure::Refused(refusal) if refusal.status == 500 => tries < SERVER_FAULT_TRIES_MAX,
        Failure::Refused(refusal) => refusal.may_pass(),
        Failure::Usage { .. } | Failure::Local { .. } => false,
    }
}

/// Sends a call for somebody who waits at the prompt. Where nothing listens they hear of it at once; a call that may have
/// arrived is only repeated where that is harmless.
pub async fn send_from_prompt(api: &Api, call: &Call) -> Result<Value, Failure> {
    let repeatable = call.idempotency_key.is_some() || call.method == reqwest::Method::GET;
    let mut tries = 1;
    loop {
        let failure = match api.send(call).await {
            Ok(answer) => return Ok(answer),
            Err(failure) => failure,
        };
        let busy = matches!(&failure, Failure::Refused(refusal) if refusal.may_pass());
        let lost = matches!(&failure, Failure::Unreachable { sent: true, .. }) && repeatable;
        if tries >= PROMPT_TRIES_MAX || !(busy || lost) {
            return Err(failure);
        }
        tokio::time::sleep(wait_after(&failure, tries)).await;
        tries += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::{BACKOFF_MAX, backoff, is_transient};
    use crate::api::Auth;
    use crate::errors::{Failure, Refusal};
    use std::time::Duration;

    #[test]
    fn waits_grow_to_a_limit_and_are_jittered_from_nothing() {
        assert_eq!(backoff(1, None, 1.0), Duration::from_millis(500));
        assert_eq!(backoff(3, None, 1.0), Duration::from_secs(2));
        assert_eq!(backoff(60, None, 1.0), BACKOFF_MAX);
        assert_eq!(backoff(60, None, 0.0), Duration::ZERO);
    }

    #[test]
    fn a_wait_is_never_shorter_than_the_server_asked_for() {
        assert_eq!(backoff(1, Some(7), 0.0), Duration::from_secs(7));
        assert!(backoff(1, Some(7), 1.0) > Duration::from_secs(7));
    }

    #[test]
    fn refusals_are_final_and_busy_servers_are_not() {
        let refused = |status| Failure::Refused(Box::new(Refusal::read(status, b"{}", None, None, Auth::None)));
        for status in [400, 401, 403, 404, 409, 413] {
            assert!(!is_transient(&refused(status), 1), "{status}");
        }
        for status in [429, 500, 502, 503, 504] {
            assert!(is_transient(&refused(status), 1), "{status}");
        }
        assert!(!is_transient(&refused(500), 5));
    }
}
