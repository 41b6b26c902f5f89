//! Who and what sits in which slot: learnt from what the pool answers and from its events.

use crate::action::{LeaseOf, OfferOf, TaskSlot, WorkerSlot};
use owp_logic::history::History;
use owp_logic::{Caller, Event, EventKind, Holding, holding_of};
use owp_wire::{LeaseId, OfferId, TaskId, TaskState, WorkerId};
use std::collections::HashMap;

/// Leases remembered of each task; older ones are as dead as these.
const LEASES_KEPT: usize = 4;

#[derive(Default)]
pub struct Slots {
    workers: Vec<Option<WorkerSeat>>,
    tasks: Vec<Option<TaskSeat>>,
    slot_of_worker: HashMap<WorkerId, WorkerSlot>,
    slot_of_task: HashMap<TaskId, TaskSlot>,
}

pub struct WorkerSeat {
    pub caller: Caller,
    pub is_revoked: bool,
    pub is_silent: bool,
    /// Whether it said that it wants to be asked.
    pub wants_offers: bool,
    /// Leased, offered or in review.
    pub tasks: Vec<TaskSlot>,
    /// The last one that it had and has no more.
    pub lost: Option<TaskSlot>,
}

pub struct TaskSeat {
    pub id: TaskId,
    pub state: TaskState,
    /// Oldest first.
    leases: Vec<Given>,
    offers: Vec<Offered>,
}

/// An offer, and to whom it was made.
#[derive(Clone)]
pub struct Offered {
    pub caller: Caller,
    pub offer_id: OfferId,
}

/// A lease, and to whom it was given.
#[derive(Clone)]
pub struct Given {
    pub caller: Caller,
    pub lease_id: LeaseId,
}

impl Slots {
    pub fn worker(&self, slot: WorkerSlot) -> Option<&WorkerSeat> {
        self.workers.get(slot.0 as usize)?.as_ref()
    }

    pub fn task(&self, slot: TaskSlot) -> Option<&TaskSeat> {
        self.tasks.get(slot.0 as usize)?.as_ref()
    }

    pub fn lease(&self, lease: LeaseOf) -> Option<&Given> {
        self.task(lease.task)?.leases.iter().rev().nth(lease.back as usize)
    }

    pub fn offer(&self, offer: OfferOf) -> Option<&Offered> {
        self.task(offer.task)?.offers.iter().rev().nth(offer.back as usize)
    }

    /// The token of whoever sits there, or one that the pool does not know.
    pub fn caller(&self, slot: WorkerSlot) -> Caller {
        let nobody = || Caller { worker_id: WorkerId("w-nobody".into()), token_version: 1 };
        self.worker(slot).map_or_else(nobody, |seat| seat.caller.clone())
    }

    pub fn task_id(&self, slot: TaskSlot) -> TaskId {
        self.task(slot).map_or_else(|| TaskId("t-nothing".into()), |seat| seat.id.clone())
    }

    pub fn seat_worker(&mut self, slot: WorkerSlot, caller: Caller) {
        if self.slot_of_worker.contains_key(&caller.worker_id) {
            return;
        }
        if let Some(before) = self.worker(slot) {
            let id = before.caller.worker_id.clone();
            self.slot_of_worker.remove(&id);
        }
        self.slot_of_worker.insert(caller.worker_id.clone(), slot);
        let seat = WorkerSeat {
            caller,
            is_revoked: false,
            is_silent: false,
            wants_offers: false,
            tasks: Vec::new(),
            lost: None,
        };
        put(&mut self.workers, slot.0, seat);
    }

    pub fn seat_task(&mut self, slot: TaskSlot, id: TaskId) {
        if self.slot_of_task.contains_key(&id) {
            return;
        }
        if let Some(before) = self.task(slot) {
            let id = before.id.clone();
            self.slot_of_task.remove(&id);
        }
        self.slot_of_task.insert(id.clone(), slot);
        put(&mut self.tasks, slot.0, TaskSeat { id, state: TaskState::Ready, leases: Vec::new(), offers: Vec::new() });
    }

    pub fn set_silent(&mut self, slot: WorkerSlot, is_silent: bool) {
        if let Some(Some(seat)) = self.workers.get_mut(slot.0 as usize) {
            seat.is_silent = is_silent;
        }
    }

    /// Something happened; the history has it already.
    pub fn notice(&mut self, event: &Event, history: &History) {
        if event.kind == EventKind::WorkerRevoked
            && let Some(seat) = event.worker_id.as_ref().and_then(|id| self.seat_of(id))
        {
            seat.is_revoked = true;
        }
        if let Some(mode) = event.details.get("work_mode")
            && let Some(seat) = event.worker_id.as_ref().and_then(|id| self.seat_of(id))
        {
            seat.wants_offers = mode == "offer";
        }
        let Some(id) = &event.task_id else { return };
        let Some(slot) = self.slot_of_task.get(id).copied() else { return };
        let Some(Some(task)) = self.tasks.get_mut(slot.0 as usize) else { return };
        task.state = history.tasks()[id].state;
        let ended = holding_of(task.state) == Holding::Nothing;
        if let (EventKind::TaskOffered, Some(worker_id)) = (event.kind, &event.worker_id) {
            if task.offers.len() == LEASES_KEPT {
                task.offers.remove(0);
            }
            let caller = Caller { worker_id: worker_id.clone(), token_version: 1 };
            let offer_id = event.details["offer_id"].as_str().expect("an offer has an id").to_owned();
            task.offers.push(Offered { caller, offer_id: OfferId(offer_id) });
            if let Some(seat) = self.seat_of(worker_id) {
                seat.tasks.push(slot);
            }
        } else if let (EventKind::TaskAssigned, Some((worker_id, lease_id))) =
            (event.kind, event.worker_id.as_ref().zip(event.lease_id.as_ref()))
        {
            if task.leases.len() == LEASES_KEPT {
                task.leases.remove(0);
            }
            let caller = Caller { worker_id: worker_id.clone(), token_version: 1 };
            task.leases.push(Given { caller, lease_id: lease_id.clone() });
            if let Some(seat) = self.seat_of(worker_id).filter(|seat| !seat.tasks.contains(&slot)) {
                seat.tasks.push(slot);
            }
        } else if ended && let Some(seat) = event.worker_id.as_ref().and_then(|id| self.seat_of(id)) {
            seat.tasks.retain(|held| *held != slot);
            seat.lost = Some(slot);
        }
    }

    fn seat_of(&mut self, id: &WorkerId) -> Option<&mut WorkerSeat> {
        let slot = self.slot_of_worker.get(id)?;
        self.workers.get_mut(slot.0 as usize)?.as_mut()
    }

    /// A text with slots in the place of ids.
    pub fn retold(&self, text: &str) -> String {
        let tasks = self.slot_of_task.iter().map(|(id, slot)| (&id.0, slot.to_string()));
        let workers = self.slot_of_worker.iter().map(|(id, slot)| (&id.0, slot.to_string()));
        tasks.chain(workers).fold(text.to_owned(), |text, (id, slot)| text.replace(id.as_str(), &slot))
    }
}

fn put<T>(seats: &mut Vec<Option<T>>, slot: u32, seat: T) {
    let index = slot as usize;
    if seats.len() <= index {
        seats.resize_with(index + 1, || None);
    }
    seats[index] = Some(seat);
}
