//! What maintainers do: put tasks in, review, edit, and say how their repositories are to be treated.

use super::{Chooser, HANDLES, TASK_KEYS, TIERS, act};
use crate::action::{AreaEdit, Edit, Policy, RepoSlot, Skills, Spec, TaskSlot, ToImport, What};
use crate::random::Random;
use crate::slots::TaskSeat;
use crate::world::World;
use owp_logic::github::PullState;
use owp_wire::{TaskAction, TaskState, TrustTier};

impl Chooser {
    pub(super) fn any_task(&mut self) -> TaskSlot {
        TaskSlot(self.random.below(self.temper.tasks))
    }

    pub(super) fn any_repo(&mut self) -> RepoSlot {
        RepoSlot(self.random.below(self.temper.repos))
    }

    /// Shuts somebody out while something is offered, or asks for more than before.
    fn disturb_an_offer(&mut self, world: &World) -> Option<What> {
        let is_offered = |seat: &&TaskSeat| seat.state == TaskState::Offered;
        let seat = (0..30).find_map(|_| world.slots.task(self.any_task()).filter(is_offered))?;
        let name = &world.watch.facts(&seat.id)?.repo;
        let repo = (0..self.temper.repos).map(RepoSlot).find(|slot| slot.name() == *name)?;
        let policy = match self.random.below(3) {
            0 => Policy { pause_s: Some(60), ..self.policy() },
            1 => Policy { tier_min: TrustTier::Maintainer, ..self.policy() },
            _ => return Some(What::Admit { repo, allowed: Vec::new(), denied: (0..HANDLES / 2).collect() }),
        };
        Some(What::PutRepo { repo, budget: None, locks: None, paused: None, policy: Some(policy) })
    }

    /// Looks at tasks until one wants something done.
    pub(super) fn maintainer_acts(&mut self, world: &World) -> What {
        if self.random.one_in(200)
            && let Some(what) = self.disturb_an_offer(world)
        {
            return what;
        }
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
                Some(TaskState::PrOpened) => Some(self.review_where_it_is(world, task)),
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

    pub(super) fn create(&mut self, world: &World, task: TaskSlot) -> What {
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
    pub(super) fn after(&mut self) -> Vec<TaskSlot> {
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
    pub(super) fn judge(&mut self, task: TaskSlot) -> What {
        if self.random.one_in(3) { act(task, TaskAction::Revert) } else { self.rate(task) }
    }

    pub(super) fn rate(&mut self, task: TaskSlot) -> What {
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

    pub(super) fn import(&mut self, first: TaskSlot) -> What {
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

    pub(super) fn spec(&mut self) -> Spec {
        let skills = self.random.below(1 << self.temper.skills) & self.random.below(1 << self.temper.skills);
        Spec {
            points: self.random.between(1, self.temper.points_max),
            priority: self.random.pick(&[10, 10, 10, 20, 50, 80, 100]),
            skills: Skills(skills & self.random.below(1 << self.temper.skills)),
            area: self.random.one_in(2).then(|| self.random.below(self.temper.areas)),
            tier: self.random.below(self.temper.tier_max + 1),
            attempts_max: self.random.between(1, 4),
            security: self.random.one_in(8),
            filed_by: self.random.one_in(4).then(|| self.random.below(HANDLES)),
        }
    }

    /// At GitHub, most often, where its pull request is there.
    fn review_where_it_is(&mut self, world: &World, task: TaskSlot) -> What {
        match world.github.pull_for(task).filter(|pull| pull.state == PullState::Open) {
            Some(pull) if !self.random.one_in(4) => {
                let deed = self.reviewers_deed(pull);
                self.deed(world, deed)
            }
            _ => self.review(task),
        }
    }

    pub(super) fn review(&mut self, task: TaskSlot) -> What {
        let actions = [
            (60, TaskAction::Merge),
            (22, TaskAction::RequestChanges),
            (10, TaskAction::Close),
            (4, TaskAction::Requeue),
            (4, TaskAction::Cancel),
        ];
        act(task, self.random.weighed(&actions))
    }

    pub(super) fn reopen(&mut self, task: TaskSlot) -> What {
        match self.random.below(10) {
            0 => act(task, TaskAction::Cancel),
            1..4 => self.edit(task),
            _ => act(task, TaskAction::Requeue),
        }
    }

    /// An action in any state, allowed there or not.
    pub(super) fn interfere(&mut self, task: TaskSlot) -> What {
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

    pub(super) fn edit(&mut self, task: TaskSlot) -> What {
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

    pub(super) fn put_repo(&mut self) -> What {
        let repo = self.any_repo();
        self.put_this_repo(repo)
    }

    pub(super) fn put_this_repo(&mut self, repo: RepoSlot) -> What {
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
    pub(super) fn policy(&mut self) -> Policy {
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

    pub(super) fn admit(&mut self) -> What {
        let mut some = || (0..HANDLES).filter(|_| self.random.one_in(3)).collect();
        let (allowed, denied) = (some(), some());
        What::Admit { repo: self.any_repo(), allowed, denied }
    }
}
