//! The moods of GitHub: what goes wrong with the next requests.

use std::time::Duration;

#[derive(Clone, Debug)]
pub enum Fault {
    /// 403 with `retry-after`, as for too many writes at once.
    SecondaryLimit { retry_after_s: u32 },
    /// 403 with nothing remaining until then, in seconds since 1970.
    PrimaryLimit { reset_at_s: i64 },
    /// This status and a short message.
    Status(u16),
    /// No answer for so long. What was asked is not done where who asked does not wait.
    Slow(Duration),
    /// Does what was asked, and no answer for so long.
    DoneButSlow(Duration),
    /// Does what was asked and cuts the connection instead of answering.
    DoneButCut,
}

/// Which requests a fault is meant for.
#[derive(Clone, Debug)]
pub enum When {
    Any,
    /// Whatever changes something.
    Writes,
    /// Paths that contain this.
    Path(&'static str),
    /// Whatever makes something new at such a path.
    Creates(&'static str),
}

impl When {
    pub fn fits(&self, method: &str, path: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Writes => method != "GET" && !path.ends_with("/access_tokens"),
            Self::Path(part) => path.contains(part),
            Self::Creates(part) => method == "POST" && path.contains(part),
        }
    }
}

#[derive(Default)]
pub struct Moods {
    queued: Vec<(When, Fault)>,
}

impl Moods {
    pub fn queue(&mut self, when: When, fault: Fault) {
        self.queued.push((when, fault));
    }

    /// The first fault that fits, which is used up by it.
    pub fn take(&mut self, method: &str, path: &str) -> Option<Fault> {
        let place = self.queued.iter().position(|(when, _)| when.fits(method, path))?;
        Some(self.queued.remove(place).1)
    }

    pub fn is_spent(&self) -> bool {
        self.queued.is_empty()
    }
}
