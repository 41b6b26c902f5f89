//! One lease from the first report to the last: a clean directory, the command in it, the lease kept alive meanwhile, and
//! the end told to the server.

use super::command::{self, Running};
use super::events::Event;
use super::handoff::{pass_on_handoff, report};
use super::link::Link;
use super::result_files::{self, Handoff, Results};
use super::shutdown::Phase;
use super::verdict::{Verdict, judge};
use super::{brief, renewal, terms};
use crate::api::operations;
use crate::cli::is_id;
use crate::errors::Failure;
use owp_wire::{
    Artifact, Lease, LeaseId, ParkLeaseRequest, ParkLeaseResponse, ProblemCode, ReleaseLeaseRequest, ReleaseReason,
    ReportedStatus, TaskState, TaskStateResponse, Timestamp,
};
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::sync::{Arc, OnceLock};
use tokio::sync::watch;

/// What is the same for all leases of a run.
pub struct Plan {
    pub exec: String,
    pub work_dir: PathBuf,
    pub keep: bool,
}

/// How work on a lease ended.
pub struct End {
    pub lease_id: LeaseId,
    pub ended: Ended,
    /// Set where the command found its quota spent and knew until when.
    pub quota_resets_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// A pull request came of it.
    InReview,
    HandedBack,
    /// It is to be taken up again when the quota is back.
    Parked,
    /// The server did not take the report; should it give the same lease again, the same would happen again.
    Untold,
}

/// Why a command is stopped before it ends by itself.
pub enum StopCause {
    Stale(String),
    OutOfTime,
    Shutdown,
    Lost,
}

enum CommandEnd {
    Exited(ExitStatus),
    Stopped(StopCause),
}

/// What the server made of the report.
enum Delivery {
    InReview,
    HandedBack,
    Parked,
    LeaseGone,
    Undelivered,
}

pub async fn work_on(link: Arc<Link>, plan: Arc<Plan>, lease: Lease) -> End {
    let directory = directory(&plan.work_dir, &lease).expect("ids are looked at before a lease is worked on");
    // Of the blocked ones only those come here that were parked.
    let resumed = lease.state == TaskState::Blocked && directory.is_dir();
    let work = LeaseWork { link, plan, lease, directory, resumed, quota_resets_at: OnceLock::new() };
    let delivery = work.run().await;
    // Work that goes on, or that could not be told to anybody, must not vanish.
    if work.plan.keep || matches!(delivery, Delivery::Parked | Delivery::Undelivered) {
        if work.directory.exists() {
            work.emit(&Event::Kept { task_id: &work.lease.task_id, directory: &work.directory.display().to_string() });
        }
    } else if let Err(cause) = remove(&work.directory).await {
        let error = cause.to_string();
        work.emit(&Event::Trouble {
            task_id: Some(&work.lease.task_id),
            what: "could not remove its directory",
            error,
        });
    }
    let ended = match delivery {
        Delivery::InReview => Ended::InReview,
        Delivery::HandedBack => Ended::HandedBack,
        Delivery::Parked => Ended::Parked,
        Delivery::LeaseGone | Delivery::Undelivered => Ended::Untold,
    };
    End { lease_id: work.lease.lease_id, ended, quota_resets_at: work.quota_resets_at.into_inner() }
}

/// A lease's own directory; none where its ids are not of the form that may become a path.
fn directory(work_dir: &Path, lease: &Lease) -> Option<PathBuf> {
    let are_ids = is_id(&lease.task_id, "t_") && is_id(&lease.lease_id, "l_");
    are_ids.then(|| work_dir.join(format!("{}-{}", lease.task_id, lease.lease_id)))
}

struct LeaseWork {
    link: Arc<Link>,
    plan: Arc<Plan>,
    lease: Lease,
    directory: PathBuf,
    /// It was parked, and its directory is as the command left it.
    resumed: bool,
    quota_resets_at: OnceLock<Timestamp>,
}

impl LeaseWork {
    async fn run(&self) -> Delivery {
        let prepared =
            if self.resumed { result_files::forget_end(&self.directory) } else { make_clean(&self.directory).await };
        let begun = self
            .link
            .send::<TaskStateResponse>(&self.report(ReportedStatus::InProgress, None, None, Handoff::default()))
            .await;
        if let Err(failure) = begun {
            return self.not_begun(&failure).await;
        }
        self.emit(&Event::TaskStarted {
            task_id: &self.lease.task_id,
            lease_id: &self.lease.lease_id,
            repo: &self.lease.repo,
            title: &self.lease.title,
            attempt: self.lease.attempt,
            lease_expires_at: self.lease.lease_expires_at,
            directory: &self.directory.display().to_string(),
        });
        let started = prepared.and_then(|()| {
            brief::write(&self.directory, &self.lease)?;
            let environment = brief::environment(&self.directory, &self.lease, self.resumed);
            command::start(&self.plan.exec, &self.directory, &environment, self.link.events.in_json)
        });
        match started {
            Ok(running) => self.see_through(running).await,
            Err(cause) => {
                let verdict = Verdict::release(ReleaseReason::Failed, format!("could not start the command: {cause}"));
                self.deliver(verdict, Handoff::default()).await
            }
        }
    }

    async fn not_begun(&self, failure: &Failure) -> Delivery {
        if failure.is_stale_lease() {
            return self.lease_gone(&failure.what());
        }
        self.link.events.trouble(&self.lease.task_id, "could not begin", failure);
        let verdict = if self.link.shutdown.phase() >= Phase::Stopping {
            Verdict::release(ReleaseReason::Shutdown, "the runner was stopped before it began this task")
        } else {
            Verdict::release(ReleaseReason::Failed, format!("could not begin: {}", failure.what()))
        };
        self.deliver(verdict, Handoff::default()).await
    }

    /// Watches the command to its end, whichever comes first, and reports what came of it.
    async fn see_through(&self, mut running: Running) -> Delivery {
        let (over, is_over) = watch::channel(false);
        let mut handoff =
            tokio::spawn(pass_on_handoff(Arc::clone(&self.link), self.lease.clone(), self.directory.clone(), is_over));
        let end = tokio::select! {
            status = running.ended() => match status {
                Ok(status) => CommandEnd::Exited(status),
                // Not being able to wait for a child is a broken machine; the lease goes back.
                Err(_) => CommandEnd::Stopped(StopCause::Shutdown),
            },
            cause = renewal::keep_renewed(&self.link, &self.lease) => CommandEnd::Stopped(cause),
            Ok(Some(cause)) = &mut handoff => CommandEnd::Stopped(cause),
            () = self.link.shutdown.reached(Phase::Stopping) => CommandEnd::Stopped(self.stop_cause()),
        };
        if let CommandEnd::Stopped(cause) = &end {
            let why = words(cause);
            self.emit(&Event::CommandStopped { task_id: &self.lease.task_id, lease_id: &self.lease.lease_id, why });
            running.stop().await;
        }
        // A report of progress that is under way must not arrive after the last one.
        let _ = over.send(true);
        if !handoff.is_finished() {
            let _ = handoff.await;
        }
        let last_words = running.last_words().await;
        let results = result_files::read(&self.directory);
        self.conclude(end, results, &last_words).await
    }

    fn stop_cause(&self) -> StopCause {
        if self.link.shutdown.phase() == Phase::Lost { StopCause::Lost } else { StopCause::Shutdown }
    }

    async fn conclude(&self, end: CommandEnd, results: Results, last_words: &str) -> Delivery {
        let verdict = match end {
            CommandEnd::Exited(status) => judge(status, &results, last_words),
            CommandEnd::Stopped(StopCause::Stale(why)) => return self.lease_gone(&why),
            CommandEnd::Stopped(StopCause::Lost) => {
                return self.lease_gone(words(&StopCause::Lost));
            }
            CommandEnd::Stopped(StopCause::OutOfTime) => Verdict::release(
                ReleaseReason::InsufficientTime,
                "the lease had reached the longest time it may be held",
            ),
            CommandEnd::Stopped(StopCause::Shutdown) => {
                Verdict::release(ReleaseReason::Shutdown, "the runner was stopped during this task")
            }
        };
        self.deliver(verdict, results.handoff).await
    }

    async fn deliver(&self, verdict: Verdict, handoff: Handoff) -> Delivery {
        match verdict {
            Verdict::Open { artifact, message } => self.open(artifact, message, handoff).await,
            Verdict::Release { reason, message } => self.release(reason, message, handoff).await,
            Verdict::Park { until, message } => {
                self.park(until.seen_from(self.link.clock.now()), message, handoff).await
            }
        }
    }

    /// Keeps the task until the quota is back. Where that is not possible, or not for as long, it goes to somebody else.
    async fn park(&self, quota_resets_at: Timestamp, message: String, handoff: Handoff) -> Delivery {
        let _ = self.quota_resets_at.set(quota_resets_at);
        let (branch, notes) = (handoff.branch.clone(), handoff.notes.clone());
        let request = ParkLeaseRequest { quota_resets_at, branch, notes };
        match self.link.send::<ParkLeaseResponse>(&operations::park_lease(&self.lease.lease_id, &request)).await {
            Ok(answer) if answer.parked_until >= quota_resets_at => {
                let (task_id, lease_id, until) = (&self.lease.task_id, &self.lease.lease_id, answer.parked_until);
                self.emit(&Event::Parked { task_id, lease_id, until, message: &message });
                return Delivery::Parked;
            }
            Ok(_) => {}
            Err(failure) if failure.is_stale_lease() => return self.lease_gone(&failure.what()),
            Err(failure) => {
                if failure.code() != Some(ProblemCode::NotParkable) {
                    self.link.events.trouble(&self.lease.task_id, "could not park it", &failure);
                }
                if let Err(failure) = terms::tell_quota(&self.link, quota_resets_at).await {
                    self.link.events.trouble(&self.lease.task_id, "could not say when the quota is back", &failure);
                }
            }
        }
        self.release(ReleaseReason::QuotaExhausted, message, handoff).await
    }

    async fn open(&self, artifact: Artifact, message: Option<String>, handoff: Handoff) -> Delivery {
        let call = self.report(ReportedStatus::PrOpened, Some(artifact.clone()), message, handoff.clone());
        match self.link.send::<TaskStateResponse>(&call).await {
            Ok(_) => {
                let (pr_url, commit_sha) = (artifact.pr_url.as_deref(), artifact.commit_sha.as_deref());
                self.emit(&Event::PrOpened {
                    task_id: &self.lease.task_id,
                    lease_id: &self.lease.lease_id,
                    pr_url,
                    commit_sha,
                });
                Delivery::InReview
            }
            Err(failure) if failure.is_stale_lease() => self.lease_gone(&failure.what()),
            Err(failure) => {
                self.link.events.trouble(&self.lease.task_id, "could not report the pull request", &failure);
                let shown = artifact.pr_url.or(artifact.commit_sha).unwrap_or_default();
                let message = format!("the report of {shown} was refused: {}", failure.what());
                let Verdict::Release { reason, message } = Verdict::release(ReleaseReason::Failed, message) else {
                    return Delivery::Undelivered;
                };
                self.release(reason, message, handoff).await
            }
        }
    }

    async fn release(&self, reason: ReleaseReason, message: String, handoff: Handoff) -> Delivery {
        let request = ReleaseLeaseRequest {
            reason,
            message: Some(message.clone()),
            branch: handoff.branch,
            notes: handoff.notes,
        };
        match self.link.send::<TaskStateResponse>(&operations::release_lease(&self.lease.lease_id, &request)).await {
            Ok(_) => {
                self.emit(&Event::Released {
                    task_id: &self.lease.task_id,
                    lease_id: &self.lease.lease_id,
                    reason,
                    message: &message,
                });
                Delivery::HandedBack
            }
            Err(failure) if failure.is_stale_lease() => self.lease_gone(&failure.what()),
            Err(failure) => {
                self.link.events.trouble(&self.lease.task_id, "could not hand it back", &failure);
                Delivery::Undelivered
            }
        }
    }

    fn report(
        &self,
        status: ReportedStatus,
        artifact: Option<Artifact>,
        message: Option<String>,
        handoff: Handoff,
    ) -> crate::api::Call {
        report(&self.lease, status, artifact, message, handoff)
    }

    fn lease_gone(&self, why: &str) -> Delivery {
        self.emit(&Event::LeaseLost { task_id: &self.lease.task_id, lease_id: &self.lease.lease_id, why });
        Delivery::LeaseGone
    }

    fn emit(&self, event: &Event<'_>) {
        self.link.events.emit(event);
    }
}

fn words(cause: &StopCause) -> &str {
    match cause {
        StopCause::Stale(why) => why,
        StopCause::OutOfTime => "the lease can't be renewed any further and is about to end",
        StopCause::Shutdown => "the runner is told to stop",
        StopCause::Lost => "the server no longer knows this worker",
    }
}

async fn make_clean(directory: &Path) -> io::Result<()> {
    remove(directory).await?;
    tokio::fs::create_dir_all(directory).await
}

async fn remove(directory: &Path) -> io::Result<()> {
    match tokio::fs::remove_dir_all(directory).await {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(cause),
        _ => Ok(()),
    }
}
