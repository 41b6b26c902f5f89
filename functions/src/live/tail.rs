//! The end of the log, read on by one task for all streams.

use super::listener::Listener;
use super::told::Told;
use super::{STREAMS_MAX, STREAMS_OF_WORKER_MAX, STREAMS_OF_WORKERS_MAX};
use owp_store::{Cursor, Store, StoreError};
use owp_wire::WorkerId;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::sleep;
use tracing::warn;

/// Events read from the store at once.
pub const PAGE_MAX: usize = 256;

/// Pages kept for those who are a moment behind. Who is further behind while it listens is too slow.
const PAGES_KEPT: usize = 64;

/// What happens within so short a time is told at once: a thousand streams woken for each event would keep a server busy.
const PAUSE: Duration = Duration::from_millis(40);

/// How often the log is looked at where others may write to it unnoticed, and after a failure.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// Some events behind a place, in order.
pub struct Page {
    pub events: Vec<Told>,
}

impl Page {
    fn to(&self) -> Option<&Cursor> {
        self.events.last().map(|told| &told.place)
    }
}

/// How many streams there may be at once.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    pub all: usize,
    pub of_worker: usize,
    pub of_workers: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { all: STREAMS_MAX, of_worker: STREAMS_OF_WORKER_MAX, of_workers: STREAMS_OF_WORKERS_MAX }
    }
}

/// What streams of one process share.
#[derive(Default)]
pub struct Tail {
    pub bounds: Bounds,
    pages: Mutex<Pages>,
    grown: watch::Sender<u64>,
    of_workers: Mutex<OfWorkers>,
}

/// The streams of workers that are open.
#[derive(Default)]
struct OfWorkers {
    count: usize,
    by_worker: HashMap<WorkerId, usize>,
}

#[derive(Default)]
struct Pages {
    is_followed: bool,
    /// Behind the last page.
    head: Option<Cursor>,
    kept: VecDeque<Arc<Page>>,
    /// How many pages were dropped.
    dropped: u64,
    /// Where in which page a reader at this place goes on.
    places: HashMap<Cursor, (u64, usize)>,
}

/// A stream's share in the tail. While there is one, the log is read on.
pub struct Listening {
    tail: Arc<Tail>,
    pub grown: watch::Receiver<u64>,
    _place: Option<Place>,
}

/// A place among the streams of workers, free again when it is dropped.
struct Place {
    tail: Arc<Tail>,
    worker_id: WorkerId,
}

/// What is behind a place.
pub enum Behind {
    /// So much of this page.
    Page(Arc<Page>, usize),
    /// Nothing yet.
    Nothing,
    /// It is not in the pages that are kept.
    Unknown,
}

impl Tail {
    /// `None` where there are too many already.
    pub async fn listen(
        self: &Arc<Self>,
        store: &Arc<dyn Store>,
        listener: &Listener,
    ) -> Result<Option<Listening>, StoreError> {
        if self.streams() >= self.bounds.all {
            return Ok(None);
        }
        let place = match listener {
            Listener::Admin => None,
            Listener::Worker(worker_id) => match self.place_of(worker_id) {
                None => return Ok(None),
                place => place,
            },
        };
        let listening = Listening { tail: self.clone(), grown: self.grown.subscribe(), _place: place };
        if !self.locked().is_followed {
            let latest = store.latest().await?;
            let mut pages = self.locked();
            if !pages.is_followed {
                *pages = Pages { is_followed: true, head: Some(latest), ..Pages::default() };
                tokio::spawn(follow(self.clone(), store.clone()));
            }
        }
        Ok(Some(listening))
    }

    fn place_of(self: &Arc<Self>, worker_id: &WorkerId) -> Option<Place> {
        let mut open = self.of_workers();
        let own = open.by_worker.get(worker_id).copied().unwrap_or_default();
        if own >= self.bounds.of_worker || open.count >= self.bounds.of_workers {
            return None;
        }
        open.by_worker.insert(worker_id.clone(), own + 1);
        open.count += 1;
        Some(Place { tail: self.clone(), worker_id: worker_id.clone() })
    }

    /// How many listen.
    pub fn streams(&self) -> usize {
        self.grown.receiver_count()
    }

    fn of_workers(&self) -> MutexGuard<'_, OfWorkers> {
        self.of_workers.lock().expect("nothing panics while it holds this")
    }

    fn locked(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().expect("nothing panics while it holds this")
    }

    /// For so long was it not read on that what comes next is not kept any more. Streams end as too slow, and who resumes is
    /// told what was missed.
    async fn begin_anew(&self, store: &dyn Store) -> Result<(), StoreError> {
        let latest = store.latest().await?;
        *self.locked() = Pages { is_followed: true, head: Some(latest), ..Pages::default() };
        self.grown.send_modify(|count| *count += 1);
        Ok(())
    }

    /// Whether there is somebody to read on for. If not, the pages are forgotten.
    fn goes_on(&self) -> bool {
        let mut pages = self.locked();
        let goes_on = self.streams() > 0;
        if !goes_on {
            *pages = Pages::default();
        }
        goes_on
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.tail.of_workers();
        open.count -= 1;
        let own = open.by_worker.get_mut(&self.worker_id).expect("it was counted when it was taken");
        *own -= 1;
        if *own == 0 {
            open.by_worker.remove(&self.worker_id);
        }
    }
}

impl Listening {
    pub fn behind(&self, place: Option<&Cursor>) -> Behind {
        let pages = self.tail.locked();
        let Some(place) = place else { return Behind::Unknown };
        if pages.head.as_ref() == Some(place) {
            return Behind::Nothing;
        }
        let Some((number, index)) = pages.places.get(place) else { return Behind::Unknown };
        let page = usize::try_from(number - pages.dropped).ok().and_then(|index| pages.kept.get(index));
        page.map_or(Behind::Unknown, |page| Behind::Page(page.clone(), *index))
    }
}

impl Pages {
    fn add(&mut self, page: Page) {
        let number = self.dropped + self.kept.len() as u64;
        let from = self.head.replace(page.to().expect("a page that is added has events").clone());
        let places = from.into_iter().chain(page.events.iter().map(|told| told.place.clone()));
        // Who is behind the last event of a page goes on with the next page.
        let going_on = places.take(page.events.len()).enumerate().map(|(index, place)| (place, (number, index)));
        self.places.extend(going_on);
        self.kept.push_back(Arc::new(page));
        if self.kept.len() > PAGES_KEPT {
            self.kept.pop_front();
            self.dropped += 1;
            self.places.retain(|_, (number, _)| *number >= self.dropped);
        }
    }
}

async fn follow(tail: Arc<Tail>, store: Arc<dyn Store>) {
    let mut signal = store.work_signal();
    while tail.goes_on() {
        let head = tail.locked().head.clone();
        let read = match store.events(head.as_ref(), None, PAGE_MAX).await {
            Err(StoreError::CursorGone) => tail.begin_anew(&*store).await.map(|()| Vec::new()),
            read => read,
        };
        match read {
            Ok(events) if !events.is_empty() => {
                let is_full = events.len() == PAGE_MAX;
                tail.locked().add(Page { events: events.into_iter().map(Told::from).collect() });
                tail.grown.send_modify(|count| *count += 1);
                if !is_full {
                    sleep(PAUSE).await;
                }
                continue;
            }
            Ok(_) => {}
            Err(failure) => {
                warn!(error = &failure as &dyn std::error::Error, "the log can't be read on; streams wait");
                sleep(LOOK_AGAIN).await;
                continue;
            }
        }
        let news = async {
            match &mut signal {
                // An error means that the store has closed; then the next look says so.
                Some(signal) => drop(signal.changed().await),
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = news => {}
            () = sleep(LOOK_AGAIN) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use owp_store::memory::MemoryStore;

    #[tokio::test]
    async fn workers_together_leave_streams_to_those_who_look_after_the_pool() {
        let bounds = Bounds { all: 6, of_worker: 2, of_workers: 4 };
        let tail = Arc::new(Tail { bounds, ..Tail::default() });
        let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
        let worker = |name: &str| Listener::Worker(WorkerId(name.into()));
        let open = async |listener: &Listener| tail.listen(&store, listener).await.expect("the store answers");
        let mut held = Vec::new();
        for name in ["w1", "w1", "w2", "w3"] {
            held.push(open(&worker(name)).await.expect("there is room"));
        }
        assert!(open(&worker("w1")).await.is_none(), "one worker has two");
        assert!(open(&worker("w4")).await.is_none(), "all together have four");
        for _ in 0..2 {
            held.push(open(&Listener::Admin).await.expect("the rest is for administrators"));
        }
        assert!(open(&Listener::Admin).await.is_none() && tail.streams() == 6);
        held.remove(0);
        assert!(open(&worker("w4")).await.is_some(), "a place that was left is free");
        held.clear();
        assert_eq!((tail.streams(), tail.of_workers().count), (0, 0));
    }

    #[test]
    fn a_server_leaves_256_to_administrators() {
        let Bounds { all, of_worker, of_workers } = Bounds::default();
        assert_eq!((all, of_worker, of_workers), (4096, 16, 3840));
    }
}
