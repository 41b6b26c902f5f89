//! What a libSQL database keeps and what it refuses: reopening, files of other versions, files that are something else,
//! commits that fail, and the end.

use crate::pool::{Pool, spec};
use libsql::{Connection, params};
use owp_logic::operations::CreateTask;
use owp_logic::{Actor, Holding, Key, Record};
use owp_store::libsql::{LibsqlStore, schema::STEPS};
use owp_store::memory::MemoryStore;
use owp_store::{Page, Store, StoreError, TaskFilter, WorkerFilter};
use owp_wire::{RepoName, ReportedStatus, TaskId};
use std::path::Path;
use std::sync::Arc;
use tokio::task::JoinSet;

#[tokio::test]
async fn everything_is_there_again_after_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pool.db");
    let store = Arc::new(LibsqlStore::open(&path).await.unwrap());
    let pool = Pool::over(store.clone());
    let worker = busy_pool(&pool).await;
    let before = pool.everything().await;
    store.close().await;

    let store = Arc::new(LibsqlStore::open(&path).await.unwrap());
    let again = pool.on(store.clone());
    assert!(before == again.everything().await);
    again.check().await;
    let held = again.get_worker(&worker).await.held;
    again.report(&worker, &held[0].task_id, ReportedStatus::PrOpened).await;
    again.check().await;
    store.close().await;
}

#[tokio::test]
async fn a_database_of_an_earlier_version_is_brought_to_this_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pool.db");
    let pool = Pool::over(Arc::new(MemoryStore::default()));
    busy_pool(&pool).await;
    let old = raw(&path).await;
    old.execute_batch(STEPS[0]).await.unwrap();
    old.execute_batch("PRAGMA user_version = 1").await.unwrap();
    write_rows(&pool, &old).await;
    drop(old);

    let store = Arc::new(LibsqlStore::open(&path).await.unwrap());
    let moved = pool.on(store.clone());
    assert!(pool.everything().await == moved.everything().await);
    moved.check().await;
    for _ in 0..12 {
        let (one, other) = (pool.single().await, moved.single().await);
        assert_eq!(pool.fetch(&one).await, moved.fetch(&other).await);
    }
    store.close().await;
    assert_eq!(user_version(&path).await, STEPS.len());
}

#[tokio::test]
async fn an_empty_file_becomes_a_database() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pool.db");
    std::fs::write(&path, "").unwrap();
    let store = Arc::new(LibsqlStore::open(&path).await.unwrap());
    let pool = Pool::over(store.clone());
    busy_pool(&pool).await;
    pool.check().await;
    store.close().await;
    assert_eq!(user_version(&path).await, STEPS.len());
}

#[tokio::test]
async fn a_database_of_a_later_version_is_refused_and_left_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pool.db");
    let store = Arc::new(LibsqlStore::open(&path).await.unwrap());
    busy_pool(&Pool::over(store.clone())).await;
    store.close().await;
    drop(store);
    raw(&path).await.execute_batch(&format!("PRAGMA user_version = {}", STEPS.len() + 1)).await.unwrap();
    let before = std::fs::read(&path).unwrap();
    let refused = LibsqlStore::open(&path).await.err().expect("it is refused");
    let source = std::error::Error::source(&refused).expect("it says why").to_string();
    assert!(source.contains("later version"), "{source}");
    assert!(before == std::fs::read(&path).unwrap());
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pool.db");
    let text = "this is a letter and no database. ".repeat(500);
    std::fs::write(&path, &text).unwrap();
    assert!(matches!(LibsqlStore::open(&path).await.err(), Some(StoreError::Unavailable(_))));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    assert!(matches!(LibsqlStore::open(folder.path()).await.err(), Some(StoreError::Unavailable(_))));
    let nowhere = folder.path().join("no/such/folder/pool.db");
    assert!(matches!(LibsqlStore::open(&nowhere).await.err(), Some(StoreError::Unavailable(_))));
}

#[tokio::test]
async fn every_call_after_the_end_is_refused() {
    let (store, _folder) = crate::libsql().await;
    let pool = Pool::over(store.clone());
    pool.repo("demo", 1).await;
    pool.everything().await;
    store.close().await;
    store.close().await;
    let page = || Page { after: None, limit: 1 };
    let create = CreateTask { repo: RepoName("demo".into()), spec: spec("a"), depends_on: vec![] };
    let refusals = [
        pool.run(Actor::Admin, None, create).await.err(),
        store.look(vec![]).await.err(),
        store.list_tasks(TaskFilter::default(), page()).await.err(),
        store.list_workers(WorkerFilter::default(), page()).await.err(),
        store.list_repos(page()).await.err(),
        store.counts(pool.now()).await.err(),
        store.events(None, None, 1).await.err(),
        store.prune(pool.now()).await.err(),
        store.ping().await.err(),
    ];
    for (call, refusal) in refusals.into_iter().enumerate() {
        assert!(matches!(refusal, Some(StoreError::Closed)), "call {call}: {refusal:?}");
    }
}

#[tokio::test]
async fn what_was_queued_before_the_end_is_carried_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pool.db");
    let store = Arc::new(LibsqlStore::open(&path).await.unwrap());
    let pool = Pool::over(store.clone());
    pool.repo("demo", 1).await;
    let creating = create_many(&pool, &["task"; 100]);
    tokio::task::yield_now().await;
    store.close().await;
    let told: Vec<_> = creating.join_all().await;
    let stored = told.iter().filter(|(_, told)| told.is_ok()).count();
    let again = pool.on(Arc::new(LibsqlStore::open(&path).await.unwrap()));
    assert_eq!(again.everything().await.tasks.len(), stored);
    again.check().await;
}

#[tokio::test]
async fn a_batch_that_fails_is_told_to_all_of_it_and_stores_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pool.db");
    let store = Arc::new(LibsqlStore::open(&path).await.unwrap());
    let pool = Pool::over(store.clone());
    pool.repo("demo", 1).await;
    let outside = raw(&path).await;
    // A full disk gives up the whole transaction, other failures only the statement; the database plays both.
    for failure in ["ROLLBACK", "ABORT", "FAIL"] {
        let trigger = format!(
            "CREATE TRIGGER unlucky BEFORE INSERT ON events WHEN NEW.body LIKE '%unlucky%'
            BEGIN SELECT RAISE({failure}, 'the disk is full'); END"
        );
        outside.execute_batch(&trigger).await.unwrap();
        let mut titles = vec!["lucky"; 50];
        titles[25] = "unlucky";
        for (title, told) in create_many(&pool, &titles).join_all().await {
            match told {
                Ok(id) => assert_eq!(pool.get_task(&id).await.spec.title, "lucky"),
                Err(error) => assert!(matches!(error, StoreError::Unavailable(_)), "{title}: {error:?}"),
            }
        }
        let unlucky = pool.everything().await.tasks.into_iter().filter(|task| task.spec.title == "unlucky");
        assert_eq!(unlucky.count(), 0);
        pool.check().await;
        outside.execute_batch("DROP TRIGGER unlucky").await.unwrap();
        let lucky = pool.task("demo", "unlucky").await;
        pool.act(&lucky, owp_wire::TaskAction::Cancel).await;
        pool.admin(owp_logic::operations::UpdateTask { title: Some("was".into()), ..crate::pool::edit(&lucky) }).await;
    }
    pool.check().await;
    store.close().await;
}

#[tokio::test]
async fn what_another_process_wrote_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pool.db");
    let one = Arc::new(LibsqlStore::open(&path).await.unwrap());
    let pool = Pool::over(one.clone());
    pool.repo("demo", 5).await;
    let (first, second) = (pool.single().await, pool.single().await);
    let other = Arc::new(LibsqlStore::open(&path).await.unwrap());
    let elsewhere = pool.on(other.clone());
    for (here, there) in [(&pool, &elsewhere), (&elsewhere, &pool)] {
        let task = there.task("demo", "from there").await;
        let worker = if Arc::ptr_eq(&here.store, &pool.store) { &first } else { &second };
        let given = here.fetch(worker).await;
        assert_eq!(given, [task]);
        there.check().await;
    }
    one.close().await;
    other.close().await;
}

#[tokio::test]
async fn a_batch_that_failed_leaves_nothing_behind_to_be_given() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pool.db");
    let store = Arc::new(LibsqlStore::open(&path).await.unwrap());
    let pool = Pool::over(store.clone());
    pool.repo("demo", 100).await;
    let outside = raw(&path).await;
    let trigger = "CREATE TRIGGER unlucky BEFORE INSERT ON events WHEN NEW.body LIKE '%unlucky%'
        BEGIN SELECT RAISE(ROLLBACK, 'the disk is full'); END";
    outside.execute_batch(trigger).await.unwrap();
    let mut titles = vec!["lucky"; 30];
    titles[29] = "unlucky";
    let told = create_many(&pool, &titles).join_all().await;
    let mut created: Vec<TaskId> = told.into_iter().filter_map(|(_, told)| told.ok()).collect();
    let worker = pool.worker_with(|worker| (worker.max_concurrent_tasks, worker.capacity_points) = (20, 100)).await;
    let mut given = pool.fetch(&worker).await;
    let expected = created.len().min(20);
    created.retain(|id| given.contains(id));
    created.sort();
    given.sort();
    assert_eq!((given.len(), given), (expected, created));
    store.close().await;
}

#[tokio::test]
async fn a_database_that_another_holds_is_unavailable_until_it_is_free() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pool.db");
    let store = Arc::new(LibsqlStore::open(&path).await.unwrap());
    let pool = Pool::over(store.clone());
    pool.repo("demo", 1).await;
    let outside = raw(&path).await;
    outside.execute_batch("BEGIN IMMEDIATE").await.unwrap();
    for (_, told) in create_many(&pool, &["a"]).join_all().await {
        assert!(matches!(told, Err(StoreError::Unavailable(_))), "{told:?}");
    }
    assert!(pool.everything().await.tasks.is_empty(), "reading goes on");
    outside.execute_batch("ROLLBACK").await.unwrap();
    pool.task("demo", "a").await;
    pool.check().await;
    store.close().await;
}

pub type Told = Result<TaskId, StoreError>;

/// Creates tasks all at once.
pub fn create_many(pool: &Pool, titles: &[&'static str]) -> JoinSet<(&'static str, Told)> {
    let mut creating = JoinSet::new();
    for title in titles.iter().copied() {
        let pool = pool.clone();
        creating.spawn(async move {
            let create = CreateTask { repo: RepoName("demo".into()), spec: spec(title), depends_on: vec![] };
            let told = pool.run(Actor::Admin, None, create).await;
            (title, told.map(|decided| decided.expect("no refusal").task_id))
        });
    }
    creating
}

/// Ready tasks of several kinds in several lanes, some of them locked, and a worker that holds some; who that is.
pub async fn busy_pool(pool: &Pool) -> owp_logic::Caller {
    pool.repo("a", 5).await;
    pool.repo("b", 30).await;
    pool.repo("closed", 0).await;
    for index in 0..30 {
        let repo = ["a", "b", "closed"][index as usize % 3];
        let change = |spec: &mut owp_logic::TaskSpec| {
            (spec.priority, spec.estimate_points) = (index % 4, 1 + index % 2);
            spec.area = (index % 5 > 0).then(|| format!("area {}", index % 5));
            spec.key = Some(format!("key {index}"));
        };
        pool.task_with(repo, &format!("{index}"), change).await;
        pool.later(1);
    }
    let worker = pool.worker_with(|worker| worker.max_concurrent_tasks = 4).await;
    let held = pool.fetch(&worker).await;
    pool.report(&worker, &held[0], ReportedStatus::PrOpened).await;
    pool.report(&worker, &held[1], ReportedStatus::PrOpened).await;
    pool.report(&worker, &held[1], ReportedStatus::Merged).await;
    worker
}

/// Writes a pool's records and events as the first version had them.
async fn write_rows(pool: &Pool, old: &Connection) {
    let everything = pool.everything().await;
    for worker in &everything.workers {
        const WORKER: &str = "INSERT INTO workers (id, version, last_seen_at, is_revoked, holds, body)
            VALUES (?1, 1, ?2, 0, ?3, ?4)";
        let (seen, holds) = (worker.last_seen_at.as_millis(), worker.held.len() as u64);
        old.execute(WORKER, params![worker.id.0.clone(), seen, holds, json(worker)]).await.unwrap();
    }
    for repo in &everything.repos {
        const REPO: &str = "INSERT INTO repos (name, version, slots_used, slots, body) VALUES (?1, 1, ?2, ?3, ?4)";
        let params = params![repo.name.0.clone(), repo.slots_used(), repo.max_open_prs, json(repo)];
        old.execute(REPO, params).await.unwrap();
    }
    for task in &everything.tasks {
        const TASK: &str = "INSERT INTO tasks
            (id, version, repo, state, class, area, priority, ready_at, holder, expires_at, body)
            VALUES (?1, 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
        let lease = task.lease.as_ref();
        let clock = lease.filter(|_| task.holding() == Holding::Lease).map(|lease| lease.expires_at.as_millis());
        let area = task.spec.area.clone().unwrap_or_default();
        let params = params![
            task.id.0.clone(),
            task.repo.0.clone(),
            task.state.to_string(),
            task.fit_class().to_string(),
            area.clone(),
            task.spec.priority,
            task.ready_at.as_millis(),
            lease.map(|lease| lease.worker_id.0.clone()),
            clock,
            json(task)
        ];
        old.execute(TASK, params).await.unwrap();
        if let Some(Record::Area(claim)) = pool.record(Key::Area(task.repo.clone(), area.clone())).await {
            const AREA: &str = "INSERT OR IGNORE INTO areas (repo, area, version, body) VALUES (?1, ?2, 1, ?3)";
            old.execute(AREA, params![task.repo.0.clone(), area, json(&claim)]).await.unwrap();
        }
    }
    for event in &everything.events {
        const EVENT: &str = "INSERT INTO events (subject, subject_seq, body) VALUES (?1, ?2, ?3)";
        old.execute(EVENT, params![event.subject.to_string(), event.subject_seq, json(event)]).await.unwrap();
    }
}

fn json(record: &impl serde::Serialize) -> String {
    serde_json::to_string(record).unwrap()
}

pub async fn raw(path: &Path) -> Connection {
    libsql::Builder::new_local(path).build().await.unwrap().connect().unwrap()
}

async fn user_version(path: &Path) -> usize {
    let mut rows = raw(path).await.query("PRAGMA user_version", ()).await.unwrap();
    let version: u64 = rows.next().await.unwrap().unwrap().get(0).unwrap();
    usize::try_from(version).unwrap()
}
