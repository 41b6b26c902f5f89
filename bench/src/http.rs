//! A minimal HTTP/1.1 client: one kept-alive connection, one request at a time, bodies with a content length.
//!
//! It shares the machine with the server it measures, so it does as little as it can: requests are ready bytes, and of an
//! answer only the status and the length are read.

use anyhow::{Context, bail};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// More than the server sends.
const HEADERS_MAX: usize = 32;

const READ_BYTES: usize = 16 * 1024;

pub struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

pub struct Answer<'a> {
    pub status: u16,
    pub body: &'a [u8],
}

impl Connection {
    pub async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await.with_context(|| format!("can't connect to {address}"))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, received: Vec::with_capacity(READ_BYTES) })
    }

    /// Sends a whole request and reads the whole answer.
    pub async fn call(&mut self, request: &[u8]) -> anyhow::Result<Answer<'_>> {
        self.stream.write_all(request).await?;
        self.received.clear();
        let (status, body_at, body_bytes) = loop {
            self.read_more().await?;
            if let Some(head) = parse_head(&self.received)? {
                break head;
            }
        };
        let end = body_at + body_bytes;
        while self.received.len() < end {
            self.read_more().await?;
        }
        if self.received.len() > end {
            bail!("the server sent more than it was asked for");
        }
        Ok(Answer { status, body: &self.received[body_at..end] })
    }

    async fn read_more(&mut self) -> anyhow::Result<()> {
        self.received.reserve(READ_BYTES);
        if self.stream.read_buf(&mut self.received).await? == 0 {
            bail!("the server closed the connection before it had answered");
        }
        Ok(())
    }
}

/// The status, where the body begins and how long it is; `None` where the head is not all there.
fn parse_head(received: &[u8]) -> anyhow::Result<Option<(u16, usize, usize)>> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut head = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(body_at) = head.parse(received)? else { return Ok(None) };
    let status = head.code.context("an answer has a status")?;
    let length = head.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
    let length = length.context("the answer has no content length")?;
    let body_bytes = std::str::from_utf8(length.value)?.trim().parse()?;
    Ok(Some((status, body_at, body_bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_once_it_is_all_there() {
        let answer = b"HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n{}";
        assert_eq!(parse_head(&answer[..30]).unwrap(), None);
        assert_eq!(parse_head(answer).unwrap(), Some((201, 43, 2)));
    }

    #[test]
    fn an_answer_without_a_length_is_refused() {
        assert!(parse_head(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").is_err());
    }
}
