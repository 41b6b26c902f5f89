//! Work by offer: the runner takes what it can begin now. What it can't is left open for its next free hand, and declined
//! when it stops, so that others need not wait for it to run out.

use super::Runner;
use super::events::Event;
use super::shutdown::Phase;
use crate::api::operations;
use crate::cli::is_id;
use crate::errors::Failure;
use owp_wire::{
    AcceptOfferResponse, Offer, OfferId, ProblemCode, RejectOfferRequest, RejectReason, RequestOffersResponse, TaskId,
    TaskStateResponse,
};
use std::collections::HashSet;

#[derive(Default)]
pub struct Offers {
    open: Vec<(TaskId, OfferId)>,
    /// So that a server which goes on offering what was taken is not asked for it without end.
    answered: HashSet<OfferId>,
}

/// What came of asking.
pub struct Asked {
    pub accepted: usize,
    pub poll_after_s: u32,
}

impl Runner {
    /// Asks, and accepts as many as there is room for; none where something came in between. The leases come with the
    /// next fetch.
    pub async fn take_offers(&mut self) -> Result<Option<Asked>, Failure> {
        let Some(answer) = self.ask::<RequestOffersResponse>(&operations::request_offers()).await? else {
            return Ok(None);
        };
        self.link.clock.hear(answer.server_time);
        self.offers.open.clear();
        let (room, mut accepted) = (self.room(), 0);
        for offer in answer.offers {
            if !is_id(&offer.offer_id, "o_") || self.offers.answered.contains(&offer.offer_id) {
                continue;
            }
            if accepted < room && self.link.shutdown.phase() == Phase::Running {
                accepted += usize::from(self.accept(&offer).await);
            } else {
                self.offers.open.push((offer.task_id, offer.offer_id));
            }
        }
        Ok(Some(Asked { accepted, poll_after_s: answer.poll_after_s }))
    }

    async fn accept(&mut self, offer: &Offer) -> bool {
        self.offers.answered.insert(offer.offer_id.clone());
        let (task_id, offer_id) = (&offer.task_id, &offer.offer_id);
        match self.link.send::<AcceptOfferResponse>(&operations::accept_offer(offer_id)).await {
            Ok(answer) => {
                let (lease_id, expected_s) = (&answer.lease_id, offer.expected_s);
                self.link.events.emit(&Event::OfferAccepted { task_id, offer_id, lease_id, expected_s });
                true
            }
            Err(failure) => {
                self.link.events.trouble(task_id, "could not accept it", &failure);
                false
            }
        }
    }

    /// Declines what is open. After a signal the server is asked what that is: a request that was cut short may have
    /// brought offers that nobody saw, and a paused worker gets no new ones.
    pub async fn decline_open_offers(&mut self) {
        if !self.terms.by_offer || self.link.shutdown.phase() == Phase::Lost {
            return;
        }
        if self.link.shutdown.phase() > Phase::Running
            && let Ok(answer) = self.link.send_once::<RequestOffersResponse>(&operations::request_offers()).await
        {
            let open = answer.offers.into_iter().filter(|offer| is_id(&offer.offer_id, "o_"));
            self.offers.open = open.map(|offer| (offer.task_id, offer.offer_id)).collect();
        }
        let request = RejectOfferRequest {
            reason: RejectReason::InsufficientTime,
            message: Some("the runner stops before it took this task".to_owned()),
        };
        for (task_id, offer_id) in std::mem::take(&mut self.offers.open) {
            let call = operations::reject_offer(&offer_id, &request);
            match self.link.send_once::<TaskStateResponse>(&call).await {
                Ok(_) => self.link.events.emit(&Event::OfferDeclined { task_id: &task_id, offer_id: &offer_id }),
                // It ran out meanwhile, which is as good.
                Err(failure) if failure.code() == Some(ProblemCode::OfferGone) => {}
                Err(failure) => self.link.events.trouble(&task_id, "could not decline its offer", &failure),
            }
        }
    }
}
