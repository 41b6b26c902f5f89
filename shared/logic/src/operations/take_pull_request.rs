//! Follow a pull request, as GitHub tells of it: opened by the holder, sent back, pushed to, closed or merged.
//!
//! Each telling carries the whole state and when it was, so they may come in any order and more than once: what is not
//! newer than what was seen changes nothing. A pull request belongs to a task once it names the task's live lease, or was
//! opened by the holder; that it was reported does not make it the holder's.

use super::{Look, Operation, TaskStands};
use crate::github::seen::{self, PullState, Review, ReviewVerdict};
use crate::github::ticket::leases_named;
use crate::lifecycle::{move_task, resume};
use crate::outcome::{close_attempt, end_lease, merge_late, note_progress, send_back};
use crate::plan::Plan;
use crate::record::{
    EventKind, Holding, Lease, PullRequest, PullStage, REVIEWS_KEPT_MAX, SeenReview, Task, commit_key, number_key,
};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::{Key, Need, Record, Scope, TaskKeyRecord};
use owp_wire::{Artifact, AttemptOutcome, RepoName, TaskId, TaskState, Timestamp};
use serde_json::json;

pub struct TakePullRequest {
    pub repo: RepoName,
    pub pull_request: seen::PullRequest,
    /// Reviews that were given, the earliest first: one that is told of, or all there are where somebody has looked.
    pub reviews: Vec<Review>,
    /// The task that it is for, as far as could be seen beforehand. Whether it is, is decided here.
    pub task_id: Option<TaskId>,
    /// Somebody looks at it anyway, so that nobody need be asked to.
    pub is_looked_at: bool,
}

impl Operation for TakePullRequest {
    /// The task that it is for; none where it is for none.
    type Outcome = Option<TaskStands>;

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        let repo = [Need::Record(Key::Repo(self.repo.clone())), Need::Record(self.key())];
        let merge = self.merge_key().map(Need::Record);
        let task = self.task_id.clone().map(Need::TaskFamily);
        repo.into_iter().chain(merge).chain(task).collect()
    }

    fn decide(&self, plan: &mut Plan) -> Result<Option<TaskStands>, Refusal> {
        let Some(link) = plan.repo(&self.repo).and_then(|repo| repo.github.clone()) else { return Ok(None) };
        let known = match plan.read(self.key()) {
            Some(Record::TaskKey(record)) => Some(record.task_id.clone()),
            _ => None,
        };
        let task_id = self.task_id.clone().filter(|id| plan.task(id).is_some_and(|task| task.repo == self.repo));
        let task_id = match (known, task_id) {
            (Some(known), Some(task_id)) if known == task_id => Some(task_id),
            (None, Some(task_id)) if self.links(plan, &task_id) => Some(task_id),
            _ => None,
        };
        let Some(task_id) = task_id else {
            if !self.is_looked_at && link.checks() && self.stage() < PullStage::Closed {
                ask_for_look(plan, &self.repo, self.pull_request.number);
            }
            return Ok(None);
        };
        let was_merged = plan
            .task(&task_id)
            .and_then(|task| task.pull_request.as_ref())
            .is_some_and(|pull| pull.stage == PullStage::Merged);
        if self.note_what_is_new(plan, &task_id) {
            self.follow(plan, &task_id, was_merged);
        }
        for review in last_words(&self.reviews) {
            self.review(plan, &task_id, review);
        }
        let state = plan.task(&task_id).expect("it is there").state;
        Ok(Some(TaskStands { task_id, state }))
    }
}

/// A pull request of nobody: whether it may come in takes asking GitHub.
fn ask_for_look(plan: &mut Plan, repo: &RepoName, number: u64) {
    plan.repo_event(repo, EventKind::RepoLookDue, json!(Look::PullRequest { number, again: false }));
}

impl TakePullRequest {
    fn key(&self) -> Key {
        Key::TaskKey(self.repo.clone(), number_key(self.pull_request.number))
    }

    fn merge_key(&self) -> Option<Key> {
        self.pull_request.merge_sha.as_ref().map(|sha| Key::TaskKey(self.repo.clone(), commit_key(sha)))
    }

    fn stage(&self) -> PullStage {
        match self.pull_request.state {
            PullState::Open if self.pull_request.is_draft => PullStage::Draft,
            PullState::Open => PullStage::Open,
            PullState::Closed => PullStage::Closed,
            PullState::Merged => PullStage::Merged,
        }
    }

    /// Makes it the task's, where it names the live lease or is the holder's own and from the time of the lease. Who names
    /// its lease from the account that it claims to have has shown that the account is its own.
    fn links(&self, plan: &mut Plan, task_id: &TaskId) -> bool {
        let now = plan.now();
        let task = plan.task(task_id).expect("it was just read");
        let Some(lease) = task.live_lease(now).cloned() else { return false };
        let other_is_open = task.pull_request.as_ref().is_some_and(|other| {
            other.lease_id == lease.id && matches!(other.stage, PullStage::Draft | PullStage::Open)
        });
        let named = leases_named(&self.pull_request.body);
        let holder = plan.worker(&lease.worker_id).expect("a holder is in scope");
        let same_account = match (&holder.github_handle, &self.pull_request.author) {
            (Some(handle), Some(author)) => handle.eq_ignore_ascii_case(author),
            _ => false,
        };
        let proves = same_account && !holder.handle_verified;
        // The first pull request that names a lease makes it known to everybody, so of a holder whose account is proven only
        // that account counts.
        let names_it = named.contains(&lease.id) && (same_account || !holder.handle_verified);
        let is_of_this_time = self.pull_request.updated_at.plus_s(SKEW_S) >= lease.granted_at;
        let is_theirs = names_it || (named.is_empty() && same_account && is_of_this_time);
        if other_is_open || !is_theirs || self.stage() == PullStage::Closed {
            return false;
        }
        if names_it && proves {
            self.verify_handle(plan, &lease);
        }
        plan.task_mut(task_id).pull_request = Some(Box::new(PullRequest {
            number: self.pull_request.number,
            url: self.pull_request.url.clone(),
            author: self.pull_request.author.clone(),
            head_sha: None,
            merge_sha: None,
            worker_id: lease.worker_id.clone(),
            lease_id: lease.id.clone(),
            stage: PullStage::Draft,
            seen_at: None,
            pushed_at: None,
            reviews: Vec::new(),
        }));
        self.keep(plan, task_id, number_key(self.pull_request.number));
        true
    }

    fn keep(&self, plan: &mut Plan, task_id: &TaskId, key: String) {
        plan.put(Record::TaskKey(TaskKeyRecord { repo: self.repo.clone(), key, task_id: task_id.clone() }));
    }

    fn verify_handle(&self, plan: &mut Plan, lease: &Lease) {
        let worker = plan.worker_mut(&lease.worker_id);
        worker.handle_verified = true;
        let details = json!({
            "from": worker.trust_tier, "trust_tier": worker.trust_tier, "handle_verified": true,
            "reason": format!("opened {} with its lease from this account", self.pull_request.url),
        });
        plan.worker_event(&lease.worker_id, EventKind::WorkerTrustChanged, details);
    }

    /// Takes over what it is now; `false` where that is known, or older than what is known.
    fn note_what_is_new(&self, plan: &mut Plan, task_id: &TaskId) -> bool {
        let (stage, seen) = (self.stage(), &self.pull_request);
        let known = plan.task(task_id).and_then(|task| task.pull_request.as_ref()).expect("it was linked");
        if known.number != seen.number {
            return false;
        }
        let moment = (seen.updated_at, stage);
        let same_head = known.head_sha.as_ref() == Some(&seen.head_sha);
        if known
            .seen_at
            .is_some_and(|seen_at| moment < (seen_at, known.stage) || (moment == (seen_at, known.stage) && same_head))
        {
            return false;
        }
        let pull = plan.task_mut(task_id).pull_request.as_deref_mut().expect("it was linked");
        if !same_head {
            pull.head_sha = Some(seen.head_sha.clone());
            pull.pushed_at = Some(seen.updated_at);
            // What was said of another head is settled by this one.
            pull.reviews.retain(|review| review.at >= seen.updated_at);
        }
        (pull.stage, pull.seen_at) = (stage, Some(seen.updated_at));
        pull.url.clone_from(&seen.url);
        pull.author.clone_from(&seen.author);
        true
    }

    /// A merge counts once: what is said of a merged pull request later is no other merge, whatever has become of its task.
    fn follow(&self, plan: &mut Plan, task_id: &TaskId, was_merged: bool) {
        let now = plan.now();
        let task = plan.task(task_id).expect("it is there");
        let pull = task.pull_request.clone().expect("it was linked");
        if task.holding() == Holding::Lease && task.live_lease(now).is_none() {
            end_lease(plan, task_id, AttemptOutcome::Expired, None);
        }
        let task = plan.task(task_id).expect("it is there");
        let is_current = task.live_lease(now).is_some_and(|lease| lease.id == pull.lease_id);
        let (state, pushed) = (task.state, pull.pushed_at == pull.seen_at);
        let under_way = matches!(state, TaskState::Leased | TaskState::InProgress | TaskState::Blocked);
        match pull.stage {
            PullStage::Merged if !was_merged => self.merge(plan, task_id, &pull, is_current),
            PullStage::Closed if is_current => {
                let (kind, outcome) = (EventKind::TaskClosed, AttemptOutcome::Closed);
                close_attempt(plan, task_id, TaskState::Closed, kind, outcome, Some(AT_GITHUB));
            }
            PullStage::Open if is_current && (under_way || (state == TaskState::ChangesRequested && pushed)) => {
                self.move_on(plan, task_id, TaskState::PrOpened, EventKind::TaskPrOpened, None);
            }
            PullStage::Draft if is_current && state == TaskState::Leased => {
                self.move_on(plan, task_id, TaskState::InProgress, EventKind::TaskStarted, None);
            }
            _ => self.note(plan, task_id, is_current),
        }
    }

    fn merge(&self, plan: &mut Plan, task_id: &TaskId, pull: &PullRequest, is_current: bool) {
        if let Some(sha) = &self.pull_request.merge_sha {
            let pull = plan.task_mut(task_id).pull_request.as_deref_mut().expect("it was linked");
            pull.merge_sha = Some(sha.clone());
            self.keep(plan, task_id, commit_key(sha));
        }
        if is_current {
            let (kind, outcome) = (EventKind::TaskMerged, AttemptOutcome::Merged);
            close_attempt(plan, task_id, TaskState::Merged, kind, outcome, Some(AT_GITHUB));
        } else if plan.task(task_id).is_some_and(|task| task.state != TaskState::Merged) {
            merge_late(plan, task_id, &pull.lease_id, AT_GITHUB);
        }
    }

    /// The task has moved by what was done at GitHub.
    fn move_on(&self, plan: &mut Plan, task_id: &TaskId, to: TaskState, kind: EventKind, reason: Option<&str>) {
        let resumed = resume(plan, task_id);
        note_progress(plan, task_id, to);
        let task = plan.task_mut(task_id);
        let artifact = self.artifact(task);
        task.artifact = Some(artifact.clone());
        let lease = task.lease.clone().expect("it is live");
        move_task(plan, task_id, to);
        let details = json!({ "artifact": artifact, "expires_at": resumed, "by": AT_GITHUB, "reason": reason });
        plan.task_event(task_id, kind, Some((&lease.worker_id, &lease.id)), details);
    }

    fn artifact(&self, task: &Task) -> Artifact {
        let known = task.artifact.clone().unwrap_or_default();
        Artifact { pr_url: Some(self.pull_request.url.clone()), ..known }
    }

    /// It goes on as it was; whoever says at GitHub how the task stands looks at it again.
    fn note(&self, plan: &mut Plan, task_id: &TaskId, is_current: bool) {
        let state = plan.task(task_id).expect("it is there").state;
        if is_current && state == TaskState::PrOpened {
            note_progress(plan, task_id, TaskState::PrOpened);
        }
        let details = json!({ "pull_request": self.pull_request.number, "head_sha": self.pull_request.head_sha });
        plan.task_event(task_id, EventKind::TaskNoted, None, details);
    }

    /// Who belongs to the repository may send work back, once for each review, and not for a head that is past. Once each of
    /// those reviews was dismissed, or followed by its reviewer's approval, the task is in review as before.
    fn review(&self, plan: &mut Plan, task_id: &TaskId, review: &Review) {
        let now = plan.now();
        let task = plan.task(task_id).expect("it is there");
        let (state, pull) = (task.state, task.pull_request.as_ref().expect("it was linked"));
        let is_current = task.live_lease(now).is_some_and(|lease| lease.id == pull.lease_id);
        // A push that was noticed late counts as of then. What is said of the present head is no past for that.
        let is_of_head = review.head_sha.is_some() && review.head_sha == pull.head_sha;
        let is_past = !is_of_head && pull.pushed_at.is_some_and(|at| review.submitted_at < at);
        let in_review = matches!(state, TaskState::PrOpened | TaskState::ChangesRequested);
        if pull.number != self.pull_request.number || !is_current || is_past || !in_review {
            return;
        }
        let asked_before = pull.asks_for_changes();
        let asks = match review.verdict {
            // What a maintainer has sent back without GitHub no reviewer there takes back.
            ReviewVerdict::ChangesRequested => state == TaskState::PrOpened || asked_before,
            ReviewVerdict::Approved | ReviewVerdict::Dismissed => false,
            ReviewVerdict::Other => return,
        };
        let seen = SeenReview { by: review.author.clone(), at: review.submitted_at, asks };
        if !pull.is_news(&seen) {
            return;
        }
        let reviewer = review.author.as_deref().unwrap_or("a reviewer");
        if asks && state == TaskState::PrOpened {
            let reason = format!("{reviewer} asked for changes at {}", self.pull_request.url);
            send_back(plan, task_id, Some(&reason));
        }
        let pull = plan.task_mut(task_id).pull_request.as_deref_mut().expect("it was linked");
        pull.note_review(seen);
        let is_settled = state == TaskState::ChangesRequested && asked_before && !pull.asks_for_changes();
        if is_settled {
            self.settle_without_a_push(plan, task_id, reviewer);
        }
    }

    /// Nothing was changed, so that no round of changes counts.
    fn settle_without_a_push(&self, plan: &mut Plan, task_id: &TaskId, reviewer: &str) {
        let reason = format!("{reviewer} asks for no more changes at {}", self.pull_request.url);
        self.move_on(plan, task_id, TaskState::PrOpened, EventKind::TaskPrOpened, Some(&reason));
        let task = plan.task_mut(task_id);
        task.message = Some(reason);
        if let Some(attempt) = task.attempts.last_mut() {
            attempt.change_rounds = attempt.change_rounds.saturating_sub(1);
        }
    }
}

/// What each reviewer said last that counts, the earliest first: what was taken back or followed since sends nothing back that
/// it has not sent back already. Anybody may review; who counts belongs to the repository, or did when it was dismissed.
fn last_words(reviews: &[Review]) -> Vec<&Review> {
    let counts = |review: &&Review| match review.verdict {
        ReviewVerdict::ChangesRequested | ReviewVerdict::Approved => review.author_belongs,
        ReviewVerdict::Dismissed => true,
        ReviewVerdict::Other => false,
    };
    let mut last: Vec<&Review> = Vec::new();
    for review in reviews.iter().filter(counts) {
        let name_of = |review: &Review| review.author.as_ref().map(|author| author.to_lowercase());
        last.retain(|earlier| name_of(earlier) != name_of(review));
        last.push(review);
    }
    // More than are remembered would be news each time they are read.
    last.split_off(last.len().saturating_sub(REVIEWS_KEPT_MAX))
}

/// GitHub tells whole seconds, by a clock of its own.
const SKEW_S: u32 = 60;

/// Who said so, in what is kept of an ending.
const AT_GITHUB: &str = "at GitHub";
