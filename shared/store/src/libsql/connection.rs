//! One connection with its prepared statements. Everything else in this folder goes through it.

use crate::StoreError;
use libsql::{Connection, Row, Statement, Value};
use std::collections::HashMap;

pub struct Sql {
    connection: Connection,
    prepared: HashMap<&'static str, Statement>,
}

/// Statements are kept by their text, so what is asked often is parsed once.
impl Sql {
    pub fn new(connection: Connection) -> Self {
        Self { connection, prepared: HashMap::new() }
    }

    /// Runs a statement that answers with no rows; says how many it changed.
    pub async fn execute(&mut self, sql: &'static str, params: Vec<Value>) -> Result<usize, StoreError> {
        let statement = self.prepare(sql).await?;
        let changed = statement.execute(params).await;
        statement.reset();
        changed.map_err(unavailable)
    }

    /// Reads every row.
    pub async fn rows<T>(
        &mut self,
        sql: &'static str,
        params: Vec<Value>,
        mut read: impl FnMut(&Row) -> Result<T, libsql::Error>,
    ) -> Result<Vec<T>, StoreError> {
        self.first_rows(sql, params, usize::MAX, |row| read(row).map(Some)).await
    }

    /// Reads rows until so many were taken. For what is asked often this is better than `LIMIT ?`: SQLite plans a statement
    /// anew each time its limit is bound.
    pub async fn first_rows<T>(
        &mut self,
        sql: &'static str,
        params: Vec<Value>,
        limit: usize,
        read: impl FnMut(&Row) -> Result<Option<T>, libsql::Error>,
    ) -> Result<Vec<T>, StoreError> {
        let statement = self.prepare(sql).await?;
        let found = take_rows(statement, params, limit, read).await;
        statement.reset();
        found.map_err(unavailable)
    }

    /// Reads every row of a statement put together for this one time.
    pub async fn rows_once<T>(
        &mut self,
        sql: &str,
        params: Vec<Value>,
        mut read: impl FnMut(&Row) -> Result<T, libsql::Error>,
    ) -> Result<Vec<T>, StoreError> {
        let statement = self.connection.prepare(sql).await.map_err(unavailable)?;
        take_rows(&statement, params, usize::MAX, |row| read(row).map(Some)).await.map_err(unavailable)
    }

    /// Runs several statements without parameters.
    pub async fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        self.connection.execute_batch(sql).await.map(drop).map_err(unavailable)
    }

    /// Runs several statements without parameters, all or nothing.
    pub async fn transaction(&mut self, sql: &str) -> Result<(), StoreError> {
        self.connection.execute_transactional_batch(sql).await.map(drop).map_err(unavailable)
    }

    async fn prepare(&mut self, sql: &'static str) -> Result<&Statement, StoreError> {
        if !self.prepared.contains_key(sql) {
            let statement = self.connection.prepare(sql).await.map_err(unavailable)?;
            self.prepared.insert(sql, statement);
        }
        Ok(&self.prepared[sql])
    }
}

async fn take_rows<T>(
    statement: &Statement,
    params: Vec<Value>,
    limit: usize,
    mut read: impl FnMut(&Row) -> Result<Option<T>, libsql::Error>,
) -> Result<Vec<T>, libsql::Error> {
    let mut rows = statement.query(params).await?;
    let mut taken = Vec::new();
    while taken.len() < limit
        && let Some(row) = rows.next().await?
    {
        taken.extend(read(&row)?);
    }
    Ok(taken)
}

pub fn unavailable(error: libsql::Error) -> StoreError {
    StoreError::Unavailable(Box::new(error))
}

/// Shorthand for parameters.
pub fn text(value: impl AsRef<str>) -> Value {
    Value::Text(value.as_ref().to_owned())
}

pub fn number(value: impl TryInto<i64>) -> Value {
    Value::Integer(value.try_into().unwrap_or(i64::MAX))
}
