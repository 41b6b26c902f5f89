//! Chooses what happens next. Workers, maintainers and time take turns by chance; what one does depends on how things
//! stand, so that most of it gets somewhere, and some of it is late, mistaken or odd on purpose.
//!
//! The seed decides how large a world is and what it is like, too: one is short of budget, another of workers.

mod github;
mod maintainers;
mod workers;

use crate::action::{Action, By, LeaseOf, RepoSlot, SKILLS_COUNT, TaskSlot, What, WorkerSlot};
use crate::random::Random;
use crate::world::World;
use owp_wire::{TaskAction, TrustTier};

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
    /// So many of ten repositories are linked to GitHub.
    linked_of_ten: u32,
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
            linked_of_ten: random.pick(&[0, 0, 4, 8, 10]),
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
            0..90 if self.temper.linked_of_ten > 0 => self.github_acts(world),
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
        // A clock that is put right may have been ahead for a day.
        let far_back = back && self.random.one_in(10);
        let millis = match () {
            () if far_back => -i64::from(self.random.between(60_000, 90_000_000)),
            () if jump => self.random.pick(&[3_600_000, 14_400_000, 90_000_000, 260_000_000, 900_000_000]),
            () if back => -i64::from(self.random.between(1, 20_000)),
            () => {
                let fits_pace = self.temper.pace_millis.saturating_mul(30).max(2);
                i64::from(self.random.below(fits_pace))
            }
        };
        What::Wait { millis }
    }

    // What nobody should do, and what is seldom done.

    fn something_odd(&mut self, world: &World) -> What {
        let (task, worker) = (self.any_task(), self.any_worker());
        match self.random.below(14) {
            0 => self.interfere(task),
            1 => act(TaskSlot(u32::MAX), TaskAction::Cancel),
            2 => self.late_write(task, worker),
            3 => self.write(LeaseOf { task, back: 0 }, By::Worker(worker)),
            4 => self.write(LeaseOf { task: TaskSlot(u32::MAX), back: 0 }, By::Worker(worker)),
            5 => What::Create {
                task,
                repo: RepoSlot(self.temper.repos),
                key: None,
                spec: self.spec(),
                after: Vec::new(),
            },
            6 => self.import(task),
            7 => What::Fetch { worker: WorkerSlot(u32::MAX), patient: true },
            8 if self.random.one_in(4) => self.admit(),
            8 | 9 => What::Sweep,
            10 if self.random.one_in(2) => {
                let (tier, take_back) = (self.random.pick(&TIERS), self.random.one_in(2));
                What::SetTier { worker, tier, take_back }
            }
            10 => self.put_repo(),
            11 => What::ExplainWork { worker },
            12 => What::ExplainTask { task },
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
            | What::AtGithub { .. }
            | What::Deliver { .. }
            | What::ReadIssues { .. }
            | What::LookAtPull { .. }
            | What::Suspend { .. }
            | What::NoteLook { .. }
            | What::TakePolicy { .. }
            | What::SitDown { .. }
            | What::KeepDesk { .. }
            | What::EndAll
    )
}
