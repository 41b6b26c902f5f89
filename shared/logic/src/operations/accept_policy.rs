//! Take over the policy file of a repository: what its maintainers say there counts as soon as it is on the default branch.
//! A file with a mistake in it is not followed in part; what was accepted before goes on, and the mistake is told.

use super::Operation;
use super::put_repo::details_of;
use crate::github::policy::{Policy, PolicyFault};
use crate::plan::Plan;
use crate::record::{AcceptedPolicy, EventKind, Repo};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::{Key, Need, Scope};
use owp_wire::{RepoName, Timestamp};
use serde_json::json;

/// Faults kept of one file; whoever mends these sees the next.
const FAULTS_KEPT_MAX: usize = 10;

/// Of one fault, which may name a field that is as long as the file.
const FAULT_CHARS_MAX: usize = 500;

pub struct AcceptPolicy {
    pub repo: RepoName,
    /// Which state of the file it is; `None` where there is none.
    pub blob_sha: Option<String>,
    pub read: Result<Policy, Vec<PolicyFault>>,
}

impl Operation for AcceptPolicy {
    /// Whether it changed anything.
    type Outcome = bool;

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        vec![Need::Record(Key::Repo(self.repo.clone()))]
    }

    fn decide(&self, plan: &mut Plan) -> Result<bool, Refusal> {
        let now = plan.now();
        let Some(before) = plan.repo(&self.repo).cloned() else { return Ok(false) };
        let Some(link) = before.github.clone() else { return Ok(false) };
        let known = link.policy.as_deref().and_then(|policy| policy.blob_sha.as_ref());
        if known == self.blob_sha.as_ref() {
            return Ok(false);
        }
        let mut after = before.clone();
        let link = after.github.as_deref_mut().expect("it was just read");
        link.policy = match (&self.blob_sha, &self.read) {
            (None, _) => None,
            (Some(sha), Ok(policy)) => Some(Box::new(AcceptedPolicy {
                blob_sha: Some(sha.clone()),
                policy: policy.clone(),
                faults: Vec::new(),
            })),
            (Some(sha), Err(faults)) => {
                let goes_on = link.policy.take().map(|before| before.policy).unwrap_or_default();
                let bounded = |fault: &PolicyFault| fault.to_string().chars().take(FAULT_CHARS_MAX).collect();
                let faults = faults.iter().take(FAULTS_KEPT_MAX).map(bounded).collect();
                Some(Box::new(AcceptedPolicy { blob_sha: Some(sha.clone()), policy: goes_on, faults }))
            }
        };
        if let Ok(policy) = &self.read {
            apply(&mut after, policy);
        }
        after.updated_at = now;
        let mut details = details_of(&after);
        details["policy_file"] = json!({
            "blob_sha": self.blob_sha,
            "faults": after.github.as_deref().and_then(|link| link.policy.as_deref()).map(|policy| &policy.faults),
        });
        *plan.repo_mut(&self.repo) = after;
        plan.repo_event(&self.repo, EventKind::RepoUpdated, details);
        Ok(true)
    }
}

/// What the file says of the repository's own settings; the rest of them stays.
fn apply(repo: &mut Repo, policy: &Policy) {
    let (budget, settings) = (&policy.budget, &mut repo.policy);
    repo.max_open_prs = budget.max_open_prs.unwrap_or(repo.max_open_prs);
    settings.prs_per_hour_max = budget.prs_per_hour_max.unwrap_or(settings.prs_per_hour_max);
    settings.security_extra_slots = budget.security_extra_slots.unwrap_or(settings.security_extra_slots);
    if let Some(hours) = &policy.quiet_hours {
        settings.quiet_hours.clone_from(hours);
    }
}
