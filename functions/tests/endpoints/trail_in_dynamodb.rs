//! Whatever is done to the trail in a DynamoDB table, behind the server's back, shows in an export.

use crate::emulator;
use crate::list_audit_events::{exported, verify};
use crate::pool::{Pool, Worker, settings};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Builder, Config, Credentials, Region};
use aws_sdk_dynamodb::types::AttributeValue;
use owp_chain::Fault;
use owp_functions::books;
use owp_store::dynamodb::DynamoStore;
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;

const TABLE: &str = "trail";

const LOG_SHARDS: u32 = 8;

type Item = HashMap<String, AttributeValue>;

fn config() -> Builder {
    Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(emulator::url())
        .region(Region::new("local"))
        .credentials_provider(Credentials::for_tests())
}

/// The table as somebody sees it who has the keys to it.
struct Table(Client);

impl Table {
    /// The entry of the log that tells of this.
    async fn entry(&self, kind: &str) -> Item {
        let scan = self.0.scan().table_name(TABLE).filter_expression("begins_with(pk, :log) AND contains(body, :kind)");
        let scan = scan.expression_attribute_values(":log", AttributeValue::S("s#".into()));
        let found = scan.expression_attribute_values(":kind", AttributeValue::S(format!("\"{kind}\"")));
        let mut items = found.send().await.expect("a scan").items.unwrap_or_default();
        assert_eq!(items.len(), 1, "{kind} happened once");
        items.remove(0)
    }

    async fn put(&self, item: Item) {
        self.0.put_item().table_name(TABLE).set_item(Some(item)).send().await.expect("a put");
    }

    async fn edit(&self, kind: &str, from: &str, to: &str) {
        let mut item = self.entry(kind).await;
        let body = item["body"].as_s().expect("a text").replace(from, to);
        assert_ne!(item.insert("body".into(), AttributeValue::S(body.clone())), Some(AttributeValue::S(body)));
        self.put(item).await;
    }

    async fn remove(&self, kind: &str) {
        let mut item = self.entry(kind).await;
        let key = ["pk", "sk"].map(|name| (name.to_owned(), item.remove(name).expect("its key")));
        self.0.delete_item().table_name(TABLE).set_key(Some(key.into())).send().await.expect("a removal");
    }

    /// Each is told at the other's place.
    async fn swap(&self, one: &str, other: &str) {
        let (mut one, mut other) = (self.entry(one).await, self.entry(other).await);
        std::mem::swap(one.get_mut("body").expect("a body"), other.get_mut("body").expect("a body"));
        self.put(one).await;
        self.put(other).await;
    }

    /// Tells it before everything in other shards.
    async fn move_to_front(&self, kind: &str) {
        let mut item = self.entry(kind).await;
        item.insert("c".into(), AttributeValue::N("1".into()));
        self.put(item).await;
    }
}

/// How often a table is made anew; that so many in a row do not fit has a chance of one in 8^20.
const TABLES_MAX: usize = 20;

/// A new table with a repository and a worker, each in a shard of its own, and a task in that of its repository. The worker's
/// shard goes by an id that is chosen at random, so it may take some tables.
async fn begun(table: &Table) -> (Arc<DynamoStore>, Pool, Worker, String) {
    for _ in 0..TABLES_MAX {
        let store = Arc::new(DynamoStore::over(config(), TABLE));
        store.create(LOG_SHARDS).await.expect("a new table");
        let pool = Pool::over(store.clone(), settings());
        pool.repo("demo", 9).await;
        pool.clock.advance_ms(10);
        let worker = pool.roomy_worker().await;
        if table.entry("repo_created").await["pk"] != table.entry("worker_registered").await["pk"] {
            let task = pool.task(json!({ "title": "a" })).await;
            return (store, pool, worker, task);
        }
        store.delete().await.expect("the table goes");
    }
    panic!("{TABLES_MAX} workers were all in the shard of their repository");
}

#[derive(Debug)]
enum Deed {
    Edit(&'static str, &'static str, &'static str),
    Remove(&'static str),
    Swap(&'static str, &'static str),
    MoveToFront(&'static str),
}

#[tokio::test]
async fn an_edited_a_removed_and_a_moved_event_are_each_found() {
    let table = Table(Client::from_conf(config().build()));
    for (deed, expected) in [
        (Deed::Edit("task_merged", "task_merged", "task_closed"), Fault::Changed { batch: 2 }),
        (Deed::Edit("repo_created", "\"admin\"", "\"anonymous\""), Fault::Changed { batch: 1 }),
        (Deed::Remove("task_created"), Fault::Count { batch: 1, sealed: 3, found: 2 }),
        // Alone in its shard,
        (Deed::Remove("worker_registered"), Fault::Count { batch: 1, sealed: 3, found: 2 }),
        // where a batch begins,
        (Deed::Remove("task_assigned"), Fault::Count { batch: 2, sealed: 4, found: 3 }),
        // at the end of everything.
        (Deed::Remove("task_merged"), Fault::Count { batch: 2, sealed: 4, found: 3 }),
        (Deed::Swap("task_started", "task_pr_opened"), Fault::Changed { batch: 2 }),
        (Deed::Swap("task_created", "task_assigned"), Fault::Changed { batch: 1 }),
        (Deed::MoveToFront("worker_registered"), Fault::Changed { batch: 1 }),
    ] {
        let (store, pool, worker, task) = begun(&table).await;
        assert_eq!(books::keep(&pool.app, "r_test").await.unwrap(), 3);
        pool.fetch(&worker).await;
        pool.report(&worker, &task, json!({ "status": "in_progress" })).await.ok(200);
        pool.merge(&worker, &task).await;
        assert_eq!(books::keep(&pool.app, "r_test").await.unwrap(), 4);
        assert!(verify(&exported(&pool, "").await).is_ok());
        match &deed {
            Deed::Edit(kind, from, to) => table.edit(kind, from, to).await,
            Deed::Remove(kind) => table.remove(kind).await,
            Deed::Swap(one, other) => table.swap(one, other).await,
            Deed::MoveToFront(kind) => table.move_to_front(kind).await,
        }
        assert_eq!(verify(&exported(&pool, "").await), Err(expected), "{deed:?}");
        store.delete().await.expect("the table goes with its deed");
    }
}
