//! The runner's line to the server: it outlasts network failures and busy servers, and knows when waiting is over.

use super::events::{Event, Events};
use super::shutdown::{Phase, Shutdown};
use crate::api::{self, Api, Call, retry};
use crate::clock::ServerClock;
use crate::errors::Failure;
use owp_wire::WorkerStatus;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::sleep;

/// Somebody who pressed Ctrl-C twice is not kept waiting for a server that does not answer.
const STOPPING_TRIES_MAX: u32 = 3;
const STOPPING_TIMEOUT: Duration = Duration::from_secs(10);

pub struct Link {
    api: Api,
    pub events: Events,
    pub shutdown: Shutdown,
    pub clock: ServerClock,
    pub status: watch::Sender<WorkerStatus>,
    lost: Mutex<Option<Failure>>,
}

impl Link {
    pub fn new(api: Api, events: Events, shutdown: Shutdown) -> Self {
        let status = watch::Sender::new(WorkerStatus::Idle);
        Self { api, events, shutdown, clock: ServerClock::default(), status, lost: Mutex::new(None) }
    }

    /// Sends a call until it is answered with a yes or a no. The same call keeps its idempotency key over all tries.
    pub async fn send<T: DeserializeOwned>(&self, call: &Call) -> Result<T, Failure> {
        let mut tries = 0;
        let mut tries_stopping = 0;
        loop {
            let failure = match self.attempt(call).await {
                Ok(answer) => return api::decode(answer),
                Err(failure) => failure,
            };
            tries += 1;
            let stopping = self.shutdown.phase() >= Phase::Stopping;
            tries_stopping += u32::from(stopping);
            if !retry::is_transient(&failure, tries) || tries_stopping >= STOPPING_TRIES_MAX {
                return Err(failure);
            }
            let wait = retry::wait_after(&failure, tries);
            if stopping {
                sleep(wait.min(Duration::from_secs(1))).await;
                continue;
            }
            let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
            self.events.emit(&Event::Retrying { error: failure.what(), hint: failure.hint(), wait_ms });
            tokio::select! {
                () = sleep(wait) => {}
                () = self.shutdown.reached(Phase::Stopping) => {}
            }
        }
    }

    /// Sends a call once.
    pub async fn send_once<T: DeserializeOwned>(&self, call: &Call) -> Result<T, Failure> {
        api::decode(self.attempt(call).await?)
    }

    async fn attempt(&self, call: &Call) -> Result<Value, Failure> {
        if self.shutdown.phase() == Phase::Lost {
            return Err(Failure::local("the server no longer knows this worker", "register again"));
        }
        let sending = self.api.send(call);
        let result = if self.shutdown.phase() >= Phase::Stopping {
            tokio::time::timeout(STOPPING_TIMEOUT, sending).await.unwrap_or_else(|_| Err(took_too_long()))
        } else {
            sending.await
        };
        if let Err(failure) = &result
            && failure.is_unauthenticated()
        {
            self.lost.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_with(|| failure.clone());
            self.shutdown.advance(Phase::Lost);
        }
        result
    }

    pub fn set_status(&self, status: WorkerStatus) {
        self.status.send_if_modified(|current| std::mem::replace(current, status) != status);
    }

    /// Why the worker is no longer known, if it is not.
    pub fn take_lost(&self) -> Option<Failure> {
        self.lost.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

fn took_too_long() -> Failure {
    Failure::Unreachable { server: "the server".to_owned(), cause: "it took too long".to_owned(), sent: true }
}
