//! What must come of what GitHub tells: the rules of following it a second time, from the other side. It remembers by itself
//! which texts were accepted, what was seen last, and whose a pull request is.

mod pulls;

use crate::deed::{IssueSlot, PullSlot};
use crate::github::{IssueThere, PullThere, title_of};
use crate::violation::{Violation, ensure, same};
use owp_logic::github::{PullState, Review};
use owp_logic::limits::ATTEMPTS_KEPT_MAX;
use owp_logic::{Actor, Event, EventKind, Holding, PullStage, Task, Withdrawn, Worker};
use owp_wire::{AdmissionMode, LeaseId, RepoName, SyncType, TaskId, TaskState, Timestamp, WorkerId, WritePermission};
use pulls::{PullFacts, stage_of};
use serde::Deserialize;
use std::collections::HashMap;

/// GitHub's clock and the pool's may differ by so much.
const SKEW_S: u32 = 60;

#[derive(Default)]
pub struct Following {
    links: HashMap<RepoName, LinkFacts>,
    issues: HashMap<IssueSlot, IssueFacts>,
    issue_of: HashMap<TaskId, IssueSlot>,
    pulls: HashMap<PullSlot, PullFacts>,
    /// The one that counts for a task.
    pull_of: HashMap<TaskId, PullSlot>,
}

#[derive(Deserialize)]
pub struct LinkFacts {
    sync_type: SyncType,
    write_permissions: Vec<WritePermission>,
    admission: AdmissionMode,
    suspended: bool,
}

struct IssueFacts {
    task: TaskId,
    /// The text that a maintainer accepted last.
    accepted: u32,
    seen_at: Timestamp,
    withdrawn: Option<Withdrawn>,
}

/// A task as it was, as it is, and who held it.
pub struct Around<'a> {
    pub before: Option<&'a Task>,
    pub after: Option<&'a Task>,
    pub holder_before: Option<&'a Worker>,
    pub holder_after: Option<&'a Worker>,
    pub now: Timestamp,
}

impl LinkFacts {
    fn imports(&self) -> bool {
        !self.suspended && self.sync_type != SyncType::Export
    }

    fn checks(&self) -> bool {
        let writes = !self.suspended && self.sync_type != SyncType::Import;
        writes && self.admission != AdmissionMode::Off && self.write_permissions.contains(&WritePermission::Status)
    }
}

/// A free task is one that an issue may change or take along.
fn is_free(state: TaskState) -> bool {
    matches!(state, TaskState::Ready | TaskState::Waiting | TaskState::NeedsInfo)
}

impl Following {
    pub fn is_linked(&self, repo: &RepoName) -> bool {
        self.links.contains_key(repo)
    }

    /// The task that a pull request belongs to.
    pub fn task_of_pull(&self, slot: PullSlot) -> Option<&TaskId> {
        self.pulls.get(&slot).map(|facts| &facts.task)
    }

    pub fn task_of_issue(&self, slot: IssueSlot) -> Option<&TaskId> {
        self.issues.get(&slot).map(|facts| &facts.task)
    }

    pub fn notice(&mut self, event: &Event) {
        if let (EventKind::RepoLinked, Some(repo)) = (event.kind, &event.repo) {
            let details = serde_json::Value::Object(event.details.clone());
            self.links.insert(repo.clone(), LinkFacts::deserialize(details).expect("a link says how it is"));
        }
        let says = [
            EventKind::TaskCancelled,
            EventKind::TaskRequeued,
            EventKind::TaskMerged,
            EventKind::TaskClosed,
            EventKind::TaskReverted,
            EventKind::TaskChangesRequested,
        ];
        // Where a maintainer sends work back, what reviewers asked for before was answered.
        if event.actor == Actor::Admin
            && event.kind == EventKind::TaskChangesRequested
            && let Some(slot) = event.task_id.as_ref().and_then(|id| self.pull_of.get(id))
            && let Some(facts) = self.pulls.get_mut(slot)
        {
            facts.review = facts.review.map(|(at, _)| (at, false));
        }
        // A maintainer's word counts from then on, and not the issue's state.
        if event.actor == Actor::Admin
            && says.contains(&event.kind)
            && let Some(slot) = event.task_id.as_ref().and_then(|id| self.issue_of.get(id))
            && let Some(facts) = self.issues.get_mut(slot)
        {
            facts.withdrawn = None;
        }
    }

    /// An issue was told of, or read because somebody asked for it. What it came to, for the tally.
    pub fn issue(
        &mut self,
        told: &IssueThere,
        accepts: bool,
        asked: bool,
        around: &Around,
    ) -> Result<&'static str, Violation> {
        let (before, after) = (around.before, around.after);
        let unchanged =
            || ensure(before == after, || format!("{} was changed by an issue that says nothing", told.slot));
        let imports = asked || self.links.get(&told.repo).is_some_and(LinkFacts::imports);
        let Some(facts) = self.issues.get_mut(&told.slot) else {
            if !imports || !told.is_wanted() {
                ensure(after.is_none(), || format!("{} became a task and is none for the pool", told.slot))?;
                return Ok("an issue is left alone");
            }
            return self.created(told, after);
        };
        let (Some(before), Some(after)) = (before, after) else {
            return Err(Violation::new(format!("the task of {} is gone", told.slot)));
        };
        if !imports {
            return unchanged().map(|()| "an issue is not followed");
        }
        if told.updated_at < facts.seen_at {
            ensure(before == after, || format!("an older word on {} changed its task", told.slot))?;
            return Ok("an issue's past is ignored");
        }
        facts.seen_at = told.updated_at;
        let came = if told.is_wanted() {
            facts.wanted(told, accepts, before, after)?
        } else {
            facts.unwanted(told, before, after)?
        };
        let source = after.source.as_deref();
        same(source.and_then(|source| source.withdrawn), facts.withdrawn, || {
            format!("how {} was withdrawn", told.slot)
        })?;
        same(source.map(|source| source.seen_at), Some(facts.seen_at), || format!("when {} was seen", told.slot))?;
        same(&after.spec.title, &title_of(facts.accepted), || format!("the text of {} that was accepted", told.slot))?;
        Ok(came)
    }

    fn created(&mut self, told: &IssueThere, after: Option<&Task>) -> Result<&'static str, Violation> {
        let Some(task) = after else { return Err(Violation::new(format!("{} is no task", told.slot))) };
        same(task.state, TaskState::Ready, || format!("the state of the new task of {}", told.slot))?;
        same(&task.spec.title, &title_of(told.text), || format!("the text of {}", told.slot))?;
        says_the_same(told, task)?;
        let (accepted, seen_at) = (told.text, told.updated_at);
        let facts = IssueFacts { task: task.id.clone(), accepted, seen_at, withdrawn: None };
        let taken = self.issue_of.insert(task.id.clone(), told.slot);
        ensure(taken.is_none(), || format!("two issues are one task: {}", task.id.0))?;
        self.issues.insert(told.slot, facts);
        Ok("an issue becomes a task")
    }

    /// A pull request was told of or looked at. `looks` is how often somebody was asked to look at something. What it came to,
    /// for the tally.
    pub fn pull(
        &mut self,
        told: &PullThere,
        review: Option<&Review>,
        (is_looked_at, looks): (bool, usize),
        around: &Around,
    ) -> Result<&'static str, Violation> {
        let (slot, stage) = (told.slot, stage_of(told));
        let known = self.pulls.contains_key(&slot);
        let links = !known && around.before.is_some_and(|task| self.links_to(told, task, around));
        if !known && !links {
            let asks =
                !is_looked_at && stage < PullStage::Closed && self.links.get(&told.repo).is_some_and(LinkFacts::checks);
            same(looks, usize::from(asks), || format!("how often somebody is asked to look at {slot}"))?;
            ensure(around.before == around.after, || format!("{slot}, which is nobody's, changed a task"))?;
            return Ok(if asks { "a look is asked for" } else { "a pull request is nobody's" });
        }
        let (Some(before), Some(after)) = (around.before, around.after) else {
            return Err(Violation::new(format!("the task of {slot} is gone")));
        };
        if links {
            let lease = before.lease.as_ref().expect("it was live");
            self.pulls.insert(slot, PullFacts::new(&before.id, &lease.id));
            self.pull_of.insert(before.id.clone(), slot);
        }
        same(
            after.pull_request.as_ref().map(|pull| pull.number),
            self.pull_of.get(&before.id).map(|it| it.number()),
            || format!("the pull request of {}", before.id.0),
        )?;
        check_proof(told, links, around)?;
        if self.pull_of.get(&before.id) != Some(&slot) {
            ensure(before == after, || format!("{slot}, in whose place is another, changed its task"))?;
            return Ok("a replaced pull request is ignored");
        }
        let facts = self.pulls.get_mut(&slot).expect("it is linked");
        let (expected, came) = facts.follow(told, review, before, around.now);
        let Some(expected) = expected else {
            ensure(before == after, || format!("an older word on {slot} changed its task"))?;
            return Ok(came);
        };
        same(after.state, expected, || format!("the state of {} after {slot} was told of", before.id.0))?;
        let holds = after.state == before.state && after.holding() != Holding::Nothing;
        let lease_of = |task: &Task| task.lease.as_ref().map(|lease| lease.id.clone());
        ensure(!holds || lease_of(before) == lease_of(after), || {
            format!("{slot} took {} from its holder", before.id.0)
        })?;
        Ok(came)
    }

    /// Whether it is the holder's own, as far as can be seen.
    fn links_to(&self, told: &PullThere, task: &Task, around: &Around) -> bool {
        let Some(lease) = task.lease.as_ref().filter(|_| task.live_lease(around.now).is_some()) else { return false };
        let Some(holder) = around.holder_before else { return false };
        let open = |slot: &PullSlot| self.pulls.get(slot).is_some_and(|other| other.is_open_under(&lease.id));
        if task.repo != told.repo || told.state == PullState::Closed || self.pull_of.get(&task.id).is_some_and(open) {
            return false;
        }
        let theirs = is_account_of(holder, told);
        match &told.lease {
            Some(named) => *named == lease.id && (theirs || !holder.handle_verified),
            None => theirs && told.updated_at.plus_s(SKEW_S) >= lease.granted_at,
        }
    }

    /// A revert was told of, by the number of the pull request or by the commit that it became.
    pub fn revert(&self, slot: PullSlot, before: &Task, after: &Task) -> Result<&'static str, Violation> {
        let is_meant = self.pull_of.get(&before.id) == Some(&slot) && before.state == TaskState::Merged;
        let expected = if is_meant { TaskState::Closed } else { before.state };
        same(after.state, expected, || format!("the state of {} after {slot} was reverted", before.id.0))?;
        ensure(is_meant || before == after, || format!("{} was changed by a revert of something else", before.id.0))?;
        Ok(if is_meant { "a merge is reverted" } else { "a revert is of something else" })
    }

    /// A lease that is live can't be that of a pull request that is over; and whoever made it is known.
    pub fn compare_task(&self, task: &Task) -> Result<(), Violation> {
        let id = &task.id;
        let issue = task.source.as_deref().map(|source| source.issue);
        same(issue, self.issue_of.get(id).map(|slot| slot.number()), || format!("the issue of {}", id.0))?;
        let Some(pull) = task.pull_request.as_deref() else { return Ok(()) };
        let made = |worker: &WorkerId, lease: &LeaseId| {
            task.attempts.iter().any(|attempt| attempt.worker_id == *worker && attempt.lease_id == *lease)
        };
        let are_all_kept = task.attempts.len() < ATTEMPTS_KEPT_MAX;
        ensure(made(&pull.worker_id, &pull.lease_id) || !are_all_kept, || {
            format!("nobody made the pull request of {}", id.0)
        })?;
        let is_live = task.lease.as_ref().is_some_and(|lease| lease.id == pull.lease_id);
        let is_over = matches!(pull.stage, PullStage::Closed | PullStage::Merged);
        ensure(!(is_live && is_over), || format!("{} is held for a pull request that is {:?}", id.0, pull.stage))
    }
}

/// An account is proven by a pull request of its own that names its lease, and by nothing else.
fn check_proof(told: &PullThere, links: bool, around: &Around) -> Result<(), Violation> {
    let (Some(before), Some(after)) = (around.holder_before, around.holder_after) else { return Ok(()) };
    let proves = links && told.lease.is_some() && is_account_of(before, told);
    same(after.handle_verified, before.handle_verified || proves, || {
        format!("whether the account of {} is proven", before.id.0)
    })
}

fn is_account_of(holder: &Worker, told: &PullThere) -> bool {
    let (handle, author) = (holder.github_handle.as_ref(), told.author.as_ref());
    handle.zip(author).is_some_and(|(handle, author)| handle.eq_ignore_ascii_case(author))
}

fn says_the_same(told: &IssueThere, task: &Task) -> Result<(), Violation> {
    let (says, spec) = (told.says, &task.spec);
    let area = says.area.map(crate::action::area_named);
    same((spec.estimate_points, spec.priority, spec.tier), (says.points, says.priority, says.tier), || {
        format!("points, priority and tier of {}", told.slot)
    })?;
    same((&spec.required_skills, &spec.area), (&says.skills.named(), &area), || {
        format!("skills and area of {}", told.slot)
    })
}

impl IssueFacts {
    /// It is for the pool: labels are followed while nobody holds the task, and a text only where it was accepted.
    fn wanted(
        &mut self,
        told: &IssueThere,
        accepts: bool,
        before: &Task,
        after: &Task,
    ) -> Result<&'static str, Violation> {
        let comes_back = before.state == TaskState::Cancelled && self.withdrawn.is_some();
        let is_free = is_free(before.state) || comes_back;
        let accepted = accepts || self.withdrawn == Some(Withdrawn::Unlabelled);
        let takes_text = is_free && accepted && told.text != self.accepted;
        if takes_text {
            self.accepted = told.text;
        }
        let is_edited = told.text != self.accepted;
        let flagged = after.source.as_ref().is_some_and(|source| source.edited_at.is_some());
        same(flagged, is_edited, || format!("whether {} is known to be edited", told.slot))?;
        if !is_free {
            let kept = after.state == before.state && after.spec == before.spec && after.lease == before.lease;
            ensure(kept, || format!("{} changed a task that is {}", told.slot, before.state))?;
            return Ok(if is_edited { "an edit is flagged for a holder" } else { "a task in hand is kept" });
        }
        says_the_same(told, after)?;
        let free = if after.waits_for.is_empty() { TaskState::Ready } else { TaskState::Waiting };
        let expected = if comes_back { free } else { before.state };
        same(after.state, expected, || format!("the state of the task of {}", told.slot))?;
        if comes_back {
            self.withdrawn = None;
        }
        Ok(match (comes_back, takes_text, is_edited) {
            (true, true, _) => "a task comes back with a new text",
            (true, false, _) => "a task comes back",
            (_, true, _) => "a text is taken over",
            (_, _, true) => "an edit is flagged",
            _ => "labels are followed",
        })
    }

    /// It is not for the pool any more, which ends its task unless somebody holds it.
    fn unwanted(&mut self, told: &IssueThere, before: &Task, after: &Task) -> Result<&'static str, Violation> {
        let how = if told.is_ready { Withdrawn::Closed } else { Withdrawn::Unlabelled };
        let is_taken_along = is_free(before.state) || before.state == TaskState::Failed;
        let expected = if is_taken_along { TaskState::Cancelled } else { before.state };
        same(after.state, expected, || format!("the state of the task of {}", told.slot))?;
        let kept = after.spec == before.spec && after.lease == before.lease;
        ensure(kept, || format!("{} is not for the pool and changed its task", told.slot))?;
        let unlabelled_later = before.state == TaskState::Cancelled
            && self.withdrawn == Some(Withdrawn::Closed)
            && how == Withdrawn::Unlabelled;
        if is_taken_along || unlabelled_later {
            self.withdrawn = Some(how);
        }
        let is_over = matches!(before.state, TaskState::Merged | TaskState::Closed | TaskState::Cancelled);
        Ok(match (is_taken_along, is_over) {
            (true, _) => "an issue takes its task along",
            (_, true) => "an issue's task is over",
            _ => "a task in hand stays",
        })
    }
}
