//! An event as streams tell it: put into words once for all who may know as much of it.

use super::listener::{Sight, in_words};
use owp_logic::Event;
use owp_store::Cursor;
use std::sync::OnceLock;

pub struct Told {
    /// Behind it.
    pub place: Cursor,
    pub event: Event,
    whole: OnceLock<String>,
    public: OnceLock<String>,
}

impl From<(Cursor, Event)> for Told {
    fn from((place, event): (Cursor, Event)) -> Self {
        Self { place, event, whole: OnceLock::new(), public: OnceLock::new() }
    }
}

impl Told {
    pub fn frame(&self, sight: Sight) -> &str {
        let frame = match sight {
            Sight::Whole => &self.whole,
            Sight::Public => &self.public,
        };
        frame.get_or_init(|| {
            let told = in_words(&self.place, &self.event, sight);
            let data = serde_json::to_string(&told).expect("an event is plain data");
            format!("id: {}\nevent: {}\ndata: {data}\n\n", told.id, told.type_)
        })
    }
}
