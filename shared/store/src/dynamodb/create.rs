//! Creating the table, for tests and local use. Deployments declare it in their template, by the same definition.

use super::DynamoStore;
use super::definition::{Index, TABLE};
use super::table::unavailable;
use crate::StoreError;
use aws_sdk_dynamodb::error::{BuildError, SdkError};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType,
    ScalarAttributeType, TableStatus, TimeToLiveSpecification,
};
use std::time::Duration;

/// How long a new table may take, in looks at its state.
const LOOKS_MAX: usize = 240;
const LOOK_EVERY: Duration = Duration::from_millis(500);

impl DynamoStore {
    /// Creates the table, with so many shards of its log, unless there is one.
    pub async fn create(&self, log_shards: u32) -> Result<(), StoreError> {
        let defined =
            self.table.client.create_table().table_name(&self.table.name).billing_mode(BillingMode::PayPerRequest);
        let request = || -> Result<_, BuildError> {
            let mut request = defined.set_key_schema(Some(key_schema(TABLE.pk, TABLE.sk)?));
            for name in
                [TABLE.pk, TABLE.sk].into_iter().chain(TABLE.indexes.iter().flat_map(|index| [index.pk, index.sk]))
            {
                let attribute = AttributeDefinition::builder().attribute_name(name);
                request = request.attribute_definitions(attribute.attribute_type(ScalarAttributeType::S).build()?);
            }
            for index in TABLE.indexes {
                request = request.global_secondary_indexes(defined_index(index)?);
            }
            Ok(request)
        };
        let request = request().map_err(|error| StoreError::Unavailable(error.into()))?;
        match request.send().await {
            Ok(_) => {}
            Err(SdkError::ServiceError(refused)) if refused.err().is_resource_in_use_exception() => return Ok(()),
            Err(error) => return Err(unavailable(error)),
        }
        self.wait_until_active().await?;
        let ttl = TimeToLiveSpecification::builder().attribute_name(TABLE.ttl).enabled(true).build();
        let ttl = ttl.map_err(|error| StoreError::Unavailable(error.into()))?;
        let set = self.table.client.update_time_to_live().table_name(&self.table.name).time_to_live_specification(ttl);
        set.send().await.map_err(unavailable)?;
        self.table.write_shards(log_shards).await
    }

    /// Deletes the table with all that is in it.
    pub async fn delete(&self) -> Result<(), StoreError> {
        self.table.client.delete_table().table_name(&self.table.name).send().await.map(drop).map_err(unavailable)
    }

    async fn wait_until_active(&self) -> Result<(), StoreError> {
        for _ in 0..LOOKS_MAX {
            let described = self.table.client.describe_table().table_name(&self.table.name).send().await;
            let status = described.map_err(unavailable)?.table.and_then(|table| table.table_status);
            if status == Some(TableStatus::Active) {
                return Ok(());
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Err(StoreError::Unavailable("the new table does not become active".into()))
    }
}

fn defined_index(index: &Index) -> Result<GlobalSecondaryIndex, BuildError> {
    let projection = match index.includes {
        [] => Projection::builder().projection_type(ProjectionType::KeysOnly),
        names => {
            names.iter().fold(Projection::builder().projection_type(ProjectionType::Include), |projection, name| {
                projection.non_key_attributes(*name)
            })
        }
    };
    GlobalSecondaryIndex::builder()
        .index_name(index.name)
        .set_key_schema(Some(key_schema(index.pk, index.sk)?))
        .projection(projection.build())
        .build()
}

fn key_schema(pk: &str, sk: &str) -> Result<Vec<KeySchemaElement>, BuildError> {
    let key = |name: &str, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build();
    Ok(vec![key(pk, KeyType::Hash)?, key(sk, KeyType::Range)?])
}
