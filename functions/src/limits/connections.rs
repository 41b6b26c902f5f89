//! How many connections a server holds, in all and from one address.

use super::Network;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

/// One address may hold this part of all connections: enough for a proxy that nobody declared, or a thousand streams behind
/// one, and too few to keep everybody else out.
const ADDRESS_SHARE: usize = 4;

pub struct Connections {
    pub max: usize,
    pub per_address_max: usize,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    count: usize,
    by_address: HashMap<Network, usize>,
}

/// A place among them, free again when it is dropped.
pub struct Connection {
    connections: Arc<Connections>,
    from: Option<Network>,
}

/// Why there is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    Full,
    FromOneAddress,
}

impl Connections {
    pub fn new(max: usize) -> Arc<Self> {
        Arc::new(Self { max, per_address_max: (max / ADDRESS_SHARE).max(1), open: Mutex::default() })
    }

    /// `from` is `None` for those who stand for many, as trusted proxies do: they are bounded by the whole only.
    pub fn admit(self: &Arc<Self>, from: Option<Network>) -> Result<Connection, Refused> {
        let mut open = self.locked();
        if open.count >= self.max {
            return Err(Refused::Full);
        }
        if let Some(from) = from {
            let here = open.by_address.entry(from).or_default();
            if *here >= self.per_address_max {
                return Err(Refused::FromOneAddress);
            }
            *here += 1;
        }
        open.count += 1;
        Ok(Connection { connections: self.clone(), from })
    }

    pub fn open(&self) -> usize {
        self.locked().count
    }

    fn locked(&self) -> MutexGuard<'_, Open> {
        self.open.lock().expect("nothing panics while it holds this")
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let mut open = self.connections.locked();
        open.count -= 1;
        let Some(from) = self.from else { return };
        let here = open.by_address.get_mut(&from).expect("it was counted when it was admitted");
        *here -= 1;
        if *here == 0 {
            open.by_address.remove(&from);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::IpAddr;

    fn network(text: &str) -> Network {
        text.parse::<IpAddr>().unwrap().into()
    }

    #[test]
    fn one_address_gets_its_share_and_all_together_no_more_than_there_is() {
        let connections = Connections::new(8);
        let mut held: Vec<Connection> =
            (0..2).map(|_| connections.admit(Some(network("192.0.2.1"))).expect("its share")).collect();
        assert_eq!(connections.admit(Some(network("192.0.2.1"))).err(), Some(Refused::FromOneAddress));
        for other in ["192.0.2.2", "192.0.2.3"] {
            held.extend((0..2).map(|_| connections.admit(Some(network(other))).expect("its share")));
        }
        held.extend((0..2).map(|_| connections.admit(None).expect("a proxy")));
        assert_eq!((connections.admit(None).err(), connections.open()), (Some(Refused::Full), 8));
        held.clear();
        assert_eq!((connections.open(), connections.locked().by_address.len()), (0, 0));
        assert!(connections.admit(Some(network("192.0.2.1"))).is_ok(), "a place that was left is free");
    }
}
