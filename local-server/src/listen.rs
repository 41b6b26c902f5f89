//! Accepts connections and serves HTTP/1.1 on them, each within bounds: so many at once, so long for the head of a request,
//! so long without a byte of its body, so long until some of an answer is taken.
//!
//! A connection beyond the bound is closed at once. If it had to wait for a place, a flood would keep everybody waiting
//! who comes after it, and nobody would be told.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use metrics::counter;
use owp_functions::App;
use owp_functions::limits::{Connection, Network, Peer, Refused};
#[cfg(target_os = "linux")]
use socket2::SockRef;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio_io_timeout::TimeoutStream;
use tower::Service;
use tower_http::timeout::TimeoutBody;
use tracing::{debug, warn};

/// The head of a request, and so what a connection makes the server keep. Tokens and cursors are far shorter.
const HEADER_BYTES_MAX: usize = 16 * 1024;

/// What the system may keep of answers that it has not sent. It would let that grow to megabytes for each reader that does not
/// read; what a stream can't hand on is a place in the log instead.
#[cfg(target_os = "linux")]
const UNSENT_BYTES_MAX: u32 = 64 * 1024;

/// Where the system has no handle left for a connection, others have to end first.
const NO_HANDLE_PAUSE: Duration = Duration::from_millis(200);

/// How long a peer may take.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Until the head of the next request is there, from when it may begin: so it is also how long an idle connection is kept.
    pub head: Duration,
    /// Between two pieces of a body.
    pub body: Duration,
    /// Until it takes more of an answer.
    pub write: Duration,
}

/// Serves until told to stop; then answers what is under way and returns.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    app: Arc<App>,
    patience: Patience,
    stop: impl Future<Output = ()>,
) {
    let http = http(patience);
    let graceful = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let (stream, peer) = match accepted {
            Ok((stream, SocketAddr::V4(peer))) => (stream, IpAddr::from(*peer.ip())),
            Ok((stream, SocketAddr::V6(peer))) => (stream, IpAddr::from(*peer.ip()).to_canonical()),
            Err(error) => {
                wait_after(&error).await;
                continue;
            }
        };
        let Some(place) = admit(&app, peer) else { continue };
        let (router, body_patience) = (router.clone(), patience.body);
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let mut request: Request = request.map(|body| Body::new(TimeoutBody::new(body_patience, body)));
            request.extensions_mut().insert(Peer(peer));
            // A router is always ready.
            router.clone().call(request)
        });
        let connection = graceful.watch(http.serve_connection(TokioIo::new(within(stream, patience)), service));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                debug!(%error, "a connection was given up");
            }
            drop(place);
        });
    }
    drop(listener);
    graceful.shutdown().await;
}

fn http(patience: Patience) -> http1::Builder {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(patience.head)
        .max_header_size(HEADER_BYTES_MAX)
        .max_buf_size(HEADER_BYTES_MAX);
    http
}

fn within(stream: TcpStream, patience: Patience) -> std::pin::Pin<Box<TimeoutStream<TcpStream>>> {
    // Answers are one small write; waiting to fill a packet would only delay them.
    if let Err(error) = stream.set_nodelay(true) {
        warn!(%error, "a connection can't be told not to wait");
    }
    #[cfg(target_os = "linux")]
    if let Err(error) = SockRef::from(&stream).set_tcp_notsent_lowat(UNSENT_BYTES_MAX) {
        warn!(%error, "what is kept for a slow reader can't be bounded");
    }
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(patience.write));
    Box::pin(stream)
}

/// Proxies that are trusted stand for many, so they are bounded by the whole only.
fn admit(app: &Arc<App>, peer: IpAddr) -> Option<Connection> {
    let is_proxy = app.settings.trusted_proxies.iter().any(|network| network.contains(&peer));
    let from = (!is_proxy).then(|| Network::from(peer));
    match app.connections.admit(from) {
        Ok(place) => Some(place),
        Err(refused) => {
            let bound = match refused {
                Refused::Full => "all",
                Refused::FromOneAddress => "address",
            };
            counter!("owp_connections_refused_total", "bound" => bound).increment(1);
            None
        }
    }
}

async fn wait_after(error: &io::Error) {
    // It was gone before it was accepted.
    let is_theirs = [ErrorKind::ConnectionRefused, ErrorKind::ConnectionAborted, ErrorKind::ConnectionReset]
        .contains(&error.kind());
    if !is_theirs {
        warn!(%error, "a connection can't be accepted");
        tokio::time::sleep(NO_HANDLE_PAUSE).await;
    }
}
