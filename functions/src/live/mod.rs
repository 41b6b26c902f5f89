//! Events as they happen: what is told to whom, where to go on, and streams that cost a bounded amount whoever reads them.
//!
//! One task reads the log on and keeps its latest pages. A stream is a place in the log and nothing else: it takes what is
//! behind its place from those pages, or from the store while it is further back, and what it takes it hands on before it
//! takes more. So nobody is kept waiting by a slow reader, and none of them misses or repeats an event.

mod listener;
mod stream;
mod tail;
mod told;

pub use listener::{Filter, Listener};
pub use stream::{listen, tell};
pub use tail::{Listening, Tail};

use std::time::Duration;

/// A stream that has nothing to tell says that it is alive. Proxies commonly give up after 30 or 60 seconds.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// How long a stream lasts at the most, unless a server sets less. Functions end after 15 minutes, and so do the
/// connections of many proxies; a client that resumes by plan does it well.
pub const STREAM_MAX_S: u32 = 13 * 60;

/// Streams of one process. Each is a connection and, as measured with a thousand of them, about 50 KB.
pub const STREAMS_MAX: usize = 4096;

/// Of these, how many one worker may have: a client on each of its machines, a dashboard, and those that are about to end.
pub const STREAMS_OF_WORKER_MAX: usize = 16;

/// And how many all workers together: whoever makes up workers leaves some to those who look after the pool.
pub const STREAMS_OF_WORKERS_MAX: usize = STREAMS_MAX - 256;
