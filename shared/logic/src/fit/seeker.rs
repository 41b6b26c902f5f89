//! What a search for work passes over without looking at tasks one by one.

use super::{is_admitted, tier_asked};
use crate::record::{Admission, Repo, Wanted, Worker};
use crate::rules::Rules;
use owp_wire::Timestamp;

/// A worker who looks for work at some moment.
#[derive(Clone, Debug)]
pub struct Seeker {
    worker: Worker,
    rules: Rules,
    now: Timestamp,
    score: f64,
    pub wanted: Wanted,
}

/// What a repository has for a seeker.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prospect {
    /// Larger tasks would take longer than the worker has.
    pub points_max: u32,
    /// Tasks of at least this priority may not be shown to it yet.
    pub hidden_from: Option<u32>,
}

impl Seeker {
    /// `None` where nothing could be given to the worker whatever the pool holds.
    pub fn new(worker: &Worker, rules: &Rules, now: Timestamp) -> Option<Self> {
        let wanted = worker.wanted(now)?;
        let score = worker.track.score(now);
        Some(Self { worker: worker.clone(), rules: rules.clone(), now, score, wanted })
    }

    /// What a repository has for it; `None` where that is nothing, whatever its tasks.
    pub fn prospect(&self, repo: &Repo, admission: Option<&Admission>) -> Option<Prospect> {
        let window = &repo.policy.reputation;
        let open = repo.closed(self.now).is_empty();
        let admitted = is_admitted(&self.worker, repo, admission) && tier_asked(repo) <= self.wanted.tier_max;
        (open && admitted).then(|| Prospect {
            points_max: self.points_in_time(repo),
            hidden_from: Some(window.priority_min).filter(|_| window.hides_from(self.score)),
        })
    }

    /// Whether a ready task is shown to it.
    pub fn sees(&self, repo: &Repo, priority: u32, ready_at: Timestamp) -> bool {
        self.now >= repo.policy.reputation.shown_at(self.score, priority, ready_at)
    }

    fn points_in_time(&self, repo: &Repo) -> u32 {
        let Some(until) = self.worker.availability.until else { return u32::MAX };
        let left_ms = until.as_millis() - self.now.as_millis();
        let per_point_ms = i64::from(repo.expected_s(1, &self.rules)) * 1000;
        u32::try_from(left_ms.max(0) / per_point_ms.max(1)).unwrap_or(u32::MAX)
    }
}
