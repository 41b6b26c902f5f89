//! A reader of live events that costs little: a thousand of them share the machine with the server they listen to.
//!
//! Chunks and frames are cut by hand. Each frame is kept once for all readers, whoever meets it first, and what a reader was
//! told is a list of numbers; so two readers were told the same if their numbers are the same.

use crate::calls::ADMIN_TOKEN;
use crate::stopwatch::Stopwatch;
use anyhow::{Context, bail};
use httparse::Status;
use owp_logic::EventKind;
use serde::Deserialize;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::sleep;

const HEADERS_MAX: usize = 32;
const READ_BYTES: usize = 16 * 1024;

/// What a slow reader takes, and how often: a fifth of what happens.
const SLOW_BYTES: u64 = 1024;
const SLOW_PAUSE: Duration = Duration::from_millis(250);

/// A slow reader has small buffers too; otherwise the kernel would read for it.
const SLOW_BUFFER_BYTES: u32 = 4096;

/// Until a stream says when to come back.
const RETRY_FIRST: Duration = Duration::from_millis(100);

/// What all readers share.
pub struct Listening {
    pub address: SocketAddr,
    pub watch: Stopwatch,
    pub frames: RefCell<Frames>,
    /// Prompt readers whose stream is open.
    pub open: Cell<usize>,
    /// Slow readers need not be slow any more.
    pub is_over: Cell<bool>,
    /// Who meets an event of this subject has been told everything.
    pub last_subject: String,
}

/// Every frame that somebody was told, once.
#[derive(Default)]
pub struct Frames {
    numbers: HashMap<Box<[u8]>, u32>,
    pub told: Vec<Told>,
}

#[derive(Deserialize)]
pub struct Told {
    #[serde(rename = "type")]
    pub kind: EventKind,
    pub subject: String,
    pub seq: u64,
    pub task_id: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    Prompt,
    Slow,
}

pub struct Reader {
    pub pace: Pace,
    from: Ipv4Addr,
    last_id: String,
    retry: Duration,
    /// The numbers of the frames it was told, and when.
    pub story: Vec<(u32, Duration)>,
    /// How often its streams ended for which reason; without one they broke.
    pub ends: BTreeMap<String, usize>,
    /// Of one that was refused.
    pub failure: Option<anyhow::Error>,
}

/// What a stream brings.
enum Met {
    Nothing,
    Last,
    End(String),
}

impl Frames {
    fn number(&mut self, frame: &[u8], data: &[u8]) -> anyhow::Result<u32> {
        if let Some(number) = self.numbers.get(frame) {
            return Ok(*number);
        }
        let number = u32::try_from(self.told.len())?;
        self.told.push(serde_json::from_slice(data).context("an event in JSON")?);
        self.numbers.insert(frame.into(), number);
        Ok(number)
    }
}

impl Reader {
    /// From an address of its own: many connections from one to a port that nobody serves might meet themselves there.
    pub fn new(pace: Pace, from: Ipv4Addr) -> Self {
        let (last_id, retry) = (String::new(), RETRY_FIRST);
        Self { pace, from, last_id, retry, story: Vec::new(), ends: BTreeMap::new(), failure: None }
    }

    /// Listens and resumes until it has met the last subject.
    pub async fn listen(&mut self, listening: &Listening) {
        loop {
            let Ok(stream) = self.connect(listening.address).await else {
                sleep(self.retry).await;
                continue;
            };
            match self.follow(stream, listening).await {
                Ok(Met::Last) => return,
                Ok(Met::End(reason)) => *self.ends.entry(reason).or_default() += 1,
                Ok(Met::Nothing) => *self.ends.entry("broken".to_owned()).or_default() += 1,
                Err(failure) => {
                    self.failure = Some(failure);
                    return;
                }
            }
            sleep(self.retry).await;
        }
    }

    async fn connect(&self, address: SocketAddr) -> std::io::Result<TcpStream> {
        let socket = TcpSocket::new_v4()?;
        if self.pace == Pace::Slow {
            socket.set_recv_buffer_size(SLOW_BUFFER_BYTES)?;
        }
        socket.bind((self.from, 0).into())?;
        let mut stream = socket.connect(address).await?;
        let place = if self.last_id.is_empty() {
            "?after=earliest HTTP/1.1".to_owned()
        } else {
            format!(" HTTP/1.1\r\nlast-event-id: {}", self.last_id)
        };
        let request = format!(
            "GET /v1/events{place}\r\nhost: bench\r\nx-admin-token: {ADMIN_TOKEN}\r\naccept: text/event-stream\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        Ok(stream)
    }

    /// Until the stream ends or breaks; anything but a stream is an error.
    async fn follow(&mut self, stream: TcpStream, listening: &Listening) -> anyhow::Result<Met> {
        let mut wire = Wire { stream, received: Vec::new(), text: Vec::new() };
        loop {
            if !wire.read_more(self.pace, listening).await {
                return Ok(Met::Nothing);
            }
            if wire.take_head()? {
                break;
            }
        }
        let _open = (self.pace == Pace::Prompt).then(|| Open::count(&listening.open));
        loop {
            let is_whole = wire.take_chunks()?;
            match self.take_frames(&mut wire.text, listening)? {
                Met::Nothing if is_whole => bail!("a stream ended without a word"),
                Met::Nothing => {}
                met => return Ok(met),
            }
            if !wire.read_more(self.pace, listening).await {
                return Ok(Met::Nothing);
            }
        }
    }

    fn take_frames(&mut self, text: &mut Vec<u8>, listening: &Listening) -> anyhow::Result<Met> {
        let (mut at, now) = (0, listening.watch.elapsed());
        let mut met = Met::Nothing;
        while let Some(length) = text[at..].windows(2).position(|pair| pair == b"\n\n") {
            met = self.take_frame(&text[at..at + length], now, listening)?;
            at += length + 2;
            if !matches!(met, Met::Nothing) {
                break;
            }
        }
        text.drain(..at);
        Ok(met)
    }

    fn take_frame(&mut self, frame: &[u8], now: Duration, listening: &Listening) -> anyhow::Result<Met> {
        let (mut kind, mut data) = (None, None);
        for line in frame.split(|&byte| byte == b'\n') {
            if let Some(id) = line.strip_prefix(b"id: ") {
                self.last_id.clear();
                self.last_id.push_str(std::str::from_utf8(id)?);
            } else if let Some(value) = line.strip_prefix(b"event: ") {
                kind = Some(value);
            } else if let Some(value) = line.strip_prefix(b"data: ") {
                data = Some(value);
            } else if let Some(value) = line.strip_prefix(b"retry: ") {
                self.retry = Duration::from_millis(std::str::from_utf8(value)?.parse()?);
            }
        }
        let (Some(kind), Some(data)) = (kind, data) else { return Ok(Met::Nothing) };
        if kind == b"end" {
            #[derive(Deserialize)]
            struct End {
                reason: String,
            }
            return Ok(Met::End(serde_json::from_slice::<End>(data)?.reason));
        }
        let mut frames = listening.frames.borrow_mut();
        let number = frames.number(frame, data)?;
        self.story.push((number, now));
        let is_last = frames.told[number as usize].subject == listening.last_subject;
        Ok(if is_last { Met::Last } else { Met::Nothing })
    }
}

struct Wire {
    stream: TcpStream,
    received: Vec<u8>,
    /// What came in chunks and is not taken yet.
    text: Vec<u8>,
}

impl Wire {
    /// Whether there was more.
    async fn read_more(&mut self, pace: Pace, listening: &Listening) -> bool {
        let is_slow = pace == Pace::Slow && !listening.is_over.get();
        if is_slow {
            sleep(SLOW_PAUSE).await;
        }
        let bytes_max = if is_slow { SLOW_BYTES } else { READ_BYTES as u64 };
        // Of a server that was killed comes an error or an end, as it happens; either way the stream broke.
        matches!((&mut self.stream).take(bytes_max).read_buf(&mut self.received).await, Ok(1..))
    }

    /// Whether the head was there.
    fn take_head(&mut self) -> anyhow::Result<bool> {
        let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
        let mut head = httparse::Response::new(&mut headers);
        let Status::Complete(length) = head.parse(&self.received)? else { return Ok(false) };
        if head.code != Some(200) {
            bail!("a stream was refused: {}", String::from_utf8_lossy(&self.received));
        }
        self.received.drain(..length);
        Ok(true)
    }

    /// Moves what is in whole chunks to the text; whether the last chunk was there.
    fn take_chunks(&mut self) -> anyhow::Result<bool> {
        let mut at = 0;
        let is_whole = loop {
            let size = httparse::parse_chunk_size(&self.received[at..]).ok().context("the size of a chunk")?;
            let Status::Complete((from, length)) = size else { break false };
            if length == 0 {
                break true;
            }
            // With the end of its line behind it.
            let (from, length) = (at + from, usize::try_from(length)?);
            let Some(chunk) = self.received.get(from..from + length + 2) else { break false };
            self.text.extend_from_slice(&chunk[..length]);
            at = from + length + 2;
        };
        self.received.drain(..at);
        Ok(is_whole)
    }
}

/// Counts a stream for as long as it is open.
struct Open<'a>(&'a Cell<usize>);

impl<'a> Open<'a> {
    fn count(open: &'a Cell<usize>) -> Self {
        open.set(open.get() + 1);
        Self(open)
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}
