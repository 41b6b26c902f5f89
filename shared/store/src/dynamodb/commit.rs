//! One commit: one `TransactWriteItems` with a condition on every item, all or nothing.
//!
//! What a decision wrote or relied on is conditioned on its version. What this store keeps beside the records (lanes, the
//! summaries of repositories, the log) is read just before, and conditioned on the commit that wrote it last.

use super::directory::{LaneItem, LaneName, Moved, Ready, moves};
use super::item::{self, BODY, COMMIT, Item, VERSION, Written};
use super::keys::{Address, PK};
use super::log::{Numbered, Tail, Totals, shard_of_event, stamp_at, tails};
use super::reader::DynamoReader;
use super::shelves::read_lane;
use super::table::{Shards, Table, key_of};
use crate::StoreError;
use aws_sdk_dynamodb::types::{
    AttributeValue, ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem,
};
use futures::future::try_join;
use owp_logic::{Changes, Event, Key, Repo, Snapshot, Version, Write};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};

/// Items that one transaction takes.
pub const ITEMS_MAX: usize = 100;

/// A transaction that is ready to be sent.
pub struct Transaction {
    pub items: Vec<TransactWriteItem>,
    /// Names the commit on everything that it writes, and tells DynamoDB one request from another.
    pub commit: String,
    /// How many of the first items are of records; a conflict there means that the decision is void.
    pub records: usize,
}

/// What a commit is made of.
pub struct Committing<'a> {
    pub table: &'a Table,
    pub reader: &'a DynamoReader<'a>,
    pub snapshot: &'a Snapshot,
    pub changes: &'a Changes,
    /// The largest stamp that this process has given.
    pub last_stamp: &'a AtomicU64,
}

/// What this store keeps beside the records, as it is now.
struct Beside<'a> {
    table: &'a Table,
    shards: Shards,
    moves: Vec<Moved>,
    found: HashMap<Address, Item>,
    tails: BTreeMap<u32, Tail>,
}

/// Events by shard, each with its place among all of the commit.
type Sharded<'a> = BTreeMap<u32, Vec<Numbered<&'a Event>>>;

impl Committing<'_> {
    /// `None` where a record is known to have changed already.
    pub async fn prepare(&self, commit: String) -> Result<Option<Transaction>, StoreError> {
        let shards = self.table.shards().await?;
        let mut sharded = Sharded::new();
        for (index, event) in self.changes.events.iter().enumerate() {
            sharded.entry(shard_of_event(event, shards.log)).or_default().push(Numbered { index, event });
        }
        let changed = Totals::changed(self.snapshot, self.writes());
        if sharded.is_empty() && changed != Totals::default() {
            sharded.entry(0).or_default();
        }
        let beside = self.read_beside(shards, &sharded).await?;
        let stamp = self.stamp(&beside);
        let mut transaction = Transaction { items: Vec::new(), commit, records: 0 };
        if !self.put_records(&mut transaction, &beside, stamp)? {
            return Ok(None);
        }
        transaction.records = transaction.items.len();
        put_lanes(&mut transaction, &beside)?;
        let mut changed = Some(changed);
        for (shard, events) in &sharded {
            // Totals are sums over the shards, so it doesn't matter which one notes what changed.
            let changed = changed.take().unwrap_or_default();
            let entry = beside.tails[shard].entry(*shard, events, &changed, stamp, &transaction.commit)?;
            transaction.items.push(put(self.table, entry, None));
        }
        if transaction.items.len() > ITEMS_MAX {
            return Err(StoreError::TooManyWrites { writes: transaction.items.len(), max: ITEMS_MAX });
        }
        Ok(Some(transaction))
    }

    fn writes(&self) -> impl Iterator<Item = (&Key, &Write)> {
        self.changes.writes.iter().map(|(key, (_, write))| (key, write))
    }

    async fn read_beside(&self, shards: Shards, sharded: &Sharded<'_>) -> Result<Beside<'_>, StoreError> {
        let moves = moves(self.snapshot, self.writes());
        let lanes = moves.iter().map(|moved| moved.lane.address());
        let put = self.writes().filter(|(_, write)| **write != Write::Check).filter_map(|(key, _)| match key {
            Key::Repo(name) => Some(Address::repo(name)),
            _ => None,
        });
        let repos = moves.iter().map(|moved| Address::repo(&moved.lane.repo)).chain(put);
        let addresses: Vec<Address> = lanes.chain(repos).collect::<BTreeSet<_>>().into_iter().collect();
        let tails = tails(self.table, sharded.keys().copied());
        let (found, tails) = try_join(self.table.get_all(&addresses), tails).await?;
        Ok(Beside { table: self.table, shards, moves, found, tails: sharded.keys().copied().zip(tails).collect() })
    }

    /// Larger than those of all that this commit is based on, and than any that this process gave before.
    fn stamp(&self, beside: &Beside<'_>) -> u64 {
        let records = self.changes.writes.keys().map(|key| self.reader.stamp(key));
        let tails = beside.tails.values().map(|tail| tail.stamp);
        let seen = records.chain(tails).max().unwrap_or_default() + 1;
        let at = self.changes.events.first().map_or(0, stamp_at);
        let last = self.last_stamp.load(Ordering::SeqCst) + 1;
        let stamp = seen.max(at).max(last);
        self.last_stamp.fetch_max(stamp, Ordering::SeqCst);
        stamp
    }

    /// `false` where a repository is of another version than the decision saw.
    fn put_records(&self, transaction: &mut Transaction, beside: &Beside<'_>, stamp: u64) -> Result<bool, StoreError> {
        let mut repos: BTreeSet<_> = beside.moves.iter().map(|moved| moved.lane.repo.clone()).collect();
        for (key, (expected, write)) in &self.changes.writes {
            let (address, version) = (Address::of(key), *expected);
            let commit = transaction.commit.clone();
            let written = Written { version: version + 1, commit: &commit, stamp };
            let item = match (key, write) {
                (Key::Repo(name), Write::Put(_) | Write::Check) if repos.remove(name) || *write != Write::Check => {
                    let new = if let Write::Put(record) = write { record.as_repo() } else { None };
                    let Some(item) = put_repo(beside, &address, Some(version), new, written)? else { return Ok(false) };
                    item
                }
                (_, Write::Put(record)) => {
                    let item = item::of_record(record, written, beside.shards.index)?;
                    put(self.table, item, condition(version))
                }
                (_, Write::Check) => check(self.table, &address, condition(version)),
                (_, Write::Delete) => delete(self.table, &address, condition(version)),
            };
            transaction.items.push(item);
        }
        // Repositories that the decision never looked at: those of tasks that a merge elsewhere has made ready.
        for name in repos {
            let commit = transaction.commit.clone();
            let written = Written { version: 0, commit: &commit, stamp };
            let Some(item) = put_repo(beside, &Address::repo(&name), None, None, written)? else { return Ok(false) };
            transaction.items.push(item);
        }
        Ok(true)
    }
}

/// A repository with its summary brought up to date; its record as it was where there is no new one.
fn put_repo(
    beside: &Beside<'_>,
    address: &Address,
    expected: Option<Version>,
    new: Option<&Repo>,
    written: Written,
) -> Result<Option<TransactWriteItem>, StoreError> {
    let old = beside.found.get(address);
    let present = old.map_or(Ok(0), |old| item::number(old, VERSION))?;
    if expected.is_some_and(|expected| expected != present) {
        return Ok(None);
    }
    let stored: Option<Repo> = old.map(|old| item::parse(item::text(old, BODY)?)).transpose()?;
    let Some(repo) = new.or(stored.as_ref()) else { return Ok(None) };
    let mut ready = match old {
        Some(old) if old.contains_key(super::definition::READY_SUMMARY) => {
            item::parse(item::text(old, super::definition::READY_SUMMARY)?)?
        }
        _ => Ready::default(),
    };
    beside.moves.iter().filter(|moved| moved.lane.repo == repo.name).for_each(|moved| ready.apply(moved));
    let version = present + u64::from(new.is_some());
    let item = item::of_repo(repo, &ready, Written { version, ..written }, beside.shards.index)?;
    Ok(Some(put(beside.table, item, old.map(Condition::unchanged).transpose()?)))
}

fn put_lanes(transaction: &mut Transaction, beside: &Beside<'_>) -> Result<(), StoreError> {
    let mut lanes: BTreeMap<&LaneName, Vec<&Moved>> = BTreeMap::new();
    for moved in &beside.moves {
        lanes.entry(&moved.lane).or_default().push(moved);
    }
    for (name, moves) in lanes {
        let address = name.address();
        let old = beside.found.get(&address);
        let mut lane = old.map_or_else(|| Ok(LaneItem::new(name)), read_lane)?;
        moves.into_iter().for_each(|moved| lane.ready.apply(moved));
        let unchanged = old.map(Condition::unchanged).transpose()?;
        let item = match (lane.ready.is_empty(), unchanged) {
            (true, None) => continue,
            (true, unchanged) => delete(beside.table, &address, unchanged),
            (false, unchanged) => {
                let item = item::Builder::at(&address).text(COMMIT, &transaction.commit).json(BODY, &lane)?;
                put(beside.table, item.build(), unchanged)
            }
        };
        transaction.items.push(item);
    }
    Ok(())
}

/// What an item must be at; that it must not be there is said by no condition at all.
struct Condition {
    attribute: &'static str,
    value: AttributeValue,
}

impl Condition {
    fn unchanged(item: &Item) -> Result<Self, StoreError> {
        Ok(Self { attribute: COMMIT, value: AttributeValue::S(item::text(item, COMMIT)?.to_owned()) })
    }
}

fn condition(expected: Version) -> Option<Condition> {
    (expected > 0).then(|| Condition { attribute: VERSION, value: AttributeValue::N(expected.to_string()) })
}

/// A condition as DynamoDB reads it: the expression, and what its names and values stand for.
type Expression = (&'static str, HashMap<String, String>, Option<HashMap<String, AttributeValue>>);

fn expression(condition: Option<Condition>) -> Expression {
    let name = |name: &str| HashMap::from([("#a".to_owned(), name.to_owned())]);
    match condition {
        None => ("attribute_not_exists(#a)", name(PK), None),
        Some(Condition { attribute, value }) => {
            ("#a = :a", name(attribute), Some(HashMap::from([(":a".to_owned(), value)])))
        }
    }
}

/// The item that is in the way is told, so that one's own is recognised.
fn put(table: &Table, item: Item, condition: Option<Condition>) -> TransactWriteItem {
    let (expression, names, values) = expression(condition);
    let put = Put::builder()
        .table_name(&table.name)
        .set_item(Some(item))
        .condition_expression(expression)
        .set_expression_attribute_names(Some(names))
        .set_expression_attribute_values(values)
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
    TransactWriteItem::builder().put(put.build().expect("a put is complete")).build()
}

fn delete(table: &Table, address: &Address, condition: Option<Condition>) -> TransactWriteItem {
    let (expression, names, values) = expression(condition);
    let delete = Delete::builder()
        .table_name(&table.name)
        .set_key(Some(key_of(address)))
        .condition_expression(expression)
        .set_expression_attribute_names(Some(names))
        .set_expression_attribute_values(values);
    TransactWriteItem::builder().delete(delete.build().expect("a delete is complete")).build()
}

fn check(table: &Table, address: &Address, condition: Option<Condition>) -> TransactWriteItem {
    let (expression, names, values) = expression(condition);
    let check = ConditionCheck::builder()
        .table_name(&table.name)
        .set_key(Some(key_of(address)))
        .condition_expression(expression)
        .set_expression_attribute_names(Some(names))
        .set_expression_attribute_values(values);
    TransactWriteItem::builder().condition_check(check.build().expect("a check is complete")).build()
}
