//! Say what the pool reads and writes at GitHub for a repository, and whether it has access there.

use super::{Look, Operation};
use crate::plan::Plan;
use crate::record::{EventKind, Repo, RepoLink};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::{Key, Need, Scope};
use owp_wire::{AdmissionMode, RepoName, SyncType, Timestamp, WritePermission};
use serde_json::json;

pub struct LinkRepo {
    pub repo: RepoName,
    pub sync: SyncType,
    /// `None` leaves it as it is; nothing for a new link.
    pub write: Option<Vec<WritePermission>>,
    /// `None` leaves it as it is; `report` for a new link.
    pub admission: Option<AdmissionMode>,
}

impl Operation for LinkRepo {
    type Outcome = Repo;

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        vec![Need::Record(Key::Repo(self.repo.clone()))]
    }

    /// Whoever links it has access, so a link that was suspended is so no more.
    fn decide(&self, plan: &mut Plan) -> Result<Repo, Refusal> {
        let now = plan.now();
        let Some(repo) = plan.repo(&self.repo) else {
            return Err(Refusal::RepoNotFound { repo: self.repo.clone(), pointer: "/repo".into() });
        };
        let before = repo.github.as_deref();
        let mut write = self.write.clone().or(before.map(|link| link.write.clone())).unwrap_or_default();
        write.sort();
        write.dedup();
        let admission = self.admission.or(before.map(|link| link.admission)).unwrap_or(AdmissionMode::Report);
        let after = RepoLink {
            sync: self.sync,
            write,
            admission,
            linked_at: before.map_or(now, |link| link.linked_at),
            synced_at: before.and_then(|link| link.synced_at),
            policy: before.and_then(|link| link.policy.clone()),
            suspended: false,
            suspended_because: None,
            suspended_at: None,
        };
        if before != Some(&after) {
            put_link(plan, &self.repo, after);
        }
        Ok(plan.repo(&self.repo).expect("it is there").clone())
    }
}

/// In the details of the event with which a link works again: since when nothing was said at GitHub.
pub const SILENT_SINCE: &str = "silent_since";

fn put_link(plan: &mut Plan, repo: &RepoName, link: RepoLink) {
    let now = plan.now();
    let mut details = json!({
        "sync_type": link.sync, "write_permissions": link.write, "admission": link.admission,
        "suspended": link.suspended, "suspended_because": link.suspended_because,
    });
    let before = plan.repo(repo).and_then(|repo| repo.github.as_deref()).filter(|before| before.suspended);
    if let (Some(before), false) = (before, link.suspended) {
        details[SILENT_SINCE] = json!(before.suspended_at.unwrap_or(before.linked_at));
    }
    let record = plan.repo_mut(repo);
    record.github = Some(Box::new(link));
    record.updated_at = now;
    plan.repo_event(repo, EventKind::RepoLinked, details);
}

/// All issues of a repository were read to the end.
pub struct NoteSynced {
    pub repo: RepoName,
    /// When reading began.
    pub at: Timestamp,
}

impl Operation for NoteSynced {
    type Outcome = ();

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        vec![Need::Record(Key::Repo(self.repo.clone()))]
    }

    fn decide(&self, plan: &mut Plan) -> Result<(), Refusal> {
        let is_later = |link: &RepoLink| link.synced_at.is_none_or(|before| before < self.at);
        if plan.repo(&self.repo).and_then(|repo| repo.github.as_deref()).is_some_and(is_later) {
            let link = plan.repo_mut(&self.repo).github.as_deref_mut().expect("it was just read");
            link.synced_at = Some(self.at);
        }
        Ok(())
    }
}

/// GitHub took the access to a repository away or moved it, or gave the access back.
pub struct SuspendLink {
    pub repo: RepoName,
    /// Why nothing is asked or written any more, and how to put that right; `None` where it goes on.
    pub because: Option<String>,
}

impl Operation for SuspendLink {
    /// Whether it changed anything.
    type Outcome = bool;

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        vec![Need::Record(Key::Repo(self.repo.clone()))]
    }

    fn decide(&self, plan: &mut Plan) -> Result<bool, Refusal> {
        let link = plan.repo(&self.repo).and_then(|repo| repo.github.as_deref().cloned());
        let (suspended, suspended_because) = (self.because.is_some(), self.because.clone());
        let changes = |link: &RepoLink| (link.suspended, &link.suspended_because) != (suspended, &suspended_because);
        let Some(link) = link.filter(changes) else { return Ok(false) };
        let suspended_at = self.because.is_some().then(|| link.suspended_at.unwrap_or(plan.now()));
        put_link(plan, &self.repo, RepoLink { suspended, suspended_because, suspended_at, ..link });
        if !suspended {
            plan.repo_event(&self.repo, EventKind::RepoLookDue, json!(Look::Issues));
        }
        Ok(true)
    }
}
