//! What the runner and the pool agree on before it begins: whether tasks are given or offered, and until when. A server that
//! knows none of this gives tasks, and nothing is sent to it.

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
}

/// What the pool knows of this worker, as far as the run depends on it.
#[derive(Clone, Debug, Default, PartialEq)]
struct Known {
    work_mode: Option<WorkMode>,
    availability: Availability,
}

/// Tells the pool what is new to it; answers how this run gets its work.
pub async fn agree(link: &Link, wanted: &Wanted) -> Result<WorkMode, Failure> {
    let known = match link.send::<Value>(&operations::get_own_worker()).await {
        Ok(worker) => Known::read(&worker),
        Err(failure) if failure.is_unauthenticated() || wanted.offers || wanted.until.is_some() => {
            return Err(failure);
        }
        Err(_) => return Ok(WorkMode::Auto),
    };
    let request = changes(&known, wanted, link.clock.now());
    if request != unchanged() {
        link.send::<Value>(&operations::update_own_worker(&request)).await?;
    }
    let work_mode = request.work_mode.or(known.work_mode).unwrap_or(WorkMode::Auto);
    let until = request.availability.map_or(known.availability.until, |said| said.until);
    link.events.emit(&Event::Agreed { work_mode, until });
    Ok(work_mode)
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
        Self {
            work_mode: serde_json::from_value(worker["work_mode"].clone()).ok(),
            availability: serde_json::from_value(worker["availability"].clone()).unwrap_or_default(),
        }
    }
}

/// What has to be said. A time that ended before this run is from another day.
fn changes(known: &Known, wanted: &Wanted, now: Timestamp) -> UpdateOwnWorkerRequest {
    let until = wanted.until.or(known.availability.until.filter(|until| *until > now));
    let availability = Availability { until, ..known.availability.clone() };
    UpdateOwnWorkerRequest {
        work_mode: (wanted.offers && known.work_mode != Some(WorkMode::Offer)).then_some(WorkMode::Offer),
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
        Wanted { offers: false, until: None }
    }

    #[test]
    fn a_plain_run_says_nothing_and_an_older_server_is_understood() {
        let today = json!({ "work_mode": "auto", "availability": { "points_per_day": 8 } });
        assert_eq!(changes(&known(&today), &plain(), NOW), unchanged());
        assert_eq!(changes(&known(&json!({ "max_concurrent_tasks": 3 })), &plain(), NOW), unchanged());
    }

    #[test]
    fn asking_for_offers_switches_the_mode_where_it_is_another() {
        let asked = Wanted { offers: true, ..plain() };
        let switched = changes(&known(&json!({ "work_mode": "auto" })), &asked, NOW);
        assert_eq!(switched, UpdateOwnWorkerRequest { work_mode: Some(WorkMode::Offer), ..unchanged() });
        let offer = known(&json!({ "work_mode": "offer" }));
        assert_eq!(changes(&offer, &asked, NOW), unchanged());
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
