//! What a pull request, told of in any order, makes of its task.

use crate::github::PullThere;
use owp_logic::github::{PullState, Review, ReviewVerdict};
use owp_logic::{Holding, PullStage, Task};
use owp_wire::{LeaseId, TaskId, TaskState, Timestamp};

/// What is remembered of a pull request that belongs to a task.
pub struct PullFacts {
    pub task: TaskId,
    lease: LeaseId,
    seen: Option<(Timestamp, PullStage, String)>,
    pushed_at: Option<Timestamp>,
    /// What the reviewer said last of the present head: when, and whether that sent the task back and stands.
    pub review: Option<(Timestamp, bool)>,
}

pub fn stage_of(pull: &PullThere) -> PullStage {
    match pull.state {
        PullState::Open if pull.is_draft => PullStage::Draft,
        PullState::Open => PullStage::Open,
        PullState::Closed => PullStage::Closed,
        PullState::Merged => PullStage::Merged,
    }
}

impl PullFacts {
    pub fn new(task: &TaskId, lease: &LeaseId) -> Self {
        Self { task: task.clone(), lease: lease.clone(), seen: None, pushed_at: None, review: None }
    }

    pub fn is_open_under(&self, lease: &LeaseId) -> bool {
        let stage = self.seen.as_ref().map(|(_, stage, _)| *stage);
        self.lease == *lease && stage.is_none_or(|stage| stage < PullStage::Closed)
    }

    /// The state that its task must have from now on; none where nothing may change at all.
    pub fn follow(
        &mut self,
        told: &PullThere,
        review: Option<&Review>,
        before: &Task,
        now: Timestamp,
    ) -> (Option<TaskState>, &'static str) {
        let (stage, head) = (stage_of(told), told.head_sha());
        let was_pushed = self.seen.as_ref().is_none_or(|(_, _, seen)| *seen != head);
        let is_news = self.seen.as_ref().is_none_or(|(at, seen, _)| {
            (told.updated_at, stage) > (*at, *seen) || ((told.updated_at, stage) == (*at, *seen) && was_pushed)
        });
        let was_merged = self.seen.as_ref().is_some_and(|(_, seen, _)| *seen == PullStage::Merged);
        let is_current = before.live_lease(now).is_some_and(|lease| lease.id == self.lease);
        let (mut state, mut came) = (before.state, "a pull request's past is ignored");
        if is_news {
            if was_pushed {
                self.pushed_at = Some(told.updated_at);
                self.review = self.review.filter(|(at, _)| *at >= told.updated_at);
            }
            self.seen = Some((told.updated_at, stage, head));
            let just_pushed = self.pushed_at == Some(told.updated_at);
            (state, came) = self.news(stage, just_pushed, was_merged, before, now);
        }
        let Some(review) = review else { return (is_news.then_some(state), came) };
        let is_of_head = self.seen.as_ref().is_some_and(|(_, _, head)| review.head_sha.as_ref() == Some(head));
        let is_past = !is_of_head && self.pushed_at.is_some_and(|at| review.submitted_at < at);
        if !review.author_belongs || is_past || !is_current {
            return (is_news.then_some(state), came);
        }
        match self.reviewed(review, state) {
            Some((state, came)) => (Some(state), came),
            None => (is_news.then_some(state), came),
        }
    }

    /// Somebody who belongs to the repository has looked at the present head; none where that says nothing new.
    fn reviewed(&mut self, review: &Review, state: TaskState) -> Option<(TaskState, &'static str)> {
        let asked_before = self.review.is_some_and(|(_, asks)| asks);
        let wants_changes = review.verdict == ReviewVerdict::ChangesRequested;
        let asks = wants_changes && (state == TaskState::PrOpened || asked_before);
        let at = review.submitted_at;
        let is_news = self.review.is_none_or(|(known, asked)| at > known || (at == known && asked && !asks));
        if !is_news || !matches!(state, TaskState::PrOpened | TaskState::ChangesRequested) {
            return None;
        }
        self.review = Some((at, asks));
        Some(match (state, asks) {
            (TaskState::PrOpened, true) => (TaskState::ChangesRequested, "a review sends it back"),
            (TaskState::ChangesRequested, false) if asked_before => {
                (TaskState::PrOpened, "a review is content after all")
            }
            _ => (state, "a review changes nothing"),
        })
    }

    fn news(
        &self,
        stage: PullStage,
        just_pushed: bool,
        was_merged: bool,
        before: &Task,
        now: Timestamp,
    ) -> (TaskState, &'static str) {
        use TaskState::{
            Blocked, ChangesRequested, Closed, Failed, InProgress, Leased, Merged, PrOpened, Ready, Waiting,
        };
        let is_current = before.live_lease(now).is_some_and(|lease| lease.id == self.lease);
        let free = if before.waits_for.is_empty() { Ready } else { Waiting };
        let over = if before.attempts_used + 1 >= before.spec.attempts_max { Failed } else { free };
        let has_ended = before.holding() == Holding::Lease && before.live_lease(now).is_none();
        let (state, noted) =
            if has_ended { (over, "a pull request ends a dead lease") } else { (before.state, "noted") };
        match (stage, is_current, before.state) {
            (PullStage::Merged, _, _) if was_merged => (state, noted),
            (PullStage::Merged, true, _) => (Merged, "a merge is followed"),
            (PullStage::Merged, false, Merged) => (Merged, noted),
            (PullStage::Merged, false, _) => (Merged, "a late merge is followed"),
            (PullStage::Closed, true, _) => (Closed, "a pull request that is closed ends its task"),
            (PullStage::Open, true, Leased | InProgress | Blocked) => (PrOpened, "a pull request opens the review"),
            (PullStage::Open, true, ChangesRequested) if just_pushed => (PrOpened, "a push answers the review"),
            (PullStage::Draft, true, Leased) => (InProgress, "a draft begins the work"),
            _ => (state, noted),
        }
    }
}
