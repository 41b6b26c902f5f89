//! A pool to try rules on: a store, a clock that a case moves, ids that count, and operations carried out exactly as the
//! handlers do.

use owp_logic::idempotency::IdempotentCall;
use owp_logic::limits::{CANDIDATES_FIRST, wider};
use owp_logic::operations::{
    CreateTask, ExpireLeases, FetchWork, Fetched, ImportInParts, ImportTasks, Imported, PutRepo, RegisterWorker,
    ReleaseLease, ReportTaskStatus, RequestOffers, SendHeartbeat, Settled, TaskStands, UpdateTask, Work,
};
use owp_logic::{
    Actor, Availability, Caller, Context, Ids, Key, Need, Operation, Record, Refusal, Repo, Rules, Snapshot, Task,
    TaskRef, TaskSpec, Worker, decide, scope_of,
};
use owp_store::{Store, StoreError, transact};
use owp_wire::{
    LeaseId, OfferId, ReleaseReason, RepoName, ReportedStatus, TaskAction, TaskId, TaskState, Timestamp, WorkMode,
    WorkerStatus,
};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

/// Rounds of settling and looking wider within one fetch, as many as the handler makes.
const ROUNDS_MAX: usize = 64;

#[derive(Clone)]
pub struct Pool {
    pub store: Arc<dyn Store>,
    clock: Arc<AtomicI64>,
    ids: Arc<AtomicU64>,
    rules: Arc<Mutex<Rules>>,
    /// Its first events were dropped, so they tell no more what is there.
    pruned: Arc<AtomicBool>,
}

struct CountingIds(Arc<AtomicU64>);

impl Ids for CountingIds {
    fn fresh(&mut self, prefix: char) -> String {
        format!("{prefix}_{:08}", self.0.fetch_add(1, Ordering::SeqCst))
    }
}

impl Pool {
    pub fn over(store: Arc<dyn Store>) -> Self {
        let start: Timestamp = "2026-01-18T01:00:00.000Z".parse().expect("a moment");
        Self {
            store,
            clock: Arc::new(AtomicI64::new(start.as_millis())),
            ids: Arc::default(),
            rules: Arc::default(),
            pruned: Arc::default(),
        }
    }

    /// The same clock, ids and rules over another store.
    pub fn on(&self, store: Arc<dyn Store>) -> Self {
        let (clock, ids) = (self.clock.load(Ordering::SeqCst), self.ids.load(Ordering::SeqCst));
        let (clock, ids) = (Arc::new(AtomicI64::new(clock)), Arc::new(AtomicU64::new(ids)));
        Self { store, clock, ids, rules: self.rules.clone(), pruned: self.pruned.clone() }
    }

    /// From now on the events are not held against the records.
    pub fn forget_events(&self) {
        self.pruned.store(true, Ordering::SeqCst);
    }

    pub fn has_all_events(&self) -> bool {
        !self.pruned.load(Ordering::SeqCst)
    }

    pub fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.clock.load(Ordering::SeqCst))
    }

    pub fn later(&self, seconds: u32) {
        self.later_ms(i64::from(seconds) * 1000);
    }

    pub fn later_ms(&self, millis: i64) {
        self.clock.fetch_add(millis, Ordering::SeqCst);
    }

    pub fn go_to(&self, moment: Timestamp) {
        self.clock.store(moment.as_millis(), Ordering::SeqCst);
    }

    pub fn rules(&self) -> Rules {
        self.rules.lock().unwrap().clone()
    }

    pub fn set_rules(&self, change: impl FnOnce(&mut Rules)) {
        change(&mut self.rules.lock().unwrap());
    }

    /// Has an operation decided and committed, once for each idempotency key.
    pub async fn run<O>(
        &self,
        actor: Actor,
        call: Option<IdempotentCall>,
        operation: O,
    ) -> Result<Result<O::Outcome, Refusal>, StoreError>
    where
        O: Operation + 'static,
        O::Outcome: 'static,
    {
        let asked = Arc::new((operation, call));
        let (pool, for_scope) = (self.clone(), asked.clone());
        let scope = move || scope_of(&for_scope.0, for_scope.1.as_ref(), pool.now(), &pool.rules());
        let pool = self.clone();
        let decide = move |snapshot: &Snapshot| {
            let rules = pool.rules();
            let context = Context {
                now: pool.now(),
                rules: &rules,
                actor: actor.clone(),
                request_id: "r1",
                ids: &mut CountingIds(pool.ids.clone()),
            };
            decide(&asked.0, asked.1.as_ref(), snapshot, context)
        };
        transact(&*self.store, scope, decide).await
    }

    pub async fn try_by<O>(&self, caller: &Caller, operation: O) -> Result<O::Outcome, Refusal>
    where
        O: Operation + 'static,
        O::Outcome: 'static,
    {
        self.run(Actor::Worker(caller.worker_id.clone()), None, operation).await.expect("the store works")
    }

    pub async fn try_admin<O>(&self, operation: O) -> Result<O::Outcome, Refusal>
    where
        O: Operation + 'static,
        O::Outcome: 'static,
    {
        self.run(Actor::Admin, None, operation).await.expect("the store works")
    }

    pub async fn by<O>(&self, caller: &Caller, operation: O) -> O::Outcome
    where
        O: Operation + 'static,
        O::Outcome: 'static,
    {
        self.try_by(caller, operation).await.unwrap_or_else(|refusal| panic!("refused: {refusal}"))
    }

    pub async fn admin<O>(&self, operation: O) -> O::Outcome
    where
        O: Operation + 'static,
        O::Outcome: 'static,
    {
        self.try_admin(operation).await.unwrap_or_else(|refusal| panic!("refused: {refusal}"))
    }

    /// The refusal of an operation, which must have stored nothing.
    pub async fn refusal_by<O>(&self, caller: &Caller, operation: O) -> Refusal
    where
        O: Operation + 'static,
        O::Outcome: 'static,
    {
        let before = self.everything().await;
        let refusal = self.try_by(caller, operation).await.err().expect("it is refused");
        assert!(before == self.everything().await, "a refused decision stored something: {refusal}");
        refusal
    }

    pub async fn refusal_admin<O>(&self, operation: O) -> Refusal
    where
        O: Operation + 'static,
        O::Outcome: 'static,
    {
        let before = self.everything().await;
        let refusal = self.try_admin(operation).await.err().expect("it is refused");
        assert!(before == self.everything().await, "a refused decision stored something: {refusal}");
        refusal
    }

    // What maintainers do.

    pub async fn repo(&self, name: &str, max_open_prs: u32) {
        self.admin(PutRepo { max_open_prs: Some(max_open_prs), ..repo(name) }).await;
    }

    pub async fn task(&self, repo: &str, title: &str) -> TaskId {
        self.task_with(repo, title, |_| ()).await
    }

    pub async fn task_with(&self, repo: &str, title: &str, change: impl FnOnce(&mut TaskSpec)) -> TaskId {
        let mut spec = spec(title);
        change(&mut spec);
        self.admin(CreateTask { repo: RepoName(repo.into()), spec, depends_on: vec![] }).await.task_id
    }

    /// A task that waits for others.
    pub async fn task_after(&self, repo: &str, title: &str, on: &[&TaskId]) -> TaskId {
        let depends_on = on.iter().map(|id| TaskRef::Id((*id).clone())).collect();
        self.admin(CreateTask { repo: RepoName(repo.into()), spec: spec(title), depends_on }).await.task_id
    }

    pub async fn act(&self, task_id: &TaskId, action: TaskAction) -> Task {
        self.admin(UpdateTask { action: Some(action), ..edit(task_id) }).await
    }

    pub async fn import(&self, whole: ImportTasks) -> Imported {
        self.try_import(whole).await.unwrap_or_else(|refusal| panic!("refused: {refusal}"))
    }

    /// In one commit, or in as many as the store needs.
    pub async fn try_import(&self, whole: ImportTasks) -> Result<Imported, Refusal> {
        let Some(writes_max) = self.store.writes_max() else { return self.try_admin(whole).await };
        let tried = self.try_out(&whole).await?;
        let mut parts = ImportInParts::new(whole, &tried, writes_max);
        while let Some(part) = parts.next_part() {
            match self.run(Actor::Admin, None, part).await {
                Ok(imported) => parts.take(imported?),
                Err(StoreError::TooManyWrites { .. }) if parts.shrink() => {}
                Err(error) => panic!("the store works: {error}"),
            }
        }
        Ok(parts.finish())
    }

    /// Has an operation decided and nothing committed.
    async fn try_out<O: Operation>(&self, operation: &O) -> Result<O::Outcome, Refusal> {
        let (now, rules) = (self.now(), self.rules());
        let snapshot = self.store.look(scope_of(operation, None, now, &rules)).await.expect("the store works");
        let ids = &mut CountingIds(self.ids.clone());
        let context = Context { now, rules: &rules, actor: Actor::Admin, request_id: "r1", ids };
        decide(operation, None, &snapshot, context).map(|(_, outcome)| outcome)
    }

    pub async fn settle(&self) -> Settled {
        self.run(Actor::System, None, ExpireLeases).await.expect("the store works").expect("time is not refused")
    }

    // What workers do.

    /// A worker with room for much, without skills.
    pub async fn worker(&self) -> Caller {
        self.worker_with(|_| ()).await
    }

    pub async fn worker_with(&self, change: impl FnOnce(&mut RegisterWorker)) -> Caller {
        let mut worker = RegisterWorker {
            name: "Ada".into(),
            github_handle: None,
            skills: vec![],
            capacity_points: 100,
            max_concurrent_tasks: 20,
            work_mode: WorkMode::Auto,
            availability: Availability::default(),
            handle_verified: false,
        };
        change(&mut worker);
        let registered = self.run(Actor::Anonymous, None, worker).await.expect("the store works").expect("no refusal");
        Caller { worker_id: registered.worker_id, token_version: registered.token_version }
    }

    /// A worker that takes one task at a time.
    pub async fn single(&self) -> Caller {
        self.worker_with(|worker| worker.max_concurrent_tasks = 1).await
    }

    pub async fn heartbeat(&self, caller: &Caller, status: WorkerStatus) {
        self.by(caller, SendHeartbeat { caller: caller.clone(), status, note: None }).await;
    }

    pub async fn try_fetch(&self, caller: &Caller) -> Result<Work, Refusal> {
        let mut candidates_max = CANDIDATES_FIRST;
        for _ in 0..ROUNDS_MAX {
            match self.try_by(caller, FetchWork { caller: caller.clone(), candidates_max }).await? {
                Fetched::Found(work) => return Ok(work),
                Fetched::LookWider => candidates_max = wider(candidates_max),
                Fetched::SettleFirst => {
                    self.settle().await;
                }
            }
        }
        panic!("a fetch never ends");
    }

    /// The tasks that are offered to the caller after asking, those that end first in front.
    pub async fn offers(&self, caller: &Caller) -> Vec<(TaskId, OfferId)> {
        let mut candidates_max = CANDIDATES_FIRST;
        for _ in 0..ROUNDS_MAX {
            match self.by(caller, RequestOffers { caller: caller.clone(), candidates_max, offers_max: 20 }).await {
                Fetched::Found(found) => {
                    let offers = found.offers.into_iter();
                    return offers.map(|(task, _)| (task.id, task.offer.expect("it is offered").id)).collect();
                }
                Fetched::LookWider => candidates_max = wider(candidates_max),
                Fetched::SettleFirst => {
                    self.settle().await;
                }
            }
        }
        panic!("asking for offers never ends");
    }

    /// The tasks that the caller holds after a fetch, oldest lease first.
    pub async fn fetch(&self, caller: &Caller) -> Vec<TaskId> {
        let work = self.try_fetch(caller).await.unwrap_or_else(|refusal| panic!("refused: {refusal}"));
        work.leases.into_iter().map(|(task, _)| task.id).collect()
    }

    pub async fn report(&self, caller: &Caller, task_id: &TaskId, status: ReportedStatus) -> TaskStands {
        self.by(caller, report(caller, task_id, status)).await
    }

    pub async fn release(&self, caller: &Caller, task_id: &TaskId) -> TaskState {
        let release = release(caller, &self.lease_of(task_id).await);
        self.by(caller, release).await.state
    }

    // What there is.

    pub async fn record(&self, key: Key) -> Option<Record> {
        let snapshot = self.store.look(vec![Need::Record(key.clone())]).await.expect("the store works");
        snapshot.get(&key).expect("it was asked for").1.cloned()
    }

    pub async fn get_task(&self, task_id: &TaskId) -> Task {
        match self.record(Key::Task(task_id.clone())).await {
            Some(Record::Task(task)) => task,
            other => panic!("{other:?} is no task"),
        }
    }

    pub async fn get_worker(&self, caller: &Caller) -> Worker {
        match self.record(Key::Worker(caller.worker_id.clone())).await {
            Some(Record::Worker(worker)) => worker,
            other => panic!("{other:?} is no worker"),
        }
    }

    pub async fn get_repo(&self, name: &str) -> Repo {
        match self.record(Key::Repo(RepoName(name.into()))).await {
            Some(Record::Repo(repo)) => repo,
            other => panic!("{other:?} is no repository"),
        }
    }

    pub async fn state_of(&self, task_id: &TaskId) -> TaskState {
        self.get_task(task_id).await.state
    }

    pub async fn lease_of(&self, task_id: &TaskId) -> LeaseId {
        self.get_task(task_id).await.lease.expect("somebody holds it").id
    }
}

pub fn repo(name: &str) -> PutRepo {
    PutRepo::named(RepoName(name.into()))
}

pub fn spec(title: &str) -> TaskSpec {
    TaskSpec {
        key: None,
        title: title.into(),
        description: String::new(),
        estimate_points: 1,
        priority: 10,
        required_skills: vec![],
        area: None,
        tier: 0,
        attempts_max: 3,
        depends_on: vec![],
        security: false,
        filed_by: None,
    }
}

pub fn edit(task_id: &TaskId) -> UpdateTask {
    UpdateTask::named(task_id.clone())
}

pub fn report(caller: &Caller, task_id: &TaskId, status: ReportedStatus) -> ReportTaskStatus {
    ReportTaskStatus {
        caller: caller.clone(),
        task_id: task_id.clone(),
        lease_id: None,
        status,
        message: None,
        artifact: None,
        branch: None,
        notes: None,
    }
}

pub fn release(caller: &Caller, lease_id: &LeaseId) -> ReleaseLease {
    ReleaseLease {
        caller: caller.clone(),
        lease_id: lease_id.clone(),
        reason: ReleaseReason::Failed,
        message: None,
        branch: None,
        notes: None,
    }
}

pub fn strings(words: &[&str]) -> Vec<String> {
    words.iter().map(ToString::to_string).collect()
}
