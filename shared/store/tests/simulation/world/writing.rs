//! Writes under a lease, and answers to offers: each is accepted while what it names lives, and only then.

use super::{ROUNDS_MAX, Verdict, World};
use crate::action::{By, LeaseOf, OfferOf, What, WorkerSlot};
use crate::slots::{Given, Offered};
use crate::violation::{Violation, ensure};
use owp_logic::limits::{CANDIDATES_FIRST, wider};
use owp_logic::operations::{
    AcceptOffer, Fetched, ParkLease, RejectOffer, ReleaseLease, RenewLease, ReportTaskStatus, RequestOffers,
};
use owp_logic::refusal::OfferGoneBecause;
use owp_logic::{Actor, Caller, Holding, Refusal};
use owp_wire::{LeaseId, OfferId, ReportedStatus, TaskId, TaskState, Timestamp};

impl World {
    pub(super) fn ask_for_offers(
        &mut self,
        worker: WorkerSlot,
        patient: bool,
        limit: u32,
    ) -> Result<Verdict, Violation> {
        let caller = self.slots.caller(worker);
        let (mut candidates_max, mut idle) = (CANDIDATES_FIRST, 0);
        for _ in 0..ROUNDS_MAX {
            let ask = RequestOffers { caller: caller.clone(), candidates_max, offers_max: limit as usize };
            match self.ask(Actor::Worker(caller.worker_id.clone()), ask)? {
                Err(refusal) => return Ok(Err(refusal)),
                Ok(Fetched::Found(found)) => {
                    self.look()?;
                    let mut shown = found.offers.iter().map(|(task, _)| &task.id);
                    let lives = shown.all(|task| self.watch.may_accept(&caller.worker_id, task, found.now));
                    ensure(lives, || format!("{} was shown an offer that is over", caller.worker_id.0))?;
                    return Ok(Ok(()));
                }
                Ok(_) if !patient => return Ok(Ok(())),
                Ok(Fetched::LookWider) => candidates_max = wider(candidates_max),
                Ok(Fetched::SettleFirst) => self.settle_first(&mut idle)?,
            }
        }
        Ok(Ok(()))
    }

    /// An offer is accepted or rejected only while it lives, and never said to be gone while it does.
    pub(super) fn answer(&mut self, offer: OfferOf, by: By, what: &What) -> Result<Verdict, Violation> {
        let offered = self.slots.offer(offer).cloned();
        let nothing =
            || Offered { caller: self.slots.caller(WorkerSlot(u32::MAX)), offer_id: OfferId("o-none".into()) };
        let Offered { caller, offer_id } = offered.unwrap_or_else(nothing);
        let caller = if let By::Worker(worker) = by { self.slots.caller(worker) } else { caller };
        let (task_id, now) = (self.slots.task_id(offer.task), self.pool.now());
        let lives = offer.back == 0 && self.watch.may_accept(&caller.worker_id, &task_id, now);
        let leased = self.watch.may_write(&caller.worker_id, &task_id, None, now).is_some();
        let repeats = self.under.is_some();
        let verdict = match what {
            What::Reject { reason, .. } => {
                let (caller, reason) = (caller.clone(), *reason);
                self.by(&caller.clone(), RejectOffer { caller, offer_id, reason, message: None })?
            }
            _ => self.by(&caller, AcceptOffer { caller: caller.clone(), offer_id })?,
        };
        let accepts = matches!(what, What::Accept { .. });
        let in_time = lives || repeats || (accepts && leased);
        ensure(verdict.is_err() || in_time, || format!("an offer that was over was answered: {what}"))?;
        let over = [OfferGoneBecause::Expired, OfferGoneBecause::NotOffered].map(Refusal::OfferGone);
        let called_gone = lives && verdict.as_ref().is_err_and(|refusal| over.contains(refusal));
        ensure(!called_gone, || format!("a live offer was said to be gone: {what}"))?;
        Ok(verdict)
    }

    /// A write under a lease is accepted only while the lease lives, and never called stale while it does.
    pub(super) fn write(&mut self, what: &What) -> Result<Verdict, Violation> {
        let (What::Report { lease, by, .. }
        | What::Renew { lease, by }
        | What::Release { lease, by, .. }
        | What::Park { lease, by, .. }) = what
        else {
            unreachable!("it writes under a lease")
        };
        let (caller, lease_id) = self.writer(*lease, *by);
        let task_id = self.slots.task_id(lease.task);
        let (repeats, now) = (self.under.is_some(), self.pool.now());
        let named = Some(&lease_id).filter(|_| !matches!(what, What::Report { named: false, .. }));
        let holding = self.watch.may_write(&caller.worker_id, &task_id, named, now);
        let reports = matches!(what, What::Report { .. });
        let may_write = if reports { holding.is_some() } else { holding == Some(Holding::Lease) };
        let merged = self.watch.facts(&task_id).is_some_and(|facts| facts.state == TaskState::Merged);
        let merged_again = merged && matches!(what, What::Report { status: ReportedStatus::Merged, .. });
        let verdict = self.write_by(&caller, task_id.clone(), lease_id, what)?;
        let accepted_late = verdict.is_ok() && !may_write && !merged_again && !repeats;
        ensure(!accepted_late, || format!("a write from a dead lease was accepted: {what}"))?;
        let told_elsewhere = self.watch.facts(&task_id).is_some_and(|facts| self.following.is_linked(&facts.repo));
        let is_merge = matches!(what, What::Report { status: ReportedStatus::Merged, .. });
        let merged_by_word = verdict.is_ok() && is_merge && told_elsewhere && !merged_again && !repeats;
        ensure(!merged_by_word, || format!("a merge was reported where GitHub tells of them: {what}"))?;
        let called_stale = matches!(verdict, Err(Refusal::LeaseStale(_))) && may_write;
        ensure(!called_stale, || format!("a write from a live lease was called stale: {what}"))?;
        Ok(verdict)
    }

    pub(super) fn writer(&self, lease: LeaseOf, by: By) -> (Caller, LeaseId) {
        let given = self.slots.lease(lease).cloned();
        let nothing = || Given { caller: self.slots.caller(WorkerSlot(u32::MAX)), lease_id: LeaseId("l-none".into()) };
        let given = given.unwrap_or_else(nothing);
        match by {
            By::Holder => (given.caller, given.lease_id),
            By::Worker(worker) => (self.slots.caller(worker), given.lease_id),
        }
    }

    pub(super) fn write_by(
        &mut self,
        caller: &Caller,
        task_id: TaskId,
        lease_id: LeaseId,
        what: &What,
    ) -> Result<Verdict, Violation> {
        match what {
            What::Report { named, status, message, .. } => {
                let report = ReportTaskStatus {
                    caller: caller.clone(),
                    task_id,
                    lease_id: Some(lease_id).filter(|_| *named),
                    status: *status,
                    message: message.map(|message| format!("message {message}")),
                    artifact: None,
                    branch: None,
                    notes: None,
                };
                self.by(caller, report)
            }
            What::Release { reason, .. } => {
                let (message, branch, notes) = Default::default();
                let (caller, reason) = (caller.clone(), *reason);
                self.by(&caller.clone(), ReleaseLease { caller, lease_id, reason, message, branch, notes })
            }
            What::Park { seconds, .. } => {
                let now = self.pool.now().as_millis();
                let quota_resets_at = Timestamp::from_millis(now + i64::from(*seconds) * 1000);
                let (caller, branch, notes) = (caller.clone(), None, None);
                self.by(&caller.clone(), ParkLease { caller, lease_id, quota_resets_at, branch, notes })
            }
            _ => self.by(caller, RenewLease { caller: caller.clone(), lease_id }),
        }
    }
}
