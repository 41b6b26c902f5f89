//! Keeping the lease of a running task alive, and noticing when that is no longer possible.

use super::events::Event;
use super::lease_work::StopCause;
use super::link::Link;
use crate::api::operations;
use owp_wire::{Lease, RenewLeaseResponse, TaskState, Timestamp};
use std::time::Duration;
use tokio::time::sleep;

/// Renewing more often than this would only make noise.
const RENEW_MIN: Duration = Duration::from_secs(1);
/// Timers stand still while a laptop sleeps and the lease does not, so the clock is looked at this often.
const LOOK_EVERY: Duration = Duration::from_secs(30);
/// What a command that can have no more time is given up before the end: ten seconds to end, and some to report.
const MARGIN: Duration = Duration::from_secs(15);

/// When to renew a lease that ends then: after a third of the time left.
pub fn renew_in(expires_at: Timestamp, now: Timestamp) -> Duration {
    (left(expires_at, now) / 3).max(RENEW_MIN)
}

/// Renews until there is a reason to stop the command.
pub async fn keep_renewed(link: &Link, lease: &Lease) -> StopCause {
    let mut expires_at = lease.lease_expires_at;
    // Sent back, a task comes with the reviewers' clock; begun again it has another, which only a renewal tells.
    let mut due = match lease.state {
        TaskState::ChangesRequested => link.clock.now(),
        _ => after(link.clock.now(), renew_in(expires_at, link.clock.now())),
    };
    loop {
        wait_until(link, due).await;
        match link.send::<RenewLeaseResponse>(&operations::renew_lease(&lease.lease_id)).await {
            Ok(renewed) => {
                expires_at = renewed.lease_expires_at;
                link.events.emit(&Event::Renewed {
                    task_id: &lease.task_id,
                    lease_id: &lease.lease_id,
                    lease_expires_at: expires_at,
                });
                if !renewed.renewable {
                    wait_until(link, last_moment(expires_at, link.clock.now())).await;
                    return StopCause::OutOfTime;
                }
            }
            Err(failure) if failure.is_stale_lease() => return StopCause::Stale(failure.what()),
            Err(failure) => link.events.trouble(&lease.task_id, "renewal refused", &failure),
        }
        due = after(link.clock.now(), renew_in(expires_at, link.clock.now()));
    }
}

fn last_moment(expires_at: Timestamp, now: Timestamp) -> Timestamp {
    let left = left(expires_at, now);
    after(now, left.saturating_sub(MARGIN.min(left / 2)))
}

async fn wait_until(link: &Link, due: Timestamp) {
    loop {
        let wait = left(due, link.clock.now());
        if wait.is_zero() {
            return;
        }
        sleep(wait.min(LOOK_EVERY)).await;
    }
}

fn left(until: Timestamp, now: Timestamp) -> Duration {
    Duration::from_millis(u64::try_from(until.as_millis().saturating_sub(now.as_millis())).unwrap_or(0))
}

fn after(moment: Timestamp, wait: Duration) -> Timestamp {
    Timestamp::from_millis(moment.as_millis().saturating_add(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::{last_moment, renew_in};
    use owp_wire::Timestamp;
    use std::time::Duration;

    const NOW: Timestamp = Timestamp::from_millis(1_000_000);

    #[test]
    fn a_lease_is_renewed_after_a_third_of_the_time_left_and_at_most_once_a_second() {
        assert_eq!(renew_in(NOW.plus_s(14_400), NOW), Duration::from_mins(80));
        assert_eq!(renew_in(NOW.plus_s(1), NOW), Duration::from_secs(1));
        assert_eq!(renew_in(NOW.minus_s(60), NOW), Duration::from_secs(1));
    }

    #[test]
    fn a_command_without_more_time_is_stopped_early_enough_to_hand_its_work_back() {
        assert_eq!(last_moment(NOW.plus_s(600), NOW), NOW.plus_s(585));
        assert_eq!(last_moment(NOW.plus_s(10), NOW), NOW.plus_s(5));
        assert_eq!(last_moment(NOW.minus_s(10), NOW), NOW);
    }
}
