//! What happened, in shards: each commit that has events appends one entry to each shard that they belong to.
//!
//! A shard is a partition of entries numbered from 1. An entry is put where none has its number yet, so the numbers have no
//! gap, of two commits that want the same one only one succeeds, and whoever has read up to a number has missed nothing
//! before it. Events of a task or a repository are in the shard of the repository, those of a worker in the shard of the
//! worker: what is about one subject is in one shard and in its order.
//!
//! Across shards the order is that of *stamps*. A commit's stamp is larger than those of everything it was based on: every
//! record that it wrote or checked and every shard that it appended to (Lamport 1978); and not smaller than its time.
//!
//! Each entry also carries the counts of its shard as they are after it, so the pool can be counted by reading the last entry
//! of each shard.

use super::item::{self, BODY, COMMIT, Item, STAMP};
use super::keys::{Address, SK, log, number_key, number_of, shard_of};
use super::table::{Range, Table};
use crate::{Counts, Cursor, StoreError};
use owp_logic::{Event, Key, Record, Repo, Snapshot, Subject, Write};
use owp_wire::TaskState;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;

/// Stamps in one millisecond.
const STAMPS_PER_MS: u64 = 1 << 10;

const COUNTS: &str = "n";

/// Which shard an event belongs to.
pub fn shard_of_event(event: &Event, shards: u32) -> u32 {
    match (&event.repo, &event.subject) {
        (Some(name), _) | (None, Subject::Repo(name)) => shard_of(&name.0, shards),
        (None, Subject::Worker(id)) => shard_of(&id.0, shards),
        (None, Subject::Task(id)) => shard_of(&id.0, shards),
        (None, Subject::Server) => shard_of("server", shards),
    }
}

/// The smallest stamp that says when an event was.
pub fn stamp_at(event: &Event) -> u64 {
    u64::try_from(event.at.as_millis()).unwrap_or_default().saturating_mul(STAMPS_PER_MS)
}

/// What can be counted without looking at the records: differences add up over shards, so a commit may note its own in any.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Totals {
    tasks: BTreeMap<TaskState, i64>,
    workers: i64,
    repos: i64,
    slots_used: i64,
    slots: i64,
}

impl Totals {
    pub fn add(&mut self, other: &Self) {
        for (state, count) in &other.tasks {
            *self.tasks.entry(*state).or_default() += count;
        }
        self.tasks.retain(|_, count| *count != 0);
        self.workers += other.workers;
        self.repos += other.repos;
        self.slots_used += other.slots_used;
        self.slots += other.slots;
    }

    /// What a commit changes.
    pub fn changed<'a>(snapshot: &Snapshot, writes: impl Iterator<Item = (&'a Key, &'a Write)>) -> Self {
        let mut changed = Self::default();
        for (key, write) in writes {
            let Write::Put(new) = write else { continue };
            changed.note(snapshot.get(key).and_then(|(_, record)| record), -1);
            changed.note(Some(new), 1);
        }
        changed.tasks.retain(|_, count| *count != 0);
        changed
    }

    fn note(&mut self, record: Option<&Record>, sign: i64) {
        match record {
            Some(Record::Task(task)) => *self.tasks.entry(task.state).or_default() += sign,
            Some(Record::Worker(_)) => self.workers += sign,
            Some(Record::Repo(repo)) => self.note_repo(repo, sign),
            _ => {}
        }
    }

    fn note_repo(&mut self, repo: &Repo, sign: i64) {
        self.repos += sign;
        self.slots_used += sign * i64::from(repo.slots_used());
        self.slots += sign * i64::from(repo.max_open_prs);
    }

    fn counts(&self, workers_online: usize) -> Counts {
        let size = |count: i64| usize::try_from(count).unwrap_or_default();
        Counts {
            workers_online,
            workers_total: size(self.workers),
            repos_total: size(self.repos),
            slots_used: u64::try_from(self.slots_used).unwrap_or_default(),
            slots_total: u64::try_from(self.slots).unwrap_or_default(),
            tasks: self.tasks.iter().map(|(state, count)| (*state, size(*count))).collect(),
        }
    }
}

/// The end of a shard.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tail {
    pub number: u64,
    pub stamp: u64,
    pub totals: Totals,
}

impl Tail {
    fn of(item: &Item) -> Result<Self, StoreError> {
        Ok(Self {
            number: entry_number(item)?,
            stamp: item::number(item, STAMP)?,
            totals: item::parse(item::text(item, COUNTS)?)?,
        })
    }

    /// The entry behind it.
    pub fn entry(
        &self,
        shard: u32,
        events: &[Numbered<&Event>],
        changed: &Totals,
        stamp: u64,
        commit: &str,
    ) -> Result<Item, StoreError> {
        let mut totals = self.totals.clone();
        totals.add(changed);
        let entry = item::Builder::at(&Address::entry(shard, self.number + 1)).number(STAMP, stamp);
        Ok(entry.text(COMMIT, commit).json(COUNTS, &totals)?.json(BODY, &events)?.build())
    }
}

pub async fn tails(table: &Table, shards: impl IntoIterator<Item = u32>) -> Result<Vec<Tail>, StoreError> {
    let last = shards.into_iter().map(|shard| Range::of(log(shard)).backward().limit(1)).collect();
    let found = table.query_all(last).await?;
    found.iter().map(|(items, _)| items.first().map_or(Ok(Tail::default()), Tail::of)).collect()
}

pub async fn counts(table: &Table, workers_online: usize) -> Result<Counts, StoreError> {
    let mut totals = Totals::default();
    for tail in tails(table, 0..table.shards().await?.log).await? {
        totals.add(&tail.totals);
    }
    Ok(totals.counts(workers_online))
}

fn entry_number(item: &Item) -> Result<u64, StoreError> {
    number_of(item::text(item, SK)?).ok_or_else(|| item::lacking(SK))
}

/// How far one shard was read: whole entries, and events of the next one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    entries: u64,
    events: usize,
}

/// How far every shard was read.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Places(Vec<Place>);

impl Places {
    /// What was written by [`Places::cursor`] for as many shards, and nothing else.
    fn parse(after: Option<&Cursor>, shards: u32) -> Result<Self, StoreError> {
        let start = Self(vec![Place::default(); shards as usize]);
        let Some(Cursor(text)) = after else { return Ok(start) };
        let places: Option<Vec<Place>> = text.split('.').map(Place::parse).collect();
        let places = places.filter(|places| places.len() == start.0.len());
        places.map(Self).filter(|places| places.cursor().0 == *text).ok_or(StoreError::BadCursor)
    }

    fn cursor(&self) -> Cursor {
        let mut text = String::new();
        for (index, place) in self.0.iter().enumerate() {
            let dot = if index == 0 { "" } else { "." };
            write!(text, "{dot}{:x}", place.entries).expect("a string takes everything");
            if place.events > 0 {
                write!(text, "+{:x}", place.events).expect("a string takes everything");
            }
        }
        Cursor(text)
    }
}

impl Place {
    fn parse(text: &str) -> Option<Self> {
        let (entries, events) = text.split_once('+').unwrap_or((text, "0"));
        Some(Self { entries: u64::from_str_radix(entries, 16).ok()?, events: usize::from_str_radix(events, 16).ok()? })
    }
}

/// An event that was read, with what orders it among those of other shards.
struct Read {
    stamp: u64,
    /// Its place among the events of its commit.
    index: usize,
    event: Event,
    /// How far its shard is read before it is told, and after.
    front: Place,
    place: Place,
}

/// Events are merged by their stamps. A shard is read some way ahead; where it has more, what follows in other shards waits,
/// so a page may be short.
pub async fn events(
    table: &Table,
    after: Option<&Cursor>,
    until: Option<&Cursor>,
    limit: usize,
) -> Result<Vec<(Cursor, Event)>, StoreError> {
    let shards = table.shards().await?.log;
    let mut places = Places::parse(after, shards)?;
    let ends = until.map(|until| Places::parse(Some(until), shards)).transpose()?;
    let ahead = limit.div_ceil(AHEAD).max(1);
    let ranges = (0..shards).zip(&places.0);
    let ranges = ranges.map(|(shard, place)| Range::of(log(shard)).after(number_key(place.entries)).limit(ahead));
    let found = table.query_all(ranges.collect()).await?;
    let mut rows: Vec<(VecDeque<Read>, bool)> = Vec::with_capacity(found.len());
    for (shard, ((items, more), place)) in found.iter().zip(&mut places.0).enumerate() {
        if let Some(first) = items.first().map(entry_number).transpose()?
            && first > place.entries + 1
        {
            if after.is_some() && !is_kept(table, u32::try_from(shard).unwrap_or(u32::MAX), place.entries).await? {
                return Err(StoreError::CursorGone);
            }
            place.entries = first - 1;
        }
        let mut row = read(items, *place)?;
        let end = ends.as_ref().map(|ends| ends.0[shard]);
        let within = row.iter().take_while(|read| end.is_none_or(|end| read.place <= end)).count();
        let reaches_end = within < row.len();
        row.truncate(within);
        rows.push((row, *more && !reaches_end));
    }
    let mut told = Vec::new();
    while told.len() < limit {
        let heads = rows.iter().enumerate().filter_map(|(shard, (row, _))| row.front().map(|head| (shard, head)));
        let Some((shard, _)) = heads.min_by_key(|(shard, head)| (head.stamp, head.index, *shard)) else { break };
        let (row, more) = &mut rows[shard];
        let next = row.pop_front().expect("it has a head");
        let dry = row.is_empty() && *more;
        places.0[shard] = next.place;
        told.push((places.cursor(), next.event));
        if dry {
            break;
        }
    }
    Ok(told)
}

/// Whether there is an entry up to this one. What is too old is dropped from the beginning, so then what is missing behind it
/// was not dropped by the store, and those who prove the log will find out.
async fn is_kept(table: &Table, shard: u32, number: u64) -> Result<bool, StoreError> {
    let (items, _) = table.query(Range::of(log(shard)).at_most(number_key(number)).limit(1)).await?;
    Ok(!items.is_empty())
}

/// The same backwards, each event with the place in front of it.
pub async fn events_back(
    table: &Table,
    until: Option<&Cursor>,
    limit: usize,
) -> Result<Vec<(Cursor, Event)>, StoreError> {
    let shards = table.shards().await?.log;
    let from = until.cloned().map_or(latest(table).await, Ok)?;
    let mut places = Places::parse(Some(&from), shards)?;
    let ahead = limit.div_ceil(AHEAD).max(1);
    let ranges = (0..shards).zip(&places.0).map(|(shard, place)| {
        let last = place.entries + u64::from(place.events > 0);
        Range::of(log(shard)).at_most(number_key(last)).backward().limit(ahead)
    });
    let found = table.query_all(ranges.collect()).await?;
    let mut rows: Vec<(VecDeque<Read>, bool)> = Vec::with_capacity(found.len());
    for ((items, more), place) in found.iter().zip(&places.0) {
        let items: Vec<Item> = items.iter().rev().cloned().collect();
        let mut row = read(&items, Place::default())?;
        row.retain(|read| read.place <= *place);
        rows.push((row, *more));
    }
    let mut told = Vec::new();
    while told.len() < limit {
        let heads = rows.iter().enumerate().filter_map(|(shard, (row, _))| row.back().map(|head| (shard, head)));
        let Some((shard, _)) = heads.max_by_key(|(shard, head)| (head.stamp, head.index, *shard)) else { break };
        let (row, more) = &mut rows[shard];
        let next = row.pop_back().expect("it has a head");
        let dry = row.is_empty() && *more;
        places.0[shard] = next.front;
        told.push((places.cursor(), next.event));
        if dry {
            break;
        }
    }
    Ok(told)
}

/// Entries that are deleted in one go; each is a call.
const PRUNED_MAX: usize = 100;

/// Drops whole entries. The last of a shard stays: it has the shard's number, stamp and counts.
pub async fn prune(table: &Table, until: &Cursor) -> Result<usize, StoreError> {
    let shards = table.shards().await?.log;
    let places = Places::parse(Some(until), shards)?;
    let tails = tails(table, 0..shards).await?;
    let mut pruned = 0;
    for ((shard, place), tail) in (0..shards).zip(&places.0).zip(&tails) {
        let last = place.entries.min(tail.number.saturating_sub(1));
        let range = Range::of(log(shard)).at_most(number_key(last)).limit(PRUNED_MAX);
        let (items, _) = table.query(range).await?;
        for item in &items {
            pruned += read(std::slice::from_ref(item), Place::default())?.len();
            table.delete(&Address::entry(shard, entry_number(item)?)).await?;
        }
    }
    Ok(pruned)
}

pub async fn latest(table: &Table) -> Result<Cursor, StoreError> {
    let tails = tails(table, 0..table.shards().await?.log).await?;
    Ok(Places(tails.into_iter().map(|tail| Place { entries: tail.number, events: 0 }).collect()).cursor())
}

/// Of a page of one shard alone, so much is read of each shard; a reader that is far behind reads fewer twice.
const AHEAD: usize = 4;

fn read(items: &[Item], from: Place) -> Result<VecDeque<Read>, StoreError> {
    let mut row = VecDeque::new();
    for item in items {
        let (number, stamp) = (entry_number(item)?, item::number(item, STAMP)?);
        let events: Vec<Numbered<Event>> = item::parse(item::text(item, BODY)?)?;
        let skipped = if number == from.entries + 1 { from.events } else { 0 };
        let last = events.len();
        for (told, numbered) in events.into_iter().enumerate().skip(skipped) {
            let front = Place { entries: number - 1, events: told };
            let place = if told + 1 == last {
                Place { entries: number, events: 0 }
            } else {
                Place { events: told + 1, ..front }
            };
            row.push_back(Read { stamp, index: numbered.index, event: numbered.event, front, place });
        }
    }
    Ok(row)
}

/// An event with its place among those of its commit, which may be spread over shards.
#[derive(Serialize, Deserialize)]
pub struct Numbered<E> {
    #[serde(rename = "i")]
    pub index: usize,
    #[serde(rename = "e")]
    pub event: E,
}
