//! What GitHub tells the pool, and what the pool does about GitHub: each telling is carried out as the handlers do, and
//! compared with what must come of it.

use super::{Verdict, World};
use crate::action::{LeaseOf, RepoSlot, TaskSlot, handle_named};
use crate::deed::{Author, Deed, DeliverySlot, Link, PolicyFile, PullSlot};
use crate::follow::Around;
use crate::github::{IssueThere, Opened, PullThere, Tells};
use crate::violation::{Violation, ensure, same};
use owp_logic::github::policy::Budget;
use owp_logic::github::{Policy, PolicyFault, PullState, Review};
use owp_logic::idempotency::IdempotentCall;
use owp_logic::limits::IDEMPOTENCY_TTL_S;
use owp_logic::operations::{
    AcceptPolicy, ImportIssues, LinkRepo, Look, NoteLookDue, NoteSynced, SuspendLink, TakePullRequest, TakeRevert,
};
use owp_logic::{Actor, Caller, EventKind, Key, Record, Repo, Task, Worker, commit_key, number_key};
use owp_wire::{IssueAction, RepoName, TaskId, WorkerId, WritePermission};

/// Issues read together.
const READ_MAX: usize = 20;

impl World {
    /// Somebody does something at GitHub, which is told at once or waits to be told.
    pub(super) fn at_github(&mut self, deed: &Deed, slot: DeliverySlot, told: bool) -> Result<Verdict, Violation> {
        let opened = match *deed {
            Deed::OpenPull { lease, author, names, .. } => self.opened(lease, author, names),
            Deed::NameLease { lease, .. } => self.opened(lease, Author::Nobody, true),
            _ => None,
        };
        if !self.github.take_place(deed, opened, slot, self.pool.now()) {
            return Ok(Ok(()));
        }
        self.tally.came(deed.kind());
        if told { self.deliver(slot) } else { Ok(Ok(())) }
    }

    fn opened(&self, lease: LeaseOf, author: Author, names: bool) -> Option<Opened> {
        let given = self.slots.lease(lease)?;
        let repo = self.watch.facts(&self.slots.task_id(lease.task))?.repo.clone();
        let author = match author {
            Author::Nobody => None,
            Author::Handle(handle) => Some(handle_named(handle)),
            Author::Holder => self.worker(&given.caller.worker_id)?.github_handle.clone(),
        };
        // Handles are the same in any case.
        let author = author.map(|author| author.to_uppercase());
        Some(Opened { repo, author, lease: names.then(|| given.lease_id.clone()) })
    }

    /// Makes a delivery, perhaps not for the first time.
    pub(super) fn deliver(&mut self, slot: DeliverySlot) -> Result<Verdict, Violation> {
        let Some(delivery) = self.github.delivery(slot) else { return Ok(Ok(())) };
        let again = std::mem::replace(&mut delivery.was_made, true);
        let tells = delivery.tells.clone();
        if !self.following.is_linked(tells.repo()) {
            return Ok(Ok(()));
        }
        let call = IdempotentCall { key: format!("github {}", slot.0), fingerprint: slot.0.to_string() };
        let known = self.calls.get(&call.key);
        let is_known = known.is_some_and(|known| self.pool.now() < known.at.plus_s(IDEMPOTENCY_TTL_S));
        self.tally.came(match (again, is_known) {
            (false, _) => "a delivery is made",
            (true, true) => "a delivery is made again",
            (true, false) => "a delivery is made again much later",
        });
        self.under = Some(call);
        let verdict = match tells {
            Tells::Issue { issue, accepts } => self.issues(&[issue], accepts, false, is_known),
            Tells::Pull { pull, review } => self.pull(&pull, review.as_ref(), false, is_known).map(|()| Ok(())),
            Tells::Revert { pull, by_commit } => self.reverted(&pull, by_commit, is_known).map(|()| Ok(())),
        };
        self.under = None;
        verdict
    }

    /// All issues are read, as a sync does, by itself or because somebody asked.
    pub(super) fn read_issues(&mut self, repo: RepoSlot, asked: bool) -> Result<Verdict, Violation> {
        let (name, at) = (repo.name(), self.pool.now());
        let issues = self.github.issues_of(&name, READ_MAX);
        if issues.is_empty() || !(asked || self.following.is_linked(&name)) {
            return Ok(Ok(()));
        }
        if let Err(refusal) = self.issues(&issues, false, asked, false)? {
            return Ok(Err(refusal));
        }
        let before = self.repo(&name).and_then(|repo| repo.github?.synced_at);
        let noted = self.ask(Actor::System, NoteSynced { repo: name.clone(), at })?;
        let link = self.repo(&name).and_then(|repo| repo.github);
        let synced_at = link.as_ref().and_then(|link| link.synced_at);
        same(synced_at, link.is_some().then_some(at).max(before), || format!("when {} was read", name.0))?;
        Ok(noted)
    }

    fn issues(
        &mut self,
        told: &[IssueThere],
        accepts: bool,
        asked: bool,
        is_known: bool,
    ) -> Result<Verdict, Violation> {
        let Some(repo) = told.first().map(|issue| issue.repo.clone()) else { return Ok(Ok(())) };
        let tasks_of = |world: &Self| told.iter().map(|issue| world.task_of_issue(issue)).collect::<Vec<_>>();
        let before = tasks_of(self);
        let issues = told.iter().map(IssueThere::told).collect();
        let operation = ImportIssues { repo, issues, is_asked_for: asked, accepts_edits: accepts };
        let imported = match self.ask(Actor::Github("maria".into()), operation)? {
            Ok(imported) => imported,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let after = tasks_of(self);
        if is_known {
            return ensure(before == after, || "a delivery that was made again changed a task".into()).map(Ok);
        }
        for (index, issue) in told.iter().enumerate() {
            let around = self.around(before[index].as_ref(), after[index].as_ref(), (None, None));
            let came = self.following.issue(issue, accepts, asked, &around)?;
            self.tally.came(came);
        }
        for (issue, imported) in told.iter().zip(imported.issues) {
            if let (IssueAction::Created, Some(task_id)) = (imported.action, imported.task_id) {
                self.slots.seat_task(issue.seat, task_id);
            }
        }
        Ok(Ok(()))
    }

    /// Somebody asks GitHub how a pull request stands, and what its reviewer said last.
    pub(super) fn look_at_pull(&mut self, slot: PullSlot) -> Result<(), Violation> {
        match self.github.pull(slot).cloned() {
            Some(pull) if self.following.is_linked(&pull.repo) => self.pull(&pull, pull.review.as_ref(), true, false),
            _ => Ok(()),
        }
    }

    fn pull(
        &mut self,
        told: &PullThere,
        review: Option<&Review>,
        is_looked_at: bool,
        is_known: bool,
    ) -> Result<(), Violation> {
        let seated = || self.slots.task(told.task).map(|seat| seat.id.clone());
        let guess = self.following.task_of_pull(told.slot).cloned().or_else(seated);
        let before = guess.as_ref().and_then(|id| self.task(id));
        let holder = before.as_ref().and_then(|task| Some(task.lease.as_ref()?.worker_id.clone()));
        let holder_before = holder.as_ref().and_then(|id| self.worker(id));
        let take = TakePullRequest {
            repo: told.repo.clone(),
            pull_request: told.told(),
            reviews: review.cloned().into_iter().collect(),
            task_id: guess.clone(),
            is_looked_at,
        };
        let taken = self.ask(Actor::Github("maria".into()), take)?;
        let stands = taken.map_err(|refusal| Violation::new(format!("{} was refused: {refusal}", told.slot)))?;
        let after = guess.as_ref().and_then(|id| self.task(id));
        if is_known {
            return ensure(before == after, || "a delivery that was made again changed a task".into());
        }
        let holder_after = holder.as_ref().and_then(|id| self.worker(id));
        let is_look = |event: &&owp_logic::Event| event.kind == EventKind::RepoLookDue;
        let looks = self.pool.unread_events().iter().filter(is_look).count();
        let around = self.around(before.as_ref(), after.as_ref(), (holder_before.as_ref(), holder_after.as_ref()));
        let was_linked = self.following.task_of_pull(told.slot).is_some();
        let came = self.following.pull(told, review, (is_looked_at, looks), &around)?;
        self.tally.came(came);
        let is_linked = self.following.task_of_pull(told.slot).is_some();
        if is_linked && !was_linked {
            self.tally.came("a pull request finds its task");
        }
        same(stands.is_some(), is_linked, || format!("whether {} is somebody's", told.slot))?;
        let is_proven = |worker: &Option<Worker>| worker.as_ref().is_some_and(|worker| worker.handle_verified);
        if !is_proven(&holder_before) && is_proven(&holder_after) {
            self.tally.came("an account is proven");
        }
        Ok(())
    }

    fn reverted(&mut self, pull: &PullThere, by_commit: bool, is_known: bool) -> Result<(), Violation> {
        let key = match pull.merge_sha().filter(|_| by_commit) {
            Some(sha) => commit_key(&sha),
            None => number_key(pull.slot.number()),
        };
        let Some(task_id) = self.task_with_key(&pull.repo, &key) else { return Ok(()) };
        let before = self.task(&task_id);
        let take = TakeRevert { repo: pull.repo.clone(), key, task_id: task_id.clone() };
        let taken = self.ask(Actor::Github("maria".into()), take)?;
        taken.map_err(|refusal| Violation::new(format!("a revert was refused: {refusal}")))?;
        let (Some(before), Some(after)) = (before, self.task(&task_id)) else {
            return Err(Violation::new(format!("a key names {}, which is gone", task_id.0)));
        };
        if is_known {
            return ensure(before == after, || "a delivery that was made again changed a task".into());
        }
        let came = self.following.revert(pull.slot, &before, &after)?;
        self.tally.came(came);
        Ok(())
    }

    /// The holder of a task of a linked repository has it merged there, under a pull request that was never seen before.
    pub fn merge_at_github(&mut self, caller: &Caller, task: &Task) -> Result<(), Violation> {
        let lease = task.lease.as_ref().map(|lease| lease.id.clone());
        self.merged_in_the_end += 1;
        let mut pull = PullThere {
            slot: PullSlot(u32::MAX - self.merged_in_the_end),
            repo: task.repo.clone(),
            task: TaskSlot(u32::MAX),
            author: None,
            lease,
            state: PullState::Open,
            is_draft: false,
            head: 0,
            review: None,
            updated_at: self.pool.now(),
        };
        for state in [PullState::Open, PullState::Merged] {
            pull.state = state;
            let take = TakePullRequest {
                repo: task.repo.clone(),
                pull_request: pull.told(),
                reviews: Vec::new(),
                task_id: Some(task.id.clone()),
                is_looked_at: true,
            };
            let (before, holder) = (self.task(&task.id), self.worker(&caller.worker_id));
            let taken = self.ask(Actor::Github("maria".into()), take)?;
            taken.map_err(|refusal| Violation::new(format!("{} was refused: {refusal}", pull.slot)))?;
            let (after, holder_after) = (self.task(&task.id), self.worker(&caller.worker_id));
            let around = self.around(before.as_ref(), after.as_ref(), (holder.as_ref(), holder_after.as_ref()));
            self.following.pull(&pull, None, (true, 0), &around)?;
        }
        Ok(())
    }

    // What maintainers settle about GitHub, and what GitHub says of a whole repository.

    pub(super) fn link(&mut self, repo: RepoSlot, link: Link) -> Result<Verdict, Violation> {
        let write = if link.writes_checks { vec![WritePermission::Status] } else { Vec::new() };
        let (sync, admission) = (link.sync, Some(link.admission));
        let linked = self.ask(Actor::Admin, LinkRepo { repo: repo.name(), sync, write: Some(write), admission })?;
        Ok(linked.map(drop))
    }

    pub(super) fn suspend(&mut self, repo: RepoSlot, suspended: bool) -> Result<Verdict, Violation> {
        let before = self.repo(&repo.name()).and_then(|repo| repo.github);
        let because = suspended.then(|| "the access was taken away".to_owned());
        let changed = self.ask(Actor::Github("maria".into()), SuspendLink { repo: repo.name(), because })?;
        if let Ok(changed) = changed {
            let expected = before.is_some_and(|link| link.suspended != suspended);
            same(changed, expected, || format!("whether the access to {repo} changed"))?;
            self.tally.came(if changed { "an access changes" } else { "an access stays" });
        }
        Ok(changed.map(drop))
    }

    /// A label was renamed, so that all issues are to be read.
    pub(super) fn note_look(&mut self, repo: RepoSlot) -> Result<Verdict, Violation> {
        let link = self.repo(&repo.name()).and_then(|repo| repo.github);
        let noted = self.ask(Actor::Github("maria".into()), NoteLookDue { repo: repo.name(), look: Look::Issues })?;
        if let Ok(noted) = noted {
            let expected = link.is_some_and(|link| !link.suspended);
            same(noted, expected, || format!("whether somebody will look at {repo}"))?;
        }
        Ok(noted.map(drop))
    }

    /// The policy file was read. One with a mistake changes none of the settings.
    pub(super) fn take_policy(&mut self, repo: RepoSlot, file: Option<PolicyFile>) -> Result<Verdict, Violation> {
        let budget = file.map(|file| Budget {
            max_open_prs: file.budget,
            prs_per_hour_max: file.rate,
            security_extra_slots: file.security_extra,
        });
        let policy = Policy { budget: budget.unwrap_or_default(), ..Policy::default() };
        let mistake = || vec![PolicyFault { pointer: "/budget".into(), because: "is a mistake".into(), place: None }];
        let read = if file.is_some_and(|file| file.has_mistake) { Err(mistake()) } else { Ok(policy.clone()) };
        let blob_sha = file.map(|file| format!("state{}", file.state));
        let before = self.repo(&repo.name());
        let accept = AcceptPolicy { repo: repo.name(), blob_sha: blob_sha.clone(), read: read.clone() };
        let accepted = self.ask(Actor::System, accept)?;
        let (Ok(changed), Some(before), Some(after)) = (&accepted, before, self.repo(&repo.name())) else {
            return Ok(accepted.map(drop));
        };
        let settings = |repo: &Repo| {
            let policy = &repo.policy;
            (repo.max_open_prs, policy.prs_per_hour_max, policy.security_extra_slots)
        };
        let known = before.github.as_ref().map(|link| link.policy.as_ref().and_then(|known| known.blob_sha.clone()));
        let is_news = known.is_some_and(|known| known != blob_sha);
        same(*changed, is_news, || format!("whether the policy file of {repo} says something new"))?;
        let (slots, rate, extra) = settings(&before);
        let says = if is_news && read.is_ok() { policy.budget } else { Budget::default() };
        let expected = (
            says.max_open_prs.unwrap_or(slots),
            says.prs_per_hour_max.unwrap_or(rate),
            says.security_extra_slots.unwrap_or(extra),
        );
        same(settings(&after), expected, || format!("the settings of {repo} after its policy file was read"))?;
        self.tally.came(match (is_news, read.is_ok(), file.is_some()) {
            (false, _, _) => "a policy file says nothing new",
            (_, false, _) => "a policy file has a mistake",
            (_, _, true) => "a policy file is followed",
            (_, _, false) => "a policy file is gone",
        });
        Ok(Ok(()))
    }

    // Looking things up.

    fn around<'a>(
        &self,
        before: Option<&'a Task>,
        after: Option<&'a Task>,
        (holder_before, holder_after): (Option<&'a Worker>, Option<&'a Worker>),
    ) -> Around<'a> {
        Around { before, after, holder_before, holder_after, now: self.pool.now() }
    }

    pub fn task(&self, id: &TaskId) -> Option<Task> {
        self.pool.record(&Key::Task(id.clone()))?.as_task().cloned()
    }

    fn worker(&self, id: &WorkerId) -> Option<Worker> {
        self.pool.record(&Key::Worker(id.clone()))?.as_worker().cloned()
    }

    fn repo(&self, name: &RepoName) -> Option<Repo> {
        self.pool.record(&Key::Repo(name.clone()))?.as_repo().cloned()
    }

    fn task_of_issue(&self, issue: &IssueThere) -> Option<Task> {
        let known = self.following.task_of_issue(issue.slot).cloned();
        let id = known.or_else(|| self.task_with_key(&issue.repo, &number_key(issue.slot.number())))?;
        self.task(&id)
    }

    fn task_with_key(&self, repo: &RepoName, key: &str) -> Option<TaskId> {
        match self.pool.record(&Key::TaskKey(repo.clone(), key.to_owned())).as_deref() {
            Some(Record::TaskKey(record)) => Some(record.task_id.clone()),
            _ => None,
        }
    }
}
