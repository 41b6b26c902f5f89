//! Work by offer: the runner asks for as many tasks as it can begin now, and takes them. What else is open, perhaps from an
//! earlier run, is left for its next free hand, and declined when it stops, so that others need not wait for it to run out.

use super::Runner;
use super::events::Event;
use super::shutdown::Phase;
use crate::api::operations;
use crate::cli::is_id;
use crate::errors::Failure;
use owp_wire::{
    AcceptOfferResponse, Lease, Offer, ProblemCode, RejectOfferRequest, RejectReason, RequestOffersResponse,
    TaskStateResponse, WorkMode,
};

/// What came of asking.
pub struct Asked {
    pub started: usize,
    pub poll_after_s: u32,
}

impl Runner {
    /// Asks for as many as there is room for, accepts and starts them; none where something came in between.
    pub async fn take_offers(&mut self) -> Result<Option<Asked>, Failure> {
        let call = operations::request_offers(Some(self.room()));
        let Some(answer) = self.ask::<RequestOffersResponse>(&call).await? else {
            return Ok(None);
        };
        self.link.clock.hear(answer.server_time);
        let mut started = 0;
        for offer in answer.offers.iter().filter(|offer| is_id(&offer.offer_id, "o_")) {
            if self.room() == 0 || !self.may_begin_more() {
                break;
            }
            // Accepted when a signal came, it is handed back with the rest that was not begun.
            if let Some(lease) = self.accept(offer).await
                && self.link.shutdown.phase() == Phase::Running
            {
                started += usize::from(self.take_on(&lease));
            }
        }
        Ok(Some(Asked { started, poll_after_s: answer.poll_after_s }))
    }

    async fn accept(&self, offer: &Offer) -> Option<Lease> {
        let (task_id, offer_id) = (&offer.task_id, &offer.offer_id);
        match self.link.send::<AcceptOfferResponse>(&operations::accept_offer(offer_id)).await {
            Ok(AcceptOfferResponse { lease, .. }) => {
                let (lease_id, expected_s) = (&lease.lease_id, offer.expected_s);
                self.link.events.emit(&Event::OfferAccepted { task_id, offer_id, lease_id, expected_s });
                Some(lease)
            }
            Err(failure) => {
                self.link.events.trouble(task_id, "could not accept it", &failure);
                None
            }
        }
    }

    /// Declines what is open. The server is asked what that is: a request that was cut short may have brought offers that
    /// nobody saw.
    pub async fn decline_open_offers(&self) {
        if self.work_mode != WorkMode::Offer || self.link.shutdown.phase() == Phase::Lost {
            return;
        }
        let open = match self.link.send_once::<RequestOffersResponse>(&operations::request_offers(Some(0))).await {
            Ok(answer) => answer.offers,
            Err(failure) => {
                let what = "could not ask which offers are open";
                return self.link.events.emit(&Event::Trouble { task_id: None, what, error: failure.what() });
            }
        };
        let request = RejectOfferRequest {
            reason: RejectReason::InsufficientTime,
            message: Some("the runner stops before it took this task".to_owned()),
        };
        for Offer { task_id, offer_id, .. } in open.iter().filter(|offer| is_id(&offer.offer_id, "o_")) {
            match self.link.send_once::<TaskStateResponse>(&operations::reject_offer(offer_id, &request)).await {
                Ok(_) => self.link.events.emit(&Event::OfferDeclined { task_id, offer_id }),
                // It ran out meanwhile, which is as good.
                Err(failure) if failure.code() == Some(ProblemCode::OfferGone) => {}
                Err(failure) => self.link.events.trouble(task_id, "could not decline its offer", &failure),
            }
        }
    }
}
