//! Backups: what every store says of them, and on a database file that a copy is whole, of one moment, and can be put back.

use crate::durability::{busy_pool, create_many, raw};
use crate::pool::Pool;
use owp_store::libsql::{LibsqlStore, RestoreError, restore, schema::STEPS};
use owp_store::{Backup, Store, StoreError};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub async fn a_store_is_backed_up_or_says_how_it_is(pool: &Pool) {
    pool.repo("demo", 1).await;
    match pool.store.back_up().await {
        Ok(_) => assert!(pool.store.backs_up()),
        Err(StoreError::NoBackup(instead)) => {
            assert!(!pool.store.backs_up());
            assert!(instead.contains(": ") || instead.contains(';'), "what to do instead: {instead}");
        }
        Err(error) => panic!("{error:?}"),
    }
}

#[tokio::test]
async fn a_backup_taken_while_others_write_is_whole_and_of_one_moment() {
    let (store, folder) = crate::libsql().await;
    let pool = Pool::over(store.clone());
    busy_pool(&pool).await;
    pool.repo("demo", 100).await;
    for round in 0..5 {
        let before = pool.everything().await.events.len();
        let creating = create_many(&pool, &["meanwhile"; 200]);
        let copy = folder.path().join(format!("copy-{round}.db"));
        write(store.back_up().await.unwrap(), &copy);
        creating.join_all().await.into_iter().for_each(|(_, told)| drop(told.unwrap()));
        let copied = Arc::new(LibsqlStore::open(&copy).await.unwrap());
        let found = pool.on(copied.clone());
        found.check().await;
        let (held, now) = (found.everything().await.events.len(), pool.everything().await.events.len());
        assert!((before..=now).contains(&held), "{before} before, {held} in the copy, {now} now");
        assert!(pool.everything().await.events[..held] == found.everything().await.events);
        copied.close().await;
    }
    store.close().await;
}

#[tokio::test]
async fn one_backup_is_taken_at_a_time_and_leaves_nothing_behind() {
    let (store, folder) = crate::libsql().await;
    let first = store.back_up().await.unwrap();
    assert!(!copying(folder.path()).exists(), "it has no name once it is whole");
    assert!(matches!(store.back_up().await.err(), Some(StoreError::NoBackupNow(_))));
    drop(first);
    store.back_up().await.unwrap();
    // Whoever asked may go before it is done.
    let asked = tokio::spawn({
        let store = store.clone();
        async move { drop(store.back_up().await) }
    });
    tokio::task::yield_now().await;
    asked.abort();
    while matches!(store.back_up().await.err(), Some(StoreError::NoBackupNow(_))) {
        tokio::task::yield_now().await;
    }
    assert!(!copying(folder.path()).exists());
    store.close().await;
    assert!(matches!(store.back_up().await.err(), Some(StoreError::Closed)));
}

#[tokio::test]
async fn what_a_killed_server_had_copied_goes_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(copying(folder.path()), "half of it").unwrap();
    let store = LibsqlStore::open(&folder.path().join("pool.db")).await.unwrap();
    assert!(!copying(folder.path()).exists());
    store.back_up().await.unwrap();
    store.close().await;
}

#[tokio::test]
async fn a_damaged_database_is_not_backed_up_as_if_it_were_well() {
    let (store, folder) = crate::libsql().await;
    let pool = Pool::over(store.clone());
    busy_pool(&pool).await;
    let outside = raw(&folder.path().join("pool.db")).await;
    // An index that has an entry less than its table.
    outside.execute_batch("PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, 'state = ''ready''', 'state = ''merged''') WHERE name = 'tasks_by_priority'; PRAGMA writable_schema = RESET").await.unwrap();
    let told = store.back_up().await.err();
    let Some(StoreError::Unavailable(cause)) = told else { panic!("{told:?}") };
    assert!(cause.to_string().contains("damaged"), "{cause}");
    assert!(!copying(folder.path()).exists());
    store.close().await;
}

#[tokio::test]
async fn a_restored_database_is_the_backup_and_what_was_there_is_kept() {
    let (store, folder) = crate::libsql().await;
    let pool = Pool::over(store.clone());
    busy_pool(&pool).await;
    let before = pool.everything().await;
    let (backup, path) = (folder.path().join("backup.db"), folder.path().join("pool.db"));
    write(store.back_up().await.unwrap(), &backup);
    pool.repo("later", 1).await;
    let in_use = restore(&backup, &path, ".old").await.err();
    assert!(matches!(in_use, Some(RestoreError::InUse(_))), "{in_use:?}");
    // A server that is killed leaves its log behind, which belongs to what was there.
    let (log, killed) = (fs::read(side(&path, "-wal")).unwrap(), fs::read(&path).unwrap());
    store.close().await;
    drop(store);
    fs::write(&path, killed).unwrap();
    fs::write(side(&path, "-wal"), log).unwrap();

    let kept = restore(&backup, &path, ".old").await.unwrap().expect("there was one");
    assert_eq!(kept, side(&path, ".old"));
    assert!(!side(&path, "-wal").exists() && !side(&path, "-restoring").exists());
    let store = Arc::new(LibsqlStore::open(&path).await.unwrap());
    let again = pool.on(store.clone());
    assert!(again.everything().await == before);
    again.check().await;
    again.task("a", "goes on").await;
    store.close().await;
    let old = Arc::new(LibsqlStore::open(&kept).await.unwrap());
    let found = pool.on(old.clone()).everything().await;
    assert!(found.repos.iter().any(|repo| repo.name.0 == "later"), "the log of the old one was taken in");
    old.close().await;
}

#[tokio::test]
async fn what_is_no_backup_is_refused_and_nothing_is_touched() {
    let (store, folder) = crate::libsql().await;
    busy_pool(&Pool::over(store.clone())).await;
    let path = folder.path().join("pool.db");
    let good = folder.path().join("good.db");
    write(store.back_up().await.unwrap(), &good);
    store.close().await;
    drop(store);
    let before = fs::read(&path).unwrap();
    let file = |name: &str, content: &[u8]| {
        let file = folder.path().join(name);
        fs::write(&file, content).unwrap();
        file
    };
    let whole = fs::read(&good).unwrap();
    let cut = file("cut.db", &whole[..whole.len() / 2]);
    let letter = file("letter.db", &b"this is a letter and no database. ".repeat(500));
    let foreign = folder.path().join("foreign.db");
    raw(&foreign).await.execute_batch("CREATE TABLE tasks (id); PRAGMA user_version = 3").await.unwrap();
    let later = file("later.db", &whole);
    raw(&later).await.execute_batch(&format!("PRAGMA user_version = {}", STEPS.len() + 1)).await.unwrap();
    let part = file("part.db", &whole);
    file("part.db-wal", b"a log");
    for (backup, words) in [
        (cut, "is no backup"),
        (letter, "is no backup"),
        (foreign, "not one of a pool"),
        (later, "of a later version"),
        (part, "a part of a database"),
        (path.clone(), "the database itself"),
        (folder.path().join("nothing.db"), "can't read"),
    ] {
        let refused = restore(&backup, &path, ".old").await.expect_err("it is refused").to_string();
        assert!(refused.contains(words), "{}: {refused}", backup.display());
        assert!(fs::read(&path).unwrap() == before && !side(&path, ".old").exists(), "{refused}");
        assert!(!side(&path, "-restoring").exists(), "{refused}");
    }
    assert!(restore(&good, &folder.path().join("new.db"), ".old").await.unwrap().is_none(), "there was nothing before");
}

fn write(mut backup: Backup, path: &Path) {
    let mut whole = Vec::new();
    loop {
        match backup.read().unwrap() {
            chunk if chunk.is_empty() => break,
            chunk => whole.extend(chunk),
        }
    }
    assert_eq!(whole.len() as u64, backup.bytes);
    fs::write(path, whole).unwrap();
}

fn copying(folder: &Path) -> PathBuf {
    folder.join("pool.db-copying")
}

fn side(path: &Path, added: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(added);
    name.into()
}
