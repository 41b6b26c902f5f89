//! What workers do: fetch, answer, work, fall silent, come back and write too late.

use super::{Chooser, HANDLES, TIERS};
use crate::action::{By, LeaseOf, OfferOf, Skills, TaskSlot, Terms, What, WorkerSlot};
use crate::slots::{TaskSeat, WorkerSeat};
use crate::world::World;
use owp_wire::{RejectReason, ReleaseReason, ReportedStatus, TaskState, WorkerStatus};

impl Chooser {
    pub(super) fn any_worker(&mut self) -> WorkerSlot {
        WorkerSlot(self.random.below(self.temper.workers))
    }

    /// Who has a task is more busy than who has none.
    pub(super) fn worker_acts(&mut self, world: &World) -> What {
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

    pub(super) fn say_terms(&mut self, worker: WorkerSlot) -> What {
        let skills = self.random.one_in(4).then(|| Skills(self.random.below(1 << self.temper.skills)));
        What::SayTerms { worker, skills, terms: self.terms() }
    }

    pub(super) fn terms(&mut self) -> Terms {
        Terms {
            offers: self.random.one_in(self.temper.offers_one_in),
            points_per_day: self.random.one_in(6).then(|| self.random.between(1, self.temper.points_max * 4)),
            time_s: self.random.one_in(12).then(|| self.random.pick(&[600, 7200, 40_000])),
            quota_s: self.random.one_in(12).then(|| self.random.pick(&[60, 3600, 30_000])),
        }
    }

    pub(super) fn answer(&mut self, offer: OfferOf, by: By) -> What {
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
    pub(super) fn silent_acts(&mut self, worker: WorkerSlot, seat: &WorkerSeat) -> What {
        match (seat.tasks.first(), self.random.below(12)) {
            (Some(task), 0) => self.late_write(*task, worker),
            (_, 1) => What::ComeBack { worker },
            _ => self.time_passes(),
        }
    }

    pub(super) fn as_if_nothing_had_died(&mut self, world: &World) -> Option<What> {
        if self.temper.linked_of_ten > 0 && self.random.one_in(3) {
            return Some(self.holder_acts_at_github(world));
        }
        let busy = (0..20).find_map(|_| world.slots.worker(self.any_worker()).filter(|seat| !seat.tasks.is_empty()))?;
        let task = self.random.pick(&busy.tasks);
        self.work_on(task, world.slots.task(task)?)
    }

    pub(super) fn late_write(&mut self, task: TaskSlot, worker: WorkerSlot) -> What {
        if self.random.one_in(6) {
            let back = self.random.pick(&[0, 0, 1]);
            let by = if self.random.one_in(3) { By::Worker(worker) } else { By::Holder };
            return self.answer(OfferOf { task, back }, by);
        }
        let lease = LeaseOf { task, back: self.random.pick(&[0, 0, 1, 2]) };
        let by = if self.random.one_in(3) { By::Worker(worker) } else { By::Holder };
        self.write(lease, by)
    }

    pub(super) fn write(&mut self, lease: LeaseOf, by: By) -> What {
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

    pub(super) fn report(&mut self, lease: LeaseOf, by: By, status: ReportedStatus) -> What {
        let message = self.random.one_in(4).then(|| self.random.below(3));
        What::Report { lease, by, named: self.random.one_in(2), status, message }
    }

    pub(super) fn park(&mut self, lease: LeaseOf, by: By) -> What {
        What::Park { lease, by, seconds: self.random.pick(&[-5, 600, 20_000, 90_000]) }
    }

    pub(super) fn release(&mut self, lease: LeaseOf, by: By) -> What {
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

    pub(super) fn register(&mut self, worker: WorkerSlot) -> What {
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

    pub(super) fn heartbeat(&mut self, worker: WorkerSlot) -> What {
        let statuses = [(5, WorkerStatus::Idle), (10, WorkerStatus::Working), (1, WorkerStatus::Paused)];
        What::Heartbeat { worker, status: self.random.weighed(&statuses) }
    }

    /// What its holder does with a task; nothing where it only waits.
    pub(super) fn work_on(&mut self, task: TaskSlot, seat: &TaskSeat) -> Option<What> {
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
            TaskState::Leased => &[
                (60, Report(InProgress)),
                (15, Report(PrOpened)),
                (6, Report(Blocked)),
                (8, Release),
                (3, Renew),
                (3, Park),
            ],
            TaskState::InProgress => &[
                (60, Report(PrOpened)),
                (8, Report(Blocked)),
                (8, Report(InProgress)),
                (8, Release),
                (10, Renew),
                (4, Park),
            ],
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
}
