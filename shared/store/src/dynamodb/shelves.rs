//! Open shelves in the order in which they are looked for, read as far as somebody looks.
//!
//! The index of open repositories names those worth a look, with the best that each has under every leading skill. A
//! repository is opened when its turn comes: its record, its lanes under the skill and its area claims are read from the
//! table. So a search opens about as many repositories as it finds tasks in.

use super::definition::{OPEN, READY, READY_SUMMARY, TABLE};
use super::directory::{LaneItem, LaneName, Ready, under_skill};
use super::item::{self, BODY, Item, open_partition, ready_repos_partition};
use super::keys::{SK, areas, lanes, number_of, priority_of};
use super::reader::{DynamoReader, named_by};
use super::table::Range;
use crate::load::class_fits;
use crate::{Lane, Reader, Shelf, StoreError};
use futures::future::{try_join, try_join_all};
use owp_logic::fit::tier_asked;
use owp_logic::{FitClass, Key, Record, Repo, Wanted};
use owp_wire::{RepoName, TaskId, Timestamp};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Open repositories with something under one of a worker's skills, as many as a search looks at: those that were served
/// least. Beyond so many, the rest has its turn once these were served.
const REPOS_MAX: usize = 256;

/// Open repositories read to find them. Each is some hundred bytes in the index.
const REPOS_READ_MAX: usize = 2048;

/// Repositories opened in parallel once a few had nothing.
const OPENED_AT_ONCE_MAX: usize = 16;

/// Priority, service, age.
type Place = (Reverse<u32>, u64, Timestamp);

/// What one search has read.
#[derive(Default)]
pub struct Search {
    open: Option<Vec<OpenRepo>>,
    opened: HashMap<(RepoName, String), Vec<LaneItem>>,
    taken: HashMap<RepoName, BTreeSet<String>>,
}

/// As the index has it.
struct OpenRepo {
    name: RepoName,
    service: u64,
    ready: Ready,
}

impl Search {
    fn is_unlocked(&self, repo: &Repo, lane: &LaneItem) -> bool {
        let is_taken = |area| self.taken.get(&repo.name).is_some_and(|taken| taken.contains(area));
        !repo.area_locks_enabled || !lane.area.as_ref().is_some_and(is_taken)
    }
}

impl DynamoReader<'_> {
    pub async fn open_shelves(&mut self, skill: &str, wanted: &Wanted, limit: usize) -> Result<Vec<Shelf>, StoreError> {
        self.read_open(wanted).await?;
        let open = self.search.open.iter().flatten();
        let mut closed: BTreeSet<(Place, RepoName)> = open
            .filter_map(|repo| {
                let (priority, since) = repo.ready.best_under(skill)?;
                Some(((Reverse(priority), repo.service, since), repo.name.clone()))
            })
            .collect();
        let mut waiting: BTreeMap<(Place, RepoName, FitClass), Shelf> = BTreeMap::new();
        let (mut found, mut at_once) = (Vec::new(), 1);
        while found.len() < limit {
            let turn = waiting.first_key_value().map(|((place, ..), _)| *place);
            if closed.first().is_some_and(|(place, _)| turn.is_none_or(|turn| *place <= turn)) {
                let names: Vec<RepoName> =
                    std::iter::from_fn(|| closed.pop_first()).map(|(_, name)| name).take(at_once).collect();
                at_once = (at_once * 2).min(OPENED_AT_ONCE_MAX);
                self.open_repos(&names, skill).await?;
                for shelf in names.iter().flat_map(|name| self.shelves_of(name, skill, wanted)) {
                    let place = (Reverse(shelf.priority), shelf.service, shelf.ready_at);
                    waiting.insert((place, shelf.repo.clone(), shelf.class.clone()), shelf);
                }
            } else if let Some((_, shelf)) = waiting.pop_first() {
                found.push(shelf);
            } else {
                break;
            }
        }
        Ok(found)
    }

    /// Reads the records of these repositories, and of those that are open the lanes under a skill and the claims.
    async fn open_repos(&mut self, names: &[RepoName], skill: &str) -> Result<(), StoreError> {
        self.expect(names.iter().cloned().map(Key::Repo).collect()).await?;
        let mut open = Vec::new();
        for name in names {
            let found = self.read_repo(name).await?;
            let is_open = |repo: &Repo| repo.is_open_for(false) || repo.is_open_for(true);
            let is_open = found.as_deref().and_then(Record::as_repo).is_some_and(is_open);
            if is_open && !self.search.opened.contains_key(&(name.clone(), skill.to_owned())) {
                open.push(name);
            }
        }
        let reads = open.iter().map(|name| try_join(self.read_lanes(name, skill), self.read_taken(name)));
        for (name, (lanes, taken)) in open.iter().zip(try_join_all(reads).await?) {
            self.search.opened.insert(((*name).clone(), skill.to_owned()), lanes);
            self.search.taken.insert((*name).clone(), taken);
        }
        Ok(())
    }

    /// The fitting shelves of a repository that was read.
    fn shelves_of(&self, name: &RepoName, skill: &str, wanted: &Wanted) -> Vec<Shelf> {
        let record = self.known(&Key::Repo(name.clone()));
        let repo = record.as_deref().and_then(Record::as_repo).filter(|repo| tier_asked(repo) <= wanted.tier_max);
        let lanes = self.search.opened.get(&(name.clone(), skill.to_owned()));
        let (Some(repo), Some(lanes)) = (repo, lanes) else { return Vec::new() };
        let lanes = lanes.iter().filter(|lane| {
            repo.is_open_for(lane.class.security)
                && class_fits(&lane.class, wanted)
                && self.search.is_unlocked(repo, lane)
        });
        let mut best: BTreeMap<&FitClass, (Reverse<u32>, Timestamp)> = BTreeMap::new();
        for lane in lanes {
            let Some((priority, since)) = lane.ready.best() else { continue };
            let place = (Reverse(priority), since);
            best.entry(&lane.class).and_modify(|best| *best = place.min(*best)).or_insert(place);
        }
        let shelf = |(class, (priority, ready_at)): (&FitClass, (Reverse<u32>, Timestamp))| Shelf {
            repo: name.clone(),
            class: class.clone(),
            priority: priority.0,
            ready_at,
            service: repo.service,
        };
        best.into_iter().map(shelf).collect()
    }

    /// The unlocked lanes of a shelf, best first.
    pub fn lanes_of(&self, shelf: &Shelf, limit: usize) -> Vec<Lane> {
        let record = self.known(&Key::Repo(shelf.repo.clone()));
        let Some(repo) = record.as_deref().and_then(Record::as_repo) else { return Vec::new() };
        let key = (shelf.repo.clone(), shelf.class.leading_skill().to_owned());
        let lanes = self.search.opened.get(&key).into_iter().flatten();
        let lanes = lanes.filter(|lane| lane.class == shelf.class && self.search.is_unlocked(repo, lane));
        let best = lanes.filter_map(|lane| Some((lane.ready.best()?, lane.area.clone())));
        let mut lanes: Vec<Lane> = best.map(|((priority, ready_at), area)| Lane { area, priority, ready_at }).collect();
        lanes.sort_by(|a, b| (b.priority, a.ready_at, &a.area).cmp(&(a.priority, b.ready_at, &b.area)));
        lanes.truncate(limit);
        lanes
    }

    async fn read_lanes(&self, name: &RepoName, skill: &str) -> Result<Vec<LaneItem>, StoreError> {
        let (items, _) = self.table.query(Range::of(lanes(name)).begins_with(under_skill(skill))).await?;
        items.iter().map(read_lane).collect()
    }

    /// The areas that are taken, as many as slots are used.
    async fn read_taken(&self, name: &RepoName) -> Result<BTreeSet<String>, StoreError> {
        let (items, _) = self.table.query(Range::of(areas(name))).await?;
        items.iter().map(|item| item::text(item, SK).map(str::to_owned)).collect()
    }

    /// Once for each search.
    async fn read_open(&mut self, wanted: &Wanted) -> Result<(), StoreError> {
        if self.search.open.is_some() {
            return Ok(());
        }
        let leading: Vec<&str> = std::iter::once("").chain(wanted.skills.iter().map(String::as_str)).collect();
        let shards = self.table.shards().await?.index;
        let (read_max, found_max) = (share(REPOS_READ_MAX, shards), share(REPOS_MAX, shards));
        let mut open = Vec::new();
        let ranges = (0..shards).map(|shard| Range::of_index(OPEN, open_partition(shard)).limit(found_max)).collect();
        for (shard, (mut items, mut more)) in (0..shards).zip(self.table.query_all(ranges).await?) {
            let (mut read, mut found) = (0, 0);
            loop {
                for item in &items {
                    let repo = read_open(item)?;
                    if leading.iter().any(|skill| repo.ready.best_under(skill).is_some()) {
                        open.push(repo);
                        found += 1;
                    }
                }
                read += items.len();
                let Some(last) = items.last().filter(|_| more && found < found_max && read < read_max) else { break };
                let last = item::text(last, TABLE.index(OPEN).sk)?;
                let next = Range::of_index(OPEN, open_partition(shard)).after(last).limit(found_max);
                (items, more) = self.table.query(next).await?;
            }
        }
        self.search.open = Some(open);
        Ok(())
    }

    /// Ready tasks of the whole pool, highest priority first, then the oldest. Repositories, lanes and tasks wait in one
    /// queue and are opened when their turn comes.
    pub async fn first_ready(&mut self, limit: usize) -> Result<Vec<TaskId>, StoreError> {
        let shards = self.table.shards().await?.index;
        let ranges = (0..shards).map(|shard| Range::of_index(READY, ready_repos_partition(shard)).limit(limit));
        let mut queue: BTreeSet<(Reverse<u32>, Timestamp, Waiting)> = BTreeSet::new();
        let earliest = Timestamp::from_millis(i64::MIN);
        for (items, _) in self.table.query_all(ranges.collect()).await? {
            for item in &items {
                let priority = priority_of(item::text(item, TABLE.index(READY).sk)?).unwrap_or_default();
                queue.insert((Reverse(priority), earliest, Waiting::Repo(RepoName(named_by(item)?))));
            }
        }
        let mut found = Vec::new();
        while found.len() < limit
            && let Some((_, _, next)) = queue.pop_first()
        {
            match next {
                Waiting::Repo(name) => {
                    let (items, _) = self.table.query(Range::of(lanes(&name))).await?;
                    for lane in items.iter().map(read_lane) {
                        let lane = lane?;
                        let Some((priority, since)) = lane.ready.best() else { continue };
                        queue.insert((Reverse(priority), since, Waiting::Lane(Box::new(lane.name(&name)))));
                    }
                }
                Waiting::Lane(lane) => {
                    for head in self.heads(&lane, u32::MAX, limit).await? {
                        queue.insert((Reverse(head.priority), head.ready_at, Waiting::Task(head.id)));
                    }
                }
                Waiting::Task(id) => found.push(id),
            }
        }
        Ok(found)
    }
}

/// What may be opened goes before what is there, so that it is opened in time.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Waiting {
    Repo(RepoName),
    Lane(Box<LaneName>),
    Task(TaskId),
}

fn share(all: usize, shards: u32) -> usize {
    all.div_ceil(shards as usize)
}

fn read_open(item: &Item) -> Result<OpenRepo, StoreError> {
    let ready = item::parse(item::text(item, READY_SUMMARY)?)?;
    let service = number_of(item::text(item, TABLE.index(OPEN).sk)?).unwrap_or_default();
    Ok(OpenRepo { name: RepoName(named_by(item)?), service, ready })
}

pub fn read_lane(item: &Item) -> Result<LaneItem, StoreError> {
    item::parse(item::text(item, BODY)?)
}
