//! GitHub told of something that has to be looked at there. That is noted as an event, and worked off by whoever follows
//! them: a webhook is answered at once, and what is noted survives.

use super::Operation;
use crate::plan::Plan;
use crate::record::EventKind;
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::{Key, Need, Scope};
use owp_wire::{RepoName, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;

pub struct NoteLookDue {
    pub repo: RepoName,
    pub look: Look,
}

/// What to look at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "look")]
pub enum Look {
    /// All issues: what their labels say may have changed.
    Issues,
    /// The policy file.
    Policy,
    /// One pull request with its files.
    PullRequest {
        number: u64,
        /// Its check is made again also where it says the same as before: somebody waits for it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        again: bool,
    },
    /// Whatever pull requests have this commit as their newest, as if each was to be made again.
    Commit { head_sha: String },
}

impl Operation for NoteLookDue {
    /// Whether the repository is linked, so that somebody will look.
    type Outcome = bool;

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        vec![Need::Record(Key::Repo(self.repo.clone()))]
    }

    fn decide(&self, plan: &mut Plan) -> Result<bool, Refusal> {
        let link = plan.repo(&self.repo).and_then(|repo| repo.github.as_deref());
        let is_linked = link.is_some_and(|link| !link.suspended);
        if is_linked {
            plan.repo_event(&self.repo, EventKind::RepoLookDue, json!(self.look));
        }
        Ok(is_linked)
    }
}
