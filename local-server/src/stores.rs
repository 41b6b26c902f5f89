//! The store that the server works with: a libSQL file of its own, or a libSQL server or a DynamoDB table shared with others.

use crate::config::Config;
use anyhow::Context;
use owp_store::Store;
use owp_store::libsql::{LibsqlStore, Place};
use std::sync::Arc;

pub enum Opened {
    Libsql(Arc<LibsqlStore>),
    Shared(Arc<dyn Store>),
}

impl Opened {
    pub fn store(&self) -> Arc<dyn Store> {
        match self {
            Self::Libsql(store) => store.clone(),
            Self::Shared(store) => store.clone(),
        }
    }

    /// Waits until everything is committed.
    pub async fn close(&self) {
        if let Self::Libsql(store) = self {
            store.close().await;
        }
    }
}

pub async fn open(config: &Config) -> anyhow::Result<Opened> {
    if let Some(table) = &config.dynamodb_table {
        return shared(table, config.dynamodb_create).await;
    }
    let store = LibsqlStore::open_at(&config.place).await;
    let store = store.with_context(|| format!("can't open the database {}", place_in_words(&config.place)))?;
    Ok(Opened::Libsql(Arc::new(store)))
}

pub fn place_in_words(place: &Place) -> String {
    match place {
        Place::File(path) => path.display().to_string(),
        Place::Server(address) => address.url.clone(),
        Place::Replica(address, path) => format!("{}, replicated to {}", address.url, path.display()),
    }
}

#[cfg(feature = "dynamodb")]
async fn shared(table: &str, create: bool) -> anyhow::Result<Opened> {
    use owp_store::dynamodb::{DynamoStore, LOG_SHARDS};
    let store = DynamoStore::from_env(table).await;
    if create {
        store.create(LOG_SHARDS).await.with_context(|| format!("can't create the table {table}"))?;
    }
    store.ping().await.with_context(|| format!("can't read the table {table}"))?;
    Ok(Opened::Shared(Arc::new(store)))
}

#[cfg(not(feature = "dynamodb"))]
#[allow(clippy::unused_async, reason = "the other one waits")]
async fn shared(_table: &str, _create: bool) -> anyhow::Result<Opened> {
    anyhow::bail!("OWP_DYNAMODB_TABLE is set, but this server was built without the feature `dynamodb`")
}
