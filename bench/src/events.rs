//! Live events: many streams, some of them read slowly, while the pool is worked in and its server is killed once and
//! restarted once. Is everybody told everything, once and in order, and how soon?
//!
//! How long an event takes counts from the moment its call was sent, and so with the call, to the moment a reader has it.

use crate::audit::audit_each;
use crate::calls::{Admin, Report as Stands, Worker};
use crate::options::Extent;
use crate::reader::{Frames, Listening, Pace, Reader};
use crate::report::{Goal, Report, count};
use crate::server::{Memory, Server, Site, own_cpu_s};
use crate::stopwatch::{Latencies, Spread, Stopwatch};
use crate::tasks::{SKILLS, TaskMade};
use anyhow::{Context, bail};
use owp_logic::EventKind;
use rustix::process::{Resource, getrlimit, setrlimit};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::ops::Range;
use std::rc::Rc;
use std::time::Duration;
use tokio::task::{JoinHandle, LocalSet, spawn_local};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

const GOAL_P99: Goal = Goal::AtMost(250.0, "ms");
const GOAL_MEMORY: Goal = Goal::AtMost(100.0, "MiB");
const GOAL_WHOLE: Goal = Goal::AtMost(0.0, "readers with another story than the log");

const EVERY: Duration = Duration::from_millis(20);

const REPO: &str = "bench/events";
/// More than may be left in flight by cycles that a restart cut off.
const REPO_BUDGET: usize = 100;
/// Whoever is told that this one was registered has been told everything.
const LAST_REPO: &str = "bench/last";

/// One address may hold a quarter of the connections.
const STREAMS_PER_ADDRESS: usize = 250;

/// Of files and sockets, beside the streams.
const OWN_HANDLES: u64 = 128;

/// Around a restart: an event belongs to a turn if it began so long after all were back and so long before the stop.
const MARGIN: Duration = Duration::from_secs(1);

/// Far longer than anything here takes.
const PATIENCE: Duration = Duration::from_mins(1);
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Readers whose stories are told where they differ from the log; one fault may be in all of them.
const FAILURES_MAX: usize = 10;

/// When the first call was sent that made this of a task.
type Made = Rc<RefCell<HashMap<(String, EventKind), Duration>>>;

/// What happened, and what it took.
#[derive(Default)]
struct Course {
    turns: Vec<Range<Duration>>,
    before_mib: f64,
    memory: Vec<Memory>,
    back_after_ms: Vec<f64>,
    server_cpu_s: f64,
    own_cpu_s: f64,
}

pub async fn measure(site: Site, extent: &Extent, report: &mut Report) -> anyhow::Result<()> {
    take_handles(extent.streams)?;
    let server = site.start().await?;
    let site = Site { port: server.address.port(), ..site };
    Admin::connect(server.address).await?.put_repo(REPO, REPO_BUDGET, false).await?;
    let listening = Rc::new(Listening {
        address: server.address,
        watch: Stopwatch::start(),
        frames: RefCell::new(Frames::default()),
        open: Cell::new(0),
        is_over: Cell::new(false),
        last_subject: format!("repo:{LAST_REPO}"),
    });
    let made = Made::default();
    let local = LocalSet::new();
    let (course, readers) = local.run_until(live(server, &site, extent, &listening, &made)).await?;
    let frames = listening.frames.take();
    tell(&course, &readers, &frames, &made.borrow(), report);
    judge(&site, &readers, &frames, extent, report).await
}

/// As many as the readers take; most systems give a process fewer at first.
fn take_handles(streams: usize) -> anyhow::Result<()> {
    let mut limit = getrlimit(Resource::Nofile);
    let needed = streams as u64 + OWN_HANDLES;
    if limit.current.is_some_and(|current| current < needed) {
        limit.current = Some(needed);
        setrlimit(Resource::Nofile, limit)
            .with_context(|| format!("{streams} streams need {needed} open files; raise `ulimit -n`"))?;
    }
    Ok(())
}

async fn live(
    mut server: Server,
    site: &Site,
    extent: &Extent,
    listening: &Rc<Listening>,
    made: &Made,
) -> anyhow::Result<(Course, Vec<Reader>)> {
    let mut course = Course { before_mib: server.memory()?.now_mib, ..Course::default() };
    let slow = extent.streams.div_ceil(100);
    let readers: Vec<JoinHandle<Reader>> = (0..extent.streams)
        .map(|index| {
            let pace = if index < slow { Pace::Slow } else { Pace::Prompt };
            let from = Ipv4Addr::new(127, 0, 1, u8::try_from(1 + index / STREAMS_PER_ADDRESS)?);
            let (mut reader, listening) = (Reader::new(pace, from), listening.clone());
            anyhow::Ok(spawn_local(async move {
                reader.listen(&listening).await;
                reader
            }))
        })
        .collect::<anyhow::Result<_>>()?;
    let is_over = Rc::new(Cell::new(false));
    let happening = spawn_local(happen(listening.clone(), made.clone(), is_over.clone()));
    for turn in 0..3 {
        let away = Stopwatch::start();
        until_open(listening, extent.streams - slow).await?;
        let all_there = listening.watch.elapsed();
        if turn > 0 {
            course.back_after_ms.push(away.elapsed().as_secs_f64() * 1000.0);
        }
        sleep(MARGIN).await;
        let (server_cpu_s, own_s) = (server.cpu_s()?, own_cpu_s()?);
        sleep(Duration::from_secs_f64(extent.events_turn_s)).await;
        course.server_cpu_s += server.cpu_s()? - server_cpu_s;
        course.own_cpu_s += own_cpu_s()? - own_s;
        course.turns.push(all_there + MARGIN..listening.watch.elapsed());
        sleep(MARGIN).await;
        course.memory.push(server.memory()?);
        server = match turn {
            0 => {
                server.kill().await?;
                site.start().await?
            }
            1 => {
                server.stop().await?;
                site.start().await?
            }
            _ => server,
        };
    }
    is_over.set(true);
    happening.await?;
    listening.is_over.set(true);
    Admin::connect(server.address).await?.put_repo(LAST_REPO, 1, false).await?;
    let told = async {
        let mut told = Vec::new();
        for reader in readers {
            told.push(reader.await?);
        }
        anyhow::Ok(told)
    };
    let readers = timeout(PATIENCE, told).await.context("some readers were not told everything in time")??;
    course.memory.push(server.memory()?);
    server.stop().await?;
    Ok((course, readers))
}

async fn until_open(listening: &Listening, streams: usize) -> anyhow::Result<()> {
    let all = async {
        while listening.open.get() < streams {
            sleep(LOOK_EVERY).await;
        }
    };
    let Err(_) = timeout(PATIENCE, all).await else { return Ok(()) };
    bail!("{} of {streams} streams were open in time", listening.open.get())
}

/// Tasks are made and done, one call and one event after the other; while there is no server, nothing is.
async fn happen(listening: Rc<Listening>, made: Made, is_over: Rc<Cell<bool>>) {
    let mut index = 0;
    while !is_over.get() {
        // What a call to a server that stops comes to is nothing to rely on; the next begins anew.
        if cycles(&listening, &made, &is_over, &mut index).await.is_err() {
            sleep(LOOK_EVERY).await;
        }
    }
}

async fn cycles(listening: &Listening, made: &Made, is_over: &Cell<bool>, index: &mut usize) -> anyhow::Result<()> {
    let mut admin = Admin::connect(listening.address).await?;
    let mut worker = Worker::register(listening.address, &SKILLS[..1], 5, 1).await?;
    let mut timer = interval(EVERY);
    timer.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let note = |task_id: &str, kind, sent| {
        made.borrow_mut().entry((task_id.to_owned(), kind)).or_insert(sent);
    };
    while !is_over.get() {
        *index += 1;
        let task = TaskMade {
            index: *index,
            repo: REPO.into(),
            area: format!("area-{index}"),
            skill: SKILLS[0],
            points: 1,
            priority: 10,
        };
        timer.tick().await;
        let created = listening.watch.elapsed();
        admin.import(&[task.to_json()]).await?;
        timer.tick().await;
        let fetched = listening.watch.elapsed();
        let lease = worker.fetch().await?.first.context("there is a task")?;
        note(&lease.task_id, EventKind::TaskCreated, created);
        note(&lease.task_id, EventKind::TaskAssigned, fetched);
        for (stands, kind) in [
            (Stands::InProgress, EventKind::TaskStarted),
            (Stands::PrOpened, EventKind::TaskPrOpened),
            (Stands::Merged, EventKind::TaskMerged),
        ] {
            timer.tick().await;
            let sent = listening.watch.elapsed();
            worker.report(&lease, stands).await?;
            note(&lease.task_id, kind, sent);
        }
    }
    Ok(())
}

fn tell(
    course: &Course,
    readers: &[Reader],
    frames: &Frames,
    made: &HashMap<(String, EventKind), Duration>,
    report: &mut Report,
) {
    let is_in_a_turn = |sent: &Duration| course.turns.iter().any(|turn| turn.contains(sent));
    // By the number of the frame; none for what happened around a restart, or came of no call of ours.
    let sent: Vec<Option<Duration>> = frames
        .told
        .iter()
        .map(|told| made.get(&(told.task_id.clone()?, told.kind)).copied().filter(is_in_a_turn))
        .collect();
    let of = |pace: Pace| readers.iter().filter(move |reader| reader.pace == pace);
    let took = |pace: Pace| {
        let mut took = Latencies::default();
        for &(number, at) in of(pace).flat_map(|reader| &reader.story) {
            if let Some(sent) = sent[number as usize] {
                took.record(at.saturating_sub(sent));
            }
        }
        took
    };
    let seconds: f64 = course.turns.iter().map(|turn| turn.end.saturating_sub(turn.start).as_secs_f64()).sum();
    let (prompt, slow) = (took(Pace::Prompt), took(Pace::Slow));
    let events = sent.iter().flatten().count();
    let ms = |took: &Latencies| {
        let [p50, p99, most] = [50.0, 99.0, 100.0].map(|percentile| took.percentile_ms(percentile));
        format!("p50 {p50:.0} ms, p99 {p99:.0} ms, at most {most:.0} ms")
    };
    report.compare(
        format!("live events, {} streams, {:.0} events/s", readers.len(), count(events) / seconds),
        GOAL_P99,
        prompt.percentile_ms(99.0),
        format!("{}, from sending the call; {events} events to {} readers", ms(&prompt), of(Pace::Prompt).count()),
    );
    let ended = |pace: Pace, reason: &str| of(pace).filter_map(|reader| reader.ends.get(reason)).sum::<usize>();
    report.tell(
        format!("  {} that read slowly", of(Pace::Slow).count()),
        slow.percentile_ms(50.0),
        format!("p50 {:.0} ms, told to resume {} times", slow.percentile_ms(50.0), ended(Pace::Slow, "slow")),
    );
    let (server, own) = (course.server_cpu_s / seconds, course.own_cpu_s / seconds);
    report.tell(
        "  processors kept busy",
        server,
        format!("server {server:.2}, load generator with all readers {own:.2}"),
    );
    let most = |of: fn(&Memory) -> f64| course.memory.iter().map(of).fold(0.0, f64::max);
    let (now, peak) = (most(|memory| memory.now_mib), most(|memory| memory.peak_mib));
    let said = format!(
        "{:.0} MiB before the first stream, {now:.0} MiB with them, {peak:.0} MiB at its peak",
        course.before_mib
    );
    report.compare("  memory of the server", GOAL_MEMORY, peak, said);
    let back = Spread::of(course.back_after_ms.clone());
    report.tell(
        "  all back after a restart",
        back.most,
        format!("{:.1} s and {:.1} s", back.least / 1000.0, back.most / 1000.0),
    );
    report.note(format!(
        "streams ended: {} broken by the kill, {} told of the stop, {} of the prompt readers too slow",
        ended(Pace::Prompt, "broken") + ended(Pace::Slow, "broken"),
        ended(Pace::Prompt, "stopping") + ended(Pace::Slow, "stopping"),
        ended(Pace::Prompt, "slow")
    ));
}

/// Holds each story to the log.
async fn judge(
    site: &Site,
    readers: &[Reader],
    frames: &Frames,
    extent: &Extent,
    report: &mut Report,
) -> anyhow::Result<()> {
    let mut numbers: HashMap<(&str, u64, EventKind), u32> = HashMap::new();
    for (told, number) in frames.told.iter().zip(0..) {
        if numbers.insert((&told.subject, told.seq, told.kind), number).is_some() {
            report.failures.push(format!("event {} of {} was told in two ways", told.seq, told.subject));
        }
    }
    let mut log: Vec<Option<u32>> = Vec::new();
    let audit = audit_each(&site.database(), |event| {
        log.push(numbers.get(&(&*event.subject.to_string(), event.subject_seq, event.kind)).copied());
    })
    .await?;
    let last = log.iter().rposition(Option::is_some).context("somebody was told something")?;
    log.truncate(last + 1);
    let mut wrong = 0;
    for reader in readers {
        let failure = reader.failure.as_ref().map(|failure| format!("{failure:#}"));
        let story = reader.story.iter().map(|(number, _)| Some(*number));
        let differs = || {
            let same = story.clone().zip(&log).take_while(|(told, logged)| told == *logged).count();
            format!("a reader was told {} events and the log has {}; {same} are the same", story.len(), log.len())
        };
        if let Some(failure) = failure.or_else(|| (!story.clone().eq(log.iter().copied())).then(differs)) {
            wrong += 1;
            if wrong <= FAILURES_MAX {
                report.failures.push(failure);
            }
        }
    }
    let said = format!("{wrong} of {} readers, {} events each, over a kill and a restart", readers.len(), log.len());
    report.compare("  the story of each reader", GOAL_WHOLE, count(wrong), said);
    report.note(format!("the log of the live events: {}", audit.summary()));
    report.failures.extend(audit.violations);
    let told_to_stop = readers.iter().filter(|reader| reader.ends.contains_key("stopping")).count();
    if told_to_stop < extent.streams - extent.streams.div_ceil(100) {
        report.failures.push(format!("only {told_to_stop} of {} were told that the server stops", extent.streams));
    }
    Ok(())
}
