//! Say by GitHub handle who may work on a repository.

use super::Operation;
use crate::limits::HANDLES_MAX;
use crate::plan::Plan;
use crate::record::{Admission, EventKind, Repo};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::{Key, Need, Record, Scope};
use owp_wire::{RepoName, Timestamp};
use serde_json::json;

/// A list that is `None` stays as it is.
pub struct PutAdmission {
    pub repo: RepoName,
    pub allowed: Option<Vec<String>>,
    pub denied: Option<Vec<String>>,
}

impl Operation for PutAdmission {
    type Outcome = (Repo, Admission);

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        scope_of_lists(&self.repo)
    }

    fn decide(&self, plan: &mut Plan) -> Result<(Repo, Admission), Refusal> {
        let before = lists_of(plan, &self.repo)?;
        let after = Admission {
            repo: self.repo.clone(),
            allowed: self.allowed.as_ref().map_or_else(|| before.allowed.clone(), |handles| normal(handles)),
            denied: self.denied.as_ref().map_or_else(|| before.denied.clone(), |handles| normal(handles)),
        };
        for (handles, name) in [(&after.allowed, "allowed"), (&after.denied, "denied")] {
            if handles.len() > HANDLES_MAX {
                let (what, remedy) = ("handles on one list", "keep to those who matter for this repository");
                return Err(Refusal::TooMany { what, max: HANDLES_MAX, remedy, pointer: format!("/{name}") });
            }
        }
        if after != before {
            let details = json!({ "allowed": after.allowed.len(), "denied": after.denied.len() });
            plan.repo_mut(&self.repo).has_lists = !(after.allowed.is_empty() && after.denied.is_empty());
            plan.put(Record::Admission(after.clone()));
            plan.repo_event(&self.repo, EventKind::RepoAdmissionChanged, details);
        }
        Ok((plan.repo(&self.repo).expect("it is there").clone(), after))
    }
}

pub fn scope_of_lists(repo: &RepoName) -> Scope {
    vec![Need::Record(Key::Repo(repo.clone())), Need::Record(Key::Admission(repo.clone()))]
}

/// The lists as they are, empty where there are none.
pub fn lists_of(plan: &mut Plan, repo: &RepoName) -> Result<Admission, Refusal> {
    if plan.repo(repo).is_none() {
        return Err(Refusal::RepoNotFound { repo: repo.clone(), pointer: "/repo".into() });
    }
    let lists = match plan.read(Key::Admission(repo.clone())) {
        Some(Record::Admission(lists)) => Some(lists.clone()),
        _ => None,
    };
    Ok(lists.unwrap_or_else(|| Admission { repo: repo.clone(), allowed: Vec::new(), denied: Vec::new() }))
}

fn normal(handles: &[String]) -> Vec<String> {
    let mut handles: Vec<String> = handles.iter().map(|handle| handle.to_lowercase()).collect();
    handles.sort();
    handles.dedup();
    handles
}
