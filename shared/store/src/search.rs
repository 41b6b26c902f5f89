//! Finds the ready tasks most worth giving to a worker.
//!
//! Shelves, lanes and tasks wait in one queue, in the order in which tasks are given: priority, the repository that was
//! served least for its weight, age. Shelves are read a few at a time, and a shelf or a lane is opened only when its turn
//! comes, so a search reads about as much as it finds. What is given in the end is decided by the rules; this only has to bring the tasks that can come first.

use crate::load::Loading;
use crate::{Lane, Reader, Shelf, StoreError};
use owp_logic::fit::{Prospect, Seeker};
use owp_logic::limits::{HIDDEN_MAX, shelves_max};
use owp_logic::{FitClass, Key, Record, Repo};
use owp_wire::{RepoName, TaskId, Timestamp};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Where something stands in the queue. Among equals, what needs no opening goes first, so that ties cost nothing.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Turn {
    priority: Reverse<u32>,
    service: u64,
    ready_at: Timestamp,
    opened: Opened,
    repo: RepoName,
    class: Arc<FitClass>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Opened {
    Task(TaskId, Option<String>),
    Lane(Option<String>),
    Shelf,
}

/// Shelves read at first under each skill. Most searches end with one of the first.
const SHELVES_FIRST: usize = 4;

/// The order of turns, without what tells apart those of one moment.
type Place = (Reverse<u32>, u64, Timestamp);

/// The shelves under one leading skill, best first.
struct Row {
    skill: String,
    read: usize,
    /// Those that were not read yet come no earlier; nothing where all were read.
    rest: Option<Place>,
    /// There are more than a look reads.
    is_cut_short: bool,
}

/// What waits, and what the tasks found so far would change if they were given.
struct Queue {
    /// Shelves read under each skill at most.
    shelves_max: usize,
    rows: Vec<Row>,
    waiting: BTreeSet<Turn>,
    repos: BTreeMap<RepoName, RepoSeen>,
    taken: BTreeSet<(RepoName, String)>,
    /// Waits in an area that a task found before would take.
    behind: Vec<Turn>,
}

/// A repository as the search has met it.
#[derive(Clone, Copy)]
struct RepoSeen {
    /// As it would be if what was found were given; shelves know it only as of their own last change.
    service: u64,
    locks_areas: bool,
    /// `None` where it has nothing for the seeker.
    prospect: Option<Prospect>,
}

impl<R: Reader> Loading<'_, R> {
    /// At most `limit` tasks in the order in which they would be given. The first ones are those that would be given if
    /// all fit; the others stand in for such as the worker has just handed back.
    pub async fn search(&mut self, seeker: &Seeker, limit: usize) -> Result<Vec<TaskId>, StoreError> {
        let tasks_max = seeker.wanted.tasks_max;
        let mut queue = Queue::of(seeker, shelves_max(limit));
        let (mut found, mut first) = (Vec::new(), None);
        while found.len() < limit {
            let Some(turn) = self.next(&mut queue, seeker, found.len() < tasks_max).await? else { break };
            let Some(prospect) = self.meet(&mut queue, seeker, &turn).await? else { continue };
            match &turn.opened {
                Opened::Shelf => {
                    let limit = if prospect.hidden_from.is_some() { limit.max(HIDDEN_MAX) } else { limit };
                    for lane in self.reader.lanes(&turn.shelf(), limit).await? {
                        queue.wait(&turn, lane.priority, lane.ready_at, Opened::Lane(lane.area));
                    }
                }
                Opened::Lane(area) => {
                    let lane = Lane { area: area.clone(), priority: turn.priority.0, ready_at: turn.ready_at };
                    let mut heads = match prospect.hidden_from {
                        None => self.reader.lane_head(&turn.shelf(), &lane, u32::MAX, limit).await?,
                        Some(_) => self.reader.lane_head(&turn.shelf(), &lane, u32::MAX, HIDDEN_MAX).await?,
                    };
                    // However many are hidden, those of lower priority are shown to all.
                    if let Some(below) = prospect.hidden_from.and_then(|from| from.checked_sub(1)) {
                        heads.retain(|head| head.priority > below);
                        heads.extend(self.reader.lane_head(&turn.shelf(), &lane, below, limit).await?);
                    }
                    for head in heads {
                        let opened = Opened::Task(head.id, area.clone());
                        queue.wait(&turn, head.priority, head.ready_at, opened);
                    }
                }
                Opened::Task(id, _) => {
                    let repo = self.repo_with_lists(&turn.repo).await?;
                    let Some(repo) = repo.as_deref().and_then(Record::as_repo) else { continue };
                    if prospect.hidden_from.is_some() && !seeker.sees(repo, turn.priority.0, turn.ready_at) {
                        continue;
                    }
                    if found.len() + 1 < tasks_max {
                        queue.suppose_given(&turn, repo);
                    }
                    self.surroundings(id).await?;
                    found.push(id.clone());
                    first.get_or_insert(turn);
                }
            }
        }
        self.snapshot.search_cut_short = queue.rows.iter().any(|row| row.is_cut_short);
        self.snapshot.rival = first.and_then(|first| queue.rival_of(&first));
        Ok(found)
    }

    /// The next turn; while tasks are found that would all be given, one in an area that would be taken is passed over.
    async fn next(
        &mut self,
        queue: &mut Queue,
        seeker: &Seeker,
        would_be_given: bool,
    ) -> Result<Option<Turn>, StoreError> {
        if !would_be_given {
            queue.waiting.extend(queue.behind.drain(..));
        }
        loop {
            self.read_shelves(queue, seeker).await?;
            let Some(turn) = queue.waiting.pop_first() else {
                queue.waiting.extend(queue.behind.drain(..));
                return Ok(queue.waiting.pop_first());
            };
            let area = turn.area().filter(|_| would_be_given);
            if !area.is_some_and(|area| queue.taken.contains(&(turn.repo.clone(), area.to_owned()))) {
                return Ok(Some(turn));
            }
            queue.behind.push(turn);
        }
    }

    /// Reads on where a shelf that was not read yet may come first. A row is read from its beginning each time, four times
    /// as far as before, which is simpler than a cursor and adds little to it.
    async fn read_shelves(&mut self, queue: &mut Queue, seeker: &Seeker) -> Result<(), StoreError> {
        loop {
            let next = queue.waiting.first().map(Turn::place);
            let may_come_first = |row: &&mut Row| row.rest.is_some_and(|rest| next.is_none_or(|next| rest <= next));
            let Some(row) = queue.rows.iter_mut().find(may_come_first) else { return Ok(()) };
            let limit = (row.read * 4).clamp(SHELVES_FIRST, queue.shelves_max);
            let shelves = self.reader.shelves(&row.skill, &seeker.wanted, limit).await?;
            row.is_cut_short = shelves.len() == limit && limit == queue.shelves_max;
            let last = shelves.last().filter(|_| shelves.len() == limit && !row.is_cut_short);
            row.rest = last.map(|shelf| (Reverse(shelf.priority), shelf.service, shelf.ready_at));
            let already = std::mem::replace(&mut row.read, shelves.len());
            queue.waiting.extend(shelves.into_iter().skip(already).map(|shelf| Turn {
                priority: Reverse(shelf.priority),
                service: shelf.service,
                ready_at: shelf.ready_at,
                opened: Opened::Shelf,
                repo: shelf.repo,
                class: Arc::new(shelf.class),
            }));
        }
    }

    /// What the turn's repository has for the seeker. `None` where that is nothing, or where the repository was served more
    /// than the turn says: then the turn is put back to where it belongs.
    async fn meet(&mut self, queue: &mut Queue, seeker: &Seeker, turn: &Turn) -> Result<Option<Prospect>, StoreError> {
        if !queue.repos.contains_key(&turn.repo) {
            let Some(seen) = self.see(seeker, &turn.repo).await? else { return Ok(None) };
            queue.repos.insert(turn.repo.clone(), seen);
        }
        let seen = queue.repos[&turn.repo];
        let Some(prospect) = seen.prospect.filter(|prospect| turn.class.points <= prospect.points_max) else {
            return Ok(None);
        };
        if seen.service > turn.service {
            queue.waiting.insert(Turn { service: seen.service, ..turn.clone() });
            return Ok(None);
        }
        Ok(Some(prospect))
    }

    async fn see(&mut self, seeker: &Seeker, name: &RepoName) -> Result<Option<RepoSeen>, StoreError> {
        let found = self.repo_with_lists(name).await?;
        let Some(repo) = found.as_deref().and_then(Record::as_repo) else { return Ok(None) };
        let lists = self.snapshot.shared(&Key::Admission(name.clone()));
        let prospect = seeker.prospect(repo, lists.as_deref().and_then(Record::as_admission));
        Ok(Some(RepoSeen { service: repo.service, locks_areas: repo.area_locks_enabled, prospect }))
    }
}

impl Queue {
    fn of(seeker: &Seeker, shelves_max: usize) -> Self {
        let first = (Reverse(u32::MAX), 0, Timestamp::from_millis(i64::MIN));
        let row = |skill: &str| Row { skill: skill.to_owned(), read: 0, rest: Some(first), is_cut_short: false };
        let rows = std::iter::once("").chain(seeker.wanted.skills.iter().map(String::as_str)).map(row).collect();
        let (waiting, repos, taken) = Default::default();
        Self { shelves_max, rows, waiting, repos, taken, behind: Vec::new() }
    }

    /// The repository that waits behind this one at the same priority.
    fn rival_of(&self, first: &Turn) -> Option<(RepoName, u64)> {
        let equals = self.waiting.iter().take_while(|turn| turn.priority == first.priority);
        let has_nothing = |turn: &&Turn| self.repos.get(&turn.repo).is_some_and(|seen| seen.prospect.is_none());
        let rival = equals.filter(|turn| turn.repo != first.repo).find(|turn| !has_nothing(turn))?;
        Some((rival.repo.clone(), rival.service))
    }

    fn wait(&mut self, opening: &Turn, priority: u32, ready_at: Timestamp, opened: Opened) {
        self.waiting.insert(Turn { priority: Reverse(priority), ready_at, opened, ..opening.clone() });
    }

    /// The task's repository is served, and its area is taken.
    fn suppose_given(&mut self, turn: &Turn, repo: &Repo) {
        let Some(seen) = self.repos.get_mut(&turn.repo) else { return };
        seen.service = seen.service.saturating_add(repo.service_cost(turn.class.points));
        if let Some(area) = turn.area().filter(|_| seen.locks_areas) {
            self.taken.insert((turn.repo.clone(), area.to_owned()));
        }
    }
}

impl Turn {
    fn place(&self) -> Place {
        (self.priority, self.service, self.ready_at)
    }

    fn area(&self) -> Option<&str> {
        match &self.opened {
            Opened::Task(_, area) | Opened::Lane(area) => area.as_deref(),
            Opened::Shelf => None,
        }
    }

    fn shelf(&self) -> Shelf {
        Shelf {
            repo: self.repo.clone(),
            class: FitClass::clone(&self.class),
            priority: self.priority.0,
            service: self.service,
            ready_at: self.ready_at,
        }
    }
}
