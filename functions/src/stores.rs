//! Which store a function works with, chosen by its environment. Made once per cold start.

use anyhow::bail;
use owp_store::Store;
use std::sync::Arc;

#[cfg(feature = "libsql")]
use {
    owp_store::libsql::{Address, Place},
    std::path::PathBuf,
};

const NONE_NAMED: &str = "OWP_DYNAMODB_TABLE must name the table of this function";

/// `OWP_DYNAMODB_TABLE` names a table, reached as the usual AWS environment says; `OWP_LIBSQL_URL` a libSQL server and
/// `OWP_DB_PATH` a libSQL file, or with the server a replica of it. A function that was built without the store that it is
/// given says so.
pub async fn open(get: impl Fn(&str) -> Option<String>) -> anyhow::Result<Arc<dyn Store>> {
    let get = |name: &str| get(name).filter(|value| !value.is_empty());
    if let Some(table) = get("OWP_DYNAMODB_TABLE") {
        return dynamodb(&table).await;
    }
    libsql(get).await
}

#[cfg(feature = "dynamodb")]
async fn dynamodb(table: &str) -> anyhow::Result<Arc<dyn Store>> {
    Ok(Arc::new(owp_store::dynamodb::DynamoStore::from_env(table).await))
}

#[cfg(feature = "libsql")]
async fn libsql(get: impl Fn(&str) -> Option<String>) -> anyhow::Result<Arc<dyn Store>> {
    let Some(place) = libsql_place(get) else { bail!("{NONE_NAMED}, or OWP_LIBSQL_URL or OWP_DB_PATH the database") };
    Ok(Arc::new(owp_store::libsql::LibsqlStore::open_at(&place).await?))
}

/// Where the environment says that the libSQL database is.
#[cfg(feature = "libsql")]
pub fn libsql_place(get: impl Fn(&str) -> Option<String>) -> Option<Place> {
    let file = get("OWP_DB_PATH").map(PathBuf::from);
    let Some(url) = get("OWP_LIBSQL_URL") else { return file.map(Place::File) };
    let address = Address { url, token: get("OWP_LIBSQL_AUTH_TOKEN").unwrap_or_default() };
    Some(match file {
        Some(file) => Place::Replica(address, file),
        None => Place::Server(address),
    })
}

#[cfg(not(feature = "dynamodb"))]
#[allow(clippy::unused_async, reason = "the other one waits")]
async fn dynamodb(_table: &str) -> anyhow::Result<Arc<dyn Store>> {
    bail!("OWP_DYNAMODB_TABLE is set, but this function was built without the feature `dynamodb`")
}

#[cfg(not(feature = "libsql"))]
#[allow(clippy::unused_async, reason = "the other one waits")]
async fn libsql(get: impl Fn(&str) -> Option<String>) -> anyhow::Result<Arc<dyn Store>> {
    match ["OWP_LIBSQL_URL", "OWP_DB_PATH"].iter().find(|name| get(name).is_some()) {
        Some(name) => bail!("{name} is set, but this function was built without the feature `libsql`"),
        None => bail!("{NONE_NAMED}"),
    }
}
