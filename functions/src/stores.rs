//! Which store a function works with, chosen by its environment. Made once per cold start.

use anyhow::bail;
use owp_store::Store;
use std::sync::Arc;

/// `OWP_DYNAMODB_TABLE` names a table, reached as the usual AWS environment says; `OWP_DB_PATH` a libSQL database. A function
/// that was built without the store that it is given says so.
pub async fn open(get: impl Fn(&str) -> Option<String>) -> anyhow::Result<Arc<dyn Store>> {
    let get = |name: &str| get(name).filter(|value| !value.is_empty());
    if let Some(table) = get("OWP_DYNAMODB_TABLE") {
        return dynamodb(&table).await;
    }
    if let Some(path) = get("OWP_DB_PATH") {
        return libsql(&path).await;
    }
    bail!("OWP_DYNAMODB_TABLE must name the table, or OWP_DB_PATH the database, of this function")
}

#[cfg(feature = "dynamodb")]
async fn dynamodb(table: &str) -> anyhow::Result<Arc<dyn Store>> {
    Ok(Arc::new(owp_store::dynamodb::DynamoStore::from_env(table).await))
}

#[cfg(feature = "libsql")]
async fn libsql(path: &str) -> anyhow::Result<Arc<dyn Store>> {
    Ok(Arc::new(owp_store::libsql::LibsqlStore::open(std::path::Path::new(path)).await?))
}

#[cfg(not(feature = "dynamodb"))]
#[allow(clippy::unused_async, reason = "the other one waits")]
async fn dynamodb(_table: &str) -> anyhow::Result<Arc<dyn Store>> {
    bail!("OWP_DYNAMODB_TABLE is set, but this function was built without the feature `dynamodb`")
}

#[cfg(not(feature = "libsql"))]
#[allow(clippy::unused_async, reason = "the other one waits")]
async fn libsql(_path: &str) -> anyhow::Result<Arc<dyn Store>> {
    bail!("OWP_DB_PATH is set, but this function was built without the feature `libsql`")
}
