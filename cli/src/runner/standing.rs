//! What the runner may do with a lease that it is told of: a pure decision.

use crate::cli::is_id;
use owp_wire::{Lease, TaskState, Timestamp};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Workable,
    /// It waits for a quota, and is workable then.
    Parked,
    /// It is not for the runner, and why.
    LeftAlone(&'static str),
}

/// Ids become paths, so a lease with one that is not of the contract's form is not touched.
pub fn standing(lease: &Lease, now: Timestamp) -> Standing {
    if !is_id(&lease.task_id, "t_") || !is_id(&lease.lease_id, "l_") {
        return Standing::LeftAlone("its id is not of the form that the contract gives");
    }
    match lease.state {
        TaskState::Leased | TaskState::InProgress | TaskState::ChangesRequested => Standing::Workable,
        TaskState::Blocked => match lease.parked_until {
            Some(until) if until <= now => Standing::Workable,
            Some(_) => Standing::Parked,
            None => Standing::LeftAlone("it was blocked by hand; report it as in_progress to have it worked on"),
        },
        _ => Standing::LeftAlone("it is in a state that nobody works in"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Standing, standing};
    use owp_wire::{Lease, LeaseId, TaskState, Timestamp};
    use serde_json::json;

    const NOW: Timestamp = Timestamp::from_millis(1_768_766_400_000);

    fn lease(state: TaskState, parked_until: Option<Timestamp>) -> Lease {
        let lease = serde_json::from_value(json!({
            "lease_id": "l_1", "task_id": "t_1", "repo": "demo", "title": "x", "description": "", "estimate_points": 1,
            "priority": 10, "area": null, "tier": 0, "required_skills": [], "state": state, "lease_expires_at": NOW,
            "attempt": 1,
        }));
        Lease { parked_until, ..lease.unwrap() }
    }

    #[test]
    fn a_parked_lease_is_workable_when_its_time_has_come_and_one_blocked_by_hand_never() {
        assert_eq!(standing(&lease(TaskState::Blocked, Some(NOW.plus_s(1))), NOW), Standing::Parked);
        assert_eq!(standing(&lease(TaskState::Blocked, Some(NOW)), NOW), Standing::Workable);
        assert!(matches!(standing(&lease(TaskState::Blocked, None), NOW), Standing::LeftAlone(_)));
        assert_eq!(standing(&lease(TaskState::InProgress, None), NOW), Standing::Workable);
    }

    #[test]
    fn a_lease_whose_id_would_be_a_path_is_left_alone() {
        let hostile = Lease { lease_id: LeaseId("l_1/../..".into()), ..lease(TaskState::Leased, None) };
        assert!(matches!(standing(&hostile, NOW), Standing::LeftAlone(_)));
    }
}
