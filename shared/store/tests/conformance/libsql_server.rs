//! Cases over a libSQL server that nothing else uses, one at a time, and what only several servers of the pool on one
//! primary can show. The server is named by `OWP_TEST_LIBSQL_URL`; what it holds is dropped with each case.

use crate::pool::Pool;
use owp_store::libsql::LibsqlStore;
use owp_wire::TaskId;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::{Mutex, MutexGuard};
use tokio::task::JoinSet;

static ALONE: Mutex<()> = Mutex::const_new(());

pub struct Server {
    url: String,
    token: String,
    _alone: MutexGuard<'static, ()>,
}

/// The server, empty, with nobody else on it.
pub async fn alone() -> Server {
    let alone = ALONE.lock().await;
    let url = std::env::var("OWP_TEST_LIBSQL_URL").expect("OWP_TEST_LIBSQL_URL names a libSQL server to test with");
    let token = std::env::var("OWP_TEST_LIBSQL_AUTH_TOKEN").unwrap_or_default();
    let server = Server { url, token, _alone: alone };
    server.clear().await;
    server
}

impl Server {
    async fn clear(&self) {
        let database = libsql::Builder::new_remote(self.url.clone(), self.token.clone()).build().await.unwrap();
        let connection = database.connect().unwrap();
        let all = "SELECT type, name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' AND type IN ('table', 'view')
            AND name NOT LIKE 'libsql_%' ORDER BY type = 'table'";
        let mut rows = connection.query(all, ()).await.expect("the server answers");
        let mut drops = String::new();
        while let Some(row) = rows.next().await.unwrap() {
            drops += &format!("DROP {} {};", row.get::<String>(0).unwrap(), row.get::<String>(1).unwrap());
        }
        drops += "PRAGMA user_version = 0;";
        connection.execute_transactional_batch(&drops).await.expect("the server can be emptied");
    }

    pub async fn remote(&self) -> Arc<LibsqlStore> {
        Arc::new(LibsqlStore::open_remote(&self.url, &self.token).await.expect("the server can be worked with"))
    }

    pub async fn replica(&self, path: &Path) -> Arc<LibsqlStore> {
        let store = LibsqlStore::open_replica(path, &self.url, &self.token).await;
        Arc::new(store.expect("the server can be replicated"))
    }
}

#[tokio::test]
async fn several_servers_on_one_primary_give_each_task_once() {
    let server = alone().await;
    let folder = tempfile::tempdir().unwrap();
    let stores = [
        server.replica(&folder.path().join("one.db")).await,
        server.replica(&folder.path().join("two.db")).await,
        server.remote().await,
    ];
    let pool = Pool::over(stores[0].clone());
    for repo in ["a", "b", "c"] {
        pool.repo(repo, 4).await;
        for index in 0..10 {
            pool.task_with(repo, &format!("{index}"), |spec| spec.area = (index % 2 == 0).then(|| format!("{index}")))
                .await;
        }
    }
    let mut fetching = JoinSet::new();
    for index in 0..24 {
        let there = pool.on(stores[index % stores.len()].clone());
        let worker = pool.single().await;
        fetching.spawn(async move { there.fetch(&worker).await });
    }
    let given: Vec<TaskId> = fetching.join_all().await.into_iter().flatten().collect();
    assert_eq!(given.len(), 12, "all the budget there is");
    assert_eq!(given.iter().collect::<BTreeSet<_>>().len(), 12, "each once");
    for store in &stores {
        pool.on(store.clone()).check().await;
        store.close().await;
    }
}

#[tokio::test]
async fn what_one_server_wrote_another_gives_and_whoever_asks_is_not_told_old_things() {
    let server = alone().await;
    let folder = tempfile::tempdir().unwrap();
    let one = server.replica(&folder.path().join("one.db")).await;
    let two = server.replica(&folder.path().join("two.db")).await;
    let here = Pool::over(one.clone());
    let there = here.on(two.clone());
    here.repo("demo", 5).await;
    for round in 0..10 {
        let worker = here.single().await;
        let task = here.task("demo", &format!("{round}")).await;
        assert_eq!(there.fetch(&worker).await, std::slice::from_ref(&task), "made here, given there");
        here.report(&worker, &task, owp_wire::ReportedStatus::PrOpened).await;
        there.report(&worker, &task, owp_wire::ReportedStatus::Merged).await;
    }
    here.check().await;
    there.check().await;
    one.close().await;
    two.close().await;
}
