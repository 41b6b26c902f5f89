//! The conformance suite on DynamoDB Local, and what only this store has: transactions that fail in their own ways.

mod emulator;
mod faults;
mod limits;
mod proxy;

use owp_store::dynamodb::DynamoStore;
use owp_store::dynamodb::config::{BehaviorVersion, Builder, Config, Credentials, Region};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Several for every index, and few enough that reading them all is quick.
const LOG_SHARDS: u32 = 8;

/// A store over a new table of its own.
pub async fn store() -> Arc<DynamoStore> {
    let store = DynamoStore::over(config(emulator::url()), &fresh_table());
    store.create(LOG_SHARDS).await.expect("a new table");
    Arc::new(store)
}

fn fresh_table() -> String {
    static TABLES: AtomicU64 = AtomicU64::new(0);
    format!("pool-{}", TABLES.fetch_add(1, Ordering::SeqCst))
}

fn config(url: &str) -> Builder {
    Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(url)
        .region(Region::new("local"))
        .credentials_provider(Credentials::for_tests())
}
