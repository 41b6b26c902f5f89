//! Register a repository or change its settings.

use super::Operation;
use crate::plan::Plan;
use crate::record::{EventKind, Gate, QuietHours, Repo, RepoPolicy, ReputationWindow};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::{Key, Need, Record, Scope};
use owp_wire::{RepoName, Timestamp, TrustTier};
use serde_json::json;

/// A field that is `None` keeps its value, or gets its default where the repository is new.
#[derive(Clone, Debug)]
pub struct PutRepo {
    pub name: RepoName,
    pub max_open_prs: Option<u32>,
    pub area_locks_enabled: Option<bool>,
    /// Either way, it ends a pause with an end.
    pub paused: Option<bool>,
    pub paused_until: Option<Timestamp>,
    pub clone_url: Option<String>,
    pub weight: Option<u32>,
    pub trust_tier_min: Option<TrustTier>,
    pub allow_listed_only: Option<bool>,
    pub security_extra_slots: Option<u32>,
    pub prs_per_hour_max: Option<u32>,
    pub quiet_hours: Option<Vec<QuietHours>>,
    pub review_idle_days: Option<u32>,
    pub reputation_bar: Option<u32>,
    pub reputation_window_s: Option<u32>,
    pub reputation_priority_min: Option<u32>,
}

impl PutRepo {
    /// Names a repository and changes nothing about it.
    pub fn named(name: RepoName) -> Self {
        Self {
            name,
            max_open_prs: None,
            area_locks_enabled: None,
            paused: None,
            paused_until: None,
            clone_url: None,
            weight: None,
            trust_tier_min: None,
            allow_listed_only: None,
            security_extra_slots: None,
            prs_per_hour_max: None,
            quiet_hours: None,
            review_idle_days: None,
            reputation_bar: None,
            reputation_window_s: None,
            reputation_priority_min: None,
        }
    }

    fn policy(&self, before: &RepoPolicy) -> RepoPolicy {
        let window = &before.reputation;
        RepoPolicy {
            weight: self.weight.unwrap_or(before.weight),
            trust_tier_min: self.trust_tier_min.unwrap_or(before.trust_tier_min),
            allow_listed_only: self.allow_listed_only.unwrap_or(before.allow_listed_only),
            security_extra_slots: self.security_extra_slots.unwrap_or(before.security_extra_slots),
            prs_per_hour_max: self.prs_per_hour_max.unwrap_or(before.prs_per_hour_max),
            quiet_hours: self.quiet_hours.clone().unwrap_or_else(|| before.quiet_hours.clone()),
            review_idle_days: self.review_idle_days.unwrap_or(before.review_idle_days),
            reputation: ReputationWindow {
                bar: self.reputation_bar.unwrap_or(window.bar),
                window_s: self.reputation_window_s.unwrap_or(window.window_s),
                priority_min: self.reputation_priority_min.unwrap_or(window.priority_min),
            },
        }
    }

    fn edited(&self, before: &Repo) -> Repo {
        let still_paused_until = before.paused_until.filter(|_| self.paused.is_none());
        Repo {
            max_open_prs: self.max_open_prs.unwrap_or(before.max_open_prs),
            area_locks_enabled: self.area_locks_enabled.unwrap_or(before.area_locks_enabled),
            paused: self.paused.unwrap_or(before.paused),
            paused_until: self.paused_until.or(still_paused_until),
            clone_url: self.clone_url.clone().or_else(|| before.clone_url.clone()),
            policy: self.policy(&before.policy),
            ..before.clone()
        }
    }
}

impl Operation for PutRepo {
    type Outcome = Repo;

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        vec![Need::Record(Key::Repo(self.name.clone()))]
    }

    fn decide(&self, plan: &mut Plan) -> Result<Repo, Refusal> {
        let now = plan.now();
        let existing = plan.repo(&self.name).cloned();
        let before = existing.clone().unwrap_or_else(|| Repo {
            name: self.name.clone(),
            max_open_prs: 3,
            area_locks_enabled: true,
            paused: false,
            paused_until: None,
            clone_url: None,
            policy: RepoPolicy::default(),
            has_lists: false,
            github: None,
            leases_live: 0,
            offers_open: 0,
            prs_open: 0,
            prs_idle: 0,
            service: 0,
            rate_mark: Timestamp::default(),
            durations: Vec::new(),
            gate: Gate::default(),
            created_at: now,
            updated_at: now,
            full_since: None,
            event_seq: 0,
        });
        let after = self.edited(&before);
        if existing.is_some() && after == before {
            return Ok(before);
        }
        let kind = if existing.is_some() { EventKind::RepoUpdated } else { EventKind::RepoCreated };
        let details = json!({
            "max_open_prs": after.max_open_prs, "area_locks_enabled": after.area_locks_enabled,
            "paused": after.paused, "paused_until": after.paused_until, "clone_url": after.clone_url,
            "policy": after.policy,
        });
        plan.put(Record::Repo(Repo { updated_at: now, ..after }));
        plan.repo_event(&self.name, kind, details);
        Ok(plan.repo(&self.name).expect("it was just put").clone())
    }
}
