//! The runner: takes leases and has a command do each, for as long as it is let. This file decides when to fetch and what
//! to start; how one lease is worked on is in `lease_work`.

mod brief;
mod command;
mod events;
mod handoff;
mod heartbeat;
mod lease_work;
mod link;
mod renewal;
mod result_files;
mod shutdown;
mod verdict;
mod waiting;

use crate::api::operations;
use crate::cli::is_id;
use crate::config::default_work_dir;
use crate::errors::Failure;
use crate::session::Session;
use clap::Args;
use events::{Event, Events};
use lease_work::{End, Plan};
use link::Link;
use owp_wire::{
    FetchWorkResponse, Lease, LeaseId, ReleaseLeaseRequest, ReleaseReason, TaskState, TaskStateResponse, WorkerStatus,
};
use shutdown::{Phase, Shutdown};
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep};
use waiting::Waiting;

/// The longest poll that a proxy in between is sure not to cut.
const WAIT_MAX_S: u64 = 20;
/// The longest pause between tasks while all of them fail.
const FAILURE_PAUSE_MAX_S: u32 = 300;

#[derive(Args)]
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
    let plan = Plan { exec: args.exec, work_dir, keep: args.keep };
    let mut runner = Runner {
        link: Arc::new(Link::new(session.api, events, shutdown)),
        plan: Arc::new(plan),
        parallel: args.parallel as usize,
        starts_left: if args.once { Some(1) } else { args.max },
        idle_max: args.exit_when_idle.map(Duration::from_secs),
        working: JoinSet::new(),
        running: HashSet::new(),
        left_alone: HashSet::new(),
        waiting: Waiting::default(),
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
    parallel: usize,
    starts_left: Option<u32>,
    idle_max: Option<Duration>,
    working: JoinSet<End>,
    running: HashSet<LeaseId>,
    /// Held, but not for us to work on: blocked by hand, or impossible to report on.
    left_alone: HashSet<LeaseId>,
    waiting: Waiting,
    done: u32,
    failed_in_a_row: u32,
    /// After how many of them it has paused already.
    failures_heeded: u32,
}

impl Runner {
    async fn run(&mut self) -> Result<(), Failure> {
        let interval_s = tokio::select! {
            interval_s = heartbeat::first(&self.link) => interval_s?,
            // Nothing was begun, so there is nothing to finish.
            () = self.link.shutdown.reached(Phase::Draining) => return Ok(()),
        };
        let heartbeats = tokio::spawn(heartbeat::keep_up(Arc::clone(&self.link), interval_s));
        let served = self.serve().await;
        self.hand_back_unstarted().await;
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
        let mut idle_since: Option<Instant> = None;
        while self.link.shutdown.phase() == Phase::Running && self.starts_left != Some(0) {
            if self.running.len() >= self.parallel {
                self.wait_while_busy().await;
                continue;
            }
            self.slow_down_after_failures().await;
            let Some(work) = self.fetch(idle_since).await? else {
                continue;
            };
            if self.start(&work) > 0 || !self.running.is_empty() {
                idle_since = None;
                self.link.set_status(WorkerStatus::Working);
                if self.running.len() < self.parallel && self.starts_left != Some(0) {
                    self.rest(work.poll_after_s, None).await;
                }
                continue;
            }
            self.link.set_status(WorkerStatus::Idle);
            if idle_since.is_none() {
                self.link.events.emit(&Event::Idle { poll_after_s: work.poll_after_s });
            }
            let since = *idle_since.get_or_insert_with(Instant::now);
            let left = self.idle_max.map(|max| max.saturating_sub(since.elapsed()));
            if left.is_some_and(|left| left.is_zero()) {
                break;
            }
            self.rest(work.poll_after_s, left).await;
        }
        Ok(())
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

    /// One long poll; none where a task ended or a signal came in between. Asking again gives the same leases.
    async fn fetch(&mut self, idle_since: Option<Instant>) -> Result<Option<FetchWorkResponse>, Failure> {
        let wait_s = match self.idle_max {
            _ if !self.running.is_empty() => 0,
            None => WAIT_MAX_S,
            Some(max) => {
                max.saturating_sub(idle_since.map_or(Duration::ZERO, |since| since.elapsed())).as_secs().min(WAIT_MAX_S)
            }
        };
        let link = Arc::clone(&self.link);
        let call = operations::fetch_work(wait_s);
        tokio::select! {
            // First, so that nothing is begun after the signal.
            biased;
            () = link.shutdown.reached(Phase::Draining) => Ok(None),
            work = link.send::<FetchWorkResponse>(&call) => {
                // Told to stop, the link gives up early; that is no failure.
                if link.shutdown.phase() > Phase::Running && work.is_err() {
                    return Ok(None);
                }
                let work = work?;
                link.clock.hear(work.server_time);
                Ok(Some(work))
            }
            Some(end) = self.working.join_next(), if !self.working.is_empty() => {
                self.note_end(end);
                Ok(None)
            }
        }
    }

    /// Starts what there is room for and remembers the rest; answers how many it started.
    fn start(&mut self, work: &FetchWorkResponse) -> usize {
        let mut started = 0;
        self.waiting = Waiting::default();
        for lease in &work.leases {
            if self.running.contains(&lease.lease_id) || self.left_alone.contains(&lease.lease_id) {
                continue;
            }
            if let Some(why) = not_workable(lease) {
                self.left_alone.insert(lease.lease_id.clone());
                self.link.events.emit(&Event::LeftAlone { task_id: &lease.task_id, lease_id: &lease.lease_id, why });
            } else if self.running.len() < self.parallel && self.starts_left != Some(0) {
                self.starts_left = self.starts_left.map(|left| left - 1);
                self.running.insert(lease.lease_id.clone());
                self.working.spawn(lease_work::work_on(Arc::clone(&self.link), Arc::clone(&self.plan), lease.clone()));
                started += 1;
            } else {
                self.waiting.add(lease, self.link.clock.now());
            }
        }
        started
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
        }
    }

    fn note_end(&mut self, end: Result<End, JoinError>) {
        match end {
            Ok(end) => {
                self.running.remove(&end.lease_id);
                self.done += 1;
                self.failed_in_a_row = if end.succeeded { 0 } else { self.failed_in_a_row + 1 };
                self.failures_heeded = self.failures_heeded.min(self.failed_in_a_row);
                // Taking it up again would end the same way, for ever.
                if end.undelivered {
                    self.left_alone.insert(end.lease_id);
                }
            }
            Err(broken) => std::panic::resume_unwind(broken.into_panic()),
        }
    }

    /// Gives back what was leased and never begun, so that others need not wait for it to expire.
    async fn hand_back_unstarted(&mut self) {
        let phase = self.link.shutdown.phase();
        if phase == Phase::Lost {
            return;
        }
        if phase > Phase::Running {
            self.link.set_status(WorkerStatus::Paused);
            heartbeat::last(&self.link, WorkerStatus::Paused).await;
            self.link.events.emit(&Event::Paused { running: self.running.len() });
            // A poll that was under way may have given us leases that we never saw; paused, we get no more.
            if let Ok(work) = self.link.send_once::<FetchWorkResponse>(&operations::fetch_work(0)).await {
                self.waiting = Waiting::default();
                let now = self.link.clock.now();
                work.leases
                    .iter()
                    .filter(|lease| !self.running.contains(&lease.lease_id))
                    .for_each(|lease| self.waiting.add(lease, now));
            }
        }
        let request = ReleaseLeaseRequest {
            reason: ReleaseReason::Shutdown,
            message: Some("the runner stops before it began this task".to_owned()),
            branch: None,
            notes: None,
        };
        for (task_id, lease_id) in self.waiting.take_unstarted() {
            let call = operations::release_lease(&lease_id, &request);
            match self.link.send_once::<TaskStateResponse>(&call).await {
                Ok(_) => self.link.events.emit(&Event::Released {
                    task_id: &task_id,
                    lease_id: &lease_id,
                    reason: request.reason,
                    message: request.message.as_deref().unwrap_or_default(),
                }),
                Err(failure) => {
                    let events = self.link.events;
                    events.trouble(&task_id, "could not hand it back", &failure);
                }
            }
        }
    }
}

/// Why a lease is not for the runner. Ids become paths, so one that is not of the contract's form is not touched.
fn not_workable(lease: &Lease) -> Option<&'static str> {
    if !is_id(&lease.task_id, "t_") || !is_id(&lease.lease_id, "l_") {
        return Some("its id is not of the form that the contract gives");
    }
    match lease.state {
        TaskState::Leased | TaskState::InProgress | TaskState::ChangesRequested => None,
        TaskState::Blocked => Some("it was reported as blocked by hand; report it as in_progress to have it worked on"),
        _ => Some("it is in a state that nobody works in"),
    }
}
