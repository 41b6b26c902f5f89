//! File handles: each connection takes one, and a process without any left can't even open its database.

use rustix::process::{Resource, getrlimit, setrlimit};
use tracing::warn;

/// For the database, its readers, logs and what libraries open.
const OWN: u64 = 128;

/// Takes as many handles as the system lets it have, and says how many connections there is room for.
pub fn room_for(connections_wanted: u32) -> u32 {
    let mut limit = getrlimit(Resource::Nofile);
    let needed = u64::from(connections_wanted) + OWN;
    if limit.current.is_some_and(|current| current < needed) {
        let raised = limit.maximum.map_or(needed, |most| most.min(needed));
        let before = limit.current.replace(raised);
        if let Err(error) = setrlimit(Resource::Nofile, limit) {
            warn!(%error, "the limit of open files can't be raised");
            limit.current = before;
        }
    }
    let room = limit.current.map_or(u64::from(connections_wanted), |current| current.saturating_sub(OWN).max(1));
    let room = u32::try_from(room).unwrap_or(u32::MAX).min(connections_wanted);
    if room < connections_wanted {
        warn!(connections_wanted, room, "the limit of open files leaves room for fewer connections; raise `ulimit -n`");
    }
    room
}
