//! The desk at which is done what GitHub's side asks for: several sit down at it, one at a time, and what lies on it is as
//! whoever had it last has left it.

use super::World;
use crate::action::TaskSlot;
use crate::violation::{Violation, ensure, same};
use owp_logic::operations::{KeepDesk, TakeDesk};
use owp_logic::{Actor, Book, BookName, Desk, ErrandKind, Key, Record, Told};
use owp_wire::{RepoName, Timestamp};
use std::collections::HashMap;

/// How long a desk is somebody's who says nothing.
const HELD_S: u32 = 180;

#[derive(Default)]
pub struct DeskFacts {
    /// Who has it, and until when nobody else may.
    held: Option<(u32, Timestamp)>,
    /// What lies on it.
    left: Desk,
    /// Those who sat down once, each with the desk as they know it.
    sitting: HashMap<u32, Desk>,
}

impl World {
    pub(super) fn sit_down(&mut self, sitter: u32) -> Result<(), Violation> {
        let now = self.pool.now();
        let taken = self.ask(Actor::System, TakeDesk { holder: holder(sitter) })?;
        let taken = taken.map_err(|refusal| Violation::new(format!("the desk was refused: {refusal}")))?;
        let other = self.desk.held.filter(|(other, _)| *other != sitter);
        let is_taken = other.is_some_and(|(_, until)| now < until);
        ensure(taken.is_some() != is_taken, || {
            format!("the desk of {other:?} was given to {sitter}: {}", taken.is_some())
        })?;
        let Some(desk) = taken else {
            self.tally.came("a desk is taken");
            return Ok(());
        };
        self.tally.came(if other.is_some() { "a desk is left without a word" } else { "a desk is free" });
        same(&on_it(&desk), &on_it(&self.desk.left), || "what lies on the desk".into())?;
        self.desk.held = Some((sitter, now.plus_s(HELD_S)));
        self.desk.sitting.insert(sitter, desk);
        Ok(())
    }

    /// Does what is to be told of a task, or puts that on the desk where it does not lie there.
    pub(super) fn keep_desk(&mut self, sitter: u32, task: TaskSlot, leaves: bool) -> Result<(), Violation> {
        let Some(mut desk) = self.desk.sitting.get(&sitter).cloned() else { return Ok(()) };
        let (now, task_id) = (self.pool.now(), self.slots.task_id(task));
        let what = ErrandKind::Tell { task_id };
        let lies_there = desk.errands.iter().any(|errand| errand.what == what);
        let number = u64::from(task.0 % 8);
        let mut told = Told::nothing(RepoName("repo0".into()), number);
        if lies_there {
            desk.remove(&what);
            told.comment_id = Some(u64::from(task.0));
        } else {
            desk.add(what.clone(), now);
            desk.add(what, now);
        }
        let tells = if lies_there { vec![told.clone()] } else { Vec::new() };
        let said = told_of(self, &told);
        let keep = KeepDesk { holder: holder(sitter), desk: desk.clone(), told: tells, leaves };
        let kept = self.ask(Actor::System, keep)?;
        let kept = kept.map_err(|refusal| Violation::new(format!("the desk was refused: {refusal}")))?;
        let is_theirs = self.desk.held.is_some_and(|(holder, _)| holder == sitter);
        same(kept, is_theirs, || format!("whether {sitter} has the desk"))?;
        let expected = if kept && lies_there { Some(told.clone()) } else { said };
        same(told_of(self, &told), expected, || format!("what was told of {number}"))?;
        if !kept {
            self.desk.sitting.remove(&sitter);
            self.tally.came("a desk was taken meanwhile");
            return Ok(());
        }
        self.tally.came(if leaves { "a desk is left" } else { "a desk is kept" });
        self.desk.held = Some((sitter, now.plus_s(HELD_S))).filter(|_| !leaves);
        if leaves {
            self.desk.sitting.remove(&sitter);
        } else {
            self.desk.sitting.insert(sitter, desk.clone());
        }
        self.desk.left = desk;
        Ok(())
    }
}

fn holder(sitter: u32) -> String {
    format!("sitter {sitter}")
}

/// All but whose it is.
fn on_it(desk: &Desk) -> Desk {
    Desk { holder: None, held_until: Timestamp::default(), ..desk.clone() }
}

fn told_of(world: &World, told: &Told) -> Option<Told> {
    let name = BookName::Told(told.repo.clone(), told.number);
    match world.pool.record(&Key::Book(name)).as_deref() {
        Some(Record::Book(Book::Told(told))) => Some((**told).clone()),
        _ => None,
    }
}
