//! Finds the ready tasks most worth giving to a worker.
//!
//! Shelves, lanes and tasks wait in one queue, in the order in which tasks are given: priority, the repository that was
//! served longest ago, age. A shelf or a lane is opened only when its turn comes, so a search reads about as much as it
//! finds. What is given in the end is decided by the rules; this only has to bring the tasks that can come first.

use crate::load::Loading;
use crate::{Lane, Reader, Shelf, StoreError};
use owp_logic::limits::SHELVES_MAX;
use owp_logic::{FitClass, Key, Record, Wanted};
use owp_wire::{RepoName, TaskId, Timestamp};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Where something stands in the queue. Among equals, what needs no opening goes first, so that ties cost nothing.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Turn {
    priority: Reverse<u32>,
    served_at: Timestamp,
    ready_at: Timestamp,
    opened: Opened,
    repo: RepoName,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Opened {
    Task(TaskId, Option<String>),
    Lane(Arc<FitClass>, Option<String>),
    Shelf(Arc<FitClass>),
}

/// What waits, and what the tasks found so far would change if they were given.
struct Queue {
    waiting: BTreeSet<Turn>,
    /// When each repository was served last. Shelves know it only as of their own last change.
    served_at: BTreeMap<RepoName, Timestamp>,
    locking: BTreeSet<RepoName>,
    taken: BTreeSet<(RepoName, String)>,
    /// Waits in an area that a task found before would take.
    behind: Vec<Turn>,
}

impl<R: Reader> Loading<'_, R> {
    /// At most `limit` tasks in the order in which they would be given. The first ones are those that would be given if
    /// all fit; the others stand in for such as the worker has just handed back.
    pub async fn search(&mut self, wanted: &Wanted, limit: usize) -> Result<Vec<TaskId>, StoreError> {
        let mut queue = self.shelves(wanted).await?;
        let mut found = Vec::new();
        while found.len() < limit {
            let Some(turn) = queue.next(found.len() < wanted.tasks_max) else { break };
            if self.serve(&mut queue, &turn).await? {
                continue;
            }
            match &turn.opened {
                Opened::Shelf(class) => {
                    for lane in self.reader.lanes(&turn.shelf(class), limit).await? {
                        let opened = Opened::Lane(class.clone(), lane.area);
                        queue.wait(&turn, lane.priority, lane.ready_at, opened);
                    }
                }
                Opened::Lane(class, area) => {
                    let lane = Lane { area: area.clone(), priority: turn.priority.0, ready_at: turn.ready_at };
                    for head in self.reader.lane_head(&turn.shelf(class), &lane, limit).await? {
                        let opened = Opened::Task(head.id, area.clone());
                        queue.wait(&turn, head.priority, head.ready_at, opened);
                    }
                }
                Opened::Task(id, _) => {
                    self.surroundings(id).await?;
                    found.push(id.clone());
                    if found.len() < wanted.tasks_max {
                        queue.suppose_given(&turn);
                    }
                }
            }
        }
        Ok(found)
    }

    async fn shelves(&mut self, wanted: &Wanted) -> Result<Queue, StoreError> {
        let mut waiting = BTreeSet::new();
        for skill in std::iter::once("").chain(wanted.skills.iter().map(String::as_str)) {
            for shelf in self.reader.shelves(skill, wanted, SHELVES_MAX).await? {
                waiting.insert(Turn {
                    priority: Reverse(shelf.priority),
                    served_at: shelf.served_at,
                    ready_at: shelf.ready_at,
                    opened: Opened::Shelf(Arc::new(shelf.class)),
                    repo: shelf.repo,
                });
            }
        }
        let (served_at, locking, taken) = Default::default();
        Ok(Queue { waiting, served_at, locking, taken, behind: Vec::new() })
    }

    /// Puts a turn back where its repository was served later than the turn says.
    async fn serve(&mut self, queue: &mut Queue, turn: &Turn) -> Result<bool, StoreError> {
        let served_at = if let Some(served_at) = queue.served_at.get(&turn.repo) {
            *served_at
        } else {
            let key = Key::Repo(turn.repo.clone());
            self.record(key.clone()).await?;
            let Some((_, Some(Record::Repo(repo)))) = self.snapshot.get(&key) else { return Ok(true) };
            if repo.area_locks_enabled {
                queue.locking.insert(turn.repo.clone());
            }
            queue.served_at.insert(turn.repo.clone(), repo.last_granted_at);
            repo.last_granted_at
        };
        let later = served_at > turn.served_at;
        if later {
            queue.waiting.insert(Turn { served_at, ..turn.clone() });
        }
        Ok(later)
    }
}

impl Queue {
    /// The next turn; while tasks are found that would all be given, one in an area that would be taken is passed over.
    fn next(&mut self, would_be_given: bool) -> Option<Turn> {
        if !would_be_given {
            self.waiting.extend(self.behind.drain(..));
        }
        loop {
            let Some(turn) = self.waiting.pop_first() else {
                self.waiting.extend(self.behind.drain(..));
                return self.waiting.pop_first();
            };
            let area = turn.area().filter(|_| would_be_given);
            if !area.is_some_and(|area| self.taken.contains(&(turn.repo.clone(), area.to_owned()))) {
                return Some(turn);
            }
            self.behind.push(turn);
        }
    }

    fn wait(&mut self, opening: &Turn, priority: u32, ready_at: Timestamp, opened: Opened) {
        let (priority, served_at, repo) = (Reverse(priority), opening.served_at, opening.repo.clone());
        self.waiting.insert(Turn { priority, served_at, ready_at, opened, repo });
    }

    /// The task's repository goes to the end of its row, and its area is taken.
    fn suppose_given(&mut self, turn: &Turn) {
        self.served_at.insert(turn.repo.clone(), Timestamp::from_millis(i64::MAX));
        if let Some(area) = turn.area().filter(|_| self.locking.contains(&turn.repo)) {
            self.taken.insert((turn.repo.clone(), area.to_owned()));
        }
    }
}

impl Turn {
    fn area(&self) -> Option<&str> {
        match &self.opened {
            Opened::Task(_, area) | Opened::Lane(_, area) => area.as_deref(),
            Opened::Shelf(_) => None,
        }
    }

    fn shelf(&self, class: &FitClass) -> Shelf {
        Shelf {
            repo: self.repo.clone(),
            class: class.clone(),
            priority: self.priority.0,
            served_at: self.served_at,
            ready_at: self.ready_at,
        }
    }
}
