//! A pool with everybody around it: carries out one action after another and looks after each whether everything holds.

mod desk;
mod github;
mod writing;

use crate::action::{
    Action, AreaEdit, Edit, Policy, RepoSlot, Skills, TaskSlot, Terms, ToImport, What, WorkerSlot, area_named,
    handle_named,
};
use crate::defect::Defect;
use crate::ending;
use crate::follow::Following;
use crate::github::Github;
use crate::pool::Pool;
use crate::slots::Slots;
use crate::tally::Tally;
use crate::violation::{Violation, ensure, refusal_named};
use crate::watch::{Watch, done_for_oneself};
use crate::whole::compare_all;
use owp_logic::idempotency::IdempotentCall;
use owp_logic::limits::{CANDIDATES_FIRST, IDEMPOTENCY_TTL_S, wider};
use owp_logic::operations::{
    CreateTask, ExpireLeases, ExplainTask, ExplainWork, FetchWork, Fetched, GetOwnWorker, ImportTasks, PutAdmission,
    PutRepo, RegisterWorker, RevokeWorker, SendHeartbeat, SetTrustTier, TaskToImport, UpdateOwnWorker, UpdateTask,
    Work,
};
use owp_logic::{Actor, Availability, Caller, EventKind, Key, Operation, QuietHours, Record, Refusal, TaskRef};
use owp_wire::{ImportAction, RunningLeases, TaskId, Timestamp, WorkMode};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Rounds of settling and looking wider within one fetch, as many as the handler makes.
const ROUNDS_MAX: usize = 64;

/// How often everything is compared, and not only what a step touched.
const COMPARE_ALL_EVERY: usize = 50_000;

pub struct World {
    pub pool: Pool,
    pub watch: Watch,
    pub following: Following,
    pub github: Github,
    pub slots: Slots,
    pub tally: Tally,
    steps: usize,
    /// Pull requests that were merged while everything was brought to an end.
    merged_in_the_end: u32,
    desk: desk::DeskFacts,
    /// What was carried out under each idempotency key.
    calls: HashMap<String, Call>,
    /// Under which key the present action is.
    under: Option<IdempotentCall>,
}

struct Call {
    fingerprint: String,
    outcome: serde_json::Value,
    at: Timestamp,
}

/// What an action came to, where nothing broke.
pub type Verdict = Result<(), Refusal>;

impl World {
    pub fn new(defect: Option<Defect>) -> Self {
        let (watch, slots, tally, calls, desk) = Default::default();
        let (following, github) = Default::default();
        Self {
            pool: Pool::new(defect),
            watch,
            following,
            github,
            slots,
            tally,
            steps: 0,
            merged_in_the_end: 0,
            desk,
            calls,
            under: None,
        }
    }

    pub fn step(&mut self, action: &Action) -> Result<(), Violation> {
        self.steps += 1;
        let kind = action.what.kind();
        self.under = action.under.map(|key| {
            let mut hasher = DefaultHasher::new();
            action.what.hash(&mut hasher);
            IdempotentCall { key: format!("{kind}:{key}"), fingerprint: hasher.finish().to_string() }
        });
        let verdict = self.perform(&action.what)?;
        self.tally.count(kind, verdict.as_ref().err().map(refusal_named));
        self.look()?;
        if self.steps.is_multiple_of(COMPARE_ALL_EVERY) { compare_all(&self.pool, &self.watch) } else { Ok(()) }
    }

    /// Compares what has been written and what has happened since the last look.
    pub fn look(&mut self) -> Result<(), Violation> {
        let mut keys: Vec<Key> = self.pool.written();
        for event in self.pool.new_events() {
            self.watch.take(&event)?;
            self.following.notice(&event);
            self.slots.notice(&event, &self.watch.history);
            self.tally.happened(event.kind);
            let is_withdrawn = event.details.get("reason").is_some_and(|reason| reason == "withdrawn");
            if event.kind == EventKind::TaskDeclined && is_withdrawn && matches!(event.actor, Actor::Worker(_)) {
                self.tally.came("an offer goes back when its worker asks");
            }
            keys.extend(self.watch.concerned(&event));
        }
        if keys.is_empty() {
            return Ok(());
        }
        keys.sort();
        keys.dedup();
        let snapshot = self.pool.look(keys.iter().cloned());
        self.watch.compare(&snapshot, &keys)?;
        (0..done_for_oneself(&snapshot)).for_each(|_| self.tally.came("a task of one's own is done"));
        let tasks = snapshot.records().filter_map(|(_, _, record)| record.as_task());
        tasks.into_iter().try_for_each(|task| self.following.compare_task(task))
    }

    /// Has an operation carried out; one under an idempotency key only once.
    pub fn ask<O>(&mut self, actor: Actor, operation: O) -> Result<Result<O::Outcome, Refusal>, Violation>
    where
        O: Operation + 'static,
        O::Outcome: 'static,
    {
        let now = self.pool.now();
        let Some(call) = self.under.take() else { return self.pool.ask(actor, None, operation) };
        let answer = self.pool.ask(actor, Some(call.clone()), operation)?;
        let known = self.calls.get(&call.key).filter(|known| now < known.at.plus_s(IDEMPOTENCY_TTL_S));
        let outcome = answer.as_ref().ok().map(|outcome| serde_json::to_value(outcome).expect("plain data"));
        match (known, &answer) {
            (_, Err(Refusal::TokenRevoked)) | (None, Err(_)) => {}
            (None, Ok(_)) => {
                let outcome = outcome.expect("it was accepted");
                self.calls.insert(call.key, Call { fingerprint: call.fingerprint, outcome, at: now });
            }
            (Some(known), Ok(_)) => {
                let answered_again = known.fingerprint == call.fingerprint && Some(&known.outcome) == outcome.as_ref();
                ensure(answered_again, || "a repeated call was answered in another way".into())?;
                // A call is a sign of life, however often it is repeated.
                let presence = [EventKind::WorkerOnline, EventKind::WorkerOffline];
                let is_repeated = self.pool.unread_events().iter().all(|event| presence.contains(&event.kind));
                ensure(is_repeated, || "a repeated call was carried out twice".into())?;
            }
            (Some(known), Err(refusal)) => {
                let reused = known.fingerprint != call.fingerprint && *refusal == Refusal::IdempotencyKeyReused;
                ensure(reused, || format!("a repeated call was refused: {refusal}"))?;
            }
        }
        Ok(answer)
    }

    fn perform(&mut self, what: &What) -> Result<Verdict, Violation> {
        match what {
            What::Wait { millis } => {
                self.pool.wait(*millis);
                if *millis <= -3_600_000 {
                    self.tally.came("a clock is put right by an hour or more");
                }
            }
            What::FallSilent { worker } => self.slots.set_silent(*worker, true),
            What::ComeBack { worker } => self.slots.set_silent(*worker, false),
            What::EndAll => ending::end_all(self)?,
            What::Sweep => return self.sweep(),
            What::Prune => {
                let now = self.pool.now();
                drop(crate::pool::at_once(owp_store::Store::prune(&self.pool.store, now)));
                // What is dropped is gone, though the clock may be put right later.
                self.calls.retain(|_, call| now < call.at.plus_s(IDEMPOTENCY_TTL_S));
            }
            What::Register { .. } => return self.register(what),
            What::Heartbeat { worker, status } => {
                let (caller, status) = (self.slots.caller(*worker), *status);
                return self.by(&caller, SendHeartbeat { caller: caller.clone(), status, note: None });
            }
            What::LookAtItself { worker } => {
                let caller = self.slots.caller(*worker);
                return self.by(&caller, GetOwnWorker { caller: caller.clone() });
            }
            What::SayTerms { worker, skills, terms } => return self.say_terms(*worker, *skills, *terms),
            What::Fetch { worker, patient } => return self.fetch(*worker, *patient),
            What::AskForOffers { worker, patient, limit } => return self.ask_for_offers(*worker, *patient, *limit),
            What::Accept { offer, by } | What::Reject { offer, by, .. } => return self.answer(*offer, *by, what),
            What::Report { .. } | What::Renew { .. } | What::Release { .. } | What::Park { .. } => {
                return self.write(what);
            }
            What::PutRepo { repo, budget, locks, paused, policy } => {
                let (max_open_prs, area_locks_enabled, paused) = (*budget, *locks, *paused);
                let put = PutRepo { max_open_prs, area_locks_enabled, paused, ..self.policy(*repo, *policy) };
                return self.admin(put);
            }
            What::Admit { repo, allowed, denied } => {
                let named = |handles: &[u32]| Some(handles.iter().copied().map(handle_named).collect());
                let (allowed, denied) = (named(allowed), named(denied));
                return self.admin(PutAdmission { repo: repo.name(), allowed, denied });
            }
            What::Create { task, repo, key, spec, after } => {
                let (repo, spec, depends_on) = (repo.name(), spec.with_key(*key), self.refs(after));
                let created = self.ask(Actor::Admin, CreateTask { repo, spec, depends_on })?;
                return Ok(created.map(|created| self.slots.seat_task(*task, created.task_id)));
            }
            What::Import { tasks } => return self.import(tasks),
            What::AtGithub { deed, delivery, told } => return self.at_github(deed, *delivery, *told),
            What::Deliver { delivery } => return self.deliver(*delivery),
            What::ReadIssues { repo, asked } => return self.read_issues(*repo, *asked),
            What::LookAtPull { pull } => self.look_at_pull(*pull)?,
            What::Link { repo, link } => return self.link(*repo, *link),
            What::Suspend { repo, suspended } => return self.suspend(*repo, *suspended),
            What::NoteLook { repo } => return self.note_look(*repo),
            What::TakePolicy { repo, file } => return self.take_policy(*repo, *file),
            What::SitDown { sitter } => self.sit_down(*sitter)?,
            What::KeepDesk { sitter, task, leaves } => self.keep_desk(*sitter, *task, *leaves)?,
            What::Act { task, action } => {
                return self.admin(UpdateTask { action: Some(*action), ..edit(&self.slots.task_id(*task)) });
            }
            What::Edit { task, edit: change, after } => return self.edit(*task, *change, after.as_deref()),
            What::SetTier { worker, tier, take_back } => return self.set_tier(*worker, *tier, *take_back),
            What::Revoke { worker } => {
                let worker_id = self.slots.caller(*worker).worker_id;
                return self.admin(RevokeWorker { worker_id, reason: "spam".into() });
            }
            What::ExplainTask { task } => {
                return self.admin(ExplainTask { caller: None, task_id: self.slots.task_id(*task) });
            }
            What::ExplainWork { worker } => return self.explain_work(*worker),
        }
        Ok(Ok(()))
    }

    pub fn admin<O>(&mut self, operation: O) -> Result<Verdict, Violation>
    where
        O: Operation + 'static,
        O::Outcome: 'static,
    {
        Ok(self.ask(Actor::Admin, operation)?.map(drop))
    }

    pub fn by<O>(&mut self, caller: &Caller, operation: O) -> Result<Verdict, Violation>
    where
        O: Operation + 'static,
        O::Outcome: 'static,
    {
        Ok(self.ask(Actor::Worker(caller.worker_id.clone()), operation)?.map(drop))
    }

    pub fn sweep(&mut self) -> Result<Verdict, Violation> {
        Ok(self.ask(Actor::System, ExpireLeases)?.map(drop))
    }

    fn register(&mut self, what: &What) -> Result<Verdict, Violation> {
        let What::Register { worker, skills, points, tasks, tier, terms, handle } = what else {
            unreachable!("it registers")
        };
        self.pool.set_new_worker_tier(*tier);
        let registering = RegisterWorker {
            name: "Ada".into(),
            github_handle: handle.map(|(handle, _)| handle_named(handle)),
            skills: skills.named(),
            capacity_points: *points,
            max_concurrent_tasks: *tasks,
            work_mode: mode(*terms),
            availability: self.availability(*terms),
            handle_verified: handle.is_some_and(|(_, verified)| verified),
        };
        let registered = self.ask(Actor::Anonymous, registering)?;
        Ok(registered.map(|registered| {
            let (worker_id, token_version) = (registered.worker_id, registered.token_version);
            self.slots.seat_worker(*worker, Caller { worker_id, token_version });
        }))
    }

    fn fetch(&mut self, worker: WorkerSlot, patient: bool) -> Result<Verdict, Violation> {
        let caller = self.slots.caller(worker);
        match self.fetch_by(&caller, patient)? {
            Ok(Some(work)) => {
                self.look()?;
                self.watch.check_work(&caller.worker_id, &work)?;
                Ok(Ok(()))
            }
            Ok(None) => Ok(Ok(())),
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    /// `None` where the worker did not wait for its answer, or there was too much to settle.
    pub fn fetch_by(&mut self, caller: &Caller, patient: bool) -> Result<Result<Option<Work>, Refusal>, Violation> {
        let (mut candidates_max, mut idle) = (CANDIDATES_FIRST, 0);
        for _ in 0..ROUNDS_MAX {
            let fetch = FetchWork { caller: caller.clone(), candidates_max };
            match self.ask(Actor::Worker(caller.worker_id.clone()), fetch)? {
                Err(refusal) => return Ok(Err(refusal)),
                Ok(Fetched::Found(work)) => return Ok(Ok(Some(work))),
                Ok(_) if !patient => return Ok(Ok(None)),
                Ok(Fetched::LookWider) => candidates_max = wider(candidates_max),
                Ok(Fetched::SettleFirst) => self.settle_first(&mut idle)?,
            }
        }
        Ok(Ok(None))
    }

    /// Once there may be nothing: who asks may have been the one that was silent for too long.
    fn settle_first(&mut self, idle: &mut usize) -> Result<(), Violation> {
        let settled = self.ask(Actor::System, ExpireLeases)?;
        *idle += usize::from(settled.is_ok_and(|settled| settled.count() == 0));
        ensure(*idle < 2, || "somebody was told to settle first, and there was nothing to settle".into())
    }

    /// What is foretold comes true if nobody does anything, and not a moment sooner.
    fn explain_work(&mut self, worker: WorkerSlot) -> Result<Verdict, Violation> {
        let worker_id = self.slots.caller(worker).worker_id;
        let explain = || ExplainWork { caller: None, worker_id: worker_id.clone() };
        let explained = match self.ask(Actor::Admin, explain())? {
            Ok(explained) => explained,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let Some((code, at)) = explained.nearest else { return Ok(Ok(())) };
        self.tally.came("a change is foretold");
        let offers_end = self.pool.now().plus_s(self.pool.rules().offer_ttl_s);
        let fitting_at = |at: Timestamp| {
            let seen = self.pool.foresee(&explain(), at, |snapshot| {
                let key = Key::Worker(worker_id.clone());
                let Some((version, Some(Record::Worker(worker)))) = snapshot.get(&key) else { return };
                let mut worker = worker.clone();
                worker.last_seen_at = worker.last_seen_at.max(at);
                worker.offered.retain(|_| at < offers_end);
                snapshot.insert(key, Some((version, Record::Worker(worker).into())));
            });
            seen.map(|seen| seen.fitting)
        };
        let who = &worker_id.0;
        let then = fitting_at(at);
        ensure(then.as_ref().is_ok_and(|fitting| *fitting > 0), || {
            format!("{who} was told that {code} ends the wait at {at}, and then it fits {then:?}")
        })?;
        let before = fitting_at(Timestamp::from_millis(at.as_millis() - 1));
        ensure(before.as_ref().is_ok_and(|fitting| *fitting <= explained.fitting), || {
            format!("{who} was told to wait for {code} until {at}, and before that it fits {before:?}")
        })?;
        Ok(Ok(()))
    }

    fn say_terms(&mut self, worker: WorkerSlot, skills: Option<Skills>, terms: Terms) -> Result<Verdict, Violation> {
        let caller = self.slots.caller(worker);
        let change = UpdateOwnWorker {
            caller: caller.clone(),
            skills: skills.map(Skills::named),
            capacity_points: None,
            max_concurrent_tasks: None,
            work_mode: Some(mode(terms)),
            availability: Some(self.availability(terms)),
        };
        self.by(&caller, change)
    }

    fn availability(&self, terms: Terms) -> Availability {
        let from_now = |seconds: u32| self.pool.now().plus_s(seconds);
        Availability {
            until: terms.time_s.map(from_now),
            quota_resets_at: terms.quota_s.map(from_now),
            points_per_day: terms.points_per_day,
        }
    }

    fn set_tier(
        &mut self,
        worker: WorkerSlot,
        tier: owp_wire::TrustTier,
        take_back: bool,
    ) -> Result<Verdict, Violation> {
        let leases = if take_back { RunningLeases::TakeBack } else { RunningLeases::LetRun };
        let (worker_id, reason) = (self.slots.caller(worker).worker_id, "because".into());
        self.admin(SetTrustTier { worker_id, tier, reason, leases, handle_verified: None })
    }

    fn policy(&self, repo: RepoSlot, policy: Option<Policy>) -> PutRepo {
        let named = PutRepo::named(repo.name());
        let Some(policy) = policy else { return named };
        let quiet = policy.quiet_from.map(|hour| QuietHours {
            days: Vec::new(),
            from_minute: hour * 60,
            to_minute: (hour + 8) % 24 * 60,
        });
        PutRepo {
            weight: Some(policy.weight),
            trust_tier_min: Some(policy.tier_min),
            security_extra_slots: Some(policy.security_extra),
            prs_per_hour_max: Some(policy.rate),
            quiet_hours: Some(quiet.into_iter().collect()),
            review_idle_days: Some(policy.idle_days),
            reputation_bar: Some(policy.bar),
            allow_listed_only: Some(policy.listed_only),
            paused_until: policy.pause_s.map(|seconds| self.pool.now().plus_s(seconds)),
            ..named
        }
    }

    fn refs(&self, after: &[TaskSlot]) -> Vec<TaskRef> {
        after.iter().map(|task| TaskRef::Id(self.slots.task_id(*task))).collect()
    }

    fn import(&mut self, tasks: &[ToImport]) -> Result<Verdict, Violation> {
        let list = tasks.iter().map(|one| {
            let (repo, spec) = (one.repo.name(), one.spec.with_key(Some(one.key)));
            let after = one.after.map(|key| TaskRef::Key(repo.clone(), format!("key{key}")));
            TaskToImport { repo, spec, depends_on: after.into_iter().collect() }
        });
        let imported = self.ask(Actor::Admin, ImportTasks { tasks: list.collect() })?;
        Ok(imported.map(|imported| {
            for (one, imported) in tasks.iter().zip(imported.tasks) {
                if imported.action == ImportAction::Created {
                    self.slots.seat_task(one.task, imported.task_id);
                }
            }
        }))
    }

    fn edit(&mut self, task: TaskSlot, change: Edit, after: Option<&[TaskSlot]>) -> Result<Verdict, Violation> {
        let change = UpdateTask {
            estimate_points: change.points,
            priority: change.priority,
            required_skills: change.skills.map(crate::action::Skills::named),
            area: change.area.map(|area| match area {
                AreaEdit::To(area) => Some(area_named(area)),
                AreaEdit::None => None,
            }),
            tier: change.tier,
            security: change.security,
            rating: change.rating,
            depends_on: after.map(|after| self.refs(after)),
            ..edit(&self.slots.task_id(task))
        };
        self.admin(change)
    }
}

pub fn edit(task_id: &TaskId) -> UpdateTask {
    UpdateTask::named(task_id.clone())
}

fn mode(terms: Terms) -> WorkMode {
    if terms.offers { WorkMode::Offer } else { WorkMode::Auto }
}
