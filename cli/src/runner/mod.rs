//! The runner: takes leases and has a command do each, for as long as it is let. This file decides when to fetch and what
//! to start; how offers are answered is in `offers`, how one lease is worked on in `lease_work`.

mod brief;
mod command;
mod events;
mod handoff;
mod heartbeat;
mod house_rules;
mod lease_work;
mod link;
mod offers;
mod renewal;
mod result_files;
mod shutdown;
mod standing;
mod terms;
mod unstarted;
mod verdict;
mod waiting;

use crate::api::{Call, operations};
use crate::clock::now;
use crate::config::default_work_dir;
use crate::errors::Failure;
use crate::session::Session;
use crate::when::When;
use clap::Args;
use events::{Event, Events};
use lease_work::{End, Ended, Plan};
use link::Link;
use owp_wire::{FetchWorkResponse, Lease, LeaseId, ReleaseReason, Timestamp, WorkMode, WorkerStatus};
use serde::de::DeserializeOwned;
use shutdown::{Phase, Shutdown};
use standing::{Standing, standing};
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use terms::Wanted;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep};
use waiting::Waiting;

/// The longest poll that a proxy in between is sure not to cut.
const WAIT_MAX_S: u64 = 20;
/// The longest pause between tasks while all of them fail.
const FAILURE_PAUSE_MAX_S: u32 = 300;
/// Timers stand still while a laptop sleeps and the quota comes back meanwhile, so the clock is looked at this often.
const QUOTA_LOOK_S: u32 = 30;

const EXAMPLES: &str = "\
Examples:
  owp worker run --exec ./my-tool.sh
  owp worker run --exec ./my-tool.sh --until 3h --exit-when-idle
  owp worker run --exec ./my-tool.sh --offers --parallel 2

The command is told of the task by OWP_* variables and $OWP_BRIEF, a file to read, which also has what the policy file of \
the repository asks: paths, size, commands, a word on tools. It leaves what came of it in \
$OWP_RESULT. Exit code 75 says that its quota is spent; with `quota_resets_at` in the result the task is parked until \
then, once, and the command is started again in the same directory with OWP_RESUMED=1.";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct RunArgs {
    /// What does a task; run through `sh -c` in a directory of its own, with the task in OWP_* and in TASK.md
    #[arg(long, value_name = "CMD")]
    exec: String,
    /// Stop after one task
    #[arg(long, conflicts_with = "max")]
    once: bool,
    /// Stop after so many tasks
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    max: Option<u32>,
    /// How many tasks at once
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=20))]
    parallel: u32,
    /// Switch this worker to mode `offer`: tasks are offered, and the runner accepts those it can begin at once
    #[arg(long)]
    offers: bool,
    /// Take no task that would not be done by then, such as 3h or 2026-01-18T23:00:00Z, and end
    #[arg(long, value_name = "WHEN")]
    until: Option<When>,
    /// Where the tasks' directories are made [default: owp/work in the cache directory]
    #[arg(long, value_name = "DIR")]
    work_dir: Option<PathBuf>,
    /// Stop when there has been nothing to do for so long; at once without a number
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, default_missing_value = "0")]
    exit_when_idle: Option<u64>,
    /// Leave each task's directory where it is
    #[arg(long)]
    keep: bool,
}

/// Runs until told to stop, until there is nothing left to do, or until the server no longer knows the worker.
pub async fn run(session: Session, args: RunArgs) -> Result<(), Failure> {
    let events = Events { in_json: session.in_json };
    let shutdown = Shutdown::listen(events)
        .map_err(|cause| Failure::local(format!("cannot listen for signals: {cause}"), "try again"))?;
    let work_dir = args.work_dir.clone().unwrap_or_else(default_work_dir);
    let work_dir = std::path::absolute(&work_dir).unwrap_or(work_dir);
    events.emit(&Event::Started { server: &session.server, work_dir: &work_dir.display().to_string() });
    let until = args.until.map(|until| until.seen_from(now()));
    let plan = Plan { exec: args.exec, work_dir, keep: args.keep };
    let mut runner = Runner {
        link: Arc::new(Link::new(session.api, events, shutdown)),
        plan: Arc::new(plan),
        wanted: Wanted { offers: args.offers, until },
        work_mode: WorkMode::Auto,
        parallel: args.parallel,
        starts_left: if args.once { Some(1) } else { args.max },
        idle_max: args.exit_when_idle.map(Duration::from_secs),
        idle_since: None,
        working: JoinSet::new(),
        running: HashSet::new(),
        untold: HashSet::new(),
        left_alone: HashSet::new(),
        waiting: Waiting::default(),
        quota_resets_at: None,
        done: 0,
        failed_in_a_row: 0,
        failures_heeded: 0,
    };
    let result = runner.run().await;
    if let Err(failure) = &result {
        events.emit(&Event::Error { error: failure.what(), hint: failure.hint() });
    }
    result
}

struct Runner {
    link: Arc<Link>,
    plan: Arc<Plan>,
    wanted: Wanted,
    work_mode: WorkMode,
    /// How many tasks at once.
    parallel: u32,
    starts_left: Option<u32>,
    idle_max: Option<Duration>,
    idle_since: Option<Instant>,
    working: JoinSet<End>,
    running: HashSet<LeaseId>,
    /// Held, and impossible to report on.
    untold: HashSet<LeaseId>,
    /// Held, but not for us to work on as they stand, which has been said.
    left_alone: HashSet<LeaseId>,
    waiting: Waiting,
    /// Until then a command would only find that its quota is spent.
    quota_resets_at: Option<Timestamp>,
    done: u32,
    failed_in_a_row: u32,
    /// After how many of them it has paused already.
    failures_heeded: u32,
}

impl Runner {
    async fn run(&mut self) -> Result<(), Failure> {
        let begin = async {
            let interval_s = heartbeat::first(&self.link).await?;
            Ok((interval_s, terms::agree(&self.link, &self.wanted).await?))
        };
        let (interval_s, work_mode) = tokio::select! {
            begun = begin => begun?,
            // Nothing was begun, so there is nothing to finish.
            () = self.link.shutdown.reached(Phase::Draining) => return Ok(()),
        };
        self.work_mode = work_mode;
        let heartbeats = tokio::spawn(heartbeat::keep_up(Arc::clone(&self.link), interval_s));
        let served = self.serve().await;
        self.hand_back_unstarted().await;
        self.decline_open_offers().await;
        while let Some(end) = self.working.join_next().await {
            self.note_end(end);
        }
        heartbeats.abort();
        let by_signal = self.link.shutdown.phase() > Phase::Running;
        let last = if by_signal { WorkerStatus::Paused } else { WorkerStatus::Idle };
        if self.link.shutdown.phase() < Phase::Lost {
            heartbeat::last(&self.link, last).await;
        }
        self.link.events.emit(&Event::Finished { tasks: self.done, status: last });
        match self.link.take_lost() {
            Some(failure) => Err(failure),
            None => served,
        }
    }

    /// Fetches and starts work until there is a reason to stop. What runs then still runs.
    async fn serve(&mut self) -> Result<(), Failure> {
        while self.may_begin_more() {
            if self.room() == 0 {
                self.wait_while_busy().await;
                continue;
            }
            if let Some(resets_at) = self.quota_spent_until() {
                if self.sit_out(resets_at).await {
                    break;
                }
                continue;
            }
            self.slow_down_after_failures().await;
            let Some(work) = self.fetch().await? else {
                continue;
            };
            let (mut started, mut poll_after_s) = (self.start(&work), work.poll_after_s);
            if self.work_mode == WorkMode::Offer && self.room() > 0 && self.may_begin_more() {
                let Some(asked) = self.take_offers().await? else {
                    continue;
                };
                started += asked.started;
                poll_after_s = asked.poll_after_s;
            }
            if started > 0 || !self.running.is_empty() {
                self.idle_since = None;
                self.link.set_status(WorkerStatus::Working);
                if self.room() > 0 {
                    self.rest(poll_after_s, None).await;
                }
            } else if self.idle_for(poll_after_s).await {
                break;
            }
        }
        Ok(())
    }

    fn may_begin_more(&self) -> bool {
        let time_is_over = self.wanted.until.is_some_and(|until| until <= now());
        self.link.shutdown.phase() == Phase::Running && self.starts_left != Some(0) && !time_is_over
    }

    /// How many more tasks may begin now.
    fn room(&self) -> u32 {
        let running = u32::try_from(self.running.len()).unwrap_or(u32::MAX);
        let free = self.parallel.saturating_sub(running);
        self.starts_left.map_or(free, |left| free.min(left))
    }

    /// Rests with nothing to do; answers whether that has lasted for as long as it may.
    async fn idle_for(&mut self, poll_after_s: u32) -> bool {
        self.link.set_status(WorkerStatus::Idle);
        if self.idle_since.is_none() {
            self.link.events.emit(&Event::Idle { poll_after_s });
        }
        let since = *self.idle_since.get_or_insert_with(Instant::now);
        let left = self.idle_max.map(|max| max.saturating_sub(since.elapsed()));
        if left.is_some_and(|left| left.is_zero()) {
            return true;
        }
        self.rest(poll_after_s, left).await;
        false
    }

    fn quota_spent_until(&self) -> Option<Timestamp> {
        self.quota_resets_at.filter(|resets_at| *resets_at > self.link.clock.now())
    }

    /// Waits for the quota; what was not begun goes to others. Answers whether there has been nothing to do for too long.
    async fn sit_out(&mut self, resets_at: Timestamp) -> bool {
        self.release_unstarted(ReleaseReason::QuotaExhausted, "the quota was spent before this task was begun").await;
        let left_s = resets_at.seconds_after(self.link.clock.now());
        if self.running.is_empty() {
            return self.idle_for(left_s.min(QUOTA_LOOK_S)).await;
        }
        self.rest(left_s.min(QUOTA_LOOK_S), None).await;
        false
    }

    /// A broken command, or a plan that is used up, would else spoil one task after the other.
    async fn slow_down_after_failures(&mut self) {
        let failures = self.failed_in_a_row;
        if failures == self.failures_heeded || failures == 0 {
            return;
        }
        self.failures_heeded = failures;
        let wait_s = FAILURE_PAUSE_MAX_S.min(1 << (failures - 1).min(16));
        self.link.events.emit(&Event::SlowedDown { failures, wait_s });
        self.rest(wait_s, None).await;
    }

    /// One long poll, unless there is something else to look at meanwhile.
    async fn fetch(&mut self) -> Result<Option<FetchWorkResponse>, Failure> {
        let wait_s = match self.idle_max {
            _ if !self.running.is_empty() || self.work_mode == WorkMode::Offer => 0,
            None => WAIT_MAX_S,
            Some(max) => {
                let idle = self.idle_since.map_or(Duration::ZERO, |since| since.elapsed());
                max.saturating_sub(idle).as_secs().min(WAIT_MAX_S)
            }
        };
        let work = self.ask::<FetchWorkResponse>(&operations::fetch_work(wait_s)).await?;
        if let Some(work) = &work {
            self.link.clock.hear(work.server_time);
        }
        Ok(work)
    }

    /// Asks the server; none where a task ended or a signal came in between. Asking again gives the same.
    async fn ask<T: DeserializeOwned>(&mut self, call: &Call) -> Result<Option<T>, Failure> {
        let link = Arc::clone(&self.link);
        tokio::select! {
            // First, so that nothing is begun after the signal.
            biased;
            () = link.shutdown.reached(Phase::Draining) => Ok(None),
            answer = link.send::<T>(call) => match answer {
                // Told to stop, the link gives up early; that is no failure.
                Err(_) if link.shutdown.phase() > Phase::Running => Ok(None),
                answer => answer.map(Some),
            },
            Some(end) = self.working.join_next(), if !self.working.is_empty() => {
                self.note_end(end);
                Ok(None)
            }
        }
    }

    /// Starts what there is room for and remembers the rest; answers how many it started.
    fn start(&mut self, work: &FetchWorkResponse) -> usize {
        self.waiting = Waiting::default();
        let mut started = 0;
        for lease in &work.leases {
            started += usize::from(self.take_on(lease));
        }
        started
    }

    /// Starts a lease, or remembers it where there is no room; answers whether it started.
    fn take_on(&mut self, lease: &Lease) -> bool {
        if self.running.contains(&lease.lease_id) || self.untold.contains(&lease.lease_id) {
            return false;
        }
        let now = self.link.clock.now();
        match standing(lease, now) {
            Standing::Parked => {}
            Standing::LeftAlone(why) => {
                if self.left_alone.insert(lease.lease_id.clone()) {
                    let (task_id, lease_id) = (&lease.task_id, &lease.lease_id);
                    self.link.events.emit(&Event::LeftAlone { task_id, lease_id, why });
                }
            }
            Standing::Workable if self.room() == 0 => self.waiting.add(lease, now),
            Standing::Workable => {
                self.starts_left = self.starts_left.map(|left| left - 1);
                self.running.insert(lease.lease_id.clone());
                self.working.spawn(lease_work::work_on(Arc::clone(&self.link), Arc::clone(&self.plan), lease.clone()));
                return true;
            }
        }
        false
    }

    /// Waits for a task to end, keeping the leases that wait for their turn alive meanwhile.
    async fn wait_while_busy(&mut self) {
        tokio::select! {
            Some(end) = self.working.join_next() => self.note_end(end),
            () = self.link.shutdown.reached(Phase::Draining) => {}
            () = self.waiting.until_due() => self.waiting.renew_due(&self.link).await,
        }
    }

    async fn rest(&mut self, poll_after_s: u32, at_most: Option<Duration>) {
        let pause = Duration::from_secs(poll_after_s.max(1).into()).mul_f64(rand::random_range(0.8..1.2));
        tokio::select! {
            () = sleep(at_most.map_or(pause, |most| pause.min(most))) => {}
            () = self.link.shutdown.reached(Phase::Draining) => {}
            Some(end) = self.working.join_next(), if !self.working.is_empty() => self.note_end(end),
            () = self.waiting.until_due() => self.waiting.renew_due(&self.link).await,
        }
    }

    fn note_end(&mut self, end: Result<End, JoinError>) {
        match end {
            Ok(end) => {
                self.running.remove(&end.lease_id);
                self.done += 1;
                if let Some(until) = end.quota_resets_at {
                    self.quota_resets_at = self.quota_resets_at.max(Some(until));
                    self.link.events.emit(&Event::QuotaSpent { until });
                }
                let failed = !matches!(end.ended, Ended::InReview | Ended::Parked);
                self.failed_in_a_row = if failed { self.failed_in_a_row + 1 } else { 0 };
                self.failures_heeded = self.failures_heeded.min(self.failed_in_a_row);
                if end.ended == Ended::Untold {
                    // Taking it up again would end the same way, for ever.
                    self.untold.insert(end.lease_id);
                }
            }
            Err(broken) => std::panic::resume_unwind(broken.into_panic()),
        }
    }
}
