//! What happens at GitHub and what the pool does about it. Most of what is done there is told at once; some of it later, in
//! another order, twice, or never.

use super::{Chooser, HANDLES};
use crate::action::{LeaseOf, RepoSlot, Spec, TaskSlot, What};
use crate::deed::{Author, Deed, IssueSlot, Link, PolicyFile, PullSlot};
use crate::github::PullThere;
use crate::world::World;
use owp_logic::github::PullState;
use owp_wire::{AdmissionMode, SyncType, TaskState};

/// Texts that issues have.
const TEXTS: u32 = 4;

/// Of the newest issues something happens to one of so many.
const ISSUES_ALIVE: u32 = 24;

/// Who may sit down at the desk.
const SITTERS: u32 = 3;

impl Chooser {
    /// Whether this world's maintainers would link a repository.
    fn would_link(&self, repo: RepoSlot) -> bool {
        repo.0 % 10 < self.temper.linked_of_ten
    }

    pub(super) fn github_acts(&mut self, world: &World) -> What {
        match self.random.below(100) {
            0..12 => self.deliver(world),
            12..16 => self.settle_about_github(world),
            16..20 => self.sit_at_desk(),
            20..55 => self.issue_acts(world),
            55..58 => self.some_pull_acts(world),
            _ => self.holder_acts_at_github(world),
        }
    }

    pub(super) fn deed(&mut self, world: &World, deed: Deed) -> What {
        What::AtGithub { deed, delivery: world.github.next_delivery(), told: !self.random.one_in(5) }
    }

    fn deliver(&mut self, world: &World) -> What {
        let (waiting, made) = world.github.deliveries();
        if waiting.is_empty() && made.is_empty() {
            return self.issue_acts(world);
        }
        let again = waiting.is_empty() || (!made.is_empty() && self.random.one_in(4));
        What::Deliver { delivery: self.random.pick(if again { &made } else { &waiting }) }
    }

    fn settle_about_github(&mut self, world: &World) -> What {
        let repo = self.any_repo();
        match self.random.below(20) {
            0..4 => self.link_this(repo),
            4..6 => What::Suspend { repo, suspended: self.random.one_in(3) },
            6 => What::NoteLook { repo },
            7..11 => What::TakePolicy { repo, file: (!self.random.one_in(6)).then(|| self.policy_file()) },
            11..17 => What::ReadIssues { repo, asked: self.random.one_in(3) },
            _ => What::LookAtPull { pull: self.some_pull(world) },
        }
    }

    pub(super) fn link_this(&mut self, repo: RepoSlot) -> What {
        const SYNCS: [(u32, SyncType); 3] =
            [(8, SyncType::Bidirectional), (1, SyncType::Import), (1, SyncType::Export)];
        let sync = self.random.weighed(&SYNCS);
        let admission = self.random.pick(&[AdmissionMode::Off, AdmissionMode::Report, AdmissionMode::Enforce]);
        What::Link { repo, link: Link { sync, admission, writes_checks: !self.random.one_in(4) } }
    }

    fn policy_file(&mut self) -> PolicyFile {
        let budget = self.random.below(self.temper.budget_max + 1);
        PolicyFile {
            state: self.random.below(4),
            budget: Some(budget).filter(|_| self.random.one_in(2)),
            rate: Some(self.random.pick(&[0, 0, 20])).filter(|_| self.random.one_in(2)),
            security_extra: Some(self.random.below(3)).filter(|_| self.random.one_in(2)),
            has_mistake: self.random.one_in(4),
        }
    }

    fn sit_at_desk(&mut self) -> What {
        let sitter = self.random.below(SITTERS);
        if self.random.one_in(3) {
            return What::SitDown { sitter };
        }
        What::KeepDesk { sitter, task: TaskSlot(self.random.below(6)), leaves: self.random.one_in(4) }
    }

    // Issues.

    fn issue_acts(&mut self, world: &World) -> What {
        let next = world.github.next_slots().0;
        if next.0 == 0 || self.random.one_in(5) {
            return self.open_issue(world, next);
        }
        let issue = IssueSlot(next.0 - 1 - self.random.below(next.0.min(ISSUES_ALIVE)));
        let Some(there) = world.github.issue(issue) else { return self.open_issue(world, issue) };
        let deed = match self.random.below(20) {
            _ if !there.is_open && self.random.one_in(2) => Deed::Reopen { issue },
            _ if !there.is_ready && self.random.one_in(2) => Deed::PutReady { issue },
            0..6 => Deed::Write { issue, text: self.random.below(TEXTS), hides: self.random.one_in(2) },
            6..11 => Deed::Label { issue, says: self.labels() },
            11..13 => Deed::PutReady { issue },
            13..16 => Deed::TakeReady { issue },
            16..19 => Deed::Close { issue },
            _ if self.random.one_in(3) => Deed::Delete { issue },
            _ => Deed::Close { issue },
        };
        self.deed(world, deed)
    }

    /// In a repository that is linked or about to be, for a slot in which no task is alive.
    fn open_issue(&mut self, world: &World, issue: IssueSlot) -> What {
        for _ in 0..8 {
            let (seat, repo) = (self.any_task(), self.any_repo());
            let state = world.slots.task(seat).map(|seat| seat.state);
            let is_over = matches!(state, None | Some(TaskState::Merged | TaskState::Closed | TaskState::Cancelled));
            if !is_over || !self.would_link(repo) {
                continue;
            }
            if world.watch.history.repo(&repo.name()).is_none() {
                return self.put_this_repo(repo);
            }
            if !world.following.is_linked(&repo.name()) {
                return self.link_this(repo);
            }
            let (text, is_ready) = (self.random.below(TEXTS), !self.random.one_in(5));
            let says = self.labels();
            return self.deed(world, Deed::Open { issue, repo, says, text, is_ready, seat });
        }
        self.maintainer_acts(world)
    }

    /// What labels can say.
    fn labels(&mut self) -> Spec {
        Spec { attempts_max: 3, security: false, ..self.spec() }
    }

    // Pull requests.

    fn some_pull(&mut self, world: &World) -> PullSlot {
        let next = world.github.next_slots().1;
        PullSlot(next.0.saturating_sub(1 + self.random.below(ISSUES_ALIVE)))
    }

    /// Something that need not make sense.
    fn some_pull_acts(&mut self, world: &World) -> What {
        let pull = self.some_pull(world);
        let deed = match self.random.below(13) {
            0 => Deed::Push { pull },
            1 => Deed::SetDraft { pull, is_draft: self.random.one_in(2) },
            2 => self.review_of(pull),
            3 => Deed::ClosePull { pull },
            4 => Deed::ReopenPull { pull },
            5 | 6 => Deed::Merge { pull },
            7..10 => Deed::Revert { pull, by_commit: self.random.one_in(2) },
            _ => Deed::NameLease { pull, lease: LeaseOf { task: self.any_task(), back: self.random.below(2) } },
        };
        self.deed(world, deed)
    }

    fn review_of(&mut self, pull: PullSlot) -> Deed {
        Deed::Review { pull, belongs: !self.random.one_in(5), wants_changes: !self.random.one_in(4) }
    }

    /// A worker's task of a linked repository goes on where it is worked on: at GitHub.
    pub(super) fn holder_acts_at_github(&mut self, world: &World) -> What {
        for _ in 0..12 {
            let worker = self.any_worker();
            let Some(seat) = world.slots.worker(worker).filter(|seat| !seat.tasks.is_empty()) else { continue };
            let task = self.random.pick(&seat.tasks);
            if !world
                .slots
                .task(task)
                .and_then(|seat| world.watch.facts(&seat.id))
                .is_some_and(|facts| world.following.is_linked(&facts.repo))
            {
                continue;
            }
            let state = world.slots.task(task).map(|seat| seat.state);
            if let Some(deed) = state.and_then(|state| self.deed_for(world, task, state)) {
                return self.deed(world, deed);
            }
        }
        self.worker_acts(world)
    }

    fn deed_for(&mut self, world: &World, task: TaskSlot, state: TaskState) -> Option<Deed> {
        let open = world.github.pull_for(task).filter(|pull| pull.state == PullState::Open);
        match (state, open) {
            (TaskState::Offered, _) => None,
            (TaskState::PrOpened, Some(pull)) => Some(self.reviewers_deed(pull)),
            (_, None) => Some(self.open_pull(world, task)),
            (_, Some(_)) if self.random.one_in(8) => Some(self.open_pull(world, task)),
            (_, Some(pull)) => Some(self.authors_deed(pull, task)),
        }
    }

    pub(super) fn reviewers_deed(&mut self, there: &PullThere) -> Deed {
        let pull = there.slot;
        match self.random.below(20) {
            0..10 => Deed::Merge { pull },
            10..15 => self.review_of(pull),
            15 => Deed::Push { pull },
            16 => Deed::SetDraft { pull, is_draft: !there.is_draft },
            _ => Deed::ClosePull { pull },
        }
    }

    fn authors_deed(&mut self, there: &PullThere, task: TaskSlot) -> Deed {
        let pull = there.slot;
        match self.random.below(10) {
            0..3 => Deed::Push { pull },
            3..6 => Deed::SetDraft { pull, is_draft: !there.is_draft },
            6 | 7 => Deed::NameLease { pull, lease: LeaseOf { task, back: 0 } },
            8 => Deed::ClosePull { pull },
            _ => Deed::Merge { pull },
        }
    }

    /// Most name the lease; some are from an account that is not the holder's.
    fn open_pull(&mut self, world: &World, task: TaskSlot) -> Deed {
        let pull = world.github.next_slots().1;
        let back = self.random.pick(&[0, 0, 0, 0, 0, 1]);
        let author = match self.random.below(8) {
            0 => Author::Handle(self.random.below(HANDLES)),
            1 => Author::Nobody,
            _ => Author::Holder,
        };
        let (names, is_draft) = (!self.random.one_in(4), self.random.one_in(4));
        Deed::OpenPull { pull, lease: LeaseOf { task, back }, author, names, is_draft }
    }
}
