//! What stands in for GitHub beside a server under test: it knows empty repositories, and answers at once, late or never.

use anyhow::Context;
use serde_json::{Value, json};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinSet, spawn};
use tokio::time::sleep;

/// How long a slow one takes for each answer.
const SLOW: Duration = Duration::from_secs(2);

const HEAD_BYTES_MAX: usize = 16 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Mood {
    Well,
    Slow,
    /// Takes every request and answers none.
    Silent,
    /// Nobody listens.
    Gone,
}

impl Mood {
    pub fn name(self) -> &'static str {
        match self {
            Self::Well => "well",
            Self::Slow => "slow",
            Self::Silent => "silent",
            Self::Gone => "gone",
        }
    }
}

pub struct Elsewhere {
    pub address: SocketAddr,
    mood: Arc<AtomicU8>,
    listening: Option<tokio::task::JoinHandle<()>>,
}

impl Elsewhere {
    pub async fn start() -> anyhow::Result<Self> {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.context("no port for what stands in for GitHub")?;
        let address = listener.local_addr()?;
        let mood = Arc::new(AtomicU8::new(Mood::Well as u8));
        let listening = Some(spawn(listen(listener, mood.clone())));
        Ok(Self { address, mood, listening })
    }

    /// Whoever is gone does not come back.
    pub fn be(&mut self, mood: Mood) {
        self.mood.store(mood as u8, Ordering::SeqCst);
        if mood == Mood::Gone
            && let Some(listening) = self.listening.take()
        {
            listening.abort();
        }
    }
}

/// Connections end with it.
async fn listen(listener: TcpListener, mood: Arc<AtomicU8>) {
    let mut open = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        open.spawn(serve(stream, mood.clone()));
        while open.try_join_next().is_some() {}
    }
}

/// Whoever breaks a connection off is not missed.
async fn serve(mut stream: TcpStream, mood: Arc<AtomicU8>) -> Option<()> {
    let mut received = Vec::new();
    let line = loop {
        if stream.read_buf(&mut received).await.ok()? == 0 || received.len() > HEAD_BYTES_MAX {
            return None;
        }
        if received.windows(4).any(|bytes| bytes == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&received);
            break head.lines().next()?.to_owned();
        }
    };
    let mood = mood.load(Ordering::SeqCst);
    if mood == Mood::Silent as u8 {
        // Until the other side is tired of it.
        while stream.read_buf(&mut received).await.ok()? > 0 {
            received.clear();
        }
        return None;
    }
    if mood == Mood::Slow as u8 {
        sleep(SLOW).await;
    }
    let (status, body) = answer(&line);
    let body = body.to_string();
    let head = format!(
        "HTTP/1.1 {status} x\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.ok()?;
    stream.write_all(body.as_bytes()).await.ok()?;
    stream.shutdown().await.ok()
}

/// A repository in which nothing is; what is written is taken and forgotten.
fn answer(line: &str) -> (u16, Value) {
    let mut words = line.split(' ');
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let path = path.split('?').next().unwrap_or_default();
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    match (method, parts.as_slice()) {
        ("GET", ["user"]) => (200, json!({ "login": "pool" })),
        ("GET", ["repos", _, _]) => (200, json!({ "permissions": { "pull": true, "push": true } })),
        ("GET", ["repos", _, _, "issues" | "pulls"] | ["repos", _, _, "issues", _, "comments"]) => (200, json!([])),
        ("GET", _) => (404, json!({ "message": "Not Found" })),
        _ => (201, json!({ "id": 1 })),
    }
}
