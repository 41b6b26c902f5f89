//! The random steps. Each says what it did and what came of it, so that two runs can be compared.

use super::oracle::Ready;
use crate::pool::{Pool, edit, release, repo, report, spec};
use owp_logic::idempotency::IdempotentCall;
use owp_logic::operations::{
    CreateTask, ExplainTask, ExplainWork, ImportTasks, PutRepo, ReleaseLease, RenewLease, ReportTaskStatus,
    RevokeWorker, SendHeartbeat, TaskToImport, UpdateTask,
};
use owp_logic::{Actor, Caller, TaskSpec};
use owp_wire::{LeaseId, ReleaseReason, RepoName, ReportedStatus, TaskAction, TaskId, TrustTier, WorkerStatus};
use std::fmt::Debug;

const REPOS: [&str; 4] = ["demo", "own/er", "z", "a"];
const SKILLS: [&str; 4] = ["rust", "python", "sql", "docs"];
const AREAS: [&str; 3] = ["auth", "docs", "core"];
/// More than this are not looked at by the oracle.
const READY_MAX: usize = 150;

pub struct Simulation {
    pub pool: Pool,
    random: Xorshift,
    workers: Vec<Caller>,
    tasks: Vec<TaskId>,
    /// Every lease that was ever given, with who had it.
    leases: Vec<(Caller, TaskId, LeaseId)>,
}

struct Xorshift(u64);

impl Xorshift {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).expect("less than a usize")
    }

    fn number(&mut self, end: u32) -> u32 {
        u32::try_from(self.below(end as usize)).expect("less than a u32")
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

pub fn all_skills() -> Vec<String> {
    SKILLS.map(str::to_owned).to_vec()
}

impl Simulation {
    pub fn new(pool: Pool, seed: u64) -> Self {
        let random = Xorshift(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        Self { pool, random, workers: Vec::new(), tasks: Vec::new(), leases: Vec::new() }
    }

    /// Does something, and says what came of it.
    pub async fn step(&mut self) -> String {
        if self.workers.is_empty() || self.tasks.is_empty() {
            return self.begin().await;
        }
        match self.random.below(100) {
            0..30 => self.fetch().await,
            30..52 => self.report().await,
            52..57 => self.release().await,
            57..61 => self.renew().await,
            61..67 => self.create().await,
            67..70 => self.import().await,
            70..76 => self.wait(&[1, 20, 500, 3_000]),
            76..80 => self.wait(&[10_000, 60_000, 120_000]),
            80 => self.wait(&[1_000_000, 3_600_000, 14_400_000, 260_000_000]),
            81..85 => self.heartbeat().await,
            85..88 => self.put_repo().await,
            88..93 => self.act().await,
            93..95 => self.edit().await,
            95 => self.register().await,
            96 if self.random.one_in(3) => self.revoke().await,
            97 => said("settle", &self.pool.settle().await),
            98 => self.explain().await,
            _ => self.repeat().await,
        }
    }

    async fn begin(&mut self) -> String {
        for name in REPOS {
            self.pool.repo(name, 3).await;
        }
        self.register().await;
        self.create().await
    }

    pub async fn open_every_repo(&mut self) {
        for name in REPOS {
            let (paused, max_open_prs) = (Some(false), Some(100));
            self.pool.admin(PutRepo { paused, max_open_prs, ..repo(name) }).await;
        }
    }

    async fn fetch(&mut self) -> String {
        let caller = self.random.pick(&self.workers).clone();
        // Half of the fetches come upon a pool where the dead are settled, so that the search alone can be looked at.
        let settled = self.random.one_in(2);
        while settled && self.pool.settle().await.more {}
        let before = if settled { Ready::of(&self.pool, &caller).await } else { None };
        let fetched = self.pool.try_fetch(&caller).await;
        if let Ok(work) = &fetched {
            if let Some(before) = before {
                before.check_first(&self.pool, work);
            }
            if let Some(after) = Ready::of(&self.pool, &caller).await {
                after.check_rest(&self.pool);
            }
            for (task, _) in &work.leases {
                let lease = task.lease.as_ref().expect("a lease that is listed");
                let held = (caller.clone(), task.id.clone(), lease.id.clone());
                if !self.leases.contains(&held) {
                    self.leases.push(held);
                }
            }
        }
        said("fetch", &fetched)
    }

    /// A lease, most often one of the latest.
    fn lease(&mut self) -> Option<(Caller, TaskId, LeaseId)> {
        let count = self.leases.len();
        let from = if self.random.one_in(4) { 0 } else { count.saturating_sub(12) };
        (count > 0).then(|| self.random.pick(&self.leases[from..]).clone())
    }

    async fn report(&mut self) -> String {
        const STATUSES: [ReportedStatus; 4] =
            [ReportedStatus::InProgress, ReportedStatus::Blocked, ReportedStatus::PrOpened, ReportedStatus::Merged];
        let Some((caller, task_id, lease_id)) = self.lease() else { return String::new() };
        let status = *self.random.pick(&STATUSES);
        let write = ReportTaskStatus {
            lease_id: Some(lease_id).filter(|_| self.random.one_in(2)),
            message: Some("m".to_owned()).filter(|_| self.random.one_in(3)),
            ..report(&caller, &task_id, status)
        };
        said("report", &self.pool.try_by(&caller, write).await)
    }

    async fn release(&mut self) -> String {
        let Some((caller, _, lease_id)) = self.lease() else { return String::new() };
        let reason = *self.random.pick(&[ReleaseReason::Failed, ReleaseReason::UnclearRequirements]);
        let release = ReleaseLease { reason, ..release(&caller, &lease_id) };
        said("release", &self.pool.try_by(&caller, release).await)
    }

    async fn renew(&mut self) -> String {
        let Some((caller, _, lease_id)) = self.lease() else { return String::new() };
        said("renew", &self.pool.try_by(&caller, RenewLease { caller: caller.clone(), lease_id }).await)
    }

    fn random_spec(&mut self) -> TaskSpec {
        let skills = (0..self.random.below(3)).map(|_| (*self.random.pick(&SKILLS)).to_owned());
        let required_skills = owp_logic::normalize_skills(&skills.collect::<Vec<_>>());
        let area = (*self.random.pick(&AREAS)).to_owned();
        TaskSpec {
            estimate_points: 1 + self.random.number(6),
            priority: *self.random.pick(&[10, 10, 10, 50, 100]),
            required_skills,
            area: Some(area).filter(|_| self.random.one_in(2)),
            tier: self.random.number(8).saturating_sub(4),
            attempts_max: 1 + self.random.number(4),
            ..spec("a")
        }
    }

    async fn create(&mut self) -> String {
        let counts = self.pool.store.counts(self.pool.now()).await.expect("the store works");
        if counts.tasks.get(&owp_wire::TaskState::Ready).is_some_and(|ready| *ready > READY_MAX) {
            return "enough".into();
        }
        let repo = RepoName((*self.random.pick(&REPOS)).into());
        let spec = self.random_spec();
        let created = self.pool.admin(CreateTask { repo, spec, depends_on: vec![] }).await;
        self.tasks.push(created.task_id.clone());
        said("create", &created)
    }

    async fn import(&mut self) -> String {
        let mut tasks = Vec::new();
        for _ in 0..=self.random.below(3) {
            let key = Some(format!("key {}", self.random.below(200)));
            let repo = RepoName((*self.random.pick(&REPOS)).into());
            tasks.push(TaskToImport { repo, spec: TaskSpec { key, ..self.random_spec() }, depends_on: vec![] });
        }
        let imported = self.pool.try_admin(ImportTasks { tasks }).await;
        if let Ok(imported) = &imported {
            for one in &imported.tasks {
                if !self.tasks.contains(&one.task_id) {
                    self.tasks.push(one.task_id.clone());
                }
            }
        }
        said("import", &imported)
    }

    fn wait(&mut self, millis: &[i64]) -> String {
        self.pool.later_ms(*self.random.pick(millis));
        "wait".into()
    }

    async fn heartbeat(&mut self) -> String {
        let caller = self.random.pick(&self.workers).clone();
        let statuses = [WorkerStatus::Idle, WorkerStatus::Working, WorkerStatus::Working, WorkerStatus::Paused];
        let beat = SendHeartbeat { caller: caller.clone(), status: *self.random.pick(&statuses), note: None };
        said("heartbeat", &self.pool.try_by(&caller, beat).await)
    }

    async fn put_repo(&mut self) -> String {
        let name = *self.random.pick(&REPOS);
        let change = PutRepo {
            max_open_prs: Some(self.random.number(9)),
            area_locks_enabled: Some(!self.random.one_in(3)),
            paused: Some(self.random.one_in(6)),
            ..repo(name)
        };
        said("put repo", &self.pool.admin(change).await)
    }

    fn task(&mut self) -> TaskId {
        let from = if self.random.one_in(3) { 0 } else { self.tasks.len().saturating_sub(40) };
        self.random.pick(&self.tasks[from..]).clone()
    }

    async fn act(&mut self) -> String {
        const ACTIONS: [TaskAction; 5] =
            [TaskAction::Cancel, TaskAction::Requeue, TaskAction::RequestChanges, TaskAction::Merge, TaskAction::Close];
        let action = Some(*self.random.pick(&ACTIONS));
        let task_id = self.task();
        said("act", &self.pool.try_admin(UpdateTask { action, ..edit(&task_id) }).await)
    }

    async fn edit(&mut self) -> String {
        let (task_id, spec) = (self.task(), self.random_spec());
        let change = UpdateTask {
            estimate_points: Some(spec.estimate_points).filter(|_| self.random.one_in(2)),
            priority: Some(spec.priority),
            required_skills: Some(spec.required_skills).filter(|_| self.random.one_in(2)),
            area: Some(spec.area).filter(|_| self.random.one_in(2)),
            ..edit(&task_id)
        };
        said("edit", &self.pool.try_admin(change).await)
    }

    async fn register(&mut self) -> String {
        const TIERS: [TrustTier; 4] =
            [TrustTier::Untrusted, TrustTier::Basic, TrustTier::Trusted, TrustTier::Maintainer];
        let tier = *self.random.pick(&TIERS);
        self.pool.set_rules(|rules| rules.new_worker_tier = tier);
        let skills = SKILLS.into_iter().filter(|_| !self.random.one_in(3)).map(str::to_owned).collect();
        let (points, tasks) = (1 + self.random.number(12), 1 + self.random.number(4));
        let change = |worker: &mut owp_logic::operations::RegisterWorker| {
            (worker.capacity_points, worker.max_concurrent_tasks, worker.skills) = (points, tasks, skills);
        };
        let caller = self.pool.worker_with(change).await;
        self.workers.push(caller.clone());
        if self.workers.len() > 12 {
            self.workers.remove(0);
        }
        said("register", &caller)
    }

    async fn revoke(&mut self) -> String {
        let caller = self.random.pick(&self.workers).clone();
        let revoke = RevokeWorker { worker_id: caller.worker_id, reason: "spam".into() };
        said("revoke", &self.pool.admin(revoke).await)
    }

    async fn explain(&mut self) -> String {
        let (task_id, worker_id) = (self.task(), self.random.pick(&self.workers).worker_id.clone());
        let of_task = self.pool.admin(ExplainTask { caller: None, task_id }).await;
        let of_worker = self.pool.admin(ExplainWork { caller: None, worker_id }).await;
        said("explain", &(of_task, of_worker))
    }

    /// A call under one of a few idempotency keys.
    async fn repeat(&mut self) -> String {
        let key = format!("key {}", self.random.below(20));
        let call = IdempotentCall { key, fingerprint: format!("f{}", self.random.below(2)) };
        let create = CreateTask { repo: RepoName(REPOS[0].into()), spec: spec("a"), depends_on: vec![] };
        let created = self.pool.run(Actor::Admin, Some(call), create).await.expect("the store works");
        if let Ok(created) = &created
            && !self.tasks.contains(&created.task_id)
        {
            self.tasks.push(created.task_id.clone());
        }
        said("repeat", &created)
    }
}

fn said(what: &str, outcome: &impl Debug) -> String {
    format!("{what}: {outcome:?}")
}
