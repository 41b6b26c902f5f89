//! Which lanes a repository has ready tasks in, and a summary of them. The module `load` says what lanes and shelves are.
//!
//! Written in the same transaction as the tasks, each item against the commit that wrote it last, so neither can be wrong
//! for longer than it takes to read it. A lane that has become empty is deleted.

use super::keys::{Address, lanes, short};
use owp_logic::{FitClass, Key, Record, Snapshot, Task, Write};
use owp_wire::{RepoName, TaskState, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What tells one lane of a repository from another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LaneName {
    pub repo: RepoName,
    pub class: FitClass,
    pub area: Option<String>,
}

impl LaneName {
    pub fn of(task: &Task) -> Self {
        Self { repo: task.repo.clone(), class: task.fit_class(), area: task.spec.area.clone() }
    }

    /// The partition of its tasks in the index.
    pub fn partition(&self) -> String {
        format!("lane#{}#{}", self.repo.0, self.digest())
    }

    pub fn address(&self) -> Address {
        Address::new(lanes(&self.repo), format!("{}{}", under_skill(self.class.leading_skill()), self.digest()))
    }

    /// Classes and areas may be longer than a key. A class ends without a line break, so the two can't be confused.
    fn digest(&self) -> String {
        let area = self.area.as_ref().map_or(String::new(), |area| format!("\n\n{area}"));
        short(&format!("{}{area}", self.class))
    }
}

/// The lanes of a repository under one leading skill have sort keys that begin so.
pub fn under_skill(skill: &str) -> String {
    format!("{skill}\n")
}

/// A lane as it is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LaneItem {
    pub class: FitClass,
    pub area: Option<String>,
    pub ready: ByPriority,
}

impl LaneItem {
    pub fn new(name: &LaneName) -> Self {
        Self { class: name.class.clone(), area: name.area.clone(), ready: ByPriority::default() }
    }

    pub fn name(&self, repo: &RepoName) -> LaneName {
        LaneName { repo: repo.clone(), class: self.class.clone(), area: self.area.clone() }
    }
}

/// How many tasks of each priority are ready, and since when at the earliest.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ByPriority(BTreeMap<u32, Waiting>);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Waiting {
    tasks: u64,
    /// None of them is ready for longer. It stays when the oldest leaves, until none is left.
    since: Timestamp,
}

impl ByPriority {
    pub fn best(&self) -> Option<(u32, Timestamp)> {
        self.0.last_key_value().map(|(priority, waiting)| (*priority, waiting.since))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn apply(&mut self, moved: &Moved) {
        let waiting = self.0.entry(moved.priority).or_insert(Waiting { tasks: 0, since: moved.ready_at });
        if moved.enters {
            waiting.tasks += 1;
            waiting.since = waiting.since.min(moved.ready_at);
        } else {
            waiting.tasks = waiting.tasks.saturating_sub(1);
        }
        self.0.retain(|_, waiting| waiting.tasks > 0);
    }
}

/// The ready tasks of a repository by leading skill.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ready(BTreeMap<String, ByPriority>);

impl Ready {
    /// The best priority under any skill.
    pub fn best(&self) -> Option<u32> {
        self.0.values().filter_map(ByPriority::best).map(|(priority, _)| priority).max()
    }

    pub fn best_under(&self, skill: &str) -> Option<(u32, Timestamp)> {
        self.0.get(skill)?.best()
    }

    pub fn apply(&mut self, moved: &Moved) {
        self.0.entry(moved.lane.class.leading_skill().to_owned()).or_default().apply(moved);
        self.0.retain(|_, ready| !ready.is_empty());
    }
}

/// A task that enters or leaves a lane.
#[derive(Clone, Debug, PartialEq)]
pub struct Moved {
    pub lane: LaneName,
    pub priority: u32,
    pub ready_at: Timestamp,
    pub enters: bool,
}

/// The moves that a commit makes.
pub fn moves<'a>(snapshot: &Snapshot, writes: impl Iterator<Item = (&'a Key, &'a Write)>) -> Vec<Moved> {
    let mut moves = Vec::new();
    for (key, write) in writes {
        let Write::Put(record) = write else { continue };
        let Record::Task(task) = record.as_ref() else { continue };
        let old = snapshot.get(key).and_then(|(_, record)| record).and_then(Record::as_task);
        let (before, after) = (old.and_then(|old| moved(old, false)), moved(task, true));
        let stays = before.as_ref().zip(after.as_ref()).is_some_and(|(before, after)| {
            (&before.lane, before.priority, before.ready_at) == (&after.lane, after.priority, after.ready_at)
        });
        if !stays {
            moves.extend(before.into_iter().chain(after));
        }
    }
    moves
}

fn moved(task: &Task, enters: bool) -> Option<Moved> {
    (task.state == TaskState::Ready).then(|| Moved {
        lane: LaneName::of(task),
        priority: task.spec.priority,
        ready_at: task.ready_at,
        enters,
    })
}
