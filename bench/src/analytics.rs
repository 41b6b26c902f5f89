//! A year of a busy pool in numbers: how long the analytics take to answer for the pool, a repository and a worker.
//!
//! The year is not lived through. Its events are made up, and each day of them is gone through as the server does it: added up
//! by the rules' own tally and committed by their own book-keeping. What the books do not have yet, since they are kept once a
//! minute, is real, and more than an answer adds up while somebody waits.

use crate::calls::{Admin, Worker};
use crate::options::Extent;
use crate::report::{Goal, Report, count};
use crate::server::{Server, Site};
use crate::stopwatch::{Latencies, Stopwatch};
use crate::tasks::TaskMade;
use anyhow::{Context as _, bail};
use owp_logic::analytics::{DAY_MS, Tally, day_of};
use owp_logic::operations::KeepBooks;
use owp_logic::periods::{BUSY_SINCE, FULL_SINCE, ONLINE_SINCE, ONLINE_UNTIL, SPENT, Spent};
use owp_logic::{
    Actor, Book, BookName, Context, Event, EventKind, Ids, Key, Need, Progress, Record, Rules, Seal, Subject, decide,
    scope_of,
};
use owp_store::libsql::LibsqlStore;
use owp_store::{Page, Store, WorkerFilter, transact};
use owp_wire::{RepoName, TaskId, TaskState, Timestamp, WorkerId};
use serde_json::{Map, Value, json};

const GOAL: Goal = Goal::AtMost(50.0, "ms");

const REPOS: usize = 20;
const WORKERS: usize = 100;

/// As many as forty people review in a day.
const TASKS_A_DAY: usize = 1000;

/// Events of the last minute: more than are added up while somebody waits.
const LATEST: usize = 6000;

/// Each answer is asked for so often.
const CALLS: usize = 60;

/// Where the books are while nothing was gone through yet. Nothing of the year is in the log itself.
const BEFORE_THE_LOG: &str = "0";

pub async fn measure(site: &Site, extent: &Extent, report: &mut Report) -> anyhow::Result<()> {
    let server = site.start().await?;
    let today = populate(&server).await?;
    server.stop().await?;
    let days = extent.analytics_days;
    let (worker, writes) = keep_books(site, today, days).await?;

    let server = site.start().await?;
    let asked = [
        ("the pool", "/v1/analytics/pool".to_owned()),
        ("a repository", format!("/v1/analytics/repositories/{}", repo(0).0)),
        ("a worker", format!("/v1/analytics/workers/{}", worker.0)),
    ];
    for (whose, path) in &asked {
        measure_one(&server, &format!("{days} days of {whose}"), path, days, report).await?;
    }
    let mut admin = Admin::connect(server.address).await?;
    let tasks: Vec<Value> = (0..LATEST).map(task).collect();
    admin.import(&tasks).await?;
    for (whose, path) in &asked {
        measure_one(&server, &format!("{days} days of {whose}, {LATEST} events since"), path, days, report).await?;
    }
    server.stop().await?;
    report.note(format!(
        "analytics: {} made-up tasks of {REPOS} repositories and {WORKERS} workers, {writes} figures of a day written by the server's own book-keeping",
        TASKS_A_DAY * usize::try_from(days).unwrap_or_default()
    ));
    Ok(())
}

/// Repositories and workers, to ask about; says which day it is there.
async fn populate(server: &Server) -> anyhow::Result<i64> {
    let mut admin = Admin::connect(server.address).await?;
    for index in 0..REPOS {
        admin.put_repo(&repo(index).0, 3, false).await?;
    }
    for _ in 0..WORKERS {
        Worker::register(server.address, &["rust"], 5, 2).await?;
    }
    let answer = admin.get("/v1/analytics/pool").await?;
    let as_of: Timestamp =
        serde_json::from_value(answer["as_of"].clone()).context("an answer says as of when it is")?;
    Ok(day_of(as_of))
}

/// Goes through the events of each day; says who one of the workers is, and how many figures were written.
async fn keep_books(site: &Site, today: i64, days: i64) -> anyhow::Result<(WorkerId, usize)> {
    let store = LibsqlStore::open(&site.database()).await?;
    let page = Page { after: None, limit: WORKERS };
    let workers = store.list_workers(WorkerFilter::default(), page).await?.items;
    let workers: Vec<WorkerId> = workers.into_iter().map(|worker| worker.id).collect();
    let mut writes = 0;
    // The server may have gone through some of what was there before.
    let mut progress = progress_of(&store).await?;
    let place = progress.until.clone().unwrap_or_else(|| BEFORE_THE_LOG.to_owned());
    for day in today - days + 1..=today {
        let number = progress.batches + 1;
        let tally = Tally::of(&events_of(day, &workers));
        writes += tally.days.len();
        let seal = Seal {
            batch: number,
            after: progress.until.replace(place.clone()),
            until: place.clone(),
            last_at: at(day, DAY_MS - 1),
            words: words_of(number, day),
        };
        progress.batches = number;
        let kept = keep(&store, KeepBooks { seal, tally }).await?;
        if !kept {
            bail!("the books of day {number} were kept by somebody else");
        }
    }
    store.close().await;
    Ok((workers[0].clone(), writes))
}

/// A seal that nobody verifies, in the contract's words: the server goes on from the last one.
fn words_of(number: u64, day: i64) -> Value {
    json!({
        "batch": number, "events": 1, "digest": "0", "previous": "0", "first_at": at(day, 0), "last_at": at(day, 0),
        "until": BEFORE_THE_LOG, "sealed_at": at(day, 0), "key": "", "signature": "",
    })
}

async fn progress_of(store: &LibsqlStore) -> anyhow::Result<Progress> {
    let key = Key::Book(BookName::Progress);
    let snapshot = store.look(vec![Need::Record(key.clone())]).await?;
    Ok(match snapshot.get(&key).and_then(|(_, record)| record).and_then(Record::as_book) {
        Some(Book::Progress(progress)) => progress.clone(),
        _ => Progress::default(),
    })
}

async fn keep(store: &LibsqlStore, operation: KeepBooks) -> anyhow::Result<bool> {
    struct NoIds;
    impl Ids for NoIds {
        fn fresh(&mut self, _prefix: char) -> String {
            unreachable!("keeping books makes nothing that has an id")
        }
    }
    let (rules, now) = (Rules::default(), operation.seal.last_at);
    let operation = std::sync::Arc::new(operation);
    let (scope, rules_of_scope) = (operation.clone(), rules.clone());
    let decided = transact(
        store,
        move || scope_of(&*scope, None, now, &rules_of_scope),
        move |snapshot| {
            let context = Context { now, rules: &rules, actor: Actor::System, request_id: "bench", ids: &mut NoIds };
            decide(&*operation, None, snapshot, context)
        },
    );
    Ok(decided.await??)
}

/// The lives of a day's tasks, and its workers' coming and going.
fn events_of(day: i64, workers: &[WorkerId]) -> Vec<Event> {
    let mut events = Vec::with_capacity(TASKS_A_DAY * 5 + workers.len());
    for index in 0..TASKS_A_DAY {
        let nth = usize::try_from(day).unwrap_or_default() * TASKS_A_DAY + index;
        let (repo, worker) = (repo(index), &workers[nth % workers.len()]);
        let spent = Spent {
            wait_ms: lasted_ms(nth, 60, 3 * 86_400),
            lease_ms: lasted_ms(nth + 1, 5, 3600),
            work_ms: lasted_ms(nth + 2, 300, 4 * 3600),
            review_ms: lasted_ms(nth + 3, 600, 5 * 86_400),
        };
        let ends = at(day, DAY_MS / 2);
        let busy_since = ends.minus_s(1800);
        let mut tell = |seq, kind, was, state, details: Value| {
            let is_theirs = kind != EventKind::TaskCreated;
            let task_id = TaskId(format!("t_{nth}"));
            events.push(Event {
                subject: Subject::Task(task_id.clone()),
                subject_seq: seq,
                kind,
                at: ends,
                actor: Actor::System,
                request_id: String::new(),
                repo: Some(repo.clone()),
                task_id: Some(task_id),
                worker_id: is_theirs.then(|| worker.clone()),
                lease_id: None,
                was,
                state: Some(state),
                details: details.as_object().cloned().unwrap_or_default(),
            });
        };
        use TaskState::{InProgress, Leased, Merged, PrOpened, Ready};
        tell(1, EventKind::TaskCreated, None, Ready, json!({}));
        tell(2, EventKind::TaskAssigned, Some(Ready), Leased, json!({}));
        tell(3, EventKind::TaskStarted, Some(Leased), InProgress, json!({}));
        tell(4, EventKind::TaskPrOpened, Some(InProgress), PrOpened, json!({ BUSY_SINCE: busy_since }));
        tell(5, EventKind::TaskMerged, Some(PrOpened), Merged, json!({ SPENT: spent, FULL_SINCE: busy_since }));
    }
    events.extend(workers.iter().map(|worker| gone(day, worker)));
    events
}

fn gone(day: i64, worker: &WorkerId) -> Event {
    let details = json!({ ONLINE_SINCE: at(day, DAY_MS / 3), ONLINE_UNTIL: at(day, DAY_MS / 2) });
    Event {
        subject: Subject::Worker(worker.clone()),
        subject_seq: 2,
        kind: EventKind::WorkerOffline,
        at: at(day, DAY_MS / 2),
        actor: Actor::System,
        request_id: String::new(),
        repo: None,
        task_id: None,
        worker_id: Some(worker.clone()),
        lease_id: None,
        was: None,
        state: None,
        details: details.as_object().cloned().unwrap_or_else(Map::new),
    }
}

/// Spread evenly over the powers between the shortest and the longest, so that histograms are as wide as they get.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "times of some days"
)]
fn lasted_ms(nth: usize, shortest_s: u32, longest_s: u32) -> u64 {
    const GOLDEN: f64 = 0.618_033_988_749_895;
    let part = (nth as f64 * GOLDEN).fract();
    let ratio = f64::from(longest_s) / f64::from(shortest_s);
    (f64::from(shortest_s) * ratio.powf(part) * 1000.0) as u64
}

fn at(day: i64, ms: i64) -> Timestamp {
    Timestamp::from_millis(day * DAY_MS + ms)
}

fn repo(index: usize) -> RepoName {
    RepoName(format!("bench/busy-{}", index % REPOS))
}

fn task(index: usize) -> Value {
    TaskMade { index, repo: repo(index).0, area: format!("area-{index}"), skill: "rust", points: 1, priority: 10 }
        .to_json()
}

async fn measure_one(server: &Server, what: &str, path: &str, days: i64, report: &mut Report) -> anyhow::Result<()> {
    let mut admin = Admin::connect(server.address).await?;
    let path = format!("{path}?days={days}");
    let told = admin.get(&path).await?;
    let merged = told["metrics"]["tasks_completed"].as_u64().unwrap_or_default();
    if merged == 0 || told["series"].as_array().map(Vec::len) != usize::try_from(days).ok() {
        bail!("GET {path} does not tell of the year: {merged} tasks were completed");
    }
    let mut took = Latencies::default();
    for _ in 0..CALLS {
        let watch = Stopwatch::start();
        admin.get(&path).await?;
        took.record(watch.elapsed());
    }
    let (half, most) = (took.percentile_ms(50.0), took.percentile_ms(99.0));
    let said = format!("{most:.1} ms p99, {half:.1} ms p50, in {} calls", count(CALLS));
    report.compare(format!("analytics, {what}"), GOAL, most, said);
    Ok(())
}
