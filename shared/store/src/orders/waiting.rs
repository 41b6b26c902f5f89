//! Ready tasks in the order in which they are looked for. The module `load` says what shelves and lanes are.
//!
//! Every level keeps those below it that can be given, best first, so that a look at the best costs no more than what it
//! finds. A change moves a task in its lane, then the lane on its shelf, then the shelf in its repository, then the
//! repository among the open ones; each only where its best has changed.

use super::queue::{Place, Queue, Rank};
use super::replace;
use crate::load::class_fits;
use crate::{Head, Lane, Shelf};
use owp_logic::fit::tier_asked;
use owp_logic::{FitClass, Repo, Task, Wanted};
use owp_wire::{RepoName, TaskId, TaskState, Timestamp};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What a repository has to give: priority, its service so far, age.
type Best = (Reverse<u32>, u64, Timestamp);

/// Under which workers find a shelf, and whether its tasks may use the slots kept for security: these open and close by
/// themselves.
type Shelving = (String, bool);

#[derive(Default)]
pub struct Waiting {
    repos: HashMap<RepoName, Shelves>,
    /// The open repositories with something to give, by the best of it.
    open: BTreeMap<Shelving, BTreeSet<(Best, RepoName)>>,
}

/// The shelves of one repository.
#[derive(Default)]
struct Shelves {
    is_open: bool,
    is_open_for_security: bool,
    tier_asked: u32,
    locks_areas: bool,
    service: u64,
    taken: BTreeSet<String>,
    all: BTreeMap<FitClass, Lanes>,
    /// Those with an unlocked lane, best first.
    unlocked: BTreeMap<Shelving, BTreeSet<(Rank, FitClass)>>,
    /// What stands among the open ones.
    best: BTreeMap<Shelving, Best>,
}

/// The lanes of one shelf.
#[derive(Default)]
struct Lanes {
    all: BTreeMap<Option<String>, Queue>,
    /// Best first.
    unlocked: BTreeSet<(Rank, Option<String>)>,
}

/// Where in its repository a task waits.
#[derive(PartialEq)]
struct Spot {
    class: FitClass,
    area: Option<String>,
    place: Place,
}

impl Waiting {
    /// A task is new or another now.
    pub fn task(&mut self, old: Option<&Task>, new: Option<&Task>) {
        fn spot(task: &Task) -> Option<(&RepoName, Spot)> {
            let place = ((Reverse(task.spec.priority), task.ready_at), task.id.clone());
            let spot = || Spot { class: task.fit_class(), area: task.spec.area.clone(), place };
            (task.state == TaskState::Ready).then(|| (&task.repo, spot()))
        }
        let (before, after) = (old.and_then(spot), new.and_then(spot));
        if before == after {
            return;
        }
        if let Some((repo, spot)) = before {
            self.change(repo, |shelves| shelves.put(&spot, false));
        }
        if let Some((repo, spot)) = after {
            self.change(repo, |shelves| shelves.put(&spot, true));
        }
    }

    /// Fills a lane that has no tasks yet, for a start from what is stored.
    #[cfg(feature = "libsql")]
    pub fn lane(&mut self, repo: &RepoName, class: &FitClass, area: Option<String>, places: Queue) {
        self.change(repo, |shelves| shelves.fill(class, area, places));
    }

    /// An area was taken or freed.
    pub fn area(&mut self, repo: &RepoName, area: &str, taken: bool) {
        self.change(repo, |shelves| {
            let changed = if taken { shelves.taken.insert(area.to_owned()) } else { shelves.taken.remove(area) };
            if changed && shelves.locks_areas {
                shelves.lock(area, taken);
            }
        });
    }

    /// A repository is new or another now; none is ever removed.
    pub fn repo(&mut self, repo: Option<&Repo>) {
        let Some(repo) = repo else { return };
        self.change(&repo.name, |shelves| {
            (shelves.is_open, shelves.is_open_for_security) = (repo.is_open_for(false), repo.is_open_for(true));
            (shelves.service, shelves.tier_asked) = (repo.service, tier_asked(repo));
            if shelves.locks_areas != repo.area_locks_enabled {
                shelves.locks_areas = repo.area_locks_enabled;
                shelves.taken.clone().iter().for_each(|area| shelves.lock(area, repo.area_locks_enabled));
            }
        });
    }

    fn change(&mut self, name: &RepoName, change: impl FnOnce(&mut Shelves)) {
        let shelves = match self.repos.get_mut(name) {
            Some(shelves) => shelves,
            None => self.repos.entry(name.clone()).or_default(),
        };
        change(shelves);
        for (shelving, unlocked) in &shelves.unlocked {
            let is_open = if shelving.1 { shelves.is_open_for_security } else { shelves.is_open };
            let head = unlocked.first().filter(|_| is_open);
            let best = head.map(|((priority, ready_at), _)| (*priority, shelves.service, *ready_at));
            let before = shelves.best.get(shelving).copied();
            if best != before {
                let entry = |best| (best, name.clone());
                replace(self.open.entry(shelving.clone()).or_default(), before.map(entry), best.map(entry));
                match best {
                    Some(best) => shelves.best.insert(shelving.clone(), best),
                    None => shelves.best.remove(shelving),
                };
            }
        }
    }

    pub fn shelves(&self, skill: &str, wanted: &Wanted, limit: usize) -> Vec<Shelf> {
        let mut found = self.shelved(&(skill.to_owned(), false), wanted, limit);
        let security = self.shelved(&(skill.to_owned(), true), wanted, limit);
        if !security.is_empty() {
            found.extend(security);
            found.sort_by_key(|shelf| (Reverse(shelf.priority), shelf.service, shelf.ready_at));
            found.truncate(limit);
        }
        found
    }

    /// Takes the next shelf of the repository whose turn it is, until there are enough.
    fn shelved(&self, shelving: &Shelving, wanted: &Wanted, limit: usize) -> Vec<Shelf> {
        let open = self.open.get(shelving).into_iter().flatten();
        let mut open = open.filter(|(_, repo)| self.repos[repo].tier_asked <= wanted.tier_max).peekable();
        let mut rows: BTreeMap<(Best, &RepoName, &FitClass), _> = BTreeMap::new();
        let mut found = Vec::new();
        while found.len() < limit {
            let turn = rows.first_key_value().map(|((best, ..), _)| *best);
            if let Some(((_, service, _), repo)) = open.next_if(|(best, _)| turn.is_none_or(|turn| *best <= turn)) {
                let row = self.repos[repo].unlocked[shelving].iter().filter(|(_, class)| class_fits(class, wanted));
                wait_with(&mut rows, repo, *service, row);
            } else if let Some((((priority, service, ready_at), repo, class), row)) = rows.pop_first() {
                let (repo_name, class, priority) = (repo.clone(), class.clone(), priority.0);
                found.push(Shelf { repo: repo_name, class, priority, ready_at, service });
                wait_with(&mut rows, repo, service, row);
            } else {
                break;
            }
        }
        found
    }

    pub fn lanes(&self, shelf: &Shelf, limit: usize) -> Vec<Lane> {
        let unlocked = self.lanes_of(shelf).into_iter().flat_map(|lanes| &lanes.unlocked);
        let lane = |((priority, ready_at), area): &(Rank, Option<String>)| Lane {
            area: area.clone(),
            priority: priority.0,
            ready_at: *ready_at,
        };
        unlocked.take(limit).map(lane).collect()
    }

    pub fn lane_head(&self, shelf: &Shelf, lane: &Lane, priority_max: u32, limit: usize) -> Vec<Head> {
        let places = self.lanes_of(shelf).and_then(|lanes| lanes.all.get(&lane.area));
        let first = ((Reverse(priority_max), Timestamp::from_millis(i64::MIN)), TaskId(String::new()));
        let head =
            |((priority, ready_at), id): &Place| Head { id: id.clone(), priority: priority.0, ready_at: *ready_at };
        places.into_iter().flat_map(|places| places.onward(&first)).take(limit).map(head).collect()
    }

    fn lanes_of(&self, shelf: &Shelf) -> Option<&Lanes> {
        self.repos.get(&shelf.repo)?.all.get(&shelf.class)
    }
}

impl Shelves {
    fn put(&mut self, spot: &Spot, waits: bool) {
        let is_locked = self.locks_areas && spot.area.as_ref().is_some_and(|area| self.taken.contains(area));
        let lanes = self.all.entry(spot.class.clone()).or_default();
        let before = lanes.best();
        lanes.put(spot, waits, is_locked);
        let after = lanes.best();
        if lanes.all.is_empty() {
            self.all.remove(&spot.class);
        }
        self.move_shelf(&spot.class, before, after);
    }

    #[cfg(feature = "libsql")]
    fn fill(&mut self, class: &FitClass, area: Option<String>, places: Queue) {
        let is_locked = self.locks_areas && area.as_ref().is_some_and(|area| self.taken.contains(area));
        let lanes = self.all.entry(class.clone()).or_default();
        let before = lanes.best();
        let head = places.first().map(|(rank, _)| (*rank, area.clone()));
        lanes.unlocked.extend(head.filter(|_| !is_locked));
        lanes.all.insert(area, places);
        let after = lanes.best();
        self.move_shelf(class, before, after);
    }

    /// Locks or unlocks the lanes of an area.
    fn lock(&mut self, area: &str, locked: bool) {
        let mut moved = Vec::new();
        let area = Some(area.to_owned());
        for (class, lanes) in &mut self.all {
            let before = lanes.best();
            lanes.lock(&area, locked);
            let after = lanes.best();
            if before != after {
                moved.push((class.clone(), before, after));
            }
        }
        moved.into_iter().for_each(|(class, before, after)| self.move_shelf(&class, before, after));
    }

    fn move_shelf(&mut self, class: &FitClass, before: Option<Rank>, after: Option<Rank>) {
        if before != after {
            let shelves = self.unlocked.entry((class.leading_skill().to_owned(), class.security)).or_default();
            replace(shelves, before.map(|rank| (rank, class.clone())), after.map(|rank| (rank, class.clone())));
        }
    }
}

impl Lanes {
    fn best(&self) -> Option<Rank> {
        self.unlocked.first().map(|(rank, _)| *rank)
    }

    fn put(&mut self, spot: &Spot, waits: bool, is_locked: bool) {
        let head = |lane: &Queue| lane.first().map(|(rank, _)| (*rank, spot.area.clone()));
        let lane = self.all.entry(spot.area.clone()).or_default();
        let before = head(lane);
        if waits {
            lane.insert(spot.place.clone());
        } else {
            lane.remove(&spot.place);
        }
        let after = head(lane);
        if lane.is_empty() {
            self.all.remove(&spot.area);
        }
        if !is_locked {
            replace(&mut self.unlocked, before, after);
        }
    }

    #[allow(clippy::ref_option, reason = "it is the key as the map has it, so that a look copies nothing")]
    fn lock(&mut self, area: &Option<String>, locked: bool) {
        if let Some((rank, _)) = self.all.get(area).and_then(Queue::first) {
            let lane = (*rank, area.clone());
            if locked {
                self.unlocked.remove(&lane)
            } else {
                self.unlocked.insert(lane)
            };
        }
    }
}

/// A repository's fitting shelves wait for the turn of the first of them.
fn wait_with<'a, R: Iterator<Item = &'a (Rank, FitClass)>>(
    rows: &mut BTreeMap<(Best, &'a RepoName, &'a FitClass), R>,
    repo: &'a RepoName,
    service: u64,
    mut row: R,
) {
    if let Some(((priority, ready_at), class)) = row.next() {
        rows.insert(((*priority, service, *ready_at), repo, class), row);
    }
}
