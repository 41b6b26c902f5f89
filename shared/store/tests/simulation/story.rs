//! Tells what led to a violation, in as few actions as will do.
//!
//! Actions are left out in ever smaller pieces (delta debugging): what remains is played from the beginning, and if the same
//! rule is still broken, the piece was not needed. Where only the time was needed that passed in it, one wait takes its place.

use crate::action::{Action, Skills, Spec, Terms, What};
use crate::deed::Deed;
use crate::defect::Defect;
use crate::violation::{Violation, keep_panics, print_panics};
use crate::world::World;
use owp_wire::TrustTier;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Actions played while a story is shortened; some minutes at most.
const PLAYED_MAX: usize = 6_000_000;

#[derive(Debug)]
pub struct Story {
    pub seed: u64,
    /// How many actions the simulation had carried out.
    pub steps: usize,
    pub actions: Vec<Action>,
    pub violation: Violation,
}

/// A step, where a panic is a violation like others.
pub fn step(world: &mut World, action: &Action) -> Result<(), Violation> {
    catch_unwind(AssertUnwindSafe(|| world.step(action)))
        .unwrap_or_else(|payload| Err(Violation::of_panic(payload.as_ref())))
}

impl Story {
    /// Of what a simulation did until it broke a rule, the last action being the one that did.
    pub fn of(seed: u64, actions: Vec<Action>, violation: Violation, defect: Option<Defect>) -> Self {
        keep_panics();
        let mut story = Self { seed, steps: actions.len(), actions, violation };
        let mut played = 0;
        let mut piece = story.actions.len().div_ceil(2);
        while piece > 0 && played < PLAYED_MAX {
            let shorter = story.leave_out(piece, defect, &mut played);
            let simpler = piece == 1 && !shorter && story.simplify(defect, &mut played);
            piece = if piece == 1 && !shorter && !simpler { 0 } else { piece.div_ceil(2).min(story.actions.len()) };
        }
        print_panics();
        story
    }

    /// Leaves out what is not needed, piece by piece from the last to the first, because what came last matters least to
    /// what comes after; whether there was any.
    fn leave_out(&mut self, piece: usize, defect: Option<Defect>, played: &mut usize) -> bool {
        let mut shorter = false;
        let mut end = self.actions.len() - 1;
        while end > 0 && *played < PLAYED_MAX {
            let start = end.saturating_sub(piece);
            let (before, left_out, after) = (&self.actions[..start], &self.actions[start..end], &self.actions[end..]);
            let without = [before, after].concat();
            let with_time = one_wait(left_out).map(|wait| [before, &[wait], after].concat());
            let trials = std::iter::once(without).chain(with_time).collect::<Vec<_>>();
            shorter |= trials.into_iter().any(|trial| self.will_do(trial, defect, played));
            end = start.min(self.actions.len() - 1);
        }
        shorter
    }

    /// Puts something simpler in the place of an action; whether that could be done anywhere.
    fn simplify(&mut self, defect: Option<Defect>, played: &mut usize) -> bool {
        let mut simpler = false;
        let mut index = 0;
        while index < self.actions.len() && *played < PLAYED_MAX {
            let in_place = |action, count| {
                let (before, after) = (&self.actions[..index], &self.actions[index + count..]);
                [before, &[action], after].concat()
            };
            let two = self.actions[index..].get(..2).filter(|two| two.iter().all(waits)).and_then(one_wait);
            let plainer = plainer(&self.actions[index]).map(|action| in_place(action, 1));
            let trials = two.map(|wait| in_place(wait, 2)).into_iter().chain(plainer).collect::<Vec<_>>();
            let simplified = trials.into_iter().any(|trial| self.will_do(trial, defect, played));
            simpler |= simplified;
            index += usize::from(!simplified);
        }
        simpler
    }

    /// Takes these actions instead where they break the same rule.
    fn will_do(&mut self, actions: Vec<Action>, defect: Option<Defect>, played: &mut usize) -> bool {
        let Some((last, violation)) = play(&actions, defect, played) else { return false };
        let same = violation.rule == self.violation.rule;
        if same {
            self.actions = actions;
            self.actions.truncate(last + 1);
            self.violation = violation;
        }
        same
    }
}

/// All the time that passes in several actions, as one; nothing where that would leave nothing out.
fn one_wait(actions: &[Action]) -> Option<Action> {
    let waited = |action: &Action| if let What::Wait { millis } = action.what { millis } else { 0 };
    let millis: i64 = actions.iter().map(waited).sum();
    (millis != 0 && actions.len() > 1).then_some(Action { what: What::Wait { millis }, under: None })
}

fn waits(action: &Action) -> bool {
    matches!(action.what, What::Wait { .. })
}

/// Simpler actions than this one, if there are any.
fn plainer(action: &Action) -> impl Iterator<Item = Action> {
    let without_key = action.under.map(|_| Action { under: None, what: action.what.clone() });
    let plainer = plainer_whats(&action.what).into_iter().filter(|what| *what != action.what);
    without_key.into_iter().chain(plainer.map(|what| Action { what, under: action.under }))
}

fn plainer_whats(what: &What) -> Vec<What> {
    match what.clone() {
        What::Wait { millis } if millis > 1000 => vec![What::Wait { millis: millis / 1000 * 1000 }],
        What::Fetch { worker, .. } => vec![What::Fetch { worker, patient: true }],
        What::Report { lease, by, named, status, message } => vec![
            What::Report { lease, by, named, status, message: None },
            What::Report { lease, by, named: false, status, message },
        ],
        What::Register { worker, skills, points, tasks, tier, terms, handle } => vec![
            What::Register { worker, skills: Skills(0), points, tasks, tier, terms, handle },
            What::Register { worker, skills, points, tasks, tier: TrustTier::Untrusted, terms, handle },
            What::Register { worker, skills, points, tasks, tier, terms: Terms::PLAIN, handle },
            What::Register { worker, skills, points, tasks, tier, terms, handle: None },
        ],
        What::Create { task, repo, key, spec, after } => {
            let mut plainer = vec![
                What::Create { task, repo, key: None, spec, after: after.clone() },
                What::Create { task, repo, key, spec, after: Vec::new() },
            ];
            plainer.extend(plainer_specs(spec).map(|spec| What::Create {
                task,
                repo,
                key,
                spec,
                after: after.clone(),
            }));
            plainer
        }
        What::Import { tasks } => {
            let mut plainer = Vec::new();
            plainer.extend((tasks.len() > 1).then(|| What::Import { tasks: tasks[1..].to_vec() }));
            plainer.extend((tasks.len() > 1).then(|| What::Import { tasks: tasks[..tasks.len() - 1].to_vec() }));
            plainer.extend(tasks.first().map(|one| What::Create {
                task: one.task,
                repo: one.repo,
                key: None,
                spec: one.spec,
                after: Vec::new(),
            }));
            plainer
        }
        What::PutRepo { repo, budget, locks, paused, policy } => vec![
            What::PutRepo { repo, budget: None, locks, paused, policy },
            What::PutRepo { repo, budget, locks: None, paused, policy },
            What::PutRepo { repo, budget, locks, paused: None, policy },
            What::PutRepo { repo, budget, locks, paused, policy: None },
        ],
        What::AtGithub { deed, delivery, .. } => {
            let mut plainer = vec![What::AtGithub { deed, delivery, told: true }];
            if let Deed::Open { issue, repo, says, text, is_ready, seat } = deed {
                plainer.extend(plainer_specs(says).map(|says| What::AtGithub {
                    deed: Deed::Open { issue, repo, says, text, is_ready, seat },
                    delivery,
                    told: true,
                }));
            }
            plainer
        }
        What::AskForOffers { worker, .. } => vec![What::AskForOffers { worker, patient: true, limit: 20 }],
        What::SayTerms { worker, skills, .. } => vec![What::SayTerms { worker, skills, terms: Terms::PLAIN }],
        _ => Vec::new(),
    }
}

fn plainer_specs(spec: Spec) -> impl Iterator<Item = Spec> {
    [
        Spec { skills: Skills(0), ..spec },
        Spec { area: None, ..spec },
        Spec { tier: 0, ..spec },
        Spec { priority: 10, ..spec },
        Spec { points: 1, ..spec },
        Spec { attempts_max: 3, ..spec },
        Spec { security: false, ..spec },
    ]
    .into_iter()
}

/// Plays actions from the beginning; says which one broke a rule, and which rule.
fn play(actions: &[Action], defect: Option<Defect>, played: &mut usize) -> Option<(usize, Violation)> {
    let mut world = World::new(defect);
    for (index, action) in actions.iter().enumerate() {
        *played += 1;
        if let Err(violation) = step(&mut world, action) {
            let text = world.slots.retold(&violation.text);
            return Some((index, Violation { text, ..violation }));
        }
    }
    None
}

impl fmt::Display for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seed, steps, actions, violation } = self;
        writeln!(f, "seed {seed} broke a rule at step {steps}: {}", violation.text)?;
        writeln!(f, "these {} actions are enough:", actions.len())?;
        for (index, action) in actions.iter().enumerate() {
            writeln!(f, "{:>4}. {action}", index + 1)?;
        }
        write!(f, "again, from the seed: make simulate SEED={seed} STEPS={steps}")
    }
}
