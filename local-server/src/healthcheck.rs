//! Asks a running server whether it answers, for containers, which have no other client in them.
//!
//! It says that the process is there and listens. Whether its store can be worked with is `/readyz`: a server whose store
//! is away gets no better by being started anew.

use anyhow::{Context, ensure};
use std::io::{BufRead, BufReader, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

/// Health is answered without a look at anything; a server that takes longer is not well.
const ANSWER_MAX: Duration = Duration::from_secs(3);

pub fn ask(listening_at: SocketAddr) -> anyhow::Result<()> {
    let address = SocketAddr::new(reachable(listening_at.ip()), listening_at.port());
    let status = status_line(address).with_context(|| format!("no server answers at {address}"))?;
    ensure!(status.split(' ').nth(1) == Some("200"), "the server at {address} is not well: {}", status.trim());
    Ok(())
}

/// Who listens on every address listens on the machine's own too.
fn reachable(host: IpAddr) -> IpAddr {
    match host {
        IpAddr::V4(any) if any.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(any) if any.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        host => host,
    }
}

fn status_line(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, ANSWER_MAX)?;
    stream.set_read_timeout(Some(ANSWER_MAX))?;
    write!(stream, "GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line)?;
    Ok(line)
}
