//! Stands between a store and the emulator and spoils what a test says: one request per connection, so that any of them can be
//! cut off.

use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What happens to a transaction on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Refused before anything is written.
    Throttled,
    /// Somebody else is writing one of its items.
    Conflict,
    /// Carried out, and the connection breaks before the answer.
    CutOff,
    /// The same, and the token is forgotten meanwhile.
    CutOffForLong,
}

#[derive(Default)]
pub struct Proxy {
    faults: Mutex<Vec<Fault>>,
    forever: Mutex<Option<Fault>>,
    forgets: AtomicUsize,
    /// Transactions that reached the emulator.
    pub carried: AtomicUsize,
}

impl Proxy {
    /// Answers at the address that it returns, as long as the runtime lives.
    pub async fn before(upstream: &str) -> (Arc<Self>, String) {
        let upstream = upstream.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("it is bound"));
        let proxy = Arc::new(Self::default());
        let serving = proxy.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (proxy, upstream) = (serving.clone(), upstream.clone());
                // Whoever breaks a connection off has had what it wanted.
                tokio::spawn(async move { proxy.serve(client, &upstream).await.unwrap_or_default() });
            }
        });
        (proxy, url)
    }

    /// What happens to the next transactions, in this order.
    pub fn spoil(&self, faults: &[Fault]) {
        *self.faults.lock().unwrap() = faults.iter().rev().copied().collect();
    }

    /// What happens to all of them from now on.
    pub fn spoil_all(&self, fault: Option<Fault>) {
        *self.forever.lock().unwrap() = fault;
    }

    async fn serve(&self, mut client: TcpStream, upstream: &str) -> std::io::Result<()> {
        let mut request = read_request(&mut client).await?;
        let is_commit = contains(&request, b"DynamoDB_20120810.TransactWriteItems");
        let fault = if is_commit { self.next_fault() } else { None };
        if is_commit && self.forgets.load(Ordering::SeqCst) > 0 {
            self.forgets.fetch_sub(1, Ordering::SeqCst);
            forget_token(&mut request);
        }
        let answer = match fault {
            Some(Fault::Throttled) => refusal("ProvisionedThroughputExceededException", ""),
            Some(Fault::Conflict) => {
                let reasons = r#","CancellationReasons":[{"Code":"TransactionConflict","Message":"in use"}]"#;
                refusal("TransactionCanceledException", reasons)
            }
            Some(Fault::CutOff | Fault::CutOffForLong) | None => {
                self.carried.fetch_add(usize::from(is_commit), Ordering::SeqCst);
                let answer = forward(&request, upstream).await?;
                if fault.is_some() {
                    self.forgets.fetch_add(usize::from(fault == Some(Fault::CutOffForLong)), Ordering::SeqCst);
                    return Ok(());
                }
                answer
            }
        };
        client.write_all(&answer).await?;
        client.shutdown().await
    }

    fn next_fault(&self) -> Option<Fault> {
        self.faults.lock().unwrap().pop().or(*self.forever.lock().unwrap())
    }
}

async fn read_request(client: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut request = Vec::new();
    loop {
        let before = request.len();
        client.read_buf(&mut request).await?;
        let Some(head) = find(&request, b"\r\n\r\n") else {
            if request.len() == before {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            continue;
        };
        let text = String::from_utf8_lossy(&request[..head]).to_lowercase();
        let length = text.lines().find_map(|line| line.strip_prefix("content-length:"));
        let length: usize = length.map_or(0, |length| length.trim().parse().expect("a length"));
        if request.len() >= head + 4 + length {
            return Ok(request);
        }
    }
}

async fn forward(request: &[u8], upstream: &str) -> std::io::Result<Vec<u8>> {
    let mut server = TcpStream::connect(upstream).await?;
    let line = find(request, b"\r\n").expect("a request has a first line") + 2;
    server.write_all(&request[..line]).await?;
    server.write_all(b"Connection: close\r\n").await?;
    server.write_all(&request[line..]).await?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).await?;
    Ok(answer)
}

fn refusal(name: &str, more: &str) -> Vec<u8> {
    let body = format!(r#"{{"__type":"com.amazonaws.dynamodb.v20120810#{name}","message":"on purpose"{more}}}"#);
    let length = body.len();
    format!(
        "HTTP/1.1 400 Bad Request\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: {length}\r\n\
        Connection: close\r\n\r\n{body}"
    )
    .into_bytes()
}

/// Makes the token another one of the same length.
fn forget_token(request: &mut [u8]) {
    let name = br#""ClientRequestToken":""#;
    if let Some(start) = find(request, name) {
        let first = &mut request[start + name.len()];
        *first = if *first == b'x' { b'y' } else { b'x' };
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    find(bytes, part).is_some()
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}
