//! Who may work on a repository.

use super::Operation;
use super::put_admission::{lists_of, scope_of_lists};
use crate::plan::Plan;
use crate::record::{Admission, Repo};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::Scope;
use owp_wire::{RepoName, Timestamp};

pub struct GetAdmission {
    pub repo: RepoName,
}

impl Operation for GetAdmission {
    type Outcome = (Repo, Admission);

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        scope_of_lists(&self.repo)
    }

    fn decide(&self, plan: &mut Plan) -> Result<(Repo, Admission), Refusal> {
        let lists = lists_of(plan, &self.repo)?;
        Ok((plan.repo(&self.repo).expect("it is there").clone(), lists))
    }
}
