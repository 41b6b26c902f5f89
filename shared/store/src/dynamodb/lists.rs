//! Lists for people: ids from an index, records from the table. A page reads a bounded number of records and may be short.
//!
//! Lists are of a moment ago, at half the price: nobody decides by them.

use super::definition::{LISTS, REPO_TASKS};
use super::item::{self, Item, Listing, REPOS, list_partition, repo_tasks_partition};
use super::keys::Address;
use super::reader::named_by;
use super::table::{Range, Table};
use crate::{Listed, Page, StoreError, TaskFilter, WorkerFilter};
use owp_logic::{Key, Record, Repo, Task, Worker};
use owp_wire::{RepoName, TaskId, WorkerId};

/// Records read for one page, where a filter excludes most of them.
const READ_MAX: usize = 500;

/// Where a list of tasks or workers goes on: behind this id.
struct Place {
    kind: &'static str,
    before: Option<String>,
}

impl Place {
    fn parse(kind: &'static str, page: &Page) -> Result<Self, StoreError> {
        let Some(after) = &page.after else { return Ok(Self { kind, before: None }) };
        let id = after.strip_prefix(kind).and_then(|rest| rest.strip_prefix(':')).filter(|id| !id.is_empty());
        Ok(Self { kind, before: Some(id.ok_or(StoreError::BadCursor)?.to_owned()) })
    }

    fn cursor(&self, id: &str) -> String {
        format!("{}:{id}", self.kind)
    }
}

/// Ids, newest first, and whether there may be more.
type Ids = (Vec<String>, bool);

impl Table {
    pub async fn list_tasks(&self, filter: &TaskFilter, page: &Page) -> Result<Listed<Task>, StoreError> {
        let place = Place::parse("task", page)?;
        let key = |id: &str| Key::Task(TaskId(id.to_owned()));
        let task = |record: Record| if let Record::Task(task) = record { Some(task) } else { None };
        let admits = |task: &Task| filter.admits(task);
        if let Some(worker_id) = &filter.worker_id {
            let ids = self.ids_of_worker(worker_id, &place).await?;
            return self.fill(page, &place, ids, key, task, admits).await;
        }
        // What only some tasks are is seen in the record, so more are read where the filter says anything else.
        let read = if filter_reads_little(filter) { page.limit.saturating_add(1) } else { READ_MAX };
        let ids = match &filter.repo {
            Some(repo) => {
                let range = Range::of_index(REPO_TASKS, repo_tasks_partition(&repo.0));
                self.ids(vec![range], &place, read).await?
            }
            None => self.ids(self.listing(Listing::Tasks).await?, &place, read).await?,
        };
        self.fill(page, &place, ids, key, task, admits).await
    }

    pub async fn list_workers(&self, filter: &WorkerFilter, page: &Page) -> Result<Listed<Worker>, StoreError> {
        let place = Place::parse("worker", page)?;
        let read = if filter.online.is_none() { page.limit.saturating_add(1) } else { READ_MAX };
        let ids = self.ids(self.listing(Listing::Workers).await?, &place, read).await?;
        let admits = |worker: &Worker| {
            let is_online = |since| worker.revoked_at.is_none() && worker.last_seen_at > since;
            filter.online.is_none_or(|(online, since)| is_online(since) == online)
        };
        let key = |id: &str| Key::Worker(WorkerId(id.to_owned()));
        let worker = |record: Record| if let Record::Worker(worker) = record { Some(worker) } else { None };
        self.fill(page, &place, ids, key, worker, admits).await
    }

    pub async fn list_repos(&self, page: &Page) -> Result<Listed<Repo>, StoreError> {
        let range = Range::of_index(LISTS, REPOS).limit(page.limit.saturating_add(1));
        let range = match &page.after {
            Some(after) if !after.is_empty() => range.after(after),
            _ => range,
        };
        let (items, _) = self.query(range).await?;
        let names: Vec<String> = items.iter().map(named_by).collect::<Result<_, _>>()?;
        let shown = &names[..names.len().min(page.limit)];
        let key = |name: &str| Key::Repo(RepoName(name.to_owned()));
        let repos = self.records(shown, key).await?;
        let repos = repos.into_iter().flatten();
        let items = repos.filter_map(|record| if let Record::Repo(repo) = record { Some(repo) } else { None });
        let next = shown.last().filter(|_| names.len() > shown.len()).cloned();
        Ok(Listed { items: items.collect(), next })
    }

    async fn listing(&self, listing: Listing) -> Result<Vec<Range>, StoreError> {
        let shards = self.shards().await?.index;
        Ok((0..shards).map(|shard| Range::of_index(LISTS, list_partition(listing, shard))).collect())
    }

    /// The newest of several partitions.
    async fn ids(&self, ranges: Vec<Range>, place: &Place, limit: usize) -> Result<Ids, StoreError> {
        let ranges = ranges.into_iter().map(|range| match &place.before {
            Some(before) => range.before(before).backward().limit(limit),
            None => range.backward().limit(limit),
        });
        let found = self.query_all(ranges.collect()).await?;
        let more = found.iter().any(|(_, more)| *more);
        let mut ids: Vec<String> = found.iter().flat_map(|(items, _)| items).map(named_by).collect::<Result<_, _>>()?;
        ids.sort_unstable_by(|a, b| b.cmp(a));
        let more = more || ids.len() > limit;
        ids.truncate(limit);
        Ok((ids, more))
    }

    /// What a worker holds or has in review is in its own record.
    async fn ids_of_worker(&self, worker_id: &WorkerId, place: &Place) -> Result<Ids, StoreError> {
        let key = Key::Worker(worker_id.clone());
        let found = self.get(&Address::of(&key)).await?;
        let Some(found) = found.map(|found| item::read_record(&key, &found)).transpose()? else {
            return Ok((Vec::new(), false));
        };
        let Some(worker) = found.record.as_worker() else { return Ok((Vec::new(), false)) };
        let ids = worker.held.iter().map(|held| &held.task_id).chain(&worker.in_review).map(|id| id.0.clone());
        let mut ids: Vec<String> = ids.filter(|id| place.before.as_ref().is_none_or(|before| id < before)).collect();
        ids.sort_unstable_by(|a, b| b.cmp(a));
        ids.dedup();
        Ok((ids, false))
    }

    async fn fill<T>(
        &self,
        page: &Page,
        place: &Place,
        (ids, more): Ids,
        key: impl Fn(&str) -> Key,
        of_kind: impl Fn(Record) -> Option<T>,
        admits: impl Fn(&T) -> bool,
    ) -> Result<Listed<T>, StoreError> {
        let (mut items, mut last) = (Vec::new(), None);
        for part in ids.chunks(page.limit.clamp(1, READ_MAX)) {
            for (id, record) in part.iter().zip(self.records(part, &key).await?) {
                if items.len() == page.limit {
                    return Ok(Listed { items, next: last });
                }
                items.extend(record.and_then(&of_kind).filter(&admits));
                last = Some(place.cursor(id));
            }
        }
        Ok(Listed { items, next: last.filter(|_| more) })
    }

    /// The records under these ids, in their order.
    async fn records(&self, ids: &[String], key: impl Fn(&str) -> Key) -> Result<Vec<Option<Record>>, StoreError> {
        let keys: Vec<Key> = ids.iter().map(|id| key(id)).collect();
        let found = self.glance(&keys.iter().map(Address::of).collect::<Vec<_>>()).await?;
        let record = |key: &Key| {
            let item: Option<&Item> = found.get(&Address::of(key));
            item.map(|item| item::read_record(key, item).map(|loaded| loaded.record)).transpose()
        };
        keys.iter().map(record).collect()
    }
}

/// Whether every task of the partition is in the list.
fn filter_reads_little(filter: &TaskFilter) -> bool {
    filter.state.is_none() && filter.area.is_none() && filter.skill.is_none()
}
