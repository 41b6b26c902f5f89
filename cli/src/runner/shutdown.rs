//! How a run comes to its end: by signals, once for "finish what you do" and twice for "stop now", or because the server
//! no longer knows the worker.

use super::events::{Event, Events};
use std::io;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

/// Each phase includes what the ones before it ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Running,
    /// Finish what runs, take nothing new.
    Draining,
    /// Stop what runs and hand it back.
    Stopping,
    /// The token is worth nothing any more: stop what runs; nothing can be handed back.
    Lost,
}

#[derive(Clone)]
pub struct Shutdown {
    phase: watch::Sender<Phase>,
}

impl Shutdown {
    pub fn new() -> Self {
        Self { phase: watch::Sender::new(Phase::Running) }
    }

    /// Listens for signals from now on. A closed terminal asks nobody twice, so SIGHUP stops at once.
    pub fn listen(events: Events) -> io::Result<Self> {
        let shutdown = Self::new();
        let (interrupt, terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        let hang_up = signal(SignalKind::hangup())?;
        tokio::spawn(shutdown.clone().follow(interrupt, terminate, hang_up, events));
        Ok(shutdown)
    }

    async fn follow(self, mut interrupt: Signal, mut terminate: Signal, mut hang_up: Signal, events: Events) {
        loop {
            let at_once = tokio::select! {
                _ = interrupt.recv() => false,
                _ = terminate.recv() => false,
                _ = hang_up.recv() => true,
            };
            if at_once || self.phase() >= Phase::Draining {
                events.emit(&Event::Stopping);
                self.advance(Phase::Stopping);
            } else {
                events.emit(&Event::Draining);
                self.advance(Phase::Draining);
            }
        }
    }

    pub fn phase(&self) -> Phase {
        *self.phase.borrow()
    }

    /// Moves on to a phase; never back.
    pub fn advance(&self, to: Phase) {
        self.phase.send_if_modified(|phase| {
            let later = to > *phase;
            *phase = to.max(*phase);
            later
        });
    }

    pub async fn reached(&self, wanted: Phase) {
        // The sender lives as long as we do, so waiting can't fail.
        let _ = self.phase.subscribe().wait_for(|phase| *phase >= wanted).await;
    }
}

#[cfg(test)]
mod tests {
    use super::{Phase, Shutdown};

    #[tokio::test]
    async fn phases_only_move_on() {
        let shutdown = Shutdown::new();
        shutdown.advance(Phase::Stopping);
        shutdown.advance(Phase::Draining);
        assert_eq!(shutdown.phase(), Phase::Stopping);
        shutdown.reached(Phase::Draining).await;
    }
}
