//! Why do I get nothing.

use super::{Caller, Operation};
use crate::fit::{Nearest, View, closed_to_all, nearest_change, unfit_for};
use crate::plan::Plan;
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::{Key, Need, Scope};
use owp_wire::{FitCode, Timestamp, WorkerId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub struct ExplainWork {
    /// `None` for an administrator.
    pub caller: Option<Caller>,
    pub worker_id: WorkerId,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkExplained {
    pub looked_at: usize,
    pub fitting: usize,
    /// Most frequent first.
    pub reasons: Vec<ReasonTally>,
    pub truncated: bool,
    /// What the clock alone would change first.
    pub nearest: Option<(FitCode, Timestamp)>,
}

/// How many of those looked at a code keeps back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonTally {
    pub code: FitCode,
    pub count: usize,
}

impl Operation for ExplainWork {
    type Outcome = WorkExplained;

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        let caller = self.caller.iter().map(|caller| Need::Record(Key::Worker(caller.worker_id.clone())));
        caller.chain([Need::Record(Key::Worker(self.worker_id.clone())), Need::ReadySample]).collect()
    }

    fn caller(&self) -> Option<&Caller> {
        self.caller.as_ref()
    }

    fn decide(&self, plan: &mut Plan) -> Result<WorkExplained, Refusal> {
        let (now, rules) = (plan.now(), plan.rules());
        let worker =
            plan.peek_worker(&self.worker_id).ok_or_else(|| Refusal::WorkerNotFound(self.worker_id.clone()))?;
        let sample = &plan.snapshot().ready_sample;
        let verdicts = sample.iter().filter_map(|id| {
            let view = View::peek(plan, id)?;
            let mut codes = closed_to_all(view, now);
            codes.extend(unfit_for(worker, view, rules, now));
            Some((view, codes))
        });
        let verdicts: Vec<(View, Vec<FitCode>)> = verdicts.collect();
        let kept_back = verdicts.iter().filter(|(_, codes)| !codes.is_empty());
        let changes = kept_back.filter_map(|(view, _)| nearest_change(worker, *view, rules, now));
        let nearest = changes.min_by_key(|nearest| nearest.at).map(|Nearest { code, at }| (code, at));
        let (fitting, reasons) = tally(verdicts.into_iter().map(|(_, codes)| codes));
        let truncated = plan.snapshot().sample_truncated;
        Ok(WorkExplained { looked_at: sample.len(), fitting, reasons, truncated, nearest })
    }
}

/// How many have no reason against them, and how often each reason stands.
pub fn tally(verdicts: impl Iterator<Item = Vec<FitCode>>) -> (usize, Vec<ReasonTally>) {
    let mut fitting = 0;
    let mut counts: BTreeMap<FitCode, usize> = BTreeMap::new();
    for codes in verdicts {
        fitting += usize::from(codes.is_empty());
        codes.into_iter().for_each(|code| *counts.entry(code).or_default() += 1);
    }
    let mut reasons: Vec<ReasonTally> = counts.into_iter().map(|(code, count)| ReasonTally { code, count }).collect();
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.count));
    (fitting, reasons)
}
