//! What the runner and the pool agree on before it begins: whether tasks are given or offered, until when, and how many at
//! once. A server that knows none of this gives tasks, and nothing is sent to it.

use super::events::Event;
use super::link::Link;
use crate::api::operations;
use crate::errors::Failure;
use owp_wire::{Availability, Timestamp, UpdateOwnWorkerRequest, WorkMode};
use serde_json::Value;

/// What was asked for on the command line.
pub struct Wanted {
    pub offers: bool,
    pub until: Option<Timestamp>,
    pub parallel: u32,
}

/// How this run gets its work.
#[derive(Default)]
pub struct Terms {
    pub by_offer: bool,
    /// How many tasks at once the worker had said it takes, where this run said less.
    max_tasks_before: Option<u32>,
}

/// What the pool knows of this worker, as far as the run depends on it.
#[derive(Clone, Debug, Default, PartialEq)]
struct Known {
    work_mode: Option<WorkMode>,
    availability: Availability,
    max_tasks: u32,
    held: u32,
}

impl Terms {
    pub async fn agree(link: &Link, wanted: &Wanted) -> Result<Self, Failure> {
        let known = match link.send::<Value>(&operations::get_own_worker()).await {
            Ok(worker) => Known::read(&worker),
            Err(failure) if failure.is_unauthenticated() || wanted.offers || wanted.until.is_some() => {
                return Err(failure);
            }
            Err(_) => return Ok(Self::default()),
        };
        let request = changes(&known, wanted, link.clock.now());
        if request != unchanged() {
            link.send::<Value>(&operations::update_own_worker(&request)).await?;
        }
        let work_mode = request.work_mode.or(known.work_mode).unwrap_or(WorkMode::Auto);
        let until = request.availability.map_or(known.availability.until, |said| said.until);
        link.events.emit(&Event::Agreed { work_mode, until });
        Ok(Self {
            by_offer: work_mode == WorkMode::Offer,
            max_tasks_before: request.max_concurrent_tasks.map(|_| known.max_tasks),
        })
    }

    /// Leaves the worker's own word about how many tasks it takes as it was.
    pub async fn restore(&self, link: &Link) {
        if self.max_tasks_before.is_none() {
            return;
        }
        let request = UpdateOwnWorkerRequest { max_concurrent_tasks: self.max_tasks_before, ..unchanged() };
        if let Err(failure) = link.send_once::<Value>(&operations::update_own_worker(&request)).await {
            let what = "could not set back how many tasks this worker takes";
            link.events.emit(&Event::Trouble { task_id: None, what, error: failure.what() });
        }
    }
}

/// Says when the quota is back, so that nothing is given or offered meanwhile. Parking a lease says it by itself.
pub async fn tell_quota(link: &Link, resets_at: Timestamp) -> Result<(), Failure> {
    let known = Known::read(&link.send::<Value>(&operations::get_own_worker()).await?);
    let availability = Availability { quota_resets_at: Some(resets_at), ..known.availability };
    let request = UpdateOwnWorkerRequest { availability: Some(availability), ..unchanged() };
    link.send::<Value>(&operations::update_own_worker(&request)).await.map(drop)
}

impl Known {
    /// Leniently: a server that is older leaves fields out.
    fn read(worker: &Value) -> Self {
        let number = |field: &Value| field.as_u64().and_then(|number| u32::try_from(number).ok());
        let held = worker["tasks_held"].as_array().map_or(0, Vec::len);
        Self {
            work_mode: serde_json::from_value(worker["work_mode"].clone()).ok(),
            availability: serde_json::from_value(worker["availability"].clone()).unwrap_or_default(),
            max_tasks: number(&worker["max_concurrent_tasks"]).unwrap_or(0),
            held: u32::try_from(held).unwrap_or(u32::MAX),
        }
    }
}

/// What has to be said. An offer that can't be begun would hold a maintainer's budget for nothing and then count as
/// declined, so in mode `offer` the pool hears how many tasks the runner does at once; what is held already, perhaps by
/// hand, comes on top. A time that ended before this run is from another day.
fn changes(known: &Known, wanted: &Wanted, now: Timestamp) -> UpdateOwnWorkerRequest {
    let by_offer = wanted.offers || known.work_mode == Some(WorkMode::Offer);
    let max_tasks = wanted.parallel.saturating_add(known.held);
    let until = wanted.until.or(known.availability.until.filter(|until| *until > now));
    let availability = Availability { until, ..known.availability.clone() };
    UpdateOwnWorkerRequest {
        work_mode: (wanted.offers && known.work_mode != Some(WorkMode::Offer)).then_some(WorkMode::Offer),
        max_concurrent_tasks: (by_offer && max_tasks < known.max_tasks).then_some(max_tasks),
        availability: (availability != known.availability).then_some(availability),
        ..unchanged()
    }
}

const fn unchanged() -> UpdateOwnWorkerRequest {
    UpdateOwnWorkerRequest {
        skills: None,
        capacity_points: None,
        max_concurrent_tasks: None,
        work_mode: None,
        availability: None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Known, Wanted, changes, unchanged};
    use owp_wire::{Availability, Timestamp, UpdateOwnWorkerRequest, WorkMode};
    use serde_json::json;

    const NOW: Timestamp = Timestamp::from_millis(1_768_766_400_000);

    fn known(worker: &serde_json::Value) -> Known {
        Known::read(worker)
    }

    fn plain() -> Wanted {
        Wanted { offers: false, until: None, parallel: 1 }
    }

    #[test]
    fn a_plain_run_says_nothing_and_an_older_server_is_understood() {
        let today = json!({ "work_mode": "auto", "availability": { "points_per_day": 8 }, "max_concurrent_tasks": 3 });
        assert_eq!(changes(&known(&today), &plain(), NOW), unchanged());
        assert_eq!(changes(&known(&json!({ "max_concurrent_tasks": 3 })), &plain(), NOW), unchanged());
    }

    #[test]
    fn asking_for_offers_switches_the_mode_and_asks_for_as_many_as_can_begin() {
        let auto = known(&json!({ "work_mode": "auto", "max_concurrent_tasks": 4, "tasks_held": ["t_1"] }));
        let asked = changes(&auto, &Wanted { offers: true, ..plain() }, NOW);
        let expected =
            UpdateOwnWorkerRequest { work_mode: Some(WorkMode::Offer), max_concurrent_tasks: Some(2), ..unchanged() };
        assert_eq!(asked, expected);
        let offer = known(&json!({ "work_mode": "offer", "max_concurrent_tasks": 1 }));
        assert_eq!(changes(&offer, &plain(), NOW), unchanged());
    }

    #[test]
    fn a_time_is_set_and_one_that_is_over_is_taken_away() {
        let limited = |until| Known {
            availability: Availability { until, points_per_day: Some(8), quota_resets_at: None },
            ..Known::default()
        };
        let tonight = NOW.plus_s(3600);
        let said = changes(&limited(None), &Wanted { until: Some(tonight), ..plain() }, NOW).availability;
        assert_eq!(said, Some(limited(Some(tonight)).availability));
        assert_eq!(changes(&limited(Some(NOW)), &plain(), NOW).availability, Some(limited(None).availability));
        assert_eq!(changes(&limited(Some(tonight)), &plain(), NOW), unchanged());
    }
}
