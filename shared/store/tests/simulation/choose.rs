//! Chooses what happens next. Workers, maintainers and time take turns by chance; what one does depends on how things
//! stand, so that most of it gets somewhere, and some of it is late, mistaken or odd on purpose.
//!
//! The seed decides how large a world is and what it is like, too: one is short of budget, another of workers.

use crate::action::{
    Action, AreaEdit, By, Edit, LeaseOf, OfferOf, Policy, RepoSlot, SKILLS_COUNT, Skills, Spec, TaskSlot, Terms, ToImport,
    What, WorkerSlot,
};
use crate::random::Random;
use crate::slots::{TaskSeat, WorkerSeat};
use crate::world::World;
use owp_wire::{RejectReason, ReleaseReason, ReportedStatus, TaskAction, TaskState, TrustTier, WorkerStatus};

/// What a world is like.
#[derive(Clone, Debug)]
pub struct Temper {
    pub workers: u32,
    pub tasks: u32,
    pub repos: u32,
    budget_max: u32,
    areas: u32,
    skills: u32,
    points_max: u32,
    tier_max: u32,
    /// How long on average from one action to the next.
    pace_millis: u32,
    /// One wait in so many is a jump of hours or days.
    jump_one_in: u32,
    /// One worker's turn in so many is its last for a while.
    silence_one_in: u32,
    /// One worker in so many wants to be asked.
    offers_one_in: u32,
    /// One repository's settings in so many restrict more than the budget.
    policy_one_in: u32,
    /// One task in so many waits for others.
    after_one_in: u32,
}

const HANDLES: u32 = 6;

const TIERS: [TrustTier; 4] = [TrustTier::Untrusted, TrustTier::Basic, TrustTier::Trusted, TrustTier::Maintainer];

impl Temper {
    fn of(random: &mut Random) -> Self {
        let workers = random.weighed(&[(25, 40), (30, 150), (25, 500), (12, 1500), (8, 4000)]);
        let tasks = workers * random.pick(&[1, 2, 4]);
        Self {
            workers,
            tasks,
            repos: (tasks / random.pick(&[8, 30, 100])).clamp(3, 300),
            budget_max: random.pick(&[1, 4, 10, 30]),
            areas: random.pick(&[2, 5, 20]),
            skills: random.pick(&[2, 4, SKILLS_COUNT]),
            points_max: random.pick(&[2, 5, 13]),
            tier_max: random.pick(&[0, 1, 3]),
            pace_millis: 200_000 / workers * random.pick(&[1, 1, 2, 6]),
            jump_one_in: random.pick(&[100, 300, 1000]),
            silence_one_in: random.pick(&[50, 200, 1000]),
            offers_one_in: random.pick(&[2, 3, 10]),
            policy_one_in: random.pick(&[2, 5, 20]),
            after_one_in: random.pick(&[3, 10, 50]),
        }
    }
}

pub struct Chooser {
    random: Random,
    pub temper: Temper,
    /// The last action under each idempotency key, to be sent again.
    keyed: Vec<Option<What>>,
    /// Writes that come after a jump of the clock, before anybody has settled what died.
    late_writes: u32,
}

const KEYS: u32 = 16;

/// Keys of maintainers for tasks.
const TASK_KEYS: u32 = 40;

impl Chooser {
    pub fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let temper = Temper::of(&mut random);
        Self { random, temper, keyed: vec![None; KEYS as usize], late_writes: 0 }
    }

    pub fn next(&mut self, world: &World) -> Action {
        if self.random.one_in(200) {
            return self.again(world);
        }
        Action { what: self.what(world), under: None }
    }

    /// Something under an idempotency key, most often one that was used before.
    fn again(&mut self, world: &World) -> Action {
        let key = self.random.below(KEYS);
        let known = self.keyed[key as usize].clone().filter(|_| !self.random.one_in(4));
        let what = known.unwrap_or_else(|| {
            loop {
                let what = self.what(world);
                if takes_key(&what) {
                    break what;
                }
            }
        });
        self.keyed[key as usize] = Some(what.clone());
        Action { what, under: Some(key) }
    }

    fn what(&mut self, world: &World) -> What {
        if self.late_writes > 0 {
            self.late_writes -= 1;
            if let Some(what) = self.as_if_nothing_had_died(world) {
                return what;
            }
        }
        match self.random.below(1000) {
            0..700 => self.worker_acts(world),
            700..910 => self.maintainer_acts(world),
            910..970 => self.time_passes(),
            970..985 => self.put_repo(),
            985..999 => self.something_odd(world),
            _ if self.random.one_in(200) => What::EndAll,
            _ => self.something_rare(world),
        }
    }

    fn time_passes(&mut self) -> What {
        let jump = self.random.one_in(self.temper.jump_one_in);
        self.late_writes = if jump { self.random.below(20) } else { self.late_writes };
        let back = self.random.one_in(300);
        let millis = match () {
            () if jump => self.random.pick(&[3_600_000, 14_400_000, 90_000_000, 260_000_000, 900_000_000]),
            () if back => -i64::from(self.random.between(1, 20_000)),
            () => {
                let fits_pace = self.temper.pace_millis.saturating_mul(30).max(2);
                i64::from(self.random.below(fits_pace))
            }
        };
        What::Wait { millis }
    }

    // Workers.

    fn any_worker(&mut self) -> WorkerSlot {
        WorkerSlot(self.random.below(self.temper.workers))
    }

    /// Who has a task is more busy than who has none.
    fn worker_acts(&mut self, world: &World) -> What {
        let mut worker = self.any_worker();
        for _ in 0..3 {
            if world.slots.worker(worker).is_none_or(|seat| !seat.tasks.is_empty()) {
                break;
            }
            worker = self.any_worker();
        }
        let Some(seat) = world.slots.worker(worker) else { return self.register(worker) };
        if seat.is_silent {
            return self.silent_acts(worker, seat);
        }
        if seat.is_revoked && !self.random.one_in(4) {
            return self.register(worker);
        }
        if self.random.one_in(self.temper.silence_one_in) {
            return What::FallSilent { worker };
        }
        if self.random.one_in(15) {
            return self.heartbeat(worker);
        }
        if self.random.one_in(40) {
            return What::LookAtItself { worker };
        }
        if self.random.one_in(40) {
            return self.say_terms(worker);
        }
        if let Some(task) = seat.lost.filter(|_| self.random.one_in(12)) {
            return self.late_write(task, worker);
        }
        if !seat.tasks.is_empty() && !self.random.one_in(4) {
            let task = self.random.pick(&seat.tasks);
            if let Some(what) = world.slots.task(task).and_then(|seat| self.work_on(task, seat)) {
                return what;
            }
        }
        let patient = !self.random.one_in(5);
        if seat.wants_offers != self.random.one_in(30) {
            return What::AskForOffers { worker, patient, limit: self.random.pick(&[20, 20, 1, 2, 0]) };
        }
        What::Fetch { worker, patient }
    }

    fn say_terms(&mut self, worker: WorkerSlot) -> What {
        let skills = self.random.one_in(4).then(|| Skills(self.random.below(1 << self.temper.skills)));
        What::SayTerms { worker, skills, terms: self.terms() }
    }

    fn terms(&mut self) -> Terms {
        Terms {
            offers: self.random.one_in(self.temper.offers_one_in),
            points_per_day: self.random.one_in(6).then(|| self.random.between(1, self.temper.points_max * 4)),
            time_s: self.random.one_in(12).then(|| self.random.pick(&[600, 7200, 40_000])),
            quota_s: self.random.one_in(12).then(|| self.random.pick(&[60, 3600, 30_000])),
        }
    }

    fn answer(&mut self, offer: OfferOf, by: By) -> What {
        const REASONS: [RejectReason; 4] = [
            RejectReason::InsufficientTime,
            RejectReason::UnclearRequirements,
            RejectReason::SkillMismatch,
            RejectReason::Quota,
        ];
        if self.random.one_in(4) {
            What::Reject { offer, by, reason: self.random.pick(&REASONS) }
        } else {
            What::Accept { offer, by }
        }
    }

    /// Comes back in the end, and the first that it says is often a write that comes too late.
    fn silent_acts(&mut self, worker: WorkerSlot, seat: &WorkerSeat) -> What {
        match (seat.tasks.first(), self.random.below(12)) {
            (Some(task), 0) => self.late_write(*task, worker),
            (_, 1) => What::ComeBack { worker },
            _ => self.time_passes(),
        }
    }

    fn as_if_nothing_had_died(&mut self, world: &World) -> Option<What> {
        let busy = (0..20).find_map(|_| world.slots.worker(self.any_worker()).filter(|seat| !seat.tasks.is_empty()))?;
        let task = self.random.pick(&busy.tasks);
        self.work_on(task, world.slots.task(task)?)
    }

    fn late_write(&mut self, task: TaskSlot, worker: WorkerSlot) -> What {
        if self.random.one_in(6) {
            let back = self.random.pick(&[0, 0, 1]);
            let by = if self.random.one_in(3) { By::Worker(worker) } else { By::Holder };
            return self.answer(OfferOf { task, back }, by);
        }
        let lease = LeaseOf { task, back: self.random.pick(&[0, 0, 1, 2]) };
        let by = if self.random.one_in(3) { By::Worker(worker) } else { By::Holder };
        self.write(lease, by)
    }

    fn write(&mut self, lease: LeaseOf, by: By) -> What {
        const STATUSES: [ReportedStatus; 4] =
            [ReportedStatus::InProgress, ReportedStatus::Blocked, ReportedStatus::PrOpened, ReportedStatus::Merged];
        match self.random.below(9) {
            0 => What::Renew { lease, by },
            1 => self.release(lease, by),
            2 => self.park(lease, by),
            _ => {
                let status = self.random.pick(&STATUSES);
                self.report(lease, by, status)
            }
        }
    }

    fn report(&mut self, lease: LeaseOf, by: By, status: ReportedStatus) -> What {
        let message = self.random.one_in(4).then(|| self.random.below(3));
        What::Report { lease, by, named: self.random.one_in(2), status, message }
    }

    fn park(&mut self, lease: LeaseOf, by: By) -> What {
        What::Park { lease, by, seconds: self.random.pick(&[-5, 600, 20_000, 90_000]) }
    }

    fn release(&mut self, lease: LeaseOf, by: By) -> What {
        const REASONS: [ReleaseReason; 6] = [
            ReleaseReason::InsufficientTime,
            ReleaseReason::UnclearRequirements,
            ReleaseReason::SkillMismatch,
            ReleaseReason::QuotaExhausted,
            ReleaseReason::Blocked,
            ReleaseReason::Failed,
        ];
        What::Release { lease, by, reason: self.random.pick(&REASONS) }
    }

    fn register(&mut self, worker: WorkerSlot) -> What {
        What::Register {
            worker,
            skills: Skills(self.random.below(1 << self.temper.skills)),
            points: self.random.between(1, self.temper.points_max * 3),
            tasks: self.random.between(1, 4),
            tier: self.random.pick(&TIERS),
            terms: self.terms(),
            handle: self.random.one_in(2).then(|| (self.random.below(HANDLES), self.random.one_in(2))),
        }
    }

    fn heartbeat(&mut self, worker: WorkerSlot) -> What {
        let statuses = [(5, WorkerStatus::Idle), (10, WorkerStatus::Working), (1, WorkerStatus::Paused)];
        What::Heartbeat { worker, status: self.random.weighed(&statuses) }
    }

    /// What its holder does with a task; nothing where it only waits.
    fn work_on(&mut self, task: TaskSlot, seat: &TaskSeat) -> Option<What> {
        #[derive(Clone)]
        enum Deed {
            Report(ReportedStatus),
            Renew,
            Release,
            Park,
            Answer,
            Nothing,
        }
        use Deed::{Answer, Nothing, Park, Release, Renew, Report};
        use ReportedStatus::{Blocked, InProgress, Merged, PrOpened};
        let deeds: &[(u32, Deed)] = match seat.state {
            TaskState::Leased => {
                &[(60, Report(InProgress)), (15, Report(PrOpened)), (6, Report(Blocked)), (8, Release), (3, Renew), (3, Park)]
            }
            TaskState::InProgress => {
                &[(60, Report(PrOpened)), (8, Report(Blocked)), (8, Report(InProgress)), (8, Release), (10, Renew), (4, Park)]
            }
            TaskState::Blocked => {
                &[(50, Report(InProgress)), (10, Report(PrOpened)), (10, Release), (10, Renew), (3, Park)]
            }
            TaskState::Offered => &[(70, Answer), (30, Nothing)],
            TaskState::ChangesRequested => {
                &[(30, Report(InProgress)), (40, Report(PrOpened)), (4, Release), (6, Renew), (1, Park), (20, Nothing)]
            }
            TaskState::PrOpened => {
                &[(8, Report(Merged)), (4, Report(PrOpened)), (2, Renew), (1, Release), (85, Nothing)]
            }
            _ => &[(1, Nothing)],
        };
        let lease = LeaseOf { task, back: 0 };
        match self.random.weighed(deeds) {
            Report(status) => Some(self.report(lease, By::Holder, status)),
            Renew => Some(What::Renew { lease, by: By::Holder }),
            Release => Some(self.release(lease, By::Holder)),
            Park => Some(self.park(lease, By::Holder)),
            Answer => Some(self.answer(OfferOf { task, back: 0 }, By::Holder)),
            Nothing => None,
        }
    }

    // Maintainers.

    fn any_task(&mut self) -> TaskSlot {
        TaskSlot(self.random.below(self.temper.tasks))
    }

    fn any_repo(&mut self) -> RepoSlot {
        RepoSlot(self.random.below(self.temper.repos))
    }

    /// Looks at tasks until one wants something done.
    fn maintainer_acts(&mut self, world: &World) -> What {
        for _ in 0..8 {
            let task = self.any_task();
            let what = match world.slots.task(task).map(|seat| seat.state) {
                Some(TaskState::Closed | TaskState::Cancelled) if self.random.one_in(4) => {
                    Some(act(task, TaskAction::Requeue))
                }
                Some(TaskState::Merged) if self.random.one_in(12) => Some(self.judge(task)),
                None | Some(TaskState::Merged | TaskState::Closed | TaskState::Cancelled) => {
                    Some(self.create(world, task))
                }
                Some(TaskState::PrOpened) => Some(self.review(task)),
                Some(TaskState::Failed | TaskState::NeedsInfo) => Some(self.reopen(task)),
                Some(TaskState::Ready) if self.random.one_in(10) => Some(self.edit(task)),
                Some(TaskState::Ready | TaskState::Waiting) if self.random.one_in(60) => {
                    Some(act(task, TaskAction::Cancel))
                }
                Some(TaskState::Waiting) if self.random.one_in(10) => Some(self.edit(task)),
                Some(_) if self.random.one_in(60) => Some(self.interfere(task)),
                Some(_) => None,
            };
            if let Some(what) = what {
                return what;
            }
        }
        self.worker_acts(world)
    }

    fn create(&mut self, world: &World, task: TaskSlot) -> What {
        let repo = self.any_repo();
        if world.watch.history.repo(&repo.name()).is_none() && !self.random.one_in(10) {
            return self.put_this_repo(repo);
        }
        if self.random.one_in(10) {
            return self.import(task);
        }
        let key = self.random.one_in(30).then(|| self.random.below(TASK_KEYS));
        let after = if self.random.one_in(self.temper.after_one_in) { self.after() } else { Vec::new() };
        What::Create { task, repo, key, spec: self.spec(), after }
    }

    /// Some tasks, of which one may be a task that nobody knows. Most are of a few that many wait for.
    fn after(&mut self) -> Vec<TaskSlot> {
        let few = self.random.one_in(2);
        let mut tasks: Vec<TaskSlot> = (0..self.random.between(1, 2))
            .map(|_| if few { TaskSlot(self.random.below(3)) } else { self.any_task() })
            .collect();
        if self.random.one_in(200) {
            tasks.push(TaskSlot(u32::MAX));
        }
        tasks
    }

    /// Of what is merged.
    fn judge(&mut self, task: TaskSlot) -> What {
        if self.random.one_in(3) { act(task, TaskAction::Revert) } else { self.rate(task) }
    }

    fn rate(&mut self, task: TaskSlot) -> What {
        let rating = self.random.pick(&[1, 3, 4, 5]);
        let edit = Edit {
            points: None,
            priority: None,
            skills: None,
            area: None,
            tier: None,
            security: None,
            rating: Some(rating),
        };
        What::Edit { task, edit, after: None }
    }

    fn import(&mut self, first: TaskSlot) -> What {
        let mut tasks = Vec::new();
        for index in 0..=self.random.below(3) {
            let task = if index == 0 { first } else { self.any_task() };
            let (repo, key, spec) = (self.any_repo(), self.random.below(TASK_KEYS), self.spec());
            // All of a list go to one repository most of the time, so that keys meet.
            let repo = tasks.first().filter(|_| !self.random.one_in(3)).map_or(repo, |first: &ToImport| first.repo);
            let after = self.random.one_in(self.temper.after_one_in).then(|| self.random.below(TASK_KEYS));
            tasks.push(ToImport { task, repo, key, spec, after });
        }
        What::Import { tasks }
    }

    fn spec(&mut self) -> Spec {
        let skills = self.random.below(1 << self.temper.skills) & self.random.below(1 << self.temper.skills);
        Spec {
            points: self.random.between(1, self.temper.points_max),
            priority: self.random.pick(&[10, 10, 10, 20, 50, 80, 100]),
            skills: Skills(skills & self.random.below(1 << self.temper.skills)),
            area: self.random.one_in(2).then(|| self.random.below(self.temper.areas)),
            tier: self.random.below(self.temper.tier_max + 1),
            attempts_max: self.random.between(1, 4),
            security: self.random.one_in(8),
        }
    }

    fn review(&mut self, task: TaskSlot) -> What {
        let actions = [
            (60, TaskAction::Merge),
            (22, TaskAction::RequestChanges),
            (10, TaskAction::Close),
            (4, TaskAction::Requeue),
            (4, TaskAction::Cancel),
        ];
        act(task, self.random.weighed(&actions))
    }

    fn reopen(&mut self, task: TaskSlot) -> What {
        match self.random.below(10) {
            0 => act(task, TaskAction::Cancel),
            1..4 => self.edit(task),
            _ => act(task, TaskAction::Requeue),
        }
    }

    /// An action in any state, allowed there or not.
    fn interfere(&mut self, task: TaskSlot) -> What {
        const ACTIONS: [TaskAction; 6] = [
            TaskAction::Cancel,
            TaskAction::Requeue,
            TaskAction::RequestChanges,
            TaskAction::Merge,
            TaskAction::Close,
            TaskAction::Revert,
        ];
        if self.random.one_in(12) {
            return self.rate(task);
        }
        if self.random.one_in(3) { self.edit(task) } else { act(task, self.random.pick(&ACTIONS)) }
    }

    fn edit(&mut self, task: TaskSlot) -> What {
        let spec = self.spec();
        let edit = Edit {
            points: Some(spec.points).filter(|_| self.random.one_in(3)),
            priority: Some(spec.priority).filter(|_| self.random.one_in(2)),
            skills: Some(spec.skills).filter(|_| self.random.one_in(3)),
            area: Some(spec.area.map_or(AreaEdit::None, AreaEdit::To)).filter(|_| self.random.one_in(3)),
            tier: Some(spec.tier).filter(|_| self.random.one_in(4)),
            security: Some(spec.security).filter(|_| self.random.one_in(4)),
            rating: None,
        };
        let after = match self.random.below(8) {
            0 => Some(self.after()),
            1 => Some(Vec::new()),
            _ => None,
        };
        What::Edit { task, edit, after }
    }

    fn put_repo(&mut self) -> What {
        let repo = self.any_repo();
        self.put_this_repo(repo)
    }

    fn put_this_repo(&mut self, repo: RepoSlot) -> What {
        let budget = self.random.below(self.temper.budget_max + 1);
        What::PutRepo {
            repo,
            budget: Some(budget).filter(|_| !self.random.one_in(3)),
            locks: Some(!self.random.one_in(4)).filter(|_| self.random.one_in(3)),
            paused: Some(self.random.one_in(8)).filter(|_| self.random.one_in(2)),
            policy: self.random.one_in(2).then(|| self.policy()),
        }
    }

    /// One that restricts nothing most of the time, so that a world goes on.
    fn policy(&mut self) -> Policy {
        let strict = self.random.one_in(self.temper.policy_one_in);
        let pick = |random: &mut Random, choices: &[u32]| if strict { random.pick(choices) } else { 0 };
        let random = &mut self.random;
        Policy {
            weight: random.pick(&[1, 10, 10, 50, 100]),
            tier_min: TIERS[pick(random, &[0, 0, 1, 2]) as usize],
            security_extra: random.pick(&[0, 0, 1, 3]),
            rate: pick(random, &[0, 1, 4, 20]),
            quiet_from: Some(random.below(24)).filter(|_| strict && random.one_in(2)),
            idle_days: random.pick(&[0, 0, 1, 7]),
            bar: pick(random, &[0, 20, 50, 90]),
            listed_only: strict && random.one_in(6),
            pause_s: Some(random.pick(&[60, 7200, 100_000])).filter(|_| strict && random.one_in(3)),
        }
    }

    fn admit(&mut self) -> What {
        let mut some = || (0..HANDLES).filter(|_| self.random.one_in(3)).collect();
        let (allowed, denied) = (some(), some());
        What::Admit { repo: self.any_repo(), allowed, denied }
    }

    // What nobody should do, and what is seldom done.

    fn something_odd(&mut self, world: &World) -> What {
        let (task, worker) = (self.any_task(), self.any_worker());
        match self.random.below(12) {
            0 => self.interfere(task),
            1 => act(TaskSlot(u32::MAX), TaskAction::Cancel),
            2 => self.late_write(task, worker),
            3 => self.write(LeaseOf { task, back: 0 }, By::Worker(worker)),
            4 => self.write(LeaseOf { task: TaskSlot(u32::MAX), back: 0 }, By::Worker(worker)),
            5 => What::Create { task, repo: RepoSlot(self.temper.repos), key: None, spec: self.spec(), after: Vec::new() },
            6 => self.import(task),
            7 => What::Fetch { worker: WorkerSlot(u32::MAX), patient: true },
            8 if self.random.one_in(4) => self.admit(),
            8 | 9 => What::Sweep,
            10 if self.random.one_in(2) => {
                let (tier, take_back) = (self.random.pick(&TIERS), self.random.one_in(2));
                What::SetTier { worker, tier, take_back }
            }
            10 => self.put_repo(),
            _ => {
                let back = self.random.below(4);
                let by =
                    if world.slots.lease(LeaseOf { task, back }).is_some() { By::Holder } else { By::Worker(worker) };
                self.write(LeaseOf { task, back }, by)
            }
        }
    }

    fn something_rare(&mut self, world: &World) -> What {
        let (task, worker) = (self.any_task(), self.any_worker());
        match self.random.below(8) {
            0 | 1 => What::Revoke { worker },
            2 if self.random.one_in(8) => What::Revoke { worker: WorkerSlot(u32::MAX) },
            2 | 3 => What::Prune,
            4 => What::ExplainTask { task },
            5 => What::ExplainWork { worker },
            6 if world.slots.task(task).is_none() => What::ExplainTask { task },
            _ => What::Sweep,
        }
    }
}

fn act(task: TaskSlot, action: TaskAction) -> What {
    What::Act { task, action }
}

/// Whether a call of this kind is sent under an idempotency key at all.
fn takes_key(what: &What) -> bool {
    !matches!(
        what,
        What::Wait { .. }
            | What::FallSilent { .. }
            | What::ComeBack { .. }
            | What::Fetch { .. }
            | What::AskForOffers { .. }
            | What::LookAtItself { .. }
            | What::ExplainTask { .. }
            | What::ExplainWork { .. }
            | What::Sweep
            | What::Prune
            | What::EndAll
    )
}
