//! Leases that are kept until the quota is back. The directory of such a lease says until when, so that a later run takes
//! it up too, and leaves alone what somebody blocked or parked by hand.

use super::{brief, lease_work};
use owp_wire::{Lease, LeaseId, TaskState, Timestamp};
use std::collections::HashMap;
use std::io;
use std::path::Path;

/// Holds the moment at which the work goes on.
pub const PARKED_FILE: &str = "parked_until";

#[derive(Default)]
pub struct Parked {
    until: HashMap<LeaseId, Timestamp>,
}

/// What a blocked lease waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    NotParked,
    Waits,
    Due,
}

impl Parked {
    pub fn add(&mut self, lease_id: LeaseId, until: Timestamp) {
        self.until.insert(lease_id, until);
    }

    /// Takes note of a lease that an earlier run has parked.
    pub fn recall(&mut self, work_dir: &Path, lease: &Lease) {
        if lease.state == TaskState::Blocked && !self.until.contains_key(&lease.lease_id) {
            let noted = lease_work::directory(work_dir, lease).and_then(|directory| read(&directory));
            self.until.extend(noted.map(|until| (lease.lease_id.clone(), until)));
        }
    }

    pub fn standing(&self, lease: &Lease, now: Timestamp) -> Standing {
        match self.until.get(&lease.lease_id) {
            _ if lease.state != TaskState::Blocked => Standing::NotParked,
            Some(until) if *until <= now => Standing::Due,
            Some(_) => Standing::Waits,
            None => Standing::NotParked,
        }
    }

    pub fn take_up(&mut self, lease_id: &LeaseId) {
        self.until.remove(lease_id);
    }
}

/// Says in a lease's directory that it goes on then.
pub fn note(directory: &Path, until: Timestamp) -> io::Result<()> {
    brief::write_anew(&directory.join(PARKED_FILE), &until.to_string())
}

fn read(directory: &Path) -> Option<Timestamp> {
    std::fs::read_to_string(directory.join(PARKED_FILE)).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{Parked, Standing, note};
    use owp_wire::{Lease, LeaseId, TaskState, Timestamp};
    use serde_json::json;

    const NOW: Timestamp = Timestamp::from_millis(1_768_766_400_000);

    fn lease(state: TaskState) -> Lease {
        serde_json::from_value(json!({
            "lease_id": "l_1", "task_id": "t_1", "repo": "demo", "title": "x", "description": "", "estimate_points": 1,
            "priority": 10, "area": null, "tier": 0, "required_skills": [], "state": state, "lease_expires_at": NOW,
            "attempt": 1,
        }))
        .unwrap()
    }

    #[test]
    fn a_parked_lease_is_due_when_its_time_has_come_and_a_blocked_one_never() {
        let mut parked = Parked::default();
        assert_eq!(parked.standing(&lease(TaskState::Blocked), NOW), Standing::NotParked);
        parked.add(LeaseId("l_1".into()), NOW.plus_s(1));
        assert_eq!(parked.standing(&lease(TaskState::Blocked), NOW), Standing::Waits);
        assert_eq!(parked.standing(&lease(TaskState::Blocked), NOW.plus_s(1)), Standing::Due);
        assert_eq!(parked.standing(&lease(TaskState::InProgress), NOW.plus_s(1)), Standing::NotParked);
        parked.take_up(&LeaseId("l_1".into()));
        assert_eq!(parked.standing(&lease(TaskState::Blocked), NOW.plus_s(1)), Standing::NotParked);
    }

    #[test]
    fn a_later_run_finds_what_an_earlier_one_has_parked() {
        let work_dir = tempfile::tempdir().unwrap();
        let mut parked = Parked::default();
        parked.recall(work_dir.path(), &lease(TaskState::Blocked));
        assert_eq!(parked.standing(&lease(TaskState::Blocked), NOW), Standing::NotParked);
        let directory = work_dir.path().join("t_1-l_1");
        std::fs::create_dir(&directory).unwrap();
        note(&directory, NOW.plus_s(1)).unwrap();
        parked.recall(work_dir.path(), &lease(TaskState::Blocked));
        assert_eq!(parked.standing(&lease(TaskState::Blocked), NOW), Standing::Waits);
        assert_eq!(parked.standing(&lease(TaskState::Blocked), NOW.plus_s(1)), Standing::Due);
    }
}
