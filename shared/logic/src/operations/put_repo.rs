//! Register a repository or change its settings.

use super::Operation;
use crate::plan::Plan;
use crate::record::{EventKind, Repo};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::{Key, Need, Record, Scope};
use owp_wire::{RepoName, Timestamp};
use serde_json::json;

/// A field that is `None` keeps its value, or gets its default where the repository is new.
pub struct PutRepo {
    pub name: RepoName,
    pub max_open_prs: Option<u32>,
    pub area_locks_enabled: Option<bool>,
    pub paused: Option<bool>,
    pub clone_url: Option<String>,
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
            clone_url: None,
            leases_live: 0,
            prs_open: 0,
            last_granted_at: Timestamp::default(),
            created_at: now,
            updated_at: now,
            event_seq: 0,
        });
        let after = Repo {
            max_open_prs: self.max_open_prs.unwrap_or(before.max_open_prs),
            area_locks_enabled: self.area_locks_enabled.unwrap_or(before.area_locks_enabled),
            paused: self.paused.unwrap_or(before.paused),
            clone_url: self.clone_url.clone().or_else(|| before.clone_url.clone()),
            ..before.clone()
        };
        if existing.is_some() && after == before {
            return Ok(before);
        }
        let kind = if existing.is_some() { EventKind::RepoUpdated } else { EventKind::RepoCreated };
        let details = json!({
            "max_open_prs": after.max_open_prs, "area_locks_enabled": after.area_locks_enabled,
            "paused": after.paused, "clone_url": after.clone_url,
        });
        plan.put(Record::Repo(Repo { updated_at: now, ..after }));
        plan.repo_event(&self.name, kind, details);
        Ok(plan.repo(&self.name).expect("it was just put").clone())
    }
}
