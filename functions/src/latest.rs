//! What happened since the books were kept last, added up once for all who ask.
//!
//! Every answer of the analytics needs it, whatever it is about. So what was added up stays in memory, together with the
//! place up to which it goes, and the next answer reads on from there. It is never relied on: once the books are kept
//! further it begins anew behind them, and so it does in a process that has just started.

use owp_logic::analytics::Tally;
use owp_store::{Cursor, Store, StoreError};
use owp_wire::Timestamp;
use tokio::sync::{Mutex, MutexGuard};

/// Events that are added up. The books are kept each minute, so there are seldom more; where there are, answers are as of
/// the last of these.
pub const EVENTS_MAX: usize = 5000;

/// Events read in one go: their records are in memory together.
const READ_AT_ONCE: usize = 500;

#[derive(Default)]
pub struct Latest(Mutex<Added>);

/// What lies between two places of the log.
#[derive(Default)]
pub struct Added {
    /// Where the books are; nothing while they are not begun.
    books: Option<Cursor>,
    /// Behind the last event of it.
    place: Option<Cursor>,
    events: usize,
    last_at: Timestamp,
    pub tally: Tally,
}

impl Latest {
    /// What is behind this place of the books, as of now. Who comes while somebody reads waits for that, and then has little
    /// to read.
    pub async fn behind(&self, books: Option<Cursor>, store: &dyn Store) -> Result<MutexGuard<'_, Added>, StoreError> {
        let mut added = self.0.lock().await;
        if added.books != books {
            *added = Added { place: books.clone(), books, ..Added::default() };
        }
        added.read_on(store).await?;
        Ok(added)
    }
}

impl Added {
    async fn read_on(&mut self, store: &dyn Store) -> Result<(), StoreError> {
        while self.events < EVENTS_MAX {
            let room = READ_AT_ONCE.min(EVENTS_MAX - self.events);
            let events = store.events(self.place.as_ref(), None, room).await?;
            let Some((last, event)) = events.last() else { break };
            (self.place, self.last_at) = (Some(last.clone()), event.at);
            self.events += events.len();
            events.iter().for_each(|(_, event)| self.tally.count(event));
        }
        Ok(())
    }

    /// As of when it is, where it does not go up to the present.
    pub fn ends_at(&self) -> Option<Timestamp> {
        (self.events >= EVENTS_MAX).then_some(self.last_at)
    }
}
