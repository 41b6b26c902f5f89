//! The calls to DynamoDB. Everything else in this folder goes through it.
//!
//! What passes by itself, such as throttling or a connection that breaks, the SDK tries again a few times, with backoff and
//! full jitter. What it gives up is `Unavailable`.

use super::definition::TABLE;
use super::item::{self, Item};
use super::keys::{Address, PK, SK};
use crate::StoreError;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::http::HttpResponse;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::error::{DisplayErrorContext, SdkError};
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes, Select};
use futures::future::try_join_all;
use std::collections::HashMap;
use std::time::Duration;
use tokio::sync::OnceCell;

/// Shards of the log, and so commits a second that a pool can take in the order of a thousand times as many. A larger pool
/// is created with more; they can't be changed afterwards.
pub const LOG_SHARDS: u32 = 16;

/// Partitions of an index are written to less often than the log.
const LOG_SHARDS_PER_INDEX_SHARD: u32 = 4;

/// Items that one `BatchGetItem` takes.
const GET_MAX: usize = 100;

const TRIES_MAX: u32 = 4;
const FIRST_BACKOFF: Duration = Duration::from_millis(25);
const LAST_BACKOFF: Duration = Duration::from_secs(1);

/// An answer that takes longer is not worth waiting for: the connection is dead.
const ATTEMPT_MAX: Duration = Duration::from_secs(3);
const CALL_MAX: Duration = Duration::from_secs(10);

pub struct Table {
    pub client: Client,
    pub name: String,
    shards: OnceCell<Shards>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shards {
    pub log: u32,
    pub index: u32,
}

impl Shards {
    fn of(log: u32) -> Self {
        Self { log, index: (log / LOG_SHARDS_PER_INDEX_SHARD).max(1) }
    }
}

/// A part of one partition, in the order of its sort keys.
#[derive(Clone)]
pub struct Range {
    index: Option<&'static str>,
    pk: String,
    sk: SortKey,
    limit: usize,
    backward: bool,
}

#[derive(Clone)]
enum SortKey {
    Any,
    BeginsWith(String),
    After(String),
    AtLeast(String),
    AtMost(String),
    Before(String),
}

impl Range {
    pub fn of(pk: impl Into<String>) -> Self {
        Self { index: None, pk: pk.into(), sk: SortKey::Any, limit: usize::MAX, backward: false }
    }

    pub fn of_index(index: &'static str, pk: impl Into<String>) -> Self {
        Self { index: Some(index), ..Self::of(pk) }
    }

    pub fn begins_with(self, key: impl Into<String>) -> Self {
        Self { sk: SortKey::BeginsWith(key.into()), ..self }
    }

    pub fn after(self, key: impl Into<String>) -> Self {
        Self { sk: SortKey::After(key.into()), ..self }
    }

    pub fn at_least(self, key: impl Into<String>) -> Self {
        Self { sk: SortKey::AtLeast(key.into()), ..self }
    }

    pub fn at_most(self, key: impl Into<String>) -> Self {
        Self { sk: SortKey::AtMost(key.into()), ..self }
    }

    pub fn before(self, key: impl Into<String>) -> Self {
        Self { sk: SortKey::Before(key.into()), ..self }
    }

    pub fn limit(self, limit: usize) -> Self {
        Self { limit, ..self }
    }

    pub fn backward(self) -> Self {
        Self { backward: true, ..self }
    }

    fn sort_key_name(&self) -> &'static str {
        self.index.map_or(SK, |index| TABLE.index(index).sk)
    }

    /// The condition, and what stands for `:sk` in it.
    fn condition(&self) -> (String, Option<&str>) {
        let (and, value) = match &self.sk {
            SortKey::Any => return ("#pk = :pk".to_owned(), None),
            SortKey::BeginsWith(key) => ("begins_with(#sk, :sk)", key),
            SortKey::After(key) => ("#sk > :sk", key),
            SortKey::AtLeast(key) => ("#sk >= :sk", key),
            SortKey::AtMost(key) => ("#sk <= :sk", key),
            SortKey::Before(key) => ("#sk < :sk", key),
        };
        (format!("#pk = :pk AND {and}"), Some(value))
    }
}

/// How calls fail and are tried again.
pub fn configured(config: aws_sdk_dynamodb::config::Builder) -> Client {
    let retries = RetryConfig::standard()
        .with_max_attempts(TRIES_MAX)
        .with_initial_backoff(FIRST_BACKOFF)
        .with_max_backoff(LAST_BACKOFF);
    let timeouts = TimeoutConfig::builder().operation_attempt_timeout(ATTEMPT_MAX).operation_timeout(CALL_MAX).build();
    Client::from_conf(config.retry_config(retries).timeout_config(timeouts).build())
}

impl Table {
    pub fn new(client: Client, name: String) -> Self {
        Self { client, name, shards: OnceCell::new() }
    }

    /// As the table was created with; one that was deployed by a template learns it with the first call.
    pub async fn shards(&self) -> Result<Shards, StoreError> {
        self.shards.get_or_try_init(|| self.read_shards()).await.copied()
    }

    async fn read_shards(&self) -> Result<Shards, StoreError> {
        let address = Address::table();
        if let Some(found) = self.get(&address).await? {
            let log = u32::try_from(item::number(&found, LOG_SHARDS_NAME)?).unwrap_or(LOG_SHARDS);
            return Ok(Shards::of(log.max(1)));
        }
        self.write_shards(LOG_SHARDS).await?;
        // Whoever was first decides.
        let found = self.get(&address).await?.unwrap_or_default();
        let log = u32::try_from(item::number(&found, LOG_SHARDS_NAME)?).unwrap_or(LOG_SHARDS);
        Ok(Shards::of(log.max(1)))
    }

    /// Decides into how many shards a new table is cut.
    pub async fn write_shards(&self, log: u32) -> Result<(), StoreError> {
        let item = item::Builder::at(&Address::table()).number(LOG_SHARDS_NAME, log).build();
        let put = self.client.put_item().table_name(&self.name).set_item(Some(item));
        let put = put.condition_expression("attribute_not_exists(#pk)").expression_attribute_names("#pk", PK);
        match put.send().await {
            Err(SdkError::ServiceError(refused)) if refused.err().is_conditional_check_failed_exception() => Ok(()),
            other => other.map(drop).map_err(unavailable),
        }
    }

    /// One item as it is now.
    pub async fn get(&self, address: &Address) -> Result<Option<Item>, StoreError> {
        let get = self.client.get_item().table_name(&self.name).set_key(Some(key_of(address))).consistent_read(true);
        Ok(get.send().await.map_err(unavailable)?.item)
    }

    pub async fn delete(&self, address: &Address) -> Result<(), StoreError> {
        let delete = self.client.delete_item().table_name(&self.name).set_key(Some(key_of(address)));
        delete.send().await.map(drop).map_err(unavailable)
    }

    /// Several items as they are now; those that are not there are left out.
    pub async fn get_all(&self, addresses: &[Address]) -> Result<HashMap<Address, Item>, StoreError> {
        self.get_many(addresses, true).await
    }

    /// Several items as they are or were a moment ago.
    pub async fn glance(&self, addresses: &[Address]) -> Result<HashMap<Address, Item>, StoreError> {
        self.get_many(addresses, false).await
    }

    async fn get_many(&self, addresses: &[Address], consistent: bool) -> Result<HashMap<Address, Item>, StoreError> {
        let found = try_join_all(addresses.chunks(GET_MAX).map(|part| self.get_batch(part, consistent))).await?;
        let items = found.into_iter().flatten();
        items.map(|item| Ok((address_of(&item)?, item))).collect()
    }

    /// DynamoDB answers with at most 16 MB and names what it left out.
    async fn get_batch(&self, addresses: &[Address], consistent: bool) -> Result<Vec<Item>, StoreError> {
        let mut left: Vec<HashMap<String, AttributeValue>> = addresses.iter().map(key_of).collect();
        let (mut found, mut empty_answers) = (Vec::new(), 0);
        while !left.is_empty() {
            let keys = KeysAndAttributes::builder().consistent_read(consistent).set_keys(Some(left));
            let keys = keys.build().expect("there are keys");
            let answer = self.client.batch_get_item().request_items(&self.name, keys).send().await;
            let answer = answer.map_err(unavailable)?;
            let items = answer.responses.unwrap_or_default().remove(&self.name).unwrap_or_default();
            empty_answers = if items.is_empty() { empty_answers + 1 } else { 0 };
            found.extend(items);
            let unread = answer.unprocessed_keys.unwrap_or_default().remove(&self.name);
            left = unread.map(|unread| unread.keys).unwrap_or_default();
            if !left.is_empty() && empty_answers > 0 {
                // Nothing at all was read: the table is throttled.
                if empty_answers == TRIES_MAX {
                    return Err(StoreError::Unavailable("reads are throttled".into()));
                }
                tokio::time::sleep(jittered(FIRST_BACKOFF * 2_u32.pow(empty_answers))).await;
            }
        }
        Ok(found)
    }

    /// The items of a range, and whether there may be more. Those of the table are as they are now, those of an index as
    /// they were a moment ago.
    pub async fn query(&self, range: Range) -> Result<(Vec<Item>, bool), StoreError> {
        let mut found: Vec<Item> = Vec::new();
        let mut start = None;
        loop {
            let limit = range.limit.saturating_sub(found.len());
            let answer = self.ask(&range).set_limit(i32::try_from(limit).ok()).set_exclusive_start_key(start);
            let answer = answer.send().await.map_err(unavailable)?;
            found.extend(answer.items.unwrap_or_default());
            start = answer.last_evaluated_key;
            if start.is_none() || found.len() >= range.limit {
                return Ok((found, start.is_some()));
            }
        }
    }

    pub async fn query_all(&self, ranges: Vec<Range>) -> Result<Vec<(Vec<Item>, bool)>, StoreError> {
        try_join_all(ranges.into_iter().map(|range| self.query(range))).await
    }

    /// How many items a range has.
    pub async fn count(&self, range: Range) -> Result<usize, StoreError> {
        let (mut count, mut start) = (0, None);
        loop {
            let answer = self.ask(&range).select(Select::Count).set_exclusive_start_key(start);
            let answer = answer.send().await.map_err(unavailable)?;
            count += usize::try_from(answer.count).unwrap_or_default();
            start = answer.last_evaluated_key;
            if start.is_none() {
                return Ok(count);
            }
        }
    }

    fn ask(&self, range: &Range) -> aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder {
        let (condition, sk) = range.condition();
        let query = self.client.query().table_name(&self.name).key_condition_expression(condition);
        let query = query
            .set_index_name(range.index.map(str::to_owned))
            .consistent_read(range.index.is_none())
            .scan_index_forward(!range.backward)
            .expression_attribute_names("#pk", range.index.map_or(PK, |index| TABLE.index(index).pk))
            .expression_attribute_values(":pk", AttributeValue::S(range.pk.clone()));
        match sk {
            Some(sk) => query
                .expression_attribute_names("#sk", range.sort_key_name())
                .expression_attribute_values(":sk", AttributeValue::S(sk.to_owned())),
            None => query,
        }
    }
}

const LOG_SHARDS_NAME: &str = "log_shards";

pub fn key_of(address: &Address) -> HashMap<String, AttributeValue> {
    item::Builder::at(address).build()
}

pub fn address_of(item: &Item) -> Result<Address, StoreError> {
    Ok(Address::new(item::text(item, PK)?, item::text(item, SK)?))
}

pub fn unavailable<E>(error: SdkError<E, HttpResponse>) -> StoreError
where
    E: std::error::Error + Send + Sync + 'static,
{
    StoreError::Unavailable(DisplayErrorContext(error).to_string().into())
}

/// Anything from nothing to the whole wait, so that those who failed together don't come back together.
#[allow(clippy::disallowed_methods, reason = "no decision depends on how long somebody waits")]
pub fn jittered(wait: Duration) -> Duration {
    wait.mul_f64(rand::random::<f64>())
}
